#!/usr/bin/env bash
# With gradient accumulation a learning rate's schedule counts parts, and ends several times too early.
#
# Expected: with gradient_accumulation_steps=4, `optimizer.iterations` counts updates (documented),
# and a schedule is a function of the same number.
# Seen: `iterations` counts updates, the schedule is asked with the number of parts: one that is to
# last for ten updates is over after ten parts, which is two and a half.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q keras==3.15.1 jax==0.10.2
export KERAS_BACKEND=jax
"$folder/env/bin/python" - <<'PYTHON'
import sys

import keras
import numpy as np

print("keras", keras.__version__)
schedule = keras.optimizers.schedules.PiecewiseConstantDecay([10], [1.0, 0.0])
optimizer = keras.optimizers.SGD(schedule, gradient_accumulation_steps=4)
weight = keras.Variable([0.0])
optimizer.build([weight])
for _ in range(20):
    optimizer.apply([np.ones(1, "float32")], [weight])
updates, moved = int(optimizer.iterations), -float(np.asarray(weight)[0])
print(f"{updates} updates of 4 parts; the schedule is 1 up to step 10; the weight moved by {moved}")
sys.exit(0 if (updates, moved) == (5, 2.0) else "this has changed")
PYTHON
