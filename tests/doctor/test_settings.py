"""Variables and files of this machine and of other courses."""

import json
import os

import pytest

from workshop.doctor import settings
from workshop.jupyter import environment


@pytest.fixture(autouse=True)
def plain(monkeypatch, tmp_path):
    """An environment in which nothing is found."""
    wanted = environment.changes(os.environ)
    for name in wanted.keys() | {"MPLCONFIGDIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}:
        monkeypatch.delenv(name, raising=False)
    for name in ("PYTHONDONTWRITEBYTECODE", "SSL_CERT_FILE", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


def found():
    return {finding.name: finding for finding in settings.settings()}


def test_settings_that_slow_tensorflow_down_are_found(monkeypatch):
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert [bool(finding.remedy) for finding in settings.settings()] == [True, True]
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS")
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
    assert settings.settings() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("KERAS_BACKEND", "torch"), ("MPLBACKEND", "Agg"), ("TF_USE_LEGACY_KERAS", "1")],
)
def test_what_lessons_set_aside_is_named(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    (finding,) = settings.settings()
    assert (finding.name, finding.value) == (name, f"{value} (the lessons set it aside)")
    assert "Unset it" in finding.remedy
    assert not finding.fatal


def test_settings_of_keras_are_named_with_the_line_to_change(tmp_path):
    path = tmp_path / "keras.json"
    path.write_text(json.dumps({"backend": "theano", "floatx": "float16", "epsilon": 1e-07}))
    finding = found()["keras.json"]
    assert str(path) in finding.value
    assert '"floatx": "float16", "backend": "theano"' in finding.value
    assert finding.remedy.endswith('change it to "floatx": "float32", "backend": "tensorflow"')
    path.write_text("[1]")
    assert "Delete it" in found()["keras.json"].remedy
    path.write_text("{bad")
    assert found() == {}


def test_settings_of_matplotlib_are_named(tmp_path, monkeypatch):
    (tmp_path / "config" / "matplotlib").mkdir(parents=True)
    (tmp_path / "config" / "matplotlib" / "matplotlibrc").write_text("text.usetex: True")
    assert str(tmp_path / "config") in found()["matplotlibrc"].value
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "none"))
    assert found() == {}
    (tmp_path / "matplotlibrc").touch()
    assert str(tmp_path / "matplotlibrc") in found()["matplotlibrc"].value


def test_certificates_that_are_none_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "gone.pem"))
    finding = found()["REQUESTS_CA_BUNDLE"]
    assert finding.value == str(tmp_path / "gone.pem")
    assert "no certificates" in finding.remedy


def test_folders_that_jupyter_cannot_write_to_are_named(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "file" / "new"))
    assert [finding.fatal for finding in settings.settings()] == [False, True]
    assert "a folder of your own" in found()["IPYTHONDIR"].remedy


def test_packages_of_another_course_are_named(tmp_path, monkeypatch):
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert found()["PYTHONPATH"].value == str(tmp_path)
