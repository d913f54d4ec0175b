"""All cycles of a systolic array in one figure."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from workshop.messages import say
from workshop.plots.style import SMALL, WIDTH

BUSY, IDLE = "#fdf3d7", "#f1f1f1"
ROOM = 0.6  # inches of a cell: a product of two numbers in the smallest letters
SLIDE = 2.0  # width for each height of what a slide has for a picture
LETTER = 0.62  # width of a digit for each of its points
LARGEST = 13


def draw_systolic(
    states: Sequence[Mapping], *, weights: np.ndarray, for_slide: bool = False
) -> Figure:
    """Draw every cycle of a systolic array as a small picture.

    Args:
        states: a dict for each cycle: "inputs" and "sums", (k, n) each, NaN where a cell rests.
        weights: the numbers that stay in the cells, (k, n).
        for_slide: as wide as a slide, with letters as large as their cells allow.

    Returns:
        The figure, not known to pyplot: as many cycles in a row as have room; each working cell
        holds its input, its weight, and the sum that it hands on.

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
    if for_slide:  # the most pixels for an inch
        across = min(
            range(1, len(states) + 1),
            key=lambda n: max(n * wide, -(-len(states) // n) * high * SLIDE),
        )
    down = -(-len(states) // across)
    figure = Figure((across * wide, down * high), layout="constrained", facecolor="white")
    axes = figure.subplots(down, across, squeeze=False).ravel()
    for ax in axes:
        ax.axis("off")
    said = [_said(state, np.asarray(weights)) for state in states]
    lines = [line for cells in said for text in cells.values() for line in text.split("\n")]
    longest = max(map(len, lines), default=1)
    letters = min(LARGEST, 72 * ROOM / (LETTER * (longest + 1)))
    for number, (ax, cells) in enumerate(zip(axes, said, strict=False)):
        ax.set(xlim=(0, columns), ylim=(rows, 0))
        ax.set_title(f"cycle {number}", fontsize=LARGEST if for_slide else SMALL)
        for i, j in np.ndindex(rows, columns):
            colour = BUSY if (i, j) in cells else IDLE
            ax.add_patch(plt.Rectangle((j, i), 1, 1, facecolor=colour, edgecolor="#777"))
        for (i, j), text in cells.items():
            ax.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=letters)
    return figure


def _said(state: Mapping, weights: np.ndarray) -> dict[tuple[int, int], str]:
    """Say what each working cell holds."""
    inputs, sums = (np.asarray(state[name], dtype=float) for name in ("inputs", "sums"))
    return {
        (i, j): f"{value:.4g} x {weights[i, j]:.4g}\n{sums[i, j]:.4g}"
        for (i, j), value in np.ndenumerate(inputs)
        if np.isfinite(value)
    }
