"""The inside of a network as images: weights, kernels, feature maps."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch

from workshop.messages import say
from workshop.plots.style import INK_ON_PAPER, QUIET, SMALL, WIDTH, packed, scale_of

# More small pictures than this take longer to draw than to look at.
MOST_PICTURES = 300
TALL = {"heading": 0.42, "kernel": 0.75, "gap": 0.16, "map": 1.15}  # rows of a picture of layers


def weight_images(weights: np.ndarray, digits: np.ndarray | None = None) -> Figure:
    """Draw the weights of each class as a picture, purple positive and orange negative.

    Args:
        weights: `(784, classes)` or `(28, 28, classes)`, one column a class.
        digits: grey values `(classes, 28, 28)` that stand below the weights, such as the mean
            digit of each class, or None.

    Returns:
        The figure: a picture a class on one colour scale, and the scale.

    Raises:
        ValueError: the weights or the digits have another shape.

    Example:
        >>> figure = weight_images(np.random.default_rng(0).normal(size=(784, 10)))
        >>> len(figure.axes)  # ten pictures and the scale
        11
    """
    weights = np.asarray(weights)
    if weights.ndim not in (2, 3) or weights.size != 28 * 28 * weights.shape[-1]:
        raise ValueError(say("expected weights of shape (784, 10), got {got}", got=weights.shape))
    images = weights.reshape(28, 28, -1)
    classes = images.shape[-1]
    if digits is not None and np.shape(digits) != (classes, 28, 28):
        fields = {"expected": (classes, 28, 28), "got": np.shape(digits)}
        raise ValueError(say("expected digits of shape {expected}, got {got}", **fields))
    titles = [f"class {k}" for k in range(classes)]
    label = "weight (purple: speaks for the class)"
    return _on_one_scale(images, titles, columns=5, label=label, signed=True, below=digits)


def feature_maps(maps: np.ndarray, titles: list[str] | None = None, *, columns: int = 8) -> Figure:
    """Draw the channels of one picture, all on one colour scale.

    One scale for all shows which channel answers strongly and which one is silent. Maps without
    negative values are grey (white is 0); those with both signs purple and orange, zero is white.

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
        raise ValueError(say("expected {expected} titles, one per channel, got {got}", **fields))
    return _on_one_scale(maps, titles, columns=columns, label="value")


