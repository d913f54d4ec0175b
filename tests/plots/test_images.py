"""Weights, kernels and feature maps as images."""

import numpy as np
import pytest

from workshop.plots import feature_maps, weight_images


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
    assert picture.get_cmap().name == "PuOr"


def test_a_last_bit_below_zero_is_no_sign():
    maps = np.dstack([np.full((2, 2), -1e-8), np.full((2, 2), 3.0)])
    picture = drawn(feature_maps(maps))[0]
    assert picture.get_clim() == (0, 3)
    assert picture.get_cmap().name == "gray_r"


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
        ((np.ones((4, 4, 2)), ["one"]), "expected 2 titles, one per channel, got 1"),
    ],
)
def test_feature_maps_say_what_is_wrong(arguments, says):
    with pytest.raises(ValueError, match=says):
        feature_maps(*arguments)


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
