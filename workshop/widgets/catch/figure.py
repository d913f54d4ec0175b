"""One ball that the network plays, as a strip of pictures."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from workshop.messages import say
from workshop.widgets.catch.rules import LAST_ROW, SIDE, fall, is_caught, picture

PAPER, PADDLE, BALL = "#ffffff", "#0072b2", "#1c1c1c"
COLUMNS = 5


def draw_catch(chances: np.ndarray, *, ball: int, paddle: int) -> Figure:
    """Draw the ten pictures of one ball as the network plays it.

    Args:
        chances: the network's probabilities, as `read_policy` gives them.
        ball: the ball's column.
        paddle: where the paddle's middle begins, 1..8.

    Returns:
        The figure, not known to pyplot: five pictures a row; the last says what came of it.

    Example:
        >>> still = np.tile([0, 1, 0], (9, 10, 8, 1))
        >>> draw_catch(still, ball=0, paddle=8).axes[9].get_title()
        'missed'
    """
    figure = Figure(figsize=(1.3 * COLUMNS, 3.1), layout="constrained", facecolor="white")
    axes = figure.subplots(SIDE // COLUMNS, COLUMNS).ravel()
    colours = ListedColormap([PAPER, PADDLE, BALL])
    for ax, (row, middle) in zip(axes, fall(chances, ball, paddle), strict=True):
        image = picture(row, ball, middle)
        image[row, ball] = 2
        ax.imshow(image, cmap=colours, vmin=0, vmax=2)
        ax.set(xticks=[], yticks=[])
        ax.set_title(say("row {row}", row=row), fontsize=9)
    end = say("caught") if is_caught(ball, middle) else say("missed")
    axes[LAST_ROW].set_title(end, fontsize=9)
    return figure
