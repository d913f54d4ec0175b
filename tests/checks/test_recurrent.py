"""Right and wrong answers to the exercises of lesson 06."""

import math

import numpy as np
import pytest
from answers import Answers

from workshop.checks import recurrent as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

WORDS = "The number of steps limits it; twice as many without a gain would change my mind."


def step_by_operators(x, state, kernel, recurrent, bias):
    return tf.tanh(x @ kernel + state @ recurrent + bias)


def step_by_numpy(x, state, kernel, recurrent, bias):
    both = np.concatenate([x, state], axis=1) @ np.concatenate([kernel, recurrent])
    return np.tanh(both + np.asarray(bias))


def step_by_a_loop(x, state, kernel, recurrent, bias):
    rows = [tf.linalg.matvec(kernel, row, transpose_a=True) for row in x]
    return tf.tanh(tf.stack(rows) + tf.matmul(state, recurrent) + bias)


def step_without_memory(x, state, kernel, recurrent, bias):
    return tf.tanh(x @ kernel + bias)


def step_without_tanh(x, state, kernel, recurrent, bias):
    return x @ kernel + state @ recurrent + bias


def step_without_bias(x, state, kernel, recurrent, bias):
    return tf.tanh(x @ kernel + state @ recurrent)


def step_transposed(x, state, kernel, recurrent, bias):
    return tf.tanh(x @ kernel + state @ tf.transpose(recurrent) + bias)


def step_turned_round(x, state, kernel, recurrent, bias):
    return tf.tanh(kernel @ x + recurrent @ state + bias)


def step_that_returns_nothing(x, state, kernel, recurrent, bias):
    tf.tanh(x @ kernel + state @ recurrent + bias)


def count_by_formula(features, units):
    return 3 * units * (features + units + 2)


def count_by_arrays(features, units):
    shapes = [(features, 3 * units), (units, 3 * units), (2, 3 * units)]
    return np.sum([np.prod(shape) for shape in shapes])


def count_of_one_gate(features, units):
    return units * (features + units + 2)


def count_with_one_bias(features, units):
    return 3 * units * (features + units + 1)


def count_of_a_simple_layer(features, units):
    return units * (features + units + 1)


def count_with_steps(features, units):
    return 28 * 3 * units * (features + units + 2)


def count_of_an_lstm(features, units):
    return 4 * units * (features + units + 1)


def step_by_lists(x, state, kernel, recurrent, bias):
    x, state, kernel, recurrent = (np.asarray(a).tolist() for a in (x, state, kernel, recurrent))
    rows = []
    for seen, remembered in zip(x, state, strict=True):
        row = []
        for unit, shift in enumerate(np.asarray(bias).tolist()):
            total = sum(value * kernel[k][unit] for k, value in enumerate(seen))
            total += sum(value * recurrent[k][unit] for k, value in enumerate(remembered))
            row.append(math.tanh(total + shift))
        rows.append(row)
    return rows


def step_by_keras_ops(x, state, kernel, recurrent, bias):
    ops = keras.ops
    return ops.tanh(ops.add(ops.matmul(x, kernel) + ops.matmul(state, recurrent), bias))


def step_by_einsum_in_float64(x, state, kernel, recurrent, bias):
    x, state, kernel, recurrent, bias = (
        np.asarray(a, "float64") for a in (x, state, kernel, recurrent, bias)
    )
    seen, remembered = np.einsum("bf,fu->bu", x, kernel), np.einsum("bv,vu->bu", state, recurrent)
    return np.tanh(seen + remembered + bias)


def step_by_a_cell(x, state, kernel, recurrent, bias):
    cell = keras.layers.SimpleRNNCell(bias.shape[0])
    cell.build(x.shape)
    cell.set_weights([kernel, recurrent, bias])
    return cell(x, [state])[0]


def step_with_sigmoid(x, state, kernel, recurrent, bias):
    return tf.sigmoid(x @ kernel + state @ recurrent + bias)


def step_with_the_state_outside(x, state, kernel, recurrent, bias):
    return tf.tanh(x @ kernel + bias) + state @ recurrent


def step_with_the_bias_outside(x, state, kernel, recurrent, bias):
    return tf.tanh(x @ kernel + state @ recurrent) + bias


def step_of_three_examples(x, state, kernel, recurrent, bias):
    return tf.reshape(tf.tanh(x @ kernel + state @ recurrent + bias), (3, 4))


def step_of_the_mean(x, state, kernel, recurrent, bias):
    both = x @ kernel + state @ recurrent + bias
    return tf.tanh(tf.reduce_mean(both, axis=0, keepdims=True) + 0 * both)


