"""A small network: its units as maps of the plane, and its weights as lines."""

import itertools
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from workshop.messages import say
from workshop.plots.style import (
    BETWEEN_CLASSES,
    ORANGE,
    PURPLE,
    SMALL,
    WIDTH,
    axes_of,
    scale_of,
)


def network(
    maps: Sequence[np.ndarray], kernels: Sequence[np.ndarray], *, ax: Axes | None = None
) -> Axes:
    """Draw a small network: each unit as a map of what it gives at each point of the plane.

    A line is a weight, as wide as it is large; orange and dashed is negative. A black line is where
    a hidden unit gives 0, and the answer one half.

    Args:
        maps: for the inputs and each layer, `(rows, columns, units)`; the last is a probability.
        kernels: between each two of them, `(inputs, units)`.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: kernels that don't fit between the maps.

    Example:
        >>> plane = np.stack(np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1, 9)), axis=-1)
        >>> kernel = np.array([[1.0], [-2.0]])
        >>> ax = network([plane, 1 / (1 + np.exp(-plane @ kernel))], [kernel])
        >>> len(ax.lines)  # one for each weight
        2
    """
    counts = [np.shape(one)[-1] for one in maps]
    if [np.shape(kernel) for kernel in kernels] != list(itertools.pairwise(counts)):
        fields = {"expected": [*itertools.pairwise(counts)], "got": [*map(np.shape, kernels)]}
        raise ValueError(say("expected kernels of shape {expected}, got {got}", **fields))
    wide, tall = 2.2 * len(maps) - 1.2, 1.15 * max(counts)
    scale = min(WIDTH / wide, 3.6 / tall)
    ax = axes_of(ax, wide * scale, (tall + 0.3) * scale)
    ax.set(xlim=(-0.5, wide - 0.5), ylim=(-tall / 2 - 0.3, tall / 2), aspect="equal")
    ax.axis("off")
    heights = [1.15 * ((count - 1) / 2 - np.arange(count)) for count in counts]
    for k, kernel in enumerate(kernels):
        for (i, j), weight in np.ndenumerate(np.asarray(kernel, dtype=float)):
            colour, dashes = (PURPLE, "-") if weight > 0 else (ORANGE, "--")
            look: dict = {"lw": 0.4 + 5 * abs(weight) / np.abs(kernel).max(), "zorder": 1}
            ends = [2.2 * k + 0.5, 2.2 * k + 1.7], [heights[k][i], heights[k + 1][j]]
            ax.plot(*ends, dashes, color=colour, **look)
    for k, layer in enumerate(maps):
        name = say("inputs") if k == 0 else say("hidden") if k < len(kernels) else say("answer")
        ax.text(2.2 * k, heights[k][-1] - 0.52, name, ha="center", va="top", size=SMALL)
        for height, values in zip(heights[k], np.moveaxis(np.asarray(layer), -1, 0), strict=True):
            _draw_unit(ax, 2.2 * k, height, values, is_answer=k == len(maps) - 1)
    return ax


def _draw_unit(ax: Axes, x: float, height: float, values: np.ndarray, *, is_answer: bool) -> None:
    unit = ax.inset_axes((x - 0.5, height - 0.5, 1, 1), transform=ax.transData)
    unit.set(xticks=[], yticks=[])
    colours: dict = {"cmap": BETWEEN_CLASSES, "vmin": 0, "vmax": 1}
    colours = colours if is_answer else scale_of(values, signed=True)
    unit.imshow(values, origin="lower", **colours)
    if values.min() < (border := 0.5 if is_answer else 0) < values.max():
        unit.contour(values, levels=[border], colors="black", linewidths=1.5)
