"""Right and wrong answers to the exercises of lesson 04b."""

import numpy as np
import pytest
from answers import Answers, not_written

from workshop.checks import best_recipe as checks

keras = pytest.importorskip("keras")
layers = keras.layers


def move_by_padding(image, down, right):
    padded = np.pad(image, 60)
    return padded[60 - down : 88 - down, 60 - right : 88 - right]


def move_by_loops(image, down, right):
    moved = np.zeros_like(image)
    for row in range(28):
        for column in range(28):
            if 0 <= row - down < 28 and 0 <= column - right < 28:
                moved[row, column] = image[row - down, column - right]
    return moved


def move_around(image, down, right):
    return np.roll(image, (down, right), axis=(0, 1))


def move_the_other_way(image, down, right):
    return move_by_padding(image, -down, -right)


def move_exchanged(image, down, right):
    return move_by_padding(image, right, down)


def move_in_place(image, down, right):
    image[:] = move_by_padding(image, down, right)
    return image


def move_that_crops(image, down, right):
    return image[max(down, 0) :, max(right, 0) :]


def move_by_slices(image, down, right):
    moved = np.zeros((28, 28), "float32")
    if abs(down) < 28 and abs(right) < 28:
        to_rows, to_columns = (
            slice(max(down, 0), 28 + min(down, 0)),
            slice(max(right, 0), 28 + min(right, 0)),
        )
        rows, columns = (
            slice(max(-down, 0), 28 + min(-down, 0)),
            slice(max(-right, 0), 28 + min(-right, 0)),
        )
        moved[to_rows, to_columns] = image[rows, columns]
    return moved


def move_by_rolling(image, down, right):
    moved = np.roll(image, (down, right), axis=(0, 1))
    moved[: max(down, 0)] = 0
    moved[28 + min(down, 0) if down > -28 else 0 :] = 0
    moved[:, : max(right, 0)] = 0
    moved[:, 28 + min(right, 0) if right > -28 else 0 :] = 0
    return moved


def move_lists(image, down, right):
    rows = [list(map(int, row)) for row in image]
    return [
        [
            rows[r - down][c - right] if 0 <= r - down < 28 and 0 <= c - right < 28 else 0
            for c in range(28)
        ]
        for r in range(28)
    ]


def move_by_matrices(image, down, right):
    return np.eye(28, k=-down) @ image @ np.eye(28, k=right)


def move_by_keras(image, down, right):
    padded = keras.ops.pad(keras.ops.convert_to_tensor(image), ((40, 40), (40, 40)))
    return padded[40 - down : 68 - down, 40 - right : 68 - right]


def move_down_only(image, down, right):
    return move_by_padding(image, down, 0)


def move_forwards_only(image, down, right):
    return move_by_padding(image, max(down, 0), max(right, 0))


def move_by_absolute_pixels(image, down, right):
    return move_by_padding(image, abs(down), abs(right))


def move_a_pixel_too_far(image, down, right):
    return move_by_padding(image, down + np.sign(down), right + np.sign(right))


def move_in_a_frame_of_ten(image, down, right):
    return np.pad(image, 10)[10 - down : 38 - down, 10 - right : 38 - right]


def move_and_keep_the_edge(image, down, right):
    return np.pad(image, 60, mode="edge")[60 - down : 88 - down, 60 - right : 88 - right]


def move_that_leaves_what_was_there(image, down, right):
    moved = image.copy()
    place = move_by_padding(np.ones_like(image), down, right)
    return np.where(place, move_by_padding(image, down, right), moved)


def move_a_batch(image, down, right):
    return move_by_padding(image, down, right)[np.newaxis]


