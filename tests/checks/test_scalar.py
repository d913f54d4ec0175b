import keras
import numpy as np
import pytest
import tensorflow as tf

from workshop.checks.scalar import plain


@pytest.mark.parametrize(
    "make",
    [
        lambda: 2,
        lambda: np.int64(2),
        lambda: np.array(2),
        lambda: tf.constant(2),
        lambda: tf.Variable(2),
        lambda: keras.Variable(2, dtype="int32"),
        lambda: keras.ops.convert_to_tensor(2),
    ],
)
def test_a_scalar_becomes_a_number_of_python(make):
    assert (plain(make()), type(plain(make()))) == (2, int)
    assert plain({"rate": make(), "name": "sgd"}) == {"rate": 2, "name": "sgd"}


@pytest.mark.parametrize("value", ["2", True, None, [1, 2], 0.5, float("inf"), ("a", 1)])
def test_anything_else_stays(value):
    assert plain(value) == value
    assert type(plain(value)) is type(value)
    assert plain({"a": value}) == {"a": value}


def test_texts_and_truth_values_of_numpy_are_those_of_python():
    assert plain(np.str_("sgd")) == "sgd"
    assert plain(np.bool_(True)) is True
    assert plain(np.arange(3)).shape == (3,)
    assert tf.is_tensor(plain(tf.constant([1, 2])))
