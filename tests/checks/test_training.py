"""Right and wrong answers to the exercises of lesson 03b."""

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


RIGHT = {
    checks.costly_misses: [misses_by_logs, misses_by_weights, misses_by_keras],
    checks.momentum_step: [
        momentum_in_two_lines,
        momentum_with_a_sign,
        momentum_with_the_rate_outside,
    ],
    checks.warm_up_and_decay: [rate_in_two_cases, rate_by_keras],
    checks.verdict: [verdict_by_error, verdict_by_interval],
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
    ],
    checks.momentum_step: [
        (momentum_forgotten, "after step 2"),
        (momentum_uphill, "after step 1"),
        (momentum_with_the_old_velocity, "as it was"),
        (momentum_as_an_average, "after step 1"),
        (momentum_on_copies, "as it was"),
    ],
    checks.warm_up_and_decay: [
        (rate_without_warm_up, "warm_up_and_decay(0,"),
        (rate_along_lines, "warm_up_and_decay(101, 1000, 0.1): expected"),
        (rate_with_a_jump, "warm_up_and_decay(100,"),
        (rate_without_return, "gave None"),
    ],
    checks.verdict: [
        (verdict_by_means, "expected 'within noise', got 'better'"),
        (verdict_by_best, "expected 'within noise', got 'better'"),
        (verdict_without_root_of_runs, "expected 'better', got 'within noise'"),
        (verdict_with_the_spread_of_all, "expected 'within noise', got 'better'"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


OURS, BASELINE = [0.960, 0.962, 0.961], [0.915, 0.917, 0.916]


@pytest.mark.parametrize("answer", [[0.97, 0.971, 0.969], np.array([0.95, 0.955, 0.96, 0.94])])
def test_recipe_over_seeds_passes_and_is_set_against_ours(answer):
    outcome = checks.my_recipe(answer, OURS, BASELINE)
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
    ],
)
def test_other_results_are_told_why(answer, says):
    outcome = checks.my_recipe(answer, OURS, BASELINE)
    assert outcome.status == "not yet"
    assert any(part in outcome.message for part in says.split("|")), outcome


def test_no_recipe_is_not_attempted():
    assert checks.my_recipe([...], OURS, BASELINE).status == "not attempted"
