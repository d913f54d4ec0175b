"""The checks of lesson 01b against right answers in several styles and wrong ones people write."""

import math

import numpy as np
import pytest
from answers import Answers

from workshop.checks import graphs as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
CLAIM = "It ends near 30,000; a second run with another order would change my mind."


@tf.function
def loop(n):
    count = 0
    while n >= 1:
        n /= 2
        count += 1
    return count


@tf.function
def recount(n):
    count, power = tf.constant(0), tf.constant(1.0)
    while power <= n:
        count, power = count + 1, power * 2
    return count


@tf.function
def long_count(n):
    count = tf.constant(0, tf.int64)
    while tf.math.greater_equal(n, 1.0):
        n = n * 0.5
        count = count + 1
    return count


@tf.function(input_signature=[tf.TensorSpec([], tf.float32)])
def with_signature(n):
    count = 0
    while n >= 1.0:
        count, n = count + 1, n / 2
    return count


@tf.function
def until_break(n):
    count = 0
    while tf.constant(value=True):
        if n < 1:
            break
        n = n / 2
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


@tf.function
def many_rounds(n):
    count = 0
    for _ in range(12):
        if n >= 1:
            n /= 2
            count += 1
    return count


@tf.function
def whole_division(n):
    count = 0
    while n >= 1:
        n = n // 2
        count += 2
    return count


@tf.function
def starts_at_one(n):
    count = 1
    while n >= 1:
        n /= 2
        count += 1
    return count


@tf.function
def at_least_once(n):
    count = 1
    n = n / 2
    while n >= 1:
        n /= 2
        count += 1
    return count


@tf.function
def count_in_floats(n):
    count = 0.0
    while n >= 1:
        n /= 2
        count += 1.0
    return count


@tf.function
def what_is_left(n):
    while n >= 1:
        n /= 2
    return n


@tf.function
def printed(n):
    tf.print(loop(n))


