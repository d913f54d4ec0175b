"""Clouds of points in two classes, and what a model says about the plane around them."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

# Of the classes 0 and 1: Okabe and Ito's orange and blue, which most eyes tell apart; the markers
# differ as well. The playground has the same.
ORANGE, BLUE = "#d55e00", "#0072b2"
TINTS = LinearSegmentedColormap.from_list(
    "orange to blue", [(0, "#f2a25c"), (0.5, "#ffffff"), (1, "#6db3e0")]
).with_extremes(bad="#bbbbbb")
MARKERS = ("o", "^")


def draw_cloud(
    points: np.ndarray,
    labels: np.ndarray,
    *,
    grid: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw points of two classes, and behind them the probability that a model gives.

    Class 0 is orange and round, class 1 blue and a triangle. The black line is where the model
    finds both classes as likely.

    Args:
        points: `(n, 2)`, in the unit of the axes.
        labels: classes 0 or 1, `(n,)`.
        grid: values of the first coordinate `(a,)`, of the second `(b,)`, and the probability of
            class 1 `(b, a)` at each pair, between 0 and 1.
        title: stands above the picture.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: points that don't lie in the plane, labels that are not 0 or 1 or not as many
            as the points, probabilities of another shape or range.

    Example:
        >>> ax = draw_cloud(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1]), title="two")
        >>> ax.get_title(), len(ax.lines)
        ('two', 2)
    """
    points, labels = np.asarray(points), np.asarray(labels)
    _check_points(points, labels)
    ax = ax or plt.subplots(figsize=(4, 3.6), layout="constrained")[1]
    if grid is not None:
        _draw_probability(ax, *(np.asarray(part) for part in grid))
    for kind, (colour, marker) in enumerate(zip((ORANGE, BLUE), MARKERS, strict=True)):
        ax.plot(
            *points[labels == kind].T, marker, color=colour, markersize=4,
            markeredgecolor="white", markeredgewidth=0.4, label=f"class {kind}",
        )  # fmt: skip
    ax.set(xlabel="first input", ylabel="second input", title=title, aspect="equal")
    # Below the picture: a ring or a spiral leaves no corner free.
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, frameon=False)
    return ax


def _check_points(points: np.ndarray, labels: np.ndarray) -> None:
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"Points of the shape {points.shape} came; (n, 2) is needed.")
    if labels.shape != points.shape[:1]:
        raise ValueError(
            f"Labels of the shape {labels.shape} came for {len(points)} points; "
            f"{(len(points),)} is needed."
        )
    if strange := sorted(set(labels.tolist()) - {0, 1}):
        raise ValueError(f"The labels hold {strange[:5]}; two classes, 0 and 1, can be drawn.")


def _draw_probability(
    ax: Axes, first: np.ndarray, second: np.ndarray, probability: np.ndarray
) -> None:
    if probability.shape != (len(second), len(first)):
        raise ValueError(
            f"Probabilities of the shape {probability.shape} came for {len(first)} and "
            f"{len(second)} values; {(len(second), len(first))} is needed, rows along the second."
        )
    low, high = float(probability.min()), float(probability.max())
    if not (low >= 0 and high <= 1):
        raise ValueError(f"Values from {low:g} to {high:g} came; probabilities lie in 0 to 1.")
    levels = np.linspace(0, 1, 11)
    ax.contourf(first, second, probability, levels=levels, cmap=TINTS)
    if low < 0.5 < high:
        ax.contour(first, second, probability, levels=[0.5], colors="black", linewidths=1.5)
