"""The checks of lesson 01 against right answers in several styles and wrong ones people write."""

import math

import numpy as np
import pytest

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

RIGHT = [
    (checks.standardise, lambda x: (x - tf.reduce_mean(x, 0)) / tf.math.reduce_std(x, 0)),
    (checks.standardise, moments),
    (checks.standardise, column_by_column),
    (checks.neuron, lambda x, w, b: tf.sigmoid(tf.reduce_sum(x * w, axis=1) + b)),
    (checks.neuron, lambda x, w, b: tf.nn.sigmoid(tf.linalg.matvec(x, w) + b)),
    (checks.neuron, lambda x, w, b: (1 / (1 + np.exp(-(x.numpy() @ w.numpy()) - b))).tolist()),
    (checks.tanh_gradients, chain),
    (checks.tanh_gradients, tape_gradients),
    (checks.halvings, loop),
    (checks.halvings, recount),
    (checks.halvings, while_loop),
    (checks.gain, [10, 100, 1000, 10_000], [9.0, 8.5, 3.0, 1.1], CLAIM),
    (checks.gain, np.array([1, 2, 3, 50]), (1.0, 1.2, 0.9, 1.4), CLAIM),
]

WRONG = [
    (checks.standardise, lambda x: (x - tf.reduce_mean(x)) / tf.math.reduce_std(x), "expected"),
    (checks.standardise, lambda x: x - tf.reduce_mean(x, axis=0), "values are off"),
    (checks.standardise, lambda x: x - tf.reduce_mean(x, 1) / tf.math.reduce_std(x, 1), "raised"),
    (checks.standardise, lambda x: (x - tf.reduce_mean(x, 0)) / tf.math.reduce_variance(x, 0),
     "values are off"),
    (checks.neuron, lambda x, w, b: tf.reduce_sum(x * w, axis=1) + b, "between 0 and 1"),
    (checks.neuron, lambda x, w, b: tf.sigmoid(tf.reduce_sum(x * w, axis=1)), "was expected"),
    (checks.neuron, lambda x, w, b: tf.sigmoid(tf.reduce_sum(x * w) + b), "the shape () came"),
    (checks.neuron, lambda x, w, b: tf.sigmoid(x * w + b), "the shape (3, 2) came, (3,)"),
    (checks.neuron, lambda x, w, b: tf.sigmoid(x @ w + b), "Your code raised InvalidArgumentError"),
    (checks.neuron, lambda x, w, b: None, "gave None"),
    (checks.tanh_gradients, wrong_slope, "the gradient by w at index"),
    (checks.tanh_gradients, no_activation_slope, "was expected (2 of 2 values are off)"),
    (checks.tanh_gradients, other_sign, "the gradient by w at index"),
    (checks.tanh_gradients, only_by_w, "two are needed: by w, then by b"),
    (checks.halvings, plain, "A plain function came"),
    (checks.halvings, one_short, "halvings(1.0): 0 came, 1 was expected"),
    (checks.halvings, with_float, "Your code raised"),
    (checks.halvings, fixed_rounds, "halvings(1023.0): 4 came, 10 was expected"),
    (checks.gain, [10, 100, 1000], [9.0, 3.0, 1.0], CLAIM, "3 sizes came; at least 4"),
    (checks.gain, [10, 20, 30, 40], [9.0, 8, 7, 6], CLAIM, "4 times the smallest; at least 50"),
    (checks.gain, [10, 100, 1000, 9999], [9.0, 3.0, 1.0], CLAIM, "(4,) and (3,)"),
    (checks.gain, [9999, 100, 1000, 10], [9.0, 3.0, 1.0, 1.0], CLAIM, "small to large"),
    (checks.gain, [10, 100, 1000, 9999], [9.0, 3.0, 1.0, 1.0], "It ends.", "has 2 words"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "answers"), [(check, rest) for check, *rest in RIGHT])
def test_right_answers_pass(check, answers):
    outcome = check(*answers)
    assert outcome.status == "passed", outcome.message


@pytest.mark.parametrize(
    ("check", "answers", "says"), [(check, rest, says) for check, *rest, says in WRONG]
)
def test_wrong_answers_show_the_distance(check, answers, says):
    outcome = check(*answers)
    assert outcome.status == "not yet"
    assert says in outcome.message


def untouched(x): ...


@pytest.mark.parametrize(
    ("check", "answers"),
    [
        (checks.standardise, [untouched]),
        (checks.neuron, [untouched]),
        (checks.tanh_gradients, [untouched]),
        (checks.halvings, [...]),
        (checks.gain, [[10, 1000], ..., ...]),
    ],
)
def test_placeholders_are_not_attempted(check, answers):
    assert check(*answers).status == "not attempted"


def test_gain_says_what_was_measured():
    outcome = checks.gain([10, 100, 1000, 10_000], [9.0, 8.5, 3.0, 1.1], CLAIM)
    assert "the ratio fell: 9.0 to 1.1" in outcome.message


def test_halvings_does_not_blame_earlier_calls_with_python_numbers():
    traced = tf.function(loop.python_function)
    for n in (3, 5, 7):
        traced(n)
    assert checks.halvings(traced).passed
