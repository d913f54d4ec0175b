"""Checks of lesson 03, the multi-layer perceptron."""

import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import (
    accuracy,
    compare,
    exercise,
    keras_model,
    not_yet,
    scores_of,
)
from workshop.checks.linear import is_linear, straight_layer
from workshop.messages import say

if TYPE_CHECKING:
    import keras

MOST_PARAMETERS = 20_000
# Kernels are random: with 100,000 numbers and more the spread is off by less than 1 %.
SPREAD_TOLERANCE = 0.05
# Of the fourth power: 3 for a normal distribution, 2.4 for Keras's, which is cut off at two
# standard deviations, 1.8 for numbers that are spread evenly.
FLATTEST, PEAKED = 2.1, 3.5
LEARNED = 0.9  # of easy digits; the broken builder reads a tenth
ABOUT = (
    "deep|depth|wid|layer|unit|neuron|param|accura|test|valid|seed|run|narrow|shallow|size"
    "|schicht|tief|breit|einheit|genau|couche|profond|larg|capa|anch|strat"
)


@exercise("3-1")
def leaky_relu_derivative(answer: Callable) -> str:
    """Check the derivative of leaky ReLU against a tape.

    answer: function of `z`, float32 of any shape, and the slope for negative `z`, 0 to 1, to the
    derivative at each `z`, of the same shape. Zero itself is not asked for.
    """
    import tensorflow as tf

    random = np.random.default_rng()
    away_from_zero = random.uniform(0.1, 4, (2, 3, 4)) * random.choice([-1, 1], (2, 3, 4))
    for rows, slope in (
        ([-3.0, -0.5, 0.2, 4.0], 0.1),
        ([[-1.0, 2.0], [0.3, -7.0]], 0.25),
        ([-2.0, 5.0], 0.0),
        (away_from_zero, round(random.uniform(0.3, 0.9), 2)),
        (-2.5, 0.4),
        (0.15, 0.4),
        ([-200.0, 0.05, -0.05, 300.0], 0.02),
    ):
        z = tf.constant(rows, tf.float32)
        with tf.GradientTape() as tape:
            tape.watch(z)
            values = tf.nn.leaky_relu(z, alpha=slope)
        what = rows if z.shape.rank < 3 else say("z of shape {shape}", shape=tuple(z.shape))
        call = f"leaky_relu_derivative({what}, {slope})"
        came = answer(z, slope)
        if z.shape.rank == 1 and np.shape(came) == z.shape and np.allclose(came, values):
            not_yet(
                "{call}: expected the slope, got leaky ReLU itself: {got}.",
                **{"call": call, "got": np.asarray(came)},
            )
        compare(came, tape.gradient(values, z), what=call, rtol=0.01, atol=1e-3)
    return say("One slope to the right of zero and another to the left: the unit never dies.")


@exercise("3-2")
def merge_linear(answer: Callable) -> str:
    """Check that one layer does what two layers without an activation did.

    answer: function of `W1` `(inputs, hidden)`, `b1` `(hidden,)`, `W2` `(hidden, outputs)` and `b2`
    `(outputs,)`, NumPy float32, to kernel `(inputs, outputs)` and bias `(outputs,)` of one layer.
    """
    random = np.random.default_rng()
    for inputs, hidden, outputs in ((3, 5, 2), (4, 2, 4), (1, 3, 1), (3, 3, 3), (2, 1, 6)):
        W1 = random.normal(size=(inputs, hidden))
        b1 = random.uniform(0.5, 2, hidden) * (-1) ** np.arange(hidden)
        W2, b2 = random.normal(size=(hidden, outputs)), random.normal(size=outputs)
        came = answer(*(part.astype("float32") for part in (W1, b1, W2, b2)))
        sizes = f"{inputs} -> {hidden} -> {outputs}"
        came = tuple(came) if isinstance(came, Iterator) else came
        if not isinstance(came, tuple | list) or len(came) != 2:
            kind = len(came) if isinstance(came, tuple | list) else type(came).__name__
            fields = {"sizes": sizes, "got": kind}
            not_yet("For {sizes}: expected two arrays, W and b, got {got}.", **fields)
        W, b = came
        close: dict = {"rtol": 1e-3, "atol": 1e-4}
        compare(W, W1 @ W2, what=say("the kernel for {sizes}", sizes=sizes), **close)
        if np.shape(b) == (outputs,) and np.allclose(b, b2, atol=1e-5):
            not_yet(
                "The bias for {sizes} is b2 alone. What becomes of b1 on its way out?", sizes=sizes
            )
        compare(b, b1 @ W2 + b2, what=say("the bias for {sizes}", sizes=sizes), **close)
    return say("Without an activation between them, two layers are one.")


