"""Rooflines, parts of arrays on devices, and the cycles of a systolic array."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from workshop.plots import draw_roofline, draw_shards
from workshop.widgets.systolic.figure import draw_systolic

NAN = float("nan")


def test_a_roof_rises_with_the_memory_and_ends_at_the_peak():
    ax = draw_roofline({"laptop": (1e11, 2e10)})
    x, y = ax.lines[0].get_data()
    assert np.allclose(y, np.minimum(1e11, x * 2e10))
    assert x[0] < 5 < x[-1]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    ax.figure.canvas.draw()


def test_points_and_corners_are_drawn_where_they_belong():
    ax = draw_roofline(
        {"laptop": (1e11, 2e10)},
        points={"dense": (0.5, 8e9), "convolution": (30, 5e10)},
        corners={"TPU v2": (45e12, 700e9)},
    )
    places = {tuple(line.get_xydata()[0]) for line in ax.lines if len(line.get_xydata()) == 1}
    assert places == {(0.5, 8e9), (30, 5e10), (45e12 / 700e9, 45e12)}
    assert [text.get_text() for text in ax.texts] == ["TPU v2"]
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["laptop", "dense", "convolution"]


def test_roofs_and_points_are_told_apart_without_colour():
    ax = draw_roofline(
        {name: (10.0**k, 10.0) for k, name in enumerate("abcd", 2)},
        points={name: (k, 5.0) for k, name in enumerate("efg", 1)},
    )
    assert len({line.get_linestyle() for line in ax.lines[:4]}) == 4
    assert len({line.get_marker() for line in ax.lines[4:]}) == 3


def test_neighbours_in_height_have_their_names_on_different_sides():
    corners = {"c": (3e12, 1e10), "a": (1e12, 1e10), "b": (1.1e12, 1e10)}
    ax = draw_roofline({"laptop": (1e11, 2e10)}, corners=corners)
    assert {text.get_text(): text.get_ha() for text in ax.texts} == {
        "a": "left",
        "b": "right",
        "c": "left",
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"roofs": {}}, "0 roofs came"),
        ({"roofs": dict.fromkeys("abcde", (1000000000.0, 1000000000.0))}, "5 roofs came"),
        ({"roofs": {"a": (0, 1e9)}}, "two numbers above 0"),
        ({"roofs": {"a": 1e9}}, "two numbers above 0"),
        ({"roofs": {"a": (1e9, 1e9)}, "points": {"b": (NAN, 1)}}, "'b' came as"),
        ({"roofs": {"a": (1e9, 1e9)}, "corners": {"c": (1, -1)}}, "'c' came as"),
    ],
)
def test_roofs_that_cannot_be_drawn_are_told(given, says):
    with pytest.raises(ValueError, match=says):
        draw_roofline(given.pop("roofs"), **given)


def shards(count, spans):
    return [
        {"device": k, "rows": rows, "columns": columns}
        for k, (rows, columns) in zip(range(count), spans, strict=True)
    ]


def test_each_part_is_drawn_once_with_its_devices():
    spans = [((0, 8), (2 * (k % 4), 2 * (k % 4) + 2)) for k in range(8)]
    ax = draw_shards(shards(8, spans), (8, 8), title="kernel")
    boxes = [(patch.get_xy(), patch.get_width(), patch.get_height()) for patch in ax.patches]
    assert boxes == [((2 * k, 0), 2, 8) for k in range(4)]
    assert [text.get_text().split() for text in ax.texts] == [
        [f"{k}", f"{k + 4}"] for k in range(4)
    ]
    assert len({patch.get_hatch() for patch in ax.patches}) == 4
    assert ax.yaxis_inverted()
    assert ax.get_title() == "kernel"


def test_devices_that_hold_the_same_are_said_shortly():
    ax = draw_shards(shards(8, [((0, 4), (0, 6))] * 8), (4, 6))
    assert [text.get_text() for text in ax.texts] == ["0-7"]
    ax = draw_shards(shards(2, [([0, 4], [0, 6])] * 2), (4, 6))
    assert [text.get_text() for text in ax.texts] == ["0, 1"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "No shards came"),
        (shards(1, [((0, 9), (0, 6))]), "the matrix has 4 x 6"),
        (shards(1, [((2, 2), (0, 6))]), "the matrix has 4 x 6"),
    ],
)
def test_shards_that_cannot_be_drawn_are_told(given, says):
    with pytest.raises(ValueError, match=says):
        draw_shards(given, (4, 6))


def test_every_cycle_is_a_picture_and_resting_cells_are_empty():
    states = [
        {"inputs": [[2, NAN]], "sums": [[6, NAN]]},
        {"inputs": [[NAN, 2]], "sums": [[NAN, 8]]},
    ]
    figure = draw_systolic(states, weights=np.array([[3, 4]]))
    said = [[text.get_text() for text in ax.texts] for ax in figure.axes]
    assert said == [["2 x 3\n6"], ["2 x 4\n8"]]
    assert not plt.get_fignums()
    with pytest.raises(ValueError, match="No states"):
        draw_systolic([], weights=[[1]])
