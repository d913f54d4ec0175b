"""Right and wrong answers to the exercises of lesson 06b."""

import math
import statistics

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


def windows_by_tensorflow(series, width):
    views = tf.signal.frame(series, width + 1, 1)
    return views[:, :-1, tf.newaxis], views[:, -1]


def windows_by_appending(series, width):
    inputs, targets = [], []
    for k, target in enumerate(series[width:]):
        inputs.append(series[k : k + width].reshape(-1, 1))
        targets.append(target)
    return np.array(inputs, "float64"), np.array(targets)


def windows_by_indices(series, width):
    places = np.arange(len(series) - width)[:, None] + np.arange(width)
    return np.expand_dims(series[places], -1), series[width:].copy()


def windows_one_too_few(series, width):
    inputs, targets = windows_by_stacking(series, width)
    return inputs[:-1], targets[:-1]


def windows_of_48(series, width):
    return windows_by_stacking(series, 2)


def windows_turned_round(series, width):
    inputs, targets = windows_by_stacking(series, width)
    return inputs[:, ::-1], targets


def windows_shuffled(series, width):
    inputs, targets = windows_by_stacking(series, width)
    return np.random.default_rng(0).permutation(inputs), targets


def windows_with_targets_in_columns(series, width):
    inputs, targets = windows_by_stacking(series, width)
    return inputs, targets[:, None]


def windows_two_ahead(series, width):
    inputs, targets = windows_by_stacking(series, width)
    return inputs, np.append(targets[1:], targets[-1])


def windows_with_the_feature_first(series, width):
    inputs, targets = windows_by_stacking(series, width)
    return inputs.swapaxes(1, 2), targets


def bits_by_one_hot(probabilities, codes):
    one_hot = np.eye(probabilities.shape[1])[codes]
    return np.mean(-np.log2((one_hot * probabilities).sum(axis=1)))


def bits_by_gather(probabilities, codes):
    picked = tf.gather(probabilities, codes, batch_dims=1)
    return -tf.reduce_mean(tf.math.log(picked)) / tf.math.log(tf.constant(2.0, picked.dtype))


def bits_by_lists(probabilities, codes):
    bits = [-math.log(probabilities[k][code], 2) for k, code in enumerate(codes.tolist())]
    return math.fsum(bits) / len(bits)


def bits_in_float32(probabilities, codes):
    picked = np.take_along_axis(probabilities.astype("float32"), codes[:, None], 1)
    return np.log2(1 / picked).mean()


def bits_as_perplexity(probabilities, codes):
    return 2 ** bits_by_numpy(probabilities, codes)


def bits_as_a_median(probabilities, codes):
    return np.median(-np.log2(probabilities[np.arange(len(codes)), codes]))


def bits_of_the_mean(probabilities, codes):
    return -np.log2(np.mean(probabilities[np.arange(len(codes)), codes]))


def bits_by_logarithm_to_ten(probabilities, codes):
    return bits_by_numpy(probabilities, codes) * np.log10(2)


def bits_of_the_entropy(probabilities, codes):
    safe = np.where(probabilities > 0, probabilities, 1)
    return -np.mean(np.sum(probabilities * np.log2(safe), axis=1))


def bits_of_the_first(probabilities, codes):
    return -np.mean(np.log2(probabilities[:, codes[0]]))


def bits_of_columns_in_turn(probabilities, codes):
    return -np.mean(np.log2(probabilities[codes % len(codes), np.arange(len(codes))]))


def bits_of_two(probabilities, codes):
    return bits_by_numpy(probabilities, codes) / len(codes) * 3


def temperature_by_lists(probabilities, temperature):
    largest = max(probabilities)
    powers = [(float(p) / float(largest)) ** (1 / temperature) for p in probabilities]
    return [power / sum(powers) for power in powers]


def temperature_in_float32(probabilities, temperature):
    logits = tf.math.log(tf.cast(probabilities, tf.float32)) / temperature
    return keras.ops.softmax(logits)


def temperature_in_place(probabilities, temperature):
    probabilities /= probabilities.max()
    np.power(probabilities, 1 / temperature, out=probabilities)
    probabilities /= probabilities.sum()
    return probabilities


def temperature_by_a_softmax_of_probabilities(probabilities, temperature):
    powers = np.exp((probabilities - probabilities.max()) / temperature)
    return powers / powers.sum()


def temperature_that_is_ignored(probabilities, temperature):
    return probabilities


