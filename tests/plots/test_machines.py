"""What machines reach, and parts of arrays on devices."""

import numpy as np
import pytest

from workshop.plots import roofline, sharding

NAN = float("nan")


def test_a_roof_rises_with_the_memory_and_ends_at_the_peak():
    ax = roofline({"laptop": (1e11, 2e10)})
    x, y = ax.lines[0].get_data()
    assert np.allclose(y, np.minimum(1e11, x * 2e10))
    assert x[0] < 5 < x[-1]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    ax.figure.canvas.draw()


def test_points_and_corners_are_drawn_where_they_belong():
    ax = roofline(
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
    ax = roofline(
        {name: (10.0**k, 10.0) for k, name in enumerate("abcd", 2)},
        points={name: (k, 5.0) for k, name in enumerate("efg", 1)},
    )
    assert len({line.get_linestyle() for line in ax.lines[:4]}) == 4
    assert len({line.get_marker() for line in ax.lines[4:]}) == 3


def test_neighbours_in_height_have_their_names_on_different_sides():
    corners = {"c": (3e12, 1e10), "a": (1e12, 1e10), "b": (1.1e12, 1e10)}
    ax = roofline({"laptop": (1e11, 2e10)}, corners=corners)
    assert {text.get_text(): text.get_ha() for text in ax.texts} == {
        "a": "left",
        "b": "right",
        "c": "left",
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"roofs": {}}, "1 to 4 roofs, got 0"),
        ({"roofs": dict.fromkeys("abcde", (1000000000.0, 1000000000.0))}, "1 to 4 roofs, got 5"),
        ({"roofs": {"a": (0, 1e9)}}, "two numbers above 0"),
        ({"roofs": {"a": 1e9}}, "two numbers above 0"),
        ({"roofs": {"a": (1e9, 1e9)}, "points": {"b": (NAN, 1)}}, "'b': expected two numbers"),
        ({"roofs": {"a": (1e9, 1e9)}, "corners": {"c": (1, -1)}}, "'c': expected two numbers"),
    ],
)
def test_roofs_that_cannot_be_drawn_are_told(given, says):
    with pytest.raises(ValueError, match=says):
        roofline(given.pop("roofs"), **given)


def shards(count, spans):
    return [
        {"device": k, "rows": rows, "columns": columns}
        for k, (rows, columns) in zip(range(count), spans, strict=True)
    ]


def test_each_part_is_drawn_once_with_its_devices():
    spans = [((0, 8), (2 * (k % 4), 2 * (k % 4) + 2)) for k in range(8)]
    ax = sharding(shards(8, spans), (8, 8), title="kernel")
    boxes = [(patch.get_xy(), patch.get_width(), patch.get_height()) for patch in ax.patches]
    assert boxes == [((2 * k, 0), 2, 8) for k in range(4)]
    assert [text.get_text().split() for text in ax.texts] == [
        [f"{k}", f"{k + 4}"] for k in range(4)
    ]
    assert len({patch.get_hatch() for patch in ax.patches}) == 4
    assert ax.yaxis_inverted()
    assert ax.get_title() == "kernel"


def test_devices_that_hold_the_same_are_said_shortly():
    ax = sharding(shards(8, [((0, 4), (0, 6))] * 8), (4, 6))
    assert [text.get_text() for text in ax.texts] == ["0-7"]
    ax = sharding(shards(2, [([0, 4], [0, 6])] * 2), (4, 6))
    assert [text.get_text() for text in ax.texts] == ["0, 1"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "a dict for each device, got none"),
        (shards(1, [((0, 9), (0, 6))]), "a part of 4 rows and 6 columns"),
        (shards(1, [((2, 2), (0, 6))]), "a part of 4 rows and 6 columns"),
    ],
)
def test_shards_that_cannot_be_drawn_are_told(given, says):
    with pytest.raises(ValueError, match=says):
        sharding(given, (4, 6))
