"""Checks of lesson 03b, losses, optimizers and regularisation."""

from collections.abc import Callable, Sequence

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.messages import say

MISS_WEIGHT = 5
FEWEST_RUNS = 3
LAST_BITS = 1e-6  # of an accuracy: by so much equal ones differ in float32


@exercise("3b-1")
def costly_misses(answer: Callable) -> str:
    """Check a binary cross-entropy in which a miss weighs five times a false alarm.

    answer: function of labels 0 or 1 and probabilities of class 1, both tensors `(batch,)`,
    float32, to one number that a tape can differentiate.
    """
    import tensorflow as tf

    for labels, probabilities in (
        ([0.0, 1.0, 1.0, 0.0], [0.1, 0.9, 0.2, 0.7]),
        ([1.0, 0.0, 0.0], [0.6, 0.5, 0.01]),
        ([0.0], [0.3]),
        ([1.0], [0.3]),
    ):
        y, p = np.array(labels), np.array(probabilities)
        each = -(MISS_WEIGHT * y * np.log(p) + (1 - y) * np.log(1 - p))
        swapped = -(y * np.log(p) + MISS_WEIGHT * (1 - y) * np.log(1 - p))
        came = answer(tf.constant(labels), tf.constant(probabilities))
        call = f"costly_misses({labels}, {probabilities})"
        if came is not None and np.shape(came) == ():
            if np.isclose(came, swapped.mean(), rtol=1e-3):
                not_yet(
                    "{call}: expected misses that weigh five times, got {got:.4g}: here false "
                    "alarms weigh five times.",
                    **{"call": call, "got": float(came)},
                )
            if len(y) > 1 and np.isclose(came, each.sum(), rtol=1e-3):
                not_yet(
                    "{call}: expected the mean, got {got:.4g}, the sum.",
                    **{"call": call, "got": float(came)},
                )
        compare(came, each.mean(), what=call, rtol=1e-3)
    p = tf.Variable([0.4, 0.6])
    with tf.GradientTape() as tape:
        loss = answer(tf.constant([1.0, 0.0]), p)
    if not tf.is_tensor(loss) or tape.gradient(loss, p) is None:
        not_yet(
            "The values are right, but no gradient comes through: Keras can't train with it. "
            "Compute with tf (or keras.ops), not with NumPy or float()."
        )
    return say("A miss now weighs five false alarms, and a gradient comes through.")


@exercise("3b-2")
def momentum_step(answer: Callable) -> str:
    """Check steps with momentum against `keras.optimizers.SGD(momentum=...)`.

    answer: function of a variable and its velocity (both `tf.Variable`, any shape), a gradient, a
    learning rate and the momentum; changes variable and velocity in place.
    """
    import keras
    import tensorflow as tf

    gradients = ([1.0, -2.0, 0.5], [0.5, -1.0, 0.5], [-1.0, 3.0, 0.0], [2.0, 0.0, 1.0])
    for rate, momentum in ((0.1, 0.9), (0.5, 0.5)):
        optimizer = keras.optimizers.SGD(rate, momentum=momentum)
        oracle = keras.Variable([1.0, 2.0, 3.0])
        optimizer.build([oracle])
        variable, velocity = tf.Variable([1.0, 2.0, 3.0]), tf.Variable(tf.zeros(3))
        for number, gradient in enumerate(gradients, start=1):
            before = variable.numpy()
            answer(variable, velocity, tf.constant(gradient), rate, momentum)
            if np.array_equal(before, variable.numpy()):
                not_yet(
                    "Step {number} left the variable as it was. Is it changed in place?",
                    number=number,
                )
            optimizer.apply([tf.constant(gradient)], [oracle])
            what = say(
                "the variable after step {number} (rate {rate}, momentum {momentum})",
                **{"number": number, "rate": rate, "momentum": momentum},
            )
            compare(variable.numpy(), oracle.value.numpy(), what=what)
    return say("Four steps with changing gradients, each where Keras goes.")


