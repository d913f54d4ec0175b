"""The checks of lesson 01 against right answers in several styles and wrong ones people write."""

import math

import numpy as np
import pytest
from answers import Answers

from workshop.checks import tensors as checks

tf = pytest.importorskip("tensorflow")


def moments(x):
    mean, variance = tf.nn.moments(x, axes=[0])
    return (x - mean) / tf.sqrt(variance)


def column_by_column(x):
    columns = [(c - np.mean(c)) / np.std(c) for c in x.numpy().T]
    return np.stack(columns, axis=1)


def tape_gradients(x, target, w, b):
    w, b = tf.Variable(w), tf.Variable(b)
    with tf.GradientTape() as tape:
        loss = (tf.tanh(tf.reduce_sum(x * w) + b) - target) ** 2
    return tape.gradient(loss, [w, b])


def chain(x, target, w, b):
    y = np.tanh(np.dot(x, w) + b)
    delta = 2 * (y - target) * (1 - y * y)
    return delta * np.array(x), delta


def wrong_slope(x, target, w, b):
    y = tf.sigmoid(tf.reduce_sum(x * w) + b)
    delta = 2 * (y - target) * y * (1 - y)
    return delta * x, delta


def no_activation_slope(x, target, w, b):
    delta = 2 * (tf.tanh(tf.reduce_sum(x * w) + b) - target)
    return delta * x, delta


def other_sign(x, target, w, b):
    y = tf.tanh(tf.reduce_sum(x * w) + b)
    delta = 2 * (target - y) * (1 - y**2)
    return delta * x, delta


def only_by_w(x, target, w, b):
    return chain(x, target, w, b)[0]


@tf.function
def loop(n):
    count = 0
    while n >= 1:
        n /= 2
        count += 1
    return count


@tf.function
def recount(n):
    count = tf.constant(0)
    while tf.pow(2.0, tf.cast(count, tf.float32)) <= n:
        count += 1
    return count


while_loop = tf.function(
    lambda n: tf.while_loop(lambda n, _: n >= 1, lambda n, k: (n / 2, k + 1), [n, 0])[1]
)


def plain(n):
    return loop.python_function(n)


@tf.function
def one_short(n):
    count = 0
    while n > 1:
        n /= 2
        count += 1
    return count


@tf.function
def with_float(n):
    return math.floor(math.log2(float(n))) + 1


@tf.function
def fixed_rounds(n):
    count = 0
    for _ in range(4):
        if n >= 1:
            n /= 2
            count += 1
    return count


CLAIM = "It ends near 30,000; a second run with another order would change my mind."

RIGHT = {
    checks.standardise: [
        lambda x: (x - tf.reduce_mean(x, 0)) / tf.math.reduce_std(x, 0),
        moments,
        column_by_column,
    ],
    checks.neuron: [
        lambda x, w, b: tf.sigmoid(tf.reduce_sum(x * w, axis=1) + b),
        lambda x, w, b: tf.nn.sigmoid(tf.linalg.matvec(x, w) + b),
        lambda x, w, b: (1 / (1 + np.exp(-(x.numpy() @ w.numpy()) - b))).tolist(),
    ],
    checks.tanh_gradients: [chain, tape_gradients],
    checks.halvings: [loop, recount, while_loop],
}
WRONG = {
    checks.standardise: [
        (lambda x: (x - tf.reduce_mean(x)) / tf.math.reduce_std(x), "values are off"),
        (lambda x: x - tf.reduce_mean(x, axis=0), "values are off"),
        (lambda x: x - tf.reduce_mean(x, 1) / tf.math.reduce_std(x, 1), "raised"),
        (lambda x: (x - tf.reduce_mean(x, 0)) / tf.math.reduce_variance(x, 0), "values are off"),
    ],
    checks.neuron: [
        (lambda x, w, b: tf.reduce_sum(x * w, axis=1) + b, "values between 0 and 1"),
        (lambda x, w, b: tf.sigmoid(tf.reduce_sum(x * w, axis=1)), "values are off"),
        (lambda x, w, b: tf.sigmoid(tf.reduce_sum(x * w) + b), "expected shape (3,), got ()"),
        (lambda x, w, b: tf.sigmoid(x * w + b), "expected shape (3,), got (3, 2)"),
        (lambda x, w, b: tf.sigmoid(x @ w + b), "Your code raised InvalidArgumentError"),
        (lambda x, w, b: None, "gave None"),
    ],
    checks.tanh_gradients: [
        (wrong_slope, "the gradient by w at index"),
        (no_activation_slope, "(2 of 2 values are off)"),
        (other_sign, "the gradient by w at index"),
        (only_by_w, "expected two gradients, first by w and then by b"),
    ],
    checks.halvings: [
        (plain, "Expected a `tf.function`, got function"),
        (one_short, "halvings(1.0): expected 1, got 0"),
        (with_float, "Your code raised"),
        (fixed_rounds, "halvings(1023.0): expected 10, got 4"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


@pytest.mark.parametrize(
    ("sizes", "ratios"),
    [
        ([10, 100, 1000, 10_000], [9.0, 8.5, 3.0, 1.1]),
        (np.array([1, 2, 3, 50]), (1.0, 1.2, 0.9, 1.4)),
    ],
)
def test_a_measurement_that_covers_enough_passes(sizes, ratios):
    outcome = checks.gain(sizes, ratios, CLAIM)
    assert outcome.passed, outcome


@pytest.mark.parametrize(
    ("sizes", "ratios", "mind", "says"),
    [
        ([10, 100, 1000], [9.0, 3.0, 1.0], CLAIM, "at least 4 sizes, to see a trend, got 3"),
        ([10, 20, 30, 40], [9.0, 8, 7, 6], CLAIM, "at least 50 times the smallest, got 4 times"),
        ([10, 100, 1000, 9999], [9.0, 3.0, 1.0], CLAIM, "(4,) and (3,)"),
        ([9999, 100, 1000, 10], [9.0, 3.0, 1.0, 1.0], CLAIM, "from small to large"),
        ([10, 100, 1000, 9999], [9.0, 3.0, -1.0, 1.0], CLAIM, "Expected positive ratios"),
        ([10, 100, 1000, 9999], [9.0, 3.0, 1.0, 1.0], "It ends.", "8 words or more, got 2"),
    ],
)
def test_other_measurements_are_told_why(sizes, ratios, mind, says):
    outcome = checks.gain(sizes, ratios, mind)
    assert outcome.status == "not yet", outcome
    assert says in outcome.message


def test_a_measurement_that_is_not_made_is_not_attempted():
    assert checks.gain([10, 1000], ..., ...).status == "not attempted"


def test_gain_says_what_was_measured():
    outcome = checks.gain([10, 100, 1000, 10_000], [9.0, 8.5, 3.0, 1.1], CLAIM)
    assert "From size 10 to 10000 the ratio fell: 9.0 to 1.1" in outcome.message
    outcome = checks.gain([10, 100, 1000, 10_000], [1.0, 8.5, 3.0, 1.1], CLAIM)
    assert "the ratio did not fall: 1.0 to 1.1" in outcome.message


def test_halvings_does_not_blame_earlier_calls_with_python_numbers():
    traced = tf.function(loop.python_function)
    for n in (3, 5, 7):
        traced(n)
    assert checks.halvings(traced).passed
