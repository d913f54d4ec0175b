"""The checks of lesson 01 against right answers in several styles and wrong ones people write."""

import math

import numpy as np
import pytest
from answers import Answers

from workshop.checks import tensors as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
CLAIM = "A rate near 10 is best here; another best rate for a fifth part would change my mind."
RATES = [0.1, 1, 10, 100, 1000]


def moments(x):
    mean, variance = tf.nn.moments(x, axes=[0])
    return (x - mean) / tf.sqrt(variance)


def column_by_column(x):
    columns = [(c - np.mean(c)) / np.std(c) for c in x.numpy().T]
    return np.stack(columns, axis=1)


def table_in_lists(x):
    rows = x.numpy().tolist()
    columns = []
    for column in zip(*rows, strict=True):
        mean = sum(column) / len(column)
        std = math.sqrt(sum((v - mean) ** 2 for v in column) / len(column))
        columns.append([(v - mean) / std for v in column])
    return [list(row) for row in zip(*columns, strict=True)]


def by_a_layer(x):
    layer = keras.layers.Normalization(axis=-1)
    layer.adapt(x)
    return layer(x)


def table_in_place(x):
    x = x.numpy()
    x -= x.mean(axis=0)
    x /= x.std(axis=0)
    return x


def first_two_columns(x):
    x = x[:, :2]
    return (x - tf.reduce_mean(x, 0)) / tf.math.reduce_std(x, 0)


def by_rows(x):
    mean = tf.reduce_mean(x, axis=1, keepdims=True)
    return (x - mean) / tf.math.reduce_std(x, axis=1, keepdims=True)


def min_max(x):
    low, high = tf.reduce_min(x, 0), tf.reduce_max(x, 0)
    return (x - low) / (high - low)


def neuron_in_loops(x, w, b):
    outputs = []
    for row in x.numpy():
        z = float(b)
        for value, weight in zip(row, w.numpy(), strict=True):
            z += value * weight
        outputs.append(1 / (1 + math.exp(-z)))
    return outputs


def neuron_by_matrix(x, w, b):
    return tf.squeeze(tf.sigmoid(x @ w[:, tf.newaxis] + b), axis=1)


def neuron_for_two(x, w, b):
    return tf.sigmoid(x[:, 0] * w[0] + x[:, 1] * w[1] + b)


def squeezed_too_far(x, w, b):
    return tf.sigmoid(tf.squeeze(x @ w[:, tf.newaxis]) + b)


def tape_gradients(x, target, w, b):
    w, b = tf.Variable(w), tf.Variable(b)
    with tf.GradientTape() as tape:
        loss = (tf.tanh(tf.reduce_sum(x * w) + b) - target) ** 2
    return tape.gradient(loss, [w, b])


def chain(x, target, w, b):
    y = np.tanh(np.dot(x, w) + b)
    delta = 2 * (y - target) * (1 - y * y)
    return delta * np.array(x), delta


def chain_in_lists(x, target, w, b):
    x, target, w, b = (part.numpy().tolist() for part in (x, target, w, b))
    y = math.tanh(sum(one * weight for one, weight in zip(x, w, strict=True)) + b)
    delta = 2 * (y - target) * (1 - y**2)
    return [[delta * one for one in x], delta]


def chain_by_cosh(x, target, w, b):
    z = tf.tensordot(x, w, 1) + b
    delta = 2 * (tf.tanh(z) - target) / tf.cosh(z) ** 2
    return delta * x, delta


def scaled(factor, by_b=1.0):
    def answer(x, target, w, b):
        by_w, delta = chain(x, target, w, b)
        return by_w * factor, delta * factor * by_b

    return answer


def wrong_slope(x, target, w, b):
    y = tf.sigmoid(tf.reduce_sum(x * w) + b)
    delta = 2 * (y - target) * y * (1 - y)
    return delta * x, delta


def no_activation_slope(x, target, w, b):
    delta = 2 * (tf.tanh(tf.reduce_sum(x * w) + b) - target)
    return delta * x, delta


def slope_of_z(x, target, w, b):
    z = tf.reduce_sum(x * w) + b
    delta = 2 * (tf.tanh(z) - target) * (1 - z**2)
    return delta * x, delta


