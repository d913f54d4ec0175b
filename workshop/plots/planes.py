"""Pictures over a plane: points, living and dead ones, a probability."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable

from workshop.messages import say
from workshop.plots.style import (
    BETWEEN_CLASSES,
    BLUE,
    CLASSES,
    MARKS,
    UNKNOWN,
    axes_of,
)

DEAD = "#767676"
Grid = tuple[np.ndarray, np.ndarray, np.ndarray]


def scatter(
    points: np.ndarray,
    labels: np.ndarray,
    *,
    grid: Grid | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw points of two classes, and behind them the probability that a model gives.

    Class 0 is orange and round, class 1 blue and a triangle. The black line is where the model
    finds both classes as likely.

    Args:
        points: `(n, 2)`, in the unit of the axes.
        labels: classes 0 or 1, `(n,)`.
        grid: values of the first coordinate `(a,)`, of the second `(b,)`, and the probability of
            class 1 `(b, a)` at each pair, between 0 and 1.
        title: stands above the picture.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: points that don't lie in the plane, labels that are not 0 or 1 or not as many
            as the points, probabilities of another shape or range.

    Example:
        >>> ax = scatter(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1]), title="two")
        >>> ax.get_title(), len(ax.lines)
        ('two', 2)
    """
    points, labels = np.asarray(points), np.asarray(labels)
    _check_points(points, labels)
    if grid is not None:
        _check_probability(*grid)
    ax = axes_of(ax, 4, 3.6)
    if grid is not None:
        draw_probability(ax, *grid)
    draw_points(ax, points, labels)
    ax.set(xlabel="first input", ylabel="second input", title=title, aspect="equal")
    ax.grid(visible=grid is None)
    # Below the picture: a ring or a spiral leaves no corner free.
    ax.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, 0),
        borderaxespad=3.8,
        ncols=2,
        columnspacing=1,
        handletextpad=0.2,
    )
    return ax


def population(
    found: Sequence[tuple[float, float]],
    alive: Collection[int],
    *,
    labels: tuple[str, str] = ("time (s)", "validation accuracy"),
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw what a search has found: the living blue, the dead grey and smaller.

    Draw it again while results come in.

    Args:
        found: when, and how good, `(n, 2)`; none yet is fine.
        alive: which of them live, as places in `found`.
        labels: names of the two axes, with units.
        title: stands above the picture.
        ax: where to draw; it is cleared first. A new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: something else than pairs, or a place that `found` does not have.

    Example:
        >>> ax = population([(0.5, 0.81), (1.1, 0.9)], alive={1}, title="two networks")
        >>> [entry.get_text() for entry in ax.get_legend().get_texts()]
        ['dead', 'alive']
    """
    points = np.asarray(found, dtype=float)
    if len(found) and (points.ndim != 2 or points.shape[1] != 2):
        raise ValueError(say("expected pairs (when, how good), got shape {got}", got=points.shape))
    lives = np.isin(np.arange(len(points)), list(alive))
    if lives.sum() != len(set(alive)):
        fields = {"n": len(points), "alive": sorted(alive)}
        raise ValueError(say("alive: expected places from 0 below {n}, got {alive}", **fields))
    ax = axes_of(ax, 6, 3.2)
    ax.clear()
    points = points.reshape(-1, 2)
    ax.plot(*points[~lives].T, "x", color=DEAD, markersize=5, label="dead")
    ax.plot(*points[lives].T, "o", color=BLUE, markersize=7, label="alive")
    ax.set(xlabel=labels[0], ylabel=labels[1], title=title)
    ax.legend(loc="lower right")
    return ax


def probability_map(
    grid: Grid,
    *,
    labels: tuple[str, str],
    points: Mapping[str, tuple[float, float]] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a probability over two inputs, with the border at one half.

    Args:
        grid: values of the first input `(n,)`, of the second `(m,)`, and the probability
            `(m, n)` at each pair, between 0 and 1.
        labels: names of the two inputs, with units.
        points: for each name, a pair of inputs to mark.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: the probabilities have another shape, or leave the range 0 to 1.

    Example:
        >>> ax = probability_map(
        ...     (np.arange(3), np.arange(2), np.array([[0.1, 0.5, 0.9], [0.1, 0.5, 0.9]])),
        ...     labels=("length (mm)", "mass (g)"),
        ... )
        >>> ax.get_ylabel()
        'mass (g)'
    """
    _check_probability(*grid)
    ax = axes_of(ax, 5.6, 4)
    drawn = draw_probability(ax, *grid)
    for mark, (name, point) in zip(MARKS, (points or {}).items(), strict=False):
        ax.plot(*point, mark, color="white", markeredgecolor="black", markersize=10, label=name)
    if points:
        ax.legend(loc="upper right")
    ax.set(xlabel=labels[0], ylabel=labels[1])
    ax.figure.colorbar(drawn, ax=ax, label="probability (line: one half)", aspect=25)
    return ax


def draw_points(ax: Axes, points: np.ndarray, labels: np.ndarray) -> None:
    """Draw points of two classes, told apart by colour and mark.

    Args:
        ax: where to draw.
        points: `(n, 2)`.
        labels: classes 0 or 1, `(n,)`.
    """
    for kind, (colour, mark) in enumerate(CLASSES):
        ax.plot(
            *points[labels == kind].T, mark, color=colour, markersize=4,
            markeredgecolor="white", markeredgewidth=0.4, label=f"class {kind}",
        )  # fmt: skip


def draw_probability(
    ax: Axes, first: np.ndarray, second: np.ndarray, probability: np.ndarray
) -> ScalarMappable:
    """Colour a plane by the probability of class 1, with a black line at one half.

    Args:
        ax: where to draw.
        first: values of the first input, `(n,)`.
        second: values of the second input, `(m,)`.
        probability: `(m, n)`, between 0 and 1; NaN is grey.

    Returns:
        What a scale of the colours is made of.
    """
    known = np.ma.masked_invalid(probability)
    ax.set_facecolor(UNKNOWN)
    levels = np.linspace(0, 1, 11)
    drawn = ax.contourf(first, second, known, levels=levels, cmap=BETWEEN_CLASSES)
    if known.count() and known.min() < 0.5 < known.max():
        ax.contour(first, second, known, levels=[0.5], colors="black", linewidths=1.5)
    return drawn


def _check_points(points: np.ndarray, labels: np.ndarray) -> None:
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(say("expected points of shape (n, 2), got {got}", got=points.shape))
    if labels.shape != points.shape[:1]:
        raise ValueError(
            say(
                "expected labels of shape {expected}, one for each point, got {got}",
                **{"expected": points.shape[:1], "got": labels.shape},
            )
        )
    if strange := sorted(set(labels.tolist()) - {0, 1}):
        raise ValueError(say("expected labels 0 and 1, got {got}", got=strange[:5]))


def _check_probability(first: np.ndarray, second: np.ndarray, probability: np.ndarray) -> None:
    probability = np.asarray(probability)
    if probability.shape != (wanted := (len(second), len(first))):
        raise ValueError(
            say(
                "expected probabilities of shape {expected}, rows along the second input, got "
                "{got}",
                **{"expected": wanted, "got": probability.shape},
            )
        )
    low, high = float(probability.min()), float(probability.max())
    if not (low >= 0 and high <= 1):
        raise ValueError(
            say("expected probabilities from 0 to 1, got {low:g} to {high:g}", low=low, high=high)
        )
