"""A cluster of processes: what each task is told, what is shown, and that all of them end."""

import json
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest
from processes import is_alive, until

from workshop.cluster import ScriptError, start_cluster

TASK = (
    "import json, os, sys, time\n"
    "config = json.loads(os.environ['TF_CONFIG'])\n"
    "kind, index = config['task']['type'], config['task']['index']\n"
)
FOREVER = TASK + "print('ready')\nwhile True: time.sleep(0.05)\n"


def test_each_task_learns_who_it_is_and_where_the_others_are(write):
    path = write(TASK + "print(json.dumps(config), os.environ['COLOUR'], sys.argv[1:])")
    tasks = {"chief": 1, "worker": 2, "ps": 1}
    with start_cluster(path, tasks, 7, environment={"COLOUR": "blue"}) as cluster:
        while any(code is None for code in cluster.returncodes.values()):
            time.sleep(0.05)
        lines = {name: cluster[name].output for name in cluster.returncodes}
    assert list(lines) == ["chief 0", "worker 0", "worker 1", "ps 0"]
    seen = set()
    for name, line in lines.items():
        text, colour, arguments = line.rsplit(" ", 2)
        config = json.loads(text)
        assert f"{config['task']['type']} {config['task']['index']}" == name
        assert (colour, arguments) == ("blue", "['7']\n")
        seen.add(json.dumps(config["cluster"]))
    [addresses] = map(json.loads, seen)  # the same for all
    assert {kind: len(places) for kind, places in addresses.items()} == tasks
    assert len({place for places in addresses.values() for place in places}) == 4


def test_no_task_waits_for_a_thread_on_one_core(write):
    """With TensorFlow's default for one core the first step of a parameter server never ends."""
    names = "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"
    path = write(f"import os; print(*(os.environ[name] for name in {names}))")
    for own, expected in ({}, "1 4"), ({"TF_NUM_INTEROP_THREADS": "9"}, "1 9"):
        with start_cluster(path, {"worker": 1}, environment=own) as cluster:
            cluster.wait(60, show=None)
            assert cluster["worker 0"].output.split() == expected.split()


