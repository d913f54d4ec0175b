#!/usr/bin/env bash
# A Keras model that begins with Resizing trains its BatchNormalization whenever it is called.
#
# Expected: `model(x)` outside `fit` is inference, as with every other Sequential; Resizing has no
# training mode at all. Seen: the preprocessing layer's own default, training=True, is handed on to
# the layers after it. So a plain call normalizes each batch by itself and moves the statistics of
# BatchNormalization, and `model.export` writes a SavedModel that answers otherwise than `predict`,
# for each digit by who else is in its batch. `predict` and `model(x, training=False)` are right. So
# on TensorFlow and JAX, in Keras 3.15, also with CenterCrop or RandomFlip in front.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q keras==3.15.1 tensorflow-cpu==2.21.0 jax==0.10.2
cat >"$folder/front.py" <<'PYTHON'
import keras
import numpy as np
from keras import layers

x = np.random.default_rng(0).uniform(0, 9, (20, 8, 8, 1)).astype("float32")


def seen(front):
    network = [layers.Flatten(), layers.BatchNormalization(), layers.Dense(2)]
    model = keras.Sequential([keras.Input((8, 8, 1)), front, *network])
    right = model.predict(x, verbose=0)
    before = model.get_weights()
    plain = keras.ops.convert_to_numpy(model(x))
    moved = not all(np.allclose(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    model.set_weights(before)
    told = keras.ops.convert_to_numpy(model(x, training=False))
    parts = [np.allclose(plain, right, atol=1e-4), moved, np.allclose(told, right, atol=1e-4)]
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        model.export("exported", verbose=False)
        exported = tf.saved_model.load("exported")
        parts.append(np.allclose(exported.serve(x).numpy(), right, atol=1e-4))
    return " ".join(str(bool(part)) for part in parts)


for front in (layers.Rescaling(1.0), layers.Resizing(8, 8), layers.CenterCrop(8, 8)):
    keras.utils.set_random_seed(0)
    print(type(front).__name__, seen(front))
PYTHON
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
env/bin/pip list 2>/dev/null | grep -E "^(keras|jax|tensorflow[_-]cpu) "
echo "equal to predict: model(x); statistics moved by it; equal: model(x, training=False), SavedModel"
for backend in tensorflow jax; do
  export KERAS_BACKEND=$backend
  seen=$(env/bin/python front.py 2>/dev/null | grep -E "(True|False)$")
  sed "s/^/$backend: /" <<<"$seen"
  last=""
  [ "$backend" = jax ] || last=" True"
  grep -qx "Rescaling True False True$last" <<<"$seen" || { echo "this has changed"; exit 1; }
  last=${last/True/False}
  for front in Resizing CenterCrop; do
    grep -qx "$front False True True$last" <<<"$seen" || { echo "this has changed"; exit 1; }
  done
done