def block_with_layers(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same")(x)
    return layers.ReLU()(layers.Add()([inputs, x]))


def block_with_operators(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", use_bias=False)(inputs)
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", use_bias=False)(keras.ops.relu(x))
    return keras.ops.relu(inputs + x)


def block_with_norm(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", use_bias=False)(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(inputs + layers.BatchNormalization()(x))


def block_with_bare_norm(inputs):
    norm = {"scale": False, "center": False, "epsilon": 1e-5}
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", use_bias=False)(inputs)
    x = layers.ReLU()(layers.BatchNormalization(**norm)(x))
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(inputs + layers.BatchNormalization(**norm)(x))


def block_that_is_wider_inside(inputs):
    x = layers.Conv2D(7, 3, padding="same", activation="relu")(inputs)
    x = layers.Dropout(0.2)(x)
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", bias_initializer="ones")(x)
    return layers.Activation("relu")(layers.add([x, inputs]))


def block_with_prelu(inputs):
    x = layers.PReLU()(layers.Conv2D(inputs.shape[-1], 3, padding="same")(inputs))
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same")(x)
    return layers.PReLU()(inputs + x)


class Residual(layers.Layer):
    """The second convolution is made before the first."""

    def build(self, shape):
        self.second, self.first = (
            layers.Conv2D(shape[-1], 3, padding="same", use_bias=False) for _ in range(2)
        )
        self.second.build(shape)
        self.first.build(shape)

    def call(self, inputs):
        return keras.ops.relu(inputs + self.second(keras.ops.relu(self.first(inputs))))


def block_in_a_layer(inputs):
    return Residual()(inputs)


def block_in_a_model(inputs):
    inner = keras.Input(inputs.shape[1:])
    return keras.Model(inner, block_with_norm(inner))(inputs)


def block_without_the_way_past(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    return layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(x)


def block_without_last_relu(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    return inputs + layers.Conv2D(inputs.shape[-1], 3, padding="same")(x)


def block_with_relu_before_the_sum(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(x)
    return layers.ReLU()(inputs + x)


def norm_block_with_relu_before_the_sum(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", use_bias=False)(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(inputs + layers.ReLU()(layers.BatchNormalization()(x)))


def norm_block_without_relu_between(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(inputs + layers.BatchNormalization()(x))


def block_without_relu_between(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same")(inputs)
    return layers.ReLU()(inputs + layers.Conv2D(inputs.shape[-1], 3, padding="same")(x))


def block_side_by_side(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    return layers.ReLU()(inputs + x + layers.Conv2D(inputs.shape[-1], 3, padding="same")(inputs))


def norm_block_side_by_side(inputs):
    both = [
        layers.BatchNormalization()(layers.Conv2D(inputs.shape[-1], 3, padding="same")(inputs))
        for _ in range(2)
    ]
    return layers.ReLU()(layers.Add()([inputs, *both]))


def block_that_reaches_too_far(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", dilation_rate=2)(inputs)
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same")(keras.ops.relu(x))
    return keras.ops.relu(inputs + x)


def block_with_a_way_of_its_own(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same")(x)
    return keras.ops.relu(layers.Conv2D(inputs.shape[-1], 1)(inputs) + x)


def block_of_separable_convolutions(inputs):
    x = layers.SeparableConv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    return keras.ops.relu(inputs + layers.SeparableConv2D(inputs.shape[-1], 3, padding="same")(x))


def block_of_depthwise_convolutions(inputs):
    x = layers.DepthwiseConv2D(3, padding="same", activation="relu")(inputs)
    return keras.ops.relu(inputs + layers.DepthwiseConv2D(3, padding="same")(x))


def block_with_norm_of_each(inputs, norm=layers.LayerNormalization):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same")(inputs)
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same")(keras.ops.relu(norm()(x)))
    return keras.ops.relu(inputs + x)


def block_with_norm_of_groups(inputs):
    return block_with_norm_of_each(inputs, lambda: layers.GroupNormalization(1))


def block_of_layers_with_names(inputs):
    x = layers.Conv2D(
        inputs.shape[3], (3, 3), (1, 1), "same", kernel_initializer="he_normal", name="first"
    )(inputs)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(inputs.shape[3], 3, padding="same", kernel_regularizer="l2")(x)
    return layers.Activation("relu")(layers.Add()([x, inputs]))


def block_with_leaky_end(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    return layers.LeakyReLU()(inputs + layers.Conv2D(inputs.shape[-1], 3, padding="same")(x))


def block_with_tanh(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="tanh")(inputs)
    return layers.ReLU()(inputs + layers.Conv2D(inputs.shape[-1], 3, padding="same")(x))


def block_that_subtracts(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    return layers.ReLU()(inputs - layers.Conv2D(inputs.shape[-1], 3, padding="same")(x))


def block_that_takes_the_largest(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same")(x)
    return layers.ReLU()(layers.Maximum()([inputs, x]))


def block_of_four_channels(inputs):
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(inputs)
    return layers.ReLU()(inputs + layers.Conv2D(4, 3, padding="same")(x))


def block_of_one_channel(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    return layers.ReLU()(inputs + layers.Conv2D(1, 3, padding="same")(x))


def block_of_5_x_5(inputs):
    x = layers.Conv2D(inputs.shape[-1], 5, padding="same", activation="relu")(inputs)
    return layers.ReLU()(inputs + layers.Conv2D(inputs.shape[-1], 5, padding="same")(x))


def block_of_three(inputs):
    x = inputs
    for _ in range(3):
        x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(x)
    return layers.ReLU()(inputs + x)


def block_without_padding(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, activation="relu")(inputs)
    return inputs + layers.Conv2D(inputs.shape[-1], 3)(x)


def block_that_adds_what_the_first_gives(inputs):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    return layers.ReLU()(x + layers.Conv2D(inputs.shape[-1], 3, padding="same")(x))


def block_that_returns_the_inputs(inputs):
    return inputs


def block_of_one(inputs):
    return keras.ops.relu(inputs + layers.Conv2D(inputs.shape[-1], 3, padding="same")(inputs))


def block_that_concatenates(inputs):
    return layers.Concatenate()([inputs, layers.Conv2D(4, 3, padding="same")(inputs)])


def centre_by_average(image):
    return (
        np.average(np.arange(image.shape[0]), weights=image.sum(axis=1)),
        np.average(np.arange(image.shape[1]), weights=image.sum(axis=0)),
    )


def centre_by_grid(image):
    grid = np.indices(image.shape)
    return (grid * image).sum(axis=(1, 2)) / np.sum(image, dtype=float)


def centre_by_loops(image):
    total = rows = columns = 0.0
    for row in range(len(image)):
        for column in range(len(image[0])):
            ink = float(image[row][column])
            total, rows, columns = total + ink, rows + row * ink, columns + column * ink
    return [rows / total, columns / total]


def centre_by_keras(image):
    ink = keras.ops.cast(image, "float32")
    total = keras.ops.sum(ink)
    height, width = image.shape
    row = keras.ops.sum(keras.ops.sum(ink, axis=1) * keras.ops.arange(height, dtype="float32"))
    column = keras.ops.sum(keras.ops.sum(ink, axis=0) * keras.ops.arange(width, dtype="float32"))
    return row / total, column / total


def centre_by_products(image):
    ink = image / image.sum(dtype="float64")
    return np.array([np.arange(len(ink)) @ ink.sum(1), ink.sum(0) @ np.arange(ink.shape[1])])


def centre_by_places(image):
    places = np.argwhere(image)
    return np.average(places, axis=0, weights=image[image > 0])


def centre_in_bytes(image):
    grid = np.indices(image.shape).astype(image.dtype)
    return (grid * image).sum(axis=(1, 2)) / image.sum()


def centre_in_whole_pixels(image):
    return tuple(round(float(where)) for where in centre_by_average(image))


def centre_counted_from_one(image):
    row, column = centre_by_average(image)
    return row + 1, column + 1


def centre_of_the_paper(image):
    return (image.shape[0] - 1) / 2, (image.shape[1] - 1) / 2


def centre_of_the_brightest(image):
    return np.unravel_index(image.argmax(), image.shape)


def centre_that_divides_by_pixels(image):
    return (np.indices(image.shape) * image).sum(axis=(1, 2)) / image.size


def centre_as_shares(image):
    row, column = centre_by_average(image)
    return row / image.shape[0], column / image.shape[1]


def centre_of_dark_pixels(image):
    return centre_by_average(image.max() - image.astype(float))


def centre_row_only(image):
    return centre_by_average(image)[0]


def centre_of_bright_pixels(image):
    return centre_by_average((image > image.max() / 2).astype(int))


def centre_exchanged(image):
    return centre_by_average(image)[::-1]


def centre_of_all_with_ink(image):
    rows, columns = np.nonzero(image)
    return rows.mean(), columns.mean()


def centre_of_the_box(image):
    rows, columns = (np.flatnonzero(image.sum(axis=axis)) for axis in (1, 0))
    return (rows[0] + rows[-1]) / 2, (columns[0] + columns[-1]) / 2


def centre_of_any_ink(image):
    return centre_by_average((image > 0).astype(int))


def centre_of_a_square(image):
    k = np.arange(28)
    return np.average(k, weights=image.sum(axis=1)), np.average(k, weights=image.sum(axis=0))


def read_in_batches(model, images):
    parts = [images[k : k + 100] for k in range(0, len(images), 100)]
    return np.concatenate([model(part, training=False) for part in parts]).argmax(axis=1)


def read_by_predict(model, images):
    return model.predict(images, verbose=0).argmax(axis=1)


def read_by_a_plain_call(model, images):
    return np.argmax(model(images), axis=-1).astype("float32")


def read_one_by_one(model, images):
    return [int(np.argmax(model(image[np.newaxis], training=False))) for image in images]


def read_by_tensorflow(model, images):
    return keras.ops.argmax(model.predict_on_batch(images), axis=1)


def read_in_a_frozen_model(model, images):
    infer = keras.Model(model.inputs, model(model.inputs[0], training=False))
    return infer.predict(images, batch_size=7, verbose=0).argmax(1).tolist()


def read_in_training(model, images):
    parts = [images[k : k + 100] for k in range(0, len(images), 100)]
    return np.concatenate([model(part, training=True) for part in parts]).argmax(axis=1)


def read_all_at_once_in_training(model, images):
    return np.argmax(model(images, training=True), axis=1)


def read_whole_batches_only(model, images):
    count = max(len(images) // 100 * 100, min(len(images), 100))
    return read_by_predict(model, images[:count])


def read_the_probabilities(model, images):
    return model.predict(images, verbose=0)


def read_along_the_batch(model, images):
    return model.predict(images, verbose=0).argmax(axis=0)


def read_the_least(model, images):
    return model.predict(images, verbose=0).argmin(axis=1)


def read_with_the_first_batch_again(model, images):
    return np.resize(read_by_predict(model, images[:100]), len(images))


def read_with_another_model(model, images):
    other = keras.models.clone_model(model)
    return read_by_predict(other, images)


def read_scaled_pictures(model, images):
    return read_by_predict(model, images / 255)


def read_centred_pictures(model, images):
    return read_by_predict(model, images - images.mean())


def read_and_print(model, images):
    print(read_by_predict(model, images))


RIGHT = {
    checks.move: [
        move_by_padding,
        move_by_loops,
        move_by_slices,
        move_by_rolling,
        move_lists,
        move_by_matrices,
        move_by_keras,
    ],
    checks.residual_block: [
        block_with_layers,
        block_with_operators,
        block_with_norm,
        block_with_bare_norm,
        block_that_is_wider_inside,
        block_with_prelu,
        block_in_a_layer,
        block_in_a_model,
        block_of_layers_with_names,
    ],
    checks.centre_of_mass: [
        centre_by_average,
        centre_by_grid,
        centre_by_loops,
        centre_by_keras,
        centre_by_products,
        centre_by_places,
    ],
    checks.read_digits: [
        read_in_batches,
        read_by_predict,
        read_by_a_plain_call,
        read_one_by_one,
        read_by_tensorflow,
        read_in_a_frozen_model,
    ],
}


def read_and_freeze(model, images):
    model.trainable = False
    return model.predict(images, verbose=0).argmax(axis=1)


def read_without_dropout(model, images):
    for layer in model.layers:
        if isinstance(layer, layers.Dropout):
            layer.rate = 0
    return model.predict(images, verbose=0).argmax(axis=1)


WRONG = {
    checks.move: [
        (move_around, "got what left on the other side"),
        (move_the_other_way, "the opposite way"),
        (move_exchanged, "down and right exchanged"),
        (move_in_place, "changed the image that it was given"),
        (move_that_crops, "expected shape (28, 28), got (27, 28)"),
        (move_down_only, "values are off"),
        (move_forwards_only, "values are off"),
        (move_by_absolute_pixels, "the opposite way|values are off"),
        (move_a_pixel_too_far, "values are off"),
        (move_in_a_frame_of_ten, "expected shape|raised"),
        (move_and_keep_the_edge, "values are off"),
        (move_that_leaves_what_was_there, "values are off"),
        (move_a_batch, "expected shape (28, 28), got (1, 28, 28)"),
    ],
    checks.residual_block: [
        (block_without_the_way_past, "nothing comes out"),
        (block_without_last_relu, "a last ReLU is missing"),
        (block_with_relu_before_the_sum, "A ReLU stands before the sum"),
        (norm_block_with_relu_before_the_sum, "A ReLU stands before the sum"),
        (block_without_relu_between, "a ReLU is missing"),
        (norm_block_without_relu_between, "a ReLU is missing"),
        (block_side_by_side, "Both convolutions take the inputs"),
        (norm_block_side_by_side, "Both convolutions take the inputs"),
        (block_that_reaches_too_far, "values are off"),
        (block_with_a_way_of_its_own, "(1, 1)"),
        (block_of_separable_convolutions, "(1, 1)"),
        (block_of_depthwise_convolutions, "two Conv2D layers"),
        (block_with_norm_of_each, "normalises each picture by itself"),
        (block_with_norm_of_groups, "normalises each picture by itself"),
        (block_of_one, "two kernels of 3 x 3"),
        (block_with_leaky_end, "all weights zero"),
        (block_with_tanh, "values are off"),
        (block_that_subtracts, "values are off"),
        (block_that_takes_the_largest, "values are off"),
        (block_of_four_channels, "raised|got"),
        (block_of_one_channel, "Expected the kernels of two"),
        (block_of_5_x_5, "two kernels of 3 x 3"),
        (block_of_three, "two kernels of 3 x 3"),
        (block_without_padding, "raised"),
        (block_that_adds_what_the_first_gives, "nothing comes out"),
        (block_that_returns_the_inputs, "two kernels of 3 x 3"),
        (block_that_concatenates, "expected the same shape, got (None, 7, 9, 8)"),
    ],
    checks.centre_of_mass: [
        (centre_exchanged, "expected row, then column"),
        (centre_of_the_box, "expected bright pixels to weigh more"),
        (centre_of_all_with_ink, "all that have ink weigh the same"),
        (centre_of_any_ink, "two pixels"),
        (centre_of_a_square, "Error"),
        (centre_in_bytes, "expected"),
        (centre_in_whole_pixels, "expected"),
        (centre_counted_from_one, "expected 20, got 21"),
        (centre_of_the_paper, "expected"),
        (centre_of_the_brightest, "two pixels"),
        (centre_that_divides_by_pixels, "expected"),
        (centre_as_shares, "expected 20, got 0.71"),
        (centre_of_dark_pixels, "expected"),
        (centre_row_only, "expected shape (2,), got ()"),
        (centre_of_bright_pixels, "expected"),
    ],
    checks.read_digits: [
        (read_in_training, "values are off|changed the model"),
        (read_all_at_once_in_training, "values are off|changed the model"),
        (read_whole_batches_only, "the last ones got no answer"),
        (read_the_probabilities, "got ten numbers"),
        (read_along_the_batch, "expected shape"),
        (read_the_least, "values are off"),
        (read_and_freeze, "changed the model's layers or their settings"),
        (read_without_dropout, "changed the model's layers or their settings"),
        (read_with_the_first_batch_again, "values are off"),
        (read_with_another_model, "values are off"),
        (read_scaled_pictures, "values are off"),
        (read_centred_pictures, "values are off"),
        (read_and_print, "gave None"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG
    keeping = (checks.move,)


@pytest.mark.parametrize("activation", ["relu", "linear"])
def test_layers_that_the_learner_made_keep_their_weights(activation):
    own = {
        channels: [layers.Conv2D(channels, 3, padding="same", activation=kind) for kind in kinds]
        for channels, kinds in {4: ("relu", None), 3: (activation, None)}.items()
    }

    def block(inputs):
        first, second = own[inputs.shape[-1]]
        return keras.ops.relu(inputs + second(first(inputs)))

    def weights():
        return [
            kernel.tolist() for pair in own.values() for one in pair for kernel in one.get_weights()
        ]

    for channels in own:
        block(keras.Input((5, 5, channels)))
    before = weights()
    assert checks.residual_block(block).passed == (activation == "relu")
    assert weights() == before


class Reader:
    """A model that reads most digits: their class stands in the first pixel, blurred by noise."""

    def predict(self, images, verbose=0):
        first = np.asarray(images, dtype=float)[:, 0, 0]
        noise = np.asarray(images, dtype=float)[:, 1, :10] / 100
        scores = -np.abs(first[:, np.newaxis] - np.arange(10)) - noise
        scores = np.exp(scores)
        return scores / scores.sum(axis=1, keepdims=True)


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(0)
    images = random.integers(0, 100, (400, 28, 28)).astype("uint8")
    labels = random.integers(0, 10, 400)
    images[:, 0, 0] = labels
    return images, labels


MIND = "Five models with other seeds, of which most read fewer digits this way."


def test_read_better_right(data):
    model = Reader()

    def mirrored(images):
        other = np.array(images)
        other[:, 1] = other[:, 1, ::-1]
        return (model.predict(images) + model.predict(other)) / 2

    def mirrored_in_place(images):
        before = model.predict(images)
        images[:, 1] = images[:, 1, ::-1].copy()
        before += model.predict(images)
        before /= 2
        return before

    def product(images):
        other = np.array(images)
        other[:, 1] = np.roll(other[:, 1], 3, axis=1)
        both = model.predict(images) * model.predict(other)
        return (both / both.sum(axis=1, keepdims=True)).tolist()

    def mirrored_by_chance(images):
        other = np.array(images, dtype=float)
        other[:, 1] = other[:, 1, ::-1] * np.random.default_rng().uniform(0.9, 1.1)
        return (model.predict(images) + model.predict(other)) / 2

    def one_by_one(images):
        return np.concatenate([mirrored(images[k : k + 1]) for k in range(len(images))])

    def in_tensors(images):
        return keras.ops.convert_to_tensor(mirrored(images))

    images = data[0].copy()
    for answer in (
        mirrored,
        mirrored_in_place,
        product,
        mirrored_by_chance,
        one_by_one,
        in_tensors,
    ):
        outcome = checks.read_better(answer, MIND, model, *data)
        assert outcome.status == "passed", (answer, outcome)
        assert "yours alone reads" in outcome.message
    assert np.array_equal(data[0], images)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p, "the model's own"),
        (lambda p: 3 * p, "Sum or mean?"),
        (lambda p: p.argmax(axis=1), "expected shape (400, 10), got (400,)"),
        (lambda p: np.roll(p, 1, axis=1), "worse by more than luck"),
        (lambda p: p**2 / (p**2).sum(axis=1, keepdims=True), "the model's own order"),
        (lambda p: np.eye(10)[p.argmax(axis=1)], "the model's own order"),
        (lambda p: (p + 0.1) / 2, "the model's own order"),
        (lambda p: np.full_like(p, 0.1), "the model's own order"),
        (lambda p: (p + np.roll(p, 1, axis=0)) / 2, "depend on those beside it"),
        (lambda p: p[::-1], "worse by more than luck|depend on those"),
        (np.log, "none below 0"),
        (lambda p: p[:100], "expected shape (400, 10), got (100, 10)"),
        (lambda p: None, "expected shape (400, 10), got ()"),
    ],
)
def test_read_better_wrong(data, change, said):
    model = Reader()
    outcome = checks.read_better(lambda images: change(model.predict(images)), MIND, model, *data)
    assert outcome.status == "not yet"
    assert any(part in outcome.message for part in said.split("|")), outcome


def test_what_knows_the_test_digits_only_is_found_out(data):
    model = Reader()
    images, labels = data
    known = np.eye(10)[labels]
    outcome = checks.read_better(lambda given: known[: len(given)], MIND, model, images, labels)
    assert outcome.status == "not yet", outcome


@pytest.mark.parametrize("mind", ["", "nothing", 3])
def test_read_better_asks_for_a_sentence(data, mind):
    model = Reader()

    def mirrored(images):
        other = np.array(images)
        other[:, 1] = other[:, 1, ::-1]
        return model.predict(other)

    outcome = checks.read_better(mirrored, mind, model, *data)
    assert outcome.status == "not yet"
    assert "what would change your mind" in outcome.message
    assert checks.read_better(
        mirrored, "若换五个随机种子后多数模型反而读得更差我就改变看法。", model, *data
    ).passed


def test_no_reader_is_not_attempted(data):
    assert checks.read_better(not_written, ..., Reader(), *data).status == "not attempted"
