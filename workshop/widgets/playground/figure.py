"""Two clouds of points, what a model says over the plane, and its loss, as one still picture."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from workshop.messages import say
from workshop.plots.planes import draw_points, draw_probability
from workshop.plots.style import BLUE, SMALL, VERMILLION


def draw_playground(
    surface: np.ndarray,
    *,
    extent: tuple[tuple[float, float], tuple[float, float]],
    cloud: tuple[np.ndarray, np.ndarray],
    history: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw the decision surface with the points on it, and the loss beside it.

    Args:
        surface: probability of class 1, (m, n): rows from the lowest to the highest value of the
            second input; NaN is drawn grey.
        extent: (first, last) of the first input, and of the second.
        cloud: points (k, 2) and labels (k,), 0 or 1.
        history: lists "step" and "loss" of one length; a loss that is NaN or infinite is marked.
        title: a line above the panels.

    Returns:
        The figure, not known to pyplot: a notebook does not draw it twice.

    Raises:
        ValueError: the surface has not two axes.

    Example:
        >>> surface, cloud = np.full((3, 3), 0.5), (np.zeros((2, 2)), np.array([0, 1]))
        >>> len(draw_playground(surface, extent=((-1, 1), (-1, 1)), cloud=cloud).axes)
        2
    """
    if np.ndim(surface) != 2:
        raise ValueError(
            say("expected a surface of shape (m, n), got {got}", got=np.shape(surface))
        )
    figure = Figure(figsize=(9, 4.3), layout="constrained", facecolor="white")
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.15))
    _surface(left, np.asarray(surface), extent, cloud)
    _loss(right, history or {"step": [], "loss": []})
    figure.suptitle(title, fontsize=10)
    return figure


def _surface(axes: Axes, surface: np.ndarray, extent: tuple, cloud: tuple) -> None:
    (left, right), (bottom, top) = extent
    rows, columns = surface.shape
    sides = (np.linspace(left, right, columns), np.linspace(bottom, top, rows))
    draw_probability(axes, *sides, surface)
    draw_points(axes, *map(np.asarray, cloud))
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.set_title("decision surface; line: probability one half", fontsize=SMALL)
    axes.set_xlabel("first input", fontsize=SMALL)
    axes.set_ylabel("second input", fontsize=SMALL)
    axes.tick_params(labelsize=SMALL)
    axes.legend(fontsize=SMALL, loc="upper right", framealpha=0.9)


def _loss(axes: Axes, history):
    steps, losses = np.asarray(history["step"], float), np.asarray(history["loss"], float)
    good = np.isfinite(losses)
    axes.plot(steps[good], losses[good], color=BLUE, linewidth=1.6, marker=".", markevery=[-1])
    for step in steps[~good][:1]:
        axes.axvline(step, color=VERMILLION, linestyle="--", linewidth=1.5)
        axes.annotate(
            f"no number at step {step:g} ",
            (step, 0.5),
            xycoords=("data", "axes fraction"),
            ha="right",
            fontsize=SMALL,
        )
    if not len(steps):
        axes.text(0.5, 0.5, "no step yet", transform=axes.transAxes, ha="center", color="#555")
    axes.set_title("loss of all points", fontsize=SMALL)
    axes.set_xlabel("step", fontsize=SMALL)
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.tick_params(labelsize=SMALL)
    axes.grid(alpha=0.25)
