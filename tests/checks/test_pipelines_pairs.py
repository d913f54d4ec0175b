"""What the check of a generator sees: pairs, each example once, an order of all."""

import numpy as np
import pytest

from workshop.checks import pipelines_pairs
from workshop.checks.engine import _NotYet as NotYet

RNG = np.random.default_rng(5)


def in_batches(images, labels, order):
    return [(images[part], labels[part]) for part in np.split(order, [4, 8])]


def test_the_order_of_the_examples_is_found():
    given = pipelines_pairs.numbered(10)
    order = RNG.permutation(10)
    read = pipelines_pairs.read_pairs(iter(in_batches(*given, order)), "it")
    assert np.array_equal(pipelines_pairs.each_once(read, given, "it"), order)


@pytest.mark.parametrize("order", [np.arange(9), np.repeat(np.arange(5), 2)])
def test_missing_and_repeated_examples_are_told(order):
    given = pipelines_pairs.numbered(10)
    with pytest.raises(NotYet, match="expected each example once"):
        pipelines_pairs.each_once(in_batches(*given, order), given, "it")


@pytest.mark.parametrize("came", [None, [1], [([1], [2])], [(np.ones(3), np.ones(3))]])
def test_what_is_no_pair_of_batches_is_told(came):
    with pytest.raises(NotYet):
        pipelines_pairs.read_pairs(came, "it")


def test_an_order_of_all_is_shuffled():
    for _ in range(100):
        pipelines_pairs.shuffled_one_by_one(RNG.permutation(90))


@pytest.mark.parametrize("order", [np.arange(90), np.arange(90)[::-1], np.roll(np.arange(90), 30)])
def test_an_order_with_a_pattern_is_told(order):
    with pytest.raises(NotYet, match="Expected single examples"):
        pipelines_pairs.shuffled_one_by_one(order)
