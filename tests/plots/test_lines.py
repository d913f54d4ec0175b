"""Curves, bands, runs and scaling: what they show, and what they say is wrong."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from workshop.plots import bands, curves, runs, scaling

WHOLE = {step: 1 / step for step in range(1, 101)}
RESUMED = {step: 1 / step for step in range(51, 101)}
SAVED = {50: 0.02, 100: 0.01}
SIDE = np.linspace(-1, 1, 5)
WORKERS = [1, 2, 10]
CURVES = {"1 Gbit/s": [1, 0.8, 3], "10 Gbit/s": [1, 1.8, 8]}


def test_curves_have_axes_a_legend_and_distinct_styles():
    x = np.linspace(0, 1, 7)
    ax = curves(x, {"a": x, "b": x**2, "c": x**3, "d": -x}, labels=("time (s)", "loss"))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("time (s)", "loss")
    assert [entry.get_text() for entry in ax.get_legend().get_texts()] == ["a", "b", "c", "d"]
    assert len({line.get_linestyle() for line in ax.lines}) == 4


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ({str(k): np.arange(3) for k in range(5)}, "expected 1 to 4 curves, got 5"),
        ({}, "expected 1 to 4 curves, got 0"),
        ({"short": np.arange(2)}, r"'short': expected shape \(3,\), as x has, got \(2,\)"),
    ],
)
def test_curves_say_what_is_wrong(lines, says):
    with pytest.raises(ValueError, match=says):
        curves(np.arange(3), lines)


def test_a_band_lies_around_its_curve():
    x = np.arange(4)
    ax = bands(x, {"a": (x - 1, x, x + 2), "b": (-x, -x, -x)}, labels=("evaluations", "accuracy"))
    assert [entry.get_text() for entry in ax.get_legend().get_texts()] == ["a", "b"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("evaluations", "accuracy")
    for line, area in zip(ax.lines, ax.collections, strict=True):
        assert line.get_color() != "none"
        np.testing.assert_allclose(area.get_facecolor()[0][:3], to_rgb(line.get_color()))
    edges = ax.collections[0].get_paths()[0].vertices
    assert edges[:, 1].min() == -1 and edges[:, 1].max() == 5


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({"a": (np.arange(3), np.arange(3))}, "'a': expected a lower edge, a curve, an upper edge"),
        ({"a": [np.arange(2)] * 3}, r"expected shape \(3,\), as x has, got \(2,\)"),
        ({}, "expected 1 to 4 curves, got 0"),
        ({str(k): [np.arange(3)] * 3 for k in range(5)}, "expected 1 to 4 curves, got 5"),
    ],
)
def test_bands_say_what_is_wrong(found, says):
    with pytest.raises(ValueError, match=says):
        bands(np.arange(3), found)


def test_each_curve_has_steps_of_its_own():
    ax = curves(None, {"whole": WHOLE, "resumed": RESUMED}, labels=("step", "training loss"))
    assert [len(line.get_xdata()) for line in ax.lines] == [100, 50]
    assert ax.lines[1].get_xdata()[0] == 51
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "training loss")
    assert [entry.get_text() for entry in ax.get_legend().get_texts()] == ["whole", "resumed"]


def test_curves_on_one_another_can_be_told_apart():
    under, upon = curves(None, {"whole": WHOLE, "resumed": RESUMED}).lines
    assert under.get_linewidth() > upon.get_linewidth()
    assert under.get_linestyle() != upon.get_linestyle()
    assert under.get_color() != upon.get_color()


def test_few_points_are_marked():
    many, few = curves(None, {"whole": WHOLE, "saved": SAVED}).lines
    assert (many.get_marker(), few.get_marker()) == ("", "o")


def test_values_without_places_are_told():
    with pytest.raises(ValueError, match="'loss': expected place -> value, as x is None"):
        curves(None, {"loss": [2.3, 1.9]})


def test_places_may_come_in_any_order():
    ax = curves(None, {"logged": {2: 0.5, 1: 0.9}})
    assert ax.lines[0].get_xdata().tolist() == [1, 2]


def test_it_draws_on_given_axes():
    _, ax = plt.subplots()
    assert curves(None, {"whole": WHOLE}, ax=ax) is ax


def test_it_says_what_is_wrong():
    with pytest.raises(ValueError, match="expected 1 to 4 curves, got 0"):
        curves(None, {})
    with pytest.raises(ValueError, match="expected 1 to 4 curves, got 5"):
        curves(None, {str(number): SAVED for number in range(5)})
    with pytest.raises(ValueError, match="'resumed' has no points"):
        curves(None, {"whole": WHOLE, "resumed": {}})


def test_runs_show_each_run_and_the_mean():
    ax = runs({"plain": [0.90, 0.92], "better": [0.95], "waiting": []})
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["plain", "better", "waiting"]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    bars = [line for line in ax.lines if line.get_marker() == "|"]
    assert [len(line.get_xdata()) for line in dots] == [2, 1, 0]
    assert bars[0].get_xdata()[0] == pytest.approx(0.91)
    assert len(bars) == 2
    low, high = ax.get_ylim()
    assert low > high  # the first recipe on top


def test_runs_are_drawn_again_on_the_same_axes():
    results = {"plain": [0.9], "better": []}
    ax = runs(results)
    before = len(ax.lines)
    results["better"].append(0.95)
    assert runs(results, ax=ax) is ax
    assert len(ax.lines) == before + 1


def test_runs_say_what_is_wrong():
    with pytest.raises(ValueError, match="at least one recipe"):
        runs({})


def test_speed_up_stands_beside_as_many_as_workers():
    ax = scaling(WORKERS, CURVES, published={"a talk": (20, 15)}, title="weak")
    ideal, slow, quick, told = ax.lines
    assert list(ideal.get_xdata()) == list(ideal.get_ydata()) == WORKERS
    assert list(slow.get_ydata()) == CURVES["1 Gbit/s"]
    assert slow.get_linestyle() != quick.get_linestyle()
    assert (list(told.get_xdata()), list(told.get_ydata())) == ([20], [15])
    assert told.get_marker() != "None"
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_title()) == ("log", "log", "weak")
    ax.figure.canvas.draw()


def test_scaling_draws_on_given_axes():
    _, ax = plt.subplots()
    assert scaling(np.array(WORKERS), CURVES, ax=ax) is ax


@pytest.mark.parametrize(
    ("workers", "speed_ups", "says"),
    [
        (WORKERS, {}, "1 to 4 curves, got 0"),
        (WORKERS, {str(k): WORKERS for k in range(5)}, "1 to 4 curves, got 5"),
        (WORKERS, {"a": [1, 2]}, "'a': expected 3 values, as many as workers, got 2"),
        (WORKERS, {"a": [1, 2, 0]}, "'a': expected values above 0"),
        ([0, 1, 2], CURVES, "'workers': expected values above 0"),
    ],
)
def test_scaling_says_what_is_wrong(workers, speed_ups, says):
    with pytest.raises(ValueError, match=says):
        scaling(workers, speed_ups)


def test_too_many_published_figures_are_told():
    told = {str(k): (2, 2) for k in range(6)}
    with pytest.raises(ValueError, match="at most 5 published figures, got 6"):
        scaling(WORKERS, CURVES, published=told)
    with pytest.raises(ValueError, match="'a talk': expected values above 0"):
        scaling(WORKERS, CURVES, published={"a talk": (0, 2)})
