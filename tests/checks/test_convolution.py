"""Right and wrong answers to the exercises of lesson 04."""

import math

import numpy as np
import pytest
from answers import Answers

from workshop.checks import convolution as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
layers = keras.layers


def size_by_rounding(size, kernel_size, stride, padding):
    if padding == "same":
        return math.ceil(size / stride)
    return math.floor((size - kernel_size) / stride) + 1


def size_by_counting(size, kernel_size, stride, padding):
    last = size if padding == "same" else size - kernel_size + 1
    return len(range(0, last, stride))


def size_by_true_division(size, kernel_size, stride, padding):
    return size / stride if padding == "same" else (size - kernel_size) / stride + 1


def size_without_the_first_place(size, kernel_size, stride, padding):
    return math.ceil(size / stride) if padding == "same" else (size - kernel_size) // stride


def size_rounded_down(size, kernel_size, stride, padding):
    return size // stride if padding == "same" else (size - kernel_size) // stride + 1


def size_that_ignores_the_padding(size, kernel_size, stride, padding):
    return (size - kernel_size) // stride + 1


def size_that_returns_for_one_padding(size, kernel_size, stride, padding):
    if padding == "same":
        return math.ceil(size / stride)


def convolve_by_tensorflow(image, kernels):
    return tf.nn.conv2d(image[None], kernels, 1, "VALID")[0]


def convolve_by_windows(image, kernels):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernels.shape[:2], axis=(0, 1))
    return np.einsum("hwcij,ijco->hwo", windows, kernels)


def convolve_by_kernel_pixels(image, kernels):
    kernel_height, kernel_width, _, out = kernels.shape
    height, width = image.shape[0] - kernel_height + 1, image.shape[1] - kernel_width + 1
    maps = np.zeros((height, width, out))
    for row in range(kernel_height):
        for column in range(kernel_width):
            part = image[row : row + height, column : column + width]
            maps += part @ kernels[row, column]
    return maps


def convolve_mirrored(image, kernels):
    return convolve_by_windows(image, kernels[::-1, ::-1])


def convolve_padded(image, kernels):
    return tf.nn.conv2d(image[None], kernels, 1, "SAME")[0]


def convolve_without_the_sum_over_channels(image, kernels):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernels.shape[:2], axis=(0, 1))
    return np.einsum("hwcij,ijco->hwco", windows, kernels)


def convolve_the_first_channel(image, kernels):
    return convolve_by_windows(image[..., :1], kernels[:, :, :1])


def convolve_one_place_short(image, kernels):
    return convolve_by_windows(image, kernels)[:-1, :-1]


def convolve_the_mean(image, kernels):
    return convolve_by_windows(image, kernels) / kernels[..., 0].size


def convolve_a_batch(image, kernels):
    return tf.nn.conv2d(image[None], kernels, 1, "VALID")


def convolve_with_swapped_axes(image, kernels):
    return convolve_by_windows(image, kernels.transpose(1, 0, 2, 3))


def pool_by_reshape(maps):
    batch, height, width, channels = maps.shape
    return maps.reshape(batch, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4))


def pool_by_slices(maps):
    corners = [maps[:, row::2, column::2] for row in (0, 1) for column in (0, 1)]
    return np.max(corners, axis=0)


def pool_by_keras(maps):
    return layers.MaxPooling2D(2)(maps)


