"""The scales that pixels are usually on, and how well a model reads digits on one of them.

A model trained on `x / 255` and asked about 0..255 is sure, and often wrong, and no error says so.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from workshop.messages import say

# MNIST's mean and deviation, as many tutorials have them.
MEAN, DEVIATION = 0.1307, 0.3081
LEAST = 1e-7  # a probability of 0 has this one, as in Keras


class Scale(NamedTuple):
    """A scale for pixels."""

    code: str  # makes it of images with 0 for the paper and 255 for the ink
    make: Callable[[np.ndarray], np.ndarray]


# The first that explains a model is named, so the last is one that is like others and rarer.
SCALES = (
    Scale("images", lambda images: images),
    Scale("images / 255", lambda images: images / 255),
    Scale("images / 127.5 - 1", lambda images: images / 127.5 - 1),
    Scale("1 - images / 255", lambda images: 1 - images / 255),
    Scale("255 - images", lambda images: 255 - images),
    Scale("(images / 255 - 0.1307) / 0.3081", lambda images: (images / 255 - MEAN) / DEVIATION),
)


class Reading(NamedTuple):
    """How a model read digits: share of right ones, mean cross-entropy, mean certainty."""

    right: float
    loss: float
    sure: float


def reading(scores: np.ndarray, labels: np.ndarray) -> Reading:
    """Judge what a model said of digits.

    Args:
        scores: logits or probabilities (n, 10).
        labels: classes (n,).

    Returns:
        The share of right answers, the cross-entropy, and how sure it was of what it said.

    Example:
        >>> reading(np.eye(10)[[3, 5]], np.array([3, 4])).right
        0.5
    """
    chances = probabilities(scores)
    true = chances[np.arange(len(labels)), labels]
    return Reading(
        float(np.mean(chances.argmax(axis=1) == labels)),
        float(-np.log(np.maximum(true, LEAST)).mean()),
        float(chances.max(axis=1).mean()),
    )


def probabilities(scores: np.ndarray) -> np.ndarray:
    """Make probabilities of what may be logits.

    Args:
        scores: logits or probabilities (n, 10), finite.

    Returns:
        float32 (n, 10), rows that sum to 1; probabilities stay.

    Example:
        >>> probabilities(np.zeros((1, 10)))[0, 0], probabilities(np.eye(10))[0, 0]
        (np.float32(0.1), np.float32(1.0))
    """
    scores = np.asarray(scores, dtype=np.float32)
    if are_probabilities(scores):
        return scores
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def are_probabilities(scores: np.ndarray) -> bool:
    """Tell probabilities from logits: none is negative, and each row sums to 1."""
    return bool(np.all(scores >= 0) and np.allclose(scores.sum(axis=1), 1, atol=1e-3))


def words(scale: Scale) -> str:
    """Say in words which values pixels have on a scale.

    Args:
        scale: one of `SCALES`.
    """
    said = (
        say("0 for the paper to 255 for the ink"),
        say("0 for the paper to 1 for the ink"),
        say("-1 for the paper to 1 for the ink"),
        say("1 for the paper to 0 for the ink"),
        say("255 for the paper to 0 for the ink"),
        say("-0.42 for the paper to 2.82 for the ink"),
    )
    return said[SCALES.index(scale)]


def span(images: np.ndarray) -> str | None:
    """Say which values pixels have.

    Args:
        images: any shape.

    Returns:
        In words; None where all are 0, which every scale may have.

    Example:
        >>> span(np.array([0, 0.5])), span(np.array([[7, 255]])), span(np.array([-1.0, 1]))
        ('0 to 1', '0 to 255', '-1 to 1')
    """
    if not images.size or not np.any(images):
        return None
    low, high = images.min(), images.max()
    if low < 0:
        return say("-1 to 1") if low >= -1 and high <= 1 else say("below 0 to above 0")
    return say("0 to 1") if high <= 1 else say("0 to 255")
