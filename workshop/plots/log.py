"""Curves of logged trainings, each over steps of its own."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

MOST_LINES = 4
FEW_POINTS = 40
STYLES = ("-", "--", ":", "-.")
COLOURS = ("#56b4e9", "black", "#d55e00", "#009e73")


def draw_log(
    curves: Mapping[str, Mapping[int, float]],
    *,
    label: str = "loss",
    ax: Axes | None = None,
) -> Axes:
    """Draw up to four logged numbers over the step, drawn on one another.

    The first is broad and pale, so that one that lies upon it can be seen. A curve of few points
    gets a mark at each.

    Args:
        curves: for each name in the legend, the step and the number logged there.
        label: name of the vertical axis, with the unit where there is one.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no curves, more than four, or one without a point.

    Example:
        >>> ax = draw_log({"whole": {1: 2.3, 2: 1.9, 3: 1.7}, "resumed": {3: 1.7}})
        >>> ax.get_xlabel(), len(ax.lines)
        ('step', 2)
    """
    if not 1 <= len(curves) <= MOST_LINES:
        raise ValueError(f"{len(curves)} curves came; 1 to {MOST_LINES} can be told apart.")
    if empty := [name for name, curve in curves.items() if not curve]:
        raise ValueError(f"The curve {empty[0]!r} has no points; was anything logged under it?")
    ax = ax or plt.subplots(figsize=(7, 3), layout="constrained")[1]
    for place, (name, curve) in enumerate(curves.items()):
        ax.plot(
            list(curve.keys()),
            list(curve.values()),
            STYLES[place],
            marker="o" if len(curve) <= FEW_POINTS else "",
            color=COLOURS[place],
            linewidth=1.2 if place else 3,
            label=name,
        )
    ax.set(xlabel="step", ylabel=label)
    ax.grid(alpha=0.3)
    ax.legend(frameon=False)
    return ax
