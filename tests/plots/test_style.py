"""One palette, told apart by more than colour, one way to take axes; figures that can be read."""

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import is_color_like, to_rgb
from matplotlib.text import Text

from workshop import plots
from workshop.plots import style

LESSONS = sorted((Path(__file__).parent.parent.parent / "notebooks").glob("*.ipynb"))
COLUMN = 600  # pixels of a page: the text of a notebook on a screen of 800
LEAST = 12  # pixels of a page: nine points
SIDE, MANY = np.linspace(-2, 2, 9), np.random.default_rng(0)
BOWL = SIDE[:, None] ** 2 + SIDE**2
DIGITS = MANY.integers(0, 255, (12, 28, 28))
LINES = {name: np.exp(SIDE * k) for k, name in enumerate("abcd")}
WAY = np.array([[1, 1], [0.5, 0.2], [9, 9], [0, 0]])
HELD = {"batch": (0, 0.5), "model": (0, 1)}
PHOTOGRAPH = MANY.integers(0, 255, (40, 60, 3))
ROOFS = {f"machine {k}": (1e11 * 10**k, 2e10) for k in range(4)}
PARTS = {"computing": 3.0, "handling": 2, "delay": 1, "wire": 2, "copying": 1}
DRAWN = {
    "activations": lambda: plots.activations(SIDE, {f"f{k}": (SIDE, SIDE) for k in range(8)}),
    "attention": lambda: plots.attention(np.full((4, 19, 19), 0.05), "the whale and the s"),
    "bands": lambda: plots.bands(SIDE, {"a": (SIDE - 1, SIDE, SIDE + 1)}),
    "comparison": lambda: plots.comparison(
        {"workers, 3": {"validation loss": 0.512, "examples/s": 12_000.0}}
    ),
    "computation_graph": lambda: plots.computation_graph(
        {"x": "Placeholder", "matmul": "MatMul", "relu": "Relu", "out": "Sigmoid"},
        [("x", "matmul", "(1, 2)"), ("matmul", "relu", "(1, 3)"), ("relu", "out", "(1, 3)")],
    ),
    "confusion_matrix": lambda: plots.confusion_matrix(MANY.integers(0, 1000, (10, 10))),
    "curves": lambda: plots.curves(SIDE, LINES),
    "exchanges": lambda: plots.exchanges(
        {"round 1": [("worker 0", "1", "a")]}, {"worker 0": (-1, 0), "1": (1, 0)}, columns=1
    ),
    "digit_grid": lambda: plots.digit_grid(DIGITS, ["3, said 5"] * 12, wrong=[True] * 12),
    "feature_maps": lambda: plots.feature_maps(MANY.normal(size=(7, 7, 24))),
    "latencies": lambda: plots.latencies({"a call": 1e-7}, {"to Holland (Dean, 2010)": 0.15}),
    "layer_maps": lambda: plots.layer_maps(
        DIGITS[0], {"conv2d": np.ones((9, 9, 6))}, {"conv2d": np.ones((5, 5, 1, 6))}
    ),
    "loss_surface": lambda: plots.loss_surface((SIDE, SIDE, BOWL), dict.fromkeys("abcde", WAY)),
    "matrix_product": lambda: plots.matrix_product(
        np.ones((5, 2)), np.full((2, 3), 22.25), np.ones(3), row=3, column=1
    ),
    "neuron": lambda: plots.neuron({"mm off": 0.3, "g off": 1.0}, [-4.0, -1.0], bias=2.0),
    "network": lambda: plots.network(
        [MANY.normal(size=(9, 9, 2)), MANY.normal(size=(9, 9, 8)), np.ones((9, 9, 1))],
        [np.ones((2, 8)), np.ones((8, 1))],
    ),
    "number_formats": lambda: plots.number_formats({"float32": (8, 23), "bfloat16": (8, 7)}),
    "map_blocks": lambda: plots.map_blocks(
        {"image": (28, 28, 1), "conv": (28, 28, 6), "pool": (14, 14, 6), "dense": (120,)}
    ),
    "parallelism": lambda: plots.parallelism({"data parallel, device 0": HELD}),
    "photographs": lambda: plots.photographs([PHOTOGRAPH] * 4, ["cat\n0.93"] * 4, columns=4),
    "pipeline": lambda: plots.pipeline([{("F", 0): (0, 1), ("B", 0): (1, 3)}] * 4),
    "population": lambda: plots.population([(0.5, 0.81), (1.1, 0.9)], alive={1}),
    "probability_map": lambda: plots.probability_map(
        (SIDE, SIDE, BOWL / 8), labels=("length (mm)", "mass (g)"), points={"part": (0, 0)}
    ),
    "record_bytes": lambda: plots.record_bytes(bytes(range(200)), 150),
    "roofline": lambda: plots.roofline(
        ROOFS, points={"dense": (5, 8e9)}, corners={"v2": (9e9, 1e9)}
    ),
    "runs": lambda: plots.runs({"plain": [0.91, 0.92], "no moving average": [0.9]}),
    "scaling": lambda: plots.scaling([1, 2, 4], {"1 Gbit/s": [1, 1.2, 1.3]}),
    "scatter": lambda: plots.scatter(WAY[:, :2], np.array([0, 1, 1, 0])),
    "sharding": lambda: plots.sharding([{"device": 0, "rows": (0, 6), "columns": (0, 4)}], (6, 4)),
    "speed_up": lambda: plots.speed_up({"XLA": (2.0, 1.0), "bfloat16": (2.0, 4.0)}),
    "squares": lambda: plots.squares([PHOTOGRAPH], [np.eye(2)], ["rocket"], label="drop"),
    "step_breakdown": lambda: plots.step_breakdown({"2 workers, 512 units": PARTS}),
    "timeline": lambda: plots.timeline({"pipeline": [(0, 0.2)], "model": [(0.2, 0.3)]}),
    "unrolled": lambda: plots.unrolled(
        ["row 0", "row 1", "row 2", "row 3"],
        {"GRU 128": True},
        backward={"GRU, from the end": False},
    ),
    "torus": lambda: plots.torus(16, 16),
    "weight_images": lambda: plots.weight_images(MANY.normal(size=(784, 10)), DIGITS[:10]),
    "window_places": lambda: plots.window_places(28, 5, 2, padding="same"),
    "window_sum": lambda: plots.window_sum(PHOTOGRAPH / 255, np.ones((3, 3, 3)), 3, 30),
}


