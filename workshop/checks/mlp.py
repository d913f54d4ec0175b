"""Checks of lesson 03, the multi-layer perceptron."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.engine import compare, exercise, not_yet

if TYPE_CHECKING:
    import keras

MOST_PARAMETERS = 20_000
# Kernels are random: with 300 x 200 and more weights the spread is off by less than 1 %.
SPREAD_TOLERANCE = 0.05


@exercise("3-1")
def leaky_relu_derivative(answer: Callable) -> str:
    """Check the derivative of leaky ReLU against a tape.

    Args:
        answer: function of `z`, float32 of any shape, and the slope for negative `z`; returns the
            derivative at each `z`, of the same shape.

    Returns:
        The outcome: rows and matrices, three slopes; zero itself is not asked for.
    """
    import tensorflow as tf

    for rows, slope in (
        ([-3.0, -0.5, 0.2, 4.0], 0.1),
        ([[-1.0, 2.0], [0.3, -7.0]], 0.25),
        ([-2.0, 5.0], 0.0),
    ):
        z = tf.constant(rows)
        with tf.GradientTape() as tape:
            tape.watch(z)
            values = tf.nn.leaky_relu(z, alpha=slope)
        what = f"leaky_relu_derivative({rows}, {slope})"
        came = answer(z, slope)
        if np.shape(came) == z.shape and np.allclose(came, values) and came is not None:
            not_yet(f"{what} gave {np.asarray(came)}: that is leaky ReLU itself, not its slope.")
        compare(came, tape.gradient(values, z), what=what)
    return "One slope to the right of zero and another to the left: it never dies out."


@exercise("3-2")
def merge_linear(answer: Callable) -> str:
    """Check that one layer does what two layers without an activation did.

    Args:
        answer: function of `W1` `(inputs, hidden)`, `b1` `(hidden,)`, `W2` `(hidden, outputs)` and
            `b2` `(outputs,)`, NumPy float32; returns kernel `(inputs, outputs)` and bias
            `(outputs,)` of one layer.

    Returns:
        The outcome: stacks of several sizes.
    """
    random = np.random.default_rng(3)
    for inputs, hidden, outputs in ((3, 5, 2), (4, 2, 4), (1, 3, 1)):
        W1, b1 = random.normal(size=(inputs, hidden)), random.normal(size=hidden)
        W2, b2 = random.normal(size=(hidden, outputs)), random.normal(size=outputs)
        came = answer(*(part.astype("float32") for part in (W1, b1, W2, b2)))
        sizes = f"{inputs} -> {hidden} -> {outputs}"
        if came is None or not isinstance(came, tuple | list) or len(came) != 2:
            not_yet(f"For {sizes}, {type(came).__name__} came; two things are needed: W and b.")
        W, b = came
        compare(W, W1 @ W2, what=f"the kernel for {sizes}", rtol=1e-3)
        if np.shape(b) == (outputs,) and np.allclose(b, b2, atol=1e-5):
            not_yet(f"The bias for {sizes} is b2 alone. What becomes of b1 on its way out?")
        compare(b, b1 @ W2 + b2, what=f"the bias for {sizes}", rtol=1e-3)
    return "Without an activation between them, two layers are one."


@exercise("3-3")
def he_kernel(answer: Callable) -> str:
    """Check a random kernel for a ReLU layer: its shape, mean and spread, and that it is random.

    Args:
        answer: function of the numbers of inputs and units; returns a kernel `(inputs, units)`
            with mean 0 and standard deviation `sqrt(2 / inputs)`.

    Returns:
        The outcome: three sizes, and a signal sent through ten layers.
    """
    for inputs, units in ((784, 200), (300, 400), (2000, 50)):
        kernel = np.asarray(_numbers(answer(inputs, units), inputs, units))
        what = f"he_kernel({inputs}, {units})"
        if kernel.shape != (inputs, units):
            not_yet(f"{what}: the shape {kernel.shape} came, {(inputs, units)} was expected.")
        wanted, spread = float(np.sqrt(2 / inputs)), float(kernel.std())
        if abs(kernel.mean()) > SPREAD_TOLERANCE * wanted:
            not_yet(f"{what}: the mean is {kernel.mean():.4f}; it should be near 0.")
        if abs(spread - wanted) > SPREAD_TOLERANCE * wanted:
            not_yet(f"{what}: the standard deviation is {spread:.4f}, expected {wanted:.4f}.")
        if np.array_equal(kernel, answer(inputs, units)):
            not_yet(f"{what} gave the same numbers twice. Each layer needs its own.")
    signal = np.random.default_rng(0).normal(size=(100, 256))
    for _ in range(10):
        signal = np.maximum(signal @ np.asarray(answer(256, 256)), 0)
    size = np.sqrt(np.mean(np.square(signal)))
    return f"After ten ReLU layers a signal of size 1 still has the size {size:.2f}."


def _numbers(came: object, inputs: int, units: int) -> object:
    if came is None or came is ...:
        not_yet(f"he_kernel({inputs}, {units}) gave {came}; an array of numbers is needed.")
    return came


@exercise("3-4")
def my_model(answer: "keras.Model", x_test: np.ndarray, y_test: np.ndarray, baseline: float) -> str:
    """Check a small network that the learner built: it has to beat the linear model.

    Args:
        answer: Keras model of images `(batch, 28, 28)`, 0..255, that returns `(batch, 10)`, with
            at most 20,000 parameters.
        x_test: test images `(n, 28, 28)`, uint8.
        y_test: labels `(n,)`.
        baseline: test accuracy of the model without a hidden layer, 0..1.

    Returns:
        The outcome, with the accuracy reached.
    """
    if not callable(getattr(answer, "predict", None)):
        not_yet(f"A {type(answer).__name__} came; a Keras model is needed.")
    if (size := answer.count_params()) > MOST_PARAMETERS:
        not_yet(f"Your model has {size:,} parameters; at most {MOST_PARAMETERS:,} are allowed.")
    scores = np.asarray(answer.predict(x_test, verbose=0))
    if scores.shape != (len(x_test), 10):
        not_yet(f"For {len(x_test)} images the shape {scores.shape} came, not ({len(x_test)}, 10).")
    reached = float(np.mean(scores.argmax(axis=1) == y_test))
    if reached - baseline < 0.5 / len(y_test):  # Keras gives float32: equal ones may differ a bit
        not_yet(
            f"Test accuracy {reached:.3f} with {size:,} parameters; the model without a hidden "
            f"layer has {baseline:.3f}. Did the loss still fall at the end?"
        )
    return f"Test accuracy {reached:.3f} with {size:,} parameters; without hidden: {baseline:.3f}."
