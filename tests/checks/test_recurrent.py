"""Right and wrong answers to the exercises of lesson 06."""

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


def mask_by_comparing(lengths, steps):
    return np.arange(steps)[None] < lengths[:, None]


def mask_by_tensorflow(lengths, steps):
    return tf.sequence_mask(lengths, steps)


def mask_by_lists(lengths, steps):
    return [[step < length for step in range(steps)] for length in lengths]


def mask_of_the_padding(lengths, steps):
    return np.arange(steps) >= lengths[:, None]


def mask_one_too_long(lengths, steps):
    return np.arange(steps) <= lengths[:, None]


def mask_without_the_axis(lengths, steps):
    return np.arange(steps) < lengths


def mask_transposed(lengths, steps):
    return (np.arange(steps) < lengths[:, None]).T


def mask_of_numbers(lengths, steps):
    return (np.arange(steps) < lengths[:, None]).astype("float32")


RIGHT = {
    checks.rnn_step: [step_by_operators, step_by_numpy, step_by_a_loop],
    checks.gru_parameters: [count_by_formula, count_by_arrays],
    checks.mask_from_lengths: [mask_by_comparing, mask_by_tensorflow, mask_by_lists],
}
WRONG = {
    checks.rnn_step: [
        (step_without_memory, "Where does the old state go in?"),
        (step_without_tanh, "values are off"),
        (step_without_bias, "values are off"),
        (step_transposed, "transposed"),
        (step_turned_round, "Your code raised"),
        (step_that_returns_nothing, "gave None"),
    ],
    checks.gru_parameters: [
        (count_of_one_gate, "one gate"),
        (count_with_one_bias, "How many rows has the bias?"),
        (count_of_a_simple_layer, "expected 12, got 3"),
        (count_with_steps, "expected 12, got 336"),
        (count_of_an_lstm, "expected 18048, got 23808"),
    ],
    checks.mask_from_lengths: [
        (mask_of_the_padding, "got it for the padding"),
        (mask_one_too_long, "a step too many"),
        (mask_without_the_axis, "raised ValueError"),
        (mask_transposed, "expected shape (3, 4), got (4, 3)"),
        (mask_of_numbers, "True or False"),
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


@pytest.mark.parametrize(
    "memory",
    [
        lambda: keras.layers.GRU(16),
        lambda: keras.layers.Bidirectional(keras.layers.SimpleRNN(8)),
        lambda: keras.Sequential([keras.layers.LSTM(16)]),
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


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda: reader(keras.layers.GRU(16), keras.layers.Dense(10)), "Did the loss fall"),
        (
            lambda: reader(keras.layers.GRU(128), keras.layers.Dense(10)),
            "at most 50,000 parameters",
        ),
        (lambda: reader(keras.layers.Flatten(), keras.layers.Dense(10)), "No recurrent layer"),
        (
            lambda: reader(keras.layers.GRU(10, return_sequences=True)),
            "expected shape (400, 10), got",
        ),
        (lambda: 0.97, "Expected a Keras model, got float"),
    ],
)
def test_other_models_are_told_why(easy_digits, answer, says):
    keras.utils.set_random_seed(0)
    outcome = checks.my_reader(answer(), WORDS, *easy_digits)
    assert outcome.status == "not yet"
    assert says in outcome.message
