"""What another course left behind: found, named, set aside."""

import json
import os
import sys
from pathlib import Path

import pytest

from workshop.jupyter import environment

PLAIN = {"KERAS_BACKEND": "tensorflow", "MPLBACKEND": environment.INLINE, "KERAS_HOME": "/none"}


def changes(**variables):
    found = environment.changes(PLAIN | variables)
    assert found.pop("MATPLOTLIBRC").endswith("matplotlibrc")
    return found


def test_a_plain_environment_stays_as_it_is():
    assert changes() == {}


@pytest.mark.parametrize("backend", ["torch", "jax", "theano", ""])
def test_keras_runs_on_tensorflow(backend):
    assert changes(KERAS_BACKEND=backend) == {"KERAS_BACKEND": "tensorflow"}


@pytest.mark.parametrize("backend", ["Agg", "TkAgg", "module://gone", "nbagg", ""])
def test_pictures_are_drawn_in_the_notebook(backend):
    assert changes(MPLBACKEND=backend) == {"MPLBACKEND": environment.INLINE}


@pytest.mark.parametrize("name", environment.FOREIGN)
def test_what_breaks_lessons_is_taken_out(name):
    assert changes(**{name: "1"}) == {name: None}


def test_what_was_meant_for_this_machine_stays():
    assert changes(JAX_PLATFORMS="cpu", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="1") == {}


def test_flags_that_end_the_process_are_taken_out():
    assert changes(XLA_FLAGS="--xla_old=1") == {"XLA_FLAGS": None}
    kept = "--xla_gpu_cuda_data_dir=/usr/lib/cuda"
    assert changes(XLA_FLAGS=f"{kept}  --xla_old=1") == {"XLA_FLAGS": kept}
    assert changes(XLA_FLAGS=kept) == {}


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        (None, {}),
        ("{}", {}),
        ('{"backend": "tensorflow", "image_dim_ordering": "th", "epsilon": 1e-07}', {}),
        ("{bad", {}),  # Keras passes over it
        ("\ufeff{}", {}),
        ('{"backend": "theano"}', {"backend": "theano"}),
        ('{"floatx": "float16"}', {"floatx": "float16"}),
        ('{"image_data_format": "channels_first"}', {"image_data_format": "channels_first"}),
        ('{"nnx_enabled": true, "epsilon": 1}', {"epsilon": 1, "nnx_enabled": True}),
        ("[1]", {"": [1]}),
    ],
)
def test_settings_of_keras_that_a_lesson_needs_otherwise(tmp_path, written, wrong):
    if written is not None:
        (tmp_path / "keras.json").write_text(written, encoding="utf-8")
    given = PLAIN | {"KERAS_HOME": str(tmp_path)}
    assert environment.keras_settings(given) == (tmp_path / "keras.json", wrong)
    moved = {"KERAS_HOME": str(Path(sys.prefix, "keras")), "WORKSHOP_KERAS_HOME": str(tmp_path)}
    assert changes(KERAS_HOME=str(tmp_path)) == (moved if {*wrong} - {"backend"} else {})


def test_settings_of_keras_that_are_a_folder(tmp_path):
    (tmp_path / "keras.json").mkdir()
    assert environment.keras_settings({"KERAS_HOME": str(tmp_path)})[1][""]


def test_the_settings_are_those_that_keras_would_read(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert environment.keras_settings({})[0] == tmp_path / ".keras" / "keras.json"


def test_what_a_lesson_needs_is_what_keras_has_of_itself():
    import keras

    assert environment.KERAS["floatx"] == keras.config.floatx()
    assert environment.KERAS["epsilon"] == keras.config.epsilon()
    assert environment.KERAS["image_data_format"] == keras.config.image_data_format()


def test_packages_that_would_stand_before_the_courses_own(tmp_path):
    for name in ("numpy", "google/protobuf"):
        (tmp_path / name / name).mkdir(parents=True)
        (tmp_path / name / name / "__init__.py").touch()
    (tmp_path / "mine").mkdir()
    folders = [str(tmp_path / name) for name in ("numpy", "mine", "google/protobuf", "none")]
    given = {"PYTHONPATH": os.pathsep.join(folders)}
    assert environment.shadows(given) == [folders[0], folders[2]]
    kept = os.pathsep.join([folders[1], folders[3]])
    assert changes(**given) == {"PYTHONPATH": kept}
    assert changes(PYTHONPATH=folders[0]) == {"PYTHONPATH": None}
    assert changes(PYTHONPATH=kept) == {}


def test_a_folder_that_nobody_can_write_to_is_found(tmp_path):
    (tmp_path / "file").touch()
    assert environment.is_writable(tmp_path / "new" / "newer")
    assert not environment.is_writable(tmp_path / "file" / "new")
    assert changes(MPLCONFIGDIR=str(tmp_path / "file")) == {"MPLCONFIGDIR": None}
    assert changes(MPLCONFIGDIR=str(tmp_path / "new")) == {}
    assert not (tmp_path / "new").exists()


def test_warnings_end_no_cell():
    assert changes(PYTHONWARNINGS="error::DeprecationWarning") == {"PYTHONWARNINGS": None}
    assert changes(PYTHONWARNINGS="ignore") == {}


def test_the_kernels_of_the_environment_load_it_whatever_a_profile_says():
    """A profile's own `extensions` would take the place of ours, but not of these."""
    file = Path(environment.__file__).with_name("ipython_kernel_config.json")
    config = json.loads(file.read_text(encoding="utf-8"))["IPKernelApp"]
    assert config["extra_extensions"] == ["workshop.jupyter.kernel"]
