"""Maps of a network as blocks, layer by layer."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from workshop.messages import say
from workshop.plots.graph import STYLES
from workshop.plots.style import SMALL, WIDTH, axes_of


def map_blocks(shapes: Mapping[str, tuple[int, ...]], *, ax: Axes | None = None) -> Axes:
    """Draw what leaves each layer as a block: as high as its maps, as deep as they are many.

    Args:
        shapes: for each name, `(height, width, channels)`, or `(units,)`, drawn as a column.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no shapes.

    Example:
        >>> ax = map_blocks({"image": (28, 28, 1), "conv": (24, 24, 6), "dense": (10,)})
        >>> len(ax.texts)
        3
    """
    if not shapes:
        raise ValueError(say("expected at least one shape, got none"))
    ax = axes_of(ax, WIDTH, 2.4)
    largest = max(shape[0] for shape in shapes.values() if len(shape) > 1)
    left = 0.0
    for number, (name, shape) in enumerate(shapes.items()):
        high, wide = (shape[0], shape[1]) if len(shape) > 1 else (largest * 0.9, 1.5)
        deep = min(shape[-1], 24) if len(shape) > 1 else 1
        for sheet in range(deep):
            look: dict = {"fc": STYLES[number % 2]["fc"], "ec": STYLES[number % 2]["ec"], "lw": 0.7}
            corner = (left + 0.6 * (deep - 1 - sheet), (largest - high) / 2 - 0.6 * sheet)
            ax.add_patch(Rectangle(corner, wide, high, zorder=deep - sheet, **look))
        right = left + wide + 0.6 * deep
        said = " x ".join(map(str, shape))
        low = largest + 3 + 9 * (number % 2)
        ax.text((left + right) / 2, low, f"{name}\n{said}", ha="center", va="top", size=SMALL)
        left = right + (9 if len(shape) > 1 else 14)
    ax.set(xlim=(-4, left), ylim=(largest + 20, -16), aspect="equal")
    ax.axis("off")
    return ax
