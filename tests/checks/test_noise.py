"""Lists near the border of noise."""

import numpy as np

from workshop.checks.noise import near_the_border


def errors_apart(before, after):
    error = np.sqrt(np.var(before, ddof=1) / len(before) + np.var(after, ddof=1) / len(after))
    return (np.mean(after) - np.mean(before)) / error


def test_lists_lie_on_both_sides_of_the_border():
    cases = near_the_border(np.random.default_rng())
    apart = [errors_apart(*case) for case in cases]
    np.testing.assert_allclose(apart, 3 * [1.9, -1.9, 2.1, -2.1])


def test_lists_are_drawn_again_each_time():
    random = np.random.default_rng()
    assert near_the_border(random) != near_the_border(random)
