"""What dropout leaves of hidden units."""

import numpy as np
import pytest

from workshop.checks import dropout
from workshop.checks.engine import exercise

keras = pytest.importorskip("keras")
layers = keras.layers


def network(rate, units=128):
    hidden = [layers.Dense(units, "relu"), layers.Dropout(rate)]
    ready = [keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Flatten()]
    return keras.Sequential([*ready, *hidden, layers.Dense(10, "softmax")])


@exercise("3b-6")
def drops(answer):
    dropout.must_drop(answer, 0.7, "this")


@exercise("3b-6")
def predicts(answer):
    dropout.must_predict(answer, "this")


def test_the_share_that_is_dropped_is_told_from_others():
    assert all(drops(network(0.7)).passed for _ in range(20))
    for rate in (0.35, 0.6, 0.8):
        assert "expected 70%" in drops(network(rate)).message


def test_other_weights_are_named():
    assert "expected weights of the shapes" in drops(network(0.7, units=64)).message


def test_layers_are_told_from_others():
    assert predicts(network(0.5)).passed
    other = keras.Sequential([keras.Input((28, 28)), *network(0.5).layers[1:]])
    assert "probabilities of the layers" in predicts(other).message


def test_weights_go_to_the_layers_of_their_shapes():
    model = network(0.5)
    weights = [np.full(shape, number) for number, shape in enumerate(dropout.SHAPES)]
    dropout.set_weights(model, weights[::-1], "this")
    assert [one.flat[0] for one in model.get_weights()] == [0, 1, 2, 3]
