"""Who works and who waits: spans of time, a row for each worker."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from workshop.messages import say
from workshop.plots.style import BARS, axes_of, rows_of

BAR_HEIGHT = 0.6


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
    rows = {name: _checked(name, row) for name, row in spans.items()}
    if not any(len(row) for row in rows.values()):
        raise ValueError(
            say("expected at least one row with a span, name -> list of (start_s, end_s), got none")
        )
    zero = min(row[:, 0].min() for row in rows.values() if len(row))
    last = max(row[:, 1].max() for row in rows.values() if len(row))
    ax = axes_of(ax, 8, 0.9 + 0.5 * len(rows))
    for number, row in enumerate(rows.values()):
        colour, hatch = BARS[number % len(BARS)]
        bars = [(1000 * (start - zero), 1000 * (end - start)) for start, end in row]
        place = (number - BAR_HEIGHT / 2, BAR_HEIGHT)
        ax.broken_barh(bars, place, facecolor=colour, hatch=hatch, edgecolor="white")
    rows_of(ax, list(rows))
    ax.set(xlim=(0, 1000 * (last - zero) or 1), xlabel="time (ms)", title=title)
    return ax


def pipeline_schedule(
    devices: int, micro_batches: int, *, batch_s: float, ax: Axes | None = None
) -> Axes:
    """Draw when each device of a split model works on one batch: forward, then backward.

    A batch is cut into micro-batches; a device takes the next one while the device after it works
    on the last. Nothing is measured: all devices are equally fast, backward takes as long as
    forward, and what travels between them takes no time.

    Args:
        devices: into how many the model is split.
        micro_batches: into how many the batch is cut.
        batch_s: seconds that a device computes for the whole batch, forward.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on; they end where the last device is done.

    Raises:
        ValueError: fewer than one device or micro-batch.

    Example:
        >>> ax = pipeline_schedule(2, 1, batch_s=0.01)
        >>> float(ax.get_xlim()[1])  # ms
        40.0

    Source:
        Huang et al., GPipe: Efficient Training of Giant Neural Networks using Pipeline
        Parallelism, 2019.
    """
    if devices < 1 or micro_batches < 1:
        raise ValueError(
            say(
                "expected at least 1 device and 1 micro-batch, got {devices} and {micro_batches}",
                **{"devices": devices, "micro_batches": micro_batches},
            )
        )
    slot, turn = batch_s / micro_batches, devices + micro_batches - 1
    spans = {}
    for device in range(devices):
        forward = [device + micro_batch for micro_batch in range(micro_batches)]
        backward = [2 * turn - 1 - start for start in reversed(forward)]
        starts = forward + backward
        spans[f"device {device}"] = [(slot * start, slot * (start + 1)) for start in starts]
    return timeline(spans, title=f"micro-batches: {micro_batches}", ax=ax)


def _checked(name: str, row: Sequence[tuple[float, float]]) -> np.ndarray:
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
