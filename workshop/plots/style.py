"""One palette and one way of drawing for all pictures: colours, lines, hatches, marks."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

# Eight colours that most eyes tell apart. Source: M. Okabe, K. Ito, "Color Universal Design", 2008.
BLACK, ORANGE, SKY, GREEN = "#000000", "#e69f00", "#56b4e9", "#009e73"
YELLOW, BLUE, VERMILLION, PURPLE = "#f0e442", "#0072b2", "#d55e00", "#cc79a7"

# Lines differ in their dashes as well, bars in their hatches, points in their marks: colour is
# never the only difference.
LINES = ((BLUE, "-"), (VERMILLION, "--"), (GREEN, ":"), (PURPLE, "-."))
BARS = ((BLUE, "//"), (ORANGE, ".."), (GREEN, "xx"), (PURPLE, "--"), (YELLOW, ""))
MARKS = "osD^vPX*<>"

# Classes 0 and 1, what lies between them, and where no number is known.
CLASSES = ((VERMILLION, "o"), (BLUE, "^"))
UNKNOWN = "#bbbbbb"
BETWEEN_CLASSES = LinearSegmentedColormap.from_list(
    "class 0 to class 1", [(0, "#f2a25c"), (0.5, "#ffffff"), (1, "#6db3e0")]
).with_extremes(bad=UNKNOWN)

SMALL = 9  # points: the smallest text


def axes_of(ax: Axes | None, width: float, height: float) -> Axes:
    """Give the axes to draw on: those that were given, or a new figure's.

    Args:
        ax: what the caller of a plot gave, or None.
        width: of the new figure, in inches.
        height: likewise.
    """
    return ax or plt.subplots(figsize=(width, height), layout="constrained")[1]


def rows_of(ax: Axes, names: list[str]) -> None:
    """Name the rows of a picture, the first on top.

    Args:
        ax: axes on which row `k` lies at the height `k`.
        names: one a row.
    """
    ax.set_yticks(range(len(names)), labels=names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(axis="x", alpha=0.3)
