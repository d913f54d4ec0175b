"""Points of two classes, probabilities and losses over a plane."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from workshop.plots import population, probability_map, scatter

POINTS = np.array([[0.0, 0.0], [1.0, 1.0], [0.5, -1.0]])
LABELS = np.array([0, 1, 1])
SIDE = np.linspace(-1, 1, 5)
BOWL = SIDE[:, None] ** 2 + SIDE**2


def test_cloud_tells_the_classes_apart_by_marker_and_colour():
    ax = scatter(POINTS, LABELS, title="three")
    first, second = ax.lines
    assert first.get_marker() != second.get_marker()
    assert first.get_color() != second.get_color()
    assert (len(first.get_xdata()), len(second.get_xdata())) == (1, 2)
    assert [entry.get_text() for entry in ax.get_legend().get_texts()] == ["class 0", "class 1"]
    assert ax.get_xlabel() and ax.get_ylabel() and ax.get_title() == "three"


@pytest.mark.parametrize("level", [np.linspace(0, 1, 4), np.full(4, 0.2)])
def test_cloud_with_probabilities_renders_with_and_without_a_border(level):
    grid = (np.linspace(-1, 1, 4), np.linspace(-1, 1, 3), np.tile(level, (3, 1)))
    figure, ax = plt.subplots()
    assert scatter(POINTS, LABELS, grid=grid, ax=ax) is ax
    figure.canvas.draw()


@pytest.mark.parametrize(
    ("points", "labels", "grid", "says"),
    [
        (POINTS[:, 0], LABELS, None, r"expected points of shape \(n, 2\), got \(3,\)"),
        (POINTS, LABELS[:2], None, "one for each point"),
        (POINTS, LABELS + 1, None, "expected labels 0 and 1"),
        (POINTS, LABELS, (SIDE, SIDE[:2], np.zeros((5, 2))), r"shape \(2, 5\)"),
        (POINTS, LABELS, (SIDE, SIDE, BOWL + 1), "probabilities from 0 to 1"),
        (POINTS, LABELS, (SIDE, SIDE, BOWL * np.nan), "probabilities from 0 to 1"),
    ],
)
def test_cloud_says_what_is_wrong(points, labels, grid, says):
    with pytest.raises(ValueError, match=says):
        scatter(points, labels, grid=grid)


def test_probability_map_has_units_and_a_scale():
    grid = (np.arange(4), np.arange(3), np.tile(np.linspace(0, 1, 4), (3, 1)))
    ax = probability_map(grid, labels=("length (mm)", "mass (g)"), points={"ours": (1, 1)})
    assert ax.get_xlabel() == "length (mm)"
    assert "probability" in ax.figure.axes[1].get_ylabel()
    assert ax.get_legend().get_texts()[0].get_text() == "ours"


@pytest.mark.parametrize(
    ("probability", "says"),
    [
        (np.zeros((4, 3)), r"shape \(3, 4\)"),
        (np.full((3, 4), 1.5), "probabilities from 0 to 1"),
        (np.full((3, 4), np.nan), "probabilities from 0 to 1"),
    ],
)
def test_probability_map_says_what_is_wrong(probability, says):
    with pytest.raises(ValueError, match=says):
        probability_map((np.arange(4), np.arange(3), probability), labels=("a", "b"))


def test_the_living_and_the_dead_can_be_told_apart():
    found = [(1.0, 0.8), (2.0, 0.9), (3.5, 0.85)]
    ax = population(found, {1, 2}, title="evolution")
    dead, alive = ax.lines
    assert dead.get_marker() != alive.get_marker()
    assert dead.get_color() != alive.get_color()
    np.testing.assert_array_equal(dead.get_xydata(), found[:1])
    np.testing.assert_array_equal(alive.get_xydata(), found[1:])
    assert ax.get_title() == "evolution" and "(s)" in ax.get_xlabel()


def test_a_population_is_drawn_again_on_the_same_axes():
    ax = population([], [])
    assert [len(line.get_xdata()) for line in ax.lines] == [0, 0]
    again = population([(1.0, 0.5)], [0], ax=ax)
    assert again is ax
    assert [len(line.get_xdata()) for line in ax.lines] == [0, 1]


@pytest.mark.parametrize(
    ("found", "alive", "says"),
    [
        ([(1.0, 2.0, 3.0)], [], r"expected pairs \(when, how good\), got shape \(1, 3\)"),
        ([0.9, 0.8], [], r"got shape \(2,\)"),
        ([(1.0, 0.5)], [1], r"expected places from 0 below 1, got \[1\]"),
    ],
)
def test_population_says_what_is_wrong(found, alive, says):
    with pytest.raises(ValueError, match=says):
        population(found, alive)
