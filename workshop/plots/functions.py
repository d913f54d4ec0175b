"""Functions to look at: of one number, a loss with ways down it, and `x @ w + b` as tables."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from workshop.messages import say
from workshop.plots.lines import curves
from workshop.plots.planes import Grid
from workshop.plots.style import BLUE, INK, QUIET, SMALL, VERMILLION, WIDTH, axes_of, panels_of

MOST_IN_A_ROW = 4
UP = -1.2, 2.2  # slopes are from -0.1 to 1.1; of values this is the middle
PATHS = ("o-", "s--", "^:", "d-.", "v-")
FAR = 0.1  # of the picture's side; the numbers of nearer steps would overlap
KEY = "star: start\nring: end\nnumbers: steps"


def activations(z: np.ndarray, functions: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Figure:
    """Draw functions of one number, a panel each, with the slope of each as a second line.

    All panels have the same axes, so that a flat slope looks flat beside a steep one. The steepest
    point of each has its number.

    Args:
        z: where the functions were computed, `(n,)`.
        functions: for each name, the values and the derivatives at `z`, `(n,)` each.

    Returns:
        The figure.

    Raises:
        ValueError: no functions, or values that are not as many as `z`.

    Example:
        >>> z = np.linspace(-1, 1, 3)
        >>> figure = activations(z, {"square": (z**2, 2 * z)})
        >>> figure.axes[0].get_title()
        'square'
    """
    if not functions:
        raise ValueError(
            say("expected at least one activation, name -> (values, derivatives), got none")
        )
    columns = min(len(functions), MOST_IN_A_ROW)
    rows = -(-len(functions) // columns)
    width, height = min(WIDTH, 2.9 * columns), 1.75 * rows + 0.5
    figure, axes = panels_of(rows, columns, width, height, sharex=True, sharey=True)
    for ax, (name, (values, derivatives)) in zip(axes.flat, functions.items(), strict=False):
        curves(z, {"value": values, "derivative": derivatives}, ax=ax)
        ax.get_legend().remove()
        ax.set(title=name, xlabel="", ylabel="", ylim=UP)
        slopes = np.asarray(derivatives)
        steepest = np.flatnonzero(slopes >= slopes.max() - 1e-6)
        at = int(steepest[len(steepest) // 2])  # the middle one of many that are as steep
        place = float(z[at]), float(slopes[at])
        ax.plot(*place, "o", color=VERMILLION, markersize=6)
        words: dict = {"textcoords": "offset points", "ha": "center", "color": VERMILLION}
        words["bbox"] = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.3}
        ax.annotate(f"{place[1]:.2f}", place, (0, -15), fontsize=SMALL, **words)
    figure.supxlabel("z", fontsize=10.5)
    for ax in axes.flat[len(functions) :]:
        ax.remove()
    names = "value", "derivative, its steepest point marked"
    figure.legend(figure.axes[0].lines[:2], names, loc="outside upper center", ncols=2)
    return figure


def loss_surface(
    grid: Grid,
    paths: dict[str, np.ndarray],
    *,
    labels: tuple[str, str] = ("first parameter", "second parameter"),
    title: str = "rate {}",
    scale: str = "loss (cross-entropy)",
) -> Figure:
    """Draw a loss as contours, and descents as paths on it.

    Args:
        grid: the values of the first parameter `(n,)`, of the second `(m,)`, and the loss
            `(m, n)` at each pair.
        paths: for each name, points `(steps, 2)`; at most five paths. What leaves the grid is cut.
        labels: names of the two axes.
        title: of each panel; the name of the path takes the place of `{}`.
        scale: name of the colours, with the unit.

    Returns:
        The figure.

    Raises:
        ValueError: no paths, or more than five.

    Example:
        >>> side = np.linspace(-1, 1, 5)
        >>> bowl = side[:, None] ** 2 + side**2
        >>> figure = loss_surface((side, side, bowl), {"0.1": np.array([[1, 1], [0.8, 0.8]])})
        >>> figure.axes[0].get_title()
        'rate 0.1'
    """
    if not 1 <= len(paths) <= len(PATHS):
        raise ValueError(say("expected 1 to {most} paths, got {n}", most=len(PATHS), n=len(paths)))
    first, second, loss = grid
    # Equal ratios between the contours: the floor of a valley shows as well as its walls.
    low = max(float(np.min(loss)), 1e-6)
    levels = np.geomspace(low, max(float(np.max(loss)), 2 * low), 25)
    colours = {"levels": levels, "norm": LogNorm(), "cmap": "viridis"}
    columns = min(len(paths), 3 if len(paths) > 4 else 2)
    rows = -(-len(paths) // columns)
    width, height = min(WIDTH, 2.75 * columns + 0.75), 0.4 + rows * (1 + WIDTH / columns) * 0.6
    figure, axes = panels_of(rows, columns, width, height, sharex=True, sharey=True)
    for ax, mark, (name, path) in zip(axes.flat, PATHS, paths.items(), strict=False):
        drawn = ax.contourf(first, second, np.maximum(loss, low), **colours)
        ax.set(xlim=(first[0], first[-1]), ylim=(second[0], second[-1]), title=title.format(name))
        _draw_path(ax, np.asarray(path, dtype=float), mark)
    figure.supxlabel(labels[0], fontsize=10.5)
    figure.supylabel(labels[1], fontsize=10.5)
    _explain(figure, drawn, list(axes.flat[len(paths) :]), levels[::6].tolist(), scale)
    return figure


def _draw_path(ax: Axes, points: np.ndarray, mark: str) -> None:
    """Draw a way from its star to its ring, the first steps numbered; told where it leaves."""
    look: dict = {"color": "white", "path_effects": [withStroke(linewidth=3, foreground="black")]}
    ax.plot(*points.T, mark, markersize=4, linewidth=1.3, **look)
    star: dict = {"markeredgecolor": "black", "markersize": 14, "zorder": 4}
    ax.plot(*points[0], "*", color="white", **star)
    ring: dict = {"markersize": 11, "markeredgewidth": 2, "fillstyle": "none", "zorder": 4}
    ax.plot(*points[-1], "o", **ring, **look)
    low, high = (np.array(ends) for ends in zip(ax.get_xlim(), ax.get_ylim(), strict=True))
    look |= {"textcoords": "offset points", "fontsize": SMALL, "fontweight": "bold", "zorder": 5}
    inside = np.all((points >= low) & (points <= high), axis=1)
    last = points[0]
    for k in range(1, min(len(points), 4)):
        if inside[k] and np.abs((points[k] - last) / (high - low)).max() > FAR:
            ax.annotate(str(k), points[k], (6, 4), **look)
            last = points[k]
    if len(left := np.flatnonzero(inside[:-1] & ~inside[1:])):
        k = int(left[0])
        told = "step {}: ({:g}, {:g})".format(k + 1, *(np.round(points[k + 1], 1) + 0.0))
        if not inside[-1]:
            told += "\nend: ({:g}, {:g})".format(*(np.round(points[-1], 1) + 0.0))
        edge = _edge(points[k], points[k + 1], low, high)
        at_left, at_foot = ((edge - low) / (high - low) < 0.5).tolist()
        look |= {"ha": "left" if at_left else "right", "va": "bottom" if at_foot else "top"}
        ax.annotate(told, tuple(edge), (8 if at_left else -8, 8 if at_foot else -8), **look)


def _edge(start: np.ndarray, end: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Find where a step crosses the edge of the picture."""
    along = end - start
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(along > 0, high - start, low - start) / along
    return start + np.nanmin(np.where(along == 0, np.nan, parts)) * along


