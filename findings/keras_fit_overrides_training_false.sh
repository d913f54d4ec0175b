#!/usr/bin/env bash
# In a functional model of Keras 3, `base(inputs, training=False)` has no effect in `fit`.
#
# Expected, and promised by Keras's own guide "Transfer learning & fine-tuning": a part that was
# called with training=False stays in inference mode in `fit`, so that its BatchNormalization keeps
# its statistics while its weights are fine-tuned; an explicit argument goes before what the layers
# around hand on. Seen: `fit` runs the model with training=True, and hands that to each layer over
# the argument of the call. The statistics move, and each batch is normalized by itself, without a
# word; nobody sees it who does not compare the weights. So in Keras 3.3 to 3.15, on TensorFlow and
# JAX. What holds is `layer.trainable = False` on each BatchNormalization, or a subclassed model
# whose `call` says `self.base(x, training=False)`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q keras==3.15.1 tensorflow-cpu==2.21.0 jax==0.10.2
cat >"$folder/training.py" <<'PYTHON'
import keras
import numpy as np

x = np.random.default_rng(0).normal(3, 2, (40, 4)).astype("float32")


class Calls(keras.Model):
    def __init__(self, base):
        super().__init__()
        self.base, self.head = base, keras.layers.Dense(1)

    def call(self, x):
        return self.head(self.base(x, training=False))


def functional(base):
    inputs = keras.Input((4,))
    return keras.Model(inputs, keras.layers.Dense(1)(base(inputs, training=False)))


def moves(build, trainable=True):
    base = keras.Sequential([keras.Input((4,)), keras.layers.BatchNormalization()])
    base.layers[0].trainable = trainable
    model = build(base)
    model.compile("sgd", "mse")
    model.fit(x, x[:, 0], verbose=0)
    return bool(np.any(base.layers[0].moving_mean.numpy() != 0))


print(moves(functional), moves(Calls), moves(functional, trainable=False))
PYTHON
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
"$folder/env/bin/pip" list 2>/dev/null | grep -E "^(keras|jax|tensorflow[_-]cpu) "
echo "statistics move: functional with training=False, subclass with it, functional with trainable=False"
for backend in tensorflow jax; do
  seen=$(KERAS_BACKEND=$backend "$folder/env/bin/python" "$folder/training.py" 2>/dev/null)
  echo "$backend: $seen"
  [ "$seen" = "True False False" ] || { echo "this has changed"; exit 1; }
done