def test_tasks_see_a_gpu_only_where_it_is_asked_for(write, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    path = write("import os; print(os.environ['CUDA_VISIBLE_DEVICES'])")
    for own, expected in ({}, "-1"), ({"CUDA_VISIBLE_DEVICES": "1"}, "1"):
        with start_cluster(path, {"worker": 1}, environment=own) as cluster:
            cluster.wait(60, show=None)
            assert cluster["worker 0"].output.split() == [expected]


def test_lines_are_shown_with_their_task_while_it_runs(write):
    path = write(
        TASK + "for step in range(3):\n"
        "    print('step', step); time.sleep(0.15)\n"
        "print('no newline', end='')"
    )
    shown = []
    with start_cluster(path, {"worker": 2}) as cluster:
        codes = cluster.wait(60, show=lambda line: shown.append((time.monotonic(), line)))
    assert codes == {"worker 0": 0, "worker 1": 0}
    for worker in (0, 1):
        mine = [(at, line) for at, line in shown if line.startswith(f"[worker {worker}]")]
        texts = [line.removeprefix(f"[worker {worker}] ") for _, line in mine]
        assert texts == ["step 0", "step 1", "step 2", "no newline"]
        assert mine[-1][0] > mine[0][0]


def test_a_cluster_with_servers_is_done_when_its_chief_is(write):
    path = write(TASK + "while kind != 'chief': time.sleep(0.05)\nprint('trained')")
    with start_cluster(path, {"chief": 1, "worker": 1, "ps": 1}) as cluster:
        codes = cluster.wait(60, show=None)
        assert codes == {"chief 0": 0, "worker 0": None, "ps 0": None}
    assert None not in cluster.returncodes.values()


def test_a_task_that_fails_is_named_with_its_last_lines(write):
    path = write(
        TASK + "print('begun', index)\nif index == 1: raise ValueError('no such digit')\n"
        "while True: time.sleep(0.05)"
    )
    with start_cluster(path, {"worker": 3}) as cluster:
        with pytest.raises(ScriptError, match=r"(?s)worker 1 ended with 1.*no such digit") as error:
            cluster.wait(60, show=None)
        assert "begun 0" not in str(error.value)
        assert None not in cluster.returncodes.values()  # the others were stopped


def test_a_task_that_is_killed_from_outside_is_told_in_words(write):
    with start_cluster(write(FOREVER), {"worker": 2}) as cluster:
        psutil.Process(cluster["worker 1"].pid).kill()
        how = r"killed from outside \(-9\)" if hasattr(signal, "SIGKILL") else "ended with"
        with pytest.raises(ScriptError, match=how):
            cluster.wait(60, show=None)
        assert None not in cluster.returncodes.values()


def test_it_says_in_words_who_runs_and_who_was_killed(write):
    with start_cluster(write(FOREVER), {"worker": 2}) as cluster:
        cluster.kill("worker 1")
        killed = f"killed ({cluster['worker 1'].returncode})"
        assert cluster.states == {"worker 0": "running", "worker 1": killed}
        assert f"worker 0: running, worker 1: {killed}>" in repr(cluster)
        cluster.restart("worker 1")
        assert cluster.states == {"worker 0": "running", "worker 1": "running"}


def test_a_script_with_a_syntax_error_is_told(write):
    with (
        start_cluster(write("def train(:\n    pass"), {"worker": 2}) as cluster,
        pytest.raises(ScriptError, match=r"(?s)failed: worker [01] ended with 1.*SyntaxError"),
    ):
        cluster.wait(60, show=None)


def test_a_worker_that_never_comes_up_does_not_hold_us_for_ever(write):
    path = write(TASK + "if index == 0: print('waiting for worker 1')\ntime.sleep(99)")
    with start_cluster(path, {"worker": 2}) as cluster:
        cluster["worker 0"].wait_for("waiting", 60)
        with pytest.raises(
            ScriptError, match=r"(?s)nothing for 1 s.*waiting.*worker 1:\n\(nothing\)"
        ):
            cluster.wait(60, silence=1, show=None)
    with (
        start_cluster(path, {"worker": 2}) as cluster,
        pytest.raises(ScriptError, match=r"is still running after 0\.5 s"),
    ):
        cluster.wait(0.5, show=None)


def test_the_deadline_ends_it_whatever_we_do(write):
    with start_cluster(write(FOREVER), {"worker": 2}, deadline=1) as cluster:
        time.sleep(1.2)
        with pytest.raises(ScriptError, match="stopped at its deadline of 1 s"):
            cluster.wait(60, show=None)
    assert None not in cluster.returncodes.values()


def test_an_interrupt_ends_it(write, interruptible):
    with pytest.raises(KeyboardInterrupt), start_cluster(write(FOREVER), {"worker": 2}) as cluster:
        cluster["worker 1"].wait_for("ready", 60)
        threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
        cluster.wait(60, show=None)
    assert None not in cluster.returncodes.values()


def test_one_is_killed_and_comes_back_at_its_place(write):
    path = write(
        TASK + "print('at', config['cluster']['worker'][index])\n"
        "flag = sys.argv[1]\nwhile not os.path.exists(flag): time.sleep(0.05)\n"
    )
    flag = path.with_name("end")
    with start_cluster(path, {"worker": 2}, flag) as cluster:
        place = cluster["worker 1"].wait_for("at", 60)
        first = cluster["worker 1"]
        cluster.kill("worker 1")
        assert first.returncode not in (None, 0)
        again = cluster.restart("worker 1")
        assert again.pid != first.pid
        assert again.wait_for("at", 60) == place
        flag.touch()
        assert cluster.wait(60, show=None) == {"worker 0": 0, "worker 1": 0}
        with pytest.raises(KeyError, match="no task 'worker 2'; there are worker 0, worker 1"):
            cluster.kill("worker 2")
    with pytest.raises(ScriptError, match="was stopped; start a new one"):
        cluster.restart("worker 1")


def test_a_kill_of_ours_is_no_failure_and_one_of_others_is(write):
    path = write(FOREVER.replace("while True", "while index == 1"))
    with start_cluster(path, {"worker": 2}) as cluster:
        cluster["worker 1"].wait_for("ready", 60)
        cluster.kill("worker 1")
        assert cluster.wait(60, show=None)["worker 1"] != 0
    with start_cluster(path, {"worker": 2}) as cluster:
        cluster["worker 1"].wait_for("ready", 60)
        psutil.Process(cluster["worker 1"].pid).kill()
        with pytest.raises(ScriptError, match="failed: worker 1"):
            cluster.wait(60, show=None)


def test_one_that_is_frozen_or_deaf_ends_too(write, monkeypatch):
    monkeypatch.setattr("workshop.cluster.script.GRACE_S", 2)
    deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    with start_cluster(write(deaf + FOREVER), {"worker": 2}) as cluster:
        cluster["worker 0"].wait_for("ready", 60)
        cluster["worker 1"].wait_for("ready", 60)
        cluster["worker 1"].suspend()
    assert None not in cluster.returncodes.values()


def test_a_frozen_task_goes_on(write):
    with start_cluster(write(FOREVER), {"worker": 1}) as cluster:
        cluster["worker 0"].wait_for("ready", 60)
        process = psutil.Process(cluster["worker 0"].pid)
        cluster["worker 0"].suspend()
        until(lambda: process.status() == psutil.STATUS_STOPPED, "it was not frozen")
        cluster["worker 0"].resume()
        until(lambda: process.status() != psutil.STATUS_STOPPED, "it stayed frozen")


def test_two_clusters_at_once_do_not_meet(write):
    path = write(FOREVER)
    with start_cluster(path, {"worker": 2}) as one, start_cluster(path, {"worker": 2}) as other:
        for cluster in (one, other):
            cluster["worker 1"].wait_for("ready", 60)
        one.stop()
        assert set(other.returncodes.values()) == {None}


@pytest.mark.parametrize(
    ("tasks", "says"),
    [
        ({}, "such as {.worker.: 2}, got none"),
        ({"boss": 1}, "one of chief, worker, ps, evaluator, got 'boss'"),
        ({"worker": 0}, "expected a whole number from 1, got 0"),
        ({"worker": 1.5}, "expected a whole number from 1, got 1.5"),
        ({"chief": 2}, "chief: expected one per cluster, got 2"),
    ],
)
def test_other_clusters_are_told_why(write, tasks, says):
    with pytest.raises(ValueError, match=says):
        start_cluster(write(FOREVER), tasks)


def test_a_script_that_is_missing_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"absent\.py"):
        start_cluster(tmp_path / "absent.py", {"worker": 2})


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_all_tasks_end_with_the_kernel(write):
    code = (
        "import sys, time\nfrom workshop.cluster import start_cluster\n"
        "cluster = start_cluster(sys.argv[1], {'worker': 2})\n"
        "for name in cluster.returncodes: cluster[name].wait_for('ready', 60)\n"
        "print(*(cluster[name].pid for name in cluster.returncodes), flush=True)\ntime.sleep(99)"
    )
    command = [sys.executable, "-c", code, str(write(FOREVER))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as kernel:
        tasks = [psutil.Process(int(pid)) for pid in kernel.stdout.readline().split()]
        assert len(tasks) == 2
        kernel.kill()
    until(lambda: not any(map(is_alive, tasks)), "a task outlived the process that started it")


def test_tensorflow_finds_the_others(write):
    pytest.importorskip("tensorflow")
    path = write(
        "import tensorflow as tf\n"
        "strategy = tf.distribute.MultiWorkerMirroredStrategy()\n"
        "rank = strategy.cluster_resolver.task_id\n"
        "def add():\n"
        "    here = tf.distribute.get_replica_context()\n"
        "    return here.all_reduce('SUM', tf.constant(rank + 1))\n"
        "print('sum', int(strategy.run(tf.function(add))))\n"
    )
    with start_cluster(path, {"worker": 2}) as cluster:
        assert cluster.wait(240, silence=200, show=None) == {"worker 0": 0, "worker 1": 0}
        assert [cluster[name].last_lines()[-5:] for name in cluster.returncodes] == ["sum 3"] * 2