def temperature_of_a_half(probabilities, temperature):
    return temperature_by_power(probabilities, 0.5 if temperature < 1 else temperature)


def temperature_divided_by_the_largest(probabilities, temperature):
    powers = (probabilities / probabilities.max()) ** (1 / temperature)
    return powers / powers.max()


def temperature_with_a_floor(probabilities, temperature):
    return temperature_by_power(probabilities + 0.001, temperature)


def temperature_as_logits(probabilities, temperature):
    with np.errstate(all="ignore"):
        return np.log(probabilities) / temperature


def temperature_that_draws_three(probabilities, temperature):
    return temperature_by_power(probabilities[:3], temperature)


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


def mask_by_filling(lengths, steps):
    mask = np.zeros((len(lengths), steps), dtype=bool)
    for row, length in zip(mask, lengths, strict=True):
        row[:length] = True
    return mask


def mask_by_keras_ops(lengths, steps):
    return keras.ops.less(keras.ops.arange(steps), keras.ops.expand_dims(lengths, 1))


def mask_by_strings(lengths, steps):
    return np.array([[True] * int(n) + [False] * (steps - int(n)) for n in lengths])


def mask_by_a_triangle(lengths, steps):
    return np.tri(steps + 1, steps, k=-1, dtype=bool)[lengths]


def mask_as_long_as_the_longest(lengths, steps):
    return np.arange(max(lengths)) < lengths[:, None]


def mask_of_three_rows(lengths, steps):
    return np.arange(steps) < np.reshape(lengths, (3, 1))


def mask_at_the_other_end(lengths, steps):
    return mask_by_comparing(lengths, steps)[:, ::-1]


def mask_one_too_short(lengths, steps):
    return np.arange(steps) < lengths[:, None] - 1


def mask_of_the_last_step(lengths, steps):
    return np.arange(steps) == lengths[:, None] - 1


def mask_in_order(lengths, steps):
    return mask_by_comparing(np.sort(lengths), steps)


def mask_of_additive_zeros(lengths, steps):
    return np.where(mask_by_comparing(lengths, steps), 0.0, -1e9)


def parts_by_numpy(series):
    edge = len(series) * 3 // 4
    train, test = series[:edge], series[edge:]
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


def parts_by_split(series):
    edge = len(series) * 3 // 4
    train = series[:edge]
    return tuple(np.split((series - np.mean(train)) / np.std(train), [edge]))


def parts_by_tensorflow(series):
    edge = len(series) * 3 // 4
    mean, variance = tf.nn.moments(tf.constant(series[:edge]), axes=[0])
    scaled = (series - mean) / tf.sqrt(variance)
    return [scaled[:edge], scaled[edge:]]


def parts_by_a_layer(series):
    edge = len(series) * 3 // 4
    scale = keras.layers.Normalization(axis=None)
    scale.adapt(series[:edge])
    return scale(series[:edge]), scale(series[edge:])


