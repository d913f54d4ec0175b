"""Right and wrong answers to the exercises of lesson 04."""

import math

import numpy as np
import pytest
from answers import Answers, not_written

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


def size_by_counting_one_by_one(size, kernel_size, stride, padding):
    count, first = 0, 0
    while first + (1 if padding == "same" else kernel_size) <= size:
        count, first = count + 1, first + stride
    return np.int32(count)


def size_in_numpy_floats(size, kernel_size, stride, padding):
    places = size if padding == "same" else size - kernel_size + 1
    return np.ceil(np.float32(places) / np.float32(stride))


def size_by_a_layer(size, kernel_size, stride, padding):
    layer = layers.Conv1D(1, kernel_size, strides=stride, padding=padding)
    return layer.compute_output_shape((1, size, 1))[1]


def size_that_is_a_tensor(size, kernel_size, stride, padding):
    reach = 1 if padding == "same" else kernel_size
    return tf.constant(size - reach) // stride + 1


def size_with_half_a_kernel_of_zeros(size, kernel_size, stride, padding):
    zeros = kernel_size // 2 if padding == "same" else 0
    return (size + 2 * zeros - kernel_size) // stride + 1


def size_that_rounds_to_the_nearest(size, kernel_size, stride, padding):
    reach = 1 if padding == "same" else kernel_size
    return round((size - reach) / stride) + 1


