"""Checks of lesson 06b, sequences beyond digits."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, keras_model, not_yet
from workshop.messages import say

if TYPE_CHECKING:
    import keras

WIDTH, PERIOD, NOISE = 48, 24, 0.2
ABOUT = (
    "nois|random|chance|predict|forecast|window|error|floor|series|value|wave|independent|gauss"
    "|rausch|zufall|zufällig"
    "|vorher|fenster|fehler|bruit|hasard|imprévis|aléat|erreur|fenêtre|ruido|azar|serie|ventana"
)


@exercise("6b-1")
def windows(answer: Callable) -> str:
    """Check the windows of a series, and the value that follows each.

    answer: function of a series `(steps,)`, a NumPy array, and a width, to inputs
    `(examples, width, 1)` and targets `(examples,)`.
    """
    random = np.random.default_rng()
    for steps, width in ((6, 2), (10, 4), (4, 3), (5, 1), (60, 48)):
        series = (random.permutation(np.arange(10, 10 + steps)) / 8).astype("float32")
        came = answer(series, width)
        what = (
            f"windows({series.tolist()}, {width})" if steps <= 10 else f"windows(series, {width})"
        )
        if came is None:
            compare(came, series, what=what)
        if not isinstance(came, tuple | list) or len(came) != 2:
            kind = type(came).__name__
            not_yet("{what}: expected inputs and targets, got one {kind}.", what=what, kind=kind)
        inputs, targets = came
        expected = np.stack([series[k : k + width] for k in range(steps - width)])[..., None]
        _are_as_many(inputs, expected, what)
        compare(inputs, expected, what=say("the inputs of {call}", call=what))
        compare(targets, series[width:], what=say("the targets of {call}", call=what))
    return say("Each window comes with the value right after it.")


def _are_as_many(inputs: object, expected: np.ndarray, what: str) -> None:
    shape = np.shape(inputs)
    fields = {"what": what, "expected": expected.shape, "got": shape}
    if shape == expected.shape[:2]:
        not_yet(
            "{what}: expected inputs of shape {expected}, got {got}. Where is the feature axis?",
            **fields,
        )
    if shape[:1] == (len(expected) + 1,):
        not_yet(
            "{what}: got {count} windows, one more than expected. Which value follows the last?",
            **{"what": what, "count": shape[0]},
        )
    if shape[:1] == (len(expected) - 1,):
        not_yet(
            "{what}: got {count} windows, one fewer than expected. The last value of the series is "
            "a target, too.",
            **{"what": what, "count": shape[0]},
        )


@exercise("6b-2")
def bits_per_character(answer: Callable) -> str:
    """Check the mean surprise in bits.

    answer: function of probabilities `(n, classes)` and codes `(n,)`, NumPy arrays, to one number.
    """
    random = np.random.default_rng()
    drawn = random.dirichlet(np.ones(5), size=4) + 0.001
    cases = [
        ([[0.5, 0.5], [0.25, 0.75], [0.875, 0.125]], [0, 0, 1]),
        ([[0.125] * 8] * 2, [3, 7]),
        ([[1.0, 0.0]], [0]),
        ((drawn / drawn.sum(axis=1, keepdims=True)).tolist(), [4, 0, 2, 2]),
    ]
    for rows, codes in cases:
        bits = float(np.mean([-np.log2(row[code]) for row, code in zip(rows, codes, strict=True)]))
        with np.errstate(all="ignore"):
            came = answer(np.array(rows), np.array(codes))
        what = f"bits_per_character({np.round(rows, 3).tolist()}, {codes})"
        if came is not None and np.shape(came) == () and bits:
            value = float(came)
            fields = {"what": what, "got": value}
            if np.isclose(value, bits * np.log(2)):
                not_yet(
                    "{what}: expected bits, got {got:.4g} in natural logarithms. How many bits is "
                    "that?",
                    **fields,
                )
            if np.isclose(value, 2**bits):
                not_yet("{what}: expected the mean, got 2 to that power, {got:.4g}.", **fields)
            if np.isclose(value, -bits):
                not_yet(
                    "{what}: expected a number above zero, got {got:.4g}. The logarithm of a "
                    "probability is negative.",
                    **fields,
                )
            if np.isclose(value, bits * len(codes)):
                not_yet("{what}: expected the mean, got the sum of all bits, {got:.4g}.", **fields)
        compare(came, bits, what=what)
    return say(
        "Eight equally likely characters cost three bits each; a certain, right guess costs none."
    )


@exercise("6b-3")
def with_temperature(answer: Callable) -> str:
    """Check a row of probabilities at several temperatures.

    answer: function of probabilities `(classes,)`, a NumPy array, and a temperature above 0, to
    probabilities of the same shape.
    """
    random = np.random.default_rng()
    drawn = random.dirichlet(np.ones(5)).round(2) + 0.05
    rows = ([0.5, 0.3, 0.2], [0.7, 0.2, 0.1, 0.0], [1.0, 0.0], (drawn / drawn.sum()).tolist())
    drawn = random.uniform(0.3, 3, size=2).round(1).tolist()
    for row, temperature in [(row, t) for row in rows for t in (1.0, 0.5, 2.0, 20.0, *drawn)]:
        probabilities = np.array(row)
        with np.errstate(all="ignore"):
            came = answer(probabilities, temperature)
        powers = probabilities ** (1 / temperature)
        what = f"with_temperature({np.round(row, 3).tolist()}, {temperature})"
        if np.shape(came) == powers.shape:
            _says_which_way(np.asarray(came, dtype=float), probabilities, temperature, what)
        compare(came, powers / powers.sum(), what=what)
    cold = np.full(100, 0.7822 / 98)
    cold[random.choice(100, 2, replace=False)] = 0.109, 0.1088
    with np.errstate(all="ignore"):
        came = answer(cold, 0.002)
    if came is not None and not np.all(np.isfinite(came)):
        not_yet(
            "At T = 0.002: expected numbers, got NaN. All powers are rounded to 0 there. At higher "
            "temperatures your answer is right."
        )
    powers = (cold / cold.max()) ** 500
    what = say("a row of 100 probabilities at T = 0.002, the largest 0.109 and 0.1088")
    compare(came, powers / powers.sum(), what=what, rtol=1e-3)
    return say(
        "A low temperature picks the likeliest, a high one makes all nearly equally likely, and 1 "
        "changes nothing."
    )


def _says_which_way(
    came: np.ndarray, probabilities: np.ndarray, temperature: float, what: str
) -> None:
    if not np.isclose(came.sum(), 1, atol=1e-4):
        not_yet(
            "{what}: expected probabilities that sum to 1, got a sum of {got:.5g}.",
            **{"what": what, "got": came.sum()},
        )
    if temperature == 1 or probabilities.max() == 1:
        return
    turned = probabilities**temperature
    if np.allclose(came, turned / turned.sum()):
        not_yet(
            "{what}: low and high temperatures are the wrong way round. Which power is it?",
            what=what,
        )
    powers = np.exp(probabilities / temperature)
    if np.allclose(came, powers / powers.sum(), atol=1e-4):
        not_yet("{what}: softmax is for logits. What are the logits here?", what=what)


@exercise("6b-5")
def mask_from_lengths(answer: Callable) -> str:
    """Check a mask against what `tf.sequence_mask` gives.

    answer: function of lengths `(batch,)`, a NumPy array of whole numbers, and the number of steps,
    to `(batch, steps)`, True where a step is real.
    """
    random = np.random.default_rng()
    drawn = random.integers(0, 7, size=5).tolist()
    cases = (([1, 3, 2], 4), ([4, 4], 4), ([0, 5], 5), ([2, 1, 3], 3), ([2], 6), (drawn, 7))
    for lengths, steps in cases:
        came = answer(np.array(lengths), steps)
        expected = np.arange(steps) < np.array(lengths)[:, None]
        what = f"mask_from_lengths({lengths}, {steps})"
        if np.shape(came) == expected.shape:
            _means_real_steps(np.asarray(came), expected, what)
        compare(came, expected, what=what)
        if np.asarray(came).dtype != bool:
            not_yet(
                "{what}: expected type bool, got {kind}. A mask is True or False.",
                **{"what": what, "kind": np.asarray(came).dtype},
            )
    return say("True for the steps that count, False for the padding.")


def _means_real_steps(came: np.ndarray, expected: np.ndarray, what: str) -> None:
    if came.dtype == bool and (came == ~expected).all():
        not_yet(
            "{what}: expected True for the steps that count, got it for the padding.", what=what
        )
    if (came.astype(bool) == expected[:, ::-1]).all() and not (expected == expected[:, ::-1]).all():
        not_yet("{what}: the padding is at the end, not at the beginning.", what=what)
    extra = came.astype(bool).sum(axis=1) - expected.sum(axis=1)
    if (extra >= 0).all() and set(extra.tolist()) <= {0, 1} and extra.any():
        not_yet("{what}: one step too many is True. Steps are counted from 0.", what=what)


@exercise("6b-6")
def prepare(answer: Callable) -> str:
    """Check that a series is split and scaled without a look at its test part.

    answer: function of a series `(steps,)`, a NumPy array, to the training part, its first
    `steps * 3 // 4` values, and the test part, on one scale: that on which the training part has
    mean 0 and standard deviation 1.
    """
    random = np.random.default_rng()
    for steps in (40, 7, 103, 41):
        series = random.normal(3, 2, size=steps) + np.linspace(0, 5, steps)
        edge = steps * 3 // 4
        came = answer(series)
        what = say("prepare(...) of {steps} steps", steps=steps)
        if not isinstance(came, tuple | list) or len(came) != 2:
            kind = type(came).__name__
            not_yet("{what}: expected two parts, got one {kind}.", what=what, kind=kind)
        known, later = series[:edge], series[edge:]
        mean, off, other = known.mean(), known.std(), known.std(ddof=1)
        is_long = np.shape(came[0]) == known.shape
        if is_long and np.allclose(came[0], (known - mean) / other, atol=1e-5):
            off = other
        _uses_the_past_alone(came, series, edge, what)
        trained = say("the training part of {call}", call=what)
        tested = say("the test part of {call}", call=what)
        for part, numbers, name in ((came[0], known, trained), (came[1], later, tested)):
            compare(part, (numbers - mean) / off, what=name, rtol=1e-3)
    return say(
        "The training part is the same whatever comes later, and both parts share one scale."
    )


def _uses_the_past_alone(came: Sequence, series: np.ndarray, edge: int, what: str) -> None:
    known, later = series[:edge], series[edge:]
    whole = (series - series.mean()) / series.std()
    cases = (
        (0, whole[:edge], say("the training part changes with what comes later.")),
        (1, whole[edge:], say("the test part is scaled by the whole series.")),
        (1, (later - later.mean()) / later.std(), say("the test part is on a scale of its own.")),
        (1, later, say("the test part is not scaled.")),
        (0, known - known.mean(), say("the training part is not divided by its spread.")),
        (0, known / known.std(), say("the training part does not have mean 0.")),
    )
    for part, wrong, why in cases:
        if np.shape(came[part]) == wrong.shape and np.allclose(came[part], wrong, atol=1e-5):
            not_yet("{what}: {why}", what=what, why=why)


@exercise("6b-4")
def my_forecaster(answer: "keras.Model", mind: str) -> str:
    """Check a forecaster on a series that it never saw, beside "a period ago" and the floor.

    answer: Keras model of windows `(batch, 48, 1)` to `(batch, 1)`.
    mind: why no model gets below the floor, and what would change the learner's mind.
    """
    keras_model(answer)
    random = np.random.default_rng()
    steps = random.integers(2000, 9000) + np.arange(2000)
    noise = random.normal(scale=NOISE, size=len(steps))
    series = (np.sin(2 * np.pi * steps / PERIOD) + noise).astype("float32")
    views = np.lib.stride_tricks.sliding_window_view(series, WIDTH + 1)
    views = random.permutation(views)  # no window tells the value that follows the one before it
    inputs, targets = views[:, :WIDTH, None].copy(), views[:, WIDTH]
    came = np.asarray(answer.predict(inputs.copy(), verbose=0))
    if came.shape not in ((len(inputs), 1), (len(inputs),)):
        not_yet(
            "For {count} windows: expected shape {expected}, got {got}.",
            **{"count": len(inputs), "expected": (len(inputs), 1), "got": came.shape},
        )
    off = float(np.sqrt(np.mean((came.reshape(-1) - targets) ** 2)))
    baseline = float(np.sqrt(np.mean((inputs[:, -PERIOD, 0] - targets) ** 2)))
    fields = {"off": off, "baseline": baseline, "floor": NOISE}
    if not off < baseline:
        not_yet(
            'On a fresh series it is off by {off:.3f}; "a period ago" is off by {baseline:.3f}. '
            "Did the loss fall?",
            **fields,
        )
    asked = say(
        "Off by {off:.3f}. Now say in `mind` why no model gets below the floor and what would "
        "change your mind.",
        off=off,
    )
    claim(mind, asked, ABOUT)
    return say(
        'Off by {off:.3f} on a fresh series; "a period ago" {baseline:.3f}, the floor {floor}.',
        **fields,
    )
