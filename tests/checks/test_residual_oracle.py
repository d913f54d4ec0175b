"""What a residual block computes."""

import numpy as np
import pytest

from workshop.checks.residual_oracle import is_residual

keras = pytest.importorskip("keras")
layers = keras.layers


def block(inputs, *, last="relu"):
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(inputs.shape[-1], 3, padding="same")(x)
    return layers.Activation(last)(inputs + x)


def model_of(**how):
    inputs = keras.Input((6, 5, 2))
    return keras.Model(inputs, block(inputs, **how))


def test_the_formula_passes():
    assert is_residual(model_of(), (6, 5, 2)) is None


def test_another_last_step_is_named():
    with pytest.raises(Exception, match="a last ReLU is missing"):
        is_residual(model_of(last="linear"), (6, 5, 2))


def test_two_kernels_are_asked_for():
    inputs = keras.Input((6, 5, 2))
    with pytest.raises(Exception, match="two kernels of 3 x 3"):
        is_residual(keras.Model(inputs, layers.ReLU()(inputs)), (6, 5, 2))


def test_the_numbers_are_those_of_the_kernels():
    model = model_of()
    is_residual(model, (6, 5, 2))
    assert all(np.isfinite(weights).all() for weights in model.get_weights())