@exercise("3b-3")
def warm_up_and_decay(answer: Callable) -> str:
    """Check a learning rate that rises along a line and then falls along a half cosine.

    answer: function of the step, the number of steps and the peak to the learning rate, which rises
    from 0 to the peak in the first tenth of the steps and falls to 0 in the rest.
    """
    for steps, peak in ((1000, 0.1), (200, 3.0)):
        rise = steps // 10
        for step in (0, rise // 2, rise, rise + 1, steps // 2, steps - rise, steps):
            came = answer(step, steps, peak)
            if step < rise:
                expected = peak * step / rise
            else:
                expected = peak * (1 + np.cos(np.pi * (step - rise) / (steps - rise))) / 2
            what = f"warm_up_and_decay({step}, {steps}, {peak})"
            compare(came, expected, what=what, atol=1e-6)
    return say("Up along a line, down along half a cosine, and zero at the end.")


@exercise("3b-4")
def verdict(answer: Callable) -> str:
    """Check a function that tells a difference between runs from their noise.

    answer: function of two arrays of results, `(runs,)` each, to "better", "worse" or "within
    noise".

    The difference of the means counts where it is more than twice its standard error,
    `sqrt(s1**2 / n1 + s2**2 / n2)`, with `ddof=1`.
    """
    for before, after, expected in (
        ([0.90, 0.91, 0.92], [0.95, 0.96, 0.97], "better"),
        ([0.95, 0.96, 0.97], [0.90, 0.91, 0.92], "worse"),
        ([0.90, 0.92, 0.94], [0.91, 0.93, 0.95], "within noise"),
        ([0.94, 0.92, 0.93], [0.92, 0.91, 0.93], "within noise"),
        ([0.90, 0.94] * 10, [0.92, 0.96] * 10, "better"),
        # With ddof=0, twice the standard error would be 0.0200 and not 0.0245.
        ([0.90, 0.915, 0.93], [0.922, 0.937, 0.952], "within noise"),
    ):
        came = answer(np.array(before), np.array(after))
        if came != expected:
            not_yet(
                "verdict({before}, {after}): expected {expected!r}, got {got!r}. The means differ "
                "by {gap:+.3f}; what is twice the standard error of that?",
                **{"before": _few(before), "after": _few(after), "expected": expected, "got": came},
                gap=np.mean(after) - np.mean(before),
            )
    return say(
        "The same difference can be news or noise: the spread and the number of runs decide."
    )


def _few(runs: Sequence[float]) -> str:
    shown = ", ".join(f"{run:g}" for run in runs[:4])
    if len(runs) > 4:
        return say("[{shown}, ... {count} runs]", shown=shown, count=len(runs))
    return f"[{shown}]"


@exercise("3b-5")
def my_recipe(answer: Sequence[float], ours: Sequence[float], baseline: Sequence[float]) -> str:
    """Check a recipe of the learner by its results over several seeds.

    answer: validation accuracies of the learner's recipe, one per seed, at least three.
    ours: those of the lesson's recipe.
    baseline: those of the model with no hidden layer, which has to be beaten.
    """
    runs = np.asarray(answer, dtype=float)
    if runs.ndim != 1 or len(runs) < FEWEST_RUNS:
        not_yet(
            "Expected a list of results from at least {least} seeds, got shape {got}.",
            **{"least": FEWEST_RUNS, "got": runs.shape},
        )
    if not np.all((runs >= 0) & (runs <= 1)):
        not_yet("Expected accuracies between 0 and 1, got {got}.", got=_few(runs.tolist()))
    if len(set(runs.tolist())) == 1:
        not_yet("All runs gave the same number. Does each have a seed of its own?")
    if runs.mean() - np.mean(baseline) < LAST_BITS:
        not_yet(
            "Expected a mean above {baseline:.4f}, that with no hidden layer, got {mean:.4f}.",
            **{"baseline": np.mean(baseline), "mean": runs.mean()},
        )
    error = np.sqrt(runs.var(ddof=1) / len(runs) + np.var(ours, ddof=1) / len(ours))
    gap = runs.mean() - np.mean(ours)
    return say(
        "Your mean is {mean:.4f}, {gap:+.4f} against ours: {errors:+.1f} standard errors. Below 2 "
        "either way, call it noise.",
        **{"mean": runs.mean(), "gap": gap, "errors": gap / max(error, 1e-9)},
    )
