"""Functions with their slopes, ways down a loss, and a product of matrices."""

import numpy as np
import pytest

from workshop.plots import activations, loss_surface, matrix_product

SIDE = np.linspace(-1, 1, 5)
BOWL = SIDE[:, None] ** 2 + SIDE**2


@pytest.mark.parametrize("count", [1, 4, 6])
def test_each_activation_has_a_panel_with_value_and_slope(count):
    z = np.linspace(-1, 1, 3)
    figure = activations(z, {f"f{k}": (k * z, np.full(3, 3)) for k in range(count)})
    assert [ax.get_title() for ax in figure.axes] == [f"f{k}" for k in range(count)]
    for ax in figure.axes:
        assert len({line.get_linestyle() for line in ax.lines[:2]}) == 2
    assert [text.get_text() for text in figure.axes[-1].texts] == ["3.00"]
    assert len(figure.legends) == 1
    figure.canvas.draw()


def test_activations_say_what_is_wrong():
    with pytest.raises(ValueError, match="at least one activation"):
        activations(SIDE, {})
    with pytest.raises(ValueError, match=r"'value': expected shape \(5,\), as x has, got \(2,\)"):
        activations(SIDE, {"short": (np.zeros(2), np.zeros(2))})


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_each_path_has_a_panel_and_the_scale_a_name(count):
    paths = {f"path {k}": np.array([[1, 1], [0.5, k / 5]]) for k in range(count)}
    figure = loss_surface((SIDE, SIDE, BOWL), paths, title="<{}>", scale="height (m)")
    titles = [ax.get_title() for ax in figure.axes if ax.get_title()]
    assert titles == [f"<{name}>" for name in paths]
    bars = [*figure.axes, *figure.axes[-1].child_axes]
    assert sum("height (m)" in (ax.get_xlabel(), ax.get_ylabel()) for ax in bars) == 1
    figure.canvas.draw()


@pytest.mark.parametrize("count", [0, 6])
def test_no_paths_or_too_many(count):
    paths = {str(k): np.ones((2, 2)) for k in range(count)}
    with pytest.raises(ValueError, match=f"expected 1 to 5 paths, got {count}"):
        loss_surface((SIDE, SIDE, BOWL), paths)


def test_a_way_that_leaves_the_picture_says_where_its_step_went():
    way = np.array([[0.5, 0.5], [0.6, -0.2], [7.0, 9.0], [8.0, 9.0]])
    ax = loss_surface((SIDE, SIDE, BOWL), {"10": way}).axes[0]
    assert [text.get_text() for text in ax.texts] == ["1", "step 2: (7, 9)\nend: (8, 9)"]
    assert max(np.abs(ax.texts[1].xy)) == pytest.approx(1), "at the edge"


def test_matrix_product_lights_what_makes_one_number():
    x, w, b = np.arange(10).reshape(5, 2), np.arange(6).reshape(2, 3), np.array([0.5, 0.25, 0])
    ax = matrix_product(x, w, b, row=3, column=1)
    lit = [text.get_text() for text in ax.texts if text.get_weight() == "bold"]
    assert lit == ["6", "7", "1", "4", "0.25", "34.2"]
    shapes = [text.get_text() for text in ax.texts if "(" in text.get_text()]
    assert shapes == ["x (5, 2)", "w (2, 3)", "b (3,)", "y (5, 3)"]
    wide = [patch for patch in ax.patches if patch.get_linewidth() > 1]  # not by colour alone
    assert len(wide) == len(lit)


@pytest.mark.parametrize(
    ("x", "w", "b", "row"),
    [
        (np.ones((5, 2)), np.ones((3, 2)), np.ones(2), 0),
        (np.ones((5, 2)), np.ones((2, 3)), np.ones(5), 0),
        (np.ones(2), np.ones((2, 3)), np.ones(3), 0),
        (np.ones((5, 2)), np.ones((2, 3)), np.ones(3), 5),
    ],
)
def test_matrix_product_says_which_shapes_fit(x, w, b, row):
    with pytest.raises(ValueError, match="expected shapes such as"):
        matrix_product(x, w, b, row=row, column=0)
