"""The six panels of a training as one picture, for programs that don't run the page."""

import math
import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from workshop.messages import say
from workshop.plots.style import BLUE, VERMILLION, WIDTH, WRONG

PINK = to_rgb(WRONG)
SIDE = 28
WIDE = 85  # letters of a line above the panels
LABELLED = 42  # a digit and its label below, as high as 9 points
IN_A_ROW = 7  # digits of a batch that have room for labels
PANEL = 250  # points: how wide the panel of the validation digits is
ROOMY = 26  # points: a digit of this size has room for its label
# Wrong validation digits are drawn this many times larger, as long as their number leaves the room.
LARGER = ((4, 66), (3, 125), (2, 333))


def draw_dashboard(
    history: dict, *, batch: dict | None = None, validation: dict | None = None, title: str = ""
) -> Figure:
    """Draw a batch, the validation digits, loss, accuracy, and the spread of weights and biases.

    The live dashboard leaves this picture in the saved notebook; it works as well without one.

    Args:
        history: arrays of one length: "step" and any of "train_loss", "val_loss",
            "train_accuracy", "val_accuracy", "weights_0" to "weights_6" (least value, quantiles
            0.05, 0.25, 0.5, 0.75, 0.95, largest value), "biases_0" to "biases_6". NaN: not given;
            infinity: a gap.
        batch: "images" (n, 28, 28) 0..255, "labels" (n,), "predictions" (n,) as classes; 100 are
            drawn.
        validation: the same; about 1,000 are drawn, the wrong ones first.
        title: a line above the panels.

    Returns:
        The figure, not known to pyplot: a notebook does not draw it twice.

    Raises:
        ValueError: the history has no steps.

    Example:
        >>> history = {"step": np.arange(3), "train_loss": np.array([2.3, 0.9, 0.5])}
        >>> len(draw_dashboard(history, title="three steps").axes)
        6
    """
    if "step" not in history:
        raise ValueError(
            say('expected a history with "step", one per row, got {got}', got=sorted(history))
        )
    figure = Figure(figsize=(WIDTH, 7.6), layout="constrained", facecolor="white")
    # Not one grid of ten columns: matplotlib 3.10 finds no room for their margins.
    above, below = figure.add_gridspec(2, 1, height_ratios=(4, 6))
    batch_place, validation_place = above.subgridspec(1, 2, width_ratios=(4, 6))
    _batch_panel(figure.add_subplot(batch_place), batch)
    _validation_panel(figure.add_subplot(validation_place), validation)
    _plots([figure.add_subplot(place) for place in below.subgridspec(2, 2)], history)
    lines = [wrapped for line in title.splitlines() for wrapped in textwrap.wrap(line, WIDE)]
    figure.suptitle("\n".join(lines), fontsize=10)
    return figure


def _plots(axes, history):
    _curves(axes[0], history, "loss", "loss")
    _curves(axes[1], history, "accuracy", "accuracy")
    axes[1].set_ylim(0, 1.02)
    _bands(axes[2], history, "weights")
    _bands(axes[3], history, "biases")


def _blank(axes, text):
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color="#555")


def _batch_panel(axes, batch):
    axes.axis("off")
    axes.set_title("this batch, wrong on red", fontsize=10)
    if batch is None:
        _blank(axes, "not given")
        return
    shown = {name: values[: IN_A_ROW**2] for name, values in batch.items()}
    _digits(axes, shown, (0, IN_A_ROW, 1), labelled=True)
    _frame(axes, IN_A_ROW, IN_A_ROW)


def _validation_panel(axes, validation):
    axes.axis("off")
    if validation is None:
        axes.set_title("validation digits", fontsize=10)
        _blank(axes, "not given")
        return
    images, labels, predictions = (validation[name] for name in ("images", "labels", "predictions"))
    wrong = predictions != labels
    axes.set_title(f"{len(labels):,} validation digits, {wrong.sum():,} wrong first", fontsize=10)
    larger = next((times for times, most in LARGER if wrong.sum() <= most), 1)
    # The wrong ones take larger² places each; the panel is about 1.5 times as wide as high.
    places = len(labels) + wrong.sum() * (larger**2 - 1)
    columns = math.ceil(math.sqrt(1.5 * max(places, 1)) / larger) * larger
    is_roomy = PANEL / columns * larger >= ROOMY
    parts = [(wrong, larger), (~wrong, 1)]
    top = 0.0
    for mask, size in parts:
        digits = {"images": images[mask], "labels": labels[mask], "predictions": predictions[mask]}
        count = columns // size
        _digits(axes, digits, (top, count, size), labelled=is_roomy and mask is wrong)
        top += math.ceil(mask.sum() / count) * size
    _frame(axes, columns, top)


