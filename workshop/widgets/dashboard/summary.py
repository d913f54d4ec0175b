"""What the dashboard says in words: for those who do not see it, and where no widget can run."""

import numpy as np

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
        >>> history.add(7, train_loss=0.5, test_loss=0.25)
        >>> summary(history)
        'step 7 · loss: training 0.500, test 0.250'
    """
    if not len(history):
        return "no step yet"
    parts = [f"step {history.last_step}"]
    for what in ("loss", "accuracy"):
        said = []
        for name, short in (("training", "train"), ("test", "test")):
            column = history.column(f"{short}_{what}")
            known = column[~np.isnan(column)]
            if known.size:
                number = f"{known[-1]:.3f}" if np.isfinite(known[-1]) else "NaN"
                said.append(f"{name} {number}")
        if said:
            parts.append(f"{what}: {', '.join(said)}")
    return " · ".join(parts)


def warning(history: History, *digits: dict | None) -> str:
    """Say what came that is not a number.

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
    names = {"train_loss": "training loss", "test_loss": "test loss"}
    for name, column in columns.items():
        bad = steps[np.isinf(column)]
        if bad.size:
            what = names.get(name) or f"spread of the {name.split('_')[0]}"
            return (
                f"The {what} is NaN or infinite at step {int(bad[0])}: its curve has a gap there. "
                "Often the learning rate is too large."
            )
    if any(part and UNKNOWN in part["predictions"] for part in digits):
        return "Some predictions are NaN: they count as wrong and are labelled '?'."
    return ""
