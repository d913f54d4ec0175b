"""TensorFlow, in a process of its own, and what stands in its way."""

import json
import os
import subprocess
import sys
from typing import Any

from workshop.doctor.finding import Finding
from workshop.doctor.packages import installed
from workshop.jupyter import environment
from workshop.messages import say

PROBE = """
import json, time
start = time.perf_counter()
import tensorflow as tf, keras
devices = [
    [d.device_type, tf.config.experimental.get_device_details(d).get("device_name", "")]
    for d in tf.config.list_physical_devices()
]
assert float(tf.matmul([[2.0]], [[3.0]])[0, 0]) == 6.0
print(json.dumps({
    "tensorflow": tf.__version__, "keras": keras.__version__, "backend": keras.backend.backend(),
    "devices": devices, "seconds": time.perf_counter() - start,
}))
"""
# Variables that reach into TensorFlow and the libraries below it.
SUSPECTS = (
    *("CUDA_", "DYLD_", "JAX_", "KERAS_", "KMP_", "LD_", "MKL_", "NVIDIA_", "OMP_", "OPENBLAS_"),
    *("PROTOCOL_", "PYTHON", "TF2_", "TF_", "XLA_"),
)


def tensorflow(*, time_limit_s: float = 180) -> list[Finding]:
    """Start TensorFlow in a process of its own, so that even a crash of it is only a finding."""
    variables = dict(os.environ)
    environment.mend(variables)  # as a kernel does
    try:
        found, done = _start(variables, time_limit_s)
        blamed = [] if found else _blamed(variables, time_limit_s)
    except subprocess.TimeoutExpired:
        remedy = say(
            "It did not start within {limit:.0f} s. Is the machine busy? Try again.",
            limit=time_limit_s,
        )
        return [Finding("TensorFlow", say("does not start"), remedy, fatal=True)]
    if not found:
        value, remedy = _broken(done.returncode, done.stderr)
        if blamed:
            remedy = say(
                "It starts without these variables: {names}. Unset the one that another program or "
                "course has set.",
                names=", ".join(blamed),
            )
        return [Finding("TensorFlow", value, remedy, fatal=True)]
    version, seconds = found["tensorflow"], found["seconds"]
    started = say("{version}, started in {seconds:.1f} s", version=version, seconds=seconds)
    devices = ", ".join(" ".join(filter(None, device)) for device in found["devices"])
    return [Finding("TensorFlow", started), _keras(found), Finding(say("Devices"), devices)]


def _start(variables: dict[str, str], time_limit_s: float) -> tuple[dict, Any]:
    """Start TensorFlow; give what it says of itself, nothing if it doesn't start."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=time_limit_s,
        check=False,
        env=variables,
    )
    try:
        return json.loads(done.stdout.splitlines()[-1]), done
    except (IndexError, ValueError):
        return {}, done


def _blamed(variables: dict[str, str], time_limit_s: float) -> list[str]:
    """Name the variables without which it does start."""
    names = [name for name in variables if name.startswith(SUSPECTS)]
    rest = {name: value for name, value in variables.items() if name not in names}
    return sorted(names) if names and _start(rest, time_limit_s)[0] else []


def _keras(found: dict) -> Finding:
    backend = found["backend"]
    value = say("{version}, backend {backend}", version=found["keras"], backend=backend)
    if backend == "tensorflow":
        return Finding("Keras", value)
    remedy = say('Unset KERAS_BACKEND, or set "backend": "tensorflow" in ~/.keras/keras.json.')
    return Finding("Keras", value, remedy, fatal=True)


def builds() -> list[Finding]:
    """Find out whether both builds of TensorFlow are installed; they write the same files."""
    if not (installed("tensorflow") and installed("tensorflow-cpu")):
        return []
    remedy = say(
        "The two overwrite each other's files. Delete the folder of this environment ({folder}) "
        "and start again: python3 start.py",
        folder=sys.prefix,
    )
    value = say("tensorflow and tensorflow-cpu")
    return [Finding(say("Two TensorFlows"), value, remedy, fatal=True)]


def _broken(status: int, errors: str) -> tuple[str, str]:
    """Say what is wrong with a TensorFlow that does not start, and what to do."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    if lines and "No module named 'tensorflow'" in lines[-1]:
        return say("not installed"), say("Make the environment of the course: python3 start.py")
    value = say("does not start: it ended with status {status} and said nothing", status=status)
    if lines:
        value = say("does not start: {why}", why=lines[-1][:200])
    if "DLL load failed" in errors:
        remedy = say("Install the Microsoft Visual C++ Redistributable (x64), then start again.")
    elif status in (-4, 132, 0xC000001D):
        remedy = say(
            "TensorFlow needs a processor with AVX; open the course on Binder (README.md)."
        )
    else:
        remedy = say(
            "Delete the folder {folder} and start again: python3 start.py", folder=sys.prefix
        )
    return value, remedy
