import keras
import numpy as np
import pytest
import tensorflow as tf

from workshop.checks.memory import remembers

IMAGES = np.zeros((2, 28, 28), "uint8")


def reader(*layers):
    return keras.Sequential([keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), *layers])


class Model(keras.Model):
    """A model of a function of its layers and its images."""

    def __init__(self, function, *parts):
        super().__init__()
        self.function, self.parts = function, list(parts)

    def call(self, images):
        return self.function(*self.parts, tf.cast(images, tf.float32))


def with_a_cell(cell, rows):
    state = tf.zeros((tf.shape(rows)[0], 16))
    for step in range(28):
        state, _ = cell(rows[:, step], [state])
    return state


def with_dense_layers(seen, remembered, rows):
    state = tf.zeros((tf.shape(rows)[0], 16))
    for step in range(3):
        state = tf.tanh(seen(rows[:, step]) + remembered(state))
    return state


@tf.function
def compiled(seen, remembered, rows):
    state = tf.zeros((2, 16))
    for step in tf.range(28):
        state = tf.tanh(seen(rows[:, step]) + remembered(state))
    return state


@tf.function
def compiled_written_out(seen, remembered, rows):
    return with_dense_layers(seen, remembered, rows)


def scanned(seen, remembered, rows):
    def step(state, row):
        state = tf.tanh(seen(row) + remembered(state))
        return state, state

    return keras.ops.scan(step, tf.zeros((2, 16)), tf.transpose(rows, (1, 0, 2)))[0]


class OwnWeights(keras.layers.Layer):
    """The weights are read once, before the loop, and one product takes both."""

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1] + 16, 16))

    def call(self, rows):
        state, kernel = tf.zeros((tf.shape(rows)[0], 16)), tf.convert_to_tensor(self.kernel)
        for step in range(28):
            state = tf.tanh(tf.concat([rows[:, step], state], 1) @ kernel)
        return state


class Variables(tf.Module):
    """Weights of TensorFlow, in a model that has them in a module."""

    def __init__(self):
        self.kernel, self.recurrent = tf.Variable(tf.ones((28, 4))), tf.Variable(tf.eye(4))

    def __call__(self, rows):
        state = rows[:, 0] @ self.kernel
        for step in range(1, 28):
            state = tf.einsum("bi,ij->bj", state, self.recurrent) + rows[:, step] @ self.kernel
        return state


def dense():
    return keras.layers.Dense(16), keras.layers.Dense(16, use_bias=False)


def built(*parts):
    for part, inputs in zip(parts, (28, 16), strict=True):
        part.build((None, inputs))
    return parts


@pytest.mark.parametrize(
    "make",
    [
        lambda: reader(keras.layers.GRU(16)),
        lambda: reader(keras.layers.GRU(16, unroll=True)),
        lambda: reader(keras.layers.SimpleRNN(16, return_sequences=True), keras.layers.Flatten()),
        lambda: reader(keras.layers.Bidirectional(keras.layers.LSTM(8))),
        lambda: reader(keras.layers.RNN([keras.layers.GRUCell(4), keras.layers.LSTMCell(4)])),
        lambda: reader(keras.layers.Reshape((4, 7, 28, 1)), keras.layers.ConvLSTM2D(2, 5)),
        lambda: reader(OwnWeights()),
        lambda: Model(lambda layer, images: layer(images), Variables()),
        lambda: Model(lambda memory, images: memory(images), keras.layers.LSTM(4)),
        lambda: Model(lambda memory, images: memory(sequences=images), keras.layers.GRU(4)),
        lambda: Model(with_a_cell, keras.layers.GRUCell(16)),
        lambda: Model(with_dense_layers, *dense()),
        lambda: Model(compiled, *built(*dense())),
        lambda: Model(compiled_written_out, *built(*dense())),
        lambda: Model(scanned, *built(*dense())),
    ],
)
def test_a_state_is_found_however_it_is_carried(make):
    model = make()
    model(IMAGES)
    assert remembers(model, IMAGES)


def beside(unused, used, images):
    unused(images)
    return used(images)


def of_one_step(memory, images):
    return memory(tf.reshape(images, (-1, 1, 784)))


def in_halves(layer, images):
    return layer(images[:, :14]) + layer(images[:, 14:])


def normed(*layers):
    return reader(keras.layers.Flatten(), *layers, keras.layers.Dense(10))


@pytest.mark.parametrize(
    "make",
    [
        lambda: normed(keras.layers.Dense(16), keras.layers.Dense(16)),
        lambda: normed(keras.layers.BatchNormalization()),
        lambda: normed(keras.layers.LayerNormalization(), keras.layers.PReLU()),
        lambda: reader(keras.layers.Conv1D(8, 3), keras.layers.GlobalMaxPooling1D()),
        lambda: reader(keras.layers.TimeDistributed(keras.layers.Dense(4))),
        lambda: reader(keras.layers.Reshape((1, 784)), keras.layers.GRU(4)),
        lambda: Model(of_one_step, keras.layers.LSTM(4)),
        lambda: Model(in_halves, keras.layers.Dense(4)),
        lambda: Model(beside, keras.layers.GRU(4), keras.layers.Flatten()),
        lambda: Model(
            lambda unused, used, images: used(images), keras.layers.GRU(4), keras.layers.Flatten()
        ),
        lambda: Model(lambda one, two, images: one(images), *built(*dense())),
        lambda: Model(tf.function(lambda one, two, images: one(images)), *built(*dense())),
        lambda: Model(
            lambda one, images: one(images, images), keras.layers.MultiHeadAttention(2, 4)
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:`build")
def test_what_carries_no_state_is_no_memory(make):
    model = make()
    model(IMAGES)
    assert not remembers(model, IMAGES)


def test_a_model_that_is_not_compiled_is_taken_at_its_word():
    model = Model(lambda layer, images: layer(images.numpy()), keras.layers.Flatten())
    model.compile(run_eagerly=True)
    model.predict(IMAGES, verbose=0)
    assert remembers(model, IMAGES)
