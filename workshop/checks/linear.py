"""Whether a network, or a layer of it, is linear in its pixels, whatever its last activation is."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

LINES = 12  # a small network may be straight along one of them


def is_linear(model: Any) -> bool:
    """Tell whether the logits are linear in the pixels.

    Along a line between two pictures they are looked at as they come, and as what they were before
    a softmax, or before a sigmoid for each.

    Args:
        model: function of pictures `(batch, 28, 28)`, 0..255, to `(batch, classes)`.

    Returns:
        Whether one of the three is a straight line along all lines.

    Example:
        >>> W = np.random.default_rng(0).normal(size=(784, 10)) / 784
        >>> is_linear(lambda x: 1 / (1 + np.exp(-x.reshape(-1, 784) @ W)))
        True
        >>> is_linear(lambda x: np.maximum(x.reshape(-1, 784) @ W, 0))
        False
    """
    random = np.random.default_rng()
    brightness = random.uniform(5, 255, (2, LINES, 1, 1, 1))
    ends = brightness * random.random((2, LINES, 1, 28, 28))
    ends *= random.random(ends.shape) < 0.1
    along = np.linspace(0, 1, 9)[:, None, None]
    pictures = (ends[0] + along * (ends[1] - ends[0])).astype("float32")
    scores = np.asarray(model(pictures.reshape(-1, 28, 28)), dtype=float)
    scores = scores.reshape(LINES, len(along), -1)
    return any(_is_straight(logits) for logits in _logits_of(scores))


def straight_layer(model: Any, sizes: Sequence[int]) -> int | None:
    """Find a hidden layer without an activation, which a bend of another one would hide.

    New weights send a number u through a layer as 2u and -u, and add the first and twice the
    second of what comes out: nothing is left of u if the layer is linear.

    Args:
        model: Keras model of pictures `(batch, 28, 28)`, with a kernel and a bias per layer, as
            `sizes` say; its weights are changed. One with other weights is not looked into.
        sizes: pixels, units of each hidden layer, two or more each, classes.

    Returns:
        Which hidden layer is linear, from 1; 0 if each has an activation, None if it can't be
        told.

    Example:
        >>> from types import SimpleNamespace
        >>> straight_layer(SimpleNamespace(get_weights=lambda: []), (784, 2, 2, 10))
    """
    shapes = [shape for a, b in itertools.pairwise(sizes) for shape in ((a, b), (b,))]
    if [weight.shape for weight in model.get_weights()] != shapes:
        return None
    for layer in range(1, len(sizes) - 1):
        # Others that saturate hide a bend, but not in each of these.
        if not any(_bends(model, shapes, layer, u) for u in itertools.product((1, -1), (1, 0))):
            return layer
    return 0


def _bends(model: Any, shapes: list[tuple], layer: int, how: tuple[int, int]) -> bool:
    """Tell whether something is left of a number of this sign, if others add this bias to it."""
    random = np.random.default_rng()
    pictures = np.linspace(0, 1, 16)[:, None, None] * random.integers(0, 256, (16, 28, 28))
    weights = [np.zeros(shape, "float32") for shape in shapes]
    for kernel in weights[::2]:
        kernel[0, 0] = 1
    # Up to 6 or so, where a hard sigmoid has its corners.
    weights[0][:, 0] = how[0] * random.uniform(0.01, 0.02, shapes[0][0])
    kernel, after = weights[2 * layer - 2], weights[2 * layer]
    # A sigmoid before it gives 0 to 1, and where that is multiplied, another one bends.
    kernel[:, :2] = kernel[:, :1] * [2, -1] * (1 if layer == 1 else 4)
    after[:2, 0] = 1, 2
    # So that a ReLU of another layer lets it through.
    for bias in weights[1 : 2 * layer - 1 : 2] + weights[2 * layer + 1 : -1 : 2]:
        bias[0] = how[1]
    model.set_weights(weights)
    return bool(np.ptp(model.predict(pictures.astype("uint8"), verbose=0), axis=0).max() >= 1e-6)


def _logits_of(scores: np.ndarray) -> list[np.ndarray]:
    """Give what may have been before the last activation; NaN where it can't be told."""
    if scores.min() < 0 or scores.max() > 1:
        return [scores]
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log(scores / (1 - scores))
        shares = np.log(scores)
    shares[scores < 1e-30] = odds[(scores < 1e-30) | (scores > 1 - 1e-3)] = np.nan
    sums_to_one = np.allclose(scores.sum(axis=-1), 1, atol=1e-3)
    if sums_to_one:
        first = np.nanargmax(np.isfinite(shares).sum(axis=(0, 1)))
        return [shares - shares[..., first : first + 1]]
    return [scores, odds]


def _is_straight(logits: np.ndarray) -> bool:
    bends, slopes = np.diff(logits, n=2, axis=1), np.diff(logits, axis=1)
    known = np.isfinite(bends)
    if known.sum() < 20:
        return False
    largest = np.nanmax(np.abs(np.where(np.isfinite(slopes), slopes, np.nan)))
    return bool(np.abs(bends[known]).max() < 1e-3 * max(largest, 1e-6))
