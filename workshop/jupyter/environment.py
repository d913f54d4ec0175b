"""What another course left in the environment, and what every kernel puts in its place."""

import json
import os
import sys
import tempfile
from collections.abc import Mapping, MutableMapping
from pathlib import Path

INLINE = "module://matplotlib_inline.backend_inline"
# How figures look, so that nobody else's settings take its place.
LOOK = Path(__file__).parent.parent / "plots" / "matplotlibrc"
# Each breaks lessons, or changes what they show: Keras 2 in the place of Keras 3, an epoch instead
# of ten, random numbers refused, a protobuf that is not there, a device that is not there.
FOREIGN = (
    "JAX_DISABLE_JIT",
    "JAX_ENABLE_X64",
    "JAX_NUM_CPU_DEVICES",
    "JAX_PLATFORMS",
    "JAX_PLATFORM_NAME",
    "KERAS_MAX_EPOCHS",
    "KERAS_MAX_STEPS_PER_EPOCH",
    "KERAS_NNX_ENABLED",
    "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION",
    "TF_CONFIG",
    "TF_DETERMINISTIC_OPS",
    "TF_USE_LEGACY_KERAS",
    "TF_XLA_FLAGS",
)
# XLA ends the whole process at a flag that it doesn't know, such as one of another version.
XLA_FLAGS = ("--xla_gpu_cuda_data_dir", "--xla_force_host_platform_device_count")
SHADOWS = ("google/protobuf", "jax", "keras", "matplotlib", "numpy", "tensorflow")
KERAS = {
    "floatx": "float32",
    "epsilon": 1e-07,
    "backend": "tensorflow",
    "image_data_format": "channels_last",
    "nnx_enabled": False,
}


def changes(environment: Mapping[str, str]) -> dict[str, str | None]:
    """Find what a lesson needs otherwise than it is in an environment.

    Args:
        environment: variables and their values, such as `os.environ`.

    Returns:
        The variables that must change: the value that each needs, None for it to be taken out.

    Example:
        >>> changes({"KERAS_BACKEND": "torch", "TF_USE_LEGACY_KERAS": "1"})["KERAS_BACKEND"]
        'tensorflow'
    """
    wanted: dict[str, str | None] = dict.fromkeys(FOREIGN)
    wanted |= {"KERAS_BACKEND": "tensorflow", "MPLBACKEND": INLINE, "MATPLOTLIBRC": str(LOOK)}
    if environment.get("JAX_PLATFORMS") == "cpu":
        del wanted["JAX_PLATFORMS"]
    if keras_settings(environment)[1].keys() - {"backend"}:
        wanted["KERAS_HOME"] = str(Path(sys.prefix, "keras"))
        wanted["WORKSHOP_KERAS_HOME"] = str(_keras_home(environment))
    if not is_writable(environment.get("MPLCONFIGDIR") or "."):
        wanted["MPLCONFIGDIR"] = None
    if "error" in environment.get("PYTHONWARNINGS", ""):
        wanted["PYTHONWARNINGS"] = None
    wanted["XLA_FLAGS"] = _harmless_flags(environment.get("XLA_FLAGS", ""))
    wanted["PYTHONPATH"] = _own_path(environment.get("PYTHONPATH", ""))
    return {name: value for name, value in wanted.items() if environment.get(name) != value}


def mend(environment: MutableMapping[str, str]) -> None:
    """Put into an environment what a lesson needs.

    Args:
        environment: variables and their values, changed in place.

    Example:
        >>> left = {"KERAS_MAX_EPOCHS": "1"}
        >>> mend(left)
        >>> "KERAS_MAX_EPOCHS" in left, left["KERAS_BACKEND"]
        (False, 'tensorflow')
    """
    for name, value in changes(environment).items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value


def keras_settings(environment: Mapping[str, str]) -> tuple[Path, dict[str, object]]:
    """Read Keras' settings file as Keras does, for what a lesson needs otherwise.

    Args:
        environment: variables and their values, such as `os.environ`.

    Returns:
        The file, and its settings that differ from a lesson's; with the name "" why Keras itself
        can't read the file. Empty where all is well: also where there is no file, or one that is
        no JSON, which Keras passes over.
    """
    path = Path(_keras_home(environment), "keras.json")
    if not path.exists():
        return path, {}
    try:
        found = json.loads(path.read_bytes().decode())
    except ValueError:
        return path, {}
    except OSError as error:
        return path, {"": error.strerror or str(error)}
    if not isinstance(found, dict):
        return path, {"": found}
    return path, {
        name: found[name] for name, value in KERAS.items() if found.get(name, value) != value
    }


def is_writable(folder: str | Path) -> bool:
    """Say whether a folder can be written to, or made."""
    path = Path(folder).absolute()
    there = next((place for place in (path, *path.parents) if place.exists()), path)
    try:
        tempfile.TemporaryFile(dir=there).close()  # who is root is allowed more than is possible
    except OSError:
        return False
    return True


def shadows(environment: Mapping[str, str]) -> list[str]:
    """List the folders of PYTHONPATH whose packages would stand before the course's own."""
    return [
        entry
        for entry in environment.get("PYTHONPATH", "").split(os.pathsep)
        if entry and any(Path(entry, name, "__init__.py").is_file() for name in SHADOWS)
    ]


def _own_path(path: str) -> str | None:
    foreign = shadows({"PYTHONPATH": path})
    kept = [entry for entry in path.split(os.pathsep) if entry not in foreign]
    return os.pathsep.join(kept) or None


def _harmless_flags(flags: str) -> str | None:
    return " ".join(flag for flag in flags.split() if flag.startswith(XLA_FLAGS)) or None


def _keras_home(environment: Mapping[str, str]) -> Path:
    if "KERAS_HOME" in environment:
        return Path(os.path.expanduser(environment["KERAS_HOME"]))  # noqa: PTH111 - as Keras does
    home = os.path.expanduser("~")  # noqa: PTH111 - as Keras does
    return Path(home if os.access(home, os.W_OK) else "/tmp", ".keras")
