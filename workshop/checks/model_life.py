"""Checks of lesson 07, reading curves, resuming, the best weights and when to save."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workshop.checks import best_epoch
from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.checks.lists import with_lists
from workshop.messages import say

TURNED = 1.1
HIGH_LOSS = 0.5
WASTEFUL = 2.0
ABOUT = (
    "warn|disk|full|fail|crash|sav|evaluat|interval|cost|second|minute|hour|often|seldom|frequen"
    "|machine|checkpoint|cop|lost|los[es]|writ|speicher|ausfall|platte|minute|sekunde|warnung|panne"
    "|disque|sauv|avert|coût|fallo|aviso|disco|guard"
)


@exercise("7-1")
def diagnose(answer: Callable) -> str:
    """Check a function that tells from two curves what a training run lacks.

    answer: function of the training losses and the validation losses, two lists with a number per
    epoch, to "overfitting" where the last validation loss is more than 1.1 times the lowest, else
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
        # At the limits, in numbers that every way of computing has without an error.
        ([20.0, 9.0, 0.5], [20.0, 10.0, 11.0], "good"),
        ([20.0, 9.0, 0.25], [20.0, 10.0, 11.5], "overfitting"),
        # The lowest may be anywhere, and the rise after it slow.
        ([1.0, 0.4, 0.3, 0.2], [2.0, 1.0, 1.08, 1.17], "overfitting"),
        ([1.0, 0.9, 0.8, 0.7, 0.6, 0.4], [3.0, 1.0, 1.05, 1.1, 1.15, 1.2], "overfitting"),
        ([0.9, 0.3, 0.2], [0.5, 1.0, 0.6], "overfitting"),
        ([0.9, 0.7, 0.4, 0.3], [1.0, 0.9, 1.5, 0.92], "good"),
        ([0.3], [0.4], "good"),
        ([0.7], [0.2], "underfitting"),
        *_drawn_curves(),
    ):
        came = with_lists(answer, losses, val_losses)
        if not isinstance(came, str) or came != expected:
            not_yet(
                "diagnose({losses}, {val_losses}): expected {expected!r}, got {got!r}. Validation "
                "ends at {turned:.2f} times its lowest loss (limit {most_turned}), training at "
                "{last} (limit {most_last}).",
                **{"losses": losses, "val_losses": val_losses, "expected": expected, "got": came},
                **{"turned": val_losses[-1] / min(val_losses), "most_turned": TURNED},
                **{"last": losses[-1], "most_last": HIGH_LOSS},
            )
    return say("Underfitting, overfitting or good: you read each pair of curves by the rule.")


def _drawn_curves() -> list[tuple[list[float], list[float], str]]:
    """Curves of another length each time, none of them near a limit."""
    rng = np.random.default_rng()
    drawn = []
    for expected, turned, last in (
        ("overfitting", rng.uniform(1.2, 2), rng.uniform(0.6, 1)),
        ("overfitting", rng.uniform(1.2, 2), rng.uniform(0, 0.4)),
        ("underfitting", rng.uniform(1, 1.05), rng.uniform(0.6, 1)),
        ("good", rng.uniform(1, 1.05), rng.uniform(0, 0.4)),
    ):
        before = rng.uniform(0.7, 2, rng.integers(3, 7)).round(2)
        drawn.append(
            (
                [*(1 + np.sort(before)[::-1]), round(last, 2)],
                [*before, round(turned * before.min(), 2)],
                expected,
            )
        )
    return [([float(x) for x in one], [float(x) for x in two], word) for one, two, word in drawn]


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
        if found := sorted(file.name for file in Path(folder).iterdir()):
            not_yet("{what} wrote {found}. It should only read.", what=what, found=found)
        # The number of the save and the step differ, so the step can't be read off the name.
        # After the tenth the newest is no longer the last in the order of the names.
        for step in np.cumsum(np.random.default_rng().integers(20, 60, size=10)).tolist():
            checkpoint.step.assign(step)
            checkpoint.weights.assign([step / 2, -step])
            manager.save()
            _resumes(answer, *fresh(folder), step)
    return say(
        "The first start is at step 0, and every later one goes on from the newest checkpoint."
    )


def _resumes(answer: Callable, manager: Any, checkpoint: Any, step: int) -> None:
    what = say("start_or_resume after a save at step {step}", step=step)
    folder = Path(manager.directory)
    before = sorted(file.name for file in folder.iterdir())
    came = _number(answer(manager, checkpoint), what)
    if np.array_equal(checkpoint.weights.numpy(), [9, 9]):
        not_yet(
            "{what}: the weights are still those of a new model. Is the checkpoint restored?",
            what=what,
        )
    left = say("the weights that start_or_resume left after a save at step {step}", step=step)
    compare(checkpoint.weights.numpy(), [step / 2, -step], what=left)
    compare(came, step, what=what)
    left = say("the variable `step` that it left after a save at step {step}", step=step)
    compare(checkpoint.step.numpy(), step, what=left)
    if (after := sorted(file.name for file in folder.iterdir())) != before:
        not_yet(
            "{what} wrote or deleted {found}. It should only restore.",
            **{"what": what, "found": sorted(set(before) ^ set(after))},
        )


def _number(came: Any, what: str) -> Any:
    """A variable of TensorFlow counts as its number; what is no number stays as it came."""
    if isinstance(came, str):
        not_yet("{what}: expected the step, a number, got the text {got!r}.", what=what, got=came)
    return came.numpy() if hasattr(came, "numpy") else came


