"""Clouds of points in the plane, in two classes, that show what a layer can and cannot separate."""

import numpy as np

from workshop.messages import say


def two_lines(
    examples: int = 400, *, noise: float = 0.1, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Make two clouds along two parallel lines: a straight line separates them.

    A model without a hidden layer learns these; begin with them.

    Args:
        examples: number of points of both classes together; the classes differ by at most one.
        noise: standard deviation of the scatter, in the unit of the axes.
        seed: the same seed gives the same points.

    Returns:
        Points float32 (examples, 2), about -1 to 1 on either axis, and labels uint8 (examples,),
        0 below and 1 above; shuffled.

    Raises:
        ValueError: `examples` is below 2 or `noise` below 0.

    Example:
        >>> points, labels = two_lines(100, noise=0.0)
        >>> bool(((points[:, 1] > points[:, 0]) == labels).all())  # the diagonal separates them
        True
    """
    labels, along = _classes(examples, noise=noise)
    x = -0.75 + 1.5 * along
    away = np.where(labels == 1, 0.3, -0.3)
    return _scatter(x - away / 2, x + away / 2, labels, noise=noise, seed=seed)


def rings(
    examples: int = 400, *, noise: float = 0.05, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Make a ring around a ring: no straight line separates them, three hidden units can.

    Args:
        examples: number of points of both classes together; the classes differ by at most one.
        noise: standard deviation of the scatter, in the unit of the axes.
        seed: the same seed gives the same points.

    Returns:
        Points float32 (examples, 2), about -1 to 1 on either axis, and labels uint8 (examples,),
        0 outside (radius 0.9) and 1 inside (radius 0.4); shuffled.

    Raises:
        ValueError: `examples` is below 2 or `noise` below 0.

    Example:
        >>> points, labels = rings(100, noise=0.0)
        >>> bool(((np.hypot(*points.T) < 0.65) == labels).all())
        True
    """
    labels, along = _classes(examples, noise=noise)
    angle = 2 * np.pi * along
    radius = np.where(labels == 1, 0.4, 0.9)
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    return _scatter(x, y, labels, noise=noise, seed=seed)


def spirals(
    examples: int = 400, *, noise: float = 0.02, seed: int = 0, turns: float = 1.5
) -> tuple[np.ndarray, np.ndarray]:
    """Make two spirals wound into each other: one small hidden layer is not enough.

    Args:
        examples: number of points of both classes together; the classes differ by at most one.
        noise: standard deviation of the scatter, in the unit of the axes.
        seed: the same seed gives the same points.
        turns: how often each spiral goes round; more is harder.

    Returns:
        Points float32 (examples, 2), about -1 to 1 on either axis, and labels uint8 (examples,),
        0 for the spiral that starts to the right and 1 for the one that starts to the left;
        shuffled.

    Raises:
        ValueError: `examples` is below 2 or `noise` below 0.

    Example:
        >>> points, labels = spirals(100, noise=0.0)
        >>> points.shape, points.dtype.name, np.bincount(labels).tolist()
        ((100, 2), 'float32', [50, 50])

    Source:
        K. J. Lang, M. J. Witbrock: Learning to tell two spirals apart, 1988.
    """
    labels, along = _classes(examples, noise=noise)
    angle = 2 * np.pi * turns * along + np.pi * labels
    radius = 0.1 + 0.85 * along
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    return _scatter(x, y, labels, noise=noise, seed=seed)


def _classes(examples: int, *, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Return labels 0, 1, 0, 1, ... and how far along its curve (0 to 1) each point lies."""
    if examples < 2:
        raise ValueError(
            say("examples: expected at least 2 points, for two classes, got {got}", got=examples)
        )
    if noise < 0:
        raise ValueError(
            say("noise: expected a standard deviation of 0 or more, got {got}", got=noise)
        )
    number = np.arange(examples)
    return (number % 2).astype(np.uint8), (number // 2) / ((examples + 1) // 2)


def _scatter(
    x: np.ndarray, y: np.ndarray, labels: np.ndarray, *, noise: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    points = np.stack([x, y], axis=1) + generator.normal(scale=noise, size=(len(x), 2))
    order = generator.permutation(len(x))
    return points[order].astype(np.float32), labels[order]
