"""Who sends what to whom, round by round."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workshop.messages import say
from workshop.plots.style import INK, SMALL, WIDTH, panels_of


def exchanges(
    rounds: Mapping[str, Sequence[tuple[str, str, str]]],
    places: Mapping[str, tuple[float, float]] | Sequence[Mapping[str, tuple[float, float]]],
    *,
    columns: int = 3,
) -> Figure:
    """Draw who sends what to whom, a panel for each round.

    Args:
        rounds: title of each panel, to (sender, receiver, text on the arrow) of each message.
        places: where each takes its place, from -1 to 1 both ways; for each panel of its own where
            it is a list.
        columns: of panels.

    Returns:
        A figure of its own.

    Raises:
        ValueError: no rounds, or a message from or to a name without a place.

    Example:
        >>> figure = exchanges({"round 1": [("0", "1", "a")]}, {"0": (-1, 0), "1": (1, 0)})
        >>> [text.get_text() for text in figure.axes[0].texts]
        ['0', '1', '', 'a']
    """
    if not rounds:
        raise ValueError(say("expected at least one round, got none"))
    each = [places] * len(rounds) if isinstance(places, Mapping) else list(places)
    columns = min(columns, len(rounds))
    rows = -(-len(rounds) // columns)
    figure, axes = panels_of(rows, columns, WIDTH, WIDTH / columns * rows + 0.2)
    for ax in axes.flat:
        ax.axis("off")
        ax.set(xlim=(-1.35, 1.35), ylim=(-1.3, 1.3), aspect="equal")
    for ax, (title, messages), spots in zip(axes.flat, rounds.items(), each, strict=False):
        ax.set_title(title, fontsize=SMALL)
        for name, spot in spots.items():
            box = {"fc": "white", "ec": INK, "boxstyle": "round,pad=0.3"}
            ax.text(*spot, name, ha="center", va="center", fontsize=SMALL, bbox=box, zorder=3)
        for sender, receiver, text in messages:
            if not {sender, receiver} <= set(spots):
                names = {"sender": sender, "receiver": receiver, "names": ", ".join(spots)}
                raise ValueError(
                    say("expected one of {names}, got {sender!r} to {receiver!r}", **names)
                )
            _message(ax, (sender, receiver), (spots[sender], spots[receiver]), text)
    return figure


def _message(ax: Axes, names: tuple[str, str], ends: tuple[tuple, tuple], text: str) -> None:
    """Draw an arrow that bends a little, so that one and its answer lie side by side."""
    (x, y), (to_x, to_y) = ends
    across, up = to_x - x, to_y - y
    level = abs(across) / max(np.hypot(across, up), 1e-9)
    shrink = [11 + 3.2 * level * (len(name) - 1) for name in names]  # points: a box is as wide
    look: dict = {"arrowstyle": "-|>", "connectionstyle": "arc3,rad=0.18", "color": INK}
    look |= {"shrinkA": shrink[0], "shrinkB": shrink[1]}
    ax.annotate("", (to_x, to_y), (x, y), arrowprops=look)
    middle = (x + to_x) / 2 + 0.16 * up, (y + to_y) / 2 - 0.16 * across
    box = {"fc": "white", "ec": "none", "pad": 0.8}
    ax.text(*middle, text, ha="center", va="center", fontsize=SMALL, bbox=box, zorder=4)
