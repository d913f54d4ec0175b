"""Grids of numbers as images: digits, weights, kernels, feature maps, states, what is confused."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from workshop.messages import say
from workshop.plots.style import SMALL

# More small pictures than this take longer to draw than to look at.
MOST_PICTURES = 300


def digit_grid(
    images: np.ndarray,
    titles: list[str] | None = None,
    *,
    wrong: np.ndarray | None = None,
    columns: int = 10,
) -> Figure:
    """Draw digits in rows.

    Args:
        images: grey values, `(n, 28, 28)` or `(n, 28, 28, 1)`, any range; dark is 0.
        titles: a text above each digit, or None.
        wrong: `(n,)` booleans; those digits stand on red and have a cross in the title.
        columns: digits a row.

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
            raise ValueError(say("{name}: expected {expected}, one a digit, got {got}", **fields))
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    axes = _panels(rows, columns, (columns * 0.95, rows * (1.15 if titles else 0.95)))
    for k, (ax, image) in enumerate(zip(axes.flat, images, strict=False)):
        is_wrong = wrong is not None and bool(wrong[k])
        ax.imshow(image, cmap="Reds_r" if is_wrong else "gray")
        if titles:
            ax.set_title(f"✗ {titles[k]}" if is_wrong else titles[k], fontsize=SMALL)
    return axes[0, 0].figure


def weight_images(weights: np.ndarray) -> Figure:
    """Draw the weights of each class as a picture, blue positive and red negative.

    Args:
        weights: `(784, classes)` or `(28, 28, classes)`, one column a class.

    Returns:
        The figure: a picture a class on one colour scale, and the scale.

    Raises:
        ValueError: the weights have another shape.

    Example:
        >>> figure = weight_images(np.random.default_rng(0).normal(size=(784, 10)))
        >>> len(figure.axes)  # ten pictures and the scale
        11
    """
    weights = np.asarray(weights)
    if weights.ndim not in (2, 3) or weights.size != 28 * 28 * weights.shape[-1]:
        raise ValueError(say("expected weights of shape (784, 10), got {got}", got=weights.shape))
    images = weights.reshape(28, 28, -1)
    titles = [f"class {k}" for k in range(images.shape[-1])]
    return _on_one_scale(
        images, titles, columns=5, label="weight (blue: speaks for the class)", signed=True
    )


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
            say(
                "expected maps of shape (height, width, channels), got {got}; for one image of a "
                "batch write maps[0]",
                got=maps.shape,
            )
        )
    channels = maps.shape[-1]
    titles = [f"map {k}" for k in range(channels)] if titles is None else titles
    if len(titles) != channels:
        fields = {"expected": channels, "got": len(titles)}
        raise ValueError(say("expected {expected} titles, one a channel, got {got}", **fields))
    return _on_one_scale(maps, titles, columns=columns, label="value")


def _on_one_scale(
    images: np.ndarray, titles: list[str], *, columns: int, label: str, signed: bool = False
) -> Figure:
    """Draw images `(height, width, n)` in rows, with the scale of their colours."""
    _check_finite(images)
    columns = min(columns, len(titles))
    rows = -(-len(titles) // columns)
    axes = _panels(rows, columns, (1.15 * columns + 1, 1.35 * rows))
    for k, (ax, title) in enumerate(zip(axes.flat, titles, strict=False)):
        drawn = ax.imshow(images[..., k], **_colours(images, signed=signed))
        ax.set_title(title, fontsize=SMALL)
    axes[0, 0].figure.colorbar(drawn, ax=axes, label=label, fraction=0.05, aspect=10 * rows)
    return axes[0, 0].figure


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
            say(
                "expected shape (height, width, inputs, outputs), as of layer.kernel, got {got}",
                got=kernels.shape,
            )
        )
    _check_finite(kernels)
    rows, columns = kernels.shape[2:]
    if rows * columns > MOST_PICTURES:
        raise ValueError(
            say(
                "expected at most {most} kernels, got {got}; choose some: kernels[:, :, :4, :8]",
                **{"most": MOST_PICTURES, "got": f"{rows} x {columns}"},
            )
        )
    axes = _panels(rows, columns, (0.8 * columns + 1.2, 0.8 * rows + 0.5))
    for (row, column), ax in np.ndenumerate(axes):
        drawn = ax.imshow(kernels[:, :, row, column], **_colours(kernels, signed=True))
        ax.set(xticks=[], yticks=[])
        ax.axis("on")
        if row == 0:
            ax.set_title(f"map {column}", fontsize=SMALL)
        if column == 0:
            ax.set_ylabel(f"input {row}", fontsize=SMALL)
    axes[0, 0].figure.colorbar(drawn, ax=axes, label="weight", fraction=0.05, aspect=10 * rows)
    return axes[0, 0].figure


