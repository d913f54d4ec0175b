"""Checks of lesson 06b, sequences beyond digits."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, keras_model, not_yet, reason
from workshop.messages import say

if TYPE_CHECKING:
    import keras

WIDTH, PERIOD, NOISE = 48, 24, 0.2


@exercise("6b-1")
def windows(answer: Callable) -> str:
    """Check the windows of a series, and the value that follows each.

    answer: function of a series `(steps,)`, a NumPy array, and a width, to inputs
    `(examples, width, 1)` and targets `(examples,)`.
    """
    for steps, width in ((6, 2), (10, 4), (4, 3)):
        series = np.arange(10, 10 + steps, dtype="float32")
        came = answer(series, width)
        what = f"windows({series.astype(int).tolist()}, {width})"
        if came is None:
            not_yet(
                "{what} gave None. Does every path of your function end in `return`?", what=what
            )
        if not isinstance(came, tuple | list) or len(came) != 2:
            kind = type(came).__name__
            not_yet("{what}: expected inputs and targets, got one {kind}.", what=what, kind=kind)
        inputs, targets = came
        examples = steps - width
        expected = np.stack([series[k : k + width] for k in range(examples)])[..., None]
        if np.shape(inputs) == expected.shape[:2]:
            not_yet(
                "{what}: expected inputs of shape {expected}, got {got}. Where is the feature?",
                **{"what": what, "expected": expected.shape, "got": np.shape(inputs)},
            )
        if len(inputs) == examples + 1:
            not_yet(
                "{what}: got {got} windows, one more than expected. Which value follows the last?",
                **{"what": what, "got": len(inputs)},
            )
        compare(inputs, expected, what=say("the inputs of {call}", call=what))
        compare(targets, series[width:], what=say("the targets of {call}", call=what))
    return say("Each window with the value that comes right after it.")


@exercise("6b-2")
def bits_per_character(answer: Callable) -> str:
    """Check the mean surprise in bits.

    answer: function of probabilities `(n, classes)` and codes `(n,)`, NumPy arrays, to one number.
    """
    cases = (
        ([[0.5, 0.5], [0.25, 0.75], [0.875, 0.125]], [0, 0, 1], 2.0),
        ([[0.125] * 8] * 2, [3, 7], 3.0),
        ([[1.0, 0.0]], [0], 0.0),
    )
    for rows, codes, bits in cases:
        with np.errstate(all="ignore"):
            came = answer(np.array(rows), np.array(codes))
        what = f"bits_per_character({rows}, {codes})"
        if came is not None and np.shape(came) == () and bits:
            value = float(came)
            fields = {"what": what, "got": value}
            if np.isclose(value, bits * np.log(2)):
                not_yet(
                    "{what}: expected bits, got {got:.4g} in natural logarithms. How many bits is "
                    "that?",
                    **fields,
                )
            if np.isclose(value, -bits):
                not_yet(
                    "{what}: expected a number above zero, got {got:.4g}. The logarithm of a "
                    "probability is negative.",
                    **fields,
                )
            if np.isclose(value, bits * len(codes)):
                not_yet("{what}: expected the mean, got the bits of all, {got:.4g}.", **fields)
        compare(came, bits, what=what)
    return say(
        "Eight characters alike cost three bits each; a sure guess that is right costs none."
    )


@exercise("6b-3")
def with_temperature(answer: Callable) -> str:
    """Check a row of probabilities at several temperatures.

    answer: function of probabilities `(classes,)`, a NumPy array, and a temperature above 0, to
    probabilities of the same shape.
    """
    rows = ([0.5, 0.3, 0.2], [0.7, 0.2, 0.1, 0.0])
    for row, temperature in [(row, t) for row in rows for t in (1.0, 0.5, 2.0)]:
        probabilities = np.array(row)
        with np.errstate(all="ignore"):
            came = answer(probabilities, temperature)
        powers = probabilities ** (1 / temperature)
        what = f"with_temperature({row}, {temperature})"
        if np.shape(came) == powers.shape:
            _says_which_way(np.asarray(came, dtype=float), probabilities, temperature, what)
        compare(came, powers / powers.sum(), what=what)
    cold = np.full(100, 0.009)
    cold[7] = 0.109
    with np.errstate(all="ignore"):
        came = answer(cold, 0.002)
    if not np.all(np.isfinite(came)):
        not_yet(
            "At T = 0.002: expected numbers, got NaN. All powers vanish there; warm temperatures "
            "are right already."
        )
    compare(came, np.eye(100)[7], what=say("a row of 100 probabilities at T = 0.002"))
    return say("Cold takes the likeliest, hot takes all alike, and 1 changes nothing.")


def _says_which_way(
    came: np.ndarray, probabilities: np.ndarray, temperature: float, what: str
) -> None:
    if temperature == 1:
        return
    turned = probabilities**temperature
    if np.allclose(came, turned / turned.sum()):
        not_yet("{what}: hot and cold are the wrong way round. Which power is it?", what=what)
    if not np.isclose(came.sum(), 1, atol=1e-4):
        not_yet(
            "{what}: expected probabilities that sum to 1, got a sum of {got:.3f}.",
            **{"what": what, "got": came.sum()},
        )


@exercise("6b-4")
def my_forecaster(answer: "keras.Model", mind: str) -> str:
    """Check a forecaster on a series that it never saw, beside "a period ago" and the floor.

    answer: Keras model of windows `(batch, 48, 1)` to `(batch, 1)`.
    mind: why nobody comes below the floor, and what would change the learner's mind.
    """
    keras_model(answer)
    steps = 2000 + np.arange(2000)
    noise = np.random.default_rng(61).normal(scale=NOISE, size=len(steps))
    series = (np.sin(2 * np.pi * steps / PERIOD) + noise).astype("float32")
    views = np.lib.stride_tricks.sliding_window_view(series, WIDTH + 1)
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
    reason(
        mind,
        "Off by {off:.3f}. Now say in `mind` why nobody comes below the floor and what would "
        "change your mind.",
        off=off,
    )
    return say(
        'Off by {off:.3f} on a fresh series; "a period ago" {baseline:.3f}, the floor {floor}.',
        **fields,
    )
