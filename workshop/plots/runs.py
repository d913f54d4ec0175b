"""Results of repeated trainings: one dot a run, so that the spread is seen beside the mean."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes


def draw_runs(
    results: Mapping[str, Sequence[float]],
    *,
    label: str = "validation accuracy",
    reference: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the results of several recipes, a row each: a dot for each run, a bar at their mean.

    Draw it again while results come in: a recipe that has none yet keeps its row.

    Args:
        results: for each recipe, the results of its runs (any number, also none).
        label: name of the axis, with the unit.
        reference: the recipe whose mean is drawn as a dotted line through all rows.
        ax: where to draw; it is cleared first. A new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no recipes, or a reference that is not among them.

    Example:
        >>> ax = draw_runs({"plain": [0.91, 0.92], "better": []}, reference="plain")
        >>> [tick.get_text() for tick in ax.get_yticklabels()]
        ['plain', 'better']
    """
    if not results:
        raise ValueError("No recipes came; give at least one: name -> results of its runs.")
    if reference is not None and reference not in results:
        raise ValueError(f"The reference {reference!r} is none of {', '.join(results)}.")
    if ax is None:
        height = 0.8 + 0.4 * len(results)
        ax = plt.subplots(figsize=(7, height), layout="constrained")[1]
    ax.clear()
    for row, runs in enumerate(results.values()):
        ax.plot(runs, [row] * len(runs), "o", color="#0072b2", alpha=0.7, markersize=6)
        if len(runs):
            ax.plot(np.mean(runs), row, "|", color="black", markersize=18, markeredgewidth=2)
    if reference is not None and len(results[reference]):
        ax.axvline(np.mean(results[reference]), linestyle=":", color="grey")
    ax.set_yticks(range(len(results)), labels=list(results))
    ax.set(ylim=(len(results) - 0.5, -0.5), xlabel=f"{label} (dot: a run, bar: the mean)")
    ax.grid(axis="x", alpha=0.3)
    return ax
