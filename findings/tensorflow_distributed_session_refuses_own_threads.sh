#!/usr/bin/env bash
# A Session on a tf.distribute.Server can't have threads of its own: TensorFlow raises an error.
#
# Expected: ConfigProto(use_per_session_threads=True), or session_inter_op_thread_pool, which its comment
# names as the newer way, gives a session its own threads, on a server too; or it is taken there without
# a word, as inter_op_parallelism_threads=1 is. Seen: both raise InvalidArgumentError, "Distributed
# session does not support session thread pool options", which names neither of them. Only config.proto
# says so, for the first ("Only supported by direct sessions"); Python's help on ConfigProto does not. In
# the same process, without a server, both work. How many operations a server runs side by side is set
# where it is made: tf.distribute.Server(..., config=).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q tensorflow-cpu==2.21.0
cat >"$folder/threads.py" <<'PYTHON'
import tensorflow as tf

v1 = tf.compat.v1
server = tf.distribute.Server.create_local_server()  # on 127.0.0.1 alone


def says(target, **settings):
    with tf.Graph().as_default() as graph:
        doubled = tf.constant([1.0, 2.0]) * 2
        try:
            with v1.Session(target, graph, v1.ConfigProto(**settings)) as session:
                return session.run(doubled).tolist()
        except tf.errors.InvalidArgumentError as error:
            return error.message.splitlines()[-1]


for settings in (
    {"inter_op_parallelism_threads": 1},
    {"use_per_session_threads": True},
    {"session_inter_op_thread_pool": [{"num_threads": 1}]},
):
    print(*settings, "| no server:", says("", **settings), "| server:", says(server.target, **settings))
PYTHON
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
"$folder/env/bin/pip" list 2>/dev/null | grep -E "^tensorflow[_-]cpu "
came=$("$folder/env/bin/python" "$folder/threads.py" 2>/dev/null)
echo "$came"
right="[2.0, 4.0]" refused="Distributed session does not support session thread pool options."
[ "$came" = "inter_op_parallelism_threads | no server: $right | server: $right
use_per_session_threads | no server: $right | server: $refused
session_inter_op_thread_pool | no server: $right | server: $refused" ] ||
  { echo "this has changed"; exit 1; }
