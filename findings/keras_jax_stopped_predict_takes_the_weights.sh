#!/usr/bin/env bash
# On JAX, a `predict` or `evaluate` that fails or is stopped takes the weights out of the model.
#
# Expected: after an error in a callback or in the data, or after Ctrl-C, the model is as it was, as
# after a `fit` that is stopped.
# Seen: the weights are moved into the compiled function's state before the first batch, and put back
# after the last one only. Stopped in between, the model has none: the next `model(x)` or `predict`
# raises "TypeError: 'NoneType' object is not callable", which names neither weights nor the cause.
# load_weights brings them back; what was not saved is lost. On TensorFlow it does not happen.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q keras==3.15.1 tensorflow-cpu==2.21.0 jax==0.10.2
cat >"$folder/stopped.py" <<'PYTHON'
import keras
import numpy as np


class Stop(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        raise KeyboardInterrupt

    on_test_batch_end = on_predict_batch_end = on_train_batch_end


x, y = np.ones((8, 3), "float32"), np.ones((8, 1), "float32")
for name in ("fit", "evaluate", "predict"):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    given = (x,) if name == "predict" else (x, y)
    try:
        getattr(model, name)(*given, batch_size=2, verbose=0, callbacks=[Stop()])
    except KeyboardInterrupt:
        pass
    try:
        model.predict(x, verbose=0)
        print(name, "fine")
    except TypeError:
        print(name, "TypeError")
PYTHON
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 JAX_PLATFORMS=cpu
seen() { KERAS_BACKEND=$1 "$folder/env/bin/python" "$folder/stopped.py" 2>/dev/null | tr '\n' ' '; }
tensorflow=$(seen tensorflow)
jax=$(seen jax)
"$folder/env/bin/pip" list 2>/dev/null | grep -E "^(keras|jax|tensorflow[_-]cpu) "
echo "TensorFlow: $tensorflow"
echo "JAX: $jax"
[ "$tensorflow" = "fit fine evaluate fine predict fine " ] &&
  [ "$jax" = "fit fine evaluate TypeError predict TypeError " ] || { echo "this has changed"; exit 1; }
