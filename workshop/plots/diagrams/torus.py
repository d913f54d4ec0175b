"""Chips on boards, joined to a torus."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from workshop.messages import say
from workshop.plots.style import BLUE, INK, SMALL, axes_of


def torus(
    rows: int, columns: int, *, board: tuple[int, int] = (2, 2), ax: Axes | None = None
) -> Axes:
    """Draw chips in a two-dimensional torus: each has four neighbours, those at the edges as well.

    Args:
        rows: of chips.
        columns: likewise.
        board: rows and columns of the chips that share a board.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: boards that don't fill the torus.

    Example:
        >>> ax = torus(4, 4)
        >>> len(ax.patches)  # boards
        4
    """
    if rows % board[0] or columns % board[1]:
        fields = {"rows": rows, "columns": columns, "board": board}
        raise ValueError(say("expected boards that fill {rows} x {columns}, got {board}", **fields))
    ax = axes_of(ax, 4.2, 4.2 * rows / columns)
    look: dict = {"color": BLUE, "linestyle": "-", "linewidth": 0.9, "zorder": 2}
    for row in range(rows):
        ax.plot((-0.8, columns - 0.2), (row, row), **look)
    for column in range(columns):
        ax.plot((column, column), (-0.8, rows - 0.2), **look)
    for row in range(0, rows, board[0]):
        for column in range(0, columns, board[1]):
            place, size = (column - 0.36, row - 0.36), (board[1] - 0.28, board[0] - 0.28)
            frame: dict = {"facecolor": "#cfe3f1", "edgecolor": INK, "zorder": 1}
            ax.add_patch(Rectangle(place, *size, **frame))
    y, x = np.divmod(np.arange(rows * columns), columns)
    ax.plot(x, y, "s", color=INK, markersize=4, zorder=3)
    words = say("links at the edges go round to the other side")
    ax.text((columns - 1) / 2, rows + 0.4, words, ha="center", va="center", fontsize=SMALL)
    ax.set(aspect="equal", xlim=(-1, columns), ylim=(rows + 0.9, -1))
    ax.axis("off")
    return ax
