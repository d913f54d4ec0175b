"""Who holds what part of batch and model, and who computes when in a split model."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

# A colour and a hatch for each column, so that columns can be told apart in grey as well.
STYLES = (("#56b4e9", "//"), ("#e69f00", ".."), ("#009e73", "xx"), ("#cc79a7", "--"))
GAP = 0.25
BAR_HEIGHT = 0.6


def draw_shares(
    shares: Mapping[str, Mapping[str, tuple[float, float] | None]],
    *,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw which part of each thing every device holds: a row a device, a column a thing.

    The outline is the whole thing, the filled part is what this device holds of it.

    Args:
        shares: for each device, from the top, the name of each thing with where its part begins
            and ends, as fractions of the whole, 0..1; None where it holds nothing. All devices
            name the same things in the same order, at most four.
        title: what kind of sharing this is.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no devices, no things or more than four, devices with different things, or a
            part that does not lie in 0..1.

    Example:
        >>> ax = draw_shares({
        ...     "worker 0": {"batch": (0, 0.5), "model": (0, 1)},
        ...     "worker 1": {"batch": (0.5, 1), "model": (0, 1)},
        ... })
        >>> [tick.get_text() for tick in ax.get_xticklabels()]
        ['batch', 'model']
    """
    things = _checked(shares)
    if ax is None:
        ax = plt.subplots(figsize=(5, 0.8 + 0.45 * len(shares)), layout="constrained")[1]
    for row, held in enumerate(shares.values()):
        for column, part in enumerate(held.values()):
            left = column * (1 + GAP)
            if part is not None:
                colour, hatch = STYLES[column]
                ax.barh(
                    row,
                    part[1] - part[0],
                    BAR_HEIGHT,
                    left=left + part[0],
                    color=colour,
                    hatch=hatch,
                    edgecolor="white",
                    linewidth=0,
                )
            ax.barh(row, 1, BAR_HEIGHT, left=left, fill=False, edgecolor="grey")
    centres = [column * (1 + GAP) + 0.5 for column in range(len(things))]
    ax.set_xticks(centres, labels=things)
    ax.set_yticks(range(len(shares)), labels=list(shares))
    ax.set(ylim=(len(shares) - 0.5, -0.5), title=title)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def pipeline_spans(
    devices: int, micro_batches: int, *, batch_s: float = 0.012
) -> dict[str, list[tuple[float, float]]]:
    """Compute when each device of a split model works on one batch: forward, then backward.

    For `draw_timeline`. A batch is cut into micro-batches; a device takes the next one while the
    device after it works on the last. Nothing is measured: all devices are equally fast, backward
    takes as long as forward, and what travels between them takes no time.

    Args:
        devices: into how many the model is split.
        micro_batches: into how many the batch is cut.
        batch_s: seconds that a device computes for the whole batch, forward.

    Returns:
        For each device the spans `(start, end)` in seconds, `2 * micro_batches` of them.

    Raises:
        ValueError: fewer than one device or micro-batch.

    Example:
        >>> pipeline_spans(2, 1, batch_s=1)
        {'device 0': [(0.0, 1.0), (3.0, 4.0)], 'device 1': [(1.0, 2.0), (2.0, 3.0)]}

    Source:
        Huang et al., GPipe: Efficient Training of Giant Neural Networks using Pipeline
        Parallelism, 2019.
    """
    if devices < 1 or micro_batches < 1:
        raise ValueError(f"{devices} devices, {micro_batches} micro-batches; 1 at least is needed.")
    slot, turn = batch_s / micro_batches, devices + micro_batches - 1
    spans = {}
    for device in range(devices):
        forward = [device + micro_batch for micro_batch in range(micro_batches)]
        backward = [2 * turn - 1 - start for start in reversed(forward)]
        spans[f"device {device}"] = [
            (slot * start, slot * (start + 1)) for start in forward + backward
        ]
    return spans


def _checked(shares: Mapping[str, Mapping[str, tuple[float, float] | None]]) -> list[str]:
    """Give the names of the things, after a look at every part."""
    if not shares:
        raise ValueError("No devices came; give at least one: name -> {thing: (begin, end)}.")
    things = list(next(iter(shares.values())))
    if not 1 <= len(things) <= len(STYLES):
        raise ValueError(f"{len(things)} things came; 1 to {len(STYLES)} can be told apart.")
    for device, held in shares.items():
        if list(held) != things:
            raise ValueError(
                f"{device!r} has {list(held)}, the first device has {things}; name the same things "
                "in the same order, with None for nothing."
            )
        for thing, part in held.items():
            if part is not None and not 0 <= part[0] < part[1] <= 1:
                raise ValueError(
                    f"The part of {thing!r} on {device!r} is {part}; (begin, end) with "
                    "0 <= begin < end <= 1 is needed."
                )
    return things
