"""Pictures of what a convolutional layer holds: its kernels, and the maps that come out."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

# More small pictures than this take longer to draw than to look at.
MOST_PICTURES = 300


def feature_maps(maps: np.ndarray, titles: list[str] | None = None, *, columns: int = 8) -> Figure:
    """Draw the channels of one picture, all on one colour scale.

    One scale for all shows which channel answers strongly and which one is silent. Maps without
    negative values are grey (black is 0); maps with both signs are blue and red, zero is white.

    Args:
        maps: `(height, width, channels)`, any range; or `(1, height, width, channels)`, as a
            layer gives it for one image.
        titles: a text above each channel; "map 0" and so on where it is left out.
        columns: pictures a row.

    Returns:
        The figure: one picture a channel, and the scale.

    Raises:
        ValueError: the maps have another shape or hold NaN or infinity, or there are more or
            fewer titles than channels.

    Example:
        >>> figure = feature_maps(np.random.default_rng(0).random((14, 14, 6)))
        >>> figure.axes[5].get_title()
        'map 5'
    """
    maps = np.asarray(maps, dtype=float)
    if maps.ndim == 4 and len(maps) == 1:
        maps = maps[0]
    if maps.ndim != 3 or maps.size == 0:
        raise ValueError(
            f"Maps of the shape {maps.shape} came; (height, width, channels) is needed. "
            "For one image of a batch write maps[0]."
        )
    _check_finite(maps, "maps")
    channels = maps.shape[-1]
    titles = [f"map {k}" for k in range(channels)] if titles is None else titles
    if len(titles) != channels:
        raise ValueError(f"{len(titles)} titles came for {channels} channels; give one each.")
    columns = min(columns, channels)
    rows = -(-channels // columns)
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(1.15 * columns + 1, 1.35 * rows),
        layout="constrained",
        squeeze=False,
    )
    for axis in axes.flat:
        axis.axis("off")
    for k, (axis, title) in enumerate(zip(axes.flat, titles, strict=False)):
        drawn = axis.imshow(maps[..., k], **_colours(maps))
        axis.set_title(title, fontsize=9)
    figure.colorbar(drawn, ax=axes, label="value", fraction=0.05, aspect=10 * rows)
    return figure


def kernel_images(kernels: np.ndarray) -> Figure:
    """Draw the kernels of a convolutional layer, blue positive and red negative.

    Args:
        kernels: `(height, width, input channels, output channels)`, as
            `layer.kernel` or `layer.get_weights()[0]` of a `keras.layers.Conv2D` gives it.

    Returns:
        The figure: a row for each input channel, a column for each output channel, on one
        colour scale, and the scale.

    Raises:
        ValueError: the kernels have another shape or hold NaN or infinity, or there are more
            than 300 pictures to draw.

    Example:
        >>> figure = kernel_images(np.random.default_rng(0).normal(size=(5, 5, 2, 3)))
        >>> len(figure.axes)  # two rows of three, and the scale
        7
    """
    kernels = np.asarray(kernels, dtype=float)
    if kernels.ndim != 4 or kernels.size == 0:
        raise ValueError(
            f"Kernels of the shape {kernels.shape} came; (height, width, input channels, output "
            "channels) is needed, as layer.get_weights()[0] gives it."
        )
    _check_finite(kernels, "kernels")
    rows, columns = kernels.shape[2:]
    if rows * columns > MOST_PICTURES:
        raise ValueError(
            f"{rows} x {columns} kernels came; at most {MOST_PICTURES} can be drawn. Choose some, "
            "such as kernels[:, :, :4, :8]."
        )
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(0.8 * columns + 1.2, 0.8 * rows + 0.5),
        layout="constrained",
        squeeze=False,
    )
    colours = _colours(kernels, signed=True)
    for (row, column), axis in np.ndenumerate(axes):
        drawn = axis.imshow(kernels[:, :, row, column], **colours)
        axis.set(xticks=[], yticks=[])
        if row == 0:
            axis.set_title(f"map {column}", fontsize=9)
        if column == 0:
            axis.set_ylabel(f"input {row}", fontsize=8)
    figure.colorbar(drawn, ax=axes, label="weight", fraction=0.05, aspect=10 * rows)
    return figure


def _check_finite(values: np.ndarray, name: str) -> None:
    if not np.isfinite(values).all():
        count = int((~np.isfinite(values)).sum())
        raise ValueError(
            f"{count} of {values.size} values of the {name} are NaN or infinite; did the training "
            "diverge? Try a smaller learning rate."
        )


def _colours(values: np.ndarray, *, signed: bool = False) -> dict:
    """Choose colours and limits, so that zero looks the same in every picture."""
    largest = max(float(np.abs(values).max()), 1e-12)
    # A sum of nothing but zeros may come a last bit below zero.
    if signed or values.min() < -1e-6 * largest:
        return {"cmap": "RdBu", "vmin": -largest, "vmax": largest}
    return {"cmap": "gray", "vmin": 0, "vmax": largest}
