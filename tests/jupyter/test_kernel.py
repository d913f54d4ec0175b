"""The kernel of the environment: its settings, and that it answers every request."""

import hashlib
import json
import os
import queue
import random
import time
from pathlib import Path

import pytest
from jupyter_client import KernelManager
from processes import until

from workshop.course import course_folder, editions
from workshop.jupyter import kernel

REQUESTS = 700  # ipykernel 7.3 without workshop.jupyter.kernel stopped after 6 to 643, in 8 of 8


def test_a_gpu_has_the_same_settings_in_a_kernel_as_from_start_py():
    text = (Path(__file__).parent.parent.parent / "start.py").read_text(encoding="utf-8")
    assert f"\nCARD = {str(kernel.CARD).replace(chr(39), chr(34))}\n" in text


def test_it_finds_the_mnist_of_a_stick(tmp_path, monkeypatch):
    monkeypatch.setattr(kernel, "course_folder", lambda: tmp_path)
    (tmp_path / "mnist").mkdir()
    assert kernel._from_a_stick() == {}
    (tmp_path / "mnist" / "train-images-idx3-ubyte.gz").touch()
    assert kernel._from_a_stick() == {"WORKSHOP_DATA": str(tmp_path / "mnist")}


def test_it_keeps_what_the_lessons_came_from(client):
    """So that `workshop update` knows it when a newer edition has taken the place of this one."""
    listed = (editions.home() / "editions.json").read_bytes()
    stamp = course_folder() / ".workshop" / "base" / "edition"
    wanted = hashlib.sha256(listed).hexdigest()
    until(lambda: stamp.is_file() and stamp.read_text() == wanted, "nothing was kept")
    assert (stamp.parent / "notebooks" / "02_softmax.ipynb.txt").is_file()


@pytest.fixture
def client(monkeypatch):
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    yield from started()


@pytest.fixture
def client_elsewhere(monkeypatch, tmp_path):
    """A kernel where another course has left all that it could."""
    profile = tmp_path / "ipython" / "profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup" / "00.py").write_text("import matplotlib; matplotlib.use('agg')")
    (profile / "ipython_config.py").write_text(
        "c = get_config()\nc.InteractiveShellApp.extensions = ['autoreload']\n"
        "c.InteractiveShellApp.matplotlib = 'agg'\n"
    )
    (tmp_path / "matplotlibrc").write_text("backend: TkAgg\ntext.usetex: True\nfigure.dpi: 40\n")
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras" / "keras.json").write_text('{"backend": "theano", "floatx": "float16"}')
    (tmp_path / "other" / "numpy").mkdir(parents=True)
    (tmp_path / "other" / "numpy" / "__init__.py").write_text("raise ImportError('another numpy')")
    path = os.pathsep.join([str(tmp_path / "other"), os.environ.get("PYTHONPATH", "")])
    for name, value in {
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "KERAS_BACKEND": "torch",
        "KERAS_HOME": str(tmp_path / "keras"),
        "MPLBACKEND": "module://gone",
        "PYTHONPATH": path,
        "PYTHONWARNINGS": "error",
        "TF_USE_LEGACY_KERAS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    yield from started(cwd=str(tmp_path))


def started(**options):
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(**options)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_it_has_onednn_switched_on(client):
    asked = client.execute(
        "import os", user_expressions={"on": "os.environ['TF_ENABLE_ONEDNN_OPTS']"}
    )
    while (reply := client.get_shell_msg(timeout=30))["parent_header"]["msg_id"] != asked:
        pass
    assert reply["content"]["user_expressions"]["on"]["data"]["text/plain"] == "'1'"


CELL = """
import json, os, warnings
import matplotlib.pyplot as plt
import numpy
warnings.warn("this ends no cell")
plt.plot([1, 2])
plt.show()
names = ("KERAS_BACKEND", "TF_USE_LEGACY_KERAS", "PYTHONWARNINGS", "WORKSHOP_KERAS_HOME")
print(json.dumps([os.environ.get(name) for name in names]))
print(plt.rcParams["figure.dpi"])
"""


def test_what_another_course_left_is_set_aside(client_elsewhere, tmp_path):
    said = []
    client_elsewhere.execute_interactive(CELL, timeout=60, output_hook=said.append)
    kinds = [message["msg_type"] for message in said]
    assert "error" not in kinds, said
    (picture,) = (m["content"]["data"] for m in said if m["msg_type"] == "display_data")
    assert "image/png" in picture
    text = "".join(m["content"].get("text", "") for m in said)
    assert json.dumps(["tensorflow", None, None, str(tmp_path / "keras")]) in text
    assert "96.0" in text
    assert picture["text/html"].count("<img ") == 1


CLICKED_WHILE_IT_RUNS = """
import threading
import matplotlib.pyplot as plt
axis = plt.subplots()[1]
axis.set_xlabel("before")
shell = get_ipython()
def click():  # as ipykernel 7.1 to 7.3 hands a widget its message
    shell.events.trigger("pre_execute")
    shell.events.trigger("post_execute")
thread = threading.Thread(target=click)
thread.start()
thread.join()
plt.xlabel("after")
"""


def test_a_click_does_not_end_the_figure_of_the_cell_that_runs(client):
    said = []
    client.execute_interactive(CLICKED_WHILE_IT_RUNS, timeout=60, output_hook=said.append)
    (picture,) = (m["content"]["data"] for m in said if m["msg_type"] == "display_data")
    assert picture["text/plain"] == "Figure. after"


def test_every_request_is_answered_when_others_are_on_their_way(client):
    sent, waiting = 0, set()
    while sent < REQUESTS:
        while len(waiting) < 2:
            waiting.add(client.kernel_info())
            sent += 1
        try:
            reply = client.get_shell_msg(timeout=30)
        except queue.Empty:
            raise AssertionError(f"no answer after {sent} requests") from None
        waiting.discard(reply["parent_header"]["msg_id"])
        time.sleep(random.uniform(0, 0.003))