def pool_by_mean(maps):
    batch, height, width, channels = maps.shape
    return maps.reshape(batch, height // 2, 2, width // 2, 2, channels).mean(axis=(2, 4))


def pool_with_the_pair_in_front(maps):
    batch, height, width, channels = maps.shape
    return maps.reshape(batch, 2, height // 2, 2, width // 2, channels).max(axis=(1, 3))


def pool_by_leaving_out(maps):
    return maps[:, ::2, ::2]


def pool_that_begins_at_zero(maps):
    return np.maximum(pool_by_reshape(maps), 0)


def pool_over_rows_only(maps):
    batch, height, width, channels = maps.shape
    return maps.reshape(batch, height // 2, 2, width, channels).max(axis=2)


RIGHT = {
    checks.output_size: [size_by_rounding, size_by_counting],
    checks.convolve: [convolve_by_tensorflow, convolve_by_windows, convolve_by_kernel_pixels],
    checks.max_pool: [pool_by_reshape, pool_by_slices, pool_by_keras],
}
WRONG = {
    checks.output_size: [
        (size_by_true_division, "whole pixels"),
        (size_without_the_first_place, "expected 7, got 6"),
        (size_rounded_down, "output_size(7, 1, 2, 'same'): expected 4, got 3"),
        (size_that_ignores_the_padding, "'same'"),
        (size_that_returns_for_one_padding, "gave None"),
    ],
    checks.convolve: [
        (convolve_mirrored, "mirrored"),
        (convolve_padded, "as large as the image"),
        (convolve_without_the_sum_over_channels, "What happens to the input channels"),
        (convolve_the_first_channel, "Only the first input channel"),
        (convolve_one_place_short, "expected shape (3, 3, 1), got (2, 2, 1)"),
        (convolve_the_mean, "9 of 9 values are off"),
        (convolve_a_batch, "expected shape (3, 3, 1), got (1, 3, 3, 1)"),
        (convolve_with_swapped_axes, "values are off"),
    ],
    checks.max_pool: [
        (pool_by_mean, "the largest value of each square, got the mean"),
        (pool_with_the_pair_in_front, "values are off"),
        (pool_by_leaving_out, "values are off"),
        (pool_that_begins_at_zero, "not in the maps"),
        (pool_over_rows_only, "expected shape (1, 2, 2, 1), got (1, 2, 4, 1)"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


def test_untouched_networks_are_not_attempted():
    assert checks.layer_stack(...).status == "not attempted"
    assert checks.small_network(..., None, None).status == "not attempted"


def _classifier(*between):
    ends = layers.Reshape((28, 28, 1)), layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input((28, 28)), ends[0], *between, ends[1]])


def stack_of_the_table():
    return _classifier(
        layers.Conv2D(8, 5, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 3),
        layers.ReLU(),
        layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
        layers.Flatten(),
    )


def stack_by_the_functional_api():
    images = keras.Input((28, 28))
    maps = layers.Rescaling(1 / 255)(layers.Reshape((28, 28, 1))(images))
    maps = layers.AveragePooling2D(2)(layers.Conv2D(8, 5, padding="same")(maps))
    maps = layers.Conv2D(16, 3, 2, padding="same")(layers.Conv2D(16, 3)(maps))
    logits = layers.Dense(10)(layers.Dropout(0.2)(layers.Flatten()(maps)))
    return keras.Model(images, layers.Softmax()(logits))


def stack_without_padding():
    return _classifier(layers.Conv2D(8, 5), layers.MaxPooling2D(2), layers.Flatten())


def stack_with_another_kernel():
    return _classifier(layers.Conv2D(8, 3, padding="same"), layers.Flatten())


def stack_that_pools_again():
    return _classifier(
        layers.Conv2D(8, 5, padding="same"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 3),
        layers.MaxPooling2D(2),
        layers.Flatten(),
    )


def stack_with_a_layer_more():
    model = stack_of_the_table()
    model.add(layers.Dense(10, activation="softmax"))
    return model


def stack_of_logits():
    model = stack_of_the_table()
    model.layers[-1].activation = keras.activations.linear
    return model


@pytest.mark.parametrize("build", [stack_of_the_table, stack_by_the_functional_api])
def test_right_stacks_pass(build):
    outcome = checks.layer_stack(build())
    assert outcome.passed, outcome
    assert "9,466 parameters" in outcome.message


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (stack_without_padding, "Layer 1 (Conv2D): expected output shape (28, 28, 8), got (24"),
        (stack_with_another_kernel, "expected 208 parameters, got 80"),
        (
            stack_that_pools_again,
            "(MaxPooling2D): the shape is right; expected 2,320 parameters, got 0",
        ),
        (stack_with_a_layer_more, "the 6 layers of the table, got 7"),
        (stack_of_logits, "the sum of the ten outputs"),
        (lambda: [layers.Conv2D(8, 5)], "Expected a Keras model, got list"),
        (lambda: keras.Sequential([layers.Flatten(), layers.Dense(10)]), "no shapes yet"),
    ],
)
def test_other_stacks_are_told_where_they_differ(build, says):
    keras.utils.set_random_seed(0)
    outcome = checks.layer_stack(build())
    assert outcome.status == "not yet"
    assert says in outcome.message


@pytest.fixture(scope="module")
def easy_digits():
    """Images whose class is the bright row: a model can learn them in no time."""
    labels = np.random.default_rng(0).integers(0, 10, 500)
    images = np.zeros((500, 28, 28), np.uint8)
    images[np.arange(500), labels * 2] = 255
    return images, labels


@pytest.mark.parametrize(
    "between",
    [
        lambda: (layers.Conv2D(4, 3, strides=4), layers.ReLU(), layers.Flatten()),
        lambda: (layers.AveragePooling2D(2), layers.Flatten()),
    ],
)
def test_small_trained_networks_pass(easy_digits, between):
    keras.utils.set_random_seed(0)
    model = _classifier(layers.Rescaling(1 / 255), *between())
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    model.fit(*easy_digits, epochs=15, verbose=0)
    outcome = checks.small_network(model, *easy_digits)
    assert outcome.passed, outcome


def test_the_full_data_asks_for_more():
    images, labels = np.zeros((10_000, 28, 28), np.uint8), np.zeros(10_000, int)
    labels[:300] = 1  # a model that always says 0 reads 0.97
    model = _classifier(layers.Flatten())
    model.layers[-1].set_weights([np.zeros((784, 10)), np.eye(10)[0]])
    outcome = checks.small_network(model, images, labels)
    assert "expected at least 0.98, got 0.970" in outcome.message
    assert checks.small_network(model, images[:500], labels[200:700]).status == "not yet"
    assert checks.small_network(model, images[:500], labels[290:790]).passed


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: _classifier(layers.Flatten()), "Is the loss still falling"),
        (lambda: _classifier(layers.Flatten(), layers.Dense(20)), "at most 10,000 parameters, got"),
        (
            lambda: keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(9)]),
            "expected shape (500, 10), got (500, 9)",
        ),
        (lambda: 0.99, "Expected a Keras model, got float"),
    ],
)
def test_other_networks_are_told_why(easy_digits, build, says):
    keras.utils.set_random_seed(0)
    outcome = checks.small_network(build(), *easy_digits)
    assert outcome.status == "not yet"
    assert says in outcome.message
