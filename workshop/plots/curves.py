"""Curves of one variable, and what a model of two inputs says over a plane."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

MOST_LINES = 4
LINE_STYLES = ("-", "--", ":", "-.")


def draw_curves(
    x: np.ndarray,
    curves: Mapping[str, np.ndarray],
    *,
    labels: tuple[str, str] = ("x", "y"),
    points: tuple[np.ndarray, np.ndarray] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw up to four curves over the same values.

    The lines are told apart by their style as well as by colour.

    Args:
        x: where the curves were computed, `(n,)`.
        curves: for each name in the legend, the values `(n,)`; NaN leaves a gap.
        labels: names of the two axes, with units where there are any.
        points: x and y of points to mark, `(k,)` each.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: more than four curves, or one that is not as long as x.

    Example:
        >>> x = np.linspace(-1, 1, 5)
        >>> ax = draw_curves(x, {"x²": x**2}, labels=("time (s)", "height (m)"))
        >>> ax.get_xlabel(), len(ax.lines)
        ('time (s)', 1)
    """
    if len(curves) > MOST_LINES:
        raise ValueError(f"{len(curves)} curves came; at most {MOST_LINES} can be told apart.")
    for name, y in curves.items():
        if np.shape(y) != np.shape(x):
            raise ValueError(
                f"The curve {name!r} has the shape {np.shape(y)} and x has {np.shape(x)}; "
                "compute the curve at each value of x."
            )
    ax = ax or plt.subplots(figsize=(6, 3.4), layout="constrained")[1]
    for style, (name, y) in zip(LINE_STYLES, curves.items(), strict=False):
        ax.plot(x, y, style, label=name)
    if points is not None:
        ax.plot(*points, "o", color="black")
    ax.set(xlabel=labels[0], ylabel=labels[1])
    ax.grid(alpha=0.3)
    ax.legend(frameon=False)
    return ax


def probability_map(
    grid: tuple[np.ndarray, np.ndarray, np.ndarray],
    *,
    labels: tuple[str, str],
    points: Mapping[str, tuple[float, float]] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a probability over two inputs, with the border at one half.

    Args:
        grid: values of the first input `(n,)`, of the second `(m,)`, and the probability
            `(m, n)` at each pair, between 0 and 1.
        labels: names of the two inputs, with units.
        points: for each name, a pair of inputs to mark.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: the probabilities have another shape, or leave the range 0 to 1.

    Example:
        >>> ax = probability_map(
        ...     (np.arange(3), np.arange(2), np.array([[0.1, 0.5, 0.9], [0.1, 0.5, 0.9]])),
        ...     labels=("length (mm)", "mass (g)"),
        ... )
        >>> ax.get_ylabel()
        'mass (g)'
    """
    first, second, probability = (np.asarray(part) for part in grid)
    if probability.shape != (len(second), len(first)):
        raise ValueError(
            f"Probabilities of the shape {probability.shape} came for {len(first)} and "
            f"{len(second)} values; {(len(second), len(first))} is needed, rows along the second."
        )
    low, high = float(probability.min()), float(probability.max())
    if not (low >= 0 and high <= 1):
        raise ValueError(f"Values from {low:g} to {high:g} came; probabilities lie in 0 to 1.")
    ax = ax or plt.subplots(figsize=(5.6, 4), layout="constrained")[1]
    levels = np.linspace(0, 1, 11)
    drawn = ax.contourf(first, second, probability, levels=levels, cmap="viridis")
    ax.contour(first, second, probability, levels=[0.5], colors="white", linewidths=2)
    for style, (name, point) in zip("o^sD", (points or {}).items(), strict=False):
        ax.plot(*point, style, color="white", markeredgecolor="black", markersize=10, label=name)
    if points:
        ax.legend(loc="upper right")
    ax.set(xlabel=labels[0], ylabel=labels[1])
    ax.figure.colorbar(drawn, ax=ax, label="probability (white line: one half)")
    return ax
