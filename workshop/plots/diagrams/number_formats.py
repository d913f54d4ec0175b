"""Formats of numbers: their bits, and what they can hold."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workshop.messages import say
from workshop.plots.style import INK, SMALL, WIDTH, panels_of, rows_of

BITS = (("#ecd6e6", "xx", "sign"), ("#cfe3f1", "//", "exponent"), ("#ffffff", "", "fraction"))
MOST_TICKS = 100  # between two places of a number line


def number_formats(
    formats: Mapping[str, tuple[int, int]], *, near: tuple[float, ...] = (1, 256)
) -> Figure:
    """Draw the bits of floating-point formats, and the numbers that each can hold near some.

    Args:
        formats: for each name, the bits of the exponent and the stored bits of the fraction; one
            bit more is the sign.
        near: powers of two. From each on, the picture is as wide as eight steps of the coarsest
            format.

    Returns:
        The figure: rows of boxes, and a panel of number lines for each place.

    Raises:
        ValueError: no formats.

    Example:
        >>> figure = number_formats({"float16": (5, 10), "bfloat16": (8, 7)})
        >>> [ax.get_title() for ax in figure.axes[1:]]
        ['from 1', 'from 256']
    """
    if not formats:
        raise ValueError(
            say("expected at least one format, name -> (exponent, fraction), got none")
        )
    height = 0.35 * len(formats)
    panels = 1 + len(near)
    figure, axes = panels_of(panels, 1, WIDTH, 1 + (0.5 + height) * panels)
    axes = axes[:, 0]
    for row, (exponent, fraction) in enumerate(formats.values()):
        for bit in range(1 + exponent + fraction):
            kind = 0 if bit == 0 else 1 if bit <= exponent else 2
            colour, hatch, name = BITS[kind]
            label = name if (row, bit) in ((0, 0), (0, 1), (0, 1 + exponent)) else None
            look: dict = {"facecolor": colour, "edgecolor": INK, "hatch": hatch, "linewidth": 0.6}
            axes[0].barh(row, 0.9, 0.6, left=bit, label=label, **look)
    axes[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)
    axes[0].set(xticks=[])
    step = 2.0 ** -min(fraction for _, fraction in formats.values())
    for ax, start in zip(axes[1:], near, strict=True):
        for row, (_, fraction) in enumerate(formats.values()):
            _draw_held(ax, row, start, start * 2.0**-fraction, 8 * start * step)
        ax.set_title(say("from {start:g}", start=start), fontsize=SMALL)
        ax.set_xticks(start + start * step * np.arange(0, 9, 2))
    for ax in axes:
        rows_of(ax, list(formats))
        ax.spines[:].set_visible(False)
    return figure


def _draw_held(ax: Axes, row: int, start: float, step: float, width: float) -> None:
    """Draw the numbers that a format holds, as ticks; as a band where they would touch."""
    if width / step > MOST_TICKS:
        ax.barh(row, width, 0.5, left=start, color=INK)
    else:
        held = start + np.arange(0, width + step / 2, step)
        ax.eventplot(held, lineoffsets=row, linelengths=0.5, color=INK)
