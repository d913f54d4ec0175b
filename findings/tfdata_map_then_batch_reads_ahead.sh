#!/usr/bin/env bash
# tf.data reads ahead with no prefetch and with its tuner off: map and batch become one stage.
#
# Expected: with `options.autotune.enabled = False` and no `prefetch`, a pipeline makes a batch when
# it is asked for one, so after the first batch of two the map has run twice.
# Seen: a `map` with a plain `batch` behind it is fused into one stage that makes the next batch in
# the background: the map has run four times. Without the `batch` it runs once per element, and with
# `experimental_optimization.apply_default_optimizations = False` twice. So what a `prefetch` does
# can't be seen by taking it away.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q tensorflow-cpu==2.21.0
cat >"$folder/ahead.py" <<'PYTHON'
import time

import numpy as np
import tensorflow as tf


def runs_of_the_map(*, batch, fuse):
    times = []

    def look(number):
        times.append(number)
        return np.int64(number)

    ds = tf.data.Dataset.range(20).map(lambda n: tf.numpy_function(look, [n], tf.int64))
    options = tf.data.Options()
    options.autotune.enabled = False
    options.experimental_optimization.apply_default_optimizations = fuse
    iterator = iter((ds.batch(2) if batch else ds).with_options(options))
    next(iterator)
    time.sleep(1)
    return len(times)


print(tf.__version__, end=": ")
print(*(runs_of_the_map(batch=b, fuse=f) for b, f in ((False, True), (True, True), (True, False))))
PYTHON
said=$(TF_CPP_MIN_LOG_LEVEL=3 "$folder/env/bin/python" "$folder/ahead.py" 2>/dev/null)
echo "$said"
[ "${said#*: }" = "1 4 2" ] || { echo "this has changed"; exit 1; }