def contrast(colour, paper="white"):
    """As the guidelines for accessible pages (WCAG 2) compute it."""
    light = [np.array(to_rgb(one)) for one in (colour, paper)]
    light = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in light]
    dark, bright = sorted(float(c @ [0.2126, 0.7152, 0.0722]) for c in light)
    return (bright + 0.05) / (dark + 0.05)


def test_each_plot_is_measured():
    assert set(DRAWN) == set(plots.__all__)


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_can_be_read_in_a_narrow_column(name):
    drawn = DRAWN[name]()
    figure = getattr(drawn, "figure", drawn)
    figure.canvas.draw()
    width = figure.get_tightbbox().width * 96  # of the page
    shown = min(1, COLUMN / width)
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    smallest = min(texts, key=Text.get_size)
    assert smallest.get_size() * 96 / 72 * shown >= LEAST, smallest.get_text()
    for text in texts:
        if not text.get_path_effects() and contrast(text.get_color()) < 4.5:
            assert text.get_color() == "white", text.get_text()  # on a dark square


def test_lines_and_words_stand_out_from_paper():
    for colour in (style.INK, style.QUIET, style.BLUE, style.VERMILLION, style.GREEN, style.PURPLE):
        assert contrast(colour) >= 4.5


def test_the_lines_of_a_cell_are_those_of_the_plots():
    style.use()
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()
    looks = zip(cycle["color"], cycle["linestyle"], strict=True)
    assert [(f"#{colour.strip('#')}", dashes) for colour, dashes in looks] == list(style.LINES)


def test_what_a_learner_sets_stays():
    code = "from workshop import plots; import matplotlib as mpl; plots.timeline({'a': [(0, 1)]})\n"
    code += "mpl.rcParams['font.size'] = 20; plots.timeline({'a': [(0, 1)]})\n"
    code += "print(mpl.rcParams['font.size'], mpl.rcParams['figure.dpi'])"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["20.0", "96.0"]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_figure_of_a_cell_is_wider_than_the_text(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for width in re.findall(r"figsize=\(([\d.]+)", "".join(cell["source"])):
            assert float(width) <= style.WIDTH, cell["id"]


def test_names_at_the_ends_of_lines_do_not_overlap():
    ax = plots.curves(
        SIDE, {"a": SIDE, "b": SIDE + 0.01, "c": SIDE - 0.01}, at_ends=True, scale="linear"
    )
    ax.figure.canvas.draw()
    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)
    assert [text.get_text() for text in ax.texts] == ["a", "b", "c"]
    assert all(lower.y1 <= upper.y0 + 2 for lower, upper in pairwise(boxes))
    assert ax.get_legend() is None


@pytest.mark.parametrize("looks", [style.LINES, style.BARS, style.CLASSES])
def test_what_is_drawn_differs_in_colour_and_in_something_else(looks):
    assert len({colour for colour, _ in looks}) == len(looks)
    assert len({other for _, other in looks}) == len(looks)
    assert all(is_color_like(colour) for colour, _ in looks)


def test_marks_differ():
    assert len(set(style.MARKS)) == len(style.MARKS)


def test_between_the_classes_lies_white_and_beyond_them_grey():
    assert style.BETWEEN_CLASSES(0.5)[:3] == pytest.approx(to_rgb("white"), abs=0.02)
    assert style.BETWEEN_CLASSES(float("nan"))[:3] == pytest.approx(to_rgb(style.UNKNOWN), abs=0.01)


def test_axes_are_those_that_were_given_or_new_ones_of_the_size():
    _, ax = plt.subplots()
    assert style.axes_of(ax, 1, 1) is ax
    assert style.axes_of(None, 3, 2).figure.get_size_inches().tolist() == [3, 2]


def test_rows_are_named_from_the_top():
    ax = style.axes_of(None, 3, 2)
    style.rows_of(ax, ["one", "two"])
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["one", "two"]
    assert ax.yaxis_inverted()
