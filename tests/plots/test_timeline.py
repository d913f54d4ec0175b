"""The picture of who works and who waits."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from workshop.plots import draw_timeline

SPANS = {"pipeline": [(10.0, 10.2), (10.3, 10.5)], "model": [(10.2, 10.3), (10.5, 10.6)]}


def boxes(ax, row):
    return [path.get_extents().bounds for path in ax.collections[row].get_paths()]


def test_spans_are_drawn_in_milliseconds_from_the_earliest():
    ax = draw_timeline(SPANS)
    starts = [(x, width) for x, _, width, _ in boxes(ax, 0)]
    assert np.allclose(starts, [(0, 200), (300, 200)])
    starts = [(x, width) for x, _, width, _ in boxes(ax, 1)]
    assert np.allclose(starts, [(200, 100), (500, 100)])
    assert ax.get_xlim() == pytest.approx((0, 600))
    assert "(ms)" in ax.get_xlabel()
    ax.figure.canvas.draw()


def test_rows_stand_in_their_order_from_the_top():
    ax = draw_timeline(SPANS)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["pipeline", "model"]
    assert ax.yaxis_inverted()


def test_rows_are_told_apart_without_colour():
    rows = {name: [(0, 1)] for name in "abcd"}
    hatches = [bar.get_hatch() for bar in draw_timeline(rows).collections]
    assert len(set(hatches)) == 4


def test_two_timelines_can_share_a_figure():
    figure, axes = plt.subplots(2)
    for ax in axes:
        assert draw_timeline(SPANS, title="once more", ax=ax) is ax
        assert ax.get_title() == "once more"
    figure.canvas.draw()


def test_spans_may_be_an_array_and_a_row_may_be_empty():
    ax = draw_timeline({"pipeline": np.array([[3.0, 4.0]]), "model": []})
    assert len(boxes(ax, 0)) == 1
    assert boxes(ax, 1) == []
    draw_timeline({"model": [(1.0, 1.0)]}).figure.canvas.draw()


@pytest.mark.parametrize(
    ("spans", "says"),
    [
        ({}, "No spans"),
        ({"pipeline": []}, "No spans"),
        ({"model": [(2.0, 1.0)]}, "goes from 2 to 1 s"),
        ({"model": [(0.0, float("nan"))]}, "'model'"),
        ({"model": [0.0, 1.0]}, "pairs of numbers"),
        ({"model": [(0.0, 1.0, 2.0)]}, "pairs of numbers"),
        ({"model": [(0.0,), (1.0, 2.0)]}, "pairs of numbers"),
        ({"model": None}, "pairs of numbers"),
    ],
)
def test_spans_that_cannot_be_drawn_are_told(spans, says):
    with pytest.raises(ValueError, match=says):
        draw_timeline(spans)
