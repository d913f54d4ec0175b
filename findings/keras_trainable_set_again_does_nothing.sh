#!/usr/bin/env bash
# On TensorFlow, `model.trainable = True` opens no frozen layer of a model that has True already.
#
# Expected: `trainable` goes down to all layers whenever it is set, as Keras documents it, and the
# same on each back end. Seen: on TensorFlow an assignment of the value that the attribute has is
# cut short before Keras's setter sees it (AutoTrackable.__setattr__, `self.x = self.x`). A frozen
# layer of a model that was never frozen as a whole stays frozen after `model.trainable = True`, and
# one that was opened in a frozen model stays open after `model.trainable = False`, without a word:
# so fine-tuning trains fewer, or more, layers than the code says. On JAX all layers follow. Set each
# layer, or set the other value first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q keras==3.15.1 tensorflow-cpu==2.21.0 jax==0.10.2
cat >"$folder/trainable.py" <<'PYTHON'
import keras


def flags(*settings):
    first = keras.layers.Dense(3)
    model = keras.Sequential([keras.Input((4,)), first, keras.layers.Dense(2)])
    for part, value in settings:
        {"model": model, "layer": first}[part].trainable = value
    return first.trainable


print(
    flags(("layer", False), ("model", True)),
    flags(("model", False), ("layer", True), ("model", False)),
    flags(("layer", False), ("model", False), ("model", True)),
)
PYTHON
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
seen() { KERAS_BACKEND=$1 "$folder/env/bin/python" "$folder/trainable.py" 2>/dev/null; }
tensorflow=$(seen tensorflow)
jax=$(seen jax)
"$folder/env/bin/pip" list 2>/dev/null | grep -E "^(keras|jax|tensorflow[_-]cpu) "
echo "is a layer trainable after: layer False, model True; model False, layer True, model False;"
echo "layer False, model False, model True"
echo "TensorFlow: $tensorflow"
echo "JAX: $jax"
[ "$tensorflow" = "False True True" ] && [ "$jax" = "True False True" ] ||
  { echo "this has changed"; exit 1; }
