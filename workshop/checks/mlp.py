"""Checks of lesson 03, the multi-layer perceptron."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import accuracy, compare, exercise, keras_model, not_yet, scores_of
from workshop.messages import say

if TYPE_CHECKING:
    import keras

MOST_PARAMETERS = 20_000
# Kernels are random: with 300 x 200 and more weights the spread is off by less than 1 %.
SPREAD_TOLERANCE = 0.05


@exercise("3-1")
def leaky_relu_derivative(answer: Callable) -> str:
    """Check the derivative of leaky ReLU against a tape.

    answer: function of `z`, float32 of any shape, and the slope for negative `z` to the derivative
    at each `z`, of the same shape. Zero itself is not asked for.
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
        call = f"leaky_relu_derivative({rows}, {slope})"
        came = answer(z, slope)
        if np.shape(came) == z.shape and np.allclose(came, values):
            not_yet(
                "{call}: expected the slope, got leaky ReLU itself: {got}.",
                **{"call": call, "got": np.asarray(came)},
            )
        compare(came, tape.gradient(values, z), what=call)
    return say("One slope to the right of zero and another to the left: it never dies out.")


@exercise("3-2")
def merge_linear(answer: Callable) -> str:
    """Check that one layer does what two layers without an activation did.

    answer: function of `W1` `(inputs, hidden)`, `b1` `(hidden,)`, `W2` `(hidden, outputs)` and `b2`
    `(outputs,)`, NumPy float32, to kernel `(inputs, outputs)` and bias `(outputs,)` of one layer.
    """
    random = np.random.default_rng(3)
    for inputs, hidden, outputs in ((3, 5, 2), (4, 2, 4), (1, 3, 1)):
        W1, b1 = random.normal(size=(inputs, hidden)), random.normal(size=hidden)
        W2, b2 = random.normal(size=(hidden, outputs)), random.normal(size=outputs)
        came = answer(*(part.astype("float32") for part in (W1, b1, W2, b2)))
        sizes = f"{inputs} -> {hidden} -> {outputs}"
        if not isinstance(came, tuple | list) or len(came) != 2:
            kind = type(came).__name__
            not_yet(
                "For {sizes}: expected two arrays, W and b, got {kind}.", sizes=sizes, kind=kind
            )
        W, b = came
        compare(W, W1 @ W2, what=say("the kernel for {sizes}", sizes=sizes), rtol=1e-3)
        if np.shape(b) == (outputs,) and np.allclose(b, b2, atol=1e-5):
            not_yet(
                "The bias for {sizes} is b2 alone. What becomes of b1 on its way out?", sizes=sizes
            )
        compare(b, b1 @ W2 + b2, what=say("the bias for {sizes}", sizes=sizes), rtol=1e-3)
    return say("Without an activation between them, two layers are one.")


@exercise("3-3")
def he_kernel(answer: Callable) -> str:
    """Check a random kernel for a ReLU layer: its shape, mean and spread, and that it is random.

    answer: function of the numbers of inputs and units to a kernel `(inputs, units)` with mean 0
    and standard deviation `sqrt(2 / inputs)`.
    """
    for inputs, units in ((784, 200), (300, 400), (2000, 50)):
        call, came = f"he_kernel({inputs}, {units})", answer(inputs, units)
        if came is None or came is ...:
            not_yet("{call}: expected an array of numbers, got {got}.", call=call, got=came)
        kernel = np.asarray(came)
        if kernel.shape != (inputs, units):
            not_yet(
                "{call}: expected shape {expected}, got {got}.",
                **{"call": call, "expected": (inputs, units), "got": kernel.shape},
            )
        wanted, spread = float(np.sqrt(2 / inputs)), float(kernel.std())
        if abs(mean := kernel.mean()) > SPREAD_TOLERANCE * wanted:
            not_yet("{call}: expected a mean near 0, got {mean:.4f}.", call=call, mean=mean)
        if abs(spread - wanted) > SPREAD_TOLERANCE * wanted:
            not_yet(
                "{call}: expected the standard deviation {expected:.4f}, got {got:.4f}.",
                **{"call": call, "expected": wanted, "got": spread},
            )
        if np.array_equal(kernel, answer(inputs, units)):
            not_yet("{call} gave the same numbers twice. Each layer needs its own.", call=call)
    signal = np.random.default_rng(0).normal(size=(100, 256))
    for _ in range(10):
        signal = np.maximum(signal @ np.asarray(answer(256, 256)), 0)
    size = np.sqrt(np.mean(np.square(signal)))
    return say("After ten ReLU layers a signal of size 1 still has the size {size:.2f}.", size=size)


@exercise("3-4")
def my_model(answer: "keras.Model", x_test: np.ndarray, y_test: np.ndarray, baseline: float) -> str:
    """Check a small network that the learner built: it has to beat the linear model.

    answer: Keras model of images `(batch, 28, 28)`, 0..255, to `(batch, 10)`, with at most 20,000
    parameters.
    x_test: test images `(n, 28, 28)`, uint8.
    y_test: labels `(n,)`.
    baseline: test accuracy of the model without a hidden layer, 0..1.
    """
    keras_model(answer)
    if (size := answer.count_params()) > (most := MOST_PARAMETERS):
        not_yet("Expected at most {most:,} parameters, got {size:,}.", most=most, size=size)
    reached = accuracy(scores_of(answer, x_test), y_test)
    fields = {"reached": reached, "size": size, "baseline": baseline}
    if reached - baseline < 0.5 / len(y_test):  # Keras gives float32: equal ones may differ a bit
        not_yet(
            "Expected a test accuracy above {baseline:.3f}, that of the model without a hidden "
            "layer, got {reached:.3f} with {size:,} parameters. Did the loss still fall at the "
            "end?",
            **fields,
        )
    return say(
        "Test accuracy {reached:.3f} with {size:,} parameters; without a hidden layer: "
        "{baseline:.3f}.",
        **fields,
    )
