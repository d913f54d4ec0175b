#!/usr/bin/env bash
# On TensorFlow, after `Sequential.pop()`, `predict` goes on with the layer that was taken out.
#
# Expected: a layer that was popped computes nothing any more, in `model(x)` and in `predict`.
# Seen: once `predict` has run, it keeps the function that it made of the whole model. After pop()
# the model's output_shape and `model(x)` are those of the shorter one, and `predict` gives the
# outputs of the longer one, without a word; a new compile() brings it to itself. On JAX it does not
# happen. Who takes the head off a network to have its features gets probabilities.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q keras==3.15.1 tensorflow-cpu==2.21.0 jax==0.10.2
cat >"$folder/pop.py" <<'PYTHON'
import keras
import numpy as np

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4), keras.layers.Dense(2)])
x = np.ones((1, 3), "float32")
model.predict(x, verbose=0)
model.pop()
print(model.output_shape, tuple(model(x).shape), model.predict(x, verbose=0).shape)
model.compile()
print(model.predict(x, verbose=0).shape)
PYTHON
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
seen() { KERAS_BACKEND=$1 "$folder/env/bin/python" "$folder/pop.py" 2>/dev/null; }
tensorflow=$(seen tensorflow)
jax=$(seen jax)
"$folder/env/bin/pip" list 2>/dev/null | grep -E "^(keras|jax|tensorflow[_-]cpu) "
echo "output_shape, model(x), predict; then predict after compile()"
echo "TensorFlow: $tensorflow"
echo "JAX: $jax"
[ "$tensorflow" = $'(None, 4) (1, 4) (1, 2)\n(1, 4)' ] && [ "$jax" = $'(None, 4) (1, 4) (1, 4)\n(1, 4)' ] ||
  { echo "this has changed"; exit 1; }
