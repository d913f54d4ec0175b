"""The pictures: what they show, and what they say about input that can't be drawn."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from workshop.plots.curves import draw_curves, probability_map
from workshop.plots.graph import draw_graph

NODES = {"x": "Placeholder", "w": "Placeholder", "mul": "MatMul", "relu": "Relu", "sum": "AddV2"}
EDGES = [
    ("x", "mul", "(5, 2)"),
    ("w", "mul", "(2, 3)"),
    ("mul", "relu", "(5, 3)"),
    ("relu", "sum", "(5, 3)"),
    ("mul", "sum", "(5, 3)"),
]


def texts(ax):
    return {text.get_text(): text for text in ax.texts if text.get_text()}


def test_graph_shows_operations_by_type_and_inputs_by_name():
    shown = texts(draw_graph(NODES, EDGES))
    assert {"x", "w", "MatMul", "Relu", "AddV2", "(2, 3)"} <= set(shown)


def test_graph_runs_from_left_to_right():
    shown = texts(draw_graph(NODES, EDGES))
    column = {name: text.get_position()[0] for name, text in shown.items()}
    assert column["x"] == column["w"] < column["MatMul"] < column["Relu"] < column["AddV2"]


def test_an_input_waits_beside_the_operation_that_needs_it():
    nodes = NODES | {"late": "Placeholder"}
    shown = texts(draw_graph(nodes, [*EDGES, ("late", "sum", "()")]))
    assert shown["late"].get_position()[0] == shown["Relu"].get_position()[0]


def test_no_two_nodes_share_a_place():
    shown = texts(draw_graph(NODES | {"alone": "NoOp"}, EDGES))
    places = [shown[name].get_position() for name in ("x", "w", "MatMul", "Relu", "NoOp")]
    assert len(set(places)) == len(places)


def test_groups_are_named_and_told_apart_by_the_line_too():
    ax = draw_graph(NODES, EDGES, groups={"mul": "CPU:0", "relu": "CPU:1"})
    assert [entry.get_text() for entry in ax.get_legend().get_texts()] == ["CPU:0", "CPU:1"]
    shown = texts(ax)
    boxes = {name: shown[name].get_bbox_patch() for name in ("MatMul", "Relu", "AddV2")}
    assert boxes["MatMul"].get_linestyle() != boxes["Relu"].get_linestyle()
    assert boxes["AddV2"].get_facecolor() != boxes["MatMul"].get_facecolor()


def test_graph_draws_where_it_is_told_and_renders():
    figure, ax = plt.subplots()
    assert draw_graph(NODES, EDGES, ax=ax) is ax
    figure.canvas.draw()


@pytest.mark.parametrize(
    ("edges", "says"),
    [
        ([("x", "typo", "()")], "'typo', which is not among the nodes"),
        ([("mul", "relu", "()"), ("relu", "mul", "()")], "in a circle"),
    ],
)
def test_graph_says_what_is_wrong(edges, says):
    with pytest.raises(ValueError, match=says):
        draw_graph(NODES, edges)


def test_too_many_groups():
    groups = dict(zip(NODES, "abcde", strict=True))
    with pytest.raises(ValueError, match="5 groups came; at most 3"):
        draw_graph(NODES, EDGES, groups=groups)


def test_nothing_to_draw():
    with pytest.raises(ValueError, match="no nodes"):
        draw_graph({}, [])


def test_curves_have_axes_a_legend_and_distinct_styles():
    x = np.linspace(0, 1, 7)
    ax = draw_curves(x, {"a": x, "b": x**2, "c": x**3, "d": -x}, labels=("time (s)", "loss"))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("time (s)", "loss")
    assert [entry.get_text() for entry in ax.get_legend().get_texts()] == ["a", "b", "c", "d"]
    assert len({line.get_linestyle() for line in ax.lines}) == 4


def test_curves_mark_points():
    ax = draw_curves(np.arange(3), {"a": np.arange(3)}, points=([1], [1]))
    assert ax.lines[-1].get_marker() == "o"


@pytest.mark.parametrize(
    ("curves", "says"),
    [
        ({str(k): np.arange(3) for k in range(5)}, "5 curves came"),
        ({"short": np.arange(2)}, r"'short' has the shape \(2,\) and x has \(3,\)"),
    ],
)
def test_curves_say_what_is_wrong(curves, says):
    with pytest.raises(ValueError, match=says):
        draw_curves(np.arange(3), curves)


def test_probability_map_has_units_and_a_scale():
    grid = (np.arange(4), np.arange(3), np.tile(np.linspace(0, 1, 4), (3, 1)))
    ax = probability_map(grid, labels=("length (mm)", "mass (g)"), points={"ours": (1, 1)})
    assert ax.get_xlabel() == "length (mm)"
    assert "probability" in ax.figure.axes[1].get_ylabel()
    assert ax.get_legend().get_texts()[0].get_text() == "ours"


@pytest.mark.parametrize(
    ("probability", "says"),
    [
        (np.zeros((4, 3)), r"\(3, 4\) is needed"),
        (np.full((3, 4), 1.5), "probabilities lie in 0 to 1"),
        (np.full((3, 4), np.nan), "probabilities lie in 0 to 1"),
    ],
)
def test_probability_map_says_what_is_wrong(probability, says):
    with pytest.raises(ValueError, match=says):
        probability_map((np.arange(4), np.arange(3), probability), labels=("a", "b"))