def step_that_keeps_its_state(x, state, kernel, recurrent, bias):
    return state


def count_by_keras(features, units):
    layer = keras.layers.GRU(units)
    layer.build((None, 1, features))
    return layer.count_params()


def count_by_a_loop(features, units):
    total = 0
    for _ in ("z", "r", "candidate"):
        total += features * units + units**2
        total += 2 * units
    return total


def count_in_float(features, units):
    return 3.0 * (features * units + units * units + units + units)


def count_of_numpy(features, units):
    return np.int64(3) * np.int64(units) * (np.int64(features) + units + 2)


def count_of_two_gates(features, units):
    return 2 * units * (features + units + 2)


def count_of_the_example(features, units):
    return 18048 if features != 1 else 12


def count_with_features_squared(features, units):
    return 3 * features * (features + units + 2)


def count_of_a_tensor(features, units):
    return tf.constant(3 * units * (features + units + 2))


def count_as_text(features, units):
    return str(3 * units * (features + units + 2))


def count_without_bias(features, units):
    return 3 * units * (features + units)


def ways_by_slices(sequence, forward, backward):
    return forward(sequence) + backward(sequence[:, ::-1])[:, ::-1]


def ways_by_tensorflow(sequence, forward, backward):
    up = backward(tf.reverse(sequence, axis=[1]))
    return tf.add(forward(sequence), tf.reverse(up, axis=[1]))


def ways_by_keras_ops(sequence, forward, backward):
    ops = keras.ops
    return forward(sequence) + ops.flip(backward(ops.flip(sequence, axis=1)), axis=1)


def ways_by_numpy(sequence, forward, backward):
    up = np.flip(np.array(backward(np.flip(sequence, 1))), 1)
    return np.array(forward(sequence)) + up


def ways_by_a_loop(sequence, forward, backward):
    steps = sequence.shape[1]
    down = np.asarray(forward(sequence))
    up = np.asarray(backward(np.stack([sequence[:, steps - 1 - k] for k in range(steps)], axis=1)))
    return [
        [list(d[k] + u[steps - 1 - k]) for k in range(steps)] for d, u in zip(down, up, strict=True)
    ]


def ways_by_a_sum_layer(sequence, forward, backward):
    order = list(reversed(range(sequence.shape[1])))
    up = tf.gather(backward(tf.gather(sequence, order, axis=1)), order, axis=1)
    return keras.layers.Add()([forward(sequence), up])


def ways_not_turned_back(sequence, forward, backward):
    return forward(sequence) + backward(sequence[:, ::-1])


def ways_not_turned(sequence, forward, backward):
    return forward(sequence) + backward(sequence)


def ways_turned_at_the_end_alone(sequence, forward, backward):
    return forward(sequence) + backward(sequence)[:, ::-1]


def ways_side_by_side(sequence, forward, backward):
    return tf.concat([forward(sequence), backward(sequence[:, ::-1])[:, ::-1]], axis=-1)


def ways_as_a_mean(sequence, forward, backward):
    return ways_by_slices(sequence, forward, backward) / 2


def ways_of_one_reader(sequence, forward, backward):
    return forward(sequence) + forward(sequence[:, ::-1])[:, ::-1]


def ways_through_the_batch(sequence, forward, backward):
    return forward(sequence) + backward(sequence[::-1])[::-1]


def ways_through_the_features(sequence, forward, backward):
    return forward(sequence) + backward(sequence[..., ::-1])


def ways_of_the_last_states(sequence, forward, backward):
    return forward(sequence)[:, -1] + backward(sequence[:, ::-1])[:, -1]


def ways_one_after_the_other(sequence, forward, backward):
    return backward(sequence) * forward(sequence)


def ways_forward(sequence, forward, backward):
    return forward(sequence)


def columns_by_transpose(images):
    return images.transpose(0, 2, 1)


def columns_by_swapaxes(images):
    return np.swapaxes(images, 1, 2)


def columns_by_tensorflow(images):
    return tf.transpose(images, (0, 2, 1))


def columns_by_a_layer(images):
    return keras.layers.Permute((2, 1))(images)


def columns_by_einsum(images):
    return np.einsum("brc->bcr", images)


def columns_by_lists(images):
    return [[list(column) for column in zip(*image.tolist(), strict=True)] for image in images]


def columns_one_by_one(images):
    return np.stack([images[:, :, k] for k in range(images.shape[2])], axis=1).astype("float32")


def columns_by_reshape(images):
    return images.reshape(len(images), images.shape[2], images.shape[1])


def columns_of_the_transposed_batch(images):
    return images.T