def confusion_matrix(counts: np.ndarray) -> Figure:
    """Draw how often each class was taken for each other one.

    Args:
        counts: `(10, 10)` numbers of examples; row: true class, column: predicted class.

    Returns:
        The figure. The diagonal (right answers) is left pale, so that mistakes stand out.

    Raises:
        ValueError: the table is not square.

    Example:
        >>> figure = confusion_matrix(np.eye(10, dtype=int))
        >>> figure.axes[0].get_xlabel()
        'predicted digit'
    """
    counts = np.asarray(counts)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(say("expected a table of shape (10, 10), got {got}", got=counts.shape))
    classes = range(len(counts))
    mistakes = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    figure, ax = plt.subplots(figsize=(5.6, 5), layout="constrained")
    ax.imshow(mistakes, cmap="Reds")
    dark = 0.6 * mistakes.max()
    look: dict = {"ha": "center", "va": "center", "size": SMALL}
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if mistakes[row, column] > dark > 0 else "black"
        ax.text(column, row, count, color=colour, **look)
    ax.set(xlabel="predicted digit", ylabel="true digit", xticks=classes, yticks=classes)
    return figure


def time_steps(image: np.ndarray, after_each_row: np.ndarray, *, label: str) -> Figure:
    """Draw a digit beside what a network that reads it row by row holds after each row.

    Both pictures share the vertical axis: the rows of the digit are the time steps. Use it for
    hidden states, or for the probabilities after each row.

    Args:
        image: grey values `(rows, columns)`, 0 is the paper.
        after_each_row: one line of numbers a row of the image, `(rows, values)`. Where some are
            negative the colours are centred on zero: blue positive, red negative.
        label: what the values are, such as `"hidden unit"`.

    Returns:
        The figure.

    Raises:
        ValueError: an array is not a matrix, or they differ in their number of rows.

    Example:
        >>> figure = time_steps(np.zeros((28, 28)), np.ones((28, 10)), label="class")
        >>> figure.axes[1].get_xlabel()
        'class'
    """
    image, values = np.asarray(image), np.asarray(after_each_row, dtype=float)
    if image.ndim != 2 or values.ndim != 2 or len(image) != len(values):
        raise ValueError(
            say(
                "expected an image of shape (rows, columns) and values of shape (rows, values), as "
                "many rows in both, got {image} and {values}",
                **{"image": image.shape, "values": values.shape},
            )
        )
    figure = plt.figure(figsize=(8, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    left.imshow(image, cmap="gray_r", aspect="auto")
    left.set(xlabel="column (pixels)", ylabel="row = time step")
    colours = _colours(values, positive="Blues")
    drawn = right.imshow(values, aspect="auto", interpolation="nearest", **colours)
    right.set(xlabel=label, ylabel="after row")
    if values.shape[1] <= 10:
        right.set_xticks(range(values.shape[1]))
    figure.colorbar(drawn, ax=right)
    return figure


def _panels(rows: int, columns: int, size: tuple[float, float]) -> np.ndarray:
    _, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    return axes


def _check_finite(values: np.ndarray) -> None:
    if count := int((~np.isfinite(values)).sum()):
        raise ValueError(
            say(
                "{count} of {size} values are NaN or infinite; did the training diverge? Try a "
                "smaller learning rate",
                **{"count": count, "size": values.size},
            )
        )


def _colours(values: np.ndarray, *, signed: bool = False, positive: str = "gray") -> dict:
    """Choose colours and limits, so that zero looks the same in every picture."""
    largest = max(float(np.abs(values).max()), 1e-12)
    # A sum of nothing but zeros may come a last bit below zero.
    if signed or values.min() < -1e-6 * largest:
        return {"cmap": "RdBu", "vmin": -largest, "vmax": largest}
    return {"cmap": positive, "vmin": 0, "vmax": largest}