def _explain(figure: Figure, drawn, free: list[Axes], ticks: list[float], scale: str) -> None:
    """Show the scale of the colours; where a panel is free, in its place with the marks' names."""
    how: dict = {"label": scale, "ticks": ticks}
    if free:
        where = free[0].inset_axes((0.06, 0.42, 0.88, 0.09))
        bar = figure.colorbar(drawn, cax=where, orientation="horizontal", **how)
        where.set_title(KEY, fontsize=SMALL)
    else:
        bar = figure.colorbar(drawn, ax=figure.axes, aspect=25, shrink=0.9, **how)
    for ax in free:
        ax.axis("off")
    bar.minorticks_off()
    bar.set_ticks(
        ticks,
        labels=[
            np.format_float_positional(level, 1, fractional=False, trim="-") for level in ticks
        ],
    )
    bar.ax.grid(visible=False)


def matrix_product(
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray,
    *,
    row: int,
    column: int,
    ax: Axes | None = None,
) -> Axes:
    """Draw `x @ w + b` as tables, with the numbers lit that make one number of the result.

    Args:
        x: `(n, k)`, small enough to be read.
        w: `(k, m)`.
        b: `(m,)`; it is shown as it is broadcast, its copies in grey.
        row: of the number that is lit.
        column: likewise.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: shapes that don't fit, or a place outside the result.

    Example:
        >>> ax = matrix_product(np.eye(2), np.ones((2, 3)), np.zeros(3), row=1, column=2)
        >>> [text.get_text() for text in ax.texts][-1]
        'y (2, 3)'
    """
    x, w, b = np.asarray(x), np.asarray(w), np.asarray(b)
    fits = x.ndim == w.ndim == 2 and x.shape[1] == w.shape[0] and b.shape == w.shape[1:]
    if not (fits and 0 <= row < len(x) and 0 <= column < len(b)):
        raise ValueError(
            say(
                "expected shapes such as (5, 2), (2, 3) and (3,), and a place in the result, got "
                "{x}, {w}, {b} and row {row}, column {column}",
                **{"x": x.shape, "w": w.shape, "b": b.shape, "row": row, "column": column},
            )
        )
    (n, k), m = x.shape, len(b)
    place = [(row, j) for j in range(k)], [(i, column) for i in range(k)], [(row, column)]
    tables = [("x", x, place[0]), ("w", w, place[1])]
    tables += [("b", np.tile(b, (n, 1)), place[2]), ("y", x @ w + b, place[2])]
    wide = k + 3 * m + 3.5
    ax = axes_of(ax, WIDTH, WIDTH / wide * (max(n, k) + 1.9))
    ax.set(xlim=(-0.1, wide - 0.1), ylim=(max(n, k) + 0.1, -1.1), aspect="equal")
    left = 0.0
    for sign, (name, table, lit) in zip(("@", "+", "=", ""), tables, strict=True):
        _table(ax, table, lit, left=left, copied=name == "b")
        shape = b.shape if name == "b" else table.shape
        ax.text(left + table.shape[1] / 2, -0.5, f"{name} {shape}", ha="center", size=SMALL)
        left += table.shape[1] + 1.1
        ax.text(left - 0.55, n / 2, sign, ha="center", va="center", size=12, zorder=2)
    ax.texts[-1].remove()
    ax.axis("off")
    return ax


def _table(
    ax: Axes, values: np.ndarray, lit: Sequence[tuple[int, int]], *, left: float, copied: bool
) -> None:
    for (i, j), value in np.ndenumerate(values):
        is_lit = (i, j) in lit
        look: dict = {"fc": "#dcebfa" if is_lit else "white", "zorder": 2 if is_lit else 1}
        look |= {"ec": BLUE, "lw": 2} if is_lit else {"ec": "#b0b0b0", "lw": 0.8}
        ax.add_patch(Rectangle((left + j, i), 1, 1, **look))
        ink = QUIET if copied and i > 0 and not is_lit else INK
        words: dict = {"ha": "center", "va": "center", "zorder": 3, "size": SMALL, "color": ink}
        weight = "bold" if is_lit else "normal"
        ax.text(left + j + 0.5, i + 0.5, f"{value:.3g}", weight=weight, **words)
