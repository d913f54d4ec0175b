"""What the learner's model says of one digit."""

import sys

import numpy as np

from workshop.messages import say

CLASSES = 10


class BadAnswer(ValueError):
    """A model gave something else than ten probabilities."""


def read_digit(model, digit: np.ndarray) -> np.ndarray:
    """Ask a model for the probabilities of the ten digits.

    Args:
        model: any callable of images (1, 28, 28), 0..255, that gives ten probabilities or logits,
            (1, 10) or (10,). A Keras model with another `input_shape`, such as (None, 28, 28, 1)
            or (None, 784), gets that, and is called with `training=False`.
        digit: uint8 (1, 28, 28).

    Returns:
        float32 (10,), not negative, sum 1; logits went through softmax.

    Raises:
        BadAnswer: the model gives something else, or NaN. What the model raises itself passes.

    Example:
        >>> read_digit(lambda images: np.zeros((1, 10)), np.zeros((1, 28, 28), "uint8"))[0]
        np.float32(0.1)
    """
    inputs = _as_wanted(model, digit)
    # `predict` takes ten times as long for one digit.
    given = model(inputs, training=False) if _is_keras(model) else model(inputs)
    try:
        scores = np.asarray(given, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise BadAnswer(
            say(
                "Expected a model that gives ten probabilities per image, shape (1, 10), got one "
                "that gives {got}.",
                got=type(given).__name__,
            )
        ) from error
    if scores.shape not in {(1, CLASSES), (CLASSES,)}:
        raise BadAnswer(
            say(
                "Expected a model that gives ten probabilities for one digit, shape (1, 10), got "
                "one that gives shape {got}. Let it end in Dense(10, activation='softmax').",
                got=scores.shape,
            )
        )
    return _as_probabilities(scores.reshape(CLASSES))


def _is_keras(model):
    base = getattr(sys.modules.get("keras"), "Model", None)
    return base is not None and isinstance(model, base)


def _as_wanted(model, digit):
    shape = getattr(model, "input_shape", None)
    if isinstance(shape, tuple) and None not in shape[1:] and np.prod(shape[1:]) == digit.size:
        return digit.reshape(1, *shape[1:])
    return digit


def _as_probabilities(scores):
    if not np.isfinite(scores).all():
        raise BadAnswer(
            say(
                "Expected a model that gives ten finite numbers, got one that gives NaN or "
                "infinity. Its training has diverged: build it anew, and train with a smaller "
                "learning_rate."
            )
        )
    if scores.min() >= 0 and abs(scores.sum() - 1) < 1e-3:
        return scores
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()
