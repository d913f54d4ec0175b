"""What the checks of a pipeline see of its epochs: the order, the mixing, the change by chance."""

import numpy as np
import pytest

from workshop.checks import pipelines_oracle
from workshop.checks.engine import _NotYet as NotYet

COUNT, SIZE = 100, 10
RNG = np.random.default_rng(5)


def test_each_example_may_come_once():
    pipelines_oracle.not_twice(np.array([3, 0, 2]))
    with pytest.raises(NotYet):
        pipelines_oracle.not_twice(np.array([3, 0, 3]))


def test_two_epochs_that_are_mixed_anew_are_mixed():
    pipelines_oracle.mixed([RNG.permutation(COUNT), RNG.permutation(COUNT)], COUNT, SIZE)


def in_order():
    return [np.arange(COUNT), np.arange(COUNT)]


def the_same_twice():
    order = RNG.permutation(COUNT)
    return [order, order]


def batches_instead_of_examples():
    batches = np.arange(COUNT).reshape(-1, SIZE)
    return [RNG.permutation(batches).ravel() for _ in range(2)]


@pytest.mark.parametrize("orders", [in_order, the_same_twice, batches_instead_of_examples])
def test_epochs_that_are_not_mixed_are_told(orders):
    with pytest.raises(NotYet):
        pipelines_oracle.mixed(orders(), COUNT, SIZE)


def test_chance_has_to_be_another_in_each_epoch():
    labels, chance = np.arange(COUNT), RNG.random(COUNT)
    pipelines_oracle.augmented([(labels, chance), (labels[::-1], RNG.random(COUNT))])
    with pytest.raises(NotYet):
        pipelines_oracle.augmented([(labels, chance), (labels[::-1], chance[::-1])])


def test_the_first_few_sizes_are_said():
    assert pipelines_oracle.few([4, 4, 2]) == "[4, 4, 2]"
    assert pipelines_oracle.few([4, 4, 4, 4, 2]) == "[4, 4, 4, 4, ...]"
