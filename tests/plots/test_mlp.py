"""The pictures of lessons 03 and 03b: clouds, activations, paths of optimizers, repeated runs."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from workshop.plots import draw_activations, draw_cloud, draw_runs, loss_surface

POINTS = np.array([[0.0, 0.0], [1.0, 1.0], [0.5, -1.0]])
LABELS = np.array([0, 1, 1])
SIDE = np.linspace(-1, 1, 5)
BOWL = SIDE[:, None] ** 2 + SIDE**2


def test_cloud_tells_the_classes_apart_by_marker_and_colour():
    ax = draw_cloud(POINTS, LABELS, title="three")
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
    assert draw_cloud(POINTS, LABELS, grid=grid, ax=ax) is ax
    figure.canvas.draw()


@pytest.mark.parametrize(
    ("points", "labels", "grid", "says"),
    [
        (POINTS[:, 0], LABELS, None, r"\(3,\) came; \(n, 2\)"),
        (POINTS, LABELS[:2], None, "for 3 points"),
        (POINTS, LABELS + 1, None, "two classes, 0 and 1"),
        (POINTS, LABELS, (SIDE, SIDE[:2], np.zeros((5, 2))), r"\(2, 5\) is needed"),
        (POINTS, LABELS, (SIDE, SIDE, BOWL + 1), "probabilities lie in 0 to 1"),
        (POINTS, LABELS, (SIDE, SIDE, BOWL * np.nan), "probabilities lie in 0 to 1"),
    ],
)
def test_cloud_says_what_is_wrong(points, labels, grid, says):
    with pytest.raises(ValueError, match=says):
        draw_cloud(points, labels, grid=grid)


@pytest.mark.parametrize("count", [1, 4, 6])
def test_each_activation_has_a_panel_with_value_and_slope(count):
    z = np.linspace(-1, 1, 3)
    figure = draw_activations(z, {f"f{k}": (k * z, np.full(3, k)) for k in range(count)})
    assert [ax.get_title() for ax in figure.axes] == [f"f{k}" for k in range(count)]
    for ax in figure.axes:
        assert len({line.get_linestyle() for line in ax.lines}) == 2
    assert sum(ax.get_legend() is not None for ax in figure.axes) == 1
    figure.canvas.draw()


def test_activations_say_what_is_wrong():
    with pytest.raises(ValueError, match="No activations came"):
        draw_activations(SIDE, {})
    with pytest.raises(ValueError, match=r"'value' has the shape \(2,\)"):
        draw_activations(SIDE, {"short": (np.zeros(2), np.zeros(2))})


@pytest.mark.parametrize(("count", "panels"), [(1, 1), (3, 3), (5, 5)])
def test_each_path_has_a_panel_and_the_scale_a_name(count, panels):
    paths = {f"path {k}": np.array([[1, 1], [0.5, k / 5]]) for k in range(count)}
    figure = loss_surface((SIDE, SIDE, BOWL), paths, title="<{}>", scale="height (m)")
    assert [ax.get_title() for ax in figure.axes[:-1]] == [f"<{name}>" for name in paths]
    assert len(figure.axes) == panels + 1
    assert figure.axes[-1].get_ylabel() == "height (m)"
    figure.canvas.draw()


@pytest.mark.parametrize("count", [0, 6])
def test_no_paths_or_too_many(count):
    paths = {str(k): np.ones((2, 2)) for k in range(count)}
    with pytest.raises(ValueError, match=f"{count} paths came"):
        loss_surface((SIDE, SIDE, BOWL), paths)


def test_runs_show_each_run_and_the_mean():
    ax = draw_runs({"plain": [0.90, 0.92], "better": [0.95], "waiting": []}, reference="plain")
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
    ax = draw_runs(results)
    before = len(ax.lines)
    results["better"].append(0.95)
    assert draw_runs(results, ax=ax) is ax
    assert len(ax.lines) == before + 1


def test_runs_say_what_is_wrong():
    with pytest.raises(ValueError, match="No recipes came"):
        draw_runs({})
    with pytest.raises(ValueError, match="'best' is none of plain"):
        draw_runs({"plain": [0.9]}, reference="best")
