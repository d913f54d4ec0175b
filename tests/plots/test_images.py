"""Digits, weights, kernels, feature maps and states as images."""

import numpy as np
import pytest

from workshop.plots import (
    confusion_matrix,
    digit_grid,
    feature_maps,
    kernel_images,
    time_steps,
    weight_images,
)

IMAGE = np.arange(28 * 28).reshape(28, 28)


DIGITS = np.random.default_rng(3).integers(0, 255, (12, 28, 28))


def drawn(figure):
    return [axis.images[0] for axis in figure.axes if axis.images]


def test_each_channel_is_a_picture_with_a_title():
    maps = np.arange(4 * 5 * 6).reshape(4, 5, 6)
    figure = feature_maps(maps)
    pictures = drawn(figure)
    assert len(pictures) == 6
    np.testing.assert_array_equal(pictures[2].get_array(), maps[..., 2])
    assert [axis.get_title() for axis in figure.axes[:6]] == [f"map {k}" for k in range(6)]


def test_a_batch_of_one_is_one_image():
    assert len(drawn(feature_maps(np.ones((1, 4, 4, 3))))) == 3


def test_maps_fill_rows_and_the_rest_stays_empty():
    figure = feature_maps(np.ones((3, 3, 10)), columns=4)
    assert len(drawn(figure)) == 10
    assert len(figure.axes) == 12 + 1  # three rows of four, and the scale


def test_all_maps_share_one_scale():
    maps = np.dstack([np.zeros((3, 3)), np.full((3, 3), 0.1), np.full((3, 3), 8.0)])
    limits = {picture.get_clim() for picture in drawn(feature_maps(maps))}
    assert limits == {(0, 8)}


def test_maps_with_both_signs_have_zero_in_the_middle():
    maps = np.dstack([np.full((2, 2), -1.0), np.full((2, 2), 3.0)])
    picture = drawn(feature_maps(maps))[0]
    assert picture.get_clim() == (-3, 3)
    assert picture.get_cmap().name == "RdBu"


def test_a_last_bit_below_zero_is_no_sign():
    maps = np.dstack([np.full((2, 2), -1e-8), np.full((2, 2), 3.0)])
    picture = drawn(feature_maps(maps))[0]
    assert picture.get_clim() == (0, 3)
    assert picture.get_cmap().name == "gray"


def test_titles_are_the_given_ones():
    figure = feature_maps(np.ones((2, 2, 2)), ["left", "right"])
    assert [axis.get_title() for axis in figure.axes[:2]] == ["left", "right"]


def test_silent_maps_render():
    feature_maps(np.zeros((4, 4, 2))).canvas.draw()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            (np.ones((28, 28)),),
            r"\(height, width, channels\), got \(28, 28\)",
        ),
        ((np.ones((2, 28, 28, 3)),), r"maps\[0\]"),
        ((np.ones((4, 4, 0)),), r"got \(4, 4, 0\)"),
        ((np.full((4, 4, 2), np.nan),), "32 of 32 values are NaN or infinite"),
        ((np.ones((4, 4, 2)), ["one"]), "expected 2 titles, one a channel, got 1"),
    ],
)
def test_feature_maps_say_what_is_wrong(arguments, says):
    with pytest.raises(ValueError, match=says):
        feature_maps(*arguments)


def test_kernels_have_a_row_an_input_and_a_column_an_output():
    kernels = np.random.default_rng(1).normal(size=(5, 5, 2, 3))
    figure = kernel_images(kernels)
    pictures = drawn(figure)
    assert len(pictures) == 6
    np.testing.assert_array_equal(pictures[4].get_array(), kernels[:, :, 1, 1])
    assert [axis.get_title() for axis in figure.axes[:3]] == ["map 0", "map 1", "map 2"]
    assert figure.axes[3].get_ylabel() == "input 1"


def test_kernels_share_one_scale_around_zero_also_when_all_are_positive():
    picture = drawn(kernel_images(np.full((3, 3, 1, 2), 0.5)))[0]
    assert picture.get_clim() == (-0.5, 0.5)
    assert picture.get_cmap().name == "RdBu"


def test_kernels_render():
    kernel_images(np.zeros((3, 3, 1, 1))).canvas.draw()


@pytest.mark.parametrize(
    ("kernels", "says"),
    [
        (np.ones((5, 5, 6)), r"as of layer.kernel, got \(5, 5, 6\)"),
        (np.full((3, 3, 1, 1), np.inf), "smaller learning rate"),
        (np.ones((3, 3, 32, 64)), "at most 300 kernels, got 32 x 64"),
    ],
)
def test_kernel_images_say_what_is_wrong(kernels, says):
    with pytest.raises(ValueError, match=says):
        kernel_images(kernels)


