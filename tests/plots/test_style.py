"""One palette, told apart by more than colour, and one way to take axes."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import is_color_like, to_rgb

from workshop.plots import style


@pytest.mark.parametrize("looks", [style.LINES, style.BARS, style.CLASSES])
def test_what_is_drawn_differs_in_colour_and_in_something_else(looks):
    assert len({colour for colour, _ in looks}) == len(looks)
    assert len({other for _, other in looks}) == len(looks)
    assert all(is_color_like(colour) for colour, _ in looks)


def test_marks_differ():
    assert len(set(style.MARKS)) == len(style.MARKS)


def test_between_the_classes_lies_white_and_beyond_them_grey():
    assert style.BETWEEN_CLASSES(0.5)[:3] == pytest.approx(to_rgb("white"), abs=0.02)
    assert style.BETWEEN_CLASSES(float("nan"))[:3] == pytest.approx(to_rgb(style.UNKNOWN), abs=0.01)


def test_axes_are_those_that_were_given_or_new_ones_of_the_size():
    _, ax = plt.subplots()
    assert style.axes_of(ax, 1, 1) is ax
    assert style.axes_of(None, 3, 2).figure.get_size_inches().tolist() == [3, 2]


def test_rows_are_named_from_the_top():
    ax = style.axes_of(None, 3, 2)
    style.rows_of(ax, ["one", "two"])
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["one", "two"]
    assert ax.yaxis_inverted()
