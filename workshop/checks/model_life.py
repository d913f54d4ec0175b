"""Checks of lesson 07, reading curves, resuming, early stopping and when to save."""

import tempfile
from collections.abc import Callable, Sequence

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.messages import say

TURNED = 1.1
HIGH_LOSS = 0.5
WASTEFUL = 2.0


@exercise("7-1")
def diagnose(answer: Callable) -> str:
    """Check a function that tells from two curves what a training lacks.

    answer: function of the training losses and the validation losses, one an epoch, to
    "overfitting" where the last validation loss is more than 1.1 times the lowest, else
    "underfitting" where the last training loss is above 0.5, else "good".
    """
    for losses, val_losses, expected in (
        ([2.0, 1.0, 0.3], [2.1, 1.1, 0.5], "good"),
        ([2.3, 1.9, 1.5], [2.3, 2.0, 1.7], "underfitting"),
        ([1.0, 0.1, 0.0], [1.1, 0.6, 0.9], "overfitting"),
        ([1.5, 1.2, 0.9], [1.5, 1.3, 1.6], "overfitting"),
        # The gap is wide here, and validation has not turned.
        ([1.0, 0.2, 0.1], [1.2, 0.9, 0.8], "good"),
        ([1.0, 0.4, 0.3], [1.2, 0.80, 0.84], "good"),
        ([0.4, 0.6], [0.9, 0.8], "underfitting"),
    ):
        came = answer(np.array(losses), np.array(val_losses))
        if came != expected:
            not_yet(
                "diagnose({losses}, {val_losses}): expected {expected!r}, got {got!r}. Validation "
                "ends at {turned:.2f} times its lowest loss (limit {most_turned}), training at "
                "{last} (limit {most_last}).",
                **{"losses": losses, "val_losses": val_losses, "expected": expected, "got": came},
                **{"turned": val_losses[-1] / min(val_losses), "most_turned": TURNED},
                **{"last": losses[-1], "most_last": HIGH_LOSS},
            )
    return say("High, turned, or good: seven pairs of curves, each read by the rule.")


@exercise("7-2")
def start_or_resume(answer: Callable) -> str:
    """Check a function that restores the newest checkpoint where there is one.

    answer: function of a `tf.train.CheckpointManager` and its `tf.train.Checkpoint`, which has a
    variable `step`; restores the newest checkpoint and returns its step, or returns 0 and changes
    nothing where there is none.
    """
    import tensorflow as tf

    def fresh(folder: str) -> tuple:
        checkpoint = tf.train.Checkpoint(
            step=tf.Variable(0, dtype=tf.int64), weights=tf.Variable([9.0, 9.0])
        )
        return tf.train.CheckpointManager(checkpoint, folder, max_to_keep=2), checkpoint

    with tempfile.TemporaryDirectory() as folder:
        manager, checkpoint = fresh(folder)
        what = say("start_or_resume in an empty folder")
        compare(_number(answer(manager, checkpoint), what), 0, what=what)
        compare(checkpoint.weights.numpy(), [9, 9], what=say("the weights at the first start"))
        # The number of the save and the step differ, so the step can't be read off the name.
        for step in (40, 80, 120):
            checkpoint.step.assign(step)
            checkpoint.weights.assign([step / 2, -step])
            manager.save()
            again, restored = fresh(folder)
            what = say("start_or_resume after a save at step {step}", step=step)
            came = _number(answer(again, restored), what)
            if np.array_equal(restored.weights.numpy(), [9, 9]):
                not_yet(
                    "{what} left the weights of a new model. Is the checkpoint restored?",
                    what=what,
                )
            left = say(
                "the weights that start_or_resume left after a save at step {step}", step=step
            )
            compare(restored.weights.numpy(), [step / 2, -step], what=left)
            compare(came, step, what=what)
    return say("A first start at 0, and then always on from the newest.")


def _number(came: object, what: str) -> object:
    """A variable of TensorFlow counts as its number; what is no number stays as it came."""
    if isinstance(came, str):
        not_yet("{what}: expected the step, a number, got the text {got!r}.", what=what, got=came)
    return came.numpy() if hasattr(came, "numpy") else came


@exercise("7-3")
def stop_at(answer: Callable) -> str:
    """Check early stopping: where it stops, and where it goes back to.

    answer: function of validation losses and the patience, to two positions: the first at which
    `patience` losses in a row have not been below the lowest so far (the last where there is
    none), and that of the lowest loss up to there.
    """
    for val_losses, patience in (
        ([0.9, 0.7, 0.6, 0.65, 0.7, 0.8], 2),
        ([0.9, 0.7, 0.8, 0.75, 0.1], 2),
        ([0.9, 0.8, 0.7, 0.6], 2),
        ([0.9, 0.7, 0.8, 0.6, 0.7, 0.65, 0.7, 0.5], 3),
        ([0.9, 0.7, 0.7, 0.7, 0.6], 2),
        ([0.5, 0.6, 0.7], 1),
        ([0.5], 3),
    ):
        came = answer(np.array(val_losses), patience)
        what = f"stop_at({val_losses}, {patience})"
        if came is not None and np.shape(came) != (2,):
            not_yet(
                "{what}: expected two positions, where it stops and the lowest, got {got!r}.",
                **{"what": what, "got": came},
            )
        expected = _early_stopping(val_losses, patience)
        if came is not None and tuple(came) == (expected[0] + 1, expected[1] + 1):
            not_yet("{what} gave {got!r}: positions count from 0 here.", what=what, got=came)
        compare(came, expected, what=say("{call} (stop, lowest)", call=what))
    return say("It stops when patience ends, and knows where to go back to.")


def _early_stopping(val_losses: Sequence[float], patience: int) -> tuple[int, int]:
    best = 0
    for place, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = place
        elif place - best >= patience:
            return place, best
    return len(val_losses) - 1, best


@exercise("7-4")
def my_plan(answer: float, save_s: float, failure_s: float) -> str:
    """Check how often to save, by the share of time that saving and lost work take.

    answer: seconds from one save to the next.
    save_s: seconds that a save takes.
    failure_s: mean seconds from one failure to the next.
    """
    try:
        interval = float(answer)
    except (TypeError, ValueError):
        not_yet("Expected a number of seconds, got {got!r}.", got=answer)
    if not interval > save_s:
        not_yet(
            "Expected more than the {save:.3g} s of a save, got {got:g} s: nothing gets trained.",
            **{"save": save_s, "got": interval},
        )
    saving, lost = save_s / interval, interval / (2 * failure_s)
    least = float(np.sqrt(2 * save_s / failure_s))
    shares = say(
        "A save every {interval:.3g} s: {saving:.2%} of the time goes into saving, {lost:.2%} is "
        "lost by failures.",
        **{"interval": interval, "saving": saving, "lost": lost},
    )
    fields = {"shares": shares, "both": saving + lost, "least": least}
    if saving + lost > WASTEFUL * least:
        if saving > lost:
            not_yet(
                "{shares} Both together could be {least:.2%}. Too much goes into saving.", **fields
            )
        not_yet(
            "{shares} Both together could be {least:.2%}. Too much goes into failures.", **fields
        )
    return say("{shares} Together {both:.2%}; the least is {least:.2%}.", **fields)
