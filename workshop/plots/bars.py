"""Bars: how many times faster something became, the parts of a step, what each device holds."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from workshop.messages import say
from workshop.plots.style import BARS, BLUE, INK, QUIET, VERMILLION, WIDTH, axes_of, rows_of

BAR_HEIGHT = 0.6
MOST_COLUMNS = 4
GAP = 0.25
UNITS = ((1e-12, "ps"), (1e-9, "ns"), (1e-6, "µs"), (1e-3, "ms"), (1.0, "s"))


def speed_up(times: Mapping[str, tuple[float, float]], *, ax: Axes | None = None) -> Axes:
    """Draw for each change how many times faster it made something, one bar each.

    Bars to the right of 1 are gains, hatched ones to the left are losses. Twice as fast and half
    as fast are equally long, for the axis is logarithmic.

    Args:
        times: for each name, the time before and after, in the same unit.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: nothing to draw, or times that are not above 0.

    Example:
        >>> ax = speed_up({"XLA": (2.0, 1.0), "bfloat16": (2.0, 4.0)})
        >>> [float(bar.get_width()) for bar in ax.patches]
        [1.0, -0.5]
    """
    if not times:
        raise ValueError(say("expected at least one time, name -> (before, after), got none"))
    for name, (before, after) in times.items():
        if not (before > 0 and after > 0):
            raise ValueError(
                say(
                    "{name!r}: expected times above 0, got {before} before and {after} after",
                    **{"name": name, "before": before, "after": after},
                )
            )
    ratios = np.array([before / after for before, after in times.values()])
    ax = axes_of(ax, WIDTH, 0.8 + 0.32 * len(times))
    bars = ax.barh(list(times), ratios - 1, left=1, color=BLUE)
    for bar, ratio in zip(bars, ratios, strict=True):
        if ratio < 1:
            bar.set(facecolor=VERMILLION, hatch="//")
    furthest = max(2, np.ceil(np.log2(np.max([ratios, 1 / ratios]))))
    powers = np.arange(-furthest, furthest + 1)
    ax.set_xscale("log")
    ax.set_xticks(2.0**powers, [f"{2**p:g}" if p >= 0 else f"1/{2**-p:g}" for p in powers])
    ax.minorticks_off()
    ax.axvline(1, color=INK)
    rows_of(ax, list(times))
    ax.set(xlabel="times faster (left of 1: slower)", xlim=(2.0**-furthest, 2.0**furthest))
    return ax


def latencies(
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
        >>> ax = latencies({"one addition": 1e-9}, {"light to the Moon": 1.28})
        >>> [tick.get_text() for tick in ax.get_yticklabels()]
        ['one addition', 'light to the Moon']
    """
    kinds = {"measured here": dict(measured), "published by others": dict(published or {})}
    rows = [(time, name, kind) for kind, times in kinds.items() for name, time in times.items()]
    if not rows:
        raise ValueError(say("expected at least one time, name -> seconds, got none"))
    if wrong := [(name, time) for time, name, _ in rows if not 0 < time < np.inf]:
        name, time = wrong[0]
        raise ValueError(
            say("{name!r}: expected a time above 0 s, got {time}", name=name, time=time)
        )
    rows.sort()
    ax = axes_of(ax, WIDTH, 0.9 + 0.32 * len(rows))
    for kind, mark, face in zip(kinds, ("o", "s"), (BLUE, "white"), strict=True):
        places = [place for place, row in enumerate(rows) if row[2] == kind]
        if places:
            times = [rows[place][0] for place in places]
            ax.plot(times, places, mark, color=BLUE, markerfacecolor=face, label=kind)
    for place, (time, _, _) in enumerate(rows):
        ax.annotate(_in_words(time), (time, place), (7, 0), textcoords="offset points", va="center")
    rows_of(ax, [name for _, name, _ in rows])
    # Room at the right, or the last figure is cut off.
    ax.set(xscale="log", xlim=(rows[0][0] / 5, rows[-1][0] * 50), xlabel="time (s), a log scale")
    # Below the picture, or its marks read as two more times.
    ax.legend(loc="upper center", bbox_to_anchor=(0.3, 0), borderaxespad=4.4, ncols=2)
    return ax


def _in_words(seconds: float) -> str:
    """Give a time in the unit in which it is from 1 to 999."""
    seconds = float(f"{seconds:.3g}")  # 999.9 µs are 1 ms
    size, unit = next((one for one in reversed(UNITS) if seconds >= one[0]), UNITS[0])
    return f"{seconds / size:.3g} {unit}"


