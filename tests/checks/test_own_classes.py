"""Own classes are scored on what they did not learn from."""

import numpy as np
import pytest

from workshop.checks.own_classes import LEAST, groups_of, score_of

NAMES = [f"n{k}" for k in range(12)]
FEATURES = np.arange(24.0).reshape(12, 2)


def test_groups_are_the_rows_of_their_names():
    groups = groups_of({"a": NAMES[:4], "b": NAMES[:-5:-1]}, NAMES, FEATURES)
    np.testing.assert_array_equal(groups[0], FEATURES[:4])
    np.testing.assert_array_equal(groups[1], FEATURES[:-5:-1])
    assert LEAST == 4


def test_each_class_counts_the_same():
    """The mean of a class that one of ten is right in and one that all are is 0.55."""
    rng = np.random.default_rng(0)
    first = np.r_[np.zeros((6, 1)), np.full((94, 1), 10.0)]
    scores = [score_of([first, np.full((5, 1), 10.5)], 2, rng) for _ in range(200)]
    assert 0.4 < np.mean(scores) < 1
    assert score_of([np.zeros((4, 1)), np.ones((50, 1))], 2, rng) == 1


def test_what_was_learned_from_is_not_tested():
    """Two that are learned from are right, the other two of each class lie with the other class."""
    groups = [np.array([[0.0], [1.0], [9.0], [10.0]]), np.array([[9.0], [10.0], [0.0], [1.0]])]

    class InOrder:
        permutation = staticmethod(np.arange)

    assert score_of(groups, 2, InOrder()) == 0


def test_noise_is_chance():
    rng = np.random.default_rng(1)
    scores = [score_of([rng.normal(size=(30, 3)) for _ in range(3)], 5, rng) for _ in range(100)]
    assert np.mean(scores) == pytest.approx(1 / 3, abs=0.03)
