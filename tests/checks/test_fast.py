"""Right and wrong answers to the exercises of lesson 04c."""

import math

import numpy as np
import pytest
from answers import Answers

from workshop.checks import fast as checks

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")
layers = keras.layers
CosineDecay = keras.optimizers.schedules.CosineDecay
MIND = "A network with twice as many first kernels that reads more with three seeds."


def lean_by_moments(image):
    rows, columns = np.indices(image.shape)
    ink = image / image.sum(dtype=float)
    down, right = rows - np.sum(ink * rows), columns - np.sum(ink * columns)
    return np.sum(ink * down * right) / np.sum(ink * down**2)


def lean_by_loops(image):
    image = image.astype(float).tolist()
    pixels = [(r, c, ink) for r, row in enumerate(image) for c, ink in enumerate(row)]
    total = sum(ink for _, _, ink in pixels)
    row, column = (sum(p[k] * p[2] for p in pixels) / total for k in (0, 1))
    both = sum(ink * (r - row) * (c - column) for r, c, ink in pixels)
    return both / sum(ink * (r - row) ** 2 for r, c, ink in pixels)


def lean_by_covariance(image):
    rows, columns = np.indices(image.shape).reshape(2, -1)
    covariance = np.cov(rows, columns, aweights=image.ravel().astype(float))
    return covariance[0, 1] / covariance[0, 0]


def lean_by_a_fitted_line(image):
    rows, columns = np.indices(image.shape).reshape(2, -1)
    return np.polyfit(rows, columns, 1, w=np.sqrt(image.ravel().astype(float)))[0]


def lean_by_tensors(image):
    ink = tf.cast(image, "float64")
    ink /= tf.reduce_sum(ink)
    rows, columns = (tf.cast(grid, "float64") for grid in np.indices(image.shape))
    down = rows - tf.reduce_sum(ink * rows)
    right = columns - tf.reduce_sum(ink * columns)
    return tf.reduce_sum(ink * down * right) / tf.reduce_sum(ink * down * down)


def lean_by_sums(image):
    ink = image.astype("float64")
    row, column = np.arange(len(ink)), np.arange(ink.shape[1])
    total, r, c = ink.sum(), ink.sum(1) @ row, ink.sum(0) @ column
    return (row @ ink @ column - r * c / total) / (ink.sum(1) @ row**2 - r * r / total)


def lean_without_means(image):
    rows, columns = np.indices(image.shape)
    return np.sum(image * rows * columns, dtype=float) / np.sum(image * rows**2, dtype=float)


def lean_the_other_way(image):
    return -lean_by_moments(image)


def lean_of_rows(image):
    return lean_by_moments(image.T)


def lean_from_the_middle(image):
    height, width = image.shape
    rows, columns = np.indices(image.shape)
    down, right = rows - (height - 1) / 2, columns - (width - 1) / 2
    return np.sum(image * down * right) / np.sum(image * down**2)


def lean_of_any_ink(image):
    return lean_by_moments((image > 0).astype(float))


def lean_as_correlation(image):
    rows, columns = np.indices(image.shape).reshape(2, -1)
    covariance = np.cov(rows, columns, aweights=image.ravel().astype(float))
    return covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])


def lean_of_28_pixels(image):
    rows, columns = np.indices((28, 28))
    ink = image / image.sum()
    down, right = rows - np.sum(ink * rows), columns - np.sum(ink * columns)
    return np.sum(ink * down * right) / np.sum(ink * down**2)


def lean_without_the_divisor(image):
    rows, columns = np.indices(image.shape)
    ink = image / image.sum(dtype=float)
    return np.sum(ink * (rows - np.sum(ink * rows)) * (columns - np.sum(ink * columns)))


def lean_in_bytes(image):
    rows, columns = np.indices(image.shape).astype(image.dtype)
    ink = image
    down, right = rows - np.mean(rows), columns - np.mean(columns)
    return np.sum(ink * down * right) / np.sum(ink * down**2)


def lean_in_degrees(image):
    return np.degrees(np.arctan(lean_by_moments(image)))


def lean_with_its_means(image):
    return lean_by_moments(image), 0.0


def schedule_by_keras(images, batch_size, epochs, peak):
    steps = epochs * math.ceil(images / batch_size)
    warmup = steps // 10
    return CosineDecay(0.0, steps - warmup, warmup_target=peak, warmup_steps=warmup)


def schedule_by_a_function(images, batch_size, epochs, peak):
    steps = epochs * -(-images // batch_size)
    warmup = steps // 10

    def rate(step):
        if step < warmup:
            return peak * step / warmup
        return peak * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup))) / 2

    return rate


