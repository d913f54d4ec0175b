"""Two clouds of points, what a model says over the plane, its loss and its units, as one still."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from workshop.messages import say
from workshop.plots.planes import draw_probability
from workshop.plots.style import BETWEEN_CLASSES, BLUE, CLASSES, SMALL, VERMILLION
from workshop.widgets.playground.clouds import Cloud
from workshop.widgets.playground.network import as_signs

HIGH, WIDE = 0.44, 0.021  # half a unit's map, where rows are 1 apart; of all columns together
WIDEST = 4.0  # points, of the line for a layer's largest weight
LEAST_LOSS = 1e-6  # the lowest place of the loss's axis


def draw_playground(
    surface: np.ndarray,
    *,
    cloud: Cloud,
    history: dict | None = None,
    columns: list | None = None,
    title: str = "",
) -> Figure:
    """Draw the decision surface with the points on it, the loss beside it, the network below.

    Args:
        surface: probability of class 1, (m, n): rows from the lowest to the highest value of the
            second input; NaN is drawn grey.
        cloud: the points; those for testing are hollow.
        history: lists "step" and "loss" of one length, and "test_loss" perhaps; a loss that is NaN
            or infinite is marked.
        columns: the units of each layer; left out where there are none.
        title: a line above the panels.

    Returns:
        The figure, not known to pyplot: a notebook does not draw it twice.

    Raises:
        ValueError: the surface has not two axes.

    Example:
        >>> from workshop.widgets.playground.clouds import cloud_of
        >>> cloud = cloud_of((np.eye(2, dtype="f4"), np.array([0, 1])), noise=0.0, testing=False)
        >>> len(draw_playground(np.full((3, 3), 0.5), cloud=cloud).axes)
        2
    """
    if np.ndim(surface) != 2:
        raise ValueError(
            say("expected a surface of shape (m, n), got {got}", got=np.shape(surface))
        )
    size = (6.5, 6.6) if columns else (6.5, 3.5)
    figure = Figure(figsize=size, layout="constrained", facecolor="white")
    rows: Any = figure.subfigures(2, 1, height_ratios=(1, 0.9)) if columns else [figure]
    left, right = rows[0].subplots(1, 2, width_ratios=(1, 1))
    _surface(left, np.asarray(surface), cloud)
    _loss(right, history or {"step": [], "loss": []})
    if columns:
        draw_network(rows[1], columns)
    figure.suptitle(title, fontsize=SMALL, wrap=True)
    return figure


def _surface(axes: Axes, surface: np.ndarray, cloud: Cloud) -> None:
    (left, right), (bottom, top) = cloud.extent
    rows, columns = surface.shape
    sides = (np.linspace(left, right, columns), np.linspace(bottom, top, rows))
    draw_probability(axes, *sides, surface)
    for kind, (colour, mark) in enumerate(CLASSES):
        for tested, fill in ((False, colour), (True, "white")):
            chosen = cloud.points[(cloud.labels == kind) & (cloud.tested == tested)]
            edge = colour if tested else "white"
            name = say("class {kind}", kind=kind)
            axes.plot(
                *chosen.T, mark, color=fill, markersize=4, markeredgecolor=edge,
                markeredgewidth=1.0 if tested else 0.4, label=None if tested else name,
            )  # fmt: skip
    axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
    axes.set_title(say("decision surface"), fontsize=SMALL + 1)
    axes.tick_params(labelsize=SMALL)
    axes.legend(
        fontsize=SMALL, loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2, frameon=False
    )


def _loss(axes: Axes, history):
    steps, losses = np.asarray(history["step"], float), np.asarray(history["loss"], float)
    good = np.isfinite(losses)
    shown = np.maximum(losses, LEAST_LOSS)
    axes.plot(
        steps[good], shown[good], color=BLUE, linewidth=1.6, marker=".", markevery=[-1],
        label=say("training"),
    )  # fmt: skip
    if "test_loss" in history:
        tested = np.maximum(np.asarray(history["test_loss"], float), LEAST_LOSS)
        axes.plot(steps, tested, "--", color=VERMILLION, linewidth=1.6, label=say("test"))
        axes.legend(fontsize=SMALL)
    for step in steps[~good][:1]:
        axes.axvline(step, color=VERMILLION, linestyle="--", linewidth=1.5)
        axes.annotate(
            say("no number at step {step:g} ", step=step),
            (step, 0.5),
            xycoords=("data", "axes fraction"),
            ha="right",
            fontsize=SMALL,
        )
    if not len(steps):
        text = say("no step yet")
        axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", color="#555")
    if good.any():
        _powers_of_ten(axes, [losses[good], np.asarray(history.get("test_loss", []), float)])
    axes.set_title(say("loss (logarithmic)"), fontsize=SMALL + 1)
    axes.set_xlabel(say("step"), fontsize=SMALL)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.tick_params(labelsize=SMALL)
    axes.grid(alpha=0.25)


def _powers_of_ten(axes: Axes, curves: list) -> None:
    known = np.concatenate(curves)
    places = np.log10(np.maximum(known[np.isfinite(known)], LEAST_LOSS))
    low = np.floor(min(places.min(), -1))
    high = max(np.ceil(places.max()), low + 1)
    axes.set_yscale("log")
    axes.set_ylim(10.0**low, 10.0**high)
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter("")


def draw_network(figure, columns: list) -> None:
    """Draw the units of a network as maps in columns, joined by lines as wide as their weights.

    Args:
        figure: a figure or a part of one.
        columns: each a `Column`, from what comes in to the output.
    """
    ground = figure.add_subplot()
    ground.axis("off")
    ground.set_title(
        say("what each unit gives; dashed: weight below 0; ring: bias below 0"), fontsize=SMALL + 1
    )
    heights = [4 + 0.5 * len(column.maps) - np.arange(len(column.maps)) for column in columns]
    wide = WIDE * len(columns)
    for place, column in enumerate(columns):
        if place:
            ends = place - 1 + wide, place - wide
            _weights(ground, ends, heights[place - 1], heights[place], column.weights)
            _biases(ground, place - wide, heights[place] - HIGH, column.biases)
        is_output = place == len(columns) - 1
        signs = as_signs(column.maps - (0.5 if is_output else 0.0))
        for height, levels in zip(heights[place], signs, strict=True):
            box = (place - wide, place + wide, height - HIGH, height + HIGH)
            ground.imshow(
                levels, cmap=BETWEEN_CLASSES, vmin=0, vmax=254, origin="lower", extent=box,
                zorder=2, aspect="auto",
            )  # fmt: skip
            ground.add_patch(
                Rectangle(
                    (box[0], box[2]), 2 * wide, 2 * HIGH, fill=False, edgecolor="#555", zorder=3
                )
            )
        ground.text(place, 9.1, name_of(columns, place), ha="center", va="top", fontsize=SMALL)
    ground.set(xlim=(-0.3, len(columns) - 0.7), ylim=(-0.9, 9.2))


def _weights(ground: Axes, ends: tuple, sources: np.ndarray, units: np.ndarray, weights):
    largest = np.abs(weights).max(initial=1e-9)
    for source, row in zip(sources, weights.tolist(), strict=True):
        for unit, weight in zip(units, row, strict=True):
            colour, dashes = (BLUE, "-") if weight > 0 else (VERMILLION, "--")
            width = WIDEST * abs(weight) / largest
            ground.plot(ends, (source, unit), dashes, color=colour, linewidth=width, zorder=0)


def _biases(ground: Axes, place: float, heights: np.ndarray, biases: np.ndarray):
    largest = np.abs(biases).max(initial=1e-9)
    for height, bias in zip(heights, biases.tolist(), strict=True):
        colour, inside = (BLUE, BLUE) if bias > 0 else (VERMILLION, "white")
        size = 1 + 5 * abs(bias) / largest
        if bias:
            ground.plot(
                place, height, "o", color=colour, markersize=size, markerfacecolor=inside, zorder=4
            )


def name_of(columns: list, place: int) -> str:
    """Name a column of units, and say how many of them are shown."""
    if place == 0:
        return say("input")
    column, shown = columns[place], len(columns[place].maps)
    if place == len(columns) - 1:
        return say("output")
    if shown < column.units:
        return say("layer {k}: {shown} of {n}", k=place, shown=shown, n=column.units)
    return say("layer {k}: {n}", k=place, n=column.units)
