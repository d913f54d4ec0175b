"""Right and wrong answers to the exercises of lesson 03b."""

import math
import statistics

import numpy as np
import pytest
from answers import Answers

from workshop.checks import training as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")


def misses_by_logs(y, p):
    return -tf.reduce_mean(5 * y * tf.math.log(p) + (1 - y) * tf.math.log(1 - p))


def misses_by_weights(y, p):
    each = -keras.ops.log(keras.ops.where(y > 0.5, p, 1 - p))
    return keras.ops.mean(each * keras.ops.where(y > 0.5, 5.0, 1.0))


def misses_by_keras(y, p):
    each = keras.losses.binary_crossentropy(y[:, None], p[:, None])
    return tf.reduce_mean((1 + 4 * y) * each)


def misses_with_clip(y, p):
    p = tf.clip_by_value(p, 1e-7, 1 - 1e-7)
    return tf.reduce_mean(-5 * y * tf.math.log(p) - (1 - y) * tf.math.log(1 - p))


def misses_by_loop(y, p):
    total = 0.0
    for label, chance in zip(y.numpy(), tf.unstack(p), strict=True):
        total -= 5 * tf.math.log(chance) if label else tf.math.log(1 - chance)
    return total / len(y)


def misses_by_sample_weight(y, p):
    loss = keras.losses.BinaryCrossentropy(reduction="sum")
    return loss(y[:, None], p[:, None], sample_weight=1 + 4 * y) / len(y)


def misses_by_mask(y, p):
    ill = y == 1
    misses = tf.reduce_sum(-tf.math.log(tf.boolean_mask(p, ill)))
    alarms = tf.reduce_sum(-tf.math.log(1 - tf.boolean_mask(p, ~ill)))
    return (5 * misses + alarms) / tf.cast(tf.size(y), tf.float32)


def alarms_weigh_more(y, p):
    return -tf.reduce_mean(y * tf.math.log(p) + 5 * (1 - y) * tf.math.log(1 - p))


def misses_summed(y, p):
    return -tf.reduce_sum(5 * y * tf.math.log(p) + (1 - y) * tf.math.log(1 - p))


def misses_alone(y, p):
    return -tf.reduce_mean(5 * y * tf.math.log(p))


def misses_of_each(y, p):
    return -(5 * y * tf.math.log(p) + (1 - y) * tf.math.log(1 - p))


def misses_with_weighted_mean(y, p):
    weights = 1 + 4 * y
    each = -tf.math.log(tf.where(y > 0.5, p, 1 - p))
    return tf.reduce_sum(weights * each) / tf.reduce_sum(weights)


def misses_through_numpy(y, p):
    y, p = y.numpy(), p.numpy()
    return -np.mean(5 * y * np.log(p) + (1 - y) * np.log(1 - p))


def misses_cut_from_the_tape(y, p):
    return tf.constant(float(misses_by_logs(y, p)))


def misses_uphill(y, p):
    return -misses_by_logs(y, p)


def misses_not_weighted(y, p):
    return -tf.reduce_mean(y * tf.math.log(p) + (1 - y) * tf.math.log(1 - p))


def misses_of_four(y, p):
    return -tf.reduce_sum(5 * y * tf.math.log(p) + (1 - y) * tf.math.log(1 - p)) / 4


def misses_to_base_two(y, p):
    return misses_by_logs(y, p) / np.log(2)


def misses_squared(y, p):
    return tf.reduce_mean((1 + 4 * y) * (y - p) ** 2)


def misses_with_half_a_gradient(y, p):
    rest = tf.stop_gradient((1 - y) * tf.math.log(1 - p))
    return -tf.reduce_mean(5 * y * tf.math.log(p) + rest)


def misses_printed(y, p):
    print(misses_by_logs(y, p))


def momentum_in_two_lines(variable, velocity, gradient, learning_rate, momentum):
    velocity.assign(momentum * velocity - learning_rate * gradient)
    variable.assign_add(velocity)


def momentum_with_a_sign(variable, velocity, gradient, learning_rate, momentum):
    """The same path with a velocity that points uphill."""
    velocity.assign(momentum * velocity + learning_rate * gradient)
    variable.assign(variable - velocity)


