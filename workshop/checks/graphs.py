"""Checks of lesson 01b: traced functions, a tape of one's own, what a graph gains."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.messages import say

FEWEST_SIZES = 4
WIDEST_STEP = 50
NO_GAIN = 1.5
SPREAD = 0.1
ABOUT = (
    "size|gain|graph|eager|large|small|operation|python|machine|measure|time|fast|slow|run|ratio"
    "|größe|graph|schnell|langsam|messung|zeit|taille|graphe|vite|temps|tamaño|rápid|tiempo"
)


@exercise("1b-1")
def halvings(answer: Callable) -> str:
    """Check a counting loop: right for many numbers, by one trace of a `tf.function`.

    answer: `tf.function` of a float32 tensor `()` to a whole number.
    """
    import tensorflow as tf

    _must_be_traced(answer)
    # A fresh wrapper: earlier calls of the learner, with Python numbers perhaps, don't count.
    traced = tf.function(answer.python_function)
    cases = [(0.3, 0), (1.0, 1), (10.0, 4), (1023.0, 10), (1024.0, 11), (0.0, 0), (-3.0, 0)]
    cases += [(2.0**23 - 1, 23), (2.0**127, 128)]  # no logarithm in float32, and no short loop
    random = np.random.default_rng()
    for power in random.integers(12, 120, 3).tolist():
        cases += [(2.0**power, power + 1), (2.0**power * random.uniform(1.1, 1.9), power + 1)]
    for number, expected in cases:
        came = traced(tf.constant(number))
        compare(came, expected, what=f"halvings({number:.7g})")
        if not np.issubdtype(np.asarray(came).dtype, np.integer):
            not_yet(
                "halvings({number}): expected a whole number of an integer dtype, got {dtype}.",
                **{"number": number, "dtype": np.asarray(came).dtype},
            )
    count = traced.experimental_get_tracing_count()
    if count != 1:
        not_yet(
            "Expected one trace for {calls} tensors, got {count}. What makes each one special?",
            **{"calls": len(cases), "count": count},
        )
    return say(
        "Right for {count} numbers, with one trace: the loop is in the graph.", count=len(cases)
    )


@exercise("1b-2")
def number(answer: type) -> str:
    """Check numbers that remember how they were made, against TensorFlow's tape.

    answer: class `Number(value)` with `value`, `gradient`, `+`, `*`, `tanh()` and `backward()`.
    """
    import tensorflow as tf

    if not isinstance(answer, type):
        not_yet("Expected the class itself, got {kind}.", kind=type(answer).__name__)
    random = np.random.default_rng()
    for formula, compute in EXPRESSIONS.items():
        values = np.round(random.uniform(0.3, 1.5, 3) * random.choice([-1, 1], 3), 2)
        leaves = [answer(float(value)) for value in values]
        result = compute(*leaves, lambda one: one.tanh())
        where = "{} for a, b, c = {}, {}, {}".format(formula, *values)
        _must_be_number(result, answer, where)
        result.backward()
        variables = [tf.Variable(value, dtype=tf.float64) for value in values]
        with tf.GradientTape() as tape:
            expected = compute(*variables, tf.tanh)
        compare(result.value, expected, what=say("the value of {what}", what=where))
        slopes = tape.gradient(expected, variables, unconnected_gradients="zero")
        for name, leaf, value, slope in zip("abc", leaves, values, slopes, strict=True):
            what = say("the gradient of {what} for {name}", what=where, name=name)
            compare(leaf.gradient, slope, what=what)
            compare(leaf.value, value, what=say("the value of {name} after backward", name=name))
    _inner_ones_too(answer)
    return say(
        "Your numbers and TensorFlow's tape agree on {count} formulas: a tape records what "
        "came from what, and walks back.",
        count=len(EXPRESSIONS),
    )


@exercise("1b-3")
def noisy(answer: Callable) -> str:
    """Check that a graph draws its noise at each call, for each number, of the right kind.

    answer: `tf.function` of a float32 tensor of any shape to the tensor plus normal noise of
    standard deviation 0.1.
    """
    import tensorflow as tf

    _must_be_traced(answer)
    level = float(np.random.default_rng().integers(2, 9))
    levels = level * np.sign(np.arange(20_000) % 3 - 0.5).reshape(100, 200)
    still = tf.constant(levels, tf.float32)
    if (dtype := getattr(answer(still), "dtype", None)) != tf.float32:
        name = getattr(dtype, "name", dtype)
        not_yet("For a float32 tensor expected a float32 tensor, got {dtype}.", dtype=name)
    calls = [np.asarray(answer(still), dtype=float) for _ in range(3)]
    for shape in ((3,), (2, 3, 4), (1,), ()):
        if (got := np.shape(answer(tf.zeros(shape)))) != shape:
            not_yet("For shape {shape} expected the same shape, got {got}.", shape=shape, got=got)
    if calls[0].shape != (100, 200):
        not_yet("For shape (100, 200) expected the same shape, got {got}.", got=calls[0].shape)
    first, second, third = (call - levels for call in calls)
    if np.allclose(first, second, atol=1e-6) or np.allclose(second, third, atol=1e-6):
        not_yet(
            "Two calls with the same tensor gave the same noise, {first:.4f} at the first number "
            "each time. How often does the line run that draws it?",
            first=first[0, 0],
        )
    same = [np.ptp(first, axis=0).max() < 1e-4, np.ptp(first, axis=1).max() < 1e-4]
    if any(same):
        not_yet("Numbers of one tensor got the same noise. Expected noise of its own for each.")
    _must_be_normal(first)
    count = answer.experimental_get_tracing_count()
    for _ in range(3):
        answer(still)
    if answer.experimental_get_tracing_count() != count:
        not_yet("Calls with the same shape were traced again. Expected one trace per shape.")
    return say("Fresh noise at each call: drawing is an operation of the graph now.")


@exercise("1b-4")
def gain(sizes: Sequence[float], ratios: Sequence[float], ends: float | None, mind: str) -> str:
    """Check that a measurement covers enough, and that the claim is what was measured.

    answer: numbers in the tensor of each measurement, from small to large; eager time over graph
    time for each; the first size from which on no ratio reaches 1.5, or None; the learner's claim.
    """
    n, times = np.asarray(sizes, dtype=float), np.asarray(ratios, dtype=float)
    _must_cover(n, times)
    if not (np.isfinite(times) & (times > 0)).all():
        not_yet(
            "Expected positive ratios, since times are positive, got {ratios}.",
            ratios=times.tolist(),
        )
    if np.ptp(times) == 0:
        not_yet("All ratios are {ratio}. Expected what you measured.", ratio=times[0])
    _must_end_there(n, times, ends)
    asked = say("Say in `mind` where the gain ends and which measurement would change your mind.")
    claim(mind, asked, ABOUT)
    fields = {"small": n[0], "large": n[-1], "first": times[0], "last": times[-1]}
    if times[-1] < times[0]:
        return say(
            "From size {small:,.0f} to {large:,.0f} the ratio fell: {first:.1f} to {last:.1f}. "
            "Does that support your claim? Compare with a neighbour's machine.",
            **fields,
        )
    return say(
        "From size {small:,.0f} to {large:,.0f} the ratio did not fall: {first:.1f} to {last:.1f}. "
        "Does that support your claim? Compare with a neighbour's machine.",
        **fields,
    )


def _must_be_traced(answer: Any) -> None:
    if not hasattr(answer, "experimental_get_tracing_count"):
        not_yet(
            "Expected a `tf.function`, got {kind}, which runs its Python at every call. "
            "What in section 2 made a graph of a function?",
            kind=type(answer).__name__,
        )


def _must_be_number(came: Any, kind: type, where: str) -> None:
    if not isinstance(came, kind):
        not_yet(
            "{where}: expected a {expected}, got {got}. Does each method return a new one?",
            **{"where": where, "expected": kind.__name__, "got": type(came).__name__},
        )


def _inner_ones_too(kind: Any) -> None:
    """Numbers between the first and the last get a gradient; what was made beside them, none."""
    a, b = kind(0.5), kind(-1.2)
    product = a * b
    total = product + a
    result = total.tanh()
    beside = product * b
    result.backward()
    slope = 1 - np.tanh(-0.1) ** 2
    compare(a.gradient, -0.2 * slope, what=say("the gradient of tanh(a * b + a) by a"))
    for what, one, value in (("a * b", product, -0.6), ("a * b + a", total, -0.1)):
        compare(one.gradient, slope, what=say("the gradient of tanh(a * b + a) by {s}", s=what))
        compare(one.value, value, what=say("the value of {s} after backward", s=what))
    compare(beside.gradient, 0, what=say("the gradient by a number that is no part of the result"))


def _must_be_normal(noise: np.ndarray) -> None:
    """Compare mean, spread and tails; by chance alone right noise fails once in a million times."""
    far = np.mean(np.abs(noise - noise.mean()) > 2 * noise.std())
    if abs(noise.mean()) < 0.05 * SPREAD and abs(noise.std() / SPREAD - 1) < 0.05:
        if 0.03 < far < 0.06:
            return
        not_yet(
            "Of 20,000 numbers {far:.1%} lay beyond two standard deviations, expected about 4.6 % "
            "of normal noise.",
            far=far,
        )
    not_yet(
        "Expected noise of mean 0 and standard deviation {spread}, got {mean:.3f} and {std:.3f}.",
        **{"spread": SPREAD, "mean": noise.mean(), "std": noise.std()},
    )


def _must_cover(sizes: np.ndarray, ratios: np.ndarray) -> None:
    if sizes.ndim != 1 or sizes.shape != ratios.shape:
        not_yet(
            "Expected one ratio per size, got the shapes {sizes} and {ratios}.",
            **{"sizes": sizes.shape, "ratios": ratios.shape},
        )
    if len(sizes) < FEWEST_SIZES:
        not_yet(
            "Expected at least {least} sizes, to see a trend, got {count}.",
            **{"least": FEWEST_SIZES, "count": len(sizes)},
        )
    if (np.diff(sizes) <= 0).any() or sizes[0] <= 0:
        not_yet("Expected positive sizes from small to large, got {sizes}.", sizes=sizes.tolist())
    if sizes[-1] < WIDEST_STEP * sizes[0]:
        not_yet(
            "Expected the largest size to be at least {least} times the smallest, got "
            "{times:.3g} times. Could the gain end beyond that?",
            **{"least": WIDEST_STEP, "times": sizes[-1] / sizes[0]},
        )


def _number(size: float) -> float | int:
    return int(size) if float(size).is_integer() else float(size)


def _must_end_there(sizes: np.ndarray, ratios: np.ndarray, ends: float | None) -> None:
    below = [k for k in range(len(sizes)) if (ratios[k:] < NO_GAIN).all()]
    expected = sizes[below[0]] if below else None
    if (ends is None) == (expected is None) and (ends is None or float(ends) == expected):
        return
    not_yet(
        "`ends` is {ends}. From which of your sizes {sizes} do all ratios stay below {least}? "
        "The ratios are {ratios}; if the last one is not below it, use None.",
        **{"ends": ends, "sizes": [*map(_number, sizes)], "least": NO_GAIN},
        ratios=ratios.round(2).tolist(),
    )


def _reused(a: Any, b: Any, c: Any, tanh: Callable) -> Any:
    s = a * b
    t = tanh(s + c)
    return s * t + t * t


def _deep(a: Any, b: Any, c: Any, tanh: Callable) -> Any:
    value = a
    for _ in range(5):
        value = tanh(value * b + c)
    return value


EXPRESSIONS: dict[str, Callable] = {
    "a + b": lambda a, b, c, tanh: a + b,
    "a * b": lambda a, b, c, tanh: a * b,
    "tanh(c)": lambda a, b, c, tanh: tanh(c),
    "a * b + c": lambda a, b, c, tanh: a * b + c,
    "a + a": lambda a, b, c, tanh: a + a,
    "b * b": lambda a, b, c, tanh: b * b,
    "tanh(a * b + c) * a": lambda a, b, c, tanh: tanh(a * b + c) * a,
    "s * t + t * t with s = a * b, t = tanh(s + c)": _reused,
    "a five times through tanh(a * b + c)": _deep,
}
