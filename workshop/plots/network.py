"""What a network takes: times on a log scale, the parts of a step, speed-up over workers."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

MOST_LINES = 4
MOST_PARTS = 5
MOST_MARKS = 5
LINE_STYLES = ("-", "--", ":", "-.")
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
# Colours and hatches both differ, so that parts can be told apart in grey as well.
PART_STYLES = (
    ("#0072b2", "//"),
    ("#f0e442", ""),
    ("#cc79a7", "--"),
    ("#e69f00", ".."),
    ("#009e73", "xx"),
)
UNITS = ((1e-12, "ps"), (1e-9, "ns"), (1e-6, "µs"), (1e-3, "ms"), (1.0, "s"))


def draw_scales(
    measured: Mapping[str, float],
    published: Mapping[str, float] | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw times on a log scale, the shortest on top; what others published has another mark.

    Args:
        measured: for each name, the seconds that were measured here.
        published: likewise, of others; the name says whose.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no times, or one that is not above 0.

    Example:
        >>> ax = draw_scales({"one addition": 1e-9}, {"light to the Moon": 1.28})
        >>> [tick.get_text() for tick in ax.get_yticklabels()]
        ['one addition', 'light to the Moon']
    """
    kinds = {"measured here": dict(measured), "published by others": dict(published or {})}
    rows = [(time, name, kind) for kind, times in kinds.items() for name, time in times.items()]
    if not rows:
        raise ValueError("No times came; give at least one: name -> seconds.")
    if wrong := [(name, time) for time, name, _ in rows if not 0 < time < np.inf]:
        name, time = wrong[0]
        raise ValueError(f"{name!r} takes {time} s; a log scale needs times above 0.")
    rows.sort()
    if ax is None:
        ax = plt.subplots(figsize=(8, 0.9 + 0.32 * len(rows)), layout="constrained")[1]
    for kind, style in zip(kinds, ("o", "s"), strict=True):
        places = [place for place, row in enumerate(rows) if row[2] == kind]
        if places:
            face = COLOURS[0] if style == "o" else "white"
            times = [rows[place][0] for place in places]
            ax.plot(times, places, style, color=COLOURS[0], markerfacecolor=face, label=kind)
    for place, (time, _, _) in enumerate(rows):
        ax.annotate(_in_words(time), (time, place), (7, 0), textcoords="offset points", va="center")
    ax.set_yticks(range(len(rows)), labels=[name for _, name, _ in rows])
    # Room at the right, or the last figure is cut off.
    ax.set(xscale="log", xlim=(rows[0][0] / 5, rows[-1][0] * 50), xlabel="time (s), a log scale")
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.grid(axis="x", alpha=0.3)
    ax.legend(frameon=False, loc="lower left")
    return ax


def _in_words(seconds: float) -> str:
    """Give a time in the unit in which it is from 1 to 999."""
    seconds = float(f"{seconds:.3g}")  # 999.9 µs are 1 ms
    size, unit = next((one for one in reversed(UNITS) if seconds >= one[0]), UNITS[0])
    return f"{seconds / size:.3g} {unit}"


