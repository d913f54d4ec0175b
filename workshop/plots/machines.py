"""What a machine can reach, and which of its devices holds which part of an array."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from workshop.messages import say
from workshop.plots.style import LINES, MARKS, SMALL, axes_of

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

    Left of its corner a machine waits for its memory, right of it for its multipliers. Both axes
    are logarithmic.

    Args:
        roofs: for each machine, at most four: operations per second, and bytes per second of its
            memory.
        points: for each measurement: operations per byte, and operations per second.
        corners: machines of which only the corner is marked, with its name: as `roofs`.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no roof or more than four, or a number that is not above 0.

    Example:
        >>> ax = roofline({"laptop": (1e11, 2e10)}, points={"dense": (0.5, 8e9)})
        >>> ax.get_xlabel(), len(ax.lines)
        ('operations per byte', 2)

    Source:
        S. Williams, A. Waterman, D. Patterson: "Roofline: an insightful visual performance model
        for multicore architectures", Communications of the ACM 52(4), 2009.
    """
    points, corners = points or {}, corners or {}
    if not 1 <= len(roofs) <= len(LINES):
        raise ValueError(say("expected 1 to {most} roofs, got {n}", most=len(LINES), n=len(roofs)))
    for name, pair in [*roofs.items(), *points.items(), *corners.items()]:
        _check_pair(name, pair)
    ax = axes_of(ax, 8.5, 4.8)
    ridges = [rate / bandwidth for rate, bandwidth in [*roofs.values(), *corners.values()]]
    intensities = [intensity for intensity, _ in points.values()]
    x = np.geomspace(min(ridges + intensities) / 4, max(ridges + intensities) * 6, 200)
    for (colour, dashes), (name, (rate, bandwidth)) in zip(LINES, roofs.items(), strict=False):
        ax.plot(x, np.minimum(rate, x * bandwidth), dashes, color=colour, label=name, linewidth=2)
    for number, (name, (intensity, rate)) in enumerate(points.items()):
        marker = MARKS[number % len(MARKS)]
        ax.plot(intensity, rate, marker, color="black", markerfacecolor="none", label=name)
    # Neighbours in height have their names on different sides.
    by_height = sorted(corners.items(), key=lambda item: item[1][0])
    for number, (name, (rate, bandwidth)) in enumerate(by_height):
        ax.plot(rate / bandwidth, rate, "k.")
        side: dict = {"xytext": (5, -3)} if number % 2 == 0 else {"xytext": (-5, -3), "ha": "right"}
        side["bbox"] = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5}
        ax.annotate(
            name, (rate / bandwidth, rate), textcoords="offset points", fontsize=SMALL, **side
        )
    ax.set(xscale="log", yscale="log", xlim=(x[0], x[-1]))
    ax.set(xlabel="operations per byte", ylabel="operations per second")
    ax.grid(alpha=0.3)
    ax.legend(fontsize=SMALL, loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
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
        look: dict = {"facecolor": colour, "hatch": hatch, "edgecolor": "#555", "linewidth": 1}
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
