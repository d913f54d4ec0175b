"""Checks of lesson 03b, losses, optimizers and regularisation."""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.dropout import judge_fit, must_drop, must_predict
from workshop.checks.engine import compare, exercise, not_yet, scores_of
from workshop.checks.noise import near_the_border
from workshop.checks.scalar import plain
from workshop.messages import say

MISS_WEIGHT, FEWEST_RUNS = 5, 3
LAST_BITS = 1e-6  # of an accuracy: by so much equal ones differ in float32
NOISE, BETTER, WORSE = "within noise", "better", "worse"
ABOUT = (
    "drop|decay|l2|averag|layer|unit|seed|run|accura|valid|error|noise|spread|trick|regular|rate"
    "|mittel|schicht|genau|zufall|moyen|couche|bruit|capa|ruido|media"
)


@exercise("3b-1")
def costly_misses(answer: Callable) -> str:
    """Check a binary cross-entropy in which a miss weighs five times a false alarm.

    answer: function of labels 0 or 1 and probabilities of class 1, both tensors `(batch,)`,
    float32, to one number that a tape can differentiate.
    """
    import tensorflow as tf

    random = np.random.default_rng()
    count = int(random.integers(5, 9))
    drawn = [0.0, 1.0, *random.integers(0, 2, count).astype(float)]
    for labels, probabilities in (
        ([0.0, 1.0, 1.0, 0.0], [0.1, 0.9, 0.2, 0.7]),
        ([1.0, 0.0, 0.0], [0.6, 0.45, 0.01]),
        ([0.0], [0.3]),
        ([1.0], [0.3]),
        (drawn, (random.integers(2, 98, count + 2) / 100 + 0.003).tolist()),
    ):
        y, p = np.array(labels), np.array(probabilities)
        _judge_loss(answer, y, p)
        slopes = (-MISS_WEIGHT * y / p + (1 - y) / (1 - p)) / len(y)
        asked = tf.Variable(p, dtype=tf.float32)
        with tf.GradientTape() as tape:
            loss = answer(tf.constant(labels), asked)
        if not tf.is_tensor(loss) or (gradient := tape.gradient(loss, asked)) is None:
            not_yet(
                "The values are right, but no gradient comes through: Keras can't train with it. "
                "Compute with tf (or keras.ops), not with NumPy or float()."
            )
        what = say("the gradient for labels {labels} at {p}", labels=labels, p=probabilities)
        compare(tf.convert_to_tensor(gradient), slopes, what=what, rtol=1e-3)
    told = say("A miss now weighs five false alarms, and a gradient comes through.")
    ends = float(answer(tf.constant([1.0, 0.0, 1.0]), tf.constant([0.0, 1.0, 1.0])))
    if np.isfinite(ends):
        return told
    return say(
        "{told} But at probabilities of exactly 0 and 1 it gives {got}: before you train with it, "
        "clip them as `costly_alarms` does.",
        **{"told": told, "got": ends},
    )


def _judge_loss(answer: Callable, y: np.ndarray, p: np.ndarray) -> None:
    import tensorflow as tf

    each = -(MISS_WEIGHT * y * np.log(p) + (1 - y) * np.log(1 - p))
    swapped = -(y * np.log(p) + MISS_WEIGHT * (1 - y) * np.log(1 - p))
    came = answer(tf.constant(y, tf.float32), tf.constant(p, tf.float32))
    call = f"costly_misses({y.tolist()}, {p.tolist()})"
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


