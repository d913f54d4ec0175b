#!/usr/bin/env bash
# Two MirroredStrategies of different sizes in one process fail, if they share a device.
#
# Expected: strategies are independent; the second one, on more devices, trains as the first did.
# Seen: both number their groups from 1, and the collective operations know groups by their number:
# "joining a group with size 4, but that group has size 2". Sizes that share no device, or one
# process for each, work.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q tensorflow-cpu==2.21.0
"$folder/env/bin/python" - 2>/dev/null <<'PYTHON'
import sys

import keras
import numpy as np
import tensorflow as tf

print("tensorflow", tf.__version__, "keras", keras.__version__)
four = [tf.config.LogicalDeviceConfiguration()] * 4
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], four)
devices = [device.name for device in tf.config.list_logical_devices("CPU")]
said = []
for number in (2, 4):
    with tf.distribute.MirroredStrategy(devices[:number]).scope():
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
    try:
        model.fit(np.ones((8, 3)), np.ones((8, 1)), verbose=0)
        said.append("trains")
    except tf.errors.InternalError as error:
        said.append("fails: " + [li for li in str(error).splitlines() if "group" in li][0])
print(*said, sep="\n")
sys.exit(0 if said[0] == "trains" and "joining a group" in said[1] else "this has changed")
PYTHON
