#!/usr/bin/env bash
# The end of an epoch of Keras's `fit` on arrays waits for tf.data's autotuning thread.
#
# Expected: when the last batch is done, the next epoch begins, or `fit` returns. Seen: nothing
# happens, with an idle processor, until 10 ms * (2^k - 1) have gone by since the epoch began: one
# of 1.4 s takes 2.5 s, one of 25 s takes 41. The iterator, when it is deleted, wakes the thread
# that tunes the pipeline and waits for its end; the thread looks too early whether it may end, and
# sleeps on for the rest of its period, which doubles from 10 ms up to a minute. It is a race, so not
# every epoch waits. A dataset with `options.autotune.enabled = False` never does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q tensorflow-cpu==2.21.0 keras==3.15.1 numpy==2.4.6
TF_CPP_MIN_LOG_LEVEL=3 KERAS_BACKEND=tensorflow "$folder/env/bin/python" - 2>/dev/null <<'PY'
import time

import keras
import numpy as np
import tensorflow as tf

SIZES = [2_500, 5_000, 7_500, 10_000, 12_500]  # examples: epochs of some tenths to some seconds


class Ends(keras.callbacks.Callback):
    """When the last batch was done."""

    def on_train_batch_end(self, batch, logs=None):
        self.last = time.perf_counter()


def waits(feed):
    """Seconds from the end of the last batch to the return of `fit`, for each size three times."""
    ends, found = Ends(), []
    for size in 3 * SIZES:
        model.fit(**feed(x[:size], y[:size]), verbose=0, callbacks=[ends])
        found.append(time.perf_counter() - ends.last)
    return found


def arrays(x, y):
    return {"x": x, "y": y, "batch_size": 50}


def dataset(x, y):
    options = tf.data.Options()
    options.autotune.enabled = False
    return {"x": tf.data.Dataset.from_tensor_slices((x, y)).batch(50).with_options(options)}


rng = np.random.default_rng(1)
x = rng.random((SIZES[-1], 28, 28, 1), dtype="float32")
y = rng.integers(0, 10, len(x))
model = keras.Sequential([
    keras.Input((28, 28, 1)), keras.layers.Conv2D(16, 4, 2, activation="relu"),
    keras.layers.Conv2D(32, 3), keras.layers.MaxPooling2D(), keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(**arrays(x[:500], y[:500]), verbose=0)
print("TensorFlow", tf.__version__, "Keras", keras.__version__)
tuned, untuned = waits(arrays), waits(dataset)
print("seconds waited after an epoch, arrays:      ", *(f"{wait:.2f}" for wait in tuned))
print("the same, a dataset without autotuning:     ", *(f"{wait:.2f}" for wait in untuned))
assert sum(tuned) > 0.5, "this has changed"
assert sum(untuned) < 0.4, "this has changed"
PY
