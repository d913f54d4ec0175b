"""The task on which exercise 12b-5 plays a rule: a little network, all rates side by side."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

SIZES = (2, 16, 16, 2)
POINTS, TURNS, NOISE = 200, 1.0, 0.02
STEPS, BATCH = 150, 64
RATES = 10 ** np.arange(-3, 1.25, 0.25)
SEEDS = 6


def _layers(flat: np.ndarray) -> list[np.ndarray]:
    shapes = [(a + 1, b) for a, b in pairwise(SIZES)]
    ends = np.cumsum([a * b for a, b in shapes])
    parts = np.split(flat, ends[:-1], axis=1)
    return [part.reshape(-1, *shape) for part, shape in zip(parts, shapes, strict=True)]


def _forward(flat: np.ndarray, x: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """Give the inputs of each layer, and probabilities `(rates, examples, classes)`."""
    *hidden, last = _layers(flat)
    inputs = [x]
    for W in hidden:
        inputs.append(np.tanh(inputs[-1] @ W[:, :-1] + W[:, -1:]))
    z = inputs[-1] @ last[:, :-1] + last[:, -1:]
    p = np.exp(np.maximum(z - z.max(-1, keepdims=True), -20))
    return inputs, p / p.sum(-1, keepdims=True)


def _gradients(flat: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    inputs, delta = _forward(flat, x)
    delta[:, np.arange(len(y)), y] -= 1
    delta /= len(y)
    g = np.empty_like(flat)
    for h, W, to in reversed(list(zip(inputs, _layers(flat), _layers(g), strict=True))):
        to[:, :-1] = np.swapaxes(h, -1, -2) @ delta
        to[:, -1] = delta.sum(1)
        if h is not x:
            delta = delta @ np.swapaxes(W[:, :-1], 1, 2) * (1 - h * h)
    return g


@np.errstate(all="ignore")
def best_loss(rule: Callable) -> float:
    """Train on two spirals with a rule, at all rates and seeds.

    Args:
        rule: function of gradients, their averages and those of their squares, corrected for their
            start, `(runs, parameters)` each, to steps of that shape.

    Returns:
        The cross-entropy on new points, the mean over the seeds, at the best of the rates;
        infinite where every rate fails.

    Example:
        >>> bool(best_loss(lambda g, m, v: m / np.sqrt(v + 1e-12)) < best_loss(lambda g, m, v: g))
        True
    """
    random = np.random.default_rng(125)
    (x, y), (x_new, y_new) = _spirals(0), _spirals(1)
    starts = [
        np.concatenate([random.normal(0, a**-0.5, (a + 1) * b) for a, b in pairwise(SIZES)])
        for _ in range(SEEDS)
    ]
    flat = np.repeat(starts, len(RATES), axis=0)
    rates = np.tile(RATES, SEEDS)[:, None]
    m, v = np.zeros((2, *flat.shape))
    for t in range(1, STEPS + 1):
        rows = random.integers(len(x), size=BATCH)
        g = _gradients(flat, x[rows], y[rows])
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g * g
        flat = flat - rates * rule(g, m / (1 - 0.9**t), v / (1 - 0.99**t))
    p = _forward(flat, x_new)[1][:, np.arange(len(y_new)), y_new]
    losses = -np.log(p).mean(-1).reshape(SEEDS, -1).mean(0)
    return float(np.min(np.where(np.isfinite(losses), losses, np.inf)))


def _spirals(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Give points `(n, 2)` of two spirals, with some noise, and their classes."""
    number = np.arange(POINTS)
    classes, along = number % 2, number / POINTS
    angle, radius = 2 * np.pi * TURNS * along + np.pi * classes, 0.1 + 0.85 * along
    points = radius * np.stack([np.cos(angle), np.sin(angle)])
    return points.T + np.random.default_rng(seed).normal(0, NOISE, (POINTS, 2)), classes
