#!/usr/bin/env bash
# TensorFlow's own build for x86 leaves its fast convolutions off on many processors, without a word.
#
# Expected: oneDNN is in the wheel, its code for AVX2 too, and its log line speaks only of how to
# switch it off: so it is on. Seen, on an AMD Zen 3 (AVX2, no VNNI): off, and nothing says so. On is
# the default where the processor has instructions for small whole numbers (VNNI, AMX) or bfloat16,
# which a training in float32 never uses. With TF_ENABLE_ONEDNN_OPTS=1, set before the import, the
# same steps of LeNet-5 take a third of the time.
set -euo pipefail
grep -q -w avx2 /proc/cpuinfo || { echo "this processor has no AVX2: nothing to see here"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q tensorflow-cpu==2.21.0 keras==3.15.1 numpy==2.4.6
cat > "$folder/steps.py" <<'PY'
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(1)
model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(6, 5, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 5, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(120, activation="relu"),
        layers.Dense(84, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile("sgd", "sparse_categorical_crossentropy")
images = np.random.default_rng(1).random((64, 28, 28, 1), dtype="float32")
labels = np.arange(64) % 10
model.train_on_batch(images, labels)
seconds = []
for _ in range(5):
    start = time.process_time()
    for _ in range(20):
        model.train_on_batch(images, labels)
    seconds.append((time.process_time() - start) / 20)
print(tf.__version__, 1000 * sorted(seconds)[2])
PY
steps() { # the settings of a run -> the milliseconds of a step, and whether oneDNN said that it is on
  env -u TF_ENABLE_ONEDNN_OPTS -u TF_CPP_MIN_LOG_LEVEL KERAS_BACKEND=tensorflow "$@" \
    taskset -c 0 "$folder/env/bin/python" "$folder/steps.py" 2> "$folder/log"
  grep -c "oneDNN custom operations are on" "$folder/log" || true
}
grep -m 1 "model name" /proc/cpuinfo
if grep -q -w -E "avx512_vnni|avx_vnni|avx512_bf16|amx_tile" /proc/cpuinfo; then has=yes; else has=no; fi
echo "instructions that switch it on: $has"
mapfile -t default < <(steps A=1)
mapfile -t off < <(steps TF_ENABLE_ONEDNN_OPTS=0)
mapfile -t on < <(steps TF_ENABLE_ONEDNN_OPTS=1)
echo "version and processor milliseconds a step, lines that say it is on"
printf '%-8s %s, %s\n' default "${default[@]}" off "${off[@]}" on "${on[@]}"
[[ ${off[1]} == 0 && ${on[1]} -gt 0 ]] || { echo "this has changed"; exit 1; }
if [[ $has == yes ]]; then [[ ${default[1]} -gt 0 ]]; else [[ ${default[1]} == 0 ]]; fi ||
  { echo "this has changed"; exit 1; }
awk -v off="${off[0]#* }" -v on="${on[0]#* }" \
  'BEGIN { printf "off takes %.1f times as long as on\n", off / on; exit !(off > 1.5 * on) }' ||
  { echo "this has changed"; exit 1; }
