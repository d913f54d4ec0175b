"""What is here, what is missing, and what to do about it: the page of `workshop doctor`."""

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from workshop import machine
from workshop.course import CourseNotFound, course_folder
from workshop.messages import say

PORTS = range(8888, 8939)  # JupyterLab's first, and those that it tries next
MEMORY_GB = 2
DISK_GB = 1
GB = 1e9
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


@dataclass(frozen=True)
class Finding:
    """One line of the page.

    Args:
        name: what was looked at.
        value: what is here.
        remedy: what to do about it; empty where all is well.
        fatal: whether the course cannot run like this.
    """

    name: str
    value: str
    remedy: str = ""
    fatal: bool = False


def examine(*, time_limit_s: float = 180) -> list[Finding]:
    """Look at everything that the course needs.

    Args:
        time_limit_s: seconds that TensorFlow may take to start.

    Returns:
        The findings, in the order of the page. Nothing is changed or downloaded.
    """
    return [
        python(),
        system(),
        *tensorflow(time_limit_s=time_limit_s),
        *builds(),
        memory(),
        *folder(),
        data(),
        *versions(),
        *settings(),
        port(),
    ]


def python() -> Finding:
    """Look at the version of Python, and for programs that JupyterLab needs."""
    from packaging.specifiers import SpecifierSet

    value = f"{platform.python_version()}, {sys.executable}"
    needed = _needed_python()
    here = ".".join(map(str, sys.version_info[:3]))
    if here not in SpecifierSet(needed) or sys.maxsize <= 2**32:
        remedy = say(
            "The course needs Python {needed}, 64-bit: make the environment with start.py.",
            needed=needed,
        )
        return Finding("Python", value, remedy, fatal=True)
    if missing := [name for name in ("jupyterlab", "ipykernel") if not installed(name)]:
        remedy = say(
            "Not installed: {names}. Delete the file course-stamp.txt in the environment and start "
            "again: python3 start.py",
            names=", ".join(missing),
        )
        return Finding("Python", value, remedy, fatal=True)
    return Finding("Python", value)


def system() -> Finding:
    """Name the operating system and count the cores this program may use."""
    value = say(
        "{system}, {machine}, CPU cores: {cores}",
        **{"system": platform.platform(terse=True), "machine": platform.machine()},
        cores=machine.cores(),
    )
    return Finding(say("System"), value)


def tensorflow(*, time_limit_s: float = 180) -> list[Finding]:
    """Start TensorFlow in a process of its own, so that even a crash of it is only a finding."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROBE],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=time_limit_s,
            check=False,
        )
        found = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        remedy = say(
            "It did not start within {limit:.0f} s. Is the machine busy? Try again.",
            limit=time_limit_s,
        )
        return [Finding("TensorFlow", say("does not start"), remedy, fatal=True)]
    except (IndexError, ValueError):
        return [Finding("TensorFlow", *_broken(done.returncode, done.stderr), fatal=True)]
    version, seconds = found["tensorflow"], found["seconds"]
    started = say("{version}, started in {seconds:.1f} s", version=version, seconds=seconds)
    devices = ", ".join(" ".join(filter(None, device)) for device in found["devices"])
    return [Finding("TensorFlow", started), _keras(found), Finding(say("Devices"), devices)]


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


def memory() -> Finding:
    """Measure the memory: the machine's, or less where a container has a limit."""
    total, free = machine.memory()
    value = say(
        "{total:.1f} GB, {free:.1f} GB of it free", **{"total": total / GB, "free": free / GB}
    )
    if free >= MEMORY_GB * GB:
        return Finding(say("Memory"), value)
    remedy = say("A lesson takes up to 1.5 GB. Close other programs and notebooks you don't need.")
    return Finding(say("Memory"), value, remedy)


def folder() -> list[Finding]:
    """Look whether the course is here, can be written to, and has room on its disk."""
    try:
        course = course_folder()
    except CourseNotFound as error:
        return [Finding(say("Course"), say("not found"), str(error), fatal=True)]
    try:
        with tempfile.TemporaryFile(dir=course / "notebooks"):
            here = Finding(say("Course"), str(course))
    except OSError as error:
        remedy = say(
            "You cannot save your work: {reason}. Copy the course to a folder of yours.",
            reason=error.strerror,
        )
        here = Finding(say("Course"), str(course), remedy, fatal=True)
    free = shutil.disk_usage(course).free / GB
    room = "" if free >= DISK_GB else say("Little room: delete what you don't need.")
    return [here, Finding(say("Disk"), say("{free:.1f} GB free", free=free), room)]


def data() -> Finding:
    """Say which MNIST the lessons will find."""
    from workshop.data import mnist

    kind, sentence = mnist.status()
    if kind == "corrupt":
        return Finding(say("Data set"), say("damaged"), sentence, fatal=True)
    return Finding(say("Data set"), sentence)


def versions() -> list[Finding]:
    """Compare what is installed with `constraints.txt`."""
    try:
        tested = pins(course_folder() / "constraints.txt")
    except (CourseNotFound, OSError):
        value, remedy = say("constraints.txt is missing"), say("Get the course's files again.")
        return [Finding(say("Versions"), value, remedy)]
    here = {pin.name: installed(pin.name) for pin in tested}
    other = [
        f"{pin.name} {here[pin.name]} ({str(pin.specifier).lstrip('=')})"
        for pin in tested
        if here[pin.name] and not pin.specifier.contains(here[pin.name], prereleases=True)
    ]
    if not other:
        return [Finding(say("Versions"), say("as in constraints.txt"))]
    shown = ", ".join(other[:6])
    if len(other) > 6:
        shown = say("{names} and {count} more", names=shown, count=len(other) - 6)
    remedy = say(
        "The brackets show what the course was tested with. Delete the file course-stamp.txt in "
        "the environment and start again: python3 start.py"
    )
    return [Finding(say("Versions"), shown, remedy)]


def pins(constraints: Path) -> list:
    """Read the versions of a file of constraints that are meant for this Python and system."""
    from packaging.requirements import Requirement

    lines = constraints.read_text(encoding="utf-8").splitlines()
    read = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    return [pin for pin in read if pin.marker is None or pin.marker.evaluate()]


def settings() -> list[Finding]:
    """Find variables of the environment that make TensorFlow slow."""
    found = []
    if os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0":
        remedy = say("Convolutions take 2 to 3 times as long. Unset it.")
        found.append(Finding("TF_ENABLE_ONEDNN_OPTS", "0", remedy))
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        remedy = say("TensorFlow takes 2 to 3 times as long to start. Unset it.")
        found.append(Finding("PYTHONDONTWRITEBYTECODE", say("set"), remedy))
    return found


def port() -> Finding:
    """Look for a port that JupyterLab can listen on."""
    for number in PORTS:
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", number))
            except OSError:
                continue
            return Finding(say("Port"), say("{port} is free for JupyterLab", port=number))
    value = say("none free from {first} to {last}", first=PORTS[0], last=PORTS[-1])
    remedy = say("Close other JupyterLabs, or choose one: workshop lab --port 9999")
    return Finding(say("Port"), value, remedy)


def installed(name: str) -> str | None:
    """Give the version of an installed distribution, or None."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _needed_python() -> str:
    """Read which Pythons the course is for; nothing where it is not installed."""
    try:
        return metadata.metadata("tensorflow-workshop")["Requires-Python"]
    except metadata.PackageNotFoundError:
        return ""


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
