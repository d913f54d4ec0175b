"""Digits and photographs in rows, with words above them, or with squares that say what matters."""

from collections.abc import Sequence
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from workshop.messages import say
from workshop.plots.style import (
    BLUE,
    INK_ON_PAPER,
    QUIET,
    SIGNED,
    SMALL,
    WIDTH,
    WRONG,
    packed,
    panels_of,
)

LARGEST = 3.1  # inches: of one photograph
LARGEST_DIGIT, DIGIT = 1.3, (28, 28)
LETTER = 0.069  # inches: how wide one of the smallest is, or a little less
INK_ON_WRONG = LinearSegmentedColormap.from_list("ink on red paper", [WRONG, "black"])
GREYS = np.array([0.299, 0.587, 0.114])  # how bright red, green and blue look to us


def digit_grid(
    images: np.ndarray,
    titles: list[str] | None = None,
    *,
    wrong: np.ndarray | None = None,
    columns: int = 10,
) -> Figure:
    """Draw digits in rows.

    Args:
        images: grey values, `(n, 28, 28)` or `(n, 28, 28, 1)`, any range; the least is paper.
        titles: a text above each digit, or None.
        wrong: `(n,)` booleans; those digits stand on red paper and have a cross in the title.
        columns: digits a row, at most; fewer where titles are long.

    Returns:
        The figure.

    Raises:
        ValueError: the images have another shape, or titles or wrong another length.

    Example:
        >>> figure = digit_grid(np.zeros((12, 28, 28)), [str(k) for k in range(12)])
        >>> len(figure.axes)
        20
    """
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim != 3 or len(images) == 0:
        raise ValueError(
            say("expected shape (n, 28, 28), got {got}; for one write images[:1]", got=images.shape)
        )
    for name, values in (("titles", titles), ("wrong", wrong)):
        if values is not None and len(values) != len(images):
            fields = {"name": name, "expected": len(images), "got": len(values)}
            raise ValueError(say("{name}: expected {expected}, one per digit, got {got}", **fields))
    is_wrong = np.zeros(len(images), bool) if wrong is None else np.asarray(wrong, bool)
    above = [f"✗ {text}" if is_wrong[k] else text for k, text in enumerate(titles or [])]
    widest = max((len(line) for text in above for line in text.splitlines()), default=0)
    columns = min(columns, len(images), max(1, int(WIDTH / (LETTER * (widest + 1)))))
    rows = -(-len(images) // columns)
    side = min(LARGEST_DIGIT, WIDTH / columns)
    lines = max((text.count("\n") + 1 for text in above), default=0)
    figure, axes = packed(rows, columns, (columns * side, rows * (side + 0.19 * lines + 0.04)))
    for k, (ax, image) in enumerate(zip(axes.flat, images, strict=False)):
        ax.imshow(image, cmap=INK_ON_WRONG if is_wrong[k] else INK_ON_PAPER)
        ax.set_title(above[k] if titles else "", fontsize=SMALL, pad=3)
        # Of a field, such as a game's, the edge matters; without ink there is nothing else to see.
        if image.shape != DIGIT or np.ptp(image) == 0:
            ax.axis("on")
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set(visible=True, color=QUIET)
    return figure


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
    """Draw a number for each square of a photograph upon it: purple above 0, orange below 0.

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
        raise ValueError(say("expected {expected} grids, one per picture, got {got}", **fields))
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
    negative = min(float(grid.min()) for grid in values) < 0
    colours, least = (SIGNED, -largest) if negative else ("Purples", 0.0)
    figure, panels = _panels(pictures, titles, columns)
    for ax, picture, grid in zip(panels, pictures, values, strict=True):
        pixels = _bytes(picture)
        height, width = pixels.shape[:2]
        ax.imshow(pixels @ GREYS, cmap="gray", vmin=-100, vmax=300)
        edges = (-0.5, width - 0.5, height - 0.5, -0.5)
        drawn = ax.imshow(
            grid,
            colours,
            vmin=least,
            vmax=largest,
            alpha=0.5,
            extent=edges,
            interpolation="nearest",
        )
    figure.colorbar(drawn, ax=panels, label=label, fraction=0.05, aspect=15)
    return figure


def window_sum(image: np.ndarray, kernel: np.ndarray, row: int, column: int) -> Figure:
    """Draw what a kernel computes at one place: a patch times the kernel, channel by channel.

    Args:
        image: `(height, width)`, or `(height, width, channels)`, a row of pictures each.
        kernel: `(rows, columns)` or `(rows, columns, channels)`.
        row: of the image, where the window begins.
        column: likewise.

    Returns:
        The figure; its title has the sum over all channels.

    Raises:
        ValueError: the kernel has other channels, or the window reaches over the edge.

    Example:
        >>> figure = window_sum(np.ones((9, 9)), np.eye(3), 2, 4)
        >>> figure.get_suptitle()
        'sum of the products: 3.00'
    """
    image, kernel = (np.atleast_3d(np.asarray(one, dtype=float)) for one in (image, kernel))
    rows, columns, channels = kernel.shape
    patch = image[row : row + rows, column : column + columns] if min(row, column) >= 0 else image
    if patch.shape != kernel.shape:
        raise ValueError(
            say(
                "expected a window of {kernel} within the image {image}, got row {row}, column "
                "{column}",
                **{"kernel": kernel.shape, "image": image.shape, "row": row, "column": column},
            )
        )
    figure, axes = panels_of(channels, 4, WIDTH, 0.4 + 1.5 * channels)
    for channel, (whole, *parts) in enumerate(axes):
        whole.imshow(image[..., channel], INK_ON_PAPER)
        edges: dict = {"fill": False, "ec": BLUE, "lw": 2}
        whole.add_patch(Rectangle((column - 0.5, row - 0.5), columns, rows, **edges))
        one, weights = patch[..., channel], kernel[..., channel]
        for ax, values in zip(parts, (one, weights, one * weights), strict=True):
            _numbers(ax, values)
    for ax, title in zip(axes[0], ("window", "pixels", "times kernel", "products"), strict=True):
        ax.set_title(title, fontsize=SMALL + 1)
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
        ax.grid(visible=False)
        ax.spines[:].set(visible=True, color=QUIET)
    figure.suptitle(say("sum of the products: {sum:.2f}", sum=(patch * kernel).sum()))
    return figure


def _numbers(ax: Axes, values: np.ndarray) -> None:
    """Write numbers into squares, those below zero on orange and those above on purple."""
    largest = np.abs(values).max() or 1.0
    ax.imshow(values, SIGNED, vmin=-2.5 * largest, vmax=2.5 * largest)  # pale, for the ink
    for (row, column), value in np.ndenumerate(values):
        ax.text(
            column, row, f"{value.round(2) + 0.0:.2f}", ha="center", va="center", fontsize=SMALL
        )


def _panels(
    pictures: Sequence[np.ndarray], titles: Sequence[str] | None, columns: int
) -> tuple[Figure, list[Axes]]:
    """A figure with a panel for each picture, and its title above it."""
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
        raise ValueError(say("expected {expected} titles, one per picture, got {got}", **fields))
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    panel = min(WIDTH / columns, LARGEST)
    letters = int(panel / LETTER)
    titles = ["\n".join(fill(line, letters) for line in title.splitlines()) for title in titles]
    lines = max(title.count("\n") + 1 for title in titles)
    size = (panel * columns, rows * (panel + 0.17 * lines))
    figure, axes = panels_of(rows, columns, *size)
    for ax in axes.flat[len(pictures) :]:
        ax.axis("off")
    used = list(axes.flat[: len(pictures)])
    for ax, title in zip(used, titles, strict=True):
        ax.set_title(title, fontsize=SMALL)
        ax.set(xticks=[], yticks=[])
        ax.grid(visible=False)
        ax.spines[:].set(visible=True, color="0.7")  # a white photograph is seen on white paper
    return figure, used


def _bytes(picture: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(np.asarray(picture, dtype=float)), 0, 255).astype(np.uint8)