def columns_as_rows(images):
    return images


def columns_by_rotation(images):
    return np.rot90(images, axes=(1, 2))


def columns_by_rotation_the_other_way(images):
    return np.rot90(images, -1, axes=(1, 2))


def columns_of_28(images):
    return images.reshape(-1, 28, 28).transpose(0, 2, 1)


def columns_flattened(images):
    return images.transpose(0, 2, 1).reshape(len(images), -1)


def columns_of_one_image(images):
    return images[0].T


def columns_in_fortran_order(images):
    return images.reshape((len(images), images.shape[2], images.shape[1]), order="F")


def columns_of_the_first_hundred(images):
    return np.transpose(images, (0, 2, 1))[:100]


def columns_of_28_rows_at_most(images):
    return np.transpose(images[:, :28, :28], (0, 2, 1))


RIGHT = {
    checks.rnn_step: [
        step_by_operators,
        step_by_numpy,
        step_by_a_loop,
        step_by_lists,
        step_by_keras_ops,
        step_by_einsum_in_float64,
        step_by_a_cell,
    ],
    checks.gru_parameters: [
        count_by_formula,
        count_by_arrays,
        count_by_keras,
        count_by_a_loop,
        count_in_float,
        count_of_numpy,
        count_of_a_tensor,
    ],
    checks.both_ways: [
        ways_by_slices,
        ways_by_tensorflow,
        ways_by_keras_ops,
        ways_by_numpy,
        ways_by_a_loop,
        ways_by_a_sum_layer,
    ],
    checks.by_columns: [
        columns_by_transpose,
        columns_by_swapaxes,
        columns_by_tensorflow,
        columns_by_a_layer,
        columns_by_einsum,
        columns_by_lists,
        columns_one_by_one,
    ],
}
WRONG = {
    checks.rnn_step: [
        (step_without_memory, "Where does it go in?"),
        (step_without_tanh, "values below -1 or above 1|values are off"),
        (step_without_bias, "values are off"),
        (step_transposed, "transposed|values are off"),
        (step_turned_round, "Your code raised"),
        (step_that_returns_nothing, "gave None"),
        (step_with_sigmoid, "values are off"),
        (step_with_the_state_outside, "inside tanh as well"),
        (step_with_the_bias_outside, "values are off"),
        (step_of_three_examples, "Your code raised"),
        (step_of_the_mean, "values are off"),
        (step_that_keeps_its_state, "values are off"),
    ],
    checks.gru_parameters: [
        (count_of_one_gate, "one block"),
        (count_with_one_bias, "How many rows does the bias have?"),
        (count_of_a_simple_layer, "expected 12, got 3"),
        (count_with_steps, "expected 12, got 336"),
        (count_of_an_lstm, "expected 18048, got 23808"),
        (count_of_two_gates, "Where is the candidate?"),
        (count_of_the_example, "expected"),
        (count_with_features_squared, "expected 18048, got 7896"),
        (count_as_text, "got the text '12'"),
        (count_without_bias, "expected 12, got 6"),
    ],
    checks.both_ways: [
        (ways_not_turned_back, "in its own reading order"),
        (ways_not_turned, "begin at the same end"),
        (ways_turned_at_the_end_alone, "values are off"),
        (ways_side_by_side, "concatenated"),
        (ways_as_a_mean, "got their mean"),
        (ways_of_one_reader, "`forward` reads both times"),
        (ways_through_the_batch, "values are off|same end"),
        (ways_through_the_features, "values are off"),
        (ways_of_the_last_states, "got the last ones"),
        (ways_one_after_the_other, "values are off"),
        (ways_forward, "`backward` contributes nothing"),
    ],
    checks.by_columns: [
        (columns_by_reshape, "`reshape` keeps the order"),
        (columns_of_the_transposed_batch, "expected shape (2, 4, 3), got (4, 3, 2)"),
        (columns_as_rows, "expected shape (2, 4, 3), got (2, 3, 4)"),
        (columns_by_rotation, "the first step is the last column"),
        (columns_by_rotation_the_other_way, "from bottom to top"),
        (columns_of_28, "raised ValueError"),
        (columns_flattened, "expected shape (2, 4, 3), got (2, 12)"),
        (columns_of_one_image, "expected shape (2, 4, 3), got (4, 3)"),
        (columns_in_fortran_order, "values are off"),
        (columns_of_the_first_hundred, "(103, 29, 31)"),
        (columns_of_28_rows_at_most, "(103, 29, 31)"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


def test_an_untouched_reader_is_not_attempted():
    assert checks.my_reader(..., ..., None, None).status == "not attempted"


@pytest.fixture(scope="module")
def easy_digits():
    """Images whose class is the bright column: any reader learns them in no time."""
    labels = np.random.default_rng(0).integers(0, 10, 400)
    images = np.zeros((400, 28, 28), np.uint8)
    images[np.arange(400), :, labels] = 255
    return images, labels


def reader(*layers):
    return keras.Sequential([keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), *layers])


@keras.saving.register_keras_serializable()
class Unrolled(keras.layers.Layer):
    """A loop over the steps with a cell of Keras."""

    def __init__(self):
        super().__init__()
        self.cell = keras.layers.GRUCell(16)

    def call(self, rows):
        state = tf.zeros((tf.shape(rows)[0], 16))
        for step in range(28):
            state, _ = self.cell(rows[:, step], [state])
        return state


@keras.saving.register_keras_serializable()
class OwnStep(keras.layers.Layer):
    """The step of exercise 6-1 in a loop, with weights of its own."""

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 16))
        self.recurrent = self.add_weight(shape=(16, 16), initializer="orthogonal")

    def call(self, rows):
        state = tf.zeros((tf.shape(rows)[0], 16))
        for step in range(28):
            state = tf.tanh(rows[:, step] @ self.kernel + state @ self.recurrent)
        return state


