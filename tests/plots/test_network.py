"""Times on a log scale, the parts of a step, and speed-up over workers."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from workshop.plots import draw_parts, draw_scales, draw_speed_up

MEASURED = {"a multiply-add": 2e-11, "a megabyte": 4e-5}
PUBLISHED = {"a trip (somebody, 2010)": 5e-4, "a cache (somebody, 2010)": 5e-10}
PARTS = {
    "slow": {"computing": 3.0, "wire": 260.0, "delay": 0.0},
    "far": {"computing": 3.0, "wire": 26.0, "delay": 80.0},
}
WORKERS = [1, 2, 10]
CURVES = {"1 Gbit/s": [1, 0.8, 3], "10 Gbit/s": [1, 1.8, 8]}


def legend(ax):
    return [entry.get_text() for entry in ax.get_legend().get_texts()]


def rows(ax):
    return [tick.get_text() for tick in ax.get_yticklabels()]


def test_the_shortest_time_stands_on_top_on_a_log_scale():
    ax = draw_scales(MEASURED, PUBLISHED)
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
    ours, theirs = draw_scales(MEASURED, PUBLISHED).lines
    assert ours.get_marker() != theirs.get_marker()
    assert list(ours.get_xdata()) == [2e-11, 4e-5]
    assert list(theirs.get_ydata()) == [1, 3]
    assert legend(ours.axes) == ["measured here", "published by others"]
    assert legend(draw_scales(MEASURED)) == ["measured here"]


def test_each_time_is_written_in_its_unit():
    times = {"a": 2e-11, "b": 1e-9, "c": 4.04e-5, "d": 0.15, "e": 20.0, "f": 3e-14, "g": 9.996e-7}
    said = {text.get_text() for text in draw_scales(times).texts}
    assert said == {"20 ps", "1 ns", "40.4 µs", "150 ms", "20 s", "0.03 ps", "1 µs"}


def test_parts_stand_one_after_the_other():
    ax = draw_parts(PARTS, {"slow": 280.0})
    bars = {bars.get_label(): bars for bars in ax.containers}
    assert [bar.get_x() for bar in bars["delay"]] == [263, 29]
    assert [bar.get_width() for bar in bars["delay"]] == [0, 80]
    assert rows(ax) == ["slow", "far"]
    assert ax.yaxis_inverted()
    assert "(ms)" in ax.get_xlabel()
    assert set(legend(ax)) == {"measured", "computing", "wire", "delay"}


def test_parts_are_told_apart_without_colour():
    five = {"row": dict.fromkeys("abcde", 1.0)}
    hatches = [bars[0].get_hatch() for bars in draw_parts(five).containers]
    assert len(set(hatches)) == 5


def test_what_was_measured_is_marked_at_its_row():
    line = draw_parts(PARTS, {"far": 110.0}).lines[0]
    assert (list(line.get_xdata()), list(line.get_ydata())) == ([110.0], [1])
    assert "measured" not in legend(draw_parts(PARTS))


def test_a_part_below_zero_has_no_length():
    ax = draw_parts({"row": {"handling": -2.0, "wire": 5.0}})
    assert [bars[0].get_width() for bars in ax.containers] == [0, 5]
    assert ax.containers[1][0].get_x() == 0


def test_speed_up_stands_beside_as_many_as_workers():
    ax = draw_speed_up(WORKERS, CURVES, published={"a talk": (20, 15)}, title="weak")
    ideal, slow, quick, told = ax.lines
    assert list(ideal.get_xdata()) == list(ideal.get_ydata()) == WORKERS
    assert list(slow.get_ydata()) == CURVES["1 Gbit/s"]
    assert slow.get_linestyle() != quick.get_linestyle()
    assert (list(told.get_xdata()), list(told.get_ydata())) == ([20], [15])
    assert told.get_marker() != "None"
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_title()) == ("log", "log", "weak")
    ax.figure.canvas.draw()


def test_they_draw_on_given_axes():
    _, axes = plt.subplots(3)
    assert draw_scales(MEASURED, ax=axes[0]) is axes[0]
    assert draw_parts(PARTS, ax=axes[1]) is axes[1]
    assert draw_speed_up(np.array(WORKERS), CURVES, ax=axes[2]) is axes[2]


@pytest.mark.parametrize(
    ("draw", "given", "says"),
    [
        (draw_scales, [{}], "No times"),
        (draw_scales, [{"a": 0.0}], "'a' takes 0.0 s"),
        (draw_scales, [MEASURED, {"b": -1.0}], "'b' takes -1.0 s"),
        (draw_scales, [{"a": float("nan")}], "'a' takes nan s"),
        (draw_parts, [{}], "No rows"),
        (draw_parts, [{"a": {}}], "0 parts came"),
        (draw_parts, [{"a": dict.fromkeys("abcdef", 1)}], "6 parts came"),
        (draw_parts, [PARTS | {"other": {"wire": 1}}], "'other' has the parts"),
        (draw_parts, [PARTS, {"fast": 3}], "'fast' was measured"),
        (draw_speed_up, [WORKERS, {}], "0 curves came"),
        (draw_speed_up, [WORKERS, {str(k): WORKERS for k in range(5)}], "5 curves came"),
        (draw_speed_up, [WORKERS, {"a": [1, 2]}], "'a' has 2 values for 3 workers"),
        (draw_speed_up, [WORKERS, {"a": [1, 2, 0]}], "'a' has values"),
        (draw_speed_up, [[0, 1, 2], CURVES], "'workers' has values"),
    ],
)
def test_they_say_what_is_wrong(draw, given, says):
    with pytest.raises(ValueError, match=says):
        draw(*given)


def test_too_many_published_figures_are_told():
    told = {str(k): (2, 2) for k in range(6)}
    with pytest.raises(ValueError, match="6 published figures"):
        draw_speed_up(WORKERS, CURVES, published=told)
    with pytest.raises(ValueError, match="'a talk' has values"):
        draw_speed_up(WORKERS, CURVES, published={"a talk": (0, 2)})