@exercise("3-3")
def he_kernel(answer: Callable) -> str:
    """Check a kernel for a ReLU layer: shape, mean, spread, distribution, and that it is random.

    answer: function of the numbers of inputs and units to a kernel `(inputs, units)`, drawn from a
    normal distribution with mean 0 and standard deviation `sqrt(2 / inputs)`.
    """
    for inputs, units in ((784, 200), (300, 400), (2000, 50), (4, 30_000), (5, 1)):
        call, came = f"he_kernel({inputs}, {units})", answer(inputs, units)
        try:
            kernel = np.asarray(np.asarray(came) + 0.0, dtype=float)
        except (TypeError, ValueError):
            got = came if came is None or came is ... else type(came).__name__
            not_yet("{call}: expected an array of numbers, got {got}.", call=call, got=got)
        if kernel.shape != (inputs, units):
            fields = {"call": call, "expected": (inputs, units), "got": kernel.shape}
            not_yet("{call}: expected shape {expected}, got {got}.", **fields)
        if kernel.size > 1000:
            _judge_spread(call, kernel, float(np.sqrt(2 / inputs)))
        if np.array_equal(kernel, answer(inputs, units)):
            not_yet("{call} gave the same numbers twice. Each layer needs its own.", call=call)
    signal = np.random.default_rng(0).normal(size=(100, 256))
    for _ in range(10):
        signal = np.maximum(signal @ np.asarray(answer(256, 256)), 0)
    size = np.sqrt(np.mean(np.square(signal)))
    return say("After ten ReLU layers a signal of size 1 still has the size {size:.2f}.", size=size)


def _judge_spread(call: str, kernel: np.ndarray, wanted: float) -> None:
    spread, mean = float(kernel.std()), float(kernel.mean())
    if abs(mean) > SPREAD_TOLERANCE * wanted:
        not_yet("{call}: expected a mean near 0, got {mean:.4f}.", call=call, mean=mean)
    if not abs(spread - wanted) <= SPREAD_TOLERANCE * wanted:
        not_yet(
            "{call}: expected the standard deviation {expected:.4f}, got {got:.4f}.",
            **{"call": call, "expected": wanted, "got": spread},
        )
    copied = any(np.unique(kernel, axis=k).shape != kernel.shape for k in (0, 1))
    if copied or len(np.unique(kernel)) < kernel.size / 50:  # float16 has few different ones
        not_yet("{call}: many weights are equal. Each one is drawn for itself.", call=call)
    if not FLATTEST < np.mean(((kernel - mean) / spread) ** 4) < PEAKED:
        not_yet(
            "{call}: mean and spread are right, but the numbers are not from a normal "
            "distribution, where small ones are frequent and large ones rare.",
            call=call,
        )


@exercise("3-5")
def dead_units(answer: Callable) -> str:
    """Check a count of the units that are off on every example.

    answer: function of the outputs of a ReLU layer, NumPy float32 `(examples, units)`, to the
    number of units whose output is 0 on all examples.
    """
    random = np.random.default_rng()
    for examples, units in ((6, 4), (5, 5), (3, 40), (1, 6), (200, 3)):
        outputs = np.maximum(random.normal(size=(examples, units)), 0.1).astype("float32")
        outputs[random.random(outputs.shape) < (0.5 if examples < 100 else 0.99)] = 0
        outputs[random.integers(examples, size=units), np.arange(units)] = 1e-4  # all alive
        dead = random.permutation(units)[: random.integers(1, units)]
        for case, some in (("some", dead), ("no", dead[:0]), ("all", np.arange(units))):
            given = outputs.copy()
            given[:, some] = 0
            if case == "no" and examples > 2:
                given[1] = 0  # an empty example is no dead unit
                given[0, given.max(axis=0) == 0] = 2
            what = say("outputs of shape {shape}, {some} units dead", shape=given.shape, some=case)
            compare(answer(given), len(some), what=what, rtol=0)
    return say("A unit that is off everywhere gets no gradient: its weights learn nothing more.")