def size_that_rounds_valid_up(size, kernel_size, stride, padding):
    return math.ceil(size / stride) if padding == "same" else -(-(size - kernel_size) // stride) + 1


def size_without_strides_in_same(size, kernel_size, stride, padding):
    return size if padding == "same" else (size - kernel_size) // stride + 1


def size_of_28_pixels(size, kernel_size, stride, padding):
    return math.ceil(28 / stride) if padding == "same" else (28 - kernel_size) // stride + 1


def size_with_the_paddings_exchanged(size, kernel_size, stride, padding):
    return math.ceil(size / stride) if padding == "valid" else (size - kernel_size) // stride + 1


def size_as_text(size, kernel_size, stride, padding):
    return str(size_by_rounding(size, kernel_size, stride, padding))


def size_of_both_axes(size, kernel_size, stride, padding):
    return (size_by_rounding(size, kernel_size, stride, padding),) * 2


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


def convolve_in_plain_python(image, kernels):
    image, kernels = image.tolist(), kernels.tolist()
    tall, wide, deep, out = len(kernels), len(kernels[0]), len(kernels[0][0]), len(kernels[0][0][0])
    return [
        [
            [
                sum(
                    image[row + i][column + j][c] * kernels[i][j][c][o]
                    for i in range(tall)
                    for j in range(wide)
                    for c in range(deep)
                )
                for o in range(out)
            ]
            for column in range(len(image[0]) - wide + 1)
        ]
        for row in range(len(image) - tall + 1)
    ]


def convolve_by_a_layer(image, kernels):
    layer = layers.Conv2D(kernels.shape[-1], kernels.shape[:2], use_bias=False)
    layer.build((None, *image.shape))
    layer.set_weights([kernels])
    return layer(image[None])[0]


def convolve_by_patches(image, kernels):
    patches = tf.image.extract_patches(
        image[None], [1, *kernels.shape[:2], 1], [1, 1, 1, 1], [1, 1, 1, 1], "VALID"
    )
    return (patches[0] @ kernels.reshape(-1, kernels.shape[-1])).numpy()


def convolve_with_relu(image, kernels):
    return np.maximum(convolve_by_windows(image, kernels), 0)


def convolve_square_kernels(image, kernels):
    size = kernels.shape[0]
    height, width = image.shape[0] - size + 1, image.shape[1] - size + 1
    maps = np.zeros((height, width, kernels.shape[-1]))
    for row, column in np.ndindex(height, width):
        patch = image[row : row + size, column : column + size]
        maps[row, column] = np.tensordot(patch, kernels, axes=3)
    return maps


def convolve_by_3_x_3(image, kernels):
    return convolve_by_windows(image, kernels[:3, :3])


def convolve_into_integers(image, kernels):
    return convolve_by_windows(image, kernels).astype(int)


def convolve_the_first_kernel_only(image, kernels):
    return np.repeat(convolve_by_windows(image, kernels[..., :1]), kernels.shape[-1], axis=-1)


def convolve_one_kernel_without_the_axis(image, kernels):
    return convolve_by_windows(image, kernels)[..., 0]


def convolve_with_stride_2(image, kernels):
    return convolve_by_windows(image, kernels)[::2, ::2]


def convolve_channels_first(image, kernels):
    return np.moveaxis(convolve_by_windows(image, kernels), -1, 0)


def pool_in_plain_python(maps):
    batch, height, width, channels = maps.shape
    return [
        [
            [
                [
                    max(float(maps[b, 2 * h + i, 2 * w + j, c]) for i in (0, 1) for j in (0, 1))
                    for c in range(channels)
                ]
                for w in range(width // 2)
            ]
            for h in range(height // 2)
        ]
        for b in range(batch)
    ]


def pool_by_tensorflow(maps):
    batch, height, width, channels = maps.shape
    squares = tf.reshape(maps, (batch, height // 2, 2, width // 2, 2, channels))
    return tf.reduce_max(squares, axis=(2, 4))


def pool_in_two_steps(maps):
    rows = np.maximum(maps[:, 0::2], maps[:, 1::2])
    return np.maximum(rows[:, :, 0::2], rows[:, :, 1::2])


def pool_by_minimum(maps):
    return -pool_by_reshape(-maps)


def pool_with_stride_1(maps):
    rows = np.maximum(maps[:, :-1], maps[:, 1:])
    return np.maximum(rows[:, :, :-1], rows[:, :, 1:])


def pool_over_channels_too(maps):
    most = pool_by_reshape(maps)
    return np.broadcast_to(most.max(axis=-1, keepdims=True), most.shape)


def pool_the_halves(maps):
    tall, wide = maps.shape[1] // 2, maps.shape[2] // 2
    return np.maximum(maps[:, :tall, :wide], maps[:, tall:, wide:])


def pool_of_the_first_picture(maps):
    return np.broadcast_to(pool_by_reshape(maps)[:1], pool_by_reshape(maps).shape)


def pool_of_a_square(maps):
    batch, height, _, channels = maps.shape
    squares = maps.reshape(batch, height // 2, 2, height // 2, 2, channels)
    return squares.max(axis=(2, 4))


def pool_that_is_rounded(maps):
    return pool_by_reshape(maps).round(2)


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
    checks.output_size: [
        size_by_rounding,
        size_by_counting,
        size_by_counting_one_by_one,
        size_in_numpy_floats,
        size_by_a_layer,
        size_that_is_a_tensor,
    ],
    checks.convolve: [
        convolve_by_tensorflow,
        convolve_by_windows,
        convolve_by_kernel_pixels,
        convolve_in_plain_python,
        convolve_by_a_layer,
        convolve_by_patches,
    ],
    checks.max_pool: [
        pool_by_reshape,
        pool_by_slices,
        pool_by_keras,
        pool_in_plain_python,
        pool_by_tensorflow,
        pool_in_two_steps,
    ],
}
WRONG = {
    checks.output_size: [
        (size_by_true_division, "whole pixels"),
        (size_without_the_first_place, "expected 7, got 6"),
        (size_rounded_down, "output_size(7, 1, 2, 'same'): expected 4, got 3"),
        (size_that_ignores_the_padding, "'same'"),
        (size_that_returns_for_one_padding, "gave None"),
        (size_with_half_a_kernel_of_zeros, "expected 7, got 8"),
        (size_that_rounds_to_the_nearest, "expected"),
        (size_that_rounds_valid_up, "expected"),
        (size_without_strides_in_same, "'same'): expected 4, got 7"),
        (size_of_28_pixels, "expected 7, got 28"),
        (size_with_the_paddings_exchanged, "expected 6, got 7"),
        (size_as_text, "got the text '7'"),
        (size_of_both_axes, "expected shape (), got (2,)"),
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
        (convolve_with_relu, "values are off"),
        (convolve_square_kernels, "expected shape|raised"),
        (convolve_by_3_x_3, "expected shape"),
        (convolve_into_integers, "values are off"),
        (convolve_the_first_kernel_only, "values are off"),
        (convolve_one_kernel_without_the_axis, "expected shape (3, 3, 1), got (3, 3)"),
        (convolve_with_stride_2, "expected shape (3, 3, 1), got (2, 2, 1)"),
        (convolve_channels_first, "expected shape (3, 3, 1), got (1, 3, 3)"),
    ],
    checks.max_pool: [
        (pool_by_mean, "the largest value of each square, got the mean"),
        (pool_with_the_pair_in_front, "values are off"),
        (pool_by_leaving_out, "values are off"),
        (pool_that_begins_at_zero, "not in the maps"),
        (pool_over_rows_only, "expected shape (1, 2, 2, 1), got (1, 2, 4, 1)"),
        (pool_by_minimum, "values are off"),
        (pool_with_stride_1, "expected shape (1, 2, 2, 1), got (1, 3, 3, 1)"),
        (pool_over_channels_too, "values are off"),
        (pool_the_halves, "values are off"),
        (pool_of_the_first_picture, "values are off"),
        (pool_of_a_square, "raised"),
        (pool_that_is_rounded, "not in the maps"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


MIND = "Three networks with half of the parameters that reach 0.98 as well."


@pytest.fixture(scope="module")
def digits():
    """Images with strokes of random places and slopes."""
    random = np.random.default_rng(0)
    rows, columns = np.indices((28, 28)) - 13.5
    images = np.zeros((40, 28, 28))
    for k in range(len(images)):
        for turn, off in zip(random.uniform(0, 3.14, 3), random.normal(0, 4, 3), strict=True):
            far = rows * np.cos(turn) + columns * np.sin(turn) - off
            images[k] += 255 * np.exp(-(far**2)) * (rows**2 + columns**2 < 120)
    return images.clip(0, 255).astype("uint8")


def kernel_by_descent(image, edges, relu=False):
    kernel = tf.Variable(tf.zeros((3, 3, 1, 1)))
    picture = image[np.newaxis, :, :, np.newaxis]
    optimizer = keras.optimizers.Adam(0.1)
    for _ in range(200):
        with tf.GradientTape() as tape:
            maps = tf.nn.conv2d(picture, kernel, 1, "VALID")
            maps = tf.nn.relu(maps) if relu else maps
            loss = tf.reduce_mean((maps[0, :, :, 0] - edges) ** 2)
        optimizer.apply([tape.gradient(loss, kernel)], [kernel])
    return kernel[:, :, 0, 0]


def windows_of(image):
    return np.lib.stride_tricks.sliding_window_view(image, (3, 3)).reshape(-1, 9)


def kernel_by_least_squares(image, edges):
    return np.linalg.lstsq(windows_of(image), edges.ravel(), rcond=None)[0].reshape(3, 3)


def kernel_by_numpy_descent(image, edges):
    windows, kernel = windows_of(image.astype(float)), np.zeros(9)
    rate = 1 / np.linalg.norm(windows.T @ windows, 2)
    for _ in range(3000):
        kernel -= rate * windows.T @ (windows @ kernel - edges.ravel())
    return kernel.reshape(3, 3).tolist()


def kernel_by_a_layer(image, edges):
    layer = layers.Conv2D(1, 3, use_bias=False)
    model = keras.Sequential([keras.Input((None, None, 1)), layer])
    model.compile(keras.optimizers.Adam(0.1), "mse")
    model.fit(image[None, ..., None], edges[None, ..., None], epochs=200, verbose=0)
    return layer.get_weights()[0][:, :, 0, 0]


@pytest.mark.parametrize(
    "answer",
    [kernel_by_descent, kernel_by_least_squares, kernel_by_numpy_descent, kernel_by_a_layer],
)
def test_kernels_are_found_in_many_ways(digits, answer):
    outcome = checks.learn_kernel(answer, digits)
    assert outcome.passed, outcome


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda image, edges: kernel_by_descent(image, edges, relu=True), "still all zeros"),
        (lambda i, e: kernel_by_least_squares(i, e)[::-1, ::-1], "mirrored"),
        (lambda i, e: kernel_by_least_squares(i, e).T, "rows and columns exchanged"),
        (lambda i, e: kernel_by_least_squares(i, np.maximum(e, 0)), "be negative"),
        (lambda i, e: [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "of its length away"),
        (lambda i, e: kernel_by_least_squares(i, e) * 0.5, "of its length away"),
        (lambda i, e: -kernel_by_least_squares(i, e), "of its length away"),
        (lambda i, e: kernel_by_least_squares(i, e)[..., None, None], "expected shape (3, 3)"),
        (lambda i, e: e, "expected shape (3, 3), got (26, 26)"),
        (lambda i, e: None, "gave None"),
        (lambda i, e: np.full((3, 3), np.nan), "not numbers"),
        (
            lambda i, e: kernel_by_least_squares(i[:28, :28].reshape(28, 28), e),
            "raised",
        ),
    ],
)
def test_kernels_that_are_not_found_are_told_why(digits, answer, says):
    outcome = checks.learn_kernel(answer, digits)
    assert outcome.status == "not yet", outcome
    assert says in outcome.message, outcome


def test_no_kernel_is_not_attempted(digits):
    assert checks.learn_kernel(not_written, digits).status == "not attempted"


def test_untouched_networks_are_not_attempted():
    assert checks.layer_stack(...).status == "not attempted"
    assert checks.small_network(..., ..., None, None).status == "not attempted"


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


def stack_that_ends_in_tanh():
    model = stack_of_the_table()
    model.layers[-1].activation = keras.activations.tanh
    return model


def stack_of_fewer_layers():
    model = stack_of_the_table()
    return keras.Model(model.inputs, model.layers[-2].output)


def stack_of_another_order():
    return _classifier(
        layers.Conv2D(8, 5, padding="same"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 3, strides=2, padding="same"),
        layers.Conv2D(16, 3),
        layers.Flatten(),
    )


def stack_without_biases():
    return _classifier(layers.Conv2D(8, 5, padding="same", use_bias=False), layers.Flatten())


def stack_of_logits():
    model = stack_of_the_table()
    model.layers[-1].activation = keras.activations.linear
    return model


def stack_with_other_activations():
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Reshape((28, 28, 1)),
            layers.ZeroPadding2D(2),
            layers.Conv2D(8, 5),
            layers.LeakyReLU(),
            layers.GaussianNoise(0.1),
            layers.MaxPool2D(),
            layers.Conv2D(16, 3),
            layers.ELU(),
            layers.SpatialDropout2D(0.1),
            layers.Conv2D(16, (3, 3), (2, 2), "same", activation="gelu"),
            layers.Reshape((576,)),
            layers.Dense(10),
            layers.Softmax(),
        ]
    )


def stack_within_a_stack():
    between = stack_of_the_table().layers[1:-1]
    inner = keras.Sequential([keras.Input((28, 28, 1)), *between])
    return _classifier(inner)


@pytest.mark.parametrize(
    "build",
    [
        stack_of_the_table,
        stack_by_the_functional_api,
        stack_with_other_activations,
        stack_within_a_stack,
    ],
)
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
        (stack_that_ends_in_tanh, "the sum of the ten outputs"),
        (stack_of_fewer_layers, "the 6 layers of the table, got 5"),
        (stack_of_another_order, "Layer 3 (Conv2D): expected output shape (12, 12, 16), got"),
        (stack_without_biases, "expected 208 parameters, got 200"),
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
    outcome = checks.small_network(model, MIND, *easy_digits)
    assert outcome.passed, outcome


def test_the_full_data_asks_for_more():
    images, labels = np.zeros((10_000, 28, 28), np.uint8), np.zeros(10_000, int)
    labels[:300] = 1  # a model that always says 0 reads 0.97
    model = _classifier(layers.Flatten())
    model.layers[-1].set_weights([np.zeros((784, 10)), np.eye(10)[0]])
    outcome = checks.small_network(model, MIND, images, labels)
    assert "expected at least 0.98, got 0.970" in outcome.message
    assert checks.small_network(model, MIND, images[:500], labels[200:700]).status == "not yet"
    assert checks.small_network(model, MIND, images[:500], labels[290:790]).passed


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
    outcome = checks.small_network(build(), MIND, *easy_digits)
    assert outcome.status == "not yet"
    assert says in outcome.message


@pytest.mark.parametrize("mind", ["", "nothing would", None])
def test_a_small_network_comes_with_a_reason(easy_digits, mind):
    model = _classifier(layers.Flatten())
    model.layers[-1].set_weights([np.zeros((784, 10)), np.eye(10)[0]])
    images = easy_digits[0]
    outcome = checks.small_network(model, mind, images, np.zeros(len(images), int))
    assert outcome.status == "not yet"
    assert "what would change your mind" in outcome.message


def test_a_reason_in_any_language(easy_digits):
    model = _classifier(layers.Flatten())
    model.layers[-1].set_weights([np.zeros((784, 10)), np.eye(10)[0]])
    images = easy_digits[0]
    for mind in ("如果三个更小的网络也能读出同样多的数字我就会改变主意。", MIND):
        assert checks.small_network(model, mind, images, np.zeros(len(images), int)).passed
