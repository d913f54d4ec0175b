#!/usr/bin/env bash
# At logits of zero tf.nn.weighted_cross_entropy_with_logits gives the wrong gradient.
#
# Expected: with pos_weight 1 it is sigmoid_cross_entropy_with_logits, its gradient too: 0.5 for a
# label of 0, -0.5 for a label of 1, and with pos_weight 5 there -2.5. Seen: 1 and 0. The values are
# right; in the sum of a relu and an abs that computes them both derivatives are 0 at 0. A model
# whose last layer starts at zero has all its logits there: its first step does not see one of the
# rare positives that the weight is for, and counts each negative twice. A millionth beside zero all
# is well. Give sigmoid_cross_entropy_with_logits weights per example.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q tensorflow-cpu==2.21.0
cat >"$folder/seen.py" <<'PYTHON'
import tensorflow as tf


def gradient(loss, logit):
    logit = tf.constant(logit)
    with tf.GradientTape() as tape:
        tape.watch(logit)
        value = loss(logit)
    return f"{float(tape.gradient(value, logit)):.3f}"


def weighted(label, weight):
    return lambda logit: tf.nn.weighted_cross_entropy_with_logits(label, logit, weight)


def plain(label):
    return lambda logit: tf.nn.sigmoid_cross_entropy_with_logits(tf.constant(label), logit)


for label in (0.0, 1.0):
    print(f"label {label:.0f}: plain {gradient(plain(label), 0.0)}", end="")
    for weight in (1.0, 5.0):
        at, beside = (gradient(weighted(label, weight), logit) for logit in (0.0, 1e-6))
        print(f"; weight {weight:.0f}: {at} at zero, {beside} beside it", end="")
    print()
PYTHON
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
"$folder/env/bin/pip" list 2>/dev/null | grep -E "^tensorflow[_-]cpu "
came=$("$folder/env/bin/python" "$folder/seen.py" 2>/dev/null)
echo "$came"
expected="label 0: plain 0.500; weight 1: 1.000 at zero, 0.500 beside it; weight 5: 1.000 at zero, 0.500 beside it
label 1: plain -0.500; weight 1: 0.000 at zero, -0.500 beside it; weight 5: 0.000 at zero, -2.500 beside it"
[[ $came == "$expected" ]] || { echo "this has changed"; exit 1; }
