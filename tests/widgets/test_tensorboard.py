"""TensorBoard in a cell: every message, one server a folder, quiet, and nothing left over."""

import importlib.machinery
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from nbclient import NotebookClient

from workshop.widgets import show_tensorboard
from workshop.widgets import tensorboard as module

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture(autouse=True)
def first():
    """No TensorBoard from an earlier test."""
    module._servers.cache_clear()


@pytest.fixture
def runs(tmp_path):
    """A folder with one run."""
    write(tmp_path / "runs" / "first")
    return tmp_path / "runs"


def write(folder, *, tag="loss", steps=3):
    from tensorboard.summary import Writer

    writer = Writer(str(folder))
    for step in range(steps):
        writer.add_scalar(tag, 1 / (step + 1), step)
    writer.close()


@pytest.fixture
def not_started(monkeypatch):
    """A TensorBoard that is never started: the port alone matters."""
    monkeypatch.setattr(module, "_start", lambda folder: 6006)


def without(monkeypatch, package):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == package else found(name)
    )


def ask(address):
    return json.loads(urllib.request.urlopen(address, timeout=20).read())


def test_the_page_is_there_with_its_run(runs):
    page = show_tensorboard(runs, height=432)
    assert repr(page) == f"TensorBoard of {runs}: {page.source}"
    assert page.source.startswith("http://127.0.0.1:")
    assert ask(page.source + "data/runs") == ["first"]
    assert b"<title>TensorBoard</title>" in urllib.request.urlopen(page.source, timeout=20).read()
    shown = page._repr_html_()
    assert f'<iframe title="TensorBoard of {runs}" src="{page.source}"' in shown
    assert 'height="432"' in shown
    assert f'<a href="{page.source}" target="_blank"' in shown


def test_the_page_begins_where_it_was_asked_to(runs):
    page = show_tensorboard(runs, tag="loss so far")
    assert f'src="{page.source}#scalars&amp;tagFilter=loss%20so%20far"' in page._repr_html_()
    assert "#" not in page.source