@exercise("7-3")
def stop_at(answer: Callable) -> str:
    """Check early stopping: where it stops, and where it goes back to.

    answer: function of a list of validation losses and the patience, to two positions: the first at
    which `patience` losses in a row have not been below the lowest so far (the last where there is
    none), and that of the lowest loss up to there.
    """
    rng = np.random.default_rng()
    drawn = [
        ((rng.integers(4, 16, size=rng.integers(2, 14)) / 20).tolist(), int(rng.integers(1, 5)))
        for _ in range(30)
    ]
    for val_losses, patience in (
        ([0.9, 0.7, 0.6, 0.65, 0.7, 0.8], 2),
        ([0.9, 0.7, 0.8, 0.75, 0.1], 2),
        ([0.9, 0.8, 0.7, 0.6], 2),
        ([0.9, 0.7, 0.8, 0.6, 0.7, 0.65, 0.7, 0.5], 3),
        ([0.9, 0.7, 0.7, 0.7, 0.6], 2),
        ([0.9, 0.899, 0.898, 0.897], 2),
        ([0.5, 0.6, 0.7], 1),
        ([0.5], 3),
        ([0.9, 0.5, 0.6], 2),
        ([2000.0, 1500.0, 1600.0, 1700.0], 2),
        *drawn,
    ):
        came = with_lists(answer, val_losses, patience)
        what = f"stop_at({val_losses}, {patience})"
        if came is not None and np.shape(came) != (2,):
            not_yet(
                "{what}: expected two positions, where it stops and the lowest, got {got!r}.",
                **{"what": what, "got": came},
            )
        expected = _early_stopping(val_losses, patience)
        if came is not None and tuple(came) == (expected[0] + 1, expected[1] + 1):
            not_yet("{what} gave {got!r}: positions are counted from 0 here.", what=what, got=came)
        compare(came, expected, what=say("{call} (stop, lowest)", call=what))
    return say("It stops when patience runs out, and knows where to go back to.")


def _early_stopping(val_losses: Sequence[float], patience: int) -> tuple[int, int]:
    best = 0
    for place, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = place
        elif place - best >= patience:
            return place, best
    return len(val_losses) - 1, best


@exercise("7-4")
def my_plan(answer: float, mind: str, save_s: float, failure_s: float) -> str:
    """Check how often to save, by the share of time that saving and lost work take.

    answer: seconds from one save to the next.
    mind: what would change the learner's mind.
    save_s: seconds that a save takes.
    failure_s: mean seconds from one failure to the next.
    """
    try:
        interval = float("no number" if isinstance(answer, str) else answer)
    except (TypeError, ValueError):
        not_yet("Expected a number of seconds, got {got!r}.", got=answer)
    if not interval > save_s:
        not_yet(
            "Expected more than the {save:.3g} s of a save, got {got:g} s: no time is left to "
            "train.",
            **{"save": save_s, "got": interval},
        )
    saving, lost = save_s / interval, interval / (2 * failure_s)
    least = float(np.sqrt(2 * save_s / failure_s))
    shares = say(
        "A save every {interval:.3g} s: {saving:.2%} of the time goes into saving, {lost:.2%} is "
        "lost to failures.",
        **{"interval": interval, "saving": saving, "lost": lost},
    )
    fields = {"shares": shares, "both": saving + lost, "least": least}
    if saving + lost > WASTEFUL * least:
        if saving > lost:
            not_yet(
                "{shares} Both together could be as low as {least:.2%}. Too much goes into saving.",
                **fields,
            )
        not_yet(
            "{shares} Both together could be as low as {least:.2%}. Too much is lost to failures.",
            **fields,
        )
    said = say(
        "{shares} Together that is {both:.2%}; the lowest possible is {least:.2%}.", **fields
    )
    claim(mind, say("{said} Now say in `mind` what would change your plan.", said=said), ABOUT)
    return said


@exercise("7-5")
def train_and_keep_best(answer: Callable) -> str:
    """Check that a model ends with the weights of its best epoch.

    answer: function of a model, a number of epochs, a function that trains the model for an epoch
    and one that returns its validation loss, to the lowest loss; the model is left as it was then.
    """
    rng = np.random.default_rng()
    for losses in ([0.9, 0.4, 0.6, 0.7], [0.3, 0.5], [0.8, 0.6, 0.2], [5e6], _drawn_losses(rng)):
        model, seen, asked = best_epoch.with_statistics(), [], []
        what = say("with the losses {losses}", losses=losses)

        def train(model: Any, seen: list = seen, what: str = what) -> None:
            if seen and not all(map(np.array_equal, seen[-1], model.get_weights())):
                not_yet(
                    "{what}: an epoch does not start with the weights that the one before it left.",
                    what=what,
                )
            for variable in model.weights:  # those that no gradient moves as well
                variable.assign(rng.normal(size=variable.shape).astype("float32"))
            seen.append(model.get_weights())

        def evaluate(model: Any, losses: list = losses, asked: list = asked) -> float:
            asked.append(model.get_weights())
            return losses[(len(asked) - 1) % len(losses)]

        came = answer(model, len(losses), train, evaluate)
        for kind, calls in (("train", seen), ("evaluate", asked)):
            if len(calls) != len(losses):
                fields = {"what": what, "kind": kind, "epochs": len(losses), "calls": len(calls)}
                not_yet("{what}: expected {epochs} calls of `{kind}`, got {calls}.", **fields)
        compare(came, min(losses), what=say("the result {what}", what=what))
        best = int(np.argmin(losses))
        best_epoch.evaluated_after(seen, asked, what)
        best_epoch.left_at(best, model.get_weights(), seen, what)
    return say("The weights of the best epoch are back, including those that no gradient changes.")


def _drawn_losses(rng: np.random.Generator) -> list[float]:
    return (rng.permutation(12)[: rng.integers(4, 9)] / 8 + 0.25).tolist()
