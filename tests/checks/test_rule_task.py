"""The little network on which a rule is played."""

import numpy as np
import pytest

from workshop.checks import rule_task


def test_the_gradient_is_that_of_the_loss():
    random = np.random.default_rng(0)
    x, y = rule_task._spirals(0)
    size = sum((a + 1) * b for a, b in zip(rule_task.SIZES, rule_task.SIZES[1:], strict=False))
    flat = random.normal(0, 0.5, (2, size))

    def loss(flat):
        p = rule_task._forward(flat, x)[1][:, np.arange(len(y)), y]
        return -np.log(p).mean(-1)

    g = rule_task._gradients(flat, x, y)
    way = random.normal(size=flat.shape)
    slope = (loss(flat + 1e-6 * way) - loss(flat - 1e-6 * way)) / 2e-6
    np.testing.assert_allclose((g * way).sum(-1), slope, rtol=1e-5)


def test_two_spirals_have_two_classes_and_are_new_with_each_seed():
    (x, y), (other, _) = rule_task._spirals(0), rule_task._spirals(1)
    assert x.shape == (rule_task.POINTS, 2) and set(y) == {0, 1}
    assert np.abs(x - other).max() > 0.01
    assert np.abs(x).max() < 1.1


def test_a_rule_that_steps_nowhere_learns_nothing():
    assert rule_task.best_loss(lambda g, m, v: 0 * g) > 0.6


def test_a_rule_that_fails_at_every_rate():
    assert rule_task.best_loss(lambda g, m, v: np.full_like(g, np.nan)) == np.inf


def test_adam_beats_sgd_and_the_best_rate_counts():
    adam = rule_task.best_loss(lambda g, m, v: m / (np.sqrt(v) + 1e-7))
    sgd = rule_task.best_loss(lambda g, m, v: g)
    assert adam < 0.7 * sgd
    assert rule_task.best_loss(lambda g, m, v: 3 * g) == pytest.approx(sgd, rel=0.1)
