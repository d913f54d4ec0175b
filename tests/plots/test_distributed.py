"""The pictures of who holds what, and of who computes when."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from workshop.plots import draw_shares, draw_timeline, pipeline_spans

HALVES = {
    "worker 0": {"batch": (0, 0.5), "model": (0, 1)},
    "worker 1": {"batch": (0.5, 1), "model": (0, 1)},
    "server": {"batch": None, "model": (0, 1)},
}


def filled(ax):
    """Each filled part as (row, left, width)."""
    return [
        (round(bar.get_y() + bar.get_height() / 2), bar.get_x(), bar.get_width())
        for bar in ax.patches
        if bar.get_fill()
    ]


def test_parts_lie_where_they_are_held():
    ax = draw_shares(HALVES)
    parts = filled(ax)
    assert len(parts) == 5
    assert (0, 0, 0.5) in parts
    assert (1, 0.5, 0.5) in parts
    assert all(row != 2 for row, left, _ in parts if left < 1), "the server has no batch"
    ax.figure.canvas.draw()


def test_each_thing_has_its_outline_on_each_device():
    assert sum(not bar.get_fill() for bar in draw_shares(HALVES).patches) == 6


def test_rows_stand_in_their_order_from_the_top():
    ax = draw_shares(HALVES, title="three")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == list(HALVES)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["batch", "model"]
    assert ax.yaxis_inverted()
    assert ax.get_title() == "three"


def test_columns_are_told_apart_without_colour():
    hatches = {bar.get_hatch() for bar in draw_shares(HALVES).patches if bar.get_fill()}
    assert len(hatches) == 2


def test_two_can_share_a_figure():
    figure, axes = plt.subplots(1, 2)
    for ax in axes:
        assert draw_shares(HALVES, ax=ax) is ax
    figure.canvas.draw()


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ({}, "No devices"),
        ({"a": {}}, "0 things"),
        ({"a": dict.fromkeys("abcde")}, "5 things"),
        ({"a": {"batch": (0, 1)}, "b": {"model": (0, 1)}}, "the same things"),
        ({"a": {"batch": (0.5, 0.5)}}, "is needed"),
        ({"a": {"batch": (0, 50)}}, "0 <= begin < end <= 1"),
    ],
)
def test_other_shares_are_refused(shares, says):
    with pytest.raises(ValueError, match=says):
        draw_shares(shares)


@pytest.mark.parametrize("devices", [1, 2, 4])
@pytest.mark.parametrize("micro_batches", [1, 3, 8])
def test_the_bubble_is_as_large_as_the_formula_says(devices, micro_batches):
    spans = np.array(list(pipeline_spans(devices, micro_batches, batch_s=2.0).values()))
    busy = np.diff(spans).sum() / (devices * spans.max())
    assert 1 - busy == pytest.approx((devices - 1) / (micro_batches + devices - 1))
    assert np.diff(spans).sum() == pytest.approx(devices * 2 * 2.0)


@pytest.mark.parametrize(("devices", "micro_batches"), [(2, 4), (4, 3)])
def test_nobody_starts_before_what_it_needs(devices, micro_batches):
    spans = np.array(list(pipeline_spans(devices, micro_batches).values()))
    forward, backward = spans[:, :micro_batches], spans[:, micro_batches:]
    close = 1e-12
    for device in range(devices):
        ends = np.sort(spans[device], axis=0)
        assert (ends[1:, 0] >= ends[:-1, 1] - close).all(), "one thing at a time"
    assert (forward[1:, :, 0] >= forward[:-1, :, 1] - close).all()
    assert (backward[:-1, :, 0] >= backward[1:, :, 1] - close).all()
    assert backward[-1, :, 0].min() >= forward[-1, :, 1].max() - close


def test_the_schedule_can_be_drawn():
    ax = draw_timeline(pipeline_spans(4, 6))
    assert [tick.get_text() for tick in ax.get_yticklabels()] == [f"device {k}" for k in range(4)]


@pytest.mark.parametrize(("devices", "micro_batches"), [(0, 1), (2, 0)])
def test_no_device_or_no_micro_batch_is_refused(devices, micro_batches):
    with pytest.raises(ValueError, match="1 at least"):
        pipeline_spans(devices, micro_batches)
