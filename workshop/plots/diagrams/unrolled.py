"""Recurrent layers, a copy of the cell for each step."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.text import Text

from workshop.messages import say
from workshop.plots.graph import INPUT_STYLE, STYLES
from workshop.plots.style import WIDTH, axes_of


def unrolled(
    inputs: Sequence[str],
    readers: Mapping[str, bool],
    *,
    backward: Mapping[str, bool] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw recurrent layers step by step: what each reads, remembers and hands on.

    Args:
        inputs: name of each step's input, the first step first; "..." for those left out.
        readers: name of each layer that stands on the one before, and whether it hands on the
            states of all steps (True, `return_sequences`) or its last one.
        backward: likewise, those below the inputs, which read from the end.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no inputs or no readers.

    Example:
        >>> ax = unrolled(["row 0", "row 1"], {"GRU": False})
        >>> [text.get_text() for text in ax.texts if text.get_text()]
        ['row 0', 'row 1', 'GRU', 'GRU', 'last state']
    """
    if not inputs or not (readers or backward):
        raise ValueError(say("expected inputs and a reader of them, got none"))
    up, down, last = len(readers), len(backward or {}), len(inputs) - 1
    ax = axes_of(ax, WIDTH, 0.55 * (up + down + 1 + bool(up) + bool(down)))
    ax.set(
        xlim=(-0.6, last + 0.6), ylim=(-down - (0.9 if down else 0.4), up + (0.9 if up else 0.4))
    )
    look: dict = {"ha": "center", "va": "center", "size": 10, "zorder": 3}
    row = [ax.text(k, 0, name, bbox=INPUT_STYLE, **look) for k, name in enumerate(inputs)]
    for side, layers in ((1, readers), (-1, backward or {})):
        below, handed = row, list(range(last + 1))
        for level, (name, hands_on_all) in enumerate(layers.items(), 1):
            style = STYLES[0 if side > 0 else 1]
            here = [ax.text(k, side * level, name, bbox=style, **look) for k in range(last + 1)]
            for k in handed:
                _step_arrow(ax, below[k], here[k])
            for giver, taker in pairwise(here[::side]):
                _step_arrow(ax, giver, taker)
            below = here
            handed = list(range(last + 1)) if hands_on_all else [last if side > 0 else 0]
        for k in handed if layers else ():
            word = say("last state") if len(handed) == 1 else _after(inputs[k])
            _step_arrow(ax, below[k], ax.text(k, side * (len(layers) + 0.75), word, **look))
    ax.axis("off")
    return ax


def _after(step: str) -> str:
    return say("after {step}", step=step) if any(map(str.isalnum, step)) else step


def _step_arrow(ax: Axes, giver: Text, taker: Text) -> None:
    look: dict = {"arrowstyle": "-|>", "color": "#555555", "lw": 1.2, "mutation_scale": 13}
    look |= {"patchA": giver.get_bbox_patch(), "patchB": taker.get_bbox_patch()}
    look |= {"shrinkA": 1, "shrinkB": 2 if taker.get_bbox_patch() else 9}
    to, start = taker.get_position(), giver.get_position()
    ax.annotate("", xy=to, xytext=start, zorder=4, arrowprops=look)
