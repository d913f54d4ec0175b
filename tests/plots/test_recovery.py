"""The curve of a training that was killed and went on."""

import matplotlib.pyplot as plt
import pytest

from workshop.plots import draw_recovery

WHOLE = {step: 1 / step for step in range(1, 101)}
BEFORE = {step: 1 / step for step in range(1, 56)}
AFTER = {step: 1 / step for step in range(41, 101)}


def legend(ax):
    return [entry.get_text() for entry in ax.get_legend().get_texts()]


def test_the_kill_and_the_restart_are_marked():
    ax = draw_recovery(BEFORE, AFTER)
    marks = {line.get_marker(): line.get_xydata().tolist() for line in ax.lines[2:]}
    assert marks == {"X": [[55, 1 / 55]], "^": [[41, 1 / 41]]}
    [band] = ax.patches
    assert (band.get_x(), band.get_x() + band.get_width()) == (40.5, 55.5)
    assert legend(ax) == ["until the kill", "after the restart", "done again: 15 steps"]


def test_curves_can_be_told_apart_and_lie_on_the_undisturbed_one():
    under, first, second, *_ = draw_recovery(BEFORE, AFTER, undisturbed=WHOLE).lines
    assert under.get_linewidth() > first.get_linewidth()
    assert first.get_linestyle() != second.get_linestyle()
    assert [len(line.get_xdata()) for line in (under, first, second)] == [100, 55, 60]


def test_nothing_is_grey_where_nothing_was_done_again():
    ax = draw_recovery(BEFORE, {step: 1 / step for step in range(56, 101)})
    assert not ax.patches
    assert legend(ax) == ["until the kill", "after the restart"]


def test_steps_may_come_in_any_order_and_axes_be_given():
    _, ax = plt.subplots()
    assert draw_recovery({2: 0.5, 1: 0.9}, {2: 0.5}, label="training loss", ax=ax) is ax
    assert ax.lines[0].get_xdata().tolist() == [1, 2]
    assert ax.get_ylabel() == "training loss"


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ({}, AFTER, "no steps until the kill"),
        (BEFORE, {}, "no steps after the restart"),
        (BEFORE, {60: 0.1}, "ends with step 55, the second begins with 60"),
    ],
)
def test_it_says_what_is_wrong(before, after, says):
    with pytest.raises(ValueError, match=says):
        draw_recovery(before, after)
