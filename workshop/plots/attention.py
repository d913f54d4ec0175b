"""Which positions of a sequence look at which."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workshop.messages import say
from workshop.plots.style import SMALL

# A space and a newline would be labels that nobody sees.
VISIBLE = {" ": "␣", "\n": "↵"}
# More rows than this can't be labelled in letters of nine points.
MOST_POSITIONS, MOST_HEADS = 40, 4


def attention(
    weights: np.ndarray,
    looking: Sequence[str],
    looked_at: Sequence[str] | None = None,
    *,
    titles: Sequence[str] | None = None,
) -> Figure:
    """Draw how much each position looks at each other one: a row looks, a column is looked at.

    Args:
        weights: from 0 to 1, `(positions, positions)` of one head, or `(heads, positions,
            positions)`, as `return_attention_scores=True` of a Keras layer gives it for one
            example.
        looking: a label for each row, such as a text, a character each.
        looked_at: a label for each column; those of the rows where it is left out.
        titles: a text above each head; "head 0" and so on where it is left out.

    Returns:
        The figure: a panel a head, on one scale of colours from 0 (white) to 1 (dark).

    Raises:
        ValueError: the weights have another shape, hold what is no weight, or there are more or
            fewer labels or titles than needed.

    Example:
        >>> figure = attention(np.tril(np.ones((3, 3))) / [[1], [2], [3]], "a b")
        >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
        ['a', '␣', 'b']
    """
    heads = np.asarray(weights, dtype=float)
    heads = heads[None] if heads.ndim == 2 else heads
    looked_at = looking if looked_at is None else looked_at
    _check(heads, looking, looked_at)
    titles = [f"head {k}" for k in range(len(heads))] if titles is None else titles
    if len(titles) != len(heads):
        fields = {"expected": len(heads), "got": len(titles)}
        raise ValueError(say("expected {expected} titles, one a head, got {got}", **fields))
    across = min(2, len(heads))
    down = -(-len(heads) // across)
    width, height = (max(1.7, 0.145 * len(labels)) for labels in (looked_at, looking))
    size = (across * (width + 0.7) + 0.9, down * (height + 0.9))
    figure, axes = plt.subplots(down, across, figsize=size, layout="constrained", squeeze=False)
    for ax in axes.flat[len(heads) :]:
        ax.axis("off")
    for ax, head, title in zip(axes.flat, heads, titles, strict=False):
        drawn = ax.imshow(head, cmap="Blues", vmin=0, vmax=1)
        _name(ax, looking, looked_at)
        ax.set_title(title, fontsize=SMALL)
    figure.colorbar(drawn, ax=axes, label="weight", fraction=0.05, aspect=20)
    return figure


def _name(ax: Axes, looking: Sequence[str], looked_at: Sequence[str]) -> None:
    """Write what each row and each column stands for; long labels of columns stand upright."""
    rows, columns = ([VISIBLE.get(one, one) for one in part] for part in (looking, looked_at))
    ax.set_yticks(range(len(rows)), labels=rows, fontsize=SMALL)
    turned = 90 if max(map(len, columns)) > 2 else 0
    ax.set_xticks(range(len(columns)), labels=columns, fontsize=SMALL, rotation=turned)
    ax.tick_params(length=0)
    ax.set_xlabel("is looked at", fontsize=SMALL)
    ax.set_ylabel("looks", fontsize=SMALL)


def _check(heads: np.ndarray, looking: Sequence[str], looked_at: Sequence[str]) -> None:
    if heads.ndim != 3 or heads.size == 0:
        raise ValueError(
            say(
                "expected weights of shape (positions, positions), or with the heads in front, got "
                "{got}; for one example of a batch write weights[0]",
                got=heads.shape,
            )
        )
    if len(heads) > MOST_HEADS or max(heads.shape[1:]) > MOST_POSITIONS:
        fields = {"heads": MOST_HEADS, "positions": MOST_POSITIONS, "got": heads.shape}
        raise ValueError(
            say("expected at most {heads} heads of {positions} positions, got {got}", **fields)
        )
    if heads.shape[1:] != (len(looking), len(looked_at)):
        fields = {"rows": len(looking), "columns": len(looked_at), "got": heads.shape[1:]}
        raise ValueError(
            say("expected {rows} rows and {columns} columns, as the labels, got {got}", **fields)
        )
    # NaN is not within any limits.
    if not np.all((heads >= -1e-6) & (heads <= 1 + 1e-6)):
        raise ValueError(
            say(
                "expected weights from 0 to 1; these are from {low} to {high}. Are they scores "
                "before the softmax?",
                low=heads.min(),
                high=heads.max(),
            )
        )