def no_bias(x, target, w, b):
    return chain(x, target, w, np.float32(0))


def by_copies(f, w):
    h, slopes = 1e-5, np.zeros_like(w)
    for k in range(len(w)):
        up, down = w.copy(), w.copy()
        up[k] += h
        down[k] -= h
        slopes[k] = (f(up) - f(down)) / (2 * h)
    return slopes


def by_steps(f, w):
    h = 1e-4
    return [(f(w + h * row) - f(w - h * row)) / (2 * h) for row in np.eye(len(w))]


def there_and_back(f, w):
    h, slopes = 1e-6, []
    for k in range(len(w)):
        before = w[k]
        w[k] = before + h
        up = f(w)
        w[k] = before - h
        slopes.append((up - f(w)) / (2 * h))
        w[k] = before
    return tf.constant(slopes)


def four_points(f, w):
    def slope(step):
        return (8 * (f(w + step) - f(w - step)) - f(w + 2 * step) + f(w - 2 * step)) / 12

    return np.array([slope(1e-3 * row) / 1e-3 for row in np.eye(len(w))])


def complex_step(f, w):
    return np.array([np.imag(f(w + 1e-20j * row)) / 1e-20 for row in np.eye(len(w))])


def in_lists(f, w):
    slopes, w = [], w.tolist()
    for k in range(len(w)):
        up, down = list(w), list(w)
        up[k], down[k] = w[k] + 1e-5, w[k] - 1e-5
        slopes.append((f(up) - f(down)) / 2e-5)
    return slopes


def one_side(h):
    return lambda f, w: [(f(w + h * row) - f(w)) / h for row in np.eye(len(w))]


def both_sides(h, by):
    return lambda f, w: [(f(w + h * row) - f(w - h * row)) / by for row in np.eye(len(w))]


def never_back(f, w):
    h, slopes = 1e-5, []
    for k in range(len(w)):
        w[k] += h
        up = f(w)
        w[k] -= 2 * h
        slopes.append((up - f(w)) / (2 * h))
    return slopes


def all_at_once(f, w):
    return np.full(len(w), (f(w + 1e-5) - f(w - 1e-5)) / 2e-5)


def only_the_first(f, w):
    return by_copies(f, w)[:1]


def in_float32(f, w):
    w, h = w.astype("float32"), np.float32(1e-5)
    eye = np.eye(len(w), dtype="float32")
    return [(np.float32(f(w + h * r)) - np.float32(f(w - h * r))) / (2 * h) for r in eye]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss_in_numpy(x, targets, w, b):
    p = sigmoid(x.numpy() @ w.numpy() + b.numpy())
    return np.mean((p.ravel() - targets.numpy()) ** 2)


def loss_in_loops(x, targets, w, b):
    total = 0.0
    for row, target in zip(x.numpy(), targets.numpy(), strict=True):
        z = sum(row * w.numpy()[:, 0]) + float(b[0])
        total += (1 / (1 + math.exp(-z)) - target) ** 2
    return total / len(x)


def probabilities(x, w, b):
    return tf.sigmoid(x @ w + b)


def as_given(x, targets, w, b):
    return tf.reduce_mean((probabilities(x, w, b) - targets) ** 2)


def for_two_only(x, targets, w, b):
    p = probabilities(x, w, b)
    return ((p[0, 0] - targets[0]) ** 2 + (p[1, 0] - targets[1]) ** 2) / 2


def squared_mean(x, targets, w, b):
    return (tf.reduce_mean(probabilities(x, w, b)) - tf.reduce_mean(targets)) ** 2


