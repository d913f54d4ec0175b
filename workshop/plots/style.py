"""One palette and one way of drawing for all pictures: colours, lines, hatches, marks."""

import functools
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

# Eight colours that most eyes tell apart, three of them darker here so that lines and words stand
# out from white paper. Source: M. Okabe, K. Ito, "Color Universal Design", 2008.
BLACK, ORANGE, SKY, GREEN = "#000000", "#e69f00", "#56b4e9", "#00795a"
YELLOW, BLUE, VERMILLION, PURPLE = "#f0e442", "#0072b2", "#c24e00", "#a6447a"
INK, QUIET, GRID = "#1c1c1c", "#5a5a5a", "#d9d9d9"

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

# Ink is dark on paper. Red is the paper of what is wrong, and nothing else: numbers of both signs
# are orange below zero and purple above.
INK_ON_PAPER, SIGNED, WRONG = "gray_r", "PuOr", "#ffbdb7"

SMALL = 9.5  # points: the smallest text
WIDTH = 6.25  # inches: 600 pixels of a page, as wide as its text; nothing is wider
LOOK = Path(__file__).with_name("matplotlibrc")


@functools.cache
def use() -> None:
    """Give matplotlib the look of the course, once: what is set later stays.

    In a kernel of the course it has it from the start, also for plots that cells make.
    """
    if not Path(mpl.matplotlib_fname()).samefile(LOOK):
        mpl.rc_file(LOOK)


def axes_of(ax: Axes | None, width: float, height: float) -> Axes:
    """Give the axes to draw on: those that were given, or a new figure's.

    Args:
        ax: what the caller of a plot gave, or None.
        width: of the new figure, in inches.
        height: likewise.
    """
    use()
    return ax or plt.subplots(figsize=(width, height), layout="constrained")[1]


def panels_of(
    rows: int, columns: int, width: float, height: float, **how
) -> tuple[Figure, np.ndarray]:
    """Make a figure of several panels.

    Args:
        rows: of panels.
        columns: likewise.
        width: of the figure, in inches.
        height: likewise.
        how: as `plt.subplots` takes it, such as `sharey=True`.

    Returns:
        The figure, and its axes `(rows, columns)`.
    """
    use()
    size = (width, height)
    return plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False, **how)


def packed(
    rows: int, columns: int, size: tuple[float, float], **ratios
) -> tuple[Figure, np.ndarray]:
    """Make a figure of small pictures close together, without axes.

    Args:
        rows: of pictures.
        columns: likewise.
        size: width and height of the figure, in inches.
        ratios: as `plt.subplots` takes them.

    Returns:
        The figure, and its axes `(rows, columns)`.
    """
    figure, axes = panels_of(rows, columns, *size, **ratios)
    figure.set_layout_engine("constrained", w_pad=0.02, h_pad=0.02, wspace=0.02, hspace=0.02)
    for ax in axes.flat:
        ax.axis("off")
    return figure, axes


def named_at_ends(ax: Axes) -> None:
    """Write the name of each line beside its end, in its colour, in place of a legend.

    Args:
        ax: axes whose limits and scales are set; lines without a label are passed over.
    """
    names = [str(line.get_label()) for line in ax.lines]
    named = [(name, line) for name, line in zip(names, ax.lines, strict=True) if name[:1] != "_"]
    ends = np.array([np.asarray(line.get_xydata(), dtype=float)[-1] for _, line in named])
    heights = ax.transData.transform(ends)[:, 1] * 72 / mpl.rcParams["figure.dpi"]  # in points
    places = heights.copy()
    for lower, upper in itertools.pairwise(np.argsort(heights)):
        places[upper] = max(places[upper], places[lower] + 1.25 * SMALL)
    shifts = places - heights
    for (name, line), end, shift in zip(named, ends, shifts - shifts.mean(), strict=True):
        look: dict = {"color": line.get_color(), "fontsize": SMALL, "va": "center"}
        ax.annotate(name, end, (7, shift), textcoords="offset points", **look)
    if legend := ax.get_legend():
        legend.remove()


def named_beside(
    ax: Axes, places: Mapping[str, tuple[float, float]], lines: Sequence[Line2D] = ()
) -> None:
    """Write each name beside its point, on paper of its own, clear of other names and points.

    A name stands left or right of its point, a little higher or lower where that keeps it clear,
    and crosses a line only where there is no better place.

    Args:
        ax: axes whose limits and scales are set.
        places: for each name its point, in data; the first ones choose first.
        lines: what the names had better not cross.
    """
    scale = 72 / ax.figure.dpi  # from pixels to points
    dots = ax.transData.transform(list(places.values()) or np.empty((0, 2))) * scale
    tracks = [ax.transData.transform(line.get_xydata()) * scale for line in lines]
    names = np.empty((0, 4))  # left, bottom, right, top of those that stand
    ground = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.5}
    for (name, place), (across, up) in zip(places.items(), dots, strict=True):
        width, spots = 0.58 * SMALL * len(name), []
        for shift, side in itertools.product((-4, -1, -7, 2, -10, 5, -13, 8), ("left", "right")):
            low = np.array([across + (6 if side == "left" else -6 - width), up + shift - 1])
            high = low + np.array([width, SMALL + 1])
            meets = np.all((names[:, :2] < high) & (names[:, 2:] > low), axis=1).sum()
            outside = low[0] < ax.bbox.x0 * scale or high[0] > ax.bbox.x1 * scale
            hides = np.all((dots > low - 2) & (dots < high + 2), axis=1).sum()
            crosses = sum(np.all((t > low) & (t < high), axis=1).any() for t in tracks)
            bad = 100 * (meets + outside) + 40 * hides + 4 * crosses + abs(shift + 4)
            spots.append((bad, len(spots), side, shift, (*low, *high)))
        *_, side, shift, box = min(spots)
        names = np.vstack([names, box])
        look: dict = {"xytext": (6 if side == "left" else -6, shift), "ha": side, "bbox": ground}
        ax.annotate(name, place, textcoords="offset points", fontsize=SMALL, **look)


def scale_of(values: np.ndarray, *, signed: bool = False, positive: str = INK_ON_PAPER) -> dict:
    """Choose colours and limits, so that zero looks the same in every picture.

    Args:
        values: all that have the scale.
        signed: have both signs in the scale, whatever the values are.
        positive: the colours of values that are all above zero.
    """
    largest = max(float(np.abs(values).max()), 1e-12)
    # A sum of nothing but zeros may come a last bit below zero.
    if signed or values.min() < -1e-6 * largest:
        return {"cmap": SIGNED, "vmin": -largest, "vmax": largest}
    return {"cmap": positive, "vmin": 0, "vmax": largest}


def rows_of(ax: Axes, names: list[str]) -> None:
    """Name the rows of a picture, the first on top.

    Args:
        ax: axes on which row `k` lies at the height `k`.
        names: one per row.
    """
    ax.set_yticks(range(len(names)), labels=names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