def momentum_with_the_rate_outside(variable, velocity, gradient, learning_rate, momentum):
    velocity.assign(momentum * velocity + gradient)
    variable.assign_sub(learning_rate * velocity)


def momentum_by_keras_ops(variable, velocity, gradient, learning_rate, momentum):
    step = keras.ops.subtract(momentum * velocity.value(), learning_rate * gradient)
    velocity.assign(step)
    variable.assign(keras.ops.add(variable.value(), step))


def momentum_by_numpy(variable, velocity, gradient, learning_rate, momentum):
    step = momentum * velocity.numpy() - learning_rate * gradient.numpy()
    velocity.assign(step)
    variable.assign(variable.numpy() + step)


def momentum_variable_first(variable, velocity, gradient, learning_rate, momentum):
    variable.assign_add(momentum * velocity - learning_rate * gradient)
    velocity.assign(momentum * velocity - learning_rate * gradient)


def momentum_forgotten(variable, velocity, gradient, learning_rate, momentum):
    variable.assign_sub(learning_rate * gradient)


def momentum_uphill(variable, velocity, gradient, learning_rate, momentum):
    velocity.assign(momentum * velocity + learning_rate * gradient)
    variable.assign_add(velocity)


def momentum_with_the_old_velocity(variable, velocity, gradient, learning_rate, momentum):
    variable.assign_add(velocity)
    velocity.assign(momentum * velocity - learning_rate * gradient)


def momentum_as_an_average(variable, velocity, gradient, learning_rate, momentum):
    velocity.assign(momentum * velocity + (1 - momentum) * gradient)
    variable.assign_sub(learning_rate * velocity)


