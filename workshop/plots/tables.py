"""Tables in colours: who looks at whom, what is taken for what, what is held after each step."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from workshop.messages import say
from workshop.plots.style import (
    BARS,
    GRID,
    INK,
    QUIET,
    SMALL,
    WIDTH,
    panels_of,
    rows_of,
)

# A space and a newline would be labels that nobody sees.
VISIBLE = {" ": "␣", "\n": "↵"}
# More rows than this can't be labelled in letters of nine points.
MOST_POSITIONS, MOST_HEADS = 40, 4
MOST_MEASURES = 3
# Bytes in a row, and the paper of each part of a record.
BYTES = 16
PARTS = ("#9fd0ee", "#f7d08a", "#ffffff", "#a9d8c8", "#cfcfcf")


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
        raise ValueError(say("expected {expected} titles, one per head, got {got}", **fields))
    # Lines need more room than letters, and pictures without many of either are not tiny.
    width, height = max(1.7, 0.118 * len(looked_at)), max(1.5, 0.14 * len(looking))
    across = max(1, min(2, len(heads), int((WIDTH - 0.75) / (width + 0.5))))
    down = -(-len(heads) // across)
    size = (min(WIDTH, across * (width + 0.5) + 0.75), down * (height + 0.7))
    figure, axes = panels_of(down, across, *size)
    for ax in axes.flat[len(heads) :]:
        ax.axis("off")
    for ax, head, title in zip(axes.flat, heads, titles, strict=False):
        drawn = ax.imshow(head, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        ax.grid(visible=False)
        _name(ax, looking, looked_at)
        ax.set_title(title, fontsize=SMALL)
    figure.colorbar(drawn, ax=axes, label="weight", fraction=0.05, aspect=20)
    return figure


def record_bytes(data: bytes, end: int) -> Figure:
    """Draw the bytes of a TFRecord file's first record: length, its checksum, data, their checksum.

    Args:
        data: the file's bytes; two rows of the record's beginning are drawn and two of its end.
        end: where the next record begins, at least 17.

    Returns:
        The figure; a byte is a square with its two hexadecimal digits, in the colour of its part.

    Raises:
        ValueError: no record ends there.

    Example:
        >>> figure = record_bytes(bytes(40), 30)
        >>> [text.get_text() for text in figure.axes[0].get_yticklabels()]
        ['0', '16']
    """
    if not 16 < end <= len(data):
        fields = {"end": end, "size": len(data)}
        raise ValueError(say("no record ends at {end}: there are {size} bytes", **fields))
    last = (end - 1) // BYTES
    shown = sorted({0, 1, max(0, last - 1), last})
    _, axes = panels_of(1, 1, WIDTH, 0.75 + 0.34 * len(shown))
    ax = axes[0, 0]
    borders = {"length": 8, "its checksum": 12, "data": end - 4, "their checksum": end}
    for row, column in itertools.product(range(len(shown)), range(BYTES)):
        if (place := shown[row] * BYTES + column) >= min(len(data), end + BYTES):
            continue
        part = next((k for k, border in enumerate(borders.values()) if place < border), 4)
        ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fc=PARTS[part], ec=GRID))
        ax.text(column, row, f"{data[place]:02x}", ha="center", va="center", size=SMALL, color=INK)
    ax.set(xlim=(-0.5, BYTES - 0.5), xticks=[], ylabel="byte")
    ax.spines[:].set_visible(False)
    rows_of(ax, [str(row * BYTES) for row in shown])
    parts = [Patch(fc=colour, ec=QUIET) for colour in PARTS]
    where = {"loc": "lower center", "bbox_to_anchor": (0.5, 1), "ncols": 5}
    ax.legend(parts, [*borders, "next record"], **where, handlelength=1, columnspacing=1)
    return ax.figure


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
    figure, ((ax,),) = panels_of(1, 1, 5.6, 5)
    # Pale, for the ink: numbers stand out by 4 to 1 at least, turned round on a dark page too.
    ax.imshow(mistakes, cmap="Reds", vmin=0, vmax=2.6 * max(1, mistakes.max()))
    for (row, column), count in np.ndenumerate(counts):
        look: dict = {"color": INK}
        if row == column:
            look = {"color": QUIET, "weight": "bold"}
        elif count == 0:
            look = {"color": QUIET}
        ax.text(column, row, count, ha="center", va="center", size=SMALL, **look)
    ax.set(xlabel="predicted digit", ylabel="true digit", xticks=classes, yticks=classes)
    ax.set_title("colour: mistakes only; bold: right answers")
    ax.grid(visible=False)
    ax.spines[:].set(visible=True, color=GRID)
    return figure


def comparison(rows: Mapping[str, Mapping[str, float]]) -> Figure:
    """Draw a table as bars: a panel for each column, with the number beside each bar.

    Args:
        rows: for each row, from the top, its name, and for each measure, with a unit where there
            is one, a number from 0 on. All rows have the same measures, at most three.

    Returns:
        The figure.

    Raises:
        ValueError: no rows, rows of different measures, more than three of them, or a number
            below 0.

    Example:
        >>> figure = comparison({"dense": {"loss": 0.3, "ms": 2}, "LeNet": {"loss": 0.1, "ms": 9}})
        >>> [ax.get_xlabel() for ax in figure.axes]
        ['loss', 'ms']
    """
    measures = list(next(iter(rows.values()), []))
    if not 1 <= len(measures) <= MOST_MEASURES:
        fields = {"most": MOST_MEASURES, "got": measures}
        raise ValueError(say("expected rows of 1 to {most} measures, got {got}", **fields))
    for name, row in rows.items():
        if list(row) != measures or not all(value >= 0 for value in row.values()):
            fields = {"name": name, "expected": measures, "got": dict(row)}
            raise ValueError(say("{name!r}: expected {expected} from 0 on, got {got}", **fields))
    figure, (axes,) = panels_of(1, len(measures), WIDTH, 0.75 + 0.34 * len(rows), sharey=True)
    for ax, measure, (colour, hatch) in zip(axes, measures, BARS, strict=False):
        values = [row[measure] for row in rows.values()]
        look: dict = {"color": colour, "hatch": hatch, "edgecolor": "white", "height": 0.6}
        bars = ax.barh(range(len(rows)), values, **look)
        ax.bar_label(bars, [_short(value) for value in values], padding=4, fontsize=SMALL)
        ax.set(xlabel=measure, xlim=(0, 1.35 * max(values) or 1))
        ax.xaxis.set_major_locator(MaxNLocator(4))
        rows_of(ax, list(rows))
    return figure


def _short(value: float) -> str:
    """Write a number in about three digits, never as a power of ten."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


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
