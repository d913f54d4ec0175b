"""Curves of logged trainings."""

import matplotlib.pyplot as plt
import pytest

from workshop.plots import draw_log

WHOLE = {step: 1 / step for step in range(1, 101)}
RESUMED = {step: 1 / step for step in range(51, 101)}
SAVED = {50: 0.02, 100: 0.01}


def test_each_curve_has_steps_of_its_own():
    ax = draw_log({"whole": WHOLE, "resumed": RESUMED}, label="training loss")
    assert [len(line.get_xdata()) for line in ax.lines] == [100, 50]
    assert ax.lines[1].get_xdata()[0] == 51
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "training loss")
    assert [entry.get_text() for entry in ax.get_legend().get_texts()] == ["whole", "resumed"]


def test_curves_on_one_another_can_be_told_apart():
    under, upon = draw_log({"whole": WHOLE, "resumed": RESUMED}).lines
    assert under.get_linewidth() > upon.get_linewidth()
    assert under.get_linestyle() != upon.get_linestyle()
    assert under.get_color() != upon.get_color()


def test_few_points_are_marked():
    many, few = draw_log({"whole": WHOLE, "saved": SAVED}).lines
    assert (many.get_marker(), few.get_marker()) == ("", "o")


def test_it_draws_on_given_axes():
    _, ax = plt.subplots()
    assert draw_log({"whole": WHOLE}, ax=ax) is ax


def test_it_says_what_is_wrong():
    with pytest.raises(ValueError, match="0 curves came"):
        draw_log({})
    with pytest.raises(ValueError, match="5 curves came; 1 to 4"):
        draw_log({str(number): SAVED for number in range(5)})
    with pytest.raises(ValueError, match="'resumed' has no points"):
        draw_log({"whole": WHOLE, "resumed": {}})
