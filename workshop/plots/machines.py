"""Machines: what they can reach, which device holds which part, who works and who waits."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from workshop.messages import say
from workshop.plots.style import (
    BARS,
    INK,
    LINES,
    MARKS,
    QUIET,
    SMALL,
    WIDTH,
    axes_of,
    named_beside,
    rows_of,
)

BAR_HEIGHT = 0.6
# Pale, for a number stands on each; told apart by hatches as well.
PARTS = (
    ("#cfe3f1", ""),
    ("#f7ddc4", "///"),
    ("#cfe9df", "..."),
    ("#ecd6e6", "xxx"),
    ("#f1eebb", "\\\\\\"),
    ("#dddddd", "+++"),
    ("#c8d3e8", "ooo"),
    ("#e8c8c8", "|||"),
)


def roofline(
    roofs: Mapping[str, tuple[float, float]],
    *,
    points: Mapping[str, tuple[float, float]] | None = None,
    corners: Mapping[str, tuple[float, float]] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what machines can reach, over how much is computed with each byte.

    Left of its ridge point a machine is memory-bound, right of it compute-bound: with one roof the
    two sides are shaded. Both axes are logarithmic.

    Args:
        roofs: for each machine, at most four: its peak in FLOP/s, and bytes/s of its memory.
        points: for each measurement: FLOP per byte, and FLOP/s.
        corners: machines of which only the ridge point is marked, with its name: as `roofs`.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no roof or more than four, or a number that is not above 0.

    Example:
        >>> ax = roofline({"laptop": (1e11, 2e10)}, points={"dense": (0.5, 8e9)})
        >>> ax.get_xlabel(), len(ax.lines)
        ('arithmetic intensity (FLOP/byte)', 2)

    Source:
        S. Williams, A. Waterman, D. Patterson: "Roofline: an insightful visual performance model
        for multicore architectures", Communications of the ACM 52(4), 2009.
    """
    points, corners = points or {}, corners or {}
    if not 1 <= len(roofs) <= len(LINES):
        raise ValueError(say("expected 1 to {most} roofs, got {n}", most=len(LINES), n=len(roofs)))
    for name, pair in [*roofs.items(), *points.items(), *corners.items()]:
        _check_pair(name, pair)
    ax = axes_of(ax, WIDTH, 4.4)
    ridges = [rate / bandwidth for rate, bandwidth in [*roofs.values(), *corners.values()]]
    intensities = [intensity for intensity, _ in points.values()]
    x = np.geomspace(min(ridges + intensities) / 4, max(ridges + intensities) * 6, 200)
    if len(roofs) == 1:
        ax.axvspan(x[0], ridges[0], color="0.86", zorder=0)
        ax.text(0.02, 0.97, "memory-bound", va="top", transform=ax.transAxes)
        ax.text(0.98, 0.03, "compute-bound", ha="right", transform=ax.transAxes)
    for (colour, dashes), (name, (rate, bandwidth)) in zip(LINES, roofs.items(), strict=False):
        ax.plot(x, np.minimum(rate, x * bandwidth), dashes, color=colour, label=name, linewidth=2)
    for number, (intensity, rate) in enumerate(points.values()):
        marker = MARKS[number % len(MARKS)]
        ax.plot(intensity, rate, marker, color=INK, markerfacecolor="white", zorder=4)
    places = {name: (rate / bandwidth, rate) for name, (rate, bandwidth) in corners.items()}
    for place in places.values():
        ax.plot(*place, ".", color=INK)
    ax.set(xscale="log", yscale="log", xlim=(x[0], x[-1]))
    ax.set(xlabel="arithmetic intensity (FLOP/byte)", ylabel="rate (FLOP/s)")
    by_height = sorted(places.items(), key=lambda item: item[1][1])
    named_beside(ax, dict([*points.items(), *by_height]), ax.lines[: len(roofs)])
    ax.legend(loc="upper center", bbox_to_anchor=(0.45, -0.15), ncols=2)
    return ax