@keras.saving.register_keras_serializable()
class OfDenseLayers(keras.layers.Layer):
    """Two dense layers, which each step uses again."""

    def __init__(self):
        super().__init__()
        self.seen = keras.layers.Dense(16)
        self.remembered = keras.layers.Dense(16, use_bias=False)

    def call(self, rows):
        state = tf.zeros((tf.shape(rows)[0], 16))
        for step in range(28):
            state = tf.tanh(self.seen(rows[:, step]) + self.remembered(state))
        return state


class NeverAsked(keras.Model):
    """Has a memory that it does not use."""

    def __init__(self):
        super().__init__()
        self.memory = keras.layers.GRU(16)
        self.flat, self.digit = keras.layers.Flatten(), keras.layers.Dense(10)

    def call(self, images):
        return self.digit(self.flat(tf.cast(images, tf.float32) / 255))


class OfOneStep(NeverAsked):
    """Reads all pixels as one step."""

    def call(self, images):
        pixels = tf.reshape(tf.cast(images, tf.float32), (-1, 1, 784))
        return self.digit(self.memory(pixels / 255))


@pytest.mark.parametrize(
    "memory",
    [
        OwnStep,
        OfDenseLayers,
        lambda: keras.layers.RNN(keras.layers.SimpleRNNCell(16)),
        lambda: keras.layers.GRU(16),
        lambda: keras.layers.Bidirectional(keras.layers.SimpleRNN(8)),
        lambda: keras.Sequential([keras.layers.LSTM(16)]),
        Unrolled,
    ],
)
def test_trained_readers_pass(easy_digits, memory):
    keras.utils.set_random_seed(0)
    model = reader(memory(), keras.layers.Dense(10))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss)
    model.fit(*easy_digits, epochs=6, verbose=0)
    outcome = checks.my_reader(model, WORDS, *easy_digits)
    assert outcome.passed, outcome
    assert checks.my_reader(model, "Nothing.", *easy_digits).status == "not yet"
    nothing = "lorem ipsum dolor sit amet consectetur adipiscing elit"
    assert checks.my_reader(model, nothing, *easy_digits).status == "not yet"


@pytest.mark.filterwarnings("ignore:`build")
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda: reader(keras.layers.GRU(16), keras.layers.Dense(10)), "Did the loss fall"),
        (
            lambda: reader(keras.layers.GRU(128), keras.layers.Dense(10)),
            "at most 50,000 parameters",
        ),
        (lambda: reader(keras.layers.Flatten(), keras.layers.Dense(10)), "no recurrent layer"),
        (
            lambda: reader(keras.layers.GRU(10, return_sequences=True)),
            "expected shape (400, 10), got",
        ),
        (
            lambda: reader(
                keras.layers.Flatten(),
                keras.layers.Reshape((1, 784)),
                keras.layers.GRU(8),
                keras.layers.Dense(10),
            ),
            "reads several steps",
        ),
        (NeverAsked, "no recurrent layer"),
        (OfOneStep, "no recurrent layer"),
        (lambda: 0.97, "Expected a Keras model, got float"),
    ],
)
def test_other_models_are_told_why(easy_digits, answer, says):
    keras.utils.set_random_seed(0)
    outcome = checks.my_reader(answer(), WORDS, *easy_digits)
    assert outcome.status == "not yet"
    assert says in outcome.message
