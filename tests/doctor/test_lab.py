"""A JupyterLab of another environment, without the widgets' part."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from workshop.doctor import lab


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Write down a server as Jupyter does, and play the process that it is."""
    for name in ("runtime", "data"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(f"JUPYTER_{name.upper()}_DIR", str(tmp_path / name))

    def server(python, about=None):
        process = SimpleNamespace(cmdline=lambda: [python, "-m", "jupyterlab"])
        monkeypatch.setattr(lab.psutil, "Process", lambda number: process)
        about = json.dumps({"pid": 7}) if about is None else about
        (tmp_path / "runtime" / "jpserver-7.json").write_text(about)

    return server


@pytest.mark.parametrize("inside", ["bin/python3", "Scripts/python.exe", "python.exe"])
def test_a_lab_without_anywidget_is_found(server, tmp_path, inside):
    server(str(tmp_path / "other" / inside))
    (finding,) = lab.labs()
    assert finding.value == f"the one of {tmp_path / 'other'} lacks anywidget"
    assert "Failed to load model class" in finding.remedy
    assert "workshop lab" in finding.remedy
    assert not finding.fatal


@pytest.mark.parametrize("place", ["other/share/jupyter", "data"])
def test_a_lab_with_anywidget_is_no_finding(server, tmp_path, place):
    server(str(tmp_path / "other" / "bin" / "python"))
    (tmp_path / place / lab.PART).mkdir(parents=True)
    assert lab.labs() == []


@pytest.mark.parametrize("about", ["", "{}", "[]", '{"pid": null}', '{"pid": "seven"}'])
def test_a_file_that_says_nothing_is_passed_over(server, about):
    server("python", about)
    assert lab.labs() == []


def test_a_server_that_has_ended_is_passed_over(server, monkeypatch):
    server("/other/bin/python")

    def ended(number):
        raise psutil.NoSuchProcess(number)

    monkeypatch.setattr(lab.psutil, "Process", ended)
    assert lab.labs() == []


def test_a_process_that_runs_names_its_environment(server, tmp_path, monkeypatch):
    real = psutil.Process
    server("")
    monkeypatch.setattr(lab.psutil, "Process", real)
    waiting = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    about = tmp_path / "runtime" / "jpserver-8.json"
    about.write_text(json.dumps({"pid": waiting.pid}))
    (tmp_path / "runtime" / "jpserver-7.json").unlink()
    monkeypatch.setattr(lab, "_has_part", lambda folder: False)
    try:
        (finding,) = lab.labs()
    finally:
        waiting.communicate(b"\n")
    assert str(Path(sys.executable).parent.parent) in finding.value
