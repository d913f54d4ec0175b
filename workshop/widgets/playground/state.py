"""What the playground sends to the browser: all that changes, as one small value."""

import math

import numpy as np

from workshop.widgets.playground import messages
from workshop.widgets.playground.network import as_signs

ROWS = 300  # of the loss curve
POINTS = 1000  # of the cloud
NOT_A_NUMBER = 65535


def state_of(session, *, heard: int, refused: str) -> dict:
    """Put what the view draws into one dict of numbers, texts and bytes.

    Args:
        session: a `Session`.
        heard: number of the last message that was handled.
        refused: why it was not obeyed, if it was not.

    Returns:
        The state; widget.js reads it. About 25 kB.
    """
    training, choice = session.training, session.choice
    state = {
        "step": session.step_count,
        "running": session.is_running,
        "heard": heard,
        "choice": as_message(choice),
        "problem": refused or session.problem,
        "text": session.summary(),
    }
    if training is None:
        return state
    cloud = training.cloud
    return state | {
        "loss": messages.number(training.loss),
        "accuracy": messages.share(training.accuracy),
        "test_loss": messages.test_loss(training),
        "test_accuracy": messages.share(training.test_accuracy),
        "note": session.ended or messages.note(training, choice),
        "surface": as_levels(training.surface).tobytes(),
        "extent": [list(pair) for pair in cloud.extent],
        "points": cloud.points[:POINTS].astype("<f4").tobytes(),
        # Class 0 or 1, and 2 more where a point is for testing.
        "labels": (cloud.labels + 2 * cloud.tested)[:POINTS].astype(np.uint8).tobytes(),
        "history": curve_of(training).astype("<f4").tobytes(),
        "columns": [
            column_state(column, is_output=column is training.columns[-1])
            for column in training.columns
        ],
        "left_out": training.left_out,
        "code": training.code,
    }


def as_message(choice) -> dict:
    """Put a choice into what travels: a dict by names, with a list."""
    return choice._asdict() | {"hidden_units": [*choice.hidden_units]}


def column_state(column, *, is_output: bool) -> dict:
    """Put a column of units into numbers and bytes.

    Args:
        column: a `Column`.
        is_output: its map has one half in the middle, as the decision surface has.

    Returns:
        The number of units, and as bytes: their maps (uint8, 127 in the middle), weights (float32,
        one row for each unit of the column before), biases, and smallest and largest values.
    """
    flat = column.maps.reshape(len(column.maps), -1)
    ranges = np.stack([flat.min(axis=1), flat.max(axis=1)], axis=1)
    return {
        "units": column.units,
        "maps": as_signs(column.maps - (0.5 if is_output else 0.0)).tobytes(),
        "weights": column.weights.astype("<f4").tobytes(),
        "biases": column.biases.astype("<f4").tobytes(),
        "ranges": ranges.astype("<f4").tobytes(),
    }


def curve_of(training) -> np.ndarray:
    """Give the loss curve up to the step that is shown.

    Args:
        training: a `Training`; its history has a row each 20th step only.

    Returns:
        float64 (at most ROWS + 1, 3): step, loss, and loss on the points for testing, or NaN.
    """
    rows = thinned(training.history)
    if training.step_count and rows[-1:, 0] != training.step_count:
        last = [training.step_count, training.loss, training.test_loss]
        rows = np.append(rows, [last], axis=0)
    return rows


def as_levels(probabilities: np.ndarray) -> np.ndarray:
    """Turn probabilities into whole numbers: fine enough that the line at one half is smooth.

    Args:
        probabilities: any shape, 0..1; may be NaN.

    Returns:
        Little-endian uint16 of the same shape, 0..65534; 65535 stands for NaN.

    Example:
        >>> as_levels(np.array([0.0, 0.5, 1.0, np.nan]))
        array([    0, 32767, 65534, 65535], dtype=uint16)
    """
    levels = np.rint(np.clip(np.nan_to_num(probabilities, nan=0.0), 0, 1) * (NOT_A_NUMBER - 1))
    return np.where(np.isnan(probabilities), NOT_A_NUMBER, levels).astype("<u2")


def thinned(history: dict[str, list], rows: int = ROWS) -> np.ndarray:
    """Keep so many rows of a long history, the first and the last among them.

    Args:
        history: lists "step" and "loss", and "test_loss" where some points are for testing.
        rows: how many at most.

    Returns:
        float64 (rows or fewer, 3): step, loss, and loss on the points for testing, or NaN.

    Example:
        >>> thinned({"step": [1, 20, 40, 60], "loss": [0.7, 0.6, 0.5, 0.4]}, rows=3)[:, 0]
        array([ 1., 20., 60.])
    """
    steps, losses = history["step"], history["loss"]
    tested = history.get("test_loss", [math.nan] * len(steps))
    kept = np.unique(np.linspace(0, len(steps) - 1, min(rows, len(steps))).astype(int))
    return np.array([[steps[k], losses[k], tested[k]] for k in kept]).reshape(-1, 3)