def momentum_on_copies(variable, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    variable = variable + velocity


def momentum_of_nesterov(variable, velocity, gradient, learning_rate, momentum):
    velocity.assign(momentum * velocity - learning_rate * gradient)
    variable.assign_add(momentum * velocity - learning_rate * gradient)


def momentum_of_nine_tenths(variable, velocity, gradient, learning_rate, momentum):
    velocity.assign(0.9 * velocity - learning_rate * gradient)
    variable.assign_add(velocity)


def momentum_with_a_fixed_rate(variable, velocity, gradient, learning_rate, momentum):
    velocity.assign(momentum * velocity - 0.1 * gradient)
    variable.assign_add(velocity)


LAST = [0.0]


def momentum_kept_outside(variable, velocity, gradient, learning_rate, momentum):
    LAST[0] = momentum * LAST[0] - learning_rate * gradient
    variable.assign_add(tf.broadcast_to(tf.reduce_mean(LAST[0]), variable.shape))


def momentum_not_remembered(variable, velocity, gradient, learning_rate, momentum):
    variable.assign_add(momentum * velocity - learning_rate * gradient)


def momentum_returned(variable, velocity, gradient, learning_rate, momentum):
    return variable - learning_rate * gradient


def rate_in_two_cases(step, steps, peak):
    warm = steps // 10
    if step < warm:
        return peak * step / warm
    return peak * (1 + np.cos(np.pi * (step - warm) / (steps - warm))) / 2


def rate_by_keras(step, steps, peak):
    warm = steps // 10
    return keras.optimizers.schedules.CosineDecay(
        0.0, decay_steps=steps - warm, warmup_target=peak, warmup_steps=warm
    )(step)


def rate_by_where(step, steps, peak):
    warm = steps // 10
    share = np.clip((step - warm) / (steps - warm), 0, 1)
    return np.where(step < warm, peak * step / warm, peak * (1 + np.cos(np.pi * share)) / 2)


def rate_by_math(step, steps, peak):
    warm = steps / 10
    if step <= warm:
        return peak * step / warm
    return peak * math.cos(math.pi / 2 * (step - warm) / (steps - warm)) ** 2


def rate_by_tensorflow(step, steps, peak):
    step, warm = tf.cast(step, tf.float32), steps // 10
    falling = peak / 2 * (1 + tf.cos(np.pi * (step - warm) / (steps - warm)))
    return tf.minimum(peak * step / warm, falling) if step < warm else falling


def rate_in_float32(step, steps, peak):
    return np.float32(rate_in_two_cases(step, steps, peak))


def rate_without_warm_up(step, steps, peak):
    return peak * (1 + np.cos(np.pi * step / steps)) / 2


def rate_along_lines(step, steps, peak):
    warm = steps // 10
    return peak * min(step / warm, (steps - step) / (steps - warm))


def rate_with_a_jump(step, steps, peak):
    warm = steps // 10
    return peak * step / warm if step < warm else rate_without_warm_up(step, steps, peak)


def rate_without_return(step, steps, peak):
    if step < steps // 10:
        return peak * step / (steps // 10)


def rate_over_all_steps(step, steps, peak):
    warm = steps // 10
    return (
        peak * step / warm
        if step < warm
        else peak * (1 + np.cos(np.pi * (step - warm) / steps)) / 2
    )


def rate_of_peak_one(step, steps, peak):
    return rate_in_two_cases(step, steps, 1.0)


def rate_of_a_thousand(step, steps, peak):
    return rate_in_two_cases(step, 1000, peak)


def rate_in_degrees(step, steps, peak):
    warm = steps // 10
    if step < warm:
        return peak * step / warm
    return peak * (1 + np.cos(180 * (step - warm) / (steps - warm))) / 2


def rate_twice_as_high(step, steps, peak):
    warm = steps // 10
    if step < warm:
        return peak * step / warm
    return peak * (1 + np.cos(np.pi * (step - warm) / (steps - warm)))


def rate_rising(step, steps, peak):
    return peak - rate_in_two_cases(step, steps, peak)


def rate_constant_at_first(step, steps, peak):
    return peak if step < steps // 10 else rate_in_two_cases(step, steps, peak)


def verdict_by_error(before, after):
    gap = after.mean() - before.mean()
    error = np.sqrt(np.var(before, ddof=1) / len(before) + np.var(after, ddof=1) / len(after))
    if abs(gap) <= 2 * error:
        return "within noise"
    return "better" if gap > 0 else "worse"


def verdict_by_interval(before, after):
    parts = [np.std(runs, ddof=1) / len(runs) ** 0.5 for runs in (before, after)]
    reach = 2 * np.hypot(*parts)
    low, high = after.mean() - before.mean() - reach, after.mean() - before.mean() + reach
    return "better" if low > 0 else "worse" if high < 0 else "within noise"


def verdict_by_statistics(before, after):
    gap = statistics.mean(after.tolist()) - statistics.mean(before.tolist())
    squares = [statistics.variance(runs.tolist()) / len(runs) for runs in (before, after)]
    if gap**2 <= 4 * sum(squares):
        return "within noise"
    return ("worse", "better")[gap > 0]


def verdict_by_where(before, after):
    error = np.sqrt(before.var(ddof=1) / before.size + after.var(ddof=1) / after.size)
    gap = after.mean() - before.mean()
    return np.where(abs(gap) <= 2 * error, "within noise", np.where(gap > 0, "better", "worse"))


def verdict_by_t(before, after):
    error = (before.var(ddof=1) / before.size + after.var(ddof=1) / after.size) ** 0.5
    t = (after.mean() - before.mean()) / error
    return "better" if t > 2 else "worse" if t < -2 else "within noise"


def verdict_by_tensorflow(before, after):
    def variance(runs):
        return tf.reduce_sum((runs - tf.reduce_mean(runs)) ** 2) / (len(runs) - 1)

    gap = tf.reduce_mean(after) - tf.reduce_mean(before)
    error = tf.sqrt(variance(before) / len(before) + variance(after) / len(after))
    if tf.abs(gap) <= 2 * error:
        return "within noise"
    return np.str_("better" if gap > 0 else "worse")


def verdict_with_errors(errors=2, ddof=1, only=None, pooled=False):
    def verdict(before, after):
        gap = after.mean() - before.mean()
        squares = [np.var(runs, ddof=ddof) / len(runs) for runs in (before, after)]
        if only is not None:
            squares = [squares[only]]
        if pooled:
            both = np.concatenate([before - before.mean(), after - after.mean()])
            squares = [np.sum(both**2) / (len(both) - 2) * (1 / len(before) + 1 / len(after))]
        if abs(gap) <= errors * np.sqrt(sum(squares)):
            return "within noise"
        return "better" if gap > 0 else "worse"

    return verdict


def verdict_swapped(before, after):
    return verdict_by_error(after, before)


def verdict_of_one_hundredth(before, after):
    gap = after.mean() - before.mean()
    return "within noise" if abs(gap) < 0.025 else "better" if gap > 0 else "worse"


def verdict_of_a_bool(before, after):
    return verdict_by_error(before, after) == "better"


def verdict_in_capitals(before, after):
    return verdict_by_error(before, after).capitalize()


def verdict_with_errors_added(before, after):
    gap = after.mean() - before.mean()
    error = sum(runs.std(ddof=1) / len(runs) ** 0.5 for runs in (before, after))
    if abs(gap) <= 2 * error:
        return "within noise"
    return "better" if gap > 0 else "worse"


def verdict_by_means(before, after):
    return "better" if after.mean() > before.mean() else "worse"


def verdict_by_best(before, after):
    if after.max() <= before.max():
        return "worse"
    return "better"


def verdict_without_root_of_runs(before, after):
    gap = after.mean() - before.mean()
    if abs(gap) <= 2 * np.hypot(before.std(ddof=1), after.std(ddof=1)):
        return "within noise"
    return "better" if gap > 0 else "worse"


def verdict_with_the_spread_of_all(before, after):
    gap = after.mean() - before.mean()
    error = np.sqrt(np.var(before) / len(before) + np.var(after) / len(after))
    if abs(gap) <= 2 * error:
        return "within noise"
    return "better" if gap > 0 else "worse"


def misses_from_log_odds(y_true, probability):
    odds = tf.math.log(probability / (1 - probability))
    return tf.reduce_mean(tf.nn.weighted_cross_entropy_with_logits(y_true, odds, 5.0))


RIGHT = {
    checks.costly_misses: [
        misses_by_logs,
        misses_by_weights,
        misses_by_keras,
        misses_with_clip,
        misses_by_loop,
        misses_by_sample_weight,
        misses_by_mask,
        misses_from_log_odds,
    ],
    checks.momentum_step: [
        momentum_in_two_lines,
        momentum_with_a_sign,
        momentum_with_the_rate_outside,
        momentum_by_keras_ops,
        momentum_by_numpy,
        momentum_variable_first,
    ],
    checks.warm_up_and_decay: [
        rate_in_two_cases,
        rate_by_keras,
        rate_by_where,
        rate_by_math,
        rate_by_tensorflow,
        rate_in_float32,
    ],
    checks.verdict: [
        verdict_by_error,
        verdict_by_interval,
        verdict_by_statistics,
        verdict_by_t,
        verdict_by_where,
        verdict_by_tensorflow,
    ],
}
WRONG = {
    checks.costly_misses: [
        (alarms_weigh_more, "here false alarms weigh five times"),
        (misses_summed, "expected the mean, got"),
        (misses_alone, "expected 2.47083, got 2.1435"),
        (misses_of_each, "expected shape (), got (4,)"),
        (misses_with_weighted_mean, "expected 2.47083, got 0.8236"),
        (misses_through_numpy, "no gradient"),
        (misses_cut_from_the_tape, "no gradient"),
        (misses_uphill, "got -"),
        (misses_not_weighted, "expected 2.47083, got 0.75"),
        (misses_of_four, "costly_misses([1.0, 0.0, 0.0]"),
        (misses_to_base_two, "expected 2.47083, got 3.56"),
        (misses_squared, "expected 2.47083"),
        (misses_with_half_a_gradient, "the gradient for labels"),
        (misses_printed, "gave None"),
    ],
    checks.momentum_step: [
        (momentum_forgotten, "after step 2"),
        (momentum_uphill, "after step 1"),
        (momentum_with_the_old_velocity, "as it was"),
        (momentum_as_an_average, "after step 1"),
        (momentum_on_copies, "as it was"),
        (momentum_of_nesterov, "after step 1"),
        (momentum_of_nine_tenths, "momentum 0.5"),
        (momentum_with_a_fixed_rate, "rate 0.5"),
        (momentum_kept_outside, "the variable after step"),
        (momentum_not_remembered, "after step 2"),
        (momentum_returned, "as it was"),
    ],
    checks.warm_up_and_decay: [
        (rate_without_warm_up, "warm_up_and_decay(0,"),
        (rate_along_lines, "warm_up_and_decay(101, 1000, 0.1): expected"),
        (rate_with_a_jump, "warm_up_and_decay(100,"),
        (rate_without_return, "gave None"),
        (rate_over_all_steps, "warm_up_and_decay(500, 1000"),
        (rate_of_peak_one, "expected 0.05, got 0.5"),
        (rate_of_a_thousand, "200, 3.0): expected"),
        (rate_in_degrees, "warm_up_and_decay("),
        (rate_twice_as_high, "expected 0.1, got 0.2"),
        (rate_rising, "warm_up_and_decay(0, 1000, 0.1): expected 0"),
        (rate_constant_at_first, "warm_up_and_decay(0, 1000, 0.1): expected 0"),
    ],
    checks.verdict: [
        (verdict_by_means, "expected 'within noise', got 'better'"),
        (verdict_by_best, "expected 'within noise', got 'better'"),
        (verdict_without_root_of_runs, "expected 'better', got 'within noise'"),
        (verdict_with_the_spread_of_all, "expected 'within noise', got 'better'"),
        (verdict_with_errors(errors=3), "got 'within noise'"),
        (verdict_with_errors(errors=1), "expected 'within noise'"),
        (verdict_with_errors(errors=2.5), "got 'within noise'"),
        (verdict_with_errors(ddof=2), "got 'within noise'|got 'better'|raised"),
        (verdict_with_errors(only=0), "expected "),
        (verdict_with_errors(only=1), "expected "),
        (verdict_with_errors(pooled=True), "expected "),
        (verdict_swapped, "expected 'better', got 'worse'"),
        (verdict_of_one_hundredth, "expected "),
        (verdict_of_a_bool, "expected 'better', got True"),
        (verdict_in_capitals, "got 'Better'. It has to be one of three texts"),
        (verdict_with_errors_added, "got 'within noise'"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


class Broken(keras.Model):
    """Dropout that isn't told when the network trains."""

    units, activation, scale, kind = 128, "relu", 1 / 255, keras.layers.Dropout

    def __init__(self, rate):
        super().__init__()
        scale = keras.layers.Rescaling(self.scale)
        self.ready = keras.Sequential([scale, keras.layers.Flatten()])
        self.hidden = keras.layers.Dense(self.units, self.activation)
        self.dropout = self.kind(rate)
        self.answer = keras.layers.Dense(10, activation="softmax")

    def call(self, images):
        return self.answer(self.dropout(self.hidden(self.ready(images))))


class Fixed(Broken):
    def call(self, images, training=None):
        hidden = self.hidden(self.ready(images))
        return self.answer(self.dropout(hidden, training=training))


class FixedByDefault(Broken):
    """Keras hands `training` on to the layers, once `call` takes it."""

    def call(self, images, training=False):
        return super().call(images)


class WithOtherNames(keras.Model):
    """Keras looks for an argument of the name `training`, and finds none."""

    def __init__(self, rate):
        super().__init__()
        self.parts = fixed_as_a_list(rate)

    def call(self, images, **others):
        return self.parts(images, **others)


class Always(Broken):
    def call(self, images):
        return self.answer(self.dropout(self.hidden(self.ready(images)), training=True))


class ByDefaultOn(Broken):
    def call(self, images, training=True):
        return self.answer(self.dropout(self.hidden(self.ready(images)), training=training))


class AsksWhetherItTrains(Broken):
    def call(self, images, training):
        return self.answer(self.dropout(self.hidden(self.ready(images)), training=training))


class Reversed(Broken):
    def call(self, images, training=False):
        return self.answer(self.dropout(self.hidden(self.ready(images)), training=not training))


class OfOneHalf(Fixed):
    def __init__(self, rate):
        super().__init__(0.5)


class OfOneHalfAtZero(Fixed):
    def __init__(self, rate):
        super().__init__(rate or 0.5)


class OfHalfTheRate(Fixed):
    def __init__(self, rate):
        super().__init__(rate / 2)


class OfTheRateKept(Fixed):
    def __init__(self, rate):
        super().__init__(1 - rate if rate else 0)


class Noise(Fixed):
    """Adds noise, and drops nothing."""

    kind = keras.layers.GaussianNoise


class Times(Fixed):
    kind = keras.layers.GaussianDropout


class OfPixels(Fixed):
    def call(self, images, training=None):
        dropped = self.dropout(self.ready(images), training=training)
        return self.answer(self.hidden(dropped))


class Twice(Fixed):
    def call(self, images, training=None):
        hidden = self.dropout(self.hidden(self.ready(images)), training=training)
        return self.answer(self.dropout(hidden, training=training))


class Unscaled(Broken):
    """Zeroes by hand, and forgets to make up for it."""

    def __init__(self, rate):
        super().__init__(rate)
        self.rate, self.seeds = rate, keras.random.SeedGenerator()

    def call(self, images, training=False):
        hidden = self.hidden(self.ready(images))
        if training:
            kept = keras.random.uniform(keras.ops.shape(hidden), seed=self.seeds) >= self.rate
            hidden = hidden * self.made_up_for(keras.ops.cast(kept, hidden.dtype))
        return self.answer(hidden)

    def made_up_for(self, kept):
        return kept


class ByHand(Unscaled):
    def made_up_for(self, kept):
        return kept / (1 - self.rate)


class AsAnActivation(Fixed):
    """Activation after dropout: zeros stay zeros."""

    activation = None

    def call(self, images, training=None):
        hidden = self.dropout(self.hidden(self.ready(images)), training=training)
        return self.answer(keras.ops.relu(hidden))


class AnswerFirst(keras.Model):
    """Its weights come in another order."""

    def __init__(self, rate):
        super().__init__()
        self.answer = keras.layers.Dense(10, "softmax")
        self.dropout = keras.layers.Dropout(rate)
        self.hidden = keras.layers.Dense(128, "relu")
        self.answer.build((None, 128))
        self.hidden.build((None, 784))

    def call(self, images, training=None):
        pixels = keras.ops.reshape(keras.ops.cast(images, "float32") / 255, (-1, 784))
        return self.answer(self.dropout(self.hidden(pixels), training=training))


class OfGreyValues(Fixed):
    scale = 1.0


class OfFewerUnits(Fixed):
    units = 64


class WithoutDropout(Fixed):
    def call(self, images, training=None):
        return self.answer(self.hidden(self.ready(images)))


def fixed_as_a_list(rate):
    hidden = [keras.layers.Dense(128, "relu"), keras.layers.Dropout(rate)]
    ready = [keras.layers.Rescaling(1 / 255), keras.layers.Flatten()]
    return keras.Sequential([*ready, *hidden, keras.layers.Dense(10, activation="softmax")])


def fixed_functional(rate):
    inputs = keras.Input((28, 28))
    signal = keras.layers.Dense(128, "relu")(keras.layers.Flatten()(inputs / 255.0))
    signal = keras.layers.Dropout(rate)(signal)
    return keras.Model(inputs, keras.layers.Dense(10, "softmax")(signal))


FIXED = [Fixed, FixedByDefault, fixed_as_a_list, fixed_functional]
FIXED += [ByHand, AsAnActivation, AnswerFirst, AsksWhetherItTrains]


@pytest.mark.parametrize("answer", FIXED)
def test_dropout_that_drops_while_it_trains_passes(answer):
    keras.utils.set_random_seed(0)
    assert checks.fixed(answer).passed, checks.fixed(answer)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Broken, "Expected more from `fit`"),
        (WithOtherNames, "Expected more from `fit`"),
        (Always, "predict gave two answers"),
        (ByDefaultOn, "called without `training`, it drops"),
        (lambda rate: Fixed, "got the class Fixed itself"),
        (Reversed, "predict gave two answers"),
        (OfOneHalf, "of the hidden units were dropped, expected 90%"),
        (OfOneHalfAtZero, "expected no dropout at rate 0"),
        (OfHalfTheRate, "in training 2"),
        (OfTheRateKept, "of the hidden units were dropped, expected 90%"),
        (Noise, "in training 0% of the hidden units were dropped"),
        (Times, "in training 0% of the hidden units were dropped"),
        (OfPixels, "in training 0% of the hidden units were dropped"),
        (Twice, "hidden units were dropped, expected 50%"),
        (Unscaled, "kept in training at index (0,): expected 2, got 1"),
        (OfGreyValues, "probabilities of the layers of `Broken`"),
        (OfFewerUnits, "expected weights of the shapes"),
        (WithoutDropout, "so nothing is dropped"),
        (lambda rate: Broken(rate).answer, "Expected a Keras model"),
        (lambda rate: None, "Expected a Keras model, got NoneType"),
        (lambda rate: _logits(), "expected probabilities"),
    ],
)
def test_other_dropouts_are_told_why(answer, says):
    keras.utils.set_random_seed(0)
    outcome = checks.fixed(answer)
    assert outcome.status == "not yet"
    assert says in outcome.message


def _logits():
    return keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10)])


