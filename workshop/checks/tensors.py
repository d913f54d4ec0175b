"""Checks of lesson 01: tensors, neurons, gradients, graphs."""

from collections.abc import Callable, Sequence

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.messages import say

FEWEST_SIZES = 4
WIDEST_STEP = 50


@exercise("1-1")
def standardise(answer: Callable) -> str:
    """Check that each column gets mean 0 and standard deviation 1, whatever the table.

    answer: function of a table `(example, column)`, float32, to one of the same shape.
    """
    import tensorflow as tf

    for table in (
        [[0.3, 1.0], [0.1, 3.0], [0.5, 2.0], [0.7, 6.0]],
        [[1.0, -4.0, 50.0], [2.0, 4.0, 20.0]],
    ):
        values = np.array(table)
        came = answer(tf.constant(table, tf.float32))
        expected = (values - values.mean(axis=0)) / values.std(axis=0)
        compare(came, expected, what=f"standardise({table})", rtol=1e-3, atol=1e-3)
    return say("Each column now has mean 0 and standard deviation 1; its unit is gone.")


@exercise("1-2")
def neuron(answer: Callable) -> str:
    """Check a neuron on several parts, on one, and with more inputs.

    answer: function of `x` `(example, input)`, `w` `(input,)` and `b` `()`, float32, to
    probabilities `(example,)`.
    """
    import tensorflow as tf

    for x, w, b in (
        ([[0.3, 1.0], [0.0, 0.0], [0.9, 0.2]], [-4.0, -1.0], 2.0),
        ([[0.3, 1.0]], [-4.0, -1.0], 2.0),
        ([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]], [1.0, -1.0, 0.5], -0.5),
    ):
        came = answer(tf.constant(x), tf.constant(w), tf.constant(b))
        what = f"neuron({x}, {w}, {b})"
        expected = 1 / (1 + np.exp(-(np.array(x) @ np.array(w) + b)))
        if np.shape(came) == expected.shape:
            _must_be_probability(np.asarray(came, dtype=float), what)
        compare(came, expected, what=what)
    return say("The same three steps for one part or for many: the axes do the loop.")


@exercise("1-3")
def tanh_gradients(answer: Callable) -> str:
    """Check gradients through tanh and the squared error against a tape.

    answer: function of `x` `(input,)`, `target` `()`, `w` `(input,)` and `b` `()`, float32, to the
    gradients of the loss by `w` `(input,)` and by `b` `()`.
    """
    import tensorflow as tf

    for numbers in (
        ([0.3, 1.0], 1.0, [-4.0, -1.0], 2.0),
        ([0.5, -0.2], -1.0, [0.4, 1.5], 0.1),
        ([1.0, 2.0, 3.0], 1.0, [0.1, 0.2, -0.3], 0.0),
    ):
        x, target, w, b = (tf.constant(part) for part in numbers)
        with tf.GradientTape() as tape:
            tape.watch([w, b])
            loss = (tf.tanh(tf.reduce_sum(x * w) + b) - target) ** 2
        expected = tape.gradient(loss, (w, b))
        came = answer(x, target, w, b)
        call = "tanh_gradients({}, {}, {}, {})".format(*numbers)
        if not isinstance(came, tuple | list) or len(came) != len(expected):
            not_yet(
                "{call}: expected two gradients, first by w and then by b, got {kind}.",
                **{"call": call, "kind": type(came).__name__},
            )
        for name, one, other in zip(("w", "b"), came, expected, strict=True):
            compare(one, other, what=say("{call}, the gradient by {name}", call=call, name=name))
    return say("Your hand and the tape agree: for another activation one factor changes.")


@exercise("1-4")
def halvings(answer: Callable) -> str:
    """Check a counting loop: right for many numbers, by one trace of a `tf.function`.

    answer: `tf.function` of a float32 tensor `()` to a whole number.
    """
    import tensorflow as tf

    if not hasattr(answer, "experimental_get_tracing_count"):
        not_yet(
            "Expected a `tf.function`, got {kind}, which runs its Python at every call. "
            "What in section 7 made a graph of a function?",
            kind=type(answer).__name__,
        )
    # A fresh wrapper: earlier calls of the learner, with Python numbers perhaps, don't count.
    traced = tf.function(answer.python_function)
    for number, expected in ((0.3, 0), (1.0, 1), (10.0, 4), (1023.0, 10), (1024.0, 11)):
        compare(traced(tf.constant(number)), expected, what=f"halvings({number})")
    count = traced.experimental_get_tracing_count()
    if count != 1:
        not_yet(
            "Expected one trace for five tensors, got {count}. What makes each one special?",
            count=count,
        )
    return say("Right for five numbers, by one trace: the loop is in the graph.")


@exercise("1-5")
def gain(sizes: Sequence[float], ratios: Sequence[float], mind: str) -> str:
    """Check that a measurement covers enough and comes with a claim that can be refuted.

    sizes: numbers in the tensor of each measurement; at least four, increasing.
    ratios: eager time over graph time for each size; none is right or wrong here.
    mind: the learner's claim, and what would change it.
    """
    sizes, ratios = np.asarray(sizes, dtype=float), np.asarray(ratios, dtype=float)
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
    if not (np.isfinite(ratios) & (ratios > 0)).all():
        not_yet(
            "Expected positive ratios, since times are positive, got {ratios}.",
            ratios=ratios.tolist(),
        )
    reason(mind, "Say in `mind` where the gain ends and which measurement would change your mind.")
    fields = {"small": sizes[0], "large": sizes[-1], "first": ratios[0], "last": ratios[-1]}
    if ratios[-1] < ratios[0]:
        return say(
            "From size {small:g} to {large:g} the ratio fell: {first:.1f} to {last:.1f}. Does that "
            "support your claim? Compare with a neighbour's machine.",
            **fields,
        )
    return say(
        "From size {small:g} to {large:g} the ratio did not fall: {first:.1f} to {last:.1f}. Does "
        "that support your claim? Compare with a neighbour's machine.",
        **fields,
    )


def _must_be_probability(came: np.ndarray, what: str) -> None:
    outside = came[(came < 0) | (came > 1)]
    if outside.size:
        not_yet(
            "{call}: expected values between 0 and 1, got {got:.6g}. Which of the three steps "
            "takes care of that?",
            **{"call": what, "got": outside[0]},
        )
