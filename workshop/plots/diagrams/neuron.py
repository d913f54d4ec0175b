"""A single neuron, with the numbers on their way through it."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from workshop.messages import say
from workshop.plots.graph import INPUT_STYLE, NO_GROUP, STYLES
from workshop.plots.style import INK, SMALL, WIDTH, axes_of


def neuron(
    inputs: Mapping[str, float],
    weights: Sequence[float],
    *,
    bias: float,
    ax: Axes | None = None,
) -> Axes:
    """Draw a neuron with a sigmoid, and the numbers on its way: each line as wide as its weight.

    Args:
        inputs: name of each input, to its value.
        weights: one per input.
        bias: what is added to the weighted sum.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no inputs, or not as many weights.

    Example:
        >>> ax = neuron({"x": 2.0}, [-1.0], bias=2.0)
        >>> [text.get_text() for text in ax.texts if "sum" in text.get_text()]
        ['sum\\n0.00']
    """
    if not inputs or len(inputs) != len(weights):
        raise ValueError(
            say(
                "expected a weight for each input, got {inputs} inputs and {weights} weights",
                **{"inputs": len(inputs), "weights": len(weights)},
            )
        )
    z = float(np.dot(list(inputs.values()), weights) + bias)
    ax = axes_of(ax, WIDTH, 0.5 + 0.8 * (len(inputs) + 1))
    middle = (len(inputs) - 1) / 2
    ax.set(xlim=(-0.6, 6.1), ylim=(-1.4, len(inputs) - 0.4))
    boxes: dict = {"ha": "center", "va": "center", "size": 10, "zorder": 3}
    total = ax.text(2.6, middle, say("sum\n{z:.2f}", z=z), bbox=STYLES[0], **boxes)
    bent = ax.text(4.1, middle, say("sigmoid"), bbox=STYLES[1], **boxes)
    answer = ax.text(5.5, middle, f"{1 / (1 + np.exp(-z)):.3f}", bbox=NO_GROUP, **boxes)
    givers = [
        (f"{name}\n{value:g}", weight)
        for (name, value), weight in zip(inputs.items(), weights, strict=True)
    ]
    for row, (text, weight) in enumerate([*reversed(givers), (say("bias"), None)]):
        height = -1 if weight is None else row
        giver = ax.text(0, height, text, bbox=INPUT_STYLE, **boxes)
        number = say("+ {bias:g}", bias=bias) if weight is None else say("· ({w:g})", w=weight)
        width = 1.2 if weight is None else 0.8 + min(4, abs(weight))
        _arrow(ax, giver, total, width)
        _beside(ax, (giver.get_position(), total.get_position()), number)
    _arrow(ax, total, bent, 1.2)
    _arrow(ax, bent, answer, 1.2)
    ax.axis("off")
    return ax


def _arrow(ax: Axes, giver, taker, width: float) -> None:
    look = {"arrowstyle": "-|>", "color": "#555555", "lw": width, "mutation_scale": 13}
    look |= {"shrinkA": 1, "shrinkB": 2}
    look |= {"patchA": giver.get_bbox_patch(), "patchB": taker.get_bbox_patch()}
    ends = {"xy": taker.get_position(), "xytext": giver.get_position()}
    ax.annotate("", **ends, zorder=2, arrowprops=look)


def _beside(ax: Axes, ends: tuple, text: str) -> None:
    (x, y), (to_x, to_y) = ends
    paper = {"fc": "white", "ec": "none", "pad": 1.5}
    place = x + 0.5 * (to_x - x), y + 0.5 * (to_y - y)
    ax.text(*place, text, ha="center", va="center", size=SMALL, color=INK, bbox=paper, zorder=3)
