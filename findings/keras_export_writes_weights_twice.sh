#!/usr/bin/env bash
# Keras' `model.export` writes every weight into the SavedModel twice.
#
# Expected: a SavedModel about as large as its weights, as `tf.saved_model.save(model)` makes it.
# Seen: the checkpoint in it holds two copies of each weight, `variables/N` and `_all_variables/N`,
# equal to the bit: the export's archive keeps the model's weights in one list and in another whose
# entries are other variables. The file is twice as large, and who loads it restores both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q keras==3.15.1 tensorflow-cpu==2.21.0
cat >"$folder/twice.py" <<'PYTHON'
import keras
import numpy as np
import tensorflow as tf

model = keras.Sequential([keras.Input((100,)), keras.layers.Dense(1000)])
model.export("exported", verbose=False)
tf.saved_model.save(model, "saved")
for name in ("exported", "saved"):
    read = tf.train.load_checkpoint(f"{name}/variables/variables")
    kernels = [k for k, s in read.get_variable_to_shape_map().items() if s == [100, 1000]]
    same = all(np.array_equal(read.get_tensor(k), read.get_tensor(kernels[0])) for k in kernels)
    print(name, len(kernels), same, *sorted(kernels))
PYTHON
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
seen=$(env/bin/python twice.py 2>/dev/null | grep -E "^(exported|saved) ")
env/bin/pip list 2>/dev/null | grep -E "^(keras|tensorflow[_-]cpu) "
echo "$seen"
du -b exported/variables/variables.data* saved/variables/variables.data*
grep -q "^exported 2 True" <<<"$seen" && grep -q "^saved 1 True" <<<"$seen" ||
  { echo "this has changed"; exit 1; }
