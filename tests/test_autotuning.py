"""Keras reads arrays without tf.data's autotuning, and reads the same."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

from workshop import autotuning

X = np.arange(40, dtype="float32").reshape(20, 2)


@pytest.fixture
def switched_off(monkeypatch):
    monkeypatch.setattr(ArrayDataAdapter, "get_tf_dataset", ArrayDataAdapter.get_tf_dataset)
    autotuning.switch_off()


def dataset() -> tf.data.Dataset:
    keras.utils.set_random_seed(1)
    return ArrayDataAdapter(X, X[:, 0], batch_size=8, shuffle=True).get_tf_dataset()


def weights() -> list:
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X / 40, X[:, 0] / 40, batch_size=8, epochs=3, verbose=0)
    return [weight.numpy() for weight in model.weights]


def test_autotuning_is_on_before():
    assert dataset().options().autotune.enabled is not False


def test_arrays_are_read_without_autotuning(switched_off):
    assert dataset().options().autotune.enabled is False


def test_a_dataset_is_read_the_same_without_autotuning():
    numbers = autotuning.untuned(tf.data.Dataset.range(10).batch(4))
    assert numbers.options().autotune.enabled is False
    assert [batch.numpy().tolist() for batch in numbers] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_a_second_call_changes_nothing(switched_off):
    once = ArrayDataAdapter.get_tf_dataset
    autotuning.switch_off()
    assert ArrayDataAdapter.get_tf_dataset is once


def test_a_keras_that_reads_arrays_in_another_way_is_left_alone(monkeypatch):
    monkeypatch.delattr(ArrayDataAdapter, "get_tf_dataset")
    autotuning.switch_off()
    assert "get_tf_dataset" not in vars(ArrayDataAdapter)


def test_batches_their_order_and_the_weights_stay_the_same(monkeypatch):
    monkeypatch.setattr(ArrayDataAdapter, "get_tf_dataset", ArrayDataAdapter.get_tf_dataset)
    batches, trained = [x.numpy() for x, _ in dataset()], weights()
    autotuning.switch_off()
    for mine, before in zip([x.numpy() for x, _ in dataset()], batches, strict=True):
        np.testing.assert_array_equal(mine, before)
    for mine, before in zip(weights(), trained, strict=True):
        np.testing.assert_array_equal(mine, before)
