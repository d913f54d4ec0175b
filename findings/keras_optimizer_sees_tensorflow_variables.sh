#!/usr/bin/env bash
# In Keras 3 an own optimizer's update_step gets a keras.Variable on JAX, and TensorFlow's inside on TensorFlow.
#
# Expected: build(variables) and update_step(gradient, variable, learning_rate) see the same objects,
# keras.Variable, on every back end; so memory may be found by variable.path, or by a dict of ids
# that build filled. Seen: so it is on JAX. On TensorFlow build gets keras.Variable, and update_step
# the ResourceVariable inside of it: .path raises AttributeError, and its id was never in build's
# dict. What works on both is the method self._get_variable_index(variable), private by its name.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q keras==3.15.1 tensorflow-cpu==2.21.0 jax==0.10.2
cat >"$folder/seen.py" <<'PYTHON'
import keras
import numpy as np

seen = {}


class Looking(keras.optimizers.Optimizer):
    def build(self, variables):
        super().build(variables)
        seen["build"] = type(variables[0]).__name__
        self.known = {id(variable) for variable in variables}

    def update_step(self, gradient, variable, learning_rate):
        seen["update_step"] = type(variable).__name__
        seen["path"] = hasattr(variable, "path")
        seen["known"] = id(variable) in self.known
        seen["index"] = self._get_variable_index(variable)


model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile(Looking(0.1), "mse")
model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
print(seen["build"], seen["update_step"], seen["path"], seen["known"], seen["index"])
PYTHON
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
"$folder/env/bin/pip" list 2>/dev/null | grep -E "^(keras|jax|tensorflow[_-]cpu) "
echo "what build gets, what update_step gets, has it a path, did build see it, its index"
for backend in tensorflow jax; do
  came=$(KERAS_BACKEND=$backend "$folder/env/bin/python" "$folder/seen.py" 2>/dev/null)
  echo "$backend: $came"
  case "$backend: $came" in
    "tensorflow: Variable ResourceVariable False False 1") ;;
    "jax: Variable Variable True True 1" | "jax: JaxVariable JaxVariable True True 1") ;;
    *) echo "this has changed"; exit 1 ;;
  esac
done