def test_one_server_a_folder(runs, tmp_path, monkeypatch):
    write(tmp_path / "others" / "first")
    first = show_tensorboard(runs).source
    write(runs / "second")
    monkeypatch.chdir(tmp_path)
    assert show_tensorboard("runs").source == first
    assert show_tensorboard(tmp_path / "others" / ".." / "runs").source == first
    assert show_tensorboard("others").source != first
    deadline = time.monotonic() + 30
    while ask(first + "data/runs") != ["first", "second"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_an_emptied_folder_does_not_mix_two_runs(runs):
    first = show_tensorboard(runs).source
    shutil.rmtree(runs)
    write(runs / "first", steps=2)
    second = show_tensorboard(runs).source
    assert second != first
    assert len(ask(f"{second}data/plugin/scalars/scalars?run=first&tag=loss")) == 2


def test_one_that_does_not_listen_any_more_is_started_anew(runs, monkeypatch):
    first = show_tensorboard(runs).source
    folder = runs.resolve()
    _, files = module._servers()._started[folder]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = free.getsockname()[1]
    module._servers()._started[folder] = gone, files
    again = show_tensorboard(runs).source
    assert str(gone) not in again
    assert again != first
    assert ask(again + "data/runs") == ["first"]


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_a_proxy_for_the_way_outside_is_not_asked(runs, monkeypatch, name):
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    page = show_tensorboard(runs)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    assert b"first" in opener.open(page.source + "data/runs", timeout=20).read()


def test_names_in_the_page_are_escaped(tmp_path, not_started):
    write(tmp_path / "Ada & Bob")
    assert "Ada &amp; Bob" in show_tensorboard(tmp_path / "Ada & Bob")._repr_html_()


@pytest.mark.parametrize("height", [0, -3])
def test_height_is_needed(runs, height):
    with pytest.raises(ValueError, match=f"a height in pixels above 0.*got {height}"):
        show_tensorboard(runs, height=height)


def message(folder):
    page = show_tensorboard(folder)
    assert page._repr_html_() is None
    return repr(page)


def test_no_such_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = message("runs/05b")
    assert said.startswith("There is no folder 'runs/05b' yet, seen from ")
    assert tmp_path.name in said
    assert "keras.callbacks.TensorBoard(folder)" in said
    assert "tf.summary.create_file_writer(folder)" in said


def test_a_file(runs):
    [file] = (runs / "first").iterdir()
    assert message(file).startswith(f"Expected a folder, got the file {str(file)!r}.")
    assert message(file).endswith("Name the folder that it stands in.")


def test_no_event_files(tmp_path):
    (tmp_path / "model.keras").touch()
    said = message(tmp_path)
    assert said.startswith(f"Expected event files in {str(tmp_path)!r}, got none")
    assert "files of other kinds: 1." in said
    assert "events.out.tfevents*" in said


def test_not_installed(runs, monkeypatch):
    without(monkeypatch, "tensorboard")
    assert "TensorBoard is not installed" in message(runs)
    assert "%pip install tensorboard" in message(runs)


def test_colab(runs, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", object())
    assert f"%tensorboard --logdir {runs}" in message(runs)


@pytest.mark.parametrize("name", ["JUPYTERHUB_SERVICE_PREFIX", "BINDER_SERVICE_HOST"])
def test_a_hub_without_proxy(runs, monkeypatch, not_started, name):
    monkeypatch.setenv(name, "/user/ada/")
    without(monkeypatch, "jupyter_server_proxy")
    said = message(runs)
    assert "at port 6006 of the machine of this kernel" in said
    assert "its server lacks jupyter-server-proxy" in said


@pytest.mark.parametrize("prefix", ["/user/ada/", "/user/ada"])
def test_a_hub_with_proxy(runs, monkeypatch, not_started, prefix):
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", prefix)
    monkeypatch.setenv("BINDER_SERVICE_HOST", "10.0.0.1")
    spec = importlib.machinery.ModuleSpec("jupyter_server_proxy", None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    page = show_tensorboard(runs)
    assert page.source == "/user/ada/proxy/6006/"
    assert repr(page) == f"TensorBoard of {runs}: /user/ada/proxy/6006/ on this notebook's server"


def test_vs_code(runs, monkeypatch, not_started):
    monkeypatch.setenv("VSCODE_PID", "7")
    assert "Simple Browser" in show_tensorboard(runs)._repr_html_()


def test_nothing_is_left_when_the_process_has_ended(runs, tmp_path):
    for number in range(20):
        write(runs / str(number))
    code = (
        "import sys, time, psutil\n"
        "import tensorflow\n"  # within its C++ when Python ends, a thread would abort the process
        "from workshop.widgets import tensorboard\n"
        "tensorboard.RELOAD_S = 1e-4\n"
        "page = tensorboard.show_tensorboard(sys.argv[1])\n"
        "print(page.source, psutil.Process().children(recursive=True))\n"
        "time.sleep(0.3)\n"
    )
    (tmp_path / "temporary").mkdir()
    variables = os.environ | {"TMPDIR": str(tmp_path / "temporary")}
    done = subprocess.run(
        [sys.executable, "-c", code, str(runs)],
        env=variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    address, children = done.stdout.strip().split(" ", 1)
    assert children == "[]"
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(address.strip("/").split(":")[-1]))) != 0
    assert list((tmp_path / "temporary").iterdir()) == []


def test_no_red_box_not_even_when_the_files_vanish(runs):
    sources = [
        "from workshop.widgets import show_tensorboard",
        f"show_tensorboard({str(runs)!r})",
        f"import shutil, time\nshutil.rmtree({str(runs)!r})\ntime.sleep(3)",
        f"show_tensorboard({str(runs)!r})",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    _, page, waited, gone = (cell.outputs for cell in notebook.cells)
    [shown] = page
    assert "<iframe " in shown["data"]["text/html"]
    assert shown["data"]["text/plain"].startswith("TensorBoard of ")
    assert waited == []
    [said] = gone
    assert list(said["data"]) == ["text/plain"]
    assert said["data"]["text/plain"].startswith("There is no folder ")
