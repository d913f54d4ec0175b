"""Right and wrong answers to the exercises of lesson 12b."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from answers import Answers

from workshop.checks import optimizers as checks

MIND = "On noisy tasks I would not trust it; eight fresh seeds would change my mind."


# 12b-1


def power_by_numpy(g, m, fade):
    return np.exp(fade * np.sign(g) * np.sign(m)) * g


def power_by_tensorflow(g, m, fade):
    return tf.exp(fade * tf.sign(g) * tf.sign(m)) * g


def power_by_a_loop(g, m, fade):
    def sign(x):
        return float(x > 0) - float(x < 0)

    return [
        one * 2.718281828459045 ** (fade * sign(one) * sign(a)) for one, a in zip(g, m, strict=True)
    ]


def power_in_place(g, m, fade):
    g *= np.exp(fade * np.sign(g * m))
    return g


def power_without_m(g, m, fade):
    return np.exp(fade * np.sign(g)) * g


def power_that_never_fades(g, m, fade):
    return np.exp(np.sign(g) * np.sign(m)) * g


def power_faded_outside(g, m, fade):
    return fade * np.exp(np.sign(g) * np.sign(m)) * g


def power_of_products(g, m, fade):
    return np.exp(fade * g * m) * g


def power_of_a_comparison(g, m, fade):
    return np.where(np.sign(g) == np.sign(m), np.exp(fade), np.exp(-fade)) * g


def power_times_average(g, m, fade):
    return np.exp(fade * np.sign(g) * np.sign(m)) * m


def power_of_two(g, m, fade):
    return 2 ** (fade * np.sign(g) * np.sign(m)) * g


def power_backwards(g, m, fade):
    return np.exp(-fade * np.sign(g) * np.sign(m)) * g


# 12b-2


def lion_by_numpy(weights, m, g, rate, decay):
    step = np.sign(0.9 * m + 0.1 * g) + decay * weights
    return weights - rate * step, 0.99 * m + 0.01 * g


def lion_by_tensorflow(weights, m, g, rate, decay):
    weights, m, g = map(tf.constant, (weights, m, g))
    sign = tf.sign(m + 0.1 * (g - m))
    return weights * (1 - rate * decay) - rate * sign, m + 0.01 * (g - m)


def lion_by_loops(weights, m, g, rate, decay):
    after, averages = [], []
    for w, a, d in zip(weights, m, g, strict=True):
        mixed = 0.9 * a + 0.1 * d
        after.append(w - rate * (float(mixed > 0) - float(mixed < 0) + decay * w))
        averages.append(0.99 * a + 0.01 * d)
    return after, averages


def lion_in_place(weights, m, g, rate, decay):
    mixed = np.sign(0.9 * m + 0.1 * g)
    weights -= rate * (mixed + decay * weights)
    m *= 0.99
    m += 0.01 * g
    return [weights, m]


def lion_average_first(weights, m, g, rate, decay):
    m = 0.99 * m + 0.01 * g
    return weights - rate * (np.sign(0.9 * m + 0.1 * g) + decay * weights), m


def lion_with_one_factor(weights, m, g, rate, decay):
    m = 0.9 * m + 0.1 * g
    return weights - rate * (np.sign(m) + decay * weights), m


def lion_without_sign(weights, m, g, rate, decay):
    return weights - rate * (0.9 * m + 0.1 * g + decay * weights), 0.99 * m + 0.01 * g


def lion_decay_in_the_sign(weights, m, g, rate, decay):
    return weights - rate * np.sign(0.9 * m + 0.1 * g + decay * weights), 0.99 * m + 0.01 * g


def lion_decay_without_rate(weights, m, g, rate, decay):
    return weights - rate * np.sign(0.9 * m + 0.1 * g) - decay * weights, 0.99 * m + 0.01 * g


def lion_without_decay(weights, m, g, rate, decay):
    return weights - rate * np.sign(0.9 * m + 0.1 * g), 0.99 * m + 0.01 * g


def lion_factors_exchanged(weights, m, g, rate, decay):
    return weights - rate * (np.sign(0.1 * m + 0.9 * g) + decay * weights), 0.99 * m + 0.01 * g


def lion_of_one_result(weights, m, g, rate, decay):
    return lion_by_numpy(weights, m, g, rate, decay)[0]


def lion_uphill(weights, m, g, rate, decay):
    return 2 * weights - lion_by_numpy(weights, m, g, rate, decay)[0], 0.99 * m + 0.01 * g


# 12b-3


def drawn(count=200):
    random = np.random.default_rng(1)
    return *random.normal(size=(2, count)), random.uniform(0.2, 2, count)


def same_by_sizes(first, second):
    one, other = (np.array(rule(*drawn()), float) for rule in (first, second))
    one /= np.abs(one).mean() + 1e-30
    other /= np.abs(other).mean() + 1e-30
    return bool(np.abs(one - other).max() < 1e-4)


def same_by_cosine(first, second):
    one, other = (np.array(rule(*drawn()), float) for rule in (first, second))
    lengths = np.linalg.norm(one), np.linalg.norm(other)
    if 0 in lengths:
        return lengths[0] == lengths[1]
    return one @ other / lengths[0] / lengths[1] > 1 - 1e-9


def same_by_ratios(first, second):
    one, other = (rule(*drawn()) for rule in (first, second))
    if not (np.any(one) and np.any(other)):
        return not (np.any(one) or np.any(other))
    ratios = one / other
    return np.all(ratios > 0) and np.ptp(ratios) < 1e-3 * ratios.mean()


def same_by_plain_python(first, second):
    one, other = (list(map(float, rule(*drawn()))) for rule in (first, second))
    sizes = [sum(map(abs, steps)) or 1.0 for steps in (one, other)]
    return all(abs(a / sizes[0] - b / sizes[1]) < 1e-6 for a, b in zip(one, other, strict=True))


def same_by_tensorflow(first, second):
    one, other = (tf.constant(rule(*drawn())) for rule in (first, second))
    one, other = (x / (tf.reduce_mean(tf.abs(x)) + 1e-30) for x in (one, other))
    return tf.reduce_all(tf.abs(one - other) < 1e-4)


def same_only_if_equal(first, second):
    return np.allclose(first(*drawn()), second(*drawn()))


def same_by_directions(first, second):
    return bool(np.all(np.sign(first(*drawn())) == np.sign(second(*drawn()))))


def same_at_one_point(first, second):
    one, other = first(*drawn(1)), second(*drawn(1))
    return bool(np.sign(one) == np.sign(other))


def same_with_any_sign(first, second):
    one, other = (np.abs(rule(*drawn())) for rule in (first, second))
    return bool(np.allclose(one / (one.mean() + 1e-30), other / (other.mean() + 1e-30)))


def same_for_tiny_numbers(first, second):
    g, m, v = drawn()
    one, other = (rule(g * 1e-3, m * 1e-3, v) for rule in (first, second))
    one, other = (x / (np.abs(x).mean() + 1e-30) for x in (one, other))
    return bool(np.allclose(one, other, atol=1e-4))


def same_with_one_v(first, second):
    g, m, v = drawn()
    one, other = (rule(g, m, np.ones_like(v)) for rule in (first, second))
    one, other = (x / (np.abs(x).mean() + 1e-30) for x in (one, other))
    return bool(np.allclose(one, other, atol=1e-4))


def same_without_zeros(first, second):
    one, other = (rule(*drawn()) for rule in (first, second))
    return bool(np.allclose(one / np.abs(one).mean(), other / np.abs(other).mean()))


def same_value_by_value(first, second):
    return np.isclose(first(*drawn()), second(*drawn()))


# 12b-4


class ByIndex(keras.optimizers.Optimizer):
    def build(self, variables):
        super().build(variables)
        self.m = self.add_optimizer_variables(variables, "m")

    def update_step(self, gradient, variable, learning_rate):
        m = self.m[self._get_variable_index(variable)]
        m.assign(0.9 * m + 0.1 * gradient)
        agree = keras.ops.sign(gradient) * keras.ops.sign(m)
        variable.assign_sub(learning_rate * (1 + agree) * gradient)


class ByKerasHelpers(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.1, beta=0.9, **options):
        super().__init__(learning_rate=learning_rate, **options)
        self.beta = beta

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._averages = [
            self.add_variable_from_reference(one, name="average") for one in variables
        ]

    def update_step(self, gradient, variable, learning_rate):
        m = self._averages[self._get_variable_index(variable)]
        self.assign_add(m, (gradient - m) * (1 - self.beta))
        agree = keras.ops.sign(gradient * m)
        self.assign_sub(variable, learning_rate * (gradient + agree * gradient))


class ByTensorFlow(ByIndex):
    def update_step(self, gradient, variable, learning_rate):
        m = self.m[self._get_variable_index(variable)].value
        m.assign_add(0.1 * (gradient - m))
        factor = tf.where(gradient * m > 0, 2.0, 0.0)
        variable.assign(variable - learning_rate * factor * gradient)


class BySgd(keras.optimizers.SGD):
    def build(self, variables):
        super().build(variables)
        self.m = self.add_optimizer_variables(variables, "m")

    def update_step(self, gradient, variable, learning_rate):
        m = self.m[self._get_variable_index(variable)]
        m.assign(0.9 * m + 0.1 * gradient)
        changed = gradient * (1 + keras.ops.sign(gradient) * keras.ops.sign(m))
        super().update_step(changed, variable, learning_rate)


class OneAverageForAll(ByIndex):
    def update_step(self, gradient, variable, learning_rate):
        m = self.m[0]
        if m.shape != gradient.shape:
            m = self.m[1]
        m.assign(0.9 * m + 0.1 * gradient)
        agree = keras.ops.sign(gradient) * keras.ops.sign(m)
        variable.assign_sub(learning_rate * (1 + agree) * gradient)


class AverageAfterwards(ByIndex):
    def update_step(self, gradient, variable, learning_rate):
        m = self.m[self._get_variable_index(variable)]
        agree = keras.ops.sign(gradient) * keras.ops.sign(m)
        m.assign(0.9 * m + 0.1 * gradient)
        variable.assign_sub(learning_rate * (1 + agree) * gradient)


class NeverRemembers(ByIndex):
    def update_step(self, gradient, variable, learning_rate):
        m = 0.9 * self.m[self._get_variable_index(variable)] + 0.1 * gradient
        agree = keras.ops.sign(gradient) * keras.ops.sign(m)
        variable.assign_sub(learning_rate * (1 + agree) * gradient)


class RateOfItsOwn(ByIndex):
    def __init__(self, learning_rate):
        super().__init__(learning_rate)
        self.rate = learning_rate

    def update_step(self, gradient, variable, learning_rate):
        super().update_step(gradient, variable, self.rate)


class Uphill(ByIndex):
    def update_step(self, gradient, variable, learning_rate):
        super().update_step(gradient, variable, -learning_rate)


class StepOfTheAverage(ByIndex):
    def update_step(self, gradient, variable, learning_rate):
        m = self.m[self._get_variable_index(variable)]
        m.assign(0.9 * m + 0.1 * gradient)
        agree = keras.ops.sign(gradient) * keras.ops.sign(m)
        variable.assign_sub(learning_rate * (1 + agree) * m)


class InNumPy(keras.optimizers.Optimizer):
    def build(self, variables):
        super().build(variables)
        self.m = [np.zeros(one.shape, "float32") for one in variables]

    def update_step(self, gradient, variable, learning_rate):
        k = self._get_variable_index(variable)
        self.m[k] = 0.9 * self.m[k] + 0.1 * gradient.numpy()
        agree = np.sign(gradient.numpy()) * np.sign(self.m[k])
        variable.assign_sub(learning_rate * (1 + agree) * gradient)


class WithoutBuild(keras.optimizers.Optimizer):
    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(learning_rate * 2 * gradient)


class WithoutStep(keras.optimizers.Optimizer):
    def build(self, variables):
        super().build(variables)


class NotAnOptimizer:
    def __init__(self, learning_rate):
        self.learning_rate = learning_rate


RIGHT = {
    checks.power_sign: [power_by_numpy, power_by_tensorflow, power_by_a_loop, power_in_place],
    checks.lion: [lion_by_numpy, lion_by_tensorflow, lion_by_loops, lion_in_place],
    checks.add_sign: [ByIndex, ByKerasHelpers, ByTensorFlow, BySgd],
}
WRONG = {
    checks.power_sign: [
        (power_without_m, "where both agree"),
        (power_that_never_fades, "fade 0.5"),
        (power_faded_outside, "fade 0.5"),
        (power_of_products, "where both agree"),
        (power_of_a_comparison, "where one is 0"),
        (power_times_average, "where both agree"),
        (power_of_two, "fade 1 at"),
        (power_backwards, "where both agree"),
        (lambda g, m, fade: None, "gave None"),
    ],
    checks.lion: [
        (lion_average_first, "the weights, step "),
        (lion_with_one_factor, "the new m, step 1"),
        (lion_without_sign, "the weights, step 1"),
        (lion_decay_in_the_sign, "decay 0.25"),
        (lion_decay_without_rate, "decay 0.25"),
        (lion_without_decay, "decay 0.25"),
        (lion_factors_exchanged, "the weights, step "),
        (lion_of_one_result, "expected new weights and a new m"),
        (lion_uphill, "the weights, step 1"),
    ],
    checks.add_sign: [
        (OneAverageForAll, "variable 2 after step |variable 1 after step "),
        (AverageAfterwards, "after step 1"),
        (NeverRemembers, "after step "),
        (RateOfItsOwn, "rate 0.02"),
        (Uphill, "variable 0 after step 1"),
        (StepOfTheAverage, "variable 0 after step 1"),
        (InNumPy, "numpy"),
        (WithoutBuild, "after step "),
        (WithoutStep, "NotImplementedError"),
        (NotAnOptimizer, "subclass of keras.optimizers.Optimizer"),
        (keras.optimizers.SGD(0.1), "subclass of keras.optimizers.Optimizer"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


@pytest.mark.parametrize(
    "answer",
    [
        same_by_sizes,
        same_by_cosine,
        same_by_ratios,
        same_by_plain_python,
        same_by_tensorflow,
    ],
)
def test_judgements_by_numbers_pass(answer):
    assert checks.same_rule(answer).passed, checks.same_rule(answer)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (same_only_if_equal, "g and 3 * g: expected True, got False"),
        (same_by_directions, "expected False, got True"),
        (same_at_one_point, "expected False, got True"),
        (same_with_any_sign, "g and -g: expected False, got True"),
        (same_for_tiny_numbers, "g and sinh(g): expected False, got True"),
        (same_with_one_v, "expected False, got True"),
        (same_without_zeros, "g - g and m - m: expected True, got False"),
        (same_value_by_value, "expected True or False, got ndarray"),
        (lambda first, second: None, "expected True or False, got NoneType"),
        (lambda first, second: 1, "expected True or False, got int"),
    ],
)
def test_other_judgements_are_told_the_pair(answer, says):
    outcome = checks.same_rule(answer)
    assert outcome.status == "not yet", outcome
    assert says in outcome.message, outcome


def momentum(g, m, v):
    return m


def by_adam(g, m, v):
    return m / (np.sqrt(v) + 1e-7)


def by_sign(g, m, v):
    return tf.sign(m)


def agreeing_adam(g, m, v):
    m *= 1 + np.sign(g) * np.sign(m)
    m /= np.sqrt(v) + 1e-7
    return m


@pytest.mark.parametrize("rule", [momentum, by_adam, by_sign, agreeing_adam])
def test_rules_that_remember_pass(rule):
    outcome = checks.my_rule(rule, MIND)
    assert outcome.passed, outcome
    assert "SGD" in outcome.message


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (lambda g, m, v: g, "got 100%"),
        (lambda g, m, v: 2 * g, "of SGD's loss, got "),
        (lambda g, m, v: -by_adam(g, m, v), "of SGD's loss, got "),
        (lambda g, m, v: np.full_like(g, np.nan), "of SGD's loss, got inf"),
        (lambda g, m, v: 0.1, "Expected a step of shape "),
        (lambda g, m, v: g.mean(axis=0), "Expected a step of shape "),
        (lambda g, m, v: None, "Expected a step of shape |Expected an array"),
        (lambda g, m, v: "adam", "Expected an array as the step, got str"),
        (lambda g, m, v: missing, "NameError"),  # noqa: F821
    ],
)
def test_other_rules_are_told_why(rule, says):
    outcome = checks.my_rule(rule, MIND)
    assert outcome.status == "not yet", outcome
    assert any(part in outcome.message for part in says.split("|")), outcome


@pytest.mark.parametrize("mind", ["", "trust it", 7])
def test_a_rule_needs_its_limits(mind):
    outcome = checks.my_rule(by_adam, mind)
    assert outcome.status == "not yet"
    assert "`mind`" in outcome.message


def test_nothing_written_is_not_attempted():
    assert checks.same_rule(...).status == "not attempted"
    assert checks.my_rule(..., ...).status == "not attempted"
    assert checks.my_rule(by_adam, ...).status == "not attempted"