def sharding(
    shards: Sequence[Mapping],
    shape: tuple[int, int],
    *,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw which devices hold which part of a matrix.

    Args:
        shards: a dict for each device: "device" (its number), "rows" and "columns", each
            (first, one after the last), as a script prints them.
        shape: rows and columns of the whole matrix.
        title: what the matrix is.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on: a rectangle for each part, with the devices that hold it.

    Raises:
        ValueError: no shards, or one that leaves the matrix.

    Example:
        >>> shards = [{"device": k, "rows": (0, 6), "columns": (2 * k, 2 * k + 2)} for k in (0, 1)]
        >>> [text.get_text() for text in sharding(shards, (6, 4)).texts]
        ['0', '1']
    """
    rows, columns = shape
    holders: dict[tuple, list[int]] = {}
    for shard in shards:
        top, bottom = map(int, shard["rows"])
        left, right = map(int, shard["columns"])
        if not (0 <= top < bottom <= rows and 0 <= left < right <= columns):
            raise ValueError(
                say(
                    "device {device}: expected a part of {rows} rows and {columns} columns, got "
                    "rows {top} to {bottom} and columns {left} to {right}",
                    **{"device": shard["device"], "rows": rows, "columns": columns},
                    **{"top": top, "bottom": bottom, "left": left, "right": right},
                )
            )
        holders.setdefault((top, bottom, left, right), []).append(int(shard["device"]))
    if not holders:
        raise ValueError(say("expected a dict for each device, got none"))
    ax = axes_of(ax, 3.2, 2.6)
    for number, ((top, bottom, left, right), devices) in enumerate(holders.items()):
        colour, hatch = PARTS[number % len(PARTS)]
        place, wide, high = (left, top), right - left, bottom - top
        look: dict = {"facecolor": colour, "hatch": hatch, "edgecolor": QUIET, "linewidth": 1}
        ax.add_patch(plt.Rectangle(place, wide, high, **look))
        lettering: dict = {"ha": "center", "va": "center", "fontsize": SMALL}
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        said = _devices(devices, is_narrow=wide < 0.4 * columns)
        ax.text(left + wide / 2, top + high / 2, said, bbox=box, **lettering)
    ax.set(xlim=(0, columns), ylim=(rows, 0), xlabel="columns", ylabel="rows")
    ax.set_title(title, fontsize=SMALL)
    ax.set_xticks([0, columns])
    ax.set_yticks([0, rows])
    return ax


def timeline(
    spans: Mapping[str, Sequence[tuple[float, float]]],
    *,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw when each of several workers was busy, one row each; what is empty is waiting.

    Measure the spans with one clock (`time.perf_counter()` in one process). Zero of the picture
    is where the earliest span starts.

    Args:
        spans: for each row, from the top, its name and any number of `(start, end)` in seconds,
            `(n, 2)`; they may come in any order and overlap.
        title: what was measured.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no spans at all, or one that is no pair of numbers or ends before it starts.

    Example:
        >>> ax = timeline({"pipeline": [(0.0, 0.2), (0.3, 0.5)], "model": [(0.2, 0.3)]})
        >>> [tick.get_text() for tick in ax.get_yticklabels()], ax.get_xlabel()
        (['pipeline', 'model'], 'time (ms)')
    """
    rows = {name: _checked_spans(name, row) for name, row in spans.items()}
    if not any(len(row) for row in rows.values()):
        raise ValueError(
            say("expected at least one row with a span, name -> list of (start_s, end_s), got none")
        )
    zero = min(row[:, 0].min() for row in rows.values() if len(row))
    last = max(row[:, 1].max() for row in rows.values() if len(row))
    ax = axes_of(ax, WIDTH, 0.9 + 0.5 * len(rows))
    for number, row in enumerate(rows.values()):
        colour, hatch = BARS[number % len(BARS)]
        bars = [(1000 * (start - zero), 1000 * (end - start)) for start, end in row]
        place = (number - BAR_HEIGHT / 2, BAR_HEIGHT)
        ax.broken_barh(bars, place, facecolor=colour, hatch=hatch, edgecolor="white")
    rows_of(ax, list(rows))
    ax.set(xlim=(0, 1000 * (last - zero) or 1), xlabel="time (ms)", title=title)
    return ax


def pipeline(
    spans: Sequence[Mapping[tuple[str, int], tuple[float, float]]],
    *,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw when each device of a split model works on which micro-batch, and which way.

    Args:
        spans: for each device, the first on top: start and end, in any unit, of `("F", k)`, forward
            of micro-batch k, and of `("B", k)`, backward.
        title: what is scheduled.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on; they end where the last device is done.

    Raises:
        ValueError: nothing to draw.

    Example:
        >>> ax = pipeline([{("F", 0): (0, 1), ("B", 0): (1, 3)}])
        >>> [text.get_text() for text in ax.texts], float(ax.get_xlim()[1])
        (['0', '0'], 3.0)
    """
    if not any(spans):
        raise ValueError(say("expected at least one device with a task, got none"))
    ax = axes_of(ax, WIDTH, 0.9 + 0.42 * len(spans))
    looks = {"F": (PARTS[0], say("forward")), "B": (PARTS[1], say("backward"))}
    for row, device in enumerate(spans):
        for (kind, number), (start, end) in device.items():
            (colour, hatch), name = looks[kind]
            look: dict = {"facecolor": colour, "hatch": hatch, "edgecolor": QUIET, "linewidth": 0.7}
            ax.barh(row, end - start, 0.8, left=start, label=name, **look)
            box = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
            middle = (start + end) / 2, row
            ax.text(*middle, f"{number}", ha="center", va="center", fontsize=SMALL, bbox=box)
    rows_of(ax, [say("device {number}", number=row) for row in range(len(spans))])
    last = max(end for device in spans for _, end in device.values())
    ax.set(xlim=(0, last), xlabel="time (one forward of a micro-batch is 1)")
    ax.set_title(title, loc="left")
    named = dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    ax.legend(named.values(), named, loc="lower right", bbox_to_anchor=(1, 1), ncols=2)
    return ax


def _check_pair(name: str, pair: tuple[float, float]) -> None:
    try:
        good = len(pair) == 2 and all(np.isfinite(value) and value > 0 for value in pair)
    except TypeError:
        good = False
    if not good:
        raise ValueError(
            say("{name!r}: expected two numbers above 0, got {got!r}", name=name, got=pair)
        )


def _devices(devices: list[int], *, is_narrow: bool) -> str:
    """Say which devices: all of them in few letters."""
    devices = sorted(devices)
    if len(devices) > 2 and devices == list(range(devices[0], devices[-1] + 1)):
        return f"{devices[0]}-{devices[-1]}"
    return ("\n" if is_narrow else ", ").join(map(str, devices))


def _checked_spans(name: str, row: Sequence[tuple[float, float]]) -> np.ndarray:
    """Spans as an array `(n, 2)`."""
    try:
        pairs = np.asarray(row, dtype=float)
    except (TypeError, ValueError):
        pairs = np.empty((0, 0))
    if pairs.size == 0 and pairs.ndim == 1:
        return np.empty((0, 2))
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ValueError(
            say(
                "the row {name!r}: expected pairs of numbers (start_s, end_s), got {row!r}",
                **{"name": name, "row": row},
            )
        )
    for start, end in pairs:
        if not (np.isfinite(start) and end >= start and np.isfinite(end)):
            raise ValueError(
                say(
                    "the row {name!r}: expected spans that end after they start, got {start:g} to "
                    "{end:g} s. Are start and end swapped, or from two clocks?",
                    **{"name": name, "start": start, "end": end},
                )
            )
    return pairs