def test_states_are_coloured_around_zero():
    states = np.linspace(-0.2, 0.9, 28 * 64).reshape(28, 64)
    figure = time_steps(IMAGE, states, label="hidden unit")
    figure.canvas.draw()
    assert figure.axes[1].images[0].get_clim() == pytest.approx((-0.9, 0.9))
    assert figure.axes[0].get_ylabel() == "row = time step"


def test_probabilities_begin_at_zero_and_have_a_tick_a_class():
    probabilities = np.full((28, 10), 0.1)
    figure = time_steps(IMAGE, probabilities, label="class")
    assert figure.axes[1].images[0].get_clim()[0] == 0
    assert figure.axes[1].get_xticks().tolist() == list(range(10))


def test_a_last_bit_below_zero_is_no_sign_of_a_state():
    probabilities = np.full((28, 10), 0.1)
    probabilities[0, 0] = -1e-9
    assert time_steps(IMAGE, probabilities, label="class").axes[1].images[0].get_clim()[0] == 0


def test_nothing_but_zeros_can_be_drawn():
    time_steps(IMAGE, np.zeros((28, 4)), label="unit").canvas.draw()


@pytest.mark.parametrize(
    ("image", "values"),
    [
        (IMAGE[np.newaxis], np.zeros((28, 10))),
        (IMAGE, np.zeros(28)),
        (IMAGE, np.zeros((20, 10))),
    ],
)
def test_shapes_that_do_not_fit_are_told(image, values):
    with pytest.raises(ValueError, match=r"\(rows, columns\) and values of shape \(rows, values\)"):
        time_steps(image, values, label="unit")


def test_digits_fill_rows_and_the_rest_stays_empty():
    figure = digit_grid(DIGITS[..., np.newaxis], [str(k) for k in range(12)], columns=5)
    assert len(figure.axes) == 15
    np.testing.assert_array_equal(drawn(figure)[7].get_array(), DIGITS[7])
    assert [ax.get_title() for ax in figure.axes[:12]] == [str(k) for k in range(12)]


def test_wrong_digits_are_red_and_have_a_cross():
    wrong = np.arange(12) == 4
    figure = digit_grid(DIGITS, ["right"] * 12, wrong=wrong)
    assert [picture.get_cmap().name == "Reds_r" for picture in drawn(figure)] == wrong.tolist()
    assert [ax.get_title() == "✗ right" for ax in figure.axes[:12]] == wrong.tolist()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"images": DIGITS[0]}, r"got \(28, 28\); for one write images\[:1\]"),
        ({"images": DIGITS[:0]}, r"got \(0, 28, 28\)"),
        ({"images": DIGITS, "titles": ["one"]}, "titles: expected 12, one a digit, got 1"),
        ({"images": DIGITS, "wrong": [True]}, "wrong: expected 12, one a digit, got 1"),
    ],
)
def test_digit_grid_says_what_is_wrong(arguments, says):
    with pytest.raises(ValueError, match=says):
        digit_grid(**arguments)


def test_the_weights_of_a_class_are_its_column_as_a_picture():
    weights = np.random.default_rng(1).normal(size=(784, 10))
    figure = weight_images(weights)
    pictures = drawn(figure)
    assert len(pictures) == 10
    np.testing.assert_array_equal(pictures[3].get_array(), weights[:, 3].reshape(28, 28))
    assert len({picture.get_clim() for picture in pictures}) == 1
    assert [ax.get_title() for ax in figure.axes[:10]] == [f"class {k}" for k in range(10)]


@pytest.mark.parametrize("shape", [(784,), (10, 784), (27, 28, 10)])
def test_other_weights_are_told(shape):
    with pytest.raises(ValueError, match=r"expected weights of shape \(784, 10\)"):
        weight_images(np.zeros(shape))


def test_only_mistakes_are_coloured_in_a_confusion_matrix():
    counts = np.diag([90, 80, 70])
    counts[0, 2] = 7
    ax = confusion_matrix(counts).axes[0]
    np.testing.assert_array_equal(ax.images[0].get_array(), np.where(np.eye(3), 0, counts))
    said = {text.get_position(): text.get_text() for text in ax.texts}
    assert said[2, 0] == "7", "column: predicted, row: true"
    assert said[1, 1] == "80"
    with pytest.raises(ValueError, match=r"got \(2, 3\)"):
        confusion_matrix(np.zeros((2, 3)))