def schedule_by_numpy(images, batch_size, epochs, peak):
    steps = epochs * int(np.ceil(images / batch_size))
    warmup = int(0.1 * steps)
    up = np.linspace(0, peak, warmup, endpoint=False)
    down = peak * (1 + np.cos(np.linspace(0, np.pi, steps - warmup + 1))) / 2
    return np.concatenate([up, down]).__getitem__


class Own(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, steps, peak):
        self.steps, self.peak, self.warmup = steps, peak, steps // 10

    def __call__(self, step):
        step = tf.cast(step, "float32")
        fall = (step - self.warmup) / (self.steps - self.warmup)
        down = (1 + tf.cos(np.pi * fall)) / 2
        return self.peak * tf.where(step < self.warmup, step / self.warmup, down)


def schedule_of_its_own(images, batch_size, epochs, peak):
    return Own(epochs * math.ceil(images / batch_size), peak)


def schedule_of_images(images, batch_size, epochs, peak):
    steps = epochs * images
    return CosineDecay(0.0, steps, warmup_target=peak, warmup_steps=steps // 10)


def schedule_that_is_late(images, batch_size, epochs, peak):
    steps = epochs * math.ceil(images / batch_size)
    return CosineDecay(0.0, steps, warmup_target=peak, warmup_steps=steps // 10)


def schedule_of_whole_batches(images, batch_size, epochs, peak):
    return schedule_by_keras(images // batch_size * batch_size, batch_size, epochs, peak)


def schedule_of_one_epoch(images, batch_size, epochs, peak):
    return schedule_by_keras(images, batch_size, 1, peak)


def schedule_with_one_warm_epoch(images, batch_size, epochs, peak):
    steps, warmup = epochs * math.ceil(images / batch_size), math.ceil(images / batch_size) // 10
    return CosineDecay(0.0, steps - warmup, warmup_target=peak, warmup_steps=warmup)


def schedule_without_warmup(images, batch_size, epochs, peak):
    return CosineDecay(peak, epochs * math.ceil(images / batch_size))


def schedule_of_the_shown_peak(images, batch_size, epochs, peak):
    return schedule_by_keras(images, batch_size, epochs, 0.005)


def schedule_that_rests_above_zero(images, batch_size, epochs, peak):
    steps = epochs * math.ceil(images / batch_size)
    warmup = steps // 10
    return CosineDecay(0.0, steps - warmup, 0.1, warmup_target=peak, warmup_steps=warmup)


def schedule_that_begins_warm(images, batch_size, epochs, peak):
    steps = epochs * math.ceil(images / batch_size)
    warmup = steps // 10
    return CosineDecay(peak / 2, steps - warmup, warmup_target=peak, warmup_steps=warmup)


def schedule_that_falls_straight(images, batch_size, epochs, peak):
    steps = epochs * math.ceil(images / batch_size)
    warmup = steps // 10
    return lambda step: peak * min(step / warmup, (steps - step) / (steps - warmup))


def schedule_of_one_number(images, batch_size, epochs, peak):
    return peak


def lean_with_too_much_added(image):
    rows, columns = np.indices(image.shape)
    ink = image / image.sum(dtype=float)
    rows, columns = rows - (ink * rows).sum(), columns - (ink * columns).sum()
    return (image * rows * columns).sum() / ((image * rows**2).sum() + 0.1)


RIGHT = {
    checks.lean: [
        lean_by_moments,
        lean_by_loops,
        lean_by_covariance,
        lean_by_a_fitted_line,
        lean_by_tensors,
        lean_by_sums,
    ],
}
WRONG = {
    checks.lean: [
        (lean_with_too_much_added, "of ink 0.001: expected 1, got"),
        (lean_without_means, "counted from their means"),
        (lean_the_other_way, "leans the other way"),
        (lean_of_rows, "got rows per column"),
        (lean_from_the_middle, "expected"),
        (lean_of_any_ink, "expected"),
        (lean_as_correlation, "expected"),
        (lean_of_28_pixels, "raised"),
        (lean_without_the_divisor, "expected"),
        (lean_in_bytes, "expected"),
        (lean_in_degrees, "expected -1, got -45"),
        (lean_with_its_means, "expected shape (), got (2,)"),
        (lambda image: 0.0, "expected -1, got 0"),
        (lambda image: print(lean_by_moments(image)), "gave None"),
    ],
}
SCHEDULES = [schedule_by_keras, schedule_by_a_function, schedule_by_numpy, schedule_of_its_own]


def schedule_with_a_step_too_many(images, batch_size, epochs, peak):
    steps = epochs * (images // batch_size + 1)
    decay = keras.optimizers.schedules.CosineDecay
    return decay(0.0, steps - steps // 10, warmup_target=peak, warmup_steps=steps // 10)


WRONG_SCHEDULES = [
    (schedule_with_a_step_too_many, "500 images"),
    (schedule_of_images, "the rate at step"),
    (schedule_that_is_late, "the rate at step"),
    (schedule_of_whole_batches, "the rate at step"),
    (schedule_of_one_epoch, "the rate at step"),
    (schedule_with_one_warm_epoch, "the rate at step"),
    (schedule_without_warmup, "the rate at step 0"),
    (schedule_of_the_shown_peak, "the rate at step"),
    (schedule_that_rests_above_zero, "the rate at step"),
    (schedule_that_begins_warm, "the rate at step 0"),
    (schedule_that_falls_straight, "the rate at step"),
    (schedule_of_one_number, "Expected a schedule"),
]


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


@pytest.mark.parametrize("answer", SCHEDULES)
def test_schedules_in_many_ways(answer):
    outcome = checks.warm_schedule(answer)
    assert outcome.passed, outcome


@pytest.mark.parametrize(("answer", "says"), WRONG_SCHEDULES)
def test_other_schedules_are_told_at_which_step(answer, says):
    outcome = checks.warm_schedule(answer)
    assert outcome.status == "not yet", outcome
    assert says in outcome.message, outcome


def model_of(*between):
    ends = layers.Reshape((24, 24, 1)), layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input((24, 24)), ends[0], *between, ends[1]])


@pytest.fixture(scope="module")
def easy_digits():
    """Images whose class is the bright row, and a network that reads them."""
    labels = np.random.default_rng(0).integers(0, 10, 300)
    images = np.zeros((300, 24, 24), np.float32)
    images[np.arange(300), labels * 2] = 1
    model = model_of(layers.Flatten())
    kernel = np.zeros((24, 24, 10), np.float32)
    kernel[np.arange(10) * 2, :, np.arange(10)] = 1
    model.layers[-1].set_weights([kernel.reshape(-1, 10), np.zeros(10)])
    return model, images, labels


def test_a_cheap_network_passes_in_any_language(easy_digits):
    model, images, labels = easy_digits
    assert checks.multiplications(model) == 5760
    for mind in (MIND, "如果换三个种子都是第一层更省时间我就改变看法。"):
        assert checks.cheap_model(model, mind, images, labels).passed
    inner = keras.Sequential([keras.Input((24, 24)), model])
    assert checks.cheap_model(inner, MIND, images, labels).passed


@pytest.mark.parametrize("both_ways", [False, True])
@pytest.mark.parametrize("return_sequences", [False, True])
def test_a_recurrent_layer_multiplies_at_each_step(both_ways, return_sequences):
    layer = layers.LSTM(64, return_sequences=return_sequences)
    if both_ways:
        layer = layers.Bidirectional(layer)
    model = keras.Sequential([keras.Input((24, 24)), layer])
    assert checks.multiplications(model) == (1 + both_ways) * 24 * (24 + 64) * 4 * 64


def test_the_full_data_asks_for_more(easy_digits):
    model, images, labels = easy_digits
    many = np.resize(labels, 10_000)
    wrong = np.where(np.arange(10_000) < 200, (many + 1) % 10, many)
    pictures = np.resize(images, (10_000, 24, 24))
    outcome = checks.cheap_model(model, MIND, pictures, wrong)
    assert "expected at least 0.985, got 0.98" in outcome.message


def model_of_whole_digits():
    return keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10)])


