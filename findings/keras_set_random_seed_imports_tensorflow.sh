#!/usr/bin/env bash
# Under KERAS_BACKEND=jax one seed brings the whole of TensorFlow into the process.
#
# Expected: a program whose back end is JAX imports no TensorFlow, wherever that is installed, and
# keras.utils.set_random_seed(0) sets some numbers. Seen: `import keras` keeps to that, and the seed
# imports TensorFlow: two seconds, and 400 MB for each process. (Its docstring says that
# TensorFlow's seed is set as well, for tf.data; a process that has not imported TensorFlow has no
# tf.data yet.) With many workers, seed by random.seed, numpy.random.seed and seed= of the layers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q keras==3.15.1 tensorflow-cpu==2.21.0 jax==0.10.2 psutil==7.2.2
cat >"$folder/seen.py" <<'PYTHON'
import sys
import time

import keras
import psutil


def state():
    return "tensorflow.python" in sys.modules, psutil.Process().memory_info().rss / 2**20


before, small = state()
start = time.process_time()
keras.utils.set_random_seed(0)
seconds = time.process_time() - start
after, large = state()
print(f"TensorFlow imported: {before} before, {after} after")
print(f"the seed took {seconds:.1f} s of the processor and {large - small:.0f} MB", file=sys.stderr)
PYTHON
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
"$folder/env/bin/pip" list 2>/dev/null | grep -E "^(keras|jax|tensorflow[_-]cpu) "
KERAS_BACKEND=jax "$folder/env/bin/python" "$folder/seen.py" 2>/dev/null >/dev/null # makes the .pyc files
came=$(KERAS_BACKEND=jax "$folder/env/bin/python" "$folder/seen.py" 2>"$folder/said")
echo "$came"
grep "the seed took" "$folder/said"
[[ $came == "TensorFlow imported: False before, True after" ]] || { echo "this has changed"; exit 1; }
