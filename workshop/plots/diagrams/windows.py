"""Where the window of a kernel lies, place by place."""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from workshop.messages import say
from workshop.plots.graph import STYLES
from workshop.plots.style import QUIET, WIDTH, axes_of


def window_places(
    size: int, kernel_size: int, strides: int, *, padding: str = "valid", ax: Axes | None = None
) -> Axes:
    """Draw where a window lies along one side of a picture, a row for each place.

    Args:
        size: of the picture, in pixels.
        kernel_size: of the window, likewise.
        strides: how far it moves, likewise.
        padding: `"valid"`, or `"same"`, which puts zeros before and behind the picture as Keras
            does.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on; the title has the number of places.

    Raises:
        ValueError: the window is larger than the picture, or the padding has another name.

    Example:
        >>> window_places(7, 3, 2).get_title()
        'valid: 3 places'
    """
    if padding not in ("valid", "same") or kernel_size > size:
        raise ValueError(
            say(
                "expected padding valid or same and a kernel of at most {size}, got {padding}, "
                "{kernel}",
                **{"size": size, "padding": padding, "kernel": kernel_size},
            )
        )
    places = -(-size // strides) if padding == "same" else (size - kernel_size) // strides + 1
    missing = max((places - 1) * strides + kernel_size - size, 0) if padding == "same" else 0
    before = missing // 2
    ax = axes_of(ax, WIDTH, 0.6 + 0.25 * places)
    for place in range(places):
        for pixel in range(-before, size + missing - before):
            inside = 0 <= pixel - (place * strides - before) < kernel_size
            is_zero = not 0 <= pixel < size
            face = STYLES[0]["fc"] if inside else "white"
            look: dict = {"fc": face, "ec": QUIET, "lw": 0.8, "hatch": "////" if is_zero else None}
            ax.add_patch(Rectangle((pixel - 0.5, place - 0.4), 1, 0.8, **look))
        start = place * strides - before - 0.5
        window: dict = {"fill": False, "ec": STYLES[0]["ec"], "lw": 2.2}
        ax.add_patch(Rectangle((start, place - 0.4), kernel_size, 0.8, **window))
    ax.set(xlim=(-before - 0.7, size + missing - before - 0.3), ylim=(places - 0.4, -0.6))
    ax.set(xlabel="pixel (hatched: zeros)" if missing else "pixel", yticks=[])
    ax.set_title(f"{padding}: {places} places")
    ax.grid(visible=False)
    return ax
