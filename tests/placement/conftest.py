"""Small traced functions, with little to compute."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from workshop.placement import graph_of


@pytest.fixture(scope="session")
def layers():
    keras.utils.set_random_seed(1)
    first, second = keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(2)
    second(first(np.zeros((1, 3), "float32")))
    return first, second


@pytest.fixture(scope="session")
def loss_of(layers):
    """Two layers, each in a scope of its own, and a sum in none."""
    first, second = layers
    inputs = np.arange(15, dtype="float32").reshape(5, 3) / 15

    def loss():
        with tf.name_scope("low"):
            hidden = first(tf.constant(inputs))
        with tf.name_scope("high"):
            outputs = second(hidden)
        return tf.reduce_sum(outputs)

    return loss


def traced(function):
    return tf.function(function, autograph=False).get_concrete_function()


@pytest.fixture(scope="session")
def forward(loss_of):
    return graph_of(traced(loss_of))


@pytest.fixture(scope="session")
def training(loss_of):
    def norm():
        with tf.GradientTape() as tape:
            loss = loss_of()
        gradients = tape.gradient(loss, tape.watched_variables())
        return tf.add_n([tf.reduce_sum(one**2) for one in gradients])

    return graph_of(traced(norm))
