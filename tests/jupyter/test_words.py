"""What figures say to those who can't see them: their numbers, not only their titles."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from workshop import plots
from workshop.jupyter.words import number, words


@pytest.fixture
def axis():
    return plt.subplots()[1]


def test_a_title_and_panels_are_told():
    figure, axes = plt.subplots(1, 2)
    figure.suptitle("two\nruns")
    for axis in axes:
        axis.set_title("loss")
    assert words(figure) == "Figure. two runs. loss, loss"


def test_a_graph_is_told_in_its_own_words():
    axis = plots.computation_graph({"x": "Placeholder", "relu": "Relu"}, [("x", "relu", "(3,)")])
    assert words(axis.figure) == "Figure. x, Relu, (3,)"


def test_rows_with_names_are_told():
    figure = plots.runs({"plain": [0.9], "better": [0.95]}).figure
    assert words(figure).endswith("bar: the mean): plain: 0.9; better: 0.95")


def test_a_curve_tells_its_ends_and_what_it_reaches_between():
    x = np.arange(5)
    lines = {"flat": x * 0 + 2, "hill": [0, 1, 9, 1, 0.5], "gap": [np.nan, 1, np.nan, 0, 3]}
    said = words(plots.curves(x, lines, labels=("step", "loss")).figure)
    assert "flat from 2 to 2;" in said
    assert "hill from 0 to 0.5 (highest 9 at 2);" in said
    assert said.endswith("gap from 1 to 3 (lowest 0 at 3)")
    assert "loss over step:" in said, "they begin at other places"


def test_a_line_that_guides_is_not_told(axis):
    axis.plot([0, 1, 2], [5, 6, 7])
    axis.plot([0, 2], [5, 5])
    axis.axvline(1)
    axis.set(xlabel="x", ylabel="y")
    assert words(axis.figure) == "Figure. y over x, 0 to 2: from 5 to 7"


def test_clouds_and_marks_tell_where_they_lie(axis):
    axis.plot([0, 1, 2, 3], [4, 1, 2, 3], "o", label="ours")
    axis.scatter([-1, 5], [0, 1], label="theirs")
    axis.plot(2, 3, "x", label="best")
    axis.plot(1, 4, "o")
    axis.annotate("worst", (1, 4))
    axis.set_xlabel("size")
    said = words(axis.figure)
    for part in (
        "ours: 4 points, 0 to 3 across and 1 to 4 up",
        "theirs: 2 points, -1 to 5 across and 0 to 1 up",
        "best: 3 at 2",
        "worst: 4 at 1",
    ):
        assert part in said


def test_bars_tell_their_lengths():
    said = words(plots.speed_up({"XLA": (2.0, 1.0), "bfloat16": (2.0, 4.0)}).figure)
    assert "XLA: 2, bfloat16: 0.5" in said
    parts = {"slow": {"compute": 3, "wire": 90}, "fast": {"compute": 2, "wire": 4}}
    said = words(plots.step_breakdown(parts, {"slow": 97}).figure)
    assert "compute: slow: 3, fast: 2; wire: slow: 90, fast: 4; slow: 97" in said


def test_many_bars_and_outlines_tell_the_highest(axis):
    axis.bar(range(20), [*range(19), 0], label="bars")
    axis.hist([1, 1, 3], bins=[0, 2, 4], histtype="step", label="outline")
    axis.set_xlabel("x")
    assert "bars highest 18 at 18; outline highest 2 at 0" in words(axis.figure)


def test_rows_tell_their_dots_by_number_too():
    said = words(plots.runs({"1": [0.5, 0.25], "10": [0.75]}).figure)
    assert said.endswith("1: 0.25 to 0.5; 10: 0.75")


def test_a_measured_time_is_told_once():
    said = words(plots.latencies({"one addition": 1e-3}, {"the Moon": 1.28}).figure)
    assert "one addition: 0.001; the Moon: 1.28" in said
    assert "1.28 s" not in said


def test_pictures_are_counted():
    digits = np.zeros((20, 28, 28))
    assert words(plots.digit_grid(digits)) == "Figure. 20 pictures in 2 rows of 10"
    assert words(plots.digit_grid(digits[:2], ["3", "5"])) == "Figure. 2 pictures (3, 5)"


def test_values_with_named_axes_tell_their_range(axis):
    axis.imshow([[0, 1], [2, 5.0]])
    axis.set(xlabel="said", ylabel="true")
    bar = axis.figure.colorbar(axis.images[0])
    bar.set_label("how many")
    assert words(axis.figure) == (
        "Figure. true over said: 2 x 2 values, 0 to 5. colours: how many from 0 to 5"
    )


@pytest.mark.parametrize("projection", ["3d", "polar"])
def test_a_drawing_of_another_kind_keeps_its_titles(projection):
    figure = plt.figure()
    axis = figure.add_subplot(projection=projection)
    axis.plot([0, 1, 2], [1, 2, 0], label="a")
    axis.set_title("mine")
    assert words(figure).startswith("Figure. mine")


def test_names_and_dates_on_the_axis_are_no_numbers_to_read():
    axis = plt.subplots()[1]
    axis.plot(["mon", "tue", "wed"], [1, 2, 3], label="rain")
    axis.set(xlabel="day", ylabel="mm")
    assert words(axis.figure) == "Figure. mm over day: rain from 1 to 3"


def test_nothing_drawn_is_a_figure():
    assert words(plt.figure()) == "Figure"


def test_a_number_that_is_too_small_or_no_number():
    assert (number(1.5e-9), number(float("nan"))) == ("1.5e-09", "nan")


def test_a_year_is_not_rounded():
    said = words(plots.curves([2010, 2012, 2015], {"best": [28, 16, 3]}).figure)
    assert "2010 to 2015: best from 28 to 3" in said