class Chain:
    """Along every way, one after the other."""

    def __init__(self, value, parents=()):
        self.value, self.gradient, self.parents = value, 0.0, parents

    def __add__(self, other):
        return type(self)(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        pairs = [(self, other.value), (other, self.value)]
        return type(self)(self.value * other.value, pairs)

    def tanh(self):
        t = math.tanh(self.value)
        return type(self)(t, [(self, 1 - t**2)])

    def backward(self, from_behind=1.0):
        self.gradient += from_behind
        for parent, slope in self.parents:
            parent.backward(from_behind * slope)


class OnlyTheFirst(Chain):
    """Those with parents keep 0."""

    def backward(self, from_behind=1.0):
        if not self.parents:
            self.gradient += from_behind
        for parent, slope in self.parents:
            parent.backward(from_behind * slope)


MADE = []


class OneTape(Chain):
    """Begins with what was made last, whoever asks."""

    def __init__(self, value, parents=()):
        super().__init__(value, parents)
        MADE.append(self)

    def backward(self):
        MADE[-1].gradient = 1.0
        for one in reversed(MADE):
            for parent, slope in one.parents:
                parent.gradient += slope * one.gradient


class Sorted(Chain):
    """Each number once, last to first."""

    def backward(self):
        order, seen = [], set()

        def visit(one):
            if id(one) not in seen:
                seen.add(id(one))
                for parent, _ in one.parents:
                    visit(parent)
                order.append(one)

        visit(self)
        for one in order:
            one.gradient = 0.0
        self.gradient = 1.0
        for one in reversed(order):
            for parent, slope in one.parents:
                parent.gradient += slope * one.gradient


class Closures:
    """Each result keeps a function that hands its gradient on."""

    def __init__(self, value):
        self.value, self.gradient, self.hand_on, self.made_of = value, 0.0, lambda g: None, []

    def made(self, value, hand_on):
        new = Closures(value)
        new.hand_on = hand_on
        return new

    def __add__(self, other):
        def hand_on(g):
            self.receive(g)
            other.receive(g)

        return self.made(self.value + other.value, hand_on)

    def __mul__(self, other):
        def hand_on(g):
            self.receive(g * other.value)
            other.receive(g * self.value)

        return self.made(self.value * other.value, hand_on)

    def tanh(self):
        t = np.tanh(self.value)
        return self.made(t, lambda g: self.receive(g * (1 - t * t)))

    def receive(self, g):
        self.gradient += g
        self.hand_on(g)

    def backward(self):
        self.receive(1.0)


class InTensors(Chain):
    """A Number whose values are NumPy's."""

    def __init__(self, value, parents=()):
        super().__init__(np.float64(value), parents)
        self.gradient = np.zeros(())


class Overwrites(Chain):
    def backward(self, from_behind=1.0):
        self.gradient = from_behind
        for parent, slope in self.parents:
            parent.backward(from_behind * slope)


class OnlyParents(Chain):
    def backward(self):
        for parent, slope in self.parents:
            parent.gradient += slope


class Accumulated(Chain):
    """Hands on what it has gathered so far, at every visit."""

    def backward(self, from_behind=1.0):
        self.gradient += from_behind
        for parent, slope in self.parents:
            parent.backward(self.gradient * slope)


class SelfTwice(Chain):
    def __mul__(self, other):
        pairs = [(self, self.value), (other, other.value)]
        return type(self)(self.value * other.value, pairs)


class SlopeOfInput(Chain):
    def tanh(self):
        return type(self)(math.tanh(self.value), [(self, 1 - self.value**2)])


class NoChain(Chain):
    def backward(self, from_behind=1.0):
        self.gradient += from_behind
        for parent, slope in self.parents:
            parent.backward(slope)


class ByValue(Chain):
    def __add__(self, other):
        return self.value + other.value


class InPlace(Chain):
    def __add__(self, other):
        self.value += other.value
        self.parents = [(other, 1.0)]
        return self


class NoLast(Chain):
    """Forgets one of two parents that are the same."""

    def __mul__(self, other):
        pairs = {id(self): (self, other.value), id(other): (other, self.value)}
        return type(self)(self.value * other.value, list(pairs.values()))


class StartsAtZero(Chain):
    def backward(self, from_behind=0.0):
        super().backward(from_behind)


class NotWritten:
    def __init__(self, value, parents=()):
        self.value, self.gradient, self.parents = value, 0.0, parents

    def __add__(self, other): ...

    def __mul__(self, other): ...

    def tanh(self): ...

    def backward(self): ...


@tf.function
def fresh(x):
    return x + tf.random.normal(tf.shape(x), stddev=0.1)


@tf.function
def by_python_shape(x):
    return x + 0.1 * tf.random.normal(x.shape)


@tf.function(reduce_retracing=True)
def opened(x):
    return x + tf.random.normal(tf.shape(x), 0, 0.1, dtype=x.dtype)


@tf.function
def through_numpy(x):
    noise = tf.numpy_function(lambda s: np.random.normal(0, 0.1, s), [tf.shape(x)], tf.float64)
    return tf.ensure_shape(x + tf.cast(noise, tf.float32), x.shape)


def by_generator():
    generator = tf.random.Generator.from_non_deterministic_state()
    return tf.function(lambda x: x + generator.normal(tf.shape(x), 0.0, 0.1))


def by_keras():
    seeds = keras.random.SeedGenerator()
    return tf.function(lambda x: x + keras.random.normal(x.shape, 0.0, 0.1, seed=seeds))


def by_layer():
    layer = keras.layers.GaussianNoise(0.1)
    return tf.function(lambda x: layer(x, training=True))


@tf.function
def from_numpy(x):
    return x + tf.constant(np.random.default_rng().normal(0, 0.1, x.shape), tf.float32)


@tf.function
def one_seed(x):
    return x + tf.random.stateless_normal(tf.shape(x), [1, 2], stddev=0.1)


@tf.function
def one_for_all(x):
    return x + tf.random.normal([], stddev=0.1)


@tf.function
def one_for_a_row(x):
    return x + tf.random.normal(tf.shape(x)[:1], stddev=0.1)[(..., *[None] * (len(x.shape) - 1))]


@tf.function
def too_wide(x):
    return x + tf.random.normal(tf.shape(x))


@tf.function
def variance(x):
    return x + tf.random.normal(tf.shape(x), stddev=0.01)


@tf.function
def shifted(x):
    return x + tf.random.normal(tf.shape(x), 0.1, 0.1)


@tf.function
def uniform(x):
    return x + tf.random.uniform(tf.shape(x), -0.1 * 3**0.5, 0.1 * 3**0.5)


@tf.function
def times(x):
    return x * (1 + tf.random.normal(tf.shape(x), 0, 0.1))


@tf.function
def only_noise(x):
    return tf.random.normal(tf.shape(x), 0, 0.1)


@tf.function
def none_at_all(x):
    return x


@tf.function
def four_numbers(x):
    return x + tf.random.normal([4], 0, 0.1)


@tf.function
def one_shape(x):
    return tf.random.normal((100, 200), 0, 0.1) + tf.reduce_mean(x)


def eager_noise(x):
    return x + tf.random.normal(tf.shape(x), 0, 0.1)


RIGHT = {
    checks.halvings: [loop, recount, long_count, with_signature, until_break, while_loop],
    checks.number: [Chain, Sorted, Closures, InTensors],
    checks.noisy: [fresh, by_python_shape, opened, through_numpy, by_generator(), by_keras()],
}
RIGHT[checks.noisy].append(by_layer())


@tf.function
def by_logarithm(n):
    powers = tf.math.log(tf.maximum(n, 0.5)) / tf.math.log(2.0)
    return tf.cast(tf.floor(powers), tf.int32) + 1


@tf.function
def in_float64(x):
    return tf.cast(x, tf.float64) + tf.random.normal(tf.shape(x), 0.0, 0.1, tf.float64)


@tf.function
def noise_printed(x):
    tf.print(tf.reduce_sum(fresh(x)))


@tf.function
def cut_at_zero(x):
    return tf.nn.relu(x + tf.random.normal(tf.shape(x), 0.0, 0.1))


WRONG = {
    checks.halvings: [
        (plain, "Expected a `tf.function`, got function"),
        (one_short, "halvings(1): expected 1, got 0"),
        (with_float, "Your code raised"),
        (fixed_rounds, "halvings(1023): expected 10, got 4"),
        (many_rounds, "expected"),
        (by_logarithm, "halvings(8388607): expected 23, got 24"),
        (whole_division, "expected 1, got 2"),
        (starts_at_one, "halvings(0.3): expected 0, got 1"),
        (at_least_once, "halvings(0.3): expected 0, got 1"),
        (count_in_floats, "an integer dtype, got float32"),
        (what_is_left, "expected 0, got 0.3"),
        (printed, "gave None"),
        (4, "Expected a `tf.function`, got int"),
    ],
    checks.number: [
        (Overwrites, "the gradient of a + a|the gradient of b * b"),
        (OnlyParents, "the gradient of a * b + c|the gradient of tanh(a * b + c)"),
        (Accumulated, "for a|for b|for c"),
        (SelfTwice, "the gradient of a * b"),
        (SlopeOfInput, "the gradient of tanh(c)"),
        (NoChain, "the gradient of a * b + c|the gradient of tanh"),
        (ByValue, "expected a ByValue, got float"),
        (InPlace, "the value of a after backward|the gradient of a + b"),
        (NoLast, "the gradient of b * b"),
        (StartsAtZero, "expected 1, got 0"),
        (OnlyTheFirst, "the gradient of tanh(a * b + a) by a * b: expected 0.99"),
        (OneTape, "the gradient of tanh(a * b + a) by|by a number that is no part"),
        (Chain(1.0), "Expected the class itself"),
    ],
    checks.noisy: [
        (from_numpy, "gave the same noise"),
        (one_seed, "gave the same noise"),
        (eager_noise, "Expected a `tf.function`, got function"),
        (one_for_all, "Numbers of one tensor got the same noise"),
        (one_for_a_row, "Numbers of one tensor got the same noise"),
        (too_wide, "standard deviation 0.1, got"),
        (variance, "standard deviation 0.1, got"),
        (shifted, "Expected noise of mean 0"),
        (uniform, "beyond two standard deviations"),
        (times, "standard deviation 0.1, got"),
        (only_noise, "Expected noise of mean 0"),
        (none_at_all, "gave the same noise"),
        (cut_at_zero, "Expected noise of mean 0"),
        (in_float64, "expected a float32 tensor, got float64"),
        (noise_printed, "expected a float32 tensor, got None"),
        (four_numbers, "raised|shape"),
        (one_shape, "expected the same shape"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


def test_a_class_whose_methods_are_not_written_is_not_attempted():
    assert checks.number(NotWritten).status == "not attempted"


@pytest.mark.parametrize(
    ("sizes", "ratios", "ends"),
    [
        ([10, 100, 1000, 10_000], [9.0, 8.5, 3.0, 1.1], 10_000),
        (np.array([1, 2, 3, 50]), (1.0, 1.2, 0.9, 1.4), np.int64(1)),
        ((10, 100, 1000, 10_000), np.array([9.0, 1.2, 3.0, 2.1]), None),
        ([10, 100, 1000, 10_000], [9.0, 1.2, 3.0, 1.2], 10_000.0),
        (tf.constant([10, 100, 1000, 9999]), [9.0, 1.2, 1.3, 1.2], tf.constant(100)),
        ([10.0, 100.0, 1e3, 1e4, 1e5], [9, 8, 1.4, 1.2, 0.7], 1000),
    ],
)
def test_a_measurement_that_covers_enough_passes(sizes, ratios, ends):
    outcome = checks.gain(sizes, ratios, ends, CLAIM)
    assert outcome.passed, outcome


FOUR, FALLING = [10, 100, 1000, 9999], [9.0, 3.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("sizes", "ratios", "ends", "mind", "says"),
    [
        (FOUR[:3], FALLING[:3], 1000, CLAIM, "at least 4 sizes, to see a trend, got 3"),
        ([10, 20, 30, 40], [9, 8, 7, 6], None, CLAIM, "at least 50 times the smallest, got 4"),
        (FOUR, FALLING[:3], 1000, CLAIM, "(4,) and (3,)"),
        ([9999, 100, 1000, 10], FALLING, 1000, CLAIM, "from small to large"),
        ([0, 100, 1000, 9999], FALLING, 1000, CLAIM, "positive sizes"),
        (FOUR, [9.0, 3.0, -1.0, 1.0], 1000, CLAIM, "Expected positive ratios"),
        (FOUR, [9.0, 3.0, np.nan, 1.0], 1000, CLAIM, "Expected positive ratios"),
        (FOUR, [1.0] * 4, 10, CLAIM, "Expected what you measured"),
        (FOUR, FALLING, None, CLAIM, "`ends` is None. From which"),
        (FOUR, FALLING, 100, CLAIM, "`ends` is 100. From which"),
        (FOUR, FALLING, 9999, CLAIM, "`ends` is 9999. From which"),
        (FOUR, FALLING, 500, CLAIM, "`ends` is 500. From which"),
        (FOUR, [9.0, 1.0, 3.0, 2.0], 100, CLAIM, "use None"),
        (FOUR, FALLING, 1000, "It ends.", "8 words or more, got 2"),
    ],
)
def test_other_measurements_are_told_why(sizes, ratios, ends, mind, says):
    outcome = checks.gain(sizes, ratios, ends, mind)
    assert outcome.status == "not yet", outcome
    assert says in outcome.message


def test_a_measurement_that_is_not_made_is_not_attempted():
    assert checks.gain([10, 1000], ..., None, ...).status == "not attempted"


def test_gain_says_what_was_measured():
    outcome = checks.gain(FOUR, [9.0, 8.5, 3.0, 1.1], 9999, CLAIM)
    assert "From size 10 to 9,999 the ratio fell: 9.0 to 1.1" in outcome.message
    outcome = checks.gain(FOUR, [1.0, 8.5, 3.0, 1.1], 9999, CLAIM)
    assert "the ratio did not fall: 1.0 to 1.1" in outcome.message


def test_halvings_does_not_blame_earlier_calls_with_python_numbers():
    traced = tf.function(loop.python_function)
    for n in (3, 5, 7):
        traced(n)
    assert checks.halvings(traced).passed


def test_noise_that_is_right_always_passes():
    assert all(checks.noisy(fresh).passed for _ in range(20))