@exercise("3-6")
def fixed(answer: Callable) -> str:
    """Check a builder of networks that was broken in three places, by what its networks do.

    answer: function of the numbers of units of the hidden layers, a tuple, to a Keras model of
    images `(batch, 28, 28)`, 0..255, to ten probabilities `(batch, 10)`.
    """
    random = np.random.default_rng()
    images = random.integers(0, 256, (64, 28, 28)).astype("uint8")
    for units in ((17,), (30, 20)):
        model, call = answer(units), f"fixed({units})"
        scores = scores_of(model, images)
        sizes = (784, *units, 10)
        wanted = sum((a + 1) * b for a, b in itertools.pairwise(sizes))
        if (size := model.count_params()) != wanted:
            not_yet(
                "{call}: expected {wanted:,} parameters, as the broken one has, got {size:,}.",
                **{"call": call, "wanted": wanted, "size": size},
            )
        _judge_probabilities(call, scores)
        layer = straight_layer(answer(units), sizes)
        if layer != 0 and is_linear(model):
            not_yet(
                "{call}: along a line between two pictures the logits are a straight line: many "
                "layers do the work of one. What is missing between them (section 5)?",
                call=call,
            )
        if layer:
            fields = {"call": call, "layer": layer}
            not_yet("{call}: hidden layer {layer} has no activation: it is linear.", **fields)
    return _judge_training(model)


def _judge_probabilities(call: str, scores: np.ndarray) -> None:
    sums = scores.sum(axis=1)
    if not (scores.min() >= 0 and np.allclose(sums, 1, atol=1e-3)):
        not_yet(
            "{call}: expected ten probabilities that sum to 1, got a row from {low:.3g} to "
            "{high:.3g} with the sum {total:.3g}. What does the last layer need?",
            **{"call": call, "low": scores[0].min(), "high": scores[0].max(), "total": sums[0]},
        )
    if np.ptp(scores, axis=0).max() < 1e-6:
        not_yet(
            "{call}: 64 different pictures get the same ten numbers. Look at the first weights: "
            "what becomes of a picture there (section 7)?",
            call=call,
        )
    ranked = np.sort(scores, axis=1)
    equal = (np.diff(ranked, axis=1) == 0) & (ranked[:, 1:] > 1e-6)
    if equal.any(axis=1).mean() > 0.5:  # in single rows by rounding
        not_yet(
            "{call}: several digits have one and the same probability. Is a ReLU left before the "
            "softmax? It makes one 0 of all negative logits.",
            call=call,
        )


def _judge_training(model: "keras.Model") -> str:
    import keras

    random = np.random.default_rng(0)
    labels = random.integers(0, 10, 600)
    images = (random.random((600, 28, 28)) * 60).astype("uint8")
    images[np.arange(600), 2 * labels + 3, 4:24] = 255
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(images, labels, batch_size=50, epochs=16, verbose=0)
    reached = accuracy(scores := scores_of(model, images), labels)
    if scores.max() < 0.5 and reached > 0.5:
        not_yet(
            "After training no probability is above {high:.2f}, so something bounds the logits. "
            "Is there another activation before the softmax?",
            high=scores.max(),
        )
    if not reached >= LEARNED:
        not_yet(
            "Trained on ten kinds of stripes, it reads {reached:.0%} of them; a sound network "
            "reads nearly all. Are pixels small numbers, and do all units start differently?",
            reached=reached,
        )
    return say(
        "All three are fixed: it reads {reached:.0%} of ten kinds of stripes.", reached=reached
    )


@exercise("3-4")
def my_model(
    answer: "keras.Model", mind: str, x_test: np.ndarray, y_test: np.ndarray, baseline: float
) -> str:
    """Check a small network that the learner built: it has to beat the linear model.

    answer: Keras model of images `(batch, 28, 28)`, 0..255, to `(batch, 10)`, with a hidden layer
    and at most 20,000 parameters.
    mind: which result would change one's mind about depth and width, a sentence.
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
    if is_linear(answer):
        not_yet("Your model is linear in the pixels. Expected a hidden layer, with an activation.")
    asked = say(
        "It reads {reached:.3f} with {size:,} parameters. Now say in `mind` which result would "
        "change your mind about depth and width.",
        **fields,
    )
    claim(mind, asked, ABOUT)
    return say(
        "Test accuracy {reached:.3f} with {size:,} parameters; without a hidden layer: "
        "{baseline:.3f}.",
        **fields,
    )