RIGHT = {
    checks.standardise: [
        lambda x: (x - tf.reduce_mean(x, 0)) / tf.math.reduce_std(x, 0),
        moments,
        column_by_column,
        table_in_lists,
        by_a_layer,
        table_in_place,
        lambda x: (x - keras.ops.mean(x, 0)) / (keras.ops.std(x, 0) + 1e-7),
        lambda x: np.float64((x - np.mean(x, axis=0)) / np.std(x, axis=0)),
    ],
    checks.neuron: [
        lambda x, w, b: tf.sigmoid(tf.reduce_sum(x * w, axis=1) + b),
        lambda x, w, b: tf.nn.sigmoid(tf.linalg.matvec(x, w) + b),
        lambda x, w, b: (1 / (1 + np.exp(-(x.numpy() @ w.numpy()) - b))).tolist(),
        lambda x, w, b: keras.ops.sigmoid(keras.ops.dot(x, w) + b),
        lambda x, w, b: 0.5 + 0.5 * tf.tanh((tf.tensordot(x, w, 1) + b) / 2),
        neuron_in_loops,
        neuron_by_matrix,
    ],
    checks.tanh_gradients: [chain, tape_gradients, chain_in_lists, chain_by_cosh, scaled(1.0)],
    checks.numeric_gradient: [
        by_copies,
        by_steps,
        there_and_back,
        four_points,
        complex_step,
        in_lists,
        one_side(1e-6),
        lambda f, w: tuple(by_copies(f, w)),
    ],
    checks.mean_loss: [
        lambda x, t, w, b: tf.reduce_mean((probabilities(x, w, b)[:, 0] - t) ** 2),
        lambda x, t, w, b: tf.reduce_mean((probabilities(x, w, b) - t[:, None]) ** 2),
        lambda x, t, w, b: tf.reduce_mean((tf.squeeze(probabilities(x, w, b), 1) - t) ** 2),
        lambda x, t, w, b: keras.losses.MeanSquaredError()(t[:, None], probabilities(x, w, b)),
        lambda x, t, w, b: np.float64(loss_in_numpy(x, t, w, b)),
        loss_in_loops,
    ],
}
OFF = "values are off|expected"


def in_proportion(f, w):
    steps = np.diag(1e-5 * w)
    return [(f(w + h) - f(w - h)) / (2 * h.sum()) for h in steps]


