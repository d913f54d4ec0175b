"""What the playground sends to the browser: all that changes, as one small value."""

import numpy as np

from workshop.widgets.playground import messages

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
        The state; widget.js reads it. About 15 kB.
    """
    training, choice = session.training, session.choice
    state = {
        "step": session.step_count,
        "running": session.is_running,
        "heard": heard,
        "choice": choice._asdict() | {"hidden_units": [*choice.hidden_units]},
        "problem": refused or session.problem,
        "text": session.summary(),
    }
    if training is None:
        return state
    return state | {
        "loss": messages.number(training.loss),
        "accuracy": f"{training.accuracy:.3f}",
        "note": messages.far_above(training.history, choice),
        "surface": as_levels(training.surface).tobytes(),
        "extent": [list(pair) for pair in training.extent],
        "points": training.points[:POINTS].astype("<f4").tobytes(),
        "labels": training.labels[:POINTS].tobytes(),
        "history": curve_of(training).astype("<f4").tobytes(),
    }


def curve_of(training) -> np.ndarray:
    """Give the loss curve up to the step that is shown.

    Args:
        training: a `Training`; its history has a row each 20th step only.

    Returns:
        float64 (at most ROWS + 1, 2): step and loss.
    """
    rows = thinned(training.history)
    if training.step_count and rows[-1:, 0] != training.step_count:
        rows = np.append(rows, [[training.step_count, training.loss]], axis=0)
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
        history: lists "step" and "loss".
        rows: how many at most.

    Returns:
        float64 (rows or fewer, 2): step and loss.

    Example:
        >>> thinned({"step": [1, 20, 40, 60], "loss": [0.7, 0.6, 0.5, 0.4]}, rows=3)[:, 0]
        array([ 1., 20., 60.])
    """
    count = len(history["step"])
    kept = np.unique(np.linspace(0, count - 1, min(rows, count)).astype(int))
    return np.array([[history["step"][k], history["loss"][k]] for k in kept]).reshape(-1, 2)
