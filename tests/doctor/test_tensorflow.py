"""A broken TensorFlow, another back end of Keras."""

import json

import pytest

from workshop.doctor import tensorflow


def test_another_backend_of_keras_is_a_finding(monkeypatch):
    found = {"tensorflow": "2", "keras": "3", "backend": "jax", "seconds": 1.23}
    found["devices"] = [["CPU", ""], ["GPU", "H100"]]
    monkeypatch.setattr(tensorflow, "PROBE", f"print({json.dumps(found)!r})")
    started, keras, devices = tensorflow.tensorflow()
    assert started.value == "2, started in 1.2 s"
    assert keras.fatal
    assert keras.value == "3, backend jax"
    assert "KERAS_BACKEND" in keras.remedy
    assert devices.value == "CPU, GPU H100"


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
    monkeypatch.setattr(tensorflow, "PROBE", f"import sys; {program}")
    (finding,) = tensorflow.tensorflow(time_limit_s=1)
    assert finding.fatal
    assert value in finding.value
    assert remedy in finding.remedy


def test_a_variable_without_which_it_starts_is_named(monkeypatch):
    found = {"tensorflow": "2", "keras": "3", "backend": "tensorflow", "seconds": 1, "devices": []}
    program = f"import os; assert 'TF_RUBBISH' not in os.environ; print({json.dumps(found)!r})"
    monkeypatch.setattr(tensorflow, "PROBE", program)
    monkeypatch.setenv("TF_RUBBISH", "1")
    (finding,) = tensorflow.tensorflow()
    assert "It starts without these variables: " in finding.remedy
    assert "TF_RUBBISH" in finding.remedy
    assert "Delete" not in finding.remedy
    monkeypatch.delenv("TF_RUBBISH")
    assert not tensorflow.tensorflow()[0].fatal


def test_it_starts_as_in_a_kernel(monkeypatch):
    monkeypatch.setattr(tensorflow, "PROBE", "import os; exit(os.environ['KERAS_BACKEND'])")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    (finding,) = tensorflow.tensorflow()
    assert finding.value == "does not start: tensorflow"
