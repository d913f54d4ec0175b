"""Who works and who waits: measured spans of time, a row for each worker."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

# Colours and hatches both differ, so that rows can be told apart in grey as well.
STYLES = (("#0072b2", "//"), ("#e69f00", ".."), ("#009e73", "xx"), ("#cc79a7", "--"))
BAR_HEIGHT = 0.6


def draw_timeline(
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
        >>> ax = draw_timeline({"pipeline": [(0.0, 0.2), (0.3, 0.5)], "model": [(0.2, 0.3)]})
        >>> [tick.get_text() for tick in ax.get_yticklabels()], ax.get_xlabel()
        (['pipeline', 'model'], 'time (ms)')
    """
    rows = {name: _checked(name, row) for name, row in spans.items()}
    if not any(len(row) for row in rows.values()):
        raise ValueError(
            "No spans came; give at least one row with one: name -> list of (start_s, end_s)."
        )
    zero = min(row[:, 0].min() for row in rows.values() if len(row))
    last = max(row[:, 1].max() for row in rows.values() if len(row))
    if ax is None:
        ax = plt.subplots(figsize=(8, 0.9 + 0.5 * len(rows)), layout="constrained")[1]
    for number, row in enumerate(rows.values()):
        colour, hatch = STYLES[number % len(STYLES)]
        ax.broken_barh(
            [(1000 * (start - zero), 1000 * (end - start)) for start, end in row],
            (number - BAR_HEIGHT / 2, BAR_HEIGHT),
            facecolor=colour,
            hatch=hatch,
            edgecolor="white",
        )
    ax.set_yticks(range(len(rows)), labels=list(rows))
    width_ms = 1000 * (last - zero) or 1
    ax.set(ylim=(len(rows) - 0.5, -0.5), xlim=(0, width_ms), xlabel="time (ms)", title=title)
    ax.grid(axis="x", alpha=0.3)
    return ax


def _checked(name: str, row: Sequence[tuple[float, float]]) -> np.ndarray:
    """Spans as an array `(n, 2)`."""
    try:
        pairs = np.asarray(row, dtype=float)
    except (TypeError, ValueError):
        pairs = np.empty(())
    if pairs.size == 0 and pairs.ndim == 1:
        return np.empty((0, 2))
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ValueError(
            f"The row {name!r} is {row!r}; needed is a list of pairs of numbers (start_s, end_s)."
        )
    for start, end in pairs:
        if not (np.isfinite(start) and end >= start and np.isfinite(end)):
            raise ValueError(
                f"A span of {name!r} goes from {start:g} to {end:g} s; it has to end after it "
                "starts. Are start and end swapped, or from two clocks?"
            )
    return pairs
