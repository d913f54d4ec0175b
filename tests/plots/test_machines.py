"""What machines reach, and parts of arrays on devices."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest

from workshop.plots import pipeline, roofline, sharding, timeline

NAN = float("nan")
SPANS = {"pipeline": [(10.0, 10.2), (10.3, 10.5)], "model": [(10.2, 10.3), (10.5, 10.6)]}


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
    said = [text.get_text() for text in ax.texts]
    assert said == ["memory-bound", "compute-bound", "dense", "convolution", "TPU v2"]
    assert len(ax.patches) == 1, "the side of the memory is shaded"
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["laptop"], "points have their names beside them"


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
    sides = {text.get_text(): text.get_ha() for text in ax.texts[2:]}
    assert sides.keys() == corners.keys()
    assert sides["a"] != sides["b"]


def test_names_of_near_points_are_clear_of_each_other():
    rates = {"dense, batch 128": 5.2e10, "convolution": 4.3e10, "dense": 4e10, "lstm": 3.6e10}
    ax = roofline(
        {"laptop": (1.6e11, 1.5e10)},
        points={name: (32.0, rate) for name, rate in rates.items()},
    )
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text() in rates]
    assert len(boxes) == 4
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)


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


def boxes(ax, row):
    return [path.get_extents().bounds for path in ax.collections[row].get_paths()]


def test_spans_are_drawn_in_milliseconds_from_the_earliest():
    ax = timeline(SPANS)
    starts = [(x, width) for x, _, width, _ in boxes(ax, 0)]
    assert np.allclose(starts, [(0, 200), (300, 200)])
    starts = [(x, width) for x, _, width, _ in boxes(ax, 1)]
    assert np.allclose(starts, [(200, 100), (500, 100)])
    assert ax.get_xlim() == pytest.approx((0, 600))
    assert "(ms)" in ax.get_xlabel()
    ax.figure.canvas.draw()


def test_rows_stand_in_their_order_from_the_top():
    ax = timeline(SPANS)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["pipeline", "model"]
    assert ax.yaxis_inverted()


def test_rows_are_told_apart_without_colour():
    rows = {name: [(0, 1)] for name in "abcd"}
    hatches = [bar.get_hatch() for bar in timeline(rows).collections]
    assert len(set(hatches)) == 4


def test_two_timelines_can_share_a_figure():
    figure, axes = plt.subplots(2)
    for ax in axes:
        assert timeline(SPANS, title="once more", ax=ax) is ax
        assert ax.get_title() == "once more"
    figure.canvas.draw()


def test_spans_may_be_an_array_and_a_row_may_be_empty():
    ax = timeline({"pipeline": np.array([[3.0, 4.0]]), "model": []})
    assert len(boxes(ax, 0)) == 1
    assert boxes(ax, 1) == []
    timeline({"model": [(1.0, 1.0)]}).figure.canvas.draw()


@pytest.mark.parametrize(
    ("spans", "says"),
    [
        ({}, "at least one row with a span"),
        ({"pipeline": []}, "at least one row with a span"),
        ({"model": [(2.0, 1.0)]}, "got 2 to 1 s"),
        ({"model": [(0.0, float("nan"))]}, "'model'"),
        ({"model": [0.0, 1.0]}, "pairs of numbers"),
        ({"model": [(0.0, 1.0, 2.0)]}, "pairs of numbers"),
        ({"model": [(0.0,), (1.0, 2.0)]}, "pairs of numbers"),
        ({"model": None}, "pairs of numbers"),
    ],
)
def test_spans_that_cannot_be_drawn_are_told(spans, says):
    with pytest.raises(ValueError, match=says):
        timeline(spans)


PIPELINE = [
    {("F", 0): (0, 1), ("F", 1): (1, 2), ("B", 0): (4, 6), ("B", 1): (7, 9)},
    {("F", 0): (1, 2), ("B", 0): (2, 4), ("F", 1): (4, 5), ("B", 1): (5, 7)},
]


def test_each_task_of_a_pipeline_is_a_box_with_its_number():
    ax = pipeline(PIPELINE, title="two devices")
    for row, device in enumerate(PIPELINE):
        drawn = {
            (p.get_x(), p.get_x() + p.get_width())
            for p in ax.patches
            if round(p.get_y() + 0.4) == row
        }
        assert drawn == set(device.values())
    assert sorted(text.get_text() for text in ax.texts) == ["0"] * 4 + ["1"] * 4
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["device 0", "device 1"]
    assert [entry.get_text() for entry in ax.get_legend().get_texts()] == ["forward", "backward"]
    assert ax.get_xlim() == (0, 9)
    assert ax.get_title(loc="left") == "two devices"


@pytest.mark.parametrize("spans", [[], [{}, {}]])
def test_a_pipeline_without_tasks_is_refused(spans):
    with pytest.raises(ValueError, match="at least one device with a task"):
        pipeline(spans)
