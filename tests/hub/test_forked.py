"""Kernels that are forked: as kernels are, for Jupyter and for what a lesson does in one."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from jupyter_client import KernelManager
from processes import is_alive, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux stands the fork")
JUPYTER = Path(__file__).parent.parent.parent / "deploy" / "jupyterhub"
SPEC = JUPYTER / "kernels" / "python3"


@pytest.fixture(scope="module")
def folder():
    """Give a short path for a socket."""
    import tempfile

    place = Path(tempfile.mkdtemp(prefix="workshop-"))
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def forkserver(folder):
    address = folder / "kernels"
    process = subprocess.Popen(
        [sys.executable, "-m", "workshop.hub.forkserver", str(address)],
        cwd=folder,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    until(lambda: address.exists() or process.poll(), "the forkserver did not start", 120)
    yield address
    process.terminate()
    assert process.wait(20) == 0
    assert not address.exists()


@pytest.fixture
def kernel(monkeypatch, tmp_path):
    """Give a function that starts a kernel as a learner's server does, and its answers."""
    monkeypatch.setenv("JUPYTER_PATH", str(JUPYTER))
    started = []

    def start(address, **variables):
        manager = KernelManager()
        environment = os.environ | {"WORKSHOP_FORKSERVER": str(address)} | variables
        manager.start_kernel(env=environment, cwd=str(tmp_path))
        client = manager.client()
        client.start_channels()
        started.append((manager, client))
        client.wait_for_ready(timeout=120)
        return Learner(manager, client)

    yield start
    for manager, client in started:
        client.stop_channels()
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)


class Learner:
    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    def says(self, code, timeout=60):
        """Run a cell; give what it printed, and its error's name."""
        texts = []

        def hear(message):
            content = message["content"]
            texts.append(content.get("text", "") + content.get("ename", ""))

        self.client.execute_interactive(code, timeout=timeout, output_hook=hear)
        return "".join(texts).strip()

    @property
    def pid(self):
        return int(self.says("import os; print(os.getpid())"))

    @property
    def starter(self):
        """The process that Jupyter takes for the kernel."""
        return psutil.Process(self.manager.provisioner.pid)


def test_a_kernel_has_the_imports_and_its_learners_surroundings(forkserver, kernel, tmp_path):
    ana = kernel(forkserver, ANA="1")
    assert ana.says("import sys; print('keras' in sys.modules, 'jax' in sys.modules)") == (
        "True False"
    )
    assert ana.says("import os; print(os.getcwd())") == str(tmp_path)
    assert ana.says("print(os.environ['ANA'], '' in sys.path)") == "1 True"
    assert ana.starter.pid != ana.pid
    ben = kernel(forkserver)
    draw = "import random, numpy, keras; print(random.random(), numpy.random.rand(), end=' ')"
    draw += "; print(keras.random.uniform(()).numpy())"
    assert not set(ana.says(draw).split()) & set(ben.says(draw).split())
    assert ben.says("print('ANA' in os.environ)") == "NameError"
    assert ben.says("import os; print('ANA' in os.environ)") == "False"


def test_figures_and_training_work(forkserver, kernel):
    ana = kernel(forkserver)
    train = """
import keras, numpy as np
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
losses = model.fit(np.eye(4), np.ones(4), epochs=9, verbose=0).history["loss"]
print(losses[-1] < losses[0])
"""
    assert ana.says(train) == "True"
    drawn = []
    ana.client.execute_interactive(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        timeout=60,
        output_hook=lambda message: drawn.append(message["content"].get("data", {})),
    )
    assert any("image/png" in data for data in drawn), drawn


def test_a_limit_of_memory_holds_in_the_fork(forkserver, kernel, monkeypatch, tmp_path):
    run = 'ulimit -d 2097152; exec "$0" -m workshop.hub.forked -f "$1"'  # as learner.sh does
    spec = json.loads((SPEC / "kernel.json").read_text())
    spec["argv"] = ["bash", "-c", run, sys.executable, "{connection_file}"]
    (tmp_path / "kernels" / "python3").mkdir(parents=True)
    (tmp_path / "kernels" / "python3" / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    ana = kernel(forkserver)
    assert ana.says("import numpy; numpy.ones(1 << 29)").endswith("MemoryError")
    assert ana.says("print(numpy.ones(1 << 20).sum())") == "1048576.0"


def test_an_interrupt_ends_the_cell_and_what_it_started(forkserver, kernel):
    ana = kernel(forkserver)
    pid = ana.pid
    sleep = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(100)"]
    ana.client.execute(f"import subprocess; subprocess.run({sleep})")
    until(lambda: psutil.Process(pid).children(), "the child did not start")
    (child,) = psutil.Process(pid).children()
    until(lambda: b"-c" in Path(f"/proc/{child.pid}/cmdline").read_bytes(), "not started")
    ana.manager.interrupt_kernel()
    until(lambda: not is_alive(child), "the interrupt did not reach the child")
    assert ana.client.get_shell_msg(timeout=20)["content"]["ename"] == "KeyboardInterrupt"
    assert ana.says("print('here', os.getpid())").split() == ["here", str(pid)]


def test_it_ends_and_starts_again(forkserver, kernel):
    ana = kernel(forkserver)
    before = psutil.Process(ana.pid)
    ana.manager.restart_kernel()
    ana.client.wait_for_ready(timeout=60)
    until(lambda: not is_alive(before), "the old kernel lives on")
    after = psutil.Process(ana.pid)
    assert after.pid != before.pid
    starter = ana.starter
    ana.client.stop_channels()
    ana.manager.shutdown_kernel()
    until(lambda: not is_alive(after) and not is_alive(starter), "the kernel lives on")


@pytest.mark.parametrize("how", ["killed", "orphaned"])
def test_no_kernel_outlives_who_started_it(forkserver, kernel, how):
    ana = kernel(forkserver)
    child = f"import subprocess, os; print(subprocess.Popen(['sleep', '99']).pid, {os.getpid()})"
    mine = [psutil.Process(ana.pid), psutil.Process(int(ana.says(child).split()[0]))]
    if how == "killed":
        ana.starter.send_signal(signal.SIGKILL)
    else:
        mine[0].send_signal(signal.SIGKILL)
        mine = [ana.starter]
    for process in mine:
        until(lambda: not is_alive(process), f"{process} lives on")  # noqa: B023 - at once


def test_without_a_forkserver_it_is_an_ordinary_kernel(kernel, tmp_path):
    ana = kernel(tmp_path / "nobody")
    assert ana.says("import sys, os; print('tensorflow' in sys.modules, os.getpid())") == (
        f"False {ana.starter.pid}"
    )


def test_another_backend_is_refused_in_words(forkserver, kernel):
    ana = kernel(forkserver)
    said = ana.says("import os; os.environ['KERAS_BACKEND'] = 'jax'")
    assert "stays on tensorflow" in said
    assert "KERAS_BACKEND=jax" in said
    assert ana.says("print(os.environ['KERAS_BACKEND'])") == "tensorflow"
