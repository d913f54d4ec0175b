"""What a residual block computes, and the slips that people make: for the check of lesson 04b."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from workshop.checks.engine import compare, not_yet
from workshop.messages import say

if TYPE_CHECKING:
    import keras

KERNEL_AXES = 4  # of a convolution: height, width, channels in, channels out
# Weights beside kernels, and the values with which they change nothing; others stay as they are.
NEUTRAL = {"gamma": 1, "beta": 0, "moving_mean": 0, "moving_variance": 1, "bias": 0, "alpha": 0}


def is_residual(model: "keras.Model", shape: tuple) -> None:
    """Ask for `relu(inputs + f(inputs))`, with two convolutions of 3 x 3 in `f`.

    Args:
        model: the block; its weights become others.
        shape: of its inputs, without the batch.

    Raises:
        Exception: one that `exercise` turns into "not yet", where it computes something else.
    """
    _two_convolutions(model)
    _lets_pass(model, shape)
    _is_the_formula(model, shape)


def _two_convolutions(model: "keras.Model") -> None:
    kernels = [w for w in model.weights if len(w.shape) == KERNEL_AXES]
    if len(kernels) != 2 or any(tuple(k.shape[:2]) != (3, 3) for k in kernels):
        sizes = [tuple(k.shape[:2]) for k in kernels]
        not_yet("Expected two kernels of 3 x 3, got sizes {got}.", got=sizes)


def _lets_pass(model: "keras.Model", shape: tuple) -> None:
    inputs = np.random.default_rng().normal(size=(2, *shape)).astype("float32")
    kept = model.get_weights()
    model.set_weights([np.zeros_like(weights) for weights in kept])
    came = model(inputs, training=False)
    if np.allclose(came, 0):
        not_yet("With all weights zero, nothing comes out; the inputs have to be added.")
    if np.allclose(came, inputs):
        not_yet("With all weights zero, negative values pass; a last ReLU is missing.")
    compare(came, np.maximum(inputs, 0), what=say("the block with all weights zero"))
    model.set_weights(kept)


def _is_the_formula(model: "keras.Model", shape: tuple) -> None:
    """Compare with `relu(inputs + change)`: kernels at random, and nothing else does anything."""
    random = np.random.default_rng()
    names = [weight.name for weight in model.weights]
    weights = [
        random.normal(scale=0.3, size=kept.shape).astype("float32")
        if kept.ndim == KERNEL_AXES
        else np.full_like(kept, NEUTRAL.get(name, kept))
        for name, kept in zip(names, model.get_weights(), strict=True)
    ]
    model.set_weights(weights)
    inputs = random.normal(size=(1, *shape)).astype("float32")
    came = np.asarray(model(inputs, training=False))
    # Batch normalisation divides by a little more than 1, of which the formula knows nothing.
    loose = "moving_variance" in names
    near: dict[str, Any] = {"rtol": 1e-3, "atol": 0.01 * np.abs(came).max() if loose else 1e-4}
    one, two = (weight for weight in weights if weight.ndim == KERNEL_AXES)
    # A layer may have made its second convolution first.
    orders = [pair for pair in ((one, two), (two, one)) if _fit(*pair, channels=shape[-1])]
    if not orders:
        not_yet(
            "Expected the kernels of two Conv2D layers, got shapes {first} and {second}.",
            **{"first": one.shape, "second": two.shape},
        )
    for order in orders:
        for slip, change in _changes(inputs, *order):
            if np.allclose(came, np.maximum(inputs + change, 0), **near):
                _name_the_slip(slip)
                return
    if names.count("gamma") > names.count("moving_variance"):
        not_yet("The block normalises each picture by itself. Try it without, or over the batch.")
    _, change = next(_changes(inputs, *orders[0]))
    expected = np.maximum(inputs + change, 0)
    compare(came, expected, what=say("the block with random kernels"), **near)


def _fit(first: np.ndarray, second: np.ndarray, *, channels: int) -> bool:
    """Whether the second convolution takes what the first gives, and gives back the channels."""
    inner = first.shape[-1]
    return first.shape[2:] == (channels, inner) and second.shape[2:] == (inner, channels)


def _changes(
    inputs: np.ndarray, first: np.ndarray, second: np.ndarray
) -> Iterator[tuple[str, np.ndarray]]:
    """Give the right change, and wrong ones that people write, each with its name."""
    import tensorflow as tf

    def convolved(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        return tf.nn.conv2d(x, kernel, 1, "SAME").numpy()

    def relu(x: np.ndarray) -> np.ndarray:
        return np.maximum(x, 0)

    one = convolved(inputs, first)
    change = convolved(relu(one), second)
    yield "", change
    yield "relu before the sum", relu(change)
    yield "no relu between", convolved(one, second)
    if first.shape == second.shape:
        other = convolved(inputs, second)
        for beside in (one + other, relu(one) + other, relu(one) + relu(other), relu(one + other)):
            yield "side by side", beside


def _name_the_slip(slip: str) -> None:
    if slip == "relu before the sum":
        not_yet("A ReLU stands before the sum; expected it after: relu(inputs + change).")
    if slip == "no relu between":
        not_yet("Between the two convolutions a ReLU is missing.")
    if slip == "side by side":
        not_yet("Both convolutions take the inputs; the second has to take what the first gives.")
