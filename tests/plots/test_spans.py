"""Who works and who waits, measured and computed."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from workshop.plots import pipeline_schedule, timeline

SPANS = {"pipeline": [(10.0, 10.2), (10.3, 10.5)], "model": [(10.2, 10.3), (10.5, 10.6)]}


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


def schedule(devices, micro_batches, batch_s):
    """The drawn spans in seconds: (device, forward then backward, start and end)."""
    ax = pipeline_schedule(devices, micro_batches, batch_s=batch_s)
    drawn = [[(x, x + width) for x, _, width, _ in boxes(ax, row)] for row in range(devices)]
    return np.array(drawn) / 1000


@pytest.mark.parametrize("devices", [1, 2, 4])
@pytest.mark.parametrize("micro_batches", [1, 3, 8])
def test_the_bubble_is_as_large_as_the_formula_says(devices, micro_batches):
    spans = schedule(devices, micro_batches, batch_s=2.0)
    busy = np.diff(spans).sum() / (devices * spans.max())
    assert 1 - busy == pytest.approx((devices - 1) / (micro_batches + devices - 1))
    assert np.diff(spans).sum() == pytest.approx(devices * 2 * 2.0)


@pytest.mark.parametrize(("devices", "micro_batches"), [(2, 4), (4, 3)])
def test_nobody_starts_before_what_it_needs(devices, micro_batches):
    spans = schedule(devices, micro_batches, batch_s=0.012)
    forward, backward = spans[:, :micro_batches], spans[:, micro_batches:]
    close = 1e-9
    for device in range(devices):
        ends = np.sort(spans[device], axis=0)
        assert (ends[1:, 0] >= ends[:-1, 1] - close).all(), "one thing at a time"
    assert (forward[1:, :, 0] >= forward[:-1, :, 1] - close).all()
    assert (backward[:-1, :, 0] >= backward[1:, :, 1] - close).all()
    assert backward[-1, :, 0].min() >= forward[-1, :, 1].max() - close


def test_the_schedule_can_be_drawn():
    ax = pipeline_schedule(4, 6, batch_s=0.012)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == [f"device {k}" for k in range(4)]
    assert ax.get_title() == "micro-batches: 6"
    assert ax.get_xlim() == pytest.approx((0, 2 * 12 * (6 + 3) / 6))


@pytest.mark.parametrize(("devices", "micro_batches"), [(0, 1), (2, 0)])
def test_no_device_or_no_micro_batch_is_refused(devices, micro_batches):
    with pytest.raises(ValueError, match="at least 1 device and 1 micro-batch"):
        pipeline_schedule(devices, micro_batches, batch_s=0.012)
