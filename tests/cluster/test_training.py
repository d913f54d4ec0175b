"""Faults in the middle of a real training: who is named, what is said, and that nothing is left."""

import re
import signal
import threading
import time

import pytest

from workshop.cluster import ScriptError, start_cluster

tf = pytest.importorskip("tensorflow")

# Synchronous training of one variable, without Keras: what fails is the same and it starts sooner.
# The loss depends on all workers' numbers.
TRAINING = """
import sys, time
import tensorflow as tf
steps, width, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
strategy = tf.distribute.MultiWorkerMirroredStrategy()
rank = strategy.cluster_resolver.task_id
with strategy.scope():
    weights = tf.Variable(tf.zeros(width))
checkpoint = tf.train.Checkpoint(weights=weights)
if latest := tf.train.latest_checkpoint(folder):
    checkpoint.restore(latest).assert_existing_objects_matched()

def of_replica():
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((weights - float(rank + 1)) ** 2)
    gradient = tape.gradient(loss, weights)
    gradient = tf.distribute.get_replica_context().all_reduce("MEAN", gradient)
    weights.assign_sub(0.1 * gradient)
    return loss

@tf.function
def train_step():
    return strategy.reduce("SUM", strategy.run(of_replica), axis=None)

for step in range(steps):
    print("step", step, "loss", round(float(train_step()), 3))
    time.sleep(0.02)
"""
SERVERS = """
import tensorflow as tf
resolver = tf.distribute.cluster_resolver.TFConfigClusterResolver()
if resolver.task_type != "chief":
    server = tf.distribute.Server(
        resolver.cluster_spec(), job_name=resolver.task_type, task_index=resolver.task_id
    )
    server.join()
strategy = tf.distribute.ParameterServerStrategy(resolver)
coordinator = tf.distribute.coordinator.ClusterCoordinator(strategy)
with strategy.scope():
    weights = tf.Variable(tf.zeros(3))

@tf.function
def work():
    weights.assign_add(tf.ones(3))

for step in range(100_000):
    coordinator.schedule(work)
    coordinator.join()
    print("step", step)
"""
FOREVER = 100_000
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}


@pytest.fixture(autouse=True)
def short_grace(monkeypatch):
    """TensorFlow hears SIGTERM itself and does not end by it in a training; don't wait for that."""
    monkeypatch.setattr("workshop.cluster.script.GRACE_S", 1)


@pytest.fixture
def training(write, tmp_path):
    """Start synchronous training of two workers."""

    def start(steps=FOREVER, width=3, before=""):
        path = write(before + TRAINING)
        workers = {"worker": 2}
        return start_cluster(path, workers, steps, width, tmp_path / "saved", environment=QUIET)

    return start


def in_training(cluster, after="step 5 "):
    """Wait until both train."""
    for name in cluster.returncodes:
        cluster[name].wait_for(after, 240)


def all_ended(cluster):
    return None not in cluster.returncodes.values()


def test_who_trained_with_a_killed_worker_is_named_with_its_error(training):
    with training() as cluster:
        in_training(cluster)
        cluster.kill("worker 1")
        with pytest.raises(ScriptError, match="failed: worker 0 ended with 1") as error:
            cluster.wait(240, show=None)
        assert "worker 1 printed" not in str(error.value)  # its end was our doing
        assert re.search("Collective ops is aborted|Unavailable|Aborted", str(error.value))
        assert all_ended(cluster)


def test_a_worker_that_never_starts_makes_a_silence_that_ends(training):
    late = "import os, time\nif '\"index\": 1' in os.environ['TF_CONFIG']: time.sleep(999)\n"
    ready = "import tensorflow; print('imported')\n"
    with training(before=late + ready) as cluster:
        cluster["worker 0"].wait_for("imported", 240)
        with pytest.raises(ScriptError, match="has printed nothing for 2 s") as error:
            cluster.wait(240, silence=2, show=None)
        assert "The last lines of worker 1:\n(nothing)" in str(error.value)
        assert all_ended(cluster)


def test_a_frozen_worker_is_silent_and_one_thawed_in_time_goes_on(training):
    with training() as cluster:
        in_training(cluster)
        cluster["worker 1"].suspend()
        time.sleep(0.5)
        stopped_at = cluster["worker 0"].last_lines()
        time.sleep(0.5)
        assert cluster["worker 0"].last_lines() == stopped_at  # it waits for the sum
        cluster["worker 1"].resume()
        step = int(stopped_at.splitlines()[-1].split()[1])
        in_training(cluster, after=f"step {step + 10} ")
        cluster["worker 1"].suspend()
        with pytest.raises(ScriptError, match="has printed nothing for 2 s"):
            cluster.wait(240, silence=2, show=None)
        assert all_ended(cluster)


def test_two_clusters_train_at_once_and_do_not_meet(training):
    with training(steps=20) as one, training(steps=20) as other:
        for cluster in (one, other):
            assert cluster.wait(240, show=None) == {"worker 0": 0, "worker 1": 0}
        ends = {
            cluster[name].last_lines().splitlines()[-1]
            for cluster in (one, other)
            for name in cluster.returncodes
        }
    assert len(ends) == 1, ends
    assert "step 19" in ends.pop()


def test_a_killed_parameter_server_is_the_chiefs_error(write):
    tasks = {"chief": 1, "worker": 1, "ps": 1}
    with start_cluster(write(SERVERS), tasks, environment=QUIET) as cluster:
        cluster["chief 0"].wait_for("step 5", 240)
        cluster.kill("ps 0")
        with pytest.raises(ScriptError, match="failed: chief 0 ended with") as error:
            cluster.wait(240, show=None)
        assert re.search("Unavailable|UNAVAILABLE|Aborted|ps/replica", str(error.value))
        assert all_ended(cluster)


def test_a_checkpoint_of_another_model_is_refused_and_stays(training, tmp_path):
    folder = tmp_path / "saved"
    other = tf.train.Checkpoint(weights=tf.Variable(tf.ones(4)))
    tf.train.CheckpointManager(other, folder, max_to_keep=1).save()
    before = {file: file.read_bytes() for file in folder.iterdir()}
    with training() as cluster:
        with pytest.raises(ScriptError, match=r"ended with 1(?s:.*)ValueError.*") as error:
            cluster.wait(240, show=None)
        assert {"(4,)", "(3,)"} <= set(re.findall(r"\(\d,\)", str(error.value)))
        assert all_ended(cluster)
    assert before == {file: file.read_bytes() for file in folder.iterdir()}


def test_an_interrupt_in_the_middle_of_a_training_leaves_nothing(training, interruptible):
    shown = []

    def interrupt_at_step_5(line):
        shown.append(line)
        if "step 5 " in line and not any("step 5 " in earlier for earlier in shown[:-1]):
            threading.Timer(0.2, signal.raise_signal, [signal.SIGINT]).start()

    with pytest.raises(KeyboardInterrupt), training() as cluster:
        cluster.wait(240, show=interrupt_at_step_5)
    assert all_ended(cluster)
    assert any(line.startswith("[worker 1] step ") for line in shown)
