"""The lanes as a figure: for the saved notebook, and where no widget is shown."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from workshop.messages import say
from workshop.plots.style import BLUE, SMALL, VERMILLION, WIDTH
from workshop.widgets.lanes.follow import sentence_of

TICK, WARN, LINE = BLUE, VERMILLION, "#8a8a8a"
DASHES = {"starting": (0, (3, 3)), "running": "-"}
MARKS = {"cut": ("x", WARN, 9), "back": ("o", TICK, 8), "ended": ("s", "black", 5)}
MOST_TICKS = 120  # a lane


def draw_lanes(state: Mapping) -> Figure:
    """Draw what a `Lanes` shows.

    Args:
        state: its "lanes", and of the time, in seconds, "left", "now" and "bin".

    Returns:
        The figure, not known to pyplot.

    Example:
        >>> lane = {"name": "worker 0", "words": "killed (-9)", "steps": 3, "counts": [3],
        ...         "spans": [[0, 1, "running"], [1, None, "gone"]], "marks": [[1, "cut"]]}
        >>> figure = draw_lanes({"lanes": [lane], "left": 0, "now": 2, "bin": 0.5})
        >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
        ['worker 0: killed (-9), 3 steps']
    """
    lanes, now = state["lanes"], state["now"]
    figure = Figure(figsize=(WIDTH, 1 + 0.45 * len(lanes)), layout="constrained", facecolor="white")
    ax = figure.subplots()
    most = max((lane["steps"] for lane in lanes), default=0)
    every = next(k for k in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if most <= k * MOST_TICKS)
    for row, lane in enumerate(lanes):
        for begin, end, kind in lane["spans"]:
            if kind in DASHES:
                x = [begin, now if end is None else end]
                ax.plot(x, [row, row], color=LINE, linestyle=DASHES[kind], linewidth=1.5)
        ax.vlines(tick_times(lane["counts"], state["bin"], every), row - 0.3, row + 0.3, color=TICK)
        for at, kind in lane["marks"]:
            marker, colour, size = MARKS[kind]
            ax.plot(at, row, marker, color=colour, markersize=size, markeredgewidth=2.5)
    ax.set_yticks(range(len(lanes)), map(sentence_of, lanes), fontsize=SMALL)
    ax.set(ylim=(len(lanes) - 0.4, -0.6), xlim=(state["left"], max(now, state["left"] + 2)))
    ax.set_xlabel(say("seconds (a tick: {every} steps)", every=every))
    ax.spines[["top", "right", "left"]].set_visible(False)
    return figure


def tick_times(counts: list[int], bin_s: float, every: int) -> np.ndarray:
    """Place a tick at each so many steps.

    Args:
        counts: steps per bin, from second 0 on.
        bin_s: seconds of a bin.
        every: a tick for so many steps.

    Returns:
        Seconds, (ticks,).

    Example:
        >>> tick_times([2, 0, 1], 1.0, 1)
        array([0.25, 0.75, 2.5 ])
    """
    times = [
        (k + (step + 0.5) / count) * bin_s
        for k, count in enumerate(counts)
        for step in range(count)
    ]
    return np.array(times[::every])