WRONG = {
    checks.standardise: [
        (lambda x: (x - tf.reduce_mean(x)) / tf.math.reduce_std(x), OFF),
        (lambda x: x - tf.reduce_mean(x, axis=0), OFF),
        (lambda x: x / tf.math.reduce_std(x, axis=0), OFF),
        (lambda x: x - tf.reduce_mean(x, 1) / tf.math.reduce_std(x, 1), "raised"),
        (lambda x: x - tf.reduce_mean(x, 0) / tf.math.reduce_std(x, 0), OFF),
        (lambda x: (x - tf.reduce_mean(x, 0)) / tf.math.reduce_variance(x, 0), OFF),
        (lambda x: (x - np.mean(x, 0)) / np.std(x, 0, ddof=1), OFF),
        (lambda x: (x - np.median(x, 0)) / np.std(x, 0), OFF),
        (lambda x: (tf.reduce_mean(x, 0) - x) / tf.math.reduce_std(x, 0), OFF),
        (lambda x: (x - tf.reduce_mean(x, 0)) / (tf.math.reduce_std(x, 0) + 0.01), OFF),
        (lambda x: tf.math.l2_normalize(x - tf.reduce_mean(x, 0), axis=0), OFF),
        (first_two_columns, "expected shape"),
        (by_rows, OFF),
        (min_max, OFF),
        (lambda x: x, OFF),
        (print, "gave None"),
    ],
    checks.neuron: [
        (lambda x, w, b: tf.reduce_sum(x * w, axis=1) + b, "values between 0 and 1"),
        (lambda x, w, b: tf.sigmoid(tf.reduce_sum(x * w, axis=1)), OFF),
        (lambda x, w, b: tf.sigmoid(tf.reduce_sum(x, axis=1) + b), OFF),
        (lambda x, w, b: tf.sigmoid(tf.reduce_sum(x * w, axis=1) - b), OFF),
        (lambda x, w, b: tf.sigmoid(tf.reduce_mean(x * w, axis=1) + b), OFF),
        (lambda x, w, b: tf.sigmoid(tf.reduce_sum(x * w + b, axis=1)), OFF),
        (lambda x, w, b: tf.sigmoid(tf.reduce_sum(x * w) + b), "expected shape (3,), got ()"),
        (lambda x, w, b: tf.sigmoid(tf.reduce_sum(x * w, 0) + b), "shape (3,), got (2,)"),
        (lambda x, w, b: tf.sigmoid(x * w + b), "expected shape (3,), got (3, 2)"),
        (lambda x, w, b: tf.sigmoid(x @ w[:, None] + b), "expected shape (3,), got (3, 1)"),
        (lambda x, w, b: tf.sigmoid(x @ w + b), "Your code raised InvalidArgumentError"),
        (lambda x, w, b: tf.tanh(tf.reduce_sum(x * w, axis=1) + b), "between 0 and 1|off"),
        (lambda x, w, b: tf.nn.softmax(tf.reduce_sum(x * w, axis=1) + b), OFF),
        (lambda x, w, b: tf.round(tf.sigmoid(tf.reduce_sum(x * w, axis=1) + b)), OFF),
        (neuron_for_two, "raised|are off"),
        (squeezed_too_far, "expected shape (1,), got ()"),
        (lambda x, w, b: [0.450166, 0.880797, 0.141851], "expected shape (1,), got (3,)"),
        (lambda x, w, b: None, "gave None"),
    ],
    checks.tanh_gradients: [
        (wrong_slope, "the gradient for w at index"),
        (no_activation_slope, "(2 of 2 values are off)"),
        (slope_of_z, "the gradient for w at index"),
        (no_bias, "the gradient for w at index"),
        (scaled(-1), "the gradient for w at index"),
        (scaled(0.5), "the gradient for w at index"),
        (scaled(1, by_b=0), "the gradient for b"),
        (lambda x, t, w, b: chain(x, t, w, b)[0], "expected two gradients, first for w and then"),
        (lambda x, t, w, b: chain(x, t, w, b)[::-1], "for w: expected shape (2,), got ()"),
        (lambda x, t, w, b: chain(x, 1.0, w, b), "target|the gradient"),
        (lambda x, t, w, b: (chain(x, t, w, b)[0][None], 0), "expected shape (2,), got (1, 2)"),
        (lambda x, t, w, b: (chain(x, t, w, b)[1] * w, chain(x, t, w, b)[1]), "gradient for w at"),
        (lambda x, t, w, b: print(chain(x, t, w, b)), "got NoneType"),
    ],
    checks.numeric_gradient: [
        (one_side(1e-2), OFF),
        (one_side(1e-3), OFF),
        (in_proportion, "raised RuntimeWarning"),
        (both_sides(1e-2, 2e-2), OFF),
        (both_sides(1e-5, 1e-5), OFF),
        (both_sides(0.3, 0.6), OFF),
        (both_sides(1e-5, -2e-5), OFF),
        (both_sides(1e-13, 2e-13), OFF),
        (in_float32, OFF),
        (never_back, "changed the array `w`"),
        (all_at_once, OFF),
        (only_the_first, "expected shape (2,), got (1,)"),
        (lambda f, w: f(w), "expected shape (1,), got ()"),
        (lambda f, w: 3 * w**2, OFF),
        (lambda f, w: np.zeros(len(w)), OFF),
        (lambda f, w: np.sum(by_copies(f, w)), "expected shape (1,), got ()"),
        (lambda f, w: print(by_copies(f, w)), "gave None"),
    ],
    checks.mean_loss: [
        (as_given, OFF),
        (lambda x, t, w, b: tf.reduce_sum((probabilities(x, w, b)[:, 0] - t) ** 2), OFF),
        (lambda x, t, w, b: (probabilities(x, w, b)[:, 0] - t) ** 2, "expected shape (), got (2,)"),
        (lambda x, t, w, b: tf.reduce_mean(probabilities(x, w, b)[:, 0] - t), OFF),
        (lambda x, t, w, b: tf.reduce_mean(abs(probabilities(x, w, b)[:, 0] - t)), OFF),
        (lambda x, t, w, b: tf.reduce_mean(((x @ w + b)[:, 0] - t) ** 2), OFF),
        (lambda x, t, w, b: tf.reduce_mean((tf.sigmoid(x @ w)[:, 0] - t) ** 2), OFF),
        (lambda x, t, w, b: tf.reduce_mean((probabilities(x, w, b) - t[None]) ** 2), OFF),
        (
            lambda x, t, w, b: tf.reduce_mean((probabilities(x, w, b) - t[:, None]) ** 2, axis=0),
            "expected shape (), got (1,)",
        ),
        (lambda x, t, w, b: tf.reduce_mean((probabilities(x, w, b)[0] - t) ** 2), OFF),
        (for_two_only, "raised|expected"),
        (squared_mean, OFF),
        (lambda x, t, w, b: tf.constant(0.0), OFF),
        (lambda x, t, w, b: print(as_given(x, t, w, b)), "gave None"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG
    keeping = (checks.numeric_gradient,)


def loss_after(rate, steps=50):
    """The lesson's, in NumPy: the same but for the last digits."""
    parts = np.array([[0.3, 1], [0.1, 0.5], [0.6, 0.4], [0.2, 2.5]])
    labels, w, b = np.array([1.0, 1, 0, 0]), np.array([-4.0, -1.0]), 2.0
    for _ in range(steps):
        p = sigmoid(parts @ w + b)
        slope = 2 * (p - labels) * p * (1 - p) / 4
        w, b = w - rate * slope @ parts, b - rate * slope.sum()
    return float(np.mean((sigmoid(parts @ w + b) - labels) ** 2))


LOSSES = [loss_after(rate) for rate in RATES]


@pytest.mark.parametrize(
    ("rates", "best"),
    [
        (RATES, 10),
        (tuple(RATES), 10.0),
        (np.array(RATES), np.float32(10)),
        ([0.001, 0.01, 0.1, 0.5, 1.0], 1),
        (np.geomspace(0.01, 10, 7), 10),
        (tf.constant([0.1, 1.0, 10.0, 100.0, 1000.0]), tf.constant(10.0)),
    ],
)
def test_rates_that_were_measured_pass(rates, best):
    losses = [loss_after(float(rate)) for rate in rates]
    outcome = checks.step_length(loss_after, rates, losses, best, CLAIM)
    assert outcome.passed, outcome
    assert checks.step_length(loss_after, rates, np.float32(losses), best, CLAIM).passed


@pytest.mark.parametrize(
    ("rates", "losses", "best", "mind", "says"),
    [
        (RATES[:4], LOSSES[:4], 10, CLAIM, "at least 5 learning rates"),
        ([1, 2, 3, 4, 5], [0.1] * 5, 5, CLAIM, "at least 1000 times the smallest, got 5 times"),
        (RATES[::-1], LOSSES[::-1], 10, CLAIM, "from small to large"),
        ([0, *RATES], [0.126, *LOSSES], 10, CLAIM, "positive rates"),
        (RATES, [0.5, 0.4, 0.3, 0.2, 0.1], 1000, CLAIM, "losses at index"),
        (RATES, LOSSES[::-1], 10, CLAIM, "losses at index"),
        (RATES, LOSSES[:4], 10, CLAIM, "losses: expected shape (5,), got (4,)"),
        (RATES, [loss_after(r, 20) for r in RATES], 10, CLAIM, "losses at index"),
        (RATES, LOSSES, 1000, CLAIM, "`best` is 1000. Which of your rates"),
        (RATES, LOSSES, 5, CLAIM, "`best` is 5. Which of your rates"),
        (RATES, LOSSES, 10, "Ten is best.", "8 words or more, got 3"),
        (RATES, LOSSES, 10, 10, "Expected a text"),
        ("0.1, 1, 10", LOSSES, 10, CLAIM, "could not use"),
    ],
)
def test_other_rates_are_told_why(rates, losses, best, mind, says):
    outcome = checks.step_length(loss_after, rates, losses, best, mind)
    assert outcome.status == "not yet", outcome
    assert says in outcome.message


def test_the_loss_is_that_of_the_lesson():
    outcome = checks.step_length(lambda rate: 1 / (1 + rate), RATES, LOSSES, 10, CLAIM)
    assert "Run its cell in section 5 again" in outcome.message


def test_rates_that_are_not_written_are_not_attempted():
    assert checks.step_length(loss_after, RATES, ..., ..., ...).status == "not attempted"


@pytest.mark.parametrize("answer", [RIGHT[checks.standardise][0], RIGHT[checks.neuron][0]])
def test_drawn_inputs_are_fair(answer):
    """A right answer passes whatever is drawn."""
    check = checks.standardise if answer is RIGHT[checks.standardise][0] else checks.neuron
    assert all(check(answer).passed for _ in range(30))
