"""Right and wrong answers to the exercises of lesson 06b."""

import numpy as np
import pytest
from answers import Answers

from workshop.checks import sequences as checks
from workshop.data import noisy_sine

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

WORDS = "Noise is not in the window; staying below it on fresh series would change my mind."


def windows_by_stacking(series, width):
    inputs = np.stack([series[k : k + width] for k in range(len(series) - width)])
    return inputs[..., np.newaxis], series[width:]


def windows_by_a_view(series, width):
    views = np.lib.stride_tricks.sliding_window_view(series, width + 1)
    return views[:, :-1, None], views[:, -1]


def windows_by_lists(series, width):
    starts = range(len(series) - width)
    inputs = [[[value] for value in series[k : k + width]] for k in starts]
    return [inputs, [series[k + width] for k in starts]]


def windows_without_the_feature(series, width):
    inputs, targets = windows_by_stacking(series, width)
    return inputs[..., 0], targets


def windows_that_hold_their_target(series, width):
    inputs, _ = windows_by_stacking(series, width)
    return inputs, series[width - 1 : -1]


def windows_one_too_many(series, width):
    views = np.lib.stride_tricks.sliding_window_view(series, width)
    return views[..., None], series[width:]


def windows_side_by_side(series, width):
    count = (len(series) - 1) // width
    return series[: count * width].reshape(count, width, 1), series[width::width][:count]


def windows_alone(series, width):
    return windows_by_stacking(series, width)[0]


def windows_that_return_nothing(series, width):
    windows_by_stacking(series, width)


def bits_by_numpy(probabilities, codes):
    return -np.mean(np.log2(probabilities[np.arange(len(codes)), codes]))


def bits_by_keras(probabilities, codes):
    losses = keras.losses.sparse_categorical_crossentropy(codes, probabilities)
    return tf.reduce_mean(losses) / np.log(2)


def bits_by_a_loop(probabilities, codes):
    return sum(-np.log2(row[code]) for row, code in zip(probabilities, codes, strict=True)) / len(
        codes
    )


def bits_in_nats(probabilities, codes):
    return bits_by_numpy(probabilities, codes) * np.log(2)


def bits_with_the_wrong_sign(probabilities, codes):
    return -bits_by_numpy(probabilities, codes)


def bits_of_all(probabilities, codes):
    return bits_by_numpy(probabilities, codes) * len(codes)


def bits_of_each(probabilities, codes):
    return -np.log2(probabilities[np.arange(len(codes)), codes])


def bits_of_the_likeliest(probabilities, codes):
    return -np.mean(np.log2(probabilities.max(axis=1)))


def bits_of_all_columns(probabilities, codes):
    return -np.mean(np.log2(probabilities[:, codes]))


def temperature_by_power(probabilities, temperature):
    scaled = (probabilities / probabilities.max()) ** (1 / temperature)
    return scaled / scaled.sum()


def temperature_by_softmax(probabilities, temperature):
    return tf.nn.softmax(tf.math.log(probabilities) / temperature)


def temperature_by_logarithms(probabilities, temperature):
    logits = np.log(probabilities) / temperature
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def temperature_turned_round(probabilities, temperature):
    return probabilities**temperature / np.sum(probabilities**temperature)


def temperature_without_the_sum(probabilities, temperature):
    return probabilities ** (1 / temperature)


def temperature_by_division(probabilities, temperature):
    return probabilities / temperature / np.sum(probabilities / temperature)


def temperature_that_vanishes(probabilities, temperature):
    powers = probabilities ** (1 / temperature)
    return powers / powers.sum()


def temperature_that_takes_the_largest(probabilities, temperature):
    return np.argmax(probabilities)


RIGHT = {
    checks.windows: [windows_by_stacking, windows_by_a_view, windows_by_lists],
    checks.bits_per_character: [bits_by_numpy, bits_by_keras, bits_by_a_loop],
    checks.with_temperature: [
        temperature_by_power,
        temperature_by_softmax,
        temperature_by_logarithms,
    ],
}
WRONG = {
    checks.windows: [
        (windows_without_the_feature, "Where is the feature?"),
        (windows_that_hold_their_target, "the targets of"),
        (windows_one_too_many, "Which value follows the last?"),
        (windows_side_by_side, "expected shape (4, 2, 1), got (2, 2, 1)"),
        (windows_alone, "expected inputs and targets, got one ndarray"),
        (windows_that_return_nothing, "gave None"),
    ],
    checks.bits_per_character: [
        (bits_in_nats, "natural logarithms"),
        (bits_with_the_wrong_sign, "is negative"),
        (bits_of_all, "expected the mean"),
        (bits_of_each, "expected shape (), got (3,)"),
        (bits_of_the_likeliest, ": expected 2, got"),
        (bits_of_all_columns, ": expected 2, got"),
    ],
    checks.with_temperature: [
        (temperature_turned_round, "Which power is it?"),
        (temperature_without_the_sum, "expected probabilities that sum to 1"),
        (temperature_by_division, "values are off"),
        (temperature_that_vanishes, "All powers vanish"),
        (temperature_that_takes_the_largest, "expected shape (3,), got ()"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


def test_an_untouched_forecaster_is_not_attempted():
    assert checks.my_forecaster(..., ...).status == "not attempted"


@pytest.fixture(scope="module")
def examples():
    return windows_by_a_view(noisy_sine(1800), checks.WIDTH)


def linear(rate, examples, epochs=10):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((checks.WIDTH, 1)), keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    model.compile(keras.optimizers.Adam(rate), "mse")
    model.fit(*examples, epochs=epochs, verbose=0)
    return model


class Average(keras.Model):
    """A forecaster that learns nothing: the mean of the same hour on both days."""

    def call(self, inputs):
        return (inputs[:, 0] + inputs[:, checks.PERIOD]) / 2


def test_forecasters_that_beat_the_baseline_pass(examples):
    model = linear(0.01, examples)
    assert checks.my_forecaster(model, WORDS).passed, checks.my_forecaster(model, WORDS)
    assert checks.my_forecaster(Average(), WORDS).passed
    outcome = checks.my_forecaster(model, "It is noise.")
    assert outcome.status == "not yet"
    assert "why nobody" in outcome.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda examples: linear(1e-5, examples, epochs=1), "a period ago"),
        (lambda examples: keras.Sequential([keras.layers.Lambda(lambda x: x)]), "expected shape"),
        (lambda examples: {"off": 0.2}, "Expected a Keras model, got dict"),
    ],
)
def test_other_forecasters_are_told_why(examples, answer, says):
    outcome = checks.my_forecaster(answer(examples), WORDS)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome
