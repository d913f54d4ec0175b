"""Lines and dots: curves over a variable, with or without a band, results of runs, speed-up."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from workshop.messages import say
from workshop.plots.style import (
    BLUE,
    INK,
    LINES,
    MARKS,
    QUIET,
    WIDTH,
    axes_of,
    named_at_ends,
    rows_of,
)

FEW_POINTS = 40
MOST_MARKS = 5
BELOW = {"linewidth": 4, "alpha": 0.4}  # a curve that others may lie upon


def curves(
    x: np.ndarray | None,
    lines: Mapping[str, np.ndarray | Mapping[float, float]],
    *,
    labels: tuple[str, str] = ("x", "y"),
    scale: str = "linear",
    at_ends: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw up to four curves.

    They are told apart by their dashes as well as by their colour. Of logs the first is broad and
    pale, so that one that lies upon it can be seen.

    Args:
        x: where the curves were computed, `(n,)`; None where each has places of its own.
        lines: for each name in the legend, the values `(n,)`, where NaN leaves a gap; or the value
            at each place, such as a logged loss at each step. Few places get a mark each.
        labels: names of the two axes, with units where there are any.
        scale: of the upright axis, `"linear"` or `"log"`.
        at_ends: whether each name stands beside the end of its curve, in place of a legend.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no curves or more than four, one that is not as long as x, or one of no points.

    Example:
        >>> time = np.linspace(0, 1, 5)
        >>> ax = curves(time, {"falling": 5 - 4.9 * time**2}, labels=("time (s)", "height (m)"))
        >>> ax.get_xlabel(), len(ax.lines)
        ('time (s)', 1)
        >>> ax = curves(None, {"loss": {1: 2.3, 2: 1.9}, "resumed": {2: 1.9, 3: 1.7}})
        >>> ax.lines[1].get_xdata()
        array([2, 3])
    """
    _check_count(lines)
    ax, places = axes_of(ax, 6, 3.4), []
    for (colour, dashes), (name, values) in zip(LINES, lines.items(), strict=False):
        at, y = _places(x, name, values)
        places.append(at)
        mark = "o" if isinstance(values, Mapping) and len(at) <= FEW_POINTS else ""
        look: dict = BELOW if x is None and colour == LINES[0][0] and len(lines) > 1 else {}
        ax.plot(at, y, dashes, color=colour, marker=mark, label=name, **look)
    ax.set(xlabel=labels[0], ylabel=labels[1], yscale=scale)
    if all(np.array_equal(place, np.round(place)) for place in places):
        ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
    if at_ends:
        named_at_ends(ax)
    else:
        ax.legend()
    return ax


def bands(
    x: np.ndarray,
    bands: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]],
    *,
    labels: tuple[str, str] = ("x", "y"),
    ax: Axes | None = None,
) -> Axes:
    """Draw up to four curves, each in the band in which most repetitions lie.

    Args:
        x: where the curves were computed, `(n,)`.
        bands: for each name in the legend, the lower edge, the curve and the upper edge, `(n,)`
            each, such as `np.quantile(runs, (0.1, 0.5, 0.9), axis=0)`.
        labels: names of the two axes, with units where there are any.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: as `curves` does, or a band that is not an edge, a curve and an edge.

    Example:
        >>> runs = np.random.default_rng(0).normal(size=(100, 3))
        >>> ax = bands(np.arange(3), {"noise": np.quantile(runs, (0.1, 0.5, 0.9), axis=0)})
        >>> len(ax.lines), len(ax.collections)
        (1, 1)
    """
    for name, band in bands.items():
        if len(band) != 3:
            raise ValueError(
                say(
                    "band {name!r}: expected a lower edge, a curve, an upper edge, got {got}",
                    **{"name": name, "got": len(band)},
                )
            )
    ax = curves(
        x, {name: np.asarray(band[1]) for name, band in bands.items()}, labels=labels, ax=ax
    )
    for (colour, _), (low, _, high) in zip(LINES, bands.values(), strict=False):
        ax.fill_between(x, low, high, color=colour, alpha=0.15, linewidth=0)
    return ax


def _check_count(lines: Mapping) -> None:
    if not 1 <= len(lines) <= len(LINES):
        raise ValueError(say("expected 1 to {most} curves, got {n}", most=len(LINES), n=len(lines)))