def draw_parts(
    parts: Mapping[str, Mapping[str, float]],
    measured: Mapping[str, float] | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the parts that a model says a step consists of, a row each, and the measured whole.

    Args:
        parts: for each row, from the top, the milliseconds of each part; the same parts in each.
        measured: for each row, or for some, the milliseconds that were measured.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no rows, more than five parts, rows of different parts, or a measured row that
            is none of them.

    Example:
        >>> ax = draw_parts({"slow": {"compute": 3, "wire": 90}}, {"slow": 97})
        >>> [entry.get_text() for entry in ax.get_legend().get_texts()]
        ['measured', 'compute', 'wire']
    """
    names = _checked_parts(parts, measured or {})
    if ax is None:
        ax = plt.subplots(figsize=(8, 1.3 + 0.32 * len(parts)), layout="constrained")[1]
    # A fit can give a part a little below zero; it has no length in a picture.
    left = np.zeros(len(parts))
    for name, (colour, hatch) in zip(names, PART_STYLES, strict=False):
        widths = np.maximum([row[name] for row in parts.values()], 0)
        places = np.arange(len(parts))
        ax.barh(places, widths, 0.6, left, color=colour, hatch=hatch, edgecolor="w", label=name)
        left = left + widths
    if measured:
        places = [list(parts).index(row) for row in measured]
        ax.plot(list(measured.values()), places, "kD", markersize=6, label="measured")
    ax.set_yticks(range(len(parts)), labels=list(parts))
    ax.set(ylim=(len(parts) - 0.5, -0.5), xlim=(0, None), xlabel="time of a step (ms)")
    ax.grid(axis="x", alpha=0.3)
    ax.legend(frameon=False, ncols=6, loc="lower center", bbox_to_anchor=(0.4, 1))
    return ax


def _checked_parts(
    parts: Mapping[str, Mapping[str, float]], measured: Mapping[str, float]
) -> list[str]:
    """Give the names of the parts."""
    if not parts:
        raise ValueError("No rows came; give at least one: name -> milliseconds of each part.")
    first, names = next((row, list(one)) for row, one in parts.items())
    if not 1 <= len(names) <= MOST_PARTS:
        raise ValueError(f"{len(names)} parts came; 1 to {MOST_PARTS} can be told apart.")
    for row, one in parts.items():
        if set(one) != set(names):
            raise ValueError(f"{row!r} has the parts {list(one)}, {first!r} has {names}.")
    if unknown := [row for row in measured if row not in parts]:
        raise ValueError(f"{unknown[0]!r} was measured; the rows are {', '.join(parts)}.")
    return names


def draw_speed_up(
    workers: Sequence[int],
    curves: Mapping[str, Sequence[float]],
    *,
    published: Mapping[str, tuple[float, float]] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw how many times faster so many workers are than one, beside as many times as workers.

    Args:
        workers: numbers of workers `(k,)`, from 1.
        curves: for each name in the legend, up to four, the speed-up `(k,)`.
        published: for each name, workers and speed-up that others reported; marked, not joined.
        title: what the curves are of.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on, both log scales.

    Raises:
        ValueError: a number of curves that can't be told apart, one of another length than
            `workers`, more than five published figures, or a value that a log scale can't show.

    Example:
        >>> ax = draw_speed_up([1, 2, 4], {"slow": [1, 1.2, 1.3]}, published={"a talk": (4, 3)})
        >>> [entry.get_text() for entry in ax.get_legend().get_texts()]
        ['as many as workers', 'slow', 'a talk']
    """
    _check_curves(workers, curves, published or {})
    ax = ax or plt.subplots(figsize=(6, 4), layout="constrained")[1]
    ax.plot(workers, workers, color="grey", linewidth=1, label="as many as workers")
    for style, colour, (name, speed_up) in zip(LINE_STYLES, COLOURS, curves.items(), strict=False):
        ax.plot(workers, speed_up, style, color=colour, label=name)
    for mark, (name, point) in zip("^sDvP", (published or {}).items(), strict=False):
        ax.plot(*point, mark, color="black", markerfacecolor="white", label=name)
    ax.set(xscale="log", yscale="log", xlabel="workers", ylabel="speed-up (x)", title=title)
    ax.grid(alpha=0.3)
    ax.legend(frameon=False, fontsize="small")
    return ax


def _check_curves(
    workers: Sequence[int],
    curves: Mapping[str, Sequence[float]],
    published: Mapping[str, tuple[float, float]],
) -> None:
    if not 1 <= len(curves) <= MOST_LINES:
        raise ValueError(f"{len(curves)} curves came; 1 to {MOST_LINES} can be told apart.")
    if len(published) > MOST_MARKS:
        raise ValueError(f"{len(published)} published figures came; at most {MOST_MARKS}.")
    for name, curve in {"workers": workers, **curves, **published}.items():
        if name not in published and len(curve) != len(workers):
            raise ValueError(f"{name!r} has {len(curve)} values for {len(workers)} workers.")
        if not np.all(np.asarray(curve, dtype=float) > 0):
            raise ValueError(f"{name!r} has values that are not above 0; the scales are log.")
