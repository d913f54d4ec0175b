"""A SavedModel as a session."""

import gc

import numpy as np

from workshop.serving.model import load


def test_a_saved_model_gives_its_signatures(saved):
    signature = load(saved(1))["serving_default"]
    assert signature.inputs == {"pixels": (np.dtype("float32"), [-1, 2])}
    assert signature.outputs == ["sums"]
    assert signature.joins
    [answer] = signature.call(np.zeros((3, 2), np.float32))
    np.testing.assert_array_equal(answer, np.ones((3, 2)))


def test_two_versions_keep_their_weights_apart(saved):
    first, second = load(saved(1))["serving_default"], load(saved(2))["serving_default"]
    zero = np.zeros((1, 2), np.float32)
    assert [one.call(zero)[0][0, 0] for one in (first, second, first)] == [1, 2, 1]


def test_a_network_of_keras_answers_as_predict(tmp_path):
    import keras

    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((6, 6), name="pixels"),
            keras.layers.Reshape((6, 6, 1)),
            keras.layers.Conv2D(3, 3),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(4, activation="softmax"),
        ]
    )
    model.export(tmp_path / "1", verbose=False)
    x = np.random.default_rng(0).normal(size=(5, 6, 6)).astype("float32")
    signature = load(tmp_path / "1")["serving_default"]
    assert list(signature.inputs) == ["pixels"]
    expected = model.predict(x, verbose=0)
    np.testing.assert_allclose(signature.call(x)[0], expected, atol=1e-6)


def test_a_fixed_batch_is_not_joined(tmp_path):
    import tensorflow as tf

    module = tf.Module()
    module.one = tf.Variable(1.0)
    module.add = tf.function(
        lambda x: x + module.one, input_signature=[tf.TensorSpec((4, 2), tf.float32)]
    )
    tf.saved_model.save(module, str(tmp_path), signatures=module.add)
    assert not load(tmp_path)["serving_default"].joins


def test_the_weights_go_with_the_last_that_holds_a_signature(saved):
    import tensorflow as tf

    def sessions():
        gc.collect()
        return sum(isinstance(one, tf.compat.v1.Session) for one in gc.get_objects())

    before = sessions()
    signature = load(saved(1))["serving_default"]
    assert sessions() == before + 1
    del signature
    assert sessions() == before