def _places(
    x: np.ndarray | None, name: str, values: np.ndarray | Mapping[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    if isinstance(values, Mapping):
        if not values:
            raise ValueError(
                say("curve {name!r} has no points; was anything logged under it?", name=name)
            )
        at = np.array(sorted(values))
        return at, np.array([values[place] for place in sorted(values)])
    if x is None:
        raise ValueError(say("curve {name!r}: expected place -> value, as x is None", name=name))
    if np.shape(values) != np.shape(x):
        raise ValueError(
            say(
                "curve {name!r}: expected shape {expected}, as x has, got {got}; compute the "
                "curve at each value of x",
                **{"name": name, "expected": np.shape(x), "got": np.shape(values)},
            )
        )
    return np.asarray(x), np.asarray(values)


def runs(
    results: Mapping[str, Sequence[float]],
    *,
    label: str = "validation accuracy",
    ax: Axes | None = None,
) -> Axes:
    """Draw the results of repeated training runs: a row for each recipe, a dot for each run.

    A bar stands at the mean, so that the spread is seen beside it. Draw it again while results come
    in: a recipe that has none yet keeps its row.

    Args:
        results: for each recipe, such as the validation accuracies of its runs (any number, also
            none).
        label: what the results are, with a unit where there is one.
        ax: where to draw; it is cleared first. A new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no recipes.

    Example:
        >>> ax = runs({"plain": [0.91, 0.92], "better": []})
        >>> [tick.get_text() for tick in ax.get_yticklabels()]
        ['plain', 'better']
    """
    if not results:
        raise ValueError(say("expected at least one recipe, name -> results of its runs, got none"))
    ax = axes_of(ax, WIDTH, 0.8 + 0.4 * len(results))
    ax.clear()
    for row, values in enumerate(results.values()):
        ax.plot(values, [row] * len(values), "o", color=BLUE, alpha=0.7, markersize=6)
        if len(values):
            ax.plot(np.mean(values), row, "|", color=INK, markersize=18, markeredgewidth=2)
    rows_of(ax, [str(name) for name in results])
    ax.set_xlabel(say("{label} (dot: a run, bar: the mean)", label=label))
    return ax


def scaling(
    workers: Sequence[int],
    speed_ups: Mapping[str, Sequence[float]],
    *,
    published: Mapping[str, tuple[float, float]] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw how many times faster several workers are than one, beside the ideal.

    Args:
        workers: numbers of workers `(k,)`, from 1.
        speed_ups: for each name in the legend, up to four, the speed-up `(k,)`.
        published: for each name, workers and speed-up that others reported; marked, not joined.
        title: what the curves are of.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on, both log scales.

    Raises:
        ValueError: a number of curves that can't be told apart, one of another length than
            `workers`, more than five published figures, or a value that a log scale can't show.

    Example:
        >>> ax = scaling([1, 2, 4], {"slow": [1, 1.2, 1.3]}, published={"a talk": (4, 3)})
        >>> [entry.get_text() for entry in ax.get_legend().get_texts()]
        ['as many as workers', 'slow', 'a talk']
    """
    published = published or {}
    _check_scaling(workers, speed_ups, published)
    ax = axes_of(ax, 6, 4)
    ax.plot(workers, workers, color=QUIET, linestyle="-", linewidth=1, label="as many as workers")
    for (colour, dashes), (name, speed_up) in zip(LINES, speed_ups.items(), strict=False):
        ax.plot(workers, speed_up, dashes, color=colour, label=name)
    for mark, (name, point) in zip(MARKS, published.items(), strict=False):
        ax.plot(*point, mark, color="black", markerfacecolor="white", label=name)
    ax.set(xscale="log", yscale="log", xlabel="workers", ylabel="speed-up (x)", title=title)
    ax.legend()
    return ax


def _check_scaling(
    workers: Sequence[int],
    speed_ups: Mapping[str, Sequence[float]],
    published: Mapping[str, tuple[float, float]],
) -> None:
    _check_count(speed_ups)
    if len(published) > MOST_MARKS:
        raise ValueError(
            say(
                "expected at most {most} published figures, got {n}",
                most=MOST_MARKS,
                n=len(published),
            )
        )
    for name, values in {"workers": workers, **speed_ups, **published}.items():
        if name not in published and len(values) != len(workers):
            raise ValueError(
                say(
                    "{name!r}: expected {expected} values, as many as workers, got {got}",
                    **{"name": name, "expected": len(workers), "got": len(values)},
                )
            )
        if not np.all(np.asarray(values, dtype=float) > 0):
            raise ValueError(
                say("{name!r}: expected values above 0, for the scales are log", name=name)
            )
