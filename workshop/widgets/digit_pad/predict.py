"""What the learner's model says of one digit."""

import sys

import numpy as np

from workshop.messages import say
from workshop.widgets.scales import probabilities

CLASSES = 10
# The page has the same number: below it the answer is grey, with the two likeliest digits.
SURE = 0.8


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
    given = ask(model, digit)
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


def said_of_chances(chances: np.ndarray) -> str:
    """Say what was read, or between which two digits a model wavers.

    Args:
        chances: the probabilities of the ten digits, (10,).

    Returns:
        A line without a full stop.

    Example:
        >>> said_of_chances(np.array([0.02, 0.6, 0.38]))
        'Drawn; not sure: 1 (0.600) or 2 (0.380)'
    """
    best, second = (int(digit) for digit in chances.argsort()[:-3:-1])
    said = {"best": best, "chance": chances[best], "second": second, "other": chances[second]}
    if said["chance"] >= SURE:
        return say("Drawn; read as {best} ({chance:.3f})", **said)
    return say("Drawn; not sure: {best} ({chance:.3f}) or {second} ({other:.3f})", **said)


def ask(model, digits: np.ndarray):
    """Call a model with digits in the shape that it says it takes.

    Args:
        model: as for `read_digit`.
        digits: (n, 28, 28).

    Returns:
        What the model gives; what it raises passes.
    """
    inputs = digits.reshape(shape_for(model, digits))
    # `predict` takes ten times as long for one digit.
    return model(inputs, training=False) if is_keras(model) else model(inputs)


def is_keras(model) -> bool:
    """Tell a Keras model from other callables, without importing Keras."""
    base = getattr(sys.modules.get("keras"), "Model", None)
    return base is not None and isinstance(model, base)


def shape_for(model, digits: np.ndarray) -> tuple[int, ...]:
    """Give the shape in which a model takes digits: its `input_shape`, or the one they have.

    Args:
        model: as for `read_digit`.
        digits: (n, 28, 28).
    """
    shape = getattr(model, "input_shape", None)
    is_known = isinstance(shape, tuple) and None not in shape[1:]
    if is_known and np.prod(shape[1:]) == np.prod(digits.shape[1:]):
        return (len(digits), *shape[1:])
    return digits.shape


def _as_probabilities(scores):
    if not np.isfinite(scores).all():
        raise BadAnswer(
            say(
                "Expected a model that gives ten finite numbers, got one that gives NaN or "
                "infinity. Its training has diverged: build it again, and train with a smaller "
                "learning_rate."
            )
        )
    return probabilities(scores[np.newaxis])[0]


def said_of_model(error: Exception) -> str:
    """Say what went wrong as a model was asked.

    Args:
        error: what `read_digit` raised.
    """
    if isinstance(error, BadAnswer):
        return str(error)
    kind, reason = type(error).__name__, str(error).strip()[:400]
    if not reason:
        return say("The model raised {kind}: no reason given", kind=kind)
    return say("The model raised {kind}: {reason}", kind=kind, reason=reason)
