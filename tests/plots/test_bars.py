"""Speed-up, latencies, the parts of a step, and who holds what."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from workshop.plots import latencies, parallelism, speed_up, step_breakdown

MEASURED = {"a multiply-add": 2e-11, "a megabyte": 4e-5}
PUBLISHED = {"a trip (somebody, 2010)": 5e-4, "a cache (somebody, 2010)": 5e-10}
PARTS = {
    "slow": {"computing": 3.0, "wire": 260.0, "delay": 0.0},
    "far": {"computing": 3.0, "wire": 26.0, "delay": 80.0},
}
HALVES = {
    "worker 0": {"batch": (0, 0.5), "model": (0, 1)},
    "worker 1": {"batch": (0.5, 1), "model": (0, 1)},
    "server": {"batch": None, "model": (0, 1)},
}


def legend(ax):
    return [entry.get_text() for entry in ax.get_legend().get_texts()]


def rows(ax):
    return [tick.get_text() for tick in ax.get_yticklabels()]


def test_the_shortest_time_stands_on_top_on_a_log_scale():
    ax = latencies(MEASURED, PUBLISHED)
    assert rows(ax) == [
        "a multiply-add",
        "a cache (somebody, 2010)",
        "a megabyte",
        "a trip (somebody, 2010)",
    ]
    assert ax.yaxis_inverted()
    assert ax.get_xscale() == "log"
    assert "(s)" in ax.get_xlabel()


def test_what_others_published_has_another_mark():
    ours, theirs = latencies(MEASURED, PUBLISHED).lines
    assert ours.get_marker() != theirs.get_marker()
    assert list(ours.get_xdata()) == [2e-11, 4e-5]
    assert list(theirs.get_ydata()) == [1, 3]
    assert legend(ours.axes) == ["measured here", "published by others"]
    assert legend(latencies(MEASURED)) == ["measured here"]


def test_each_time_is_written_in_its_unit():
    times = {"a": 2e-11, "b": 1e-9, "c": 4.04e-5, "d": 0.15, "e": 20.0, "f": 3e-14, "g": 9.996e-7}
    said = {text.get_text() for text in latencies(times).texts}
    assert said == {"20 ps", "1 ns", "40.4 µs", "150 ms", "20 s", "0.03 ps", "1 µs"}


def test_parts_stand_one_after_the_other():
    ax = step_breakdown(PARTS, {"slow": 280.0})
    bars = {bars.get_label(): bars for bars in ax.containers}
    assert [bar.get_x() for bar in bars["delay"]] == [263, 29]
    assert [bar.get_width() for bar in bars["delay"]] == [0, 80]
    assert rows(ax) == ["slow", "far"]
    assert ax.yaxis_inverted()
    assert "(ms)" in ax.get_xlabel()
    assert set(legend(ax)) == {"measured", "computing", "wire", "delay"}


def test_parts_are_told_apart_without_colour():
    five = {"row": dict.fromkeys("abcde", 1.0)}
    hatches = [bars[0].get_hatch() for bars in step_breakdown(five).containers]
    assert len(set(hatches)) == 5


def test_what_was_measured_is_marked_at_its_row():
    line = step_breakdown(PARTS, {"far": 110.0}).lines[0]
    assert (list(line.get_xdata()), list(line.get_ydata())) == ([110.0], [1])
    assert "measured" not in legend(step_breakdown(PARTS))


def test_a_part_below_zero_has_no_length():
    ax = step_breakdown({"row": {"handling": -2.0, "wire": 5.0}})
    assert [bars[0].get_width() for bars in ax.containers] == [0, 5]
    assert ax.containers[1][0].get_x() == 0


def test_they_draw_on_given_axes():
    _, axes = plt.subplots(2)
    assert latencies(MEASURED, ax=axes[0]) is axes[0]
    assert step_breakdown(PARTS, ax=axes[1]) is axes[1]


@pytest.mark.parametrize(
    ("draw", "given", "says"),
    [
        (latencies, [{}], "at least one time"),
        (latencies, [{"a": 0.0}], "'a': expected a time above 0 s, got 0.0"),
        (latencies, [MEASURED, {"b": -1.0}], "'b': expected a time above 0 s, got -1.0"),
        (latencies, [{"a": float("nan")}], "'a': expected a time above 0 s, got nan"),
        (step_breakdown, [{}], "at least one row"),
        (step_breakdown, [{"a": {}}], "expected 1 to 5 parts, got 0"),
        (step_breakdown, [{"a": dict.fromkeys("abcdef", 1)}], "expected 1 to 5 parts, got 6"),
        (step_breakdown, [PARTS | {"other": {"wire": 1}}], "'other': expected the parts"),
        (step_breakdown, [PARTS, {"fast": 3}], "one of 'fast'"),
    ],
)
def test_they_say_what_is_wrong(draw, given, says):
    with pytest.raises(ValueError, match=says):
        draw(*given)


def test_a_bar_runs_from_one_to_the_ratio():
    ax = speed_up({"gain": (6.0, 2.0), "loss": (1.0, 4.0), "same": (1.0, 1.0)})
    ends = [bar.get_x() + bar.get_width() for bar in ax.patches]
    assert np.allclose(ends, [3, 0.25, 1])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["gain", "loss", "same"]
    assert ax.yaxis_inverted()  # the first on top


def test_losses_are_told_apart_without_colour():
    gain, loss = speed_up({"gain": (2.0, 1.0), "loss": (1.0, 2.0)}).patches
    assert loss.get_hatch()
    assert not gain.get_hatch()
    assert gain.get_facecolor() != loss.get_facecolor()


@pytest.mark.parametrize("ratio", [0.01, 0.9, 1.0, 3.0, 100.0])
def test_every_bar_is_inside_and_one_in_the_middle(ratio):
    ax = speed_up({"a": (ratio, 1.0)})
    low, high = ax.get_xlim()
    assert low <= ratio <= high
    assert low * high == pytest.approx(1)
    assert ax.get_xscale() == "log"


def test_the_axis_is_labelled_in_halves_and_doubles():
    labels = [label.get_text() for label in speed_up({"a": (2, 1)}).get_xticklabels()]
    assert labels == ["1/4", "1/2", "1", "2", "4"]


def test_it_draws_on_given_axes():
    ax = plt.figure().add_subplot()
    assert speed_up({"a": (2, 1)}, ax=ax) is ax


@pytest.mark.parametrize(
    ("times", "says"),
    [
        ({}, "at least one time"),
        ({"a": (1.0, 0.0)}, "'a': expected times above 0"),
        ({"a": (-1.0, 1.0)}, "above 0"),
        ({"a": (float("nan"), 1.0)}, "above 0"),
    ],
)
def test_bad_times_are_refused(times, says):
    with pytest.raises(ValueError, match=says):
        speed_up(times)


def filled(ax):
    """Each filled part as (row, left, width)."""
    return [
        (round(bar.get_y() + bar.get_height() / 2), bar.get_x(), bar.get_width())
        for bar in ax.patches
        if bar.get_fill()
    ]


def test_parts_lie_where_they_are_held():
    ax = parallelism(HALVES)
    parts = filled(ax)
    assert len(parts) == 5
    assert (0, 0, 0.5) in parts
    assert (1, 0.5, 0.5) in parts
    assert all(row != 2 for row, left, _ in parts if left < 1), "the server has no batch"
    ax.figure.canvas.draw()


def test_each_thing_has_its_outline_on_each_device():
    assert sum(not bar.get_fill() for bar in parallelism(HALVES).patches) == 6


def test_rows_stand_in_their_order_from_the_top():
    ax = parallelism(HALVES)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == list(HALVES)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["batch", "model"]
    assert ax.yaxis_inverted()


def test_columns_are_told_apart_without_colour():
    hatches = {bar.get_hatch() for bar in parallelism(HALVES).patches if bar.get_fill()}
    assert len(hatches) == 2


def test_two_can_share_a_figure():
    figure, axes = plt.subplots(1, 2)
    for ax in axes:
        assert parallelism(HALVES, ax=ax) is ax
    figure.canvas.draw()


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ({}, "at least one device"),
        ({"a": {}}, "1 to 4 things, got 0"),
        ({"a": dict.fromkeys("abcde")}, "1 to 4 things, got 5"),
        ({"a": {"batch": (0, 1)}, "b": {"model": (0, 1)}}, "the same things"),
        ({"a": {"batch": (0.5, 0.5)}}, r"got \(0.5, 0.5\)"),
        ({"a": {"batch": (0, 50)}}, "0 <= begin < end <= 1"),
    ],
)
def test_other_shares_are_refused(shares, says):
    with pytest.raises(ValueError, match=says):
        parallelism(shares)
