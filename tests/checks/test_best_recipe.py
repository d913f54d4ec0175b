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


def centre_exchanged(image):
    return centre_by_average(image)[::-1]


def centre_of_the_box(image):
    rows, columns = (np.flatnonzero(image.sum(axis=axis)) for axis in (1, 0))
    return (rows[0] + rows[-1]) / 2, (columns[0] + columns[-1]) / 2


def centre_of_any_ink(image):
    return centre_by_average((image > 0).astype(int))


def centre_of_a_square(image):
    k = np.arange(28)
    return np.average(k, weights=image.sum(axis=1)), np.average(k, weights=image.sum(axis=0))


RIGHT = {
    checks.move: [move_by_padding, move_by_loops],
    checks.residual_block: [
        block_with_layers,
        block_with_operators,
        block_with_norm,
        block_with_bare_norm,
        block_that_is_wider_inside,
        block_with_prelu,
        block_in_a_layer,
        block_in_a_model,
    ],
    checks.centre_of_mass: [centre_by_average, centre_by_grid],
}
WRONG = {
    checks.move: [
        (move_around, "got what left on the other side"),
        (move_the_other_way, "the opposite way"),
        (move_exchanged, "down and right exchanged"),
        (move_in_place, "changed the image that it was given"),
        (move_that_crops, "expected shape (28, 28), got (27, 28)"),
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
        (block_that_concatenates, "expected the same shape, got (None, 7, 9, 8)"),
    ],
    checks.centre_of_mass: [
        (centre_exchanged, "expected row, then column"),
        (centre_of_the_box, "expected bright pixels to weigh more"),
        (centre_of_any_ink, "two pixels"),
        (centre_of_a_square, "Error"),
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


def test_read_better_right(data):
    model = Reader()

    def sharper(images):
        return model.predict(images) ** 2 / (model.predict(images) ** 2).sum(1, keepdims=True)

    def quieter(images):
        quiet = np.array(images)
        quiet[:, 1] //= 2
        return (model.predict(images) + model.predict(quiet)) / 2

    def quieter_in_place(images):
        before = model.predict(images)
        images[:, 1] //= 2
        before += model.predict(images)
        before /= 2
        return before

    images = data[0].copy()
    for answer in (sharper, quieter, quieter_in_place):
        outcome = checks.read_better(answer, model, *data)
        assert outcome.status == "passed"
        assert "yours alone reads" in outcome.message
    assert np.array_equal(data[0], images)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p, "the model's own"),
        (lambda p: 3 * p, "Sum or mean?"),
        (lambda p: p.argmax(axis=1), "expected shape (400, 10), got (400,)"),
        (lambda p: np.roll(p, 1, axis=1), "worse by more than luck"),
    ],
)
def test_read_better_wrong(data, change, said):
    model = Reader()
    outcome = checks.read_better(lambda images: change(model.predict(images)), model, *data)
    assert outcome.status == "not yet"
    assert said in outcome.message


def test_no_reader_is_not_attempted(data):
    assert checks.read_better(not_written, Reader(), *data).status == "not attempted"