def test_an_untouched_class_is_not_attempted():
    class Untouched(keras.Model): ...

    assert checks.fixed(Untouched).status == "not attempted"


OURS, BASELINE = [0.960, 0.962, 0.961], [0.915, 0.917, 0.916]
CLAIM = "I would give dropout up if it lost over ten seeds by more than noise."


@pytest.mark.parametrize(
    "answer",
    [
        [0.97, 0.971, 0.969],
        (0.97, 0.97, 0.972),
        np.array([0.95, 0.955, 0.96, 0.94]),
        np.array([0.95, 0.955, 0.96], "float32"),
        [np.float64(0.95), np.float64(0.951), np.float64(0.9)],
    ],
)
def test_recipe_over_seeds_passes_and_is_set_against_ours(answer):
    outcome = checks.my_recipe(answer, CLAIM, OURS, BASELINE, 1000)
    assert outcome.passed, outcome
    assert "standard errors" in outcome.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ([0.99, 0.98], "at least 3 seeds, got shape (2,)"),
        (0.97, "at least 3 seeds, got shape ()"),
        ([0.97, 0.97, 0.97], "a seed of its own"),
        ([0.91, 0.92, 0.915], "no hidden layer"),
        (BASELINE[::-1], "no hidden layer"),
        (np.nextafter(BASELINE, 1), "no hidden layer"),
        ([97.0, 96.5, 97.1], "Expected accuracies between 0 and 1, got [97, 96.5, 97.1]"),
        (["high", "higher", "highest"], "raised|could not use"),
        ([[0.97, 0.96, 0.95]], "got shape (1, 3)"),
        ([0.9701, 0.9612, 0.9593], "Expected shares of 1,000 validation digits"),
        (OURS, "the results of our recipe"),
        (OURS[::-1], "the results of our recipe"),
        (OURS[:3], "the results of our recipe"),
        ([0.97, np.nan, 0.96], "Expected accuracies between 0 and 1"),
    ],
)
def test_other_results_are_told_why(answer, says):
    outcome = checks.my_recipe(answer, CLAIM, OURS, BASELINE, 1000)
    assert outcome.status == "not yet"
    assert any(part in outcome.message for part in says.split("|")), outcome


@pytest.mark.parametrize("mind", [None, "better", "my dog likes to eat some green apples today"])
def test_a_claim_about_a_trick_is_asked_for(mind):
    outcome = checks.my_recipe([0.97, 0.971, 0.969], mind, OURS, BASELINE, 1000)
    assert outcome.status == "not yet"
    assert "`mind`" in outcome.message


def test_no_recipe_is_not_attempted():
    assert checks.my_recipe([...], CLAIM, OURS, BASELINE, 1000).status == "not attempted"
    assert checks.my_recipe([0.97, 0.9, 0.8], ..., OURS, BASELINE, 1000).status == "not attempted"