@pytest.mark.parametrize(
    ("build", "mind", "says"),
    [
        (lambda: model_of(layers.Conv2D(48, 3), layers.Flatten()), MIND, "multiplications"),
        (lambda: model_of(layers.Flatten()), MIND, "expected at least 0.93"),
        (lambda: keras.Sequential([layers.Flatten(), layers.Dense(10)]), MIND, "keras.Input"),
        (lambda: 0.99, MIND, "Expected a Keras model, got float"),
        (model_of_whole_digits, MIND, "inputs of shape (24, 24), got one of (28, 28)"),
        (None, "", "what would change your mind"),
        (None, "no idea", "what would change your mind"),
    ],
)
def test_other_networks_are_told_why(easy_digits, build, mind, says):
    keras.utils.set_random_seed(0)
    model, images, labels = easy_digits
    outcome = checks.cheap_model(build() if build else model, mind, images, labels)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_nine_classes_are_too_few(easy_digits):
    _, images, labels = easy_digits
    nine = keras.Sequential([keras.Input((24, 24)), layers.Flatten(), layers.Dense(9)])
    outcome = checks.cheap_model(nine, MIND, images, labels)
    assert "expected shape (300, 10), got (300, 9)" in outcome.message


def test_untouched_cells_are_not_attempted():
    assert checks.cheap_model(..., ..., None, None).status == "not attempted"
    assert checks.warm_schedule(...).status == "not attempted"
