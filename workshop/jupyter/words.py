"""What a figure shows, in words, for those who can't see it: read from what was drawn in it.

Titles, axes and names alone would say what was asked, and not what came of it. So each curve, bar
and cloud of points tells its numbers.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator

from workshop.messages import say

MOST_WORDS = 30  # texts of a figure without axes
MOST_BARS = 12  # of a panel, that tell their numbers
MOST_LINES = 40
COLOURS = "<colorbar>"  # what matplotlib calls its panel
FEW = 3  # points that are marks, and no cloud
NOTABLE = 0.05  # of a curve's span: so much beyond both ends is worth a word


def words(figure) -> str:
    """Say what a figure shows: titles, axes, and the numbers of its curves, bars and points.

    Args:
        figure: a `matplotlib.figure.Figure`.

    Returns:
        One line.

    Example:
        >>> from workshop.plots import curves
        >>> words(curves([0, 1], {"fall": [1, 0]}, labels=("time (s)", "height (m)")).figure)
        'Figure. height (m) over time (s), 0 to 1: fall from 1 to 0'
    """
    said, rest = [figure.get_suptitle()], []
    for ax in figure.axes:
        title, label = ax.get_title(), _axes(ax)
        parts = [title, label, "; ".join(_parts(ax))]
        if any(parts[1:]):
            said.append(": ".join(part for part in parts if part))
        else:  # a picture; a graph has nothing but its words
            rest += [title] if title else _texts(ax)[:MOST_WORDS]
    if sum(map(_is_number, rest)) > MOST_WORDS:  # the numbers of several tables
        rest = [text for text in rest if not _is_number(text)]
    said = [*dict.fromkeys(line for line in said if line), _pictures(figure, rest)]
    return ". ".join([say("Figure"), *filter(None, said)]).replace("\n", " ")


def number(value: float) -> str:
    """Write a number with three digits, as one reads it aloud; a year or a step keeps all of them.

    Example:
        >>> number(0.12345), number(61706.0), number(-0.0), number(2015.0)
        ('0.123', '61,700', '0', '2015')
    """
    if value == round(value, 0) and abs(value) < 10_000:
        return f"{value + 0.0:.0f}"
    rounded = float(f"{value:.3g}") + 0.0
    return f"{rounded:,.0f}" if 1000 <= abs(rounded) < 1e7 else f"{rounded:g}"


def _axes(ax) -> str:
    """Name the axes, and how far the one across goes; of a bar of colours what they stand for."""
    across, up = ax.get_xlabel(), ax.get_ylabel()
    if ax.get_label() == COLOURS:
        low, high = sorted(ax.get_xlim() if across else ax.get_ylim())
        fields = {"what": across or up or ax.get_title(), "low": number(low), "high": number(high)}
        return say("colours: {what} from {low} to {high}", **fields)
    if not (across and up):
        return up or across
    return say("{up} over {across}", up=up, across=f"{across}{_reach(ax)}")


def _reach(ax) -> str:
    """Say from where to where the curves of a panel go; nothing where they differ in that."""
    curves = [x for _, x, _, joined in _curves(ax) if joined and len(x) > 1]
    reaches = {(number(x[0]), number(x[-1])) for x in curves}
    if len(reaches) != 1 or ax.xaxis.have_units() or _rows(ax):
        return ""
    ((first, last),) = reaches
    return say(", {first} to {last}", first=first, last=last)


def _parts(ax) -> list[str]:
    """Tell each curve, bar and cloud of a panel, or only its name where it has no number."""
    if not ax.axison or ax.get_label() == COLOURS:
        return []
    told: list[str] = []
    with contextlib.suppress(Exception):  # a learner's own drawing is shown, whatever is in it
        told = [*_bars(ax), *_outlines(ax), *_clouds(ax), *_lines(ax), *_heat(ax)]
        told += _notes(ax, told)
    known = " ".join(told)
    is_figure = str.isdigit if _rows(ax) else str.isspace  # beside the dot of a row
    texts = [text for text in _texts(ax) if not (_is_number(text) or is_figure(text[0]))]
    names = [*_names(ax), *texts]
    return list(dict.fromkeys([*told, *(name for name in names if not _has(known, name))]))


def _names(ax) -> list[str]:
    """Give the names of lines, and of rows that have names in place of numbers."""
    legend = ax.get_legend()
    lines = [str(line.get_label()) for line in ax.lines]
    named = [entry.get_text() for entry in legend.get_texts()] if legend else lines
    return [name for name in named if name[:1] != "_"] + list(_rows(ax).values())


def _rows(ax) -> dict[float, str]:
    """Give the rows that have names in place of numbers, by their places."""
    ticks = [(label.get_position()[1], label.get_text()) for label in ax.get_yticklabels()]
    named = {place: text for place, text in ticks if text}
    if any(text[1:2].isalpha() for text in named.values()):
        return named
    if type(ax.yaxis.get_major_locator()).__name__ != "FixedLocator":
        return {}
    if all(_is_number(text) and float(text) == place for place, text in named.items()):
        return {}
    return named


def _curves(ax) -> Iterator[tuple]:
    """Give name, places and values of each line, without gaps, and whether it joins its points.

    Lines that only guide the eye are left out.
    """
    import numpy as np

    legend = ax.get_legend()
    shown = {entry.get_text() for entry in legend.get_texts()} if legend else None
    for line in ax.lines[:MOST_LINES]:
        name = str(line.get_label())
        name = "" if name[:1] == "_" or (shown is not None and name not in shown) else name
        x, y = (np.asarray(values, float) for values in line.get_data(orig=False))
        there = np.isfinite(x) & np.isfinite(y)
        joined = line.get_linestyle() not in ("None", " ", "")
        is_guide = line.get_transform() != ax.transData or (joined and not name and len(x) == 2)
        if there.any() and line.get_visible() and not is_guide:
            yield name, x[there], y[there], joined


def _lines(ax) -> list[str]:
    """Tell curves, clouds of points, marks, and the dots of each row that has a name."""
    told, rows, in_rows = [], _rows(ax), {}
    for name, x, y, joined in _curves(ax):
        if rows and set(y) <= set(rows):
            for place, row in zip(x, y, strict=True):
                in_rows.setdefault(rows[row], []).append(place)
        elif joined and len(x) > 1:
            told.append(_curve(name, x, y))
        elif len(x) > FEW:
            told.append(_cloud(name, x, y))
        elif name:
            told += [say("{name}: {y} at {x}", name=name, y=number(b), x=number(a))
                     for a, b in zip(x, y, strict=True)]  # fmt: skip
    return told + [f"{name}: {_from_to(values)}" for name, values in in_rows.items()]


def _curve(name: str, x, y) -> str:
    """Tell where a curve begins and ends, and what it reaches between."""
    fields = {"name": name, "first": number(y[0]), "last": number(y[-1])}
    told = say("{name} from {first} to {last}", **fields).strip()
    beyond, high, low, between = NOTABLE * (y.max() - y.min()), y.argmax(), y.argmin(), []
    if y[high] - max(y[0], y[-1]) > beyond:
        between.append(say("highest {y} at {x}", y=number(y[high]), x=number(x[high])))
    if min(y[0], y[-1]) - y[low] > beyond:
        between.append(say("lowest {y} at {x}", y=number(y[low]), x=number(x[low])))
    return f"{told} ({', '.join(between)})" if between else told


def _cloud(name: str, x, y) -> str:
    fields = {"name": name, "count": len(x), "across": _from_to(x), "up": _from_to(y)}
    return say("{name}: {count} points, {across} across and {up} up", **fields).removeprefix(": ")


def _clouds(ax) -> Iterator[str]:
    """Tell how many points each cloud of `scatter` has, and where it lies."""
    import numpy as np
    from matplotlib.collections import PathCollection

    for cloud in ax.collections:
        if isinstance(cloud, PathCollection):
            places = np.ma.filled(np.ma.asarray(cloud.get_offsets(), float), np.nan)
            places = places[np.isfinite(places).all(axis=-1)]
            name = str(cloud.get_label())
            if len(places):
                yield _cloud("" if name[:1] == "_" else name, *places.T)


def _bars(ax) -> Iterator[str]:
    """Tell the length of each bar; on a log axis, where it ends."""
    for container in ax.containers:
        flat = getattr(container, "orientation", None) == "horizontal"
        boxes = [one for one in getattr(container, "patches", []) if hasattr(one, "get_width")]
        if not boxes:
            continue
        ticks = (ax.yaxis if flat else ax.xaxis).get_ticklabels()
        named = {round(one.get_position()[flat], 9): one.get_text() for one in ticks}
        is_log = (ax.get_xscale() if flat else ax.get_yscale()) == "log"
        bars = [_bar(one, flat=flat, is_log=is_log) for one in boxes]
        name = str(container.get_label())
        name = "" if name[:1] == "_" else name
        if len(bars) > MOST_BARS:
            place, value = max(bars, key=lambda bar: bar[1])
            fields = {"name": name, "y": number(value), "x": named.get(place) or number(place)}
            yield say("{name} highest {y} at {x}", **fields).strip()
        else:
            told = [
                f"{named.get(place) or number(place)}: {number(value)}" for place, value in bars
            ]
            yield ": ".join(filter(None, [name, ", ".join(told)]))


def _bar(box, *, flat: bool, is_log: bool) -> tuple[float, float]:
    """Give the place of a bar, and its length."""
    (x, width), (y, height) = (box.get_x(), box.get_width()), (box.get_y(), box.get_height())
    (start, breadth), (begin, length) = ((y, height), (x, width))[:: 1 if flat else -1]
    return round(start + breadth / 2, 9), begin + length if is_log else length


def _outlines(ax) -> Iterator[str]:
    """Tell where the outline of a histogram is highest."""
    from matplotlib.patches import Polygon

    for patch in ax.patches:
        name = str(patch.get_label())
        if isinstance(patch, Polygon) and name[:1] != "_":
            place, value = max(patch.get_xy(), key=lambda point: point[1])
            fields = {"name": name, "y": number(value), "x": number(place)}
            yield say("{name} highest {y} at {x}", **fields)


def _heat(ax) -> Iterator[str]:
    """Tell which values a picture has whose axes have names."""
    is_named = ax.get_xlabel() or ax.get_ylabel() or _rows(ax)
    for image in ax.images if is_named else []:
        values = image.get_array()
        if values is not None and values.ndim == 2 and values.size:
            rows, columns = values.shape
            fields = {"rows": rows, "columns": columns, "values": _from_to(values.ravel())}
            yield say("{rows} x {columns} values, {values}", **fields)


def _notes(ax, told: list[str]) -> Iterator[str]:
    """Tell the words that point at a dot, and where it is."""
    dots = {(float(x), float(y)) for _, across, up, _ in _curves(ax)
            for x, y in zip(across, up, strict=True)}  # fmt: skip
    for text in [] if _rows(ax) else ax.texts:
        place, said = getattr(text, "xy", None), text.get_text()
        if place in dots and not _is_number(said) and not _has(" ".join(told), said):
            yield say("{name}: {y} at {x}", name=said, x=number(place[0]), y=number(place[1]))


def _texts(ax) -> list[str]:
    return [one.get_text() for one in ax.texts if one.get_text().strip()]


def _pictures(figure, rest: list[str]) -> str:
    """Tell how many pictures there are, and the words that stand beside them."""
    names = ", ".join(filter(None, rest))
    panels = [ax for ax in figure.axes if ax.images and not _axes(ax)]
    if not panels:
        return names
    corners = [{round(edge, 3) for edge in edges}
               for edges in zip(*((ax.get_position().x0, ax.get_position().y0) for ax in panels),
                                strict=True)]  # fmt: skip
    columns, rows = map(len, corners)
    fields = {"count": len(panels), "rows": rows, "columns": columns}
    if len(panels) == 1:
        count = say("a picture")
    elif rows > 1 and rows * columns == len(panels):
        count = say("{count} pictures in {rows} rows of {columns}", **fields)
    else:
        count = say("{count} pictures", **fields)
    return f"{count} ({names})" if names else count


def _from_to(values: Iterable[float]) -> str:
    low, high = number(min(values)), number(max(values))
    return low if low == high else say("{low} to {high}", low=low, high=high)


def _has(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _is_number(text: str) -> bool:
    try:
        float(text.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return False
    return True
