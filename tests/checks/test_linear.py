"""Whether linear networks are told from others, by whatever activation they end in."""

import numpy as np
import pytest

from workshop.checks.linear import is_linear, straight_layer

keras = pytest.importorskip("keras")
layers = keras.layers


def network(*hidden, end="softmax"):
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            *hidden,
            layers.Dense(10, activation=end),
        ]
    )


@pytest.mark.parametrize("end", ["softmax", "sigmoid", "linear"])
def test_linear_networks_are_linear(end):
    for size in (1, 20):  # of the kernel: with 20 the probabilities are near 0 and 1
        for model in (network(end=end), network(layers.Dense(30), end=end)):
            kernel, bias = model.layers[-1].get_weights()
            model.layers[-1].set_weights([size * kernel, bias + 0.3])
            assert is_linear(model)


@pytest.mark.parametrize("end", ["softmax", "sigmoid", "linear"])
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu"])
def test_hidden_layers_bend(activation, end):
    for units in (4, 16):
        model = network(layers.Dense(units, activation), end=end)
        model.layers[-1].set_weights([3 * w for w in model.layers[-1].get_weights()])
        assert not is_linear(model)


def test_one_bend_among_few_units_is_seen():
    model = network(layers.Dense(3, "relu"), end="linear")
    kernel, bias = model.layers[-2].get_weights()
    model.layers[-2].set_weights([kernel, np.abs(bias)])
    assert not is_linear(model)


KINDS = [
    "relu",
    "tanh",
    "sigmoid",
    "gelu",
    "elu",
    "leaky_relu",
    "softplus",
    "selu",
    "silu",
    "relu6",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("straight", [None, 1, 2, 3])
def test_a_layer_without_an_activation_is_found_among_others(kind, straight):
    kinds = [None if place == straight else kind for place in (1, 2, 3)]
    hidden = [layers.Dense(n, k) for n, k in zip((7, 2, 5), kinds, strict=True)]
    assert straight_layer(network(*hidden), (784, 7, 2, 5, 10)) == (straight or 0)


def test_other_weights_are_not_looked_into():
    assert straight_layer(network(layers.Dense(5)), (784, 4, 10)) is None
    normed = network(layers.Dense(5), layers.BatchNormalization())
    assert straight_layer(normed, (784, 5, 10)) is None


def test_pictures_that_are_not_scaled_are_no_straight_layer():
    inputs = keras.Input((28, 28))
    x = layers.Flatten()(inputs)
    for _ in range(2):
        x = layers.Dense(6, "relu")(x)
    model = keras.Model(inputs, layers.Dense(10, "softmax")(x))
    assert straight_layer(model, (784, 6, 6, 10)) == 0