def step_breakdown(
    parts: Mapping[str, Mapping[str, float]],
    measured: Mapping[str, float] | None = None,
    *,
    label: str = "time of a step (ms)",
    ax: Axes | None = None,
) -> Axes:
    """Draw the parts that a model says a step consists of, a row each, and the measured whole.

    Args:
        parts: for each row, from the top, the milliseconds of each part; the same parts in each.
        measured: for each row, or for some, the milliseconds that were measured.
        label: of the axis; parts may be bytes as well.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no rows, more than five parts, rows of different parts, or a measured row that
            is none of them.

    Example:
        >>> ax = step_breakdown({"slow": {"compute": 3, "wire": 90}}, {"slow": 97})
        >>> [entry.get_text() for entry in ax.get_legend().get_texts()]
        ['measured', 'compute', 'wire']
    """
    names = _checked_parts(parts, measured or {})
    ax = axes_of(ax, WIDTH, 1.3 + 0.32 * len(parts))
    # A fit can give a part a little below zero; it has no length in a picture.
    left = np.zeros(len(parts))
    for name, (colour, hatch) in zip(names, BARS, strict=False):
        widths = np.maximum([row[name] for row in parts.values()], 0)
        look: dict = {"color": colour, "hatch": hatch, "edgecolor": "w", "label": name}
        ax.barh(np.arange(len(parts)), widths, BAR_HEIGHT, left, **look)
        left = left + widths
    if measured:
        places = [list(parts).index(row) for row in measured]
        ax.plot(list(measured.values()), places, "kD", markersize=6, label="measured")
    rows_of(ax, list(parts))
    ax.set(xlim=(0, None), xlabel=label)
    ax.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.35, 1))
    return ax


def _checked_parts(
    parts: Mapping[str, Mapping[str, float]], measured: Mapping[str, float]
) -> list[str]:
    """Give the names of the parts."""
    if not parts:
        raise ValueError(
            say("expected at least one row, name -> milliseconds of each part, got none")
        )
    first, names = next((row, list(one)) for row, one in parts.items())
    if not 1 <= len(names) <= len(BARS):
        raise ValueError(say("expected 1 to {most} parts, got {n}", most=len(BARS), n=len(names)))
    for row, one in parts.items():
        if set(one) != set(names):
            raise ValueError(
                say(
                    "{row!r}: expected the parts {expected}, as {first!r} has, got {got}",
                    **{"row": row, "expected": names, "first": first, "got": list(one)},
                )
            )
    if unknown := [row for row in measured if row not in parts]:
        raise ValueError(
            say(
                "expected measurements of the rows {expected}, got one of {got!r}",
                **{"expected": list(parts), "got": unknown[0]},
            )
        )
    return names


def parallelism(
    shares: Mapping[str, Mapping[str, tuple[float, float] | None]], *, ax: Axes | None = None
) -> Axes:
    """Draw which part of batch and model every device holds: a row a device, a column a thing.

    The outline is the whole thing, the filled part is what this device holds of it.

    Args:
        shares: for each device, from the top, the name of each thing with where its part begins
            and ends, as fractions of the whole, 0..1; None where it holds nothing. All devices
            name the same things in the same order, at most four.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no devices, no things or more than four, devices with different things, or a
            part that does not lie in 0..1.

    Example:
        >>> ax = parallelism({
        ...     "worker 0": {"batch": (0, 0.5), "model": (0, 1)},
        ...     "worker 1": {"batch": (0.5, 1), "model": (0, 1)},
        ... })
        >>> [tick.get_text() for tick in ax.get_xticklabels()]
        ['batch', 'model']
    """
    things = _checked_shares(shares)
    ax = axes_of(ax, 5, 0.8 + 0.45 * len(shares))
    for row, held in enumerate(shares.values()):
        for column, part in enumerate(held.values()):
            left = column * (1 + GAP)
            if part is not None:
                colour, hatch = BARS[column]
                look: dict = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0}
                ax.barh(row, part[1] - part[0], BAR_HEIGHT, left=left + part[0], **look)
            ax.barh(row, 1, BAR_HEIGHT, left=left, fill=False, edgecolor=QUIET)
    rows_of(ax, list(shares))
    ax.set_xticks([column * (1 + GAP) + 0.5 for column in range(len(things))], labels=things)
    ax.grid(visible=False)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def _checked_shares(shares: Mapping[str, Mapping[str, tuple[float, float] | None]]) -> list[str]:
    """Give the names of the things, after a look at every part."""
    if not shares:
        raise ValueError(
            say("expected at least one device, name -> {{thing: (begin, end)}}, got none")
        )
    things = list(next(iter(shares.values())))
    if not 1 <= len(things) <= MOST_COLUMNS:
        raise ValueError(
            say("expected 1 to {most} things, got {n}", most=MOST_COLUMNS, n=len(things))
        )
    for device, held in shares.items():
        if list(held) != things:
            raise ValueError(
                say(
                    "{device!r}: expected the same things in the same order as the first device, "
                    "{expected}, with None for nothing, got {got}",
                    **{"device": device, "expected": things, "got": list(held)},
                )
            )
        for thing, part in held.items():
            if part is not None and not 0 <= part[0] < part[1] <= 1:
                raise ValueError(
                    say(
                        "{thing!r} on {device!r}: expected (begin, end) with 0 <= begin < end <= "
                        "1, got {part}",
                        **{"thing": thing, "device": device, "part": part},
                    )
                )
    return things
