"""What the dashboard says in words: for those who do not see it, and where no widget can run."""

import numpy as np

from workshop.messages import say
from workshop.widgets.dashboard.arrays import UNKNOWN
from workshop.widgets.dashboard.history import History


def summary(history: History) -> str:
    """Say the newest numbers in one line.

    Args:
        history: the curves.

    Returns:
        Step, losses and accuracies, as far as they were given.

    Example:
        >>> history = History()
        >>> history.add(7, train_loss=0.5, val_loss=0.25)
        >>> summary(history)
        'step 7 · loss: training 0.500, validation 0.250'
    """
    if not len(history):
        return say("no step yet")
    parts = [
        say("step {step}", step=history.last_step),
        _loss(_newest(history, "train_loss"), _newest(history, "val_loss")),
        _accuracy(_newest(history, "train_accuracy"), _newest(history, "val_accuracy")),
    ]
    return " · ".join(filter(None, parts))


def _newest(history, name):
    """Write the last value that was given; empty where none was."""
    column = history.column(name)
    known = column[~np.isnan(column)]
    if not known.size:
        return ""
    return f"{known[-1]:.3f}" if np.isfinite(known[-1]) else "NaN"


def _loss(training, validation):
    if training and validation:
        return say(
            "loss: training {training}, validation {validation}",
            training=training,
            validation=validation,
        )
    if training:
        return say("loss: training {training}", training=training)
    return say("loss: validation {validation}", validation=validation) if validation else ""


def _accuracy(training, validation):
    if training and validation:
        return say(
            "accuracy: training {training}, validation {validation}",
            training=training,
            validation=validation,
        )
    if training:
        return say("accuracy: training {training}", training=training)
    return say("accuracy: validation {validation}", validation=validation) if validation else ""


def warning(history: History, *digits: dict | None) -> str:
    """Say what was given that is not a number.

    Args:
        history: the curves, in which infinity stands for it.
        *digits: what the panels of digits show; None where nothing was given.

    Returns:
        A sentence, empty when all is well.

    Example:
        >>> history = History()
        >>> history.add(40, train_loss=float("inf"))
        >>> warning(history)[:56]
        'The training loss is NaN or infinite at step 40: its cur'
    """
    columns = history.as_dict()
    steps = columns.pop("step")
    for name, column in columns.items():
        bad = steps[np.isinf(column)]
        if bad.size:
            return _not_finite(name, int(bad[0]))
    if any(part and UNKNOWN in part["predictions"] for part in digits):
        return say("Some predictions are NaN: they count as wrong and are labelled '?'.")
    return ""


def _not_finite(name, step):
    if name == "train_loss":
        return say(
            "The training loss is NaN or infinite at step {step}: its curve has a gap there. Often "
            "the learning rate is too large.",
            step=step,
        )
    if name == "val_loss":
        return say(
            "The validation loss is NaN or infinite at step {step}: its curve has a gap there. "
            "Often the learning rate is too large.",
            step=step,
        )
    return say(
        "The spread of the {kind} is NaN or infinite at step {step}: its curve has a gap there. "
        "Often the learning rate is too large.",
        **{"kind": name.split("_")[0], "step": step},
    )
