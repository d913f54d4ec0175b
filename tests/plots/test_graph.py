"""The picture of a computation: what it shows, and what it says about what is no graph."""

from itertools import pairwise

import matplotlib.pyplot as plt
import pytest

from workshop.plots import computation_graph
from workshop.plots.style import WIDTH

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
    shown = texts(computation_graph(NODES, EDGES))
    assert {"x", "w", "MatMul", "Relu", "AddV2", "(2, 3)"} <= set(shown)


def test_graph_runs_from_left_to_right():
    shown = texts(computation_graph(NODES, EDGES))
    column = {name: text.get_position()[0] for name, text in shown.items()}
    assert column["x"] == column["w"] < column["MatMul"] < column["Relu"] < column["AddV2"]


def test_an_input_waits_beside_the_operation_that_needs_it():
    nodes = NODES | {"late": "Placeholder"}
    shown = texts(computation_graph(nodes, [*EDGES, ("late", "sum", "()")]))
    assert shown["late"].get_position()[0] == shown["Relu"].get_position()[0]


def test_no_two_nodes_share_a_place():
    shown = texts(computation_graph(NODES | {"alone": "NoOp"}, EDGES))
    places = [shown[name].get_position() for name in ("x", "w", "MatMul", "Relu", "NoOp")]
    assert len(set(places)) == len(places)


def test_groups_are_named_and_told_apart_by_the_line_too():
    ax = computation_graph(NODES, EDGES, groups={"mul": "CPU:0", "relu": "CPU:1"})
    assert [entry.get_text() for entry in ax.get_legend().get_texts()] == ["CPU:0", "CPU:1"]
    shown = texts(ax)
    boxes = {name: shown[name].get_bbox_patch() for name in ("MatMul", "Relu", "AddV2")}
    assert boxes["MatMul"].get_linestyle() != boxes["Relu"].get_linestyle()
    assert boxes["AddV2"].get_facecolor() != boxes["MatMul"].get_facecolor()


def test_graph_draws_where_it_is_told_and_renders():
    figure, ax = plt.subplots()
    assert computation_graph(NODES, EDGES, ax=ax) is ax
    figure.canvas.draw()


@pytest.mark.parametrize(
    ("edges", "says"),
    [
        ([("x", "typo", "()")], "one of 'typo'"),
        ([("mul", "relu", "()"), ("relu", "mul", "()")], "in no circle, got"),
    ],
)
def test_graph_says_what_is_wrong(edges, says):
    with pytest.raises(ValueError, match=says):
        computation_graph(NODES, edges)


def test_too_many_groups():
    groups = dict(zip(NODES, "abcde", strict=True))
    with pytest.raises(ValueError, match="at most 3 groups, got 5"):
        computation_graph(NODES, EDGES, groups=groups)


def test_nothing_to_draw():
    with pytest.raises(ValueError, match="at least one operation"):
        computation_graph({}, [])


def test_a_long_graph_goes_down_and_is_no_wider_than_the_text():
    names = [f"op {k}" for k in range(8)]
    edges = [(one, other, "(5, 3)") for one, other in pairwise(names)]
    ax = computation_graph(dict.fromkeys(names, "Relu"), edges)
    heights = [text.get_position()[1] for text in ax.texts if text.get_text() == "Relu"]
    assert heights == sorted(heights)
    assert ax.yaxis_inverted()
    assert ax.figure.get_size_inches()[0] <= WIDTH


def test_a_second_line_stands_under_the_edge():
    shown = texts(computation_graph({"x": "x", "y": "y"}, [("x", "y", "2.0\n-0.5")]))
    forward, backward = (shown[text].get_position() for text in ("2.0", "-0.5"))
    assert backward[0] == forward[0]
    assert backward[1] < shown["x"].get_position()[1] < forward[1]


def test_paths_side_by_side_run_straight_between_both_ends():
    nodes = {"in": "Placeholder", "short": "S", "out": "O"}
    edges = [("in", "short", ""), ("short", "out", "")]
    for k in range(3):
        nodes |= {f"a{k}": f"A{k}", f"b{k}": f"B{k}"}
        edges += [("in", f"a{k}", ""), (f"a{k}", f"b{k}", ""), (f"b{k}", "out", "")]
    shown = texts(computation_graph(nodes, edges))
    height = {name: text.get_position()[1] for name, text in shown.items()}
    assert [height[f"A{k}"] for k in range(3)] == [height[f"B{k}"] for k in range(3)]
    assert height["S"] not in {height[f"B{k}"] for k in range(3)}
    middle = (height["S"] + height["A2"]) / 2
    assert height["in"] == height["O"] == middle