@exercise("3b-2")
def momentum_step(answer: Callable) -> str:
    """Check steps with momentum against `keras.optimizers.SGD(momentum=...)`.

    answer: function of a variable and its velocity (both `tf.Variable`, any shape), a gradient, a
    learning rate and the momentum; changes both in place. The velocity starts at 0; only the path
    of the variable is looked at.
    """
    import keras
    import tensorflow as tf

    random = np.random.default_rng()
    ways = []  # two at a time, so that each needs a velocity of its own
    for shape, rate, momentum in (((3,), 0.1, 0.9), ((2, 4), 0.5, 0.5), ((), 0.2, 0.0)):
        start = random.normal(size=shape).astype("float32")
        optimizer = keras.optimizers.SGD(rate, momentum=momentum)
        optimizer.build([oracle := keras.Variable(start)])
        mine = tf.Variable(start), tf.Variable(tf.zeros(shape))
        ways.append((optimizer, oracle, mine, {"rate": rate, "momentum": momentum}))
    for number in range(1, 5):
        for optimizer, oracle, (variable, velocity), how in ways:
            gradient = tf.constant(random.uniform(0.5, 2, oracle.shape), tf.float32)
            gradient *= (-1) ** (number // 2)
            before = variable.numpy()
            answer(variable, velocity, gradient, *how.values())
            if np.array_equal(before, variable.numpy()):
                not_yet(
                    "Step {number} left the variable as it was. Is it changed in place, and by the "
                    "new velocity?",
                    number=number,
                )
            optimizer.apply([gradient], [oracle])
            what = say(
                "the variable after step {number} (rate {rate}, momentum {momentum})",
                **{"number": number, **how},
            )
            compare(variable.numpy(), oracle.value.numpy(), what=what)
    return say("Four steps with changing gradients, and each ends where Keras ends.")


@exercise("3b-3")
def warm_up_and_decay(answer: Callable) -> str:
    """Check a learning rate that rises along a line and then falls along a half cosine.

    answer: function of the step, the number of steps (a multiple of 10) and the peak to the
    learning rate, which rises from 0 to the peak in the first tenth and falls to 0 in the rest.
    """
    random = np.random.default_rng()
    others = 10 * int(random.integers(3, 90)), round(random.uniform(0.001, 5), 3)
    for steps, peak in ((1000, 0.1), (200, 3.0), others, (10, 0.01)):
        rise = steps // 10
        drawn = int(random.integers(rise, steps))
        for step in (0, rise // 2, rise, rise + 1, steps // 2, drawn, steps - rise, steps):
            came = answer(step, steps, peak)
            if step < rise:
                expected = peak * step / rise
            else:
                expected = peak * (1 + np.cos(np.pi * (step - rise) / (steps - rise))) / 2
            what = f"warm_up_and_decay({step}, {steps}, {peak})"
            compare(came, expected, what=what, rtol=1e-3, atol=1e-5 * peak)
    return say("Up along a line, down along half a cosine, and zero at the end.")


@exercise("3b-4")
def verdict(answer: Callable) -> str:
    """Check a function that tells a difference between runs from their noise.

    answer: function of two arrays of results, `(runs,)` each, to "better", "worse" or "within
    noise".

    The difference counts where it is more than twice its standard error (`ddof=1`).
    """
    cases = [
        ([0.90, 0.91, 0.92], [0.95, 0.96, 0.97]),
        ([0.95, 0.96, 0.97], [0.90, 0.91, 0.92]),
        ([0.90, 0.92, 0.94], [0.91, 0.93, 0.95]),
        ([0.94, 0.92, 0.93], [0.92, 0.91, 0.93]),
        ([0.90, 0.94] * 10, [0.92, 0.96] * 10),
        # With ddof=0, twice the standard error would be 0.0200 and not 0.0245.
        ([0.90, 0.915, 0.93], [0.922, 0.937, 0.952]),
        ([0.0, 0.0], [1.0, 3.0]),  # 2 is not more than twice 1
        *near_the_border(np.random.default_rng()),
    ]
    for before, after in cases:
        gap = np.mean(after) - np.mean(before)
        error = np.sqrt(np.var(before, ddof=1) / len(before) + np.var(after, ddof=1) / len(after))
        expected = NOISE if abs(gap) <= 2 * error else BETTER if gap > 0 else WORSE
        came = plain(answer(np.array(before), np.array(after)))
        if not isinstance(came, str) or came not in (NOISE, BETTER, WORSE):
            not_yet(
                "verdict({before}, {after}): expected {expected!r}, got {got!r}. It has to be one "
                "of three texts: {texts}.",
                **{"before": _few(before), "after": _few(after), "expected": expected, "got": came},
                texts=[BETTER, WORSE, NOISE],
            )
        if came != expected:
            not_yet(
                "verdict({before}, {after}): expected {expected!r}, got {got!r}. The means differ "
                "by {gap:+.3f}; what is twice the standard error of that?",
                **{"before": _few(before), "after": _few(after), "expected": expected, "got": came},
                gap=gap,
            )
    return say("The same difference can be news or noise: spread and number of runs decide.")


def _few(runs: Sequence[float]) -> str:
    shown = ", ".join(f"{run:.4g}" for run in runs[:4])
    if len(runs) > 4:
        return say("[{shown}, ... {count} runs]", shown=shown, count=len(runs))
    return f"[{shown}]"


@exercise("3b-6")
def fixed(answer: Callable) -> str:
    """Check a model whose dropout did nothing: now it drops while it trains, and only then.

    answer: class, or function, of the rate to a Keras model with the layers of `Broken`.
    """
    images = np.random.default_rng().integers(0, 256, (20, 28, 28)).astype("uint8")
    for rate in (0.5, 0.9, 0.0):
        model, call = answer(rate), f"Fixed({rate})"
        sums = scores_of(model, images).sum(axis=1), np.sum(model(images, training=True), axis=1)
        if not np.allclose(sums, 1, atol=1e-3):
            not_yet("{call}: expected probabilities, whose sum is 1, in training too.", call=call)
        predicted = [model.predict(images, verbose=0) for _ in range(2)]
        if not np.allclose(*predicted, atol=1e-6):
            not_yet(
                "{call}: predict gave two answers to the same pictures. Dropout must be off there.",
                call=call,
            )
        with contextlib.suppress(TypeError):  # `call` may ask for `training`
            if not np.allclose(np.asarray(model(images)), predicted[0], atol=1e-5):
                not_yet(
                    "{call}: called without `training`, it drops. Expected dropout only while the "
                    "model trains.",
                    call=call,
                )
        trained = [np.asarray(model(images, training=True)) for _ in range(2)]
        moves = not np.allclose(*trained, atol=1e-6)
        if rate and not moves:
            not_yet(
                "{call}: called with training=True it gives the same twice, so nothing is "
                "dropped. Does `call` tell the layer that it is training?",
                call=call,
            )
        if not rate and (moves or not np.allclose(trained[0], predicted[0], atol=1e-5)):
            not_yet("{call}: expected no dropout at rate 0. Is the rate used?", call=call)
        must_predict(model, call)
        if rate:
            must_drop(model, rate, call)
    return judge_fit(answer)


@exercise("3b-5")
def my_recipe(
    answer: Sequence[float],
    mind: str,
    ours: Sequence[float],
    baseline: Sequence[float],
    digits: int,
) -> str:
    """Check a recipe of the learner by its results over several seeds.

    answer: validation accuracies of the learner's recipe, one per seed, at least three.
    mind: which result would change one's mind about a trick, a sentence.
    ours: those of the lesson's recipe.
    baseline: those of the model with no hidden layer, which has to be beaten.
    digits: how many validation digits there are.
    """
    runs: Any = np.asarray(answer, dtype=float)
    if runs.ndim != 1 or len(runs) < FEWEST_RUNS:
        not_yet(
            "Expected a list of results from at least {least} seeds, got shape {got}.",
            **{"least": FEWEST_RUNS, "got": runs.shape},
        )
    if not np.all((runs >= 0) & (runs <= 1)):
        not_yet("Expected accuracies between 0 and 1, got {got}.", got=_few(runs.tolist()))
    if np.abs(runs * digits - np.round(runs * digits)).max() > 0.01:
        not_yet(
            "Expected shares of {digits:,} validation digits, got {got}. Are they measured on "
            "x_val, and not rounded?",
            **{"digits": digits, "got": _few(runs.tolist())},
        )
    if len(set(runs.tolist())) == 1:
        not_yet("All runs gave the same number. Does each have a seed of its own?")
    if runs.tolist() == list(map(float, ours))[: len(runs)] or sorted(runs) == sorted(ours):
        not_yet("These are the results of our recipe. Change one thing or more.")
    if runs.mean() - np.mean(baseline) < LAST_BITS:
        not_yet(
            "Expected a mean above {baseline:.4f}, that with no hidden layer, got {mean:.4f}.",
            **{"baseline": np.mean(baseline), "mean": runs.mean()},
        )
    error = np.sqrt(runs.var(ddof=1) / len(runs) + np.var(ours, ddof=1) / len(ours))
    gap = runs.mean() - np.mean(ours)
    told = say(
        "Your mean is {mean:.4f}, {gap:+.4f} against ours: {errors:+.1f} standard errors. Below 2 "
        "either way, call it noise.",
        **{"mean": runs.mean(), "gap": gap, "errors": gap / max(error, 1e-9)},
    )
    asked = say("{told} Now say in `mind` what would change your mind about a trick.", told=told)
    claim(mind, asked, ABOUT)
    return told
