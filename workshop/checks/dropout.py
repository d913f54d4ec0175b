"""What dropout leaves of each hidden unit, read off from a network's probabilities."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from workshop.checks.engine import compare, not_yet
from workshop.messages import say

if TYPE_CHECKING:
    import keras

PIXELS, UNITS, CLASSES = 784, 128, 10
SHAPES = [(PIXELS, UNITS), (UNITS,), (UNITS, CLASSES), (CLASSES,)]
# Of the slope that shows a unit at its class: small, so that no probability is lost in rounding.
SHOWN = 0.5


def must_drop(model: "keras.Model", rate: float, call: str) -> None:
    """Ask for dropout of the hidden units of a network of 784-128-10, at this rate.

    Each hidden unit gives 1, and nine of them are shown at a class each, so that the
    probabilities say what dropout left of each one: 0, or 1 / (1 - rate).

    Args:
        model: Keras model of images `(batch, 28, 28)`, built, to probabilities `(batch, 10)`. Its
            weights are changed.
        rate: the share of units that it has to drop, above 0.
        call: names the model in messages.

    Raises:
        Exception: one that `exercise` turns into "not yet".
    """
    random = np.random.default_rng()
    seen = random.permutation(UNITS)[: CLASSES - 1]
    kernel = np.zeros((UNITS, CLASSES))
    kernel[seen, np.arange(CLASSES - 1)] = SHOWN
    set_weights(model, [np.zeros(SHAPES[0]), np.ones(UNITS), kernel, np.zeros(CLASSES)], call)
    images = random.integers(0, 256, (500, 28, 28)).astype("uint8")
    logs = np.log(np.asarray(model(images, training=True), dtype=float))
    left = (logs[:, :-1] - logs[:, -1:]) / SHOWN  # of each unit
    dropped = np.isclose(left, 0, atol=1e-3)
    share = float(dropped.mean())
    if abs(share - rate) > 0.06:  # seven standard deviations of 4,500 draws
        not_yet(
            "{call}: in training {share:.0%} of the hidden units were dropped, expected "
            "{rate:.0%}.",
            **{"call": call, "share": share, "rate": rate},
        )
    what = say("{call}: a hidden unit of 1 that is kept in training", call=call)
    kept = left[~dropped]
    compare(kept, np.full(kept.shape, 1 / (1 - rate)), what=what, rtol=1e-2)


def must_predict(model: "keras.Model", call: str) -> None:
    """Ask for the outputs of a network of 784-128-10 with ReLU, of grey values 0 to 255.

    Args:
        model: Keras model of images `(batch, 28, 28)`, built, to probabilities `(batch, 10)`. Its
            weights are changed.
        call: names the model in messages.

    Raises:
        Exception: one that `exercise` turns into "not yet".
    """
    random = np.random.default_rng()
    weights = [random.normal(scale=0.1, size=shape) for shape in SHAPES]
    set_weights(model, weights, call)
    images = random.integers(0, 256, (20, 28, 28)).astype("uint8")
    hidden = np.maximum(images.reshape(20, -1) / 255 @ weights[0] + weights[1], 0)
    powers = np.exp(hidden @ weights[2] + weights[3])
    what = say("{call}: probabilities of the layers of `Broken`, when it predicts", call=call)
    came = model.predict(images, verbose=0)
    compare(came, powers / powers.sum(axis=1, keepdims=True), what=what, rtol=1e-2, atol=1e-4)


def judge_fit(answer: Callable) -> str:
    """Ask for a higher loss from `fit` than from `evaluate`, as dropout makes it.

    Args:
        answer: class, or function, of the rate to a Keras model of images to `(batch, 10)`.

    Returns:
        What the two said.

    Raises:
        Exception: one that `exercise` turns into "not yet", where `fit` does not drop.
    """
    import keras

    random = np.random.default_rng(0)
    labels = random.integers(0, 10, 400)
    images = np.zeros((400, 28, 28), "uint8")
    images[np.arange(400), 2 * labels + 3, 4:24] = 255
    losses = []
    for rate in (0.0, 0.9):
        model = answer(rate)
        model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy")
        model.fit(images, labels, batch_size=50, epochs=6, verbose=0)
        told = model.fit(images, labels, batch_size=50, epochs=1, verbose=0).history["loss"][-1]
        losses.append((told, float(model.evaluate(images, labels, verbose=0))))
    (plain, _), (told, asked) = losses
    if not told > max(1.2 * asked, 1.2 * plain):
        not_yet(
            "With rate 0.9, `fit` reports the loss {told:.3f}, without dropout {plain:.3f}, and "
            "`evaluate` says {asked:.3f}. Expected more from `fit`: is dropout on there?",
            **{"told": told, "plain": plain, "asked": asked},
        )
    return say(
        "With rate 0.9, `fit` reports the loss {told:.2f} and `evaluate`, where dropout is off, "
        "{asked:.2f}.",
        **{"told": told, "asked": asked},
    )


def set_weights(model: Any, weights: list[np.ndarray], call: str) -> None:
    """Give a network its weights, in whichever order it made its layers.

    Args:
        model: Keras model that is built.
        weights: two kernels and two biases, of four different shapes.
        call: names the model in messages.

    Raises:
        Exception: one that `exercise` turns into "not yet", where it has other weights.
    """
    shapes = [tuple(one.shape) for one in model.weights]
    if sorted(shapes) != sorted(SHAPES):
        not_yet(
            "{call}: expected weights of the shapes that `Broken` has, {expected}, got {got}.",
            **{"call": call, "expected": SHAPES, "got": shapes},
        )
    by_shape = {one.shape: one for one in weights}
    model.set_weights([by_shape[shape] for shape in shapes])