def _digits(axes: Axes, digits, place, *, labelled):
    top, columns, size = place
    count = len(digits["labels"])
    if not count:
        return
    rows = math.ceil(count / columns)
    cell = LABELLED if labelled else SIDE
    left, canvas = (cell - SIDE) // 2, np.ones((rows, cell, columns, cell, 3))
    wrong = digits["predictions"] != digits["labels"]
    for index in range(count):
        ink = digits["images"][index][..., None] / 255
        paper = np.array(PINK if wrong[index] else (1.0, 1.0, 1.0))
        row, column = divmod(index, columns)
        canvas[row, :, column] = paper
        canvas[row, :SIDE, column, left : left + SIDE] = paper * (1 - ink)
    picture = canvas.reshape(rows * cell, columns * cell, 3)
    axes.imshow(
        picture,
        extent=(0, columns * size, top + rows * size, top),
        interpolation="antialiased",
        aspect="equal",
    )
    for index in np.flatnonzero(wrong) if labelled else ():
        true, computed = digits["labels"][index], digits["predictions"][index]
        text = f"{true}→{computed if computed < 10 else '?'}"
        across, down = (index % columns + 0.5) * size, top + (index // columns + 0.98) * size
        axes.text(
            across,
            down,
            text,
            fontsize=9,
            ha="center",
            va="bottom",
            in_layout=False,  # hundreds of texts would be measured twice
            color="#7a0010",
        )


def _frame(axes, width, height):
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_aspect("equal")


def _known(history, name):
    values = np.asarray(history.get(name, []), dtype=float)
    known = ~np.isnan(values)
    steps = np.maximum(np.asarray(history["step"])[: len(values)][known], 1)  # the axis has no 0
    values = values[known]
    return steps, np.where(np.isinf(values), np.nan, values)  # NaN is a gap to matplotlib


def _curves(axes, history, what, title):
    for name, colour, style in (("train", BLUE, "-"), ("val", VERMILLION, "--")):
        steps, values = _known(history, f"{name}_{what}")
        if len(steps):
            label = "training" if name == "train" else "validation"
            axes.plot(steps, values, style, color=colour, linewidth=1.4, label=label)
            drawn = np.pad(np.isfinite(values), 1)
            alone = drawn[1:-1] & ~drawn[:-2] & ~drawn[2:]  # a line needs a neighbour
            axes.plot(steps[alone], values[alone], ".", color=colour)
    if axes.lines:
        axes.legend(fontsize=9, frameon=False)
        axes.set_ylim(bottom=0)
    else:
        _blank(axes, "not given")
    _dress(axes, title)


def _bands(axes, history, what):
    columns = [_known(history, f"{what}_{index}") for index in range(7)]
    if not len(columns[0][0]):
        _blank(axes, "not given")
    else:
        steps = columns[0][0]
        for index, alpha, label in ((0, 0.15, "all"), (1, 0.3, "90 %"), (2, 0.45, "50 %")):
            low, high = columns[index][1], columns[6 - index][1]
            axes.fill_between(steps, low, high, color=BLUE, alpha=alpha, linewidth=0, label=label)
        axes.plot(steps, columns[3][1], "-", color=BLUE, linewidth=1.4, label="median")
        axes.legend(fontsize=9, frameon=False, ncols=2, loc="upper left")
    _dress(axes, f"{what}: spread of values")


def _dress(axes, title):
    axes.set_title(title, fontsize=10)
    axes.set_xlabel("step", fontsize=9)
    axes.tick_params(labelsize=9)
    if axes.lines or axes.collections:
        axes.set_xscale("log")
        axes.set_xlim(1, max(10, axes.get_xlim()[1]))
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
