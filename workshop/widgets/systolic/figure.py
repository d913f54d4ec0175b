"""All cycles of a systolic array in one figure."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from workshop.messages import say
from workshop.plots.style import SMALL, WIDTH

BUSY, IDLE = "#fdf3d7", "#f1f1f1"
ROOM = 0.6  # inches of a cell: a product of two numbers in the smallest letters


def draw_systolic(states: Sequence[Mapping], *, weights: np.ndarray) -> Figure:
    """Draw every cycle of a systolic array as a small picture.

    Args:
        states: a dict for each cycle: "inputs" and "sums", (k, n) each, NaN where a cell rests.
        weights: the numbers that stay in the cells, (k, n).

    Returns:
        The figure, not known to pyplot: as many cycles a row as have room; each working cell holds
        its input, its weight, and the sum that it hands on.

    Raises:
        ValueError: no states.

    Example:
        >>> states = [{"inputs": [[2.0]], "sums": [[6.0]]}]
        >>> [text.get_text() for text in draw_systolic(states, weights=[[3.0]]).axes[0].texts]
        ['2 x 3\\n6']
    """
    if not len(states):
        raise ValueError(say("expected a state for each cycle, got none"))
    rows, columns = np.shape(weights)
    wide, high = 0.2 + ROOM * columns, 0.5 + ROOM * rows
    across = min(len(states), max(1, int(WIDTH / wide)))
    down = -(-len(states) // across)
    size = (across * wide, down * high)
    figure = Figure(figsize=size, layout="constrained", facecolor="white")
    axes = figure.subplots(down, across, squeeze=False).ravel()
    for ax in axes:
        ax.axis("off")
    for number, (ax, state) in enumerate(zip(axes, states, strict=False)):
        ax.set(xlim=(0, columns), ylim=(rows, 0))
        ax.set_title(f"cycle {number}", fontsize=SMALL)
        sums = np.asarray(state["sums"], dtype=float)
        for (i, j), value in np.ndenumerate(np.asarray(state["inputs"], dtype=float)):
            is_busy = np.isfinite(value)
            colour = BUSY if is_busy else IDLE
            ax.add_patch(plt.Rectangle((j, i), 1, 1, facecolor=colour, edgecolor="#777"))
            if is_busy:
                said = f"{value:.4g} x {np.asarray(weights)[i, j]:.4g}\n{sums[i, j]:.4g}"
                ax.text(j + 0.5, i + 0.5, said, ha="center", va="center", fontsize=SMALL)
    return figure
