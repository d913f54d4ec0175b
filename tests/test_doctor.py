"""What the doctor finds: another Python, too little memory, a broken or slowed TensorFlow."""

import json
import socket
from types import SimpleNamespace

import pytest

from workshop import doctor


def test_doctor_looks_at_everything_here():
    findings = {finding.name: finding for finding in doctor.examine()}
    expected = "Python System TensorFlow Keras Devices Memory Course Disk Versions Port"
    assert set(expected.split()) <= set(findings)
    assert "Data set" in findings
    assert "backend tensorflow" in findings["Keras"].value
    assert "CPU" in findings["Devices"].value
    assert not [name for name, finding in findings.items() if finding.fatal]


def test_another_python_is_a_finding(monkeypatch):
    assert not doctor.python().fatal
    needed = {"Requires-Python": ">=3.98,<3.99"}
    monkeypatch.setattr(doctor.metadata, "metadata", lambda name: needed)
    finding = doctor.python()
    assert finding.fatal
    assert "The course needs Python >=3.98,<3.99" in finding.remedy


def test_missing_programs_are_found(monkeypatch):
    monkeypatch.setattr(doctor, "installed", lambda name: None)
    finding = doctor.python()
    assert finding.fatal
    assert finding.remedy.startswith("Not installed: jupyterlab, ipykernel. Delete the file")


def test_another_backend_of_keras_is_a_finding(monkeypatch):
    found = {"tensorflow": "2", "keras": "3", "backend": "jax", "seconds": 1.23}
    found["devices"] = [["CPU", ""], ["GPU", "H100"]]
    monkeypatch.setattr(doctor, "PROBE", f"print({json.dumps(found)!r})")
    tensorflow, keras, devices = doctor.tensorflow()
    assert tensorflow.value == "2, started in 1.2 s"
    assert keras.fatal
    assert keras.value == "3, backend jax"
    assert "KERAS_BACKEND" in keras.remedy
    assert devices.value == "CPU, GPU H100"


def test_too_little_memory_disk_or_ports_are_found(monkeypatch, course):
    monkeypatch.setattr(doctor.machine, "memory", lambda: (8e9, 1e9))
    assert doctor.memory().value == "8.0 GB, 1.0 GB of it free"
    assert "Close other programs" in doctor.memory().remedy
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=0.5e9))
    disk = doctor.folder()[1]
    assert (disk.value, disk.fatal) == ("0.5 GB free", False)
    assert "Little room" in disk.remedy
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number = taken.getsockname()[1]
        monkeypatch.setattr(doctor, "PORTS", [number])
        assert doctor.port().value == f"none free from {number} to {number}"
        assert "--port 9999" in doctor.port().remedy


@pytest.mark.parametrize(
    ("program", "value", "remedy"),
    [
        (
            "raise ModuleNotFoundError(\"No module named 'tensorflow'\")",
            "not installed",
            "start.py",
        ),
        ("raise ImportError('DLL load failed while importing')", "does not start", "Visual C++"),
        ("raise ValueError('numpy')", "does not start: ValueError: numpy", "start.py"),
        ("import os; os.abort()", "said nothing", "start.py"),
        ("print('no json')", "does not start", "start.py"),
        ("import time; time.sleep(9)", "does not start", "1 s"),
    ],
)
def test_a_broken_tensorflow_is_a_finding(monkeypatch, program, value, remedy):
    monkeypatch.setattr(doctor, "PROBE", f"import sys; {program}")
    (finding,) = doctor.tensorflow(time_limit_s=1)
    assert finding.fatal
    assert value in finding.value
    assert remedy in finding.remedy


def test_other_versions_are_found(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "course_folder", lambda: tmp_path)
    monkeypatch.setattr(doctor, "installed", {"rich": "1.0", "typer": "2.0"}.get)
    (tmp_path / "constraints.txt").write_text(
        "# made by a command\nrich==2.0\ntyper==2.0\nkeras==9\n"
        "typer==3.0 ; python_full_version < '3'\n"
    )
    (finding,) = doctor.versions()
    assert finding.value == "rich 1.0 (2.0)"
    assert "The brackets show what the course was tested with" in finding.remedy
    monkeypatch.setattr(doctor, "installed", lambda name: "1.0")
    (tmp_path / "constraints.txt").write_text("".join(f"p{k}==2.0\n" for k in range(8)))
    assert doctor.versions()[0].value.endswith(", p5 1.0 (2.0) and 2 more")
    (tmp_path / "constraints.txt").unlink()
    assert "missing" in doctor.versions()[0].value


def test_settings_that_slow_tensorflow_down_are_found(monkeypatch):
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert [bool(finding.remedy) for finding in doctor.settings()] == [True, True]
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS")
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
    assert doctor.settings() == []