def parts_by_statistics(series):
    numbers = series.tolist()
    train = numbers[: len(numbers) * 3 // 4]
    mean, off = statistics.fmean(train), statistics.stdev(train)
    scaled = [(value - mean) / off for value in numbers]
    return scaled[: len(train)], scaled[len(train) :]


def parts_in_place(series):
    edge = len(series) * 3 // 4
    series -= series[:edge].mean()
    series /= series[:edge].std()
    return series[:edge], series[edge:]


def parts_scaled_by_all(series):
    series = (series - np.mean(series)) / np.std(series)
    return np.split(series, [len(series) * 3 // 4])


def parts_on_two_scales(series):
    train, test = np.split(series, [len(series) * 3 // 4])
    return (train - train.mean()) / train.std(), (test - test.mean()) / test.std()


def parts_not_divided(series):
    train, test = np.split(series, [len(series) * 3 // 4])
    return train - train.mean(), test - train.mean()


def parts_not_centred(series):
    train, test = np.split(series, [len(series) * 3 // 4])
    return train / train.std(), test / train.std()


def parts_with_a_test_as_it_was(series):
    train, test = np.split(series, [len(series) * 3 // 4])
    return (train - train.mean()) / train.std(), test


def parts_cut_in_half(series):
    train, test = np.split(series, [len(series) // 2])
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


def parts_shuffled(series):
    return parts_by_numpy(np.random.default_rng(0).permutation(series))


def parts_scaled_by_their_extremes(series):
    train, test = np.split(series, [len(series) * 3 // 4])
    low, high = train.min(), train.max()
    return (train - low) / (high - low), (test - low) / (high - low)


def parts_scaled_by_the_test(series):
    train, test = np.split(series, [len(series) * 3 // 4])
    return (train - test.mean()) / test.std(), (test - test.mean()) / test.std()


def parts_in_one(series):
    return np.concatenate(parts_by_numpy(series))


def parts_that_return_nothing(series):
    parts_by_numpy(series)


def prepared_with_a_rounded_edge(series):
    known, later = np.split(series, [round(len(series) * 0.75)])
    return (known - known.mean()) / known.std(), (later - known.mean()) / known.std()


def windows_of_whole_numbers(series, width):
    inputs = np.zeros((len(series) - width, width, 1), int)
    for k in range(len(inputs)):
        inputs[k, :, 0] = series[k : k + width]
    return inputs, series[width:]


def windows_by_a_keras_dataset(series, width):
    whole = keras.utils.timeseries_dataset_from_array(series[:-1], series[width:], width)
    inputs, targets = zip(*whole, strict=True)
    return np.concatenate(inputs)[..., None], np.concatenate(targets)


def temperature_with_a_small_number(probabilities, temperature):
    return temperature_by_power(probabilities + 1e-12, temperature)


def temperature_of_a_hundredth_at_least(probabilities, temperature):
    return temperature_by_power(probabilities / probabilities.max(), max(temperature, 0.01))


def temperature_by_keras_ops(probabilities, temperature):
    return keras.ops.softmax(keras.ops.log(probabilities) / temperature)


def temperature_one_by_one(probabilities, temperature):
    return [
        1 / sum((other / one) ** (1 / temperature) for other in probabilities) if one else 0
        for one in probabilities
    ]


def mask_by_outer(lengths, steps):
    return np.less.outer(np.arange(steps), lengths).T


def parts_by_pstdev(series):
    values, edge = series.tolist(), len(series) * 3 // 4
    mean = sum(values[:edge]) / edge
    spread = (sum((value - mean) ** 2 for value in values[:edge]) / edge) ** 0.5
    scaled = [(value - mean) / spread for value in values]
    return [scaled[:edge], scaled[edge:]]


RIGHT = {
    checks.windows: [
        windows_by_stacking,
        windows_by_a_view,
        windows_by_lists,
        windows_by_tensorflow,
        windows_by_appending,
        windows_by_indices,
        windows_by_a_keras_dataset,
    ],
    checks.bits_per_character: [
        bits_by_numpy,
        bits_by_keras,
        bits_by_a_loop,
        bits_by_one_hot,
        bits_by_gather,
        bits_by_lists,
        bits_in_float32,
    ],
    checks.with_temperature: [
        temperature_by_power,
        temperature_by_softmax,
        temperature_by_logarithms,
        temperature_by_lists,
        temperature_in_float32,
        temperature_in_place,
        temperature_by_keras_ops,
        temperature_one_by_one,
    ],
    checks.mask_from_lengths: [
        mask_by_comparing,
        mask_by_tensorflow,
        mask_by_lists,
        mask_by_filling,
        mask_by_keras_ops,
        mask_by_strings,
        mask_by_a_triangle,
        mask_by_outer,
    ],
    checks.prepare: [
        parts_by_numpy,
        parts_by_split,
        parts_by_tensorflow,
        parts_by_a_layer,
        parts_by_statistics,
        parts_in_place,
        parts_by_pstdev,
    ],
}
WRONG = {
    checks.windows: [
        (windows_without_the_feature, "Where is the feature axis?"),
        (windows_that_hold_their_target, "the targets of"),
        (windows_one_too_many, "Which value follows the last?"),
        (windows_side_by_side, "expected shape (4, 2, 1), got (2, 2, 1)"),
        (windows_alone, "expected inputs and targets, got one ndarray"),
        (windows_that_return_nothing, "gave None"),
        (windows_one_too_few, "The last value of the series is a target"),
        (windows_of_48, "expected shape (6, 4, 1), got (8, 2, 1)"),
        (windows_turned_round, "the inputs of"),
        (windows_shuffled, "the inputs of"),
        (windows_with_targets_in_columns, "expected shape (4,), got (4, 1)"),
        (windows_two_ahead, "the targets of"),
        (windows_with_the_feature_first, "expected shape (4, 2, 1), got (4, 1, 2)"),
        (windows_of_whole_numbers, "the inputs of"),
    ],
    checks.bits_per_character: [
        (bits_in_nats, "natural logarithms"),
        (bits_with_the_wrong_sign, "is negative"),
        (bits_of_all, "expected the mean"),
        (bits_of_each, "expected shape (), got (3,)"),
        (bits_of_the_likeliest, ": expected 2, got"),
        (bits_of_all_columns, ": expected 2, got"),
        (bits_as_perplexity, "2 to that power"),
        (bits_as_a_median, "expected"),
        (bits_of_the_mean, "expected"),
        (bits_by_logarithm_to_ten, "expected 2, got 0.6"),
        (bits_of_the_entropy, "expected 2, got"),
        (bits_of_the_first, "expected"),
        (bits_of_columns_in_turn, "expected|raised"),
        (bits_of_two, "expected"),
    ],
    checks.with_temperature: [
        (temperature_turned_round, "Which power is it?"),
        (temperature_without_the_sum, "expected probabilities that sum to 1"),
        (temperature_by_division, "values are off"),
        (temperature_that_vanishes, "All powers are rounded to 0"),
        (temperature_that_takes_the_largest, "expected shape (3,), got ()"),
        (temperature_by_a_softmax_of_probabilities, "softmax is for logits|values are off"),
        (temperature_that_is_ignored, "values are off"),
        (temperature_of_a_half, "values are off|T = 0.002"),
        (temperature_divided_by_the_largest, "sum to 1"),
        (temperature_with_a_floor, "values are off"),
        (temperature_as_logits, "sum to 1|values are off"),
        (temperature_that_draws_three, "expected shape (4,), got (3,)"),
        (temperature_with_a_small_number, ", 20.0) at index"),
        (temperature_of_a_hundredth_at_least, "at T = 0.002"),
    ],
    checks.mask_from_lengths: [
        (mask_of_the_padding, "got it for the padding"),
        (mask_one_too_long, "one step too many"),
        (mask_without_the_axis, "raised ValueError"),
        (mask_transposed, "expected shape (3, 4), got (4, 3)"),
        (mask_of_numbers, "True or False"),
        (mask_as_long_as_the_longest, "expected shape (3, 4), got (3, 3)"),
        (mask_of_three_rows, "raised ValueError"),
        (mask_at_the_other_end, "is at the end"),
        (mask_one_too_short, "values are off"),
        (mask_of_the_last_step, "values are off"),
        (mask_in_order, "values are off"),
        (mask_of_additive_zeros, "values are off"),
    ],
    checks.prepare: [
        (parts_scaled_by_all, "changes with what comes later"),
        (parts_on_two_scales, "on a scale of its own"),
        (parts_not_divided, "not divided by its spread"),
        (parts_not_centred, "does not have mean 0"),
        (parts_with_a_test_as_it_was, "not scaled"),
        (parts_cut_in_half, "expected shape (30,), got (20,)"),
        (parts_shuffled, "values are off"),
        (parts_scaled_by_their_extremes, "values are off"),
        (parts_scaled_by_the_test, "on a scale of its own"),
        (parts_in_one, "expected two parts, got one ndarray"),
        (parts_that_return_nothing, "got one NoneType"),
        (prepared_with_a_rounded_edge, "prepare(...) of 41 steps"),
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


class Neighbour(keras.Model):
    """Looks into the next window of the batch, where its own answer stands."""

    def call(self, inputs):
        return tf.concat([inputs[1:, -1], inputs[-1:, -checks.PERIOD]], axis=0)


def test_forecasters_that_beat_the_baseline_pass(examples):
    model = linear(0.01, examples)
    assert checks.my_forecaster(model, WORDS).passed, checks.my_forecaster(model, WORDS)
    assert checks.my_forecaster(Average(), WORDS).passed
    nothing = "lorem ipsum dolor sit amet consectetur adipiscing elit"
    assert "what has that to do with it?" in checks.my_forecaster(model, nothing).message
    outcome = checks.my_forecaster(model, "It is noise.")
    assert outcome.status == "not yet"
    assert "why no model" in outcome.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda examples: linear(1e-5, examples, epochs=1), "a period ago"),
        (lambda examples: keras.Sequential([keras.layers.Lambda(lambda x: x)]), "expected shape"),
        (lambda examples: Neighbour(), "a period ago"),
        (lambda examples: {"off": 0.2}, "Expected a Keras model, got dict"),
    ],
)
def test_other_forecasters_are_told_why(examples, answer, says):
    outcome = checks.my_forecaster(answer(examples), WORDS)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome
