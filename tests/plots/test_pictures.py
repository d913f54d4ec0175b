"""Digits and photographs in rows, and squares upon them."""

import numpy as np
import pytest

from workshop.plots import digit_grid, photographs, squares, window_sum
from workshop.plots.style import SMALL

DIGITS = np.random.default_rng(3).integers(0, 255, (12, 28, 28))

RED = np.broadcast_to(np.array([200, 30, 30]), (40, 60, 3))
TALL = np.zeros((60, 40, 3), "uint8")


def test_each_photograph_in_its_colours_and_shape():
    figure = photographs([RED, TALL, RED + 300.0, TALL], list("abcd"))
    panels = figure.axes
    assert len(panels) == 6  # two rows of three
    assert [ax.get_title() for ax in panels] == ["a", "b", "c", "d", "", ""]
    assert {ax.title.get_size() for ax in panels[:4]} == {SMALL}
    np.testing.assert_array_equal(panels[0].images[0].get_array(), RED)
    assert panels[1].images[0].get_array().shape == (60, 40, 3)
    assert (panels[2].images[0].get_array() == 255).all()  # cut off, and not wrapped around
    assert not panels[5].images


def test_longer_titles_have_room():
    one, three = (photographs([RED], [title]) for title in ("a", "a\nb\nc"))
    assert three.get_figheight() > one.get_figheight()
    assert one.get_figwidth() == three.get_figwidth()


def test_squares_share_the_picture_evenly_on_one_scale():
    grids = [np.array([[0.1, -0.3], [0.0, 0.2]]), np.array([[0.6, 0.0, 0.0]])]
    figure = squares([RED, TALL], grids, ["cat", "dog"], label="drop")
    above = [ax.images[1] for ax in figure.axes[:2]]
    assert {image.get_clim() for image in above} == {(-0.6, 0.6)}
    assert above[0].get_extent() == [-0.5, 59.5, 39.5, -0.5]
    np.testing.assert_array_equal(above[1].get_array(), grids[1])
    below = figure.axes[0].images[0]
    assert below.get_array().shape == (40, 60)  # grey
    assert figure.axes[-1].get_ylabel() == "drop"
    figure.canvas.draw()


def test_where_nothing_is_negative_the_scale_begins_at_0():
    figure = squares([RED, RED], [np.eye(2), np.zeros((2, 2))], label="Grad-CAM")
    assert {ax.images[1].get_clim() for ax in figure.axes[:2]} == {(0, 1)}


@pytest.mark.parametrize("columns", [1, 2, 3, 5])
def test_however_many_they_fit_a_page(columns):
    figure = photographs([RED] * 5, columns=columns)
    assert figure.get_figwidth() <= 8


def test_nothing_but_zeros_is_drawn_too():
    squares([RED], [np.zeros((7, 7))], label="drop").canvas.draw()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (([],), "at least one picture"),
        ((RED,), r"got one of \(60, 3\); for a single one write"),
        (([RED[..., 0]],), r"\(40, 60\)"),
        (([RED], ["a", "b"]), "expected 1 titles, one per picture, got 2"),
    ],
)
def test_other_photographs_are_refused(given, says):
    with pytest.raises(ValueError, match=says):
        photographs(*given)


@pytest.mark.parametrize(
    ("grids", "says"),
    [
        ([], "expected 1 grids"),
        ([np.zeros(3)], r"\(rows, columns\).*got \(3,\)"),
        ([np.full((2, 2), np.nan)], "4 of them not finite"),
    ],
)
def test_other_values_are_refused(grids, says):
    with pytest.raises(ValueError, match=says):
        squares([RED], grids, label="drop")


def drawn(figure):
    return [axis.images[0] for axis in figure.axes if axis.images]


def test_digits_fill_rows_and_the_rest_stays_empty():
    figure = digit_grid(DIGITS[..., np.newaxis], [str(k) for k in range(12)], columns=5)
    assert len(figure.axes) == 15
    np.testing.assert_array_equal(drawn(figure)[7].get_array(), DIGITS[7])
    assert [ax.get_title() for ax in figure.axes[:12]] == [str(k) for k in range(12)]


def test_wrong_digits_are_red_and_have_a_cross():
    wrong = np.arange(12) == 4
    figure = digit_grid(DIGITS, ["right"] * 12, wrong=wrong)
    assert [
        picture.get_cmap().name == "ink on red paper" for picture in drawn(figure)
    ] == wrong.tolist()
    assert [ax.get_title() == "✗ right" for ax in figure.axes[:12]] == wrong.tolist()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"images": DIGITS[0]}, r"got \(28, 28\); for one write images\[:1\]"),
        ({"images": DIGITS[:0]}, r"got \(0, 28, 28\)"),
        ({"images": DIGITS, "titles": ["one"]}, "titles: expected 12, one per digit, got 1"),
        ({"images": DIGITS, "wrong": [True]}, "wrong: expected 12, one per digit, got 1"),
    ],
)
def test_digit_grid_says_what_is_wrong(arguments, says):
    with pytest.raises(ValueError, match=says):
        digit_grid(**arguments)


def test_a_long_title_takes_a_second_line():
    figure = photographs([RED] * 4, ["a cat having a striped coat 0.33"] * 4, columns=4)
    assert figure.axes[0].get_title() == "a cat having a striped\ncoat 0.33"


def test_a_window_sum_shows_the_products_of_each_channel():
    image = np.arange(60.0).reshape(5, 4, 3)
    kernel = np.zeros((2, 3, 3))
    kernel[1, 2] = 1, -1, 2
    figure = window_sum(image, kernel, 3, 1)
    assert figure.get_suptitle() == f"sum of the products: {image[4, 3] @ [1, -1, 2]:.2f}"
    assert len(figure.axes) == 12
    frame = figure.axes[0].patches[0]
    assert (frame.get_x(), frame.get_y(), frame.get_width(), frame.get_height()) == (0.5, 2.5, 3, 2)
    written = [text.get_text() for text in figure.axes[7].texts]  # products of the second channel
    assert written[-1] == f"{-image[4, 3, 1]:.2f}"
    assert set(written[:-1]) == {"0.00"}


@pytest.mark.parametrize(("row", "column"), [(4, 0), (0, 3), (-1, 0)])
def test_a_window_lies_within_the_image(row, column):
    with pytest.raises(ValueError, match="within the image"):
        window_sum(np.zeros((5, 4)), np.ones((2, 2)), row, column)


def test_a_kernel_has_the_channels_of_the_image():
    with pytest.raises(ValueError, match="expected a window"):
        window_sum(np.zeros((5, 4, 3)), np.ones((2, 2)), 0, 0)


def test_a_picture_without_ink_has_an_edge():
    empty, drawn = digit_grid(np.stack([np.zeros((28, 28)), DIGITS[0]])).axes
    assert empty.axison
    assert not drawn.axison
