"""Photographs in rows, with words above them or with squares that say what matters where."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from workshop.messages import say
from workshop.plots.style import SMALL

WIDTH, LARGEST = 8.0, 3.2  # inches: of all, and of one photograph
GREYS = np.array([0.299, 0.587, 0.114])  # how bright red, green and blue look to us


def photographs(
    pictures: Sequence[np.ndarray], titles: Sequence[str] | None = None, *, columns: int = 3
) -> Figure:
    """Draw photographs in rows.

    Args:
        pictures: each `(height, width, 3)`, 0..255; what lies outside is cut off.
        titles: a text above each one, of several lines where it has line breaks, or None.
        columns: photographs a row.

    Returns:
        The figure.

    Raises:
        ValueError: no pictures, one of another shape, or titles of another number.

    Example:
        >>> figure = photographs([np.zeros((40, 60, 3))], ["night"])
        >>> figure.axes[0].get_title()
        'night'
    """
    figure, panels = _panels(pictures, titles, columns)
    for ax, picture in zip(panels, pictures, strict=True):
        ax.imshow(_bytes(picture))
    return figure


def squares(
    pictures: Sequence[np.ndarray],
    values: Sequence[np.ndarray],
    titles: Sequence[str] | None = None,
    *,
    label: str,
    columns: int = 3,
) -> Figure:
    """Draw a number for each square of a photograph upon it: blue above 0, red below 0.

    The photograph is grey and pale beneath. All have one scale of colours.

    Args:
        pictures: each `(height, width, 3)`, 0..255.
        values: for each picture `(rows, columns)`; the squares share it evenly.
        titles: a text above each one, or None.
        label: what the values are, with a unit where there is one.
        columns: photographs a row.

    Returns:
        The figure, with the scale of the colours.

    Raises:
        ValueError: as `photographs`; values of another number, shape, or not finite.

    Example:
        >>> figure = squares([np.zeros((40, 60, 3))], [np.eye(2)], label="drop")
        >>> figure.axes[-1].get_ylabel()
        'drop'
    """
    values = [np.asarray(grid, dtype=float) for grid in values]
    if len(values) != len(pictures):
        fields = {"expected": len(pictures), "got": len(values)}
        raise ValueError(say("expected {expected} grids, one a picture, got {got}", **fields))
    for grid in values:
        if grid.ndim != 2 or not grid.size or not np.isfinite(grid).all():
            raise ValueError(
                say(
                    "expected numbers of shape (rows, columns) for each picture, got {got}, {bad} "
                    "of them not finite",
                    **{"got": grid.shape, "bad": int((~np.isfinite(grid)).sum())},
                )
            )
    largest = max(float(np.abs(grid).max()) for grid in values) or 1.0
    if min(float(grid.min()) for grid in values) < 0:
        colours: dict = {"cmap": "RdBu", "vmin": -largest, "vmax": largest}
    else:
        colours = {"cmap": "Blues", "vmin": 0, "vmax": largest}
    figure, panels = _panels(pictures, titles, columns)
    for ax, picture, grid in zip(panels, pictures, values, strict=True):
        pixels = _bytes(picture)
        height, width = pixels.shape[:2]
        ax.imshow(pixels @ GREYS, cmap="gray", vmin=-100, vmax=300)
        edges = (-0.5, width - 0.5, height - 0.5, -0.5)
        drawn = ax.imshow(grid, **colours, alpha=0.5, extent=edges, interpolation="nearest")
    figure.colorbar(drawn, ax=panels, label=label, fraction=0.05, aspect=15)
    return figure


def _panels(
    pictures: Sequence[np.ndarray], titles: Sequence[str] | None, columns: int
) -> tuple[Figure, list]:
    """The figure, and a panel for each picture, with its title."""
    if not len(pictures):
        raise ValueError(say("expected at least one picture, got none"))
    for picture in pictures:
        shape = np.shape(picture)
        if len(shape) != 3 or shape[-1] != 3:
            raise ValueError(
                say(
                    "expected pictures of shape (height, width, 3), got one of {got}; for a single "
                    "one write [picture]",
                    got=shape,
                )
            )
    titles = [""] * len(pictures) if titles is None else titles
    if len(titles) != len(pictures):
        fields = {"expected": len(pictures), "got": len(titles)}
        raise ValueError(say("expected {expected} titles, one a picture, got {got}", **fields))
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    lines = max(title.count("\n") + 1 for title in titles)
    panel = min(WIDTH / columns, LARGEST)
    size = (panel * columns, rows * (panel + 0.17 * lines))
    figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)
    for ax in axes.flat[len(pictures) :]:
        ax.axis("off")
    used = list(axes.flat[: len(pictures)])
    for ax, title in zip(used, titles, strict=True):
        ax.set_title(title, fontsize=SMALL)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_color("0.7")  # a white photograph is seen on white paper
    return figure, used


def _bytes(picture: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(np.asarray(picture, dtype=float)), 0, 255).astype(np.uint8)