def _on_one_scale(
    images: np.ndarray,
    titles: list[str],
    *,
    columns: int,
    label: str,
    signed: bool = False,
    below: np.ndarray | None = None,
) -> Figure:
    """Draw images `(height, width, n)` in rows, with the scale of their colours."""
    _check_finite(images)
    columns = min(columns, len(titles))
    rows, each = -(-len(titles) // columns), 1 if below is None else 2
    side = min(1.1, (WIDTH - 0.9) / columns)
    size = (side * columns + 0.9, (side * each + 0.25) * rows)
    figure, axes = packed(rows * each, columns, size)
    for k, title in enumerate(titles):
        ax = axes[each * (k // columns), k % columns]
        drawn = ax.imshow(images[..., k], **scale_of(images, signed=signed))
        ax.set_title(title, fontsize=SMALL, pad=3)
        if below is None and not signed:
            _frame(ax)
        if below is not None:
            axes[each * (k // columns) + 1, k % columns].imshow(below[k], cmap=INK_ON_PAPER)
    figure.colorbar(drawn, ax=axes, label=label, fraction=0.05, aspect=25, shrink=0.9)
    return figure


def layer_maps(
    image: np.ndarray,
    layers: Mapping[str, np.ndarray],
    kernels: Mapping[str, np.ndarray] | None = None,
    *,
    columns: int = 6,
) -> Figure:
    """Draw what the layers of a network make of one picture: the input, then a row a layer.

    Each map has a scale of its own: zero is white, and black the largest value, or purple and
    orange where there are both signs. A kernel stands right above its map, joined by a line.

    Args:
        image: the input, grey values `(height, width)`.
        layers: for each layer, from the first on, its name and its maps
            `(height, width, channels)`, or `(1, height, width, channels)`.
        kernels: for some of the layers, `(height, width, 1, channels)`.
        columns: how many maps of a layer are drawn, at most.

    Returns:
        The figure.

    Raises:
        ValueError: an array has another shape, or holds NaN or infinity.

    Example:
        >>> figure = layer_maps(np.zeros((8, 8)), {"conv2d": np.ones((4, 4, 12))})
        >>> [ax.get_title() for ax in figure.axes if ax.images][:3]
        ['input', 'map 0', 'map 1']
    """
    rows = _rows_of_layers(layers, kernels or {}, columns)
    tall = [TALL[kind] for kind, _, _ in rows]
    side = WIDTH / (columns + 1)
    size = WIDTH, side * sum(tall) + 0.1
    figure, axes = packed(len(rows), columns + 1, size, height_ratios=tall)
    axes[1, 0].imshow(image, cmap=INK_ON_PAPER)
    axes[1, 0].set_title("input", fontsize=SMALL, pad=3)
    for row, (kind, name, maps) in enumerate(rows):
        if kind == "gap":
            continue
        if kind == "heading":
            text = axes[row, 1].text(0, 0.3, name, fontweight="bold")
            text.set_in_layout(False)
            continue
        is_joined = rows[row - 1][0] == "gap"
        for k in range(min(columns, maps.shape[-1])):
            ax = axes[row, k + 1]
            one = maps[..., k]
            ax.imshow(one, **scale_of(maps if kind == "kernel" else one, signed=kind == "kernel"))
            _frame(ax)
            if is_joined:
                _join(figure, axes[row - 2, k + 1], ax)
            else:
                ax.set_title(f"{kind} {k}", fontsize=SMALL, pad=3)
    return figure


def _rows_of_layers(
    layers: Mapping[str, np.ndarray], kernels: Mapping[str, np.ndarray], columns: int
) -> list[tuple[str, str, np.ndarray]]:
    """Give of each row of a picture of layers what it shows, its heading, and the arrays."""
    rows = []
    for name, given in layers.items():
        maps = np.asarray(given, dtype=float)
        maps = maps[0] if maps.ndim == 4 and len(maps) == 1 else maps
        if maps.ndim != 3 or maps.size == 0:
            raise ValueError(
                say(
                    "{name!r}: expected maps of shape (height, width, channels), got {got}",
                    **{"name": name, "got": maps.shape},
                )
            )
        _check_finite(maps)
        some = say("{name}, the first {n} maps", name=name, n=columns)
        rows.append(("heading", name if maps.shape[-1] <= columns else some, maps))
        if (its := kernels.get(name)) is not None:
            its = np.asarray(its, dtype=float)
            if its.ndim != 4 or its.shape[2:] != (1, maps.shape[-1]):
                fields = {"name": name, "channels": maps.shape[-1], "got": its.shape}
                raise ValueError(
                    say(
                        "{name!r}: expected kernels of shape (height, width, 1, {channels}), got "
                        "{got}",
                        **fields,
                    )
                )
            _check_finite(its)
            rows += [("kernel", name, its[:, :, 0]), ("gap", name, its)]
        rows.append(("map", name, maps))
    return rows


def _frame(ax: Axes) -> None:
    """Put a thin line around a picture, which may be as white as the paper."""
    ax.axis("on")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=QUIET, linewidth=0.8)


def _join(figure: Figure, upper: Axes, lower: Axes) -> None:
    """Draw a line from the foot of one picture to the top of another."""
    places = (0.5, 0), (0.5, 1), "axes fraction", "axes fraction"
    line = ConnectionPatch(*places, axesA=upper, axesB=lower, color=QUIET)
    line.set_in_layout(False)
    figure.add_artist(line)


def _check_finite(values: np.ndarray) -> None:
    if count := int((~np.isfinite(values)).sum()):
        raise ValueError(
            say(
                "{count} of {size} values are NaN or infinite; did the training diverge? Try a "
                "smaller learning rate",
                **{"count": count, "size": values.size},
            )
        )
