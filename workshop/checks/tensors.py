"""Checks of lesson 01: tensors, neurons, gradients, graphs."""

import numpy as np

from workshop.checks.engine import compare, exercise, not_yet, reason

FEWEST_SIZES = 4
WIDEST_STEP = 50


@exercise("1-1")
def standardise(answer):
    """Check that each column gets mean 0 and standard deviation 1, whatever the table.

    Args:
        answer: the learner's function; takes `(example, column)` float32, gives the same shape.

    Returns:
        An `Outcome`.

    Example:
        >>> standardise(lambda x: x).status
        'not yet'
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
    return "Each column now has mean 0 and standard deviation 1; its unit is gone."


@exercise("1-2")
def neuron(answer):
    """Check a neuron on several parts, on one, and with more inputs.

    Args:
        answer: the learner's function of `x (example, input)`, `w (input,)` and `b`; gives
            probabilities `(example,)`.

    Returns:
        An `Outcome`.

    Example:
        >>> neuron(lambda x, w, b: x @ w + b).status
        'not yet'
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
        if np.shape(came) == expected.shape and came is not None:
            _must_be_probability(np.asarray(came, dtype=float), what)
        compare(came, expected, what=what)
    return "The same three steps for one part or for many: the axes do the loop."


@exercise("1-3")
def tanh_gradients(answer):
    """Check gradients through tanh and the squared error against a tape.

    Args:
        answer: the learner's function of `x (input,)`, `target`, `w (input,)` and `b`; gives
            the gradient of the loss by w, `(input,)`, and by b, `()`.

    Returns:
        An `Outcome`.

    Example:
        >>> tanh_gradients(lambda x, target, w, b: 0).status
        'not yet'
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
        what = "tanh_gradients({}, {}, {}, {})".format(*numbers)
        if not isinstance(came, tuple | list) or len(came) != len(expected):
            not_yet(f"{what} gave {type(came).__name__}; two are needed: by w, then by b.")
        for name, one, other in zip(("w", "b"), came, expected, strict=True):
            compare(one, other, what=f"{what}, the gradient by {name}")
    return "Your hand and the tape agree: for another activation one factor changes."


@exercise("1-4")
def halvings(answer):
    """Check a counting loop: right for many numbers, by one trace of a `tf.function`.

    Args:
        answer: the learner's `tf.function` of a float32 scalar tensor; gives a whole number.

    Returns:
        An `Outcome`.

    Example:
        >>> halvings(lambda n: 0).status
        'not yet'
    """
    import tensorflow as tf

    if not hasattr(answer, "experimental_get_tracing_count"):
        not_yet(
            f"A plain {type(answer).__name__} came, which runs its Python at every call. "
            "What in section 7 made a graph of a function?"
        )
    # A fresh wrapper: earlier calls of the learner, with Python numbers perhaps, don't count.
    traced = tf.function(answer.python_function)
    for number, expected in ((0.3, 0), (1.0, 1), (10.0, 4), (1023.0, 10), (1024.0, 11)):
        compare(traced(tf.constant(number)), expected, what=f"halvings({number})")
    count = traced.experimental_get_tracing_count()
    if count != 1:
        not_yet(f"Five tensors took {count} traces; 1 was expected. What makes each one special?")
    return "Right for five numbers, by one trace: the loop is in the graph."


@exercise("1-5")
def gain(sizes, ratios, mind):
    """Check that a measurement covers enough and comes with a claim that can be refuted.

    What was measured is the learner's: no value is right or wrong here.

    Args:
        sizes: numbers in the tensor of each measurement; at least four, increasing.
        ratios: eager time over graph time for each size.
        mind: the learner's claim, and what would change it.

    Returns:
        An `Outcome`; it says what the numbers show.

    Example:
        >>> gain([10, 20, 30, 40], [9, 8, 7, 6], "It never ends.").status
        'not yet'
    """
    sizes, ratios = np.asarray(sizes, dtype=float), np.asarray(ratios, dtype=float)
    if sizes.ndim != 1 or sizes.shape != ratios.shape:
        not_yet(f"Shapes {sizes.shape} and {ratios.shape} came; one ratio a size is needed.")
    if len(sizes) < FEWEST_SIZES:
        not_yet(f"{len(sizes)} sizes came; at least {FEWEST_SIZES} are needed to see a course.")
    if (np.diff(sizes) <= 0).any() or sizes[0] <= 0:
        not_yet(f"The sizes {sizes.tolist()} don't go from small to large.")
    if sizes[-1] < WIDEST_STEP * sizes[0]:
        not_yet(
            f"The largest size is {sizes[-1] / sizes[0]:.3g} times the smallest; "
            f"at least {WIDEST_STEP} times was expected. Where could the gain end beyond?"
        )
    if not (np.isfinite(ratios) & (ratios > 0)).all():
        not_yet(f"The ratios {ratios.tolist()} came; times are positive, and so are ratios.")
    reason(mind, "Say in `mind` where the gain ends and which measurement would change your mind")
    course = "fell" if ratios[-1] < ratios[0] else "did not fall"
    return (
        f"From size {sizes[0]:g} to {sizes[-1]:g} the ratio {course}: {ratios[0]:.1f} to "
        f"{ratios[-1]:.1f}. Does that support your claim? Compare with a neighbour's machine."
    )


def _must_be_probability(came: np.ndarray, what: str) -> None:
    outside = came[(came < 0) | (came > 1)]
    if outside.size:
        not_yet(
            f"{what}: {outside[0]:.6g} came; a value between 0 and 1 was expected. "
            "Which of the three steps takes care of that?"
        )
