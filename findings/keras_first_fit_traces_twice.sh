#!/usr/bin/env bash
# The first `fit` of a Keras model on TensorFlow traces its training step twice.
#
# Expected: a step is traced once for each shape and dtype of its inputs, so a layer's `call` runs
# once in Python, however many batches follow. Seen: twice. The optimizer makes its variables in the
# first trace, and tf.function traces once more whatever has created variables. One line before
# `fit`, `model.optimizer.build(model.trainable_variables)`, leaves one trace, and the same weights.
# It matters where many small models are trained: tracing is most of the time of a short training.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q tensorflow-cpu==2.21.0 keras==3.15.1 numpy==2.4.6
TF_CPP_MIN_LOG_LEVEL=3 KERAS_BACKEND=tensorflow "$folder/env/bin/python" - 2>/dev/null <<'PY'
import keras
import numpy as np
import tensorflow as tf


class Counting(keras.layers.Layer):
    calls = 0

    def call(self, inputs):
        Counting.calls += 1
        return inputs


def first_fit(build):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4), Counting()])
    model.compile("adam", "mse")
    if build:
        model.optimizer.build(model.trainable_variables)
    Counting.calls = 0
    x = np.random.default_rng(1).random((320, 8), dtype="float32")
    model.fit(x, x[:, :4], batch_size=32, epochs=2, verbose=0)
    return Counting.calls, [weight.numpy() for weight in model.trainable_variables]


print("TensorFlow", tf.__version__, "Keras", keras.__version__)
(plain, weights), (built, others) = first_fit(False), first_fit(True)
print("traces in the first fit:", plain, "and with a built optimizer:", built)
same = all(np.array_equal(one, other) for one, other in zip(weights, others, strict=True))
print("the same weights:", same)
assert (plain, built, same) == (2, 1, True), "this has changed"
PY
