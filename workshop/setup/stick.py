"""A stick: the course, its wheels and MNIST in one folder, for learners without a network."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from workshop.course import course_folder, editions
from workshop.messages import say
from workshop.setup.install import Pip

NAME = "tensorflow-workshop"
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv*", ".workshop", ".*_cache", "__pycache__", ".ipynb_checkpoints", "uv.lock"),
    *("runs", "wheels", "mnist", "*.solved*.ipynb", "*.mine*.ipynb", "*.ipynb.new"),
)
EXTRAS = ("cpu", "lab", "recognition", "serving", "mobile")  # the others are for few, and large
GLIBC = range(35, 4, -1)  # pip takes each of these for an older one, but only if it is told
SYSTEMS = {
    "linux": (
        {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
        {"platform_machine": "x86_64"},
        [f"manylinux_2_{minor}_x86_64" for minor in GLIBC] + ["manylinux2014_x86_64"],
    ),
    "windows": (
        {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
        {"platform_machine": "AMD64"},
        ["win_amd64"],
    ),
    "macos": (
        {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
        {"platform_machine": "arm64"},
        ["macosx_12_0_arm64"],  # the oldest for which TensorFlow has a wheel
    ),
}
# `pip download --platform` chooses wheels for the other system, but asks this one which packages
# are needed: it is told what the other would answer.
ELSEWHERE = """
import json, sys
from pip._vendor.packaging import markers
here, there = markers.default_environment, json.loads(sys.argv.pop(1))
markers.default_environment = lambda: {**here(), **there}
from pip._internal.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


class StickError(Exception):
    """The stick cannot be made."""


def make(folder: Path, *, systems: Sequence[str] = (), pythons: Sequence[str] = ()) -> Path:
    """Write the course, its wheels and MNIST into a folder; what is there is completed.

    Args:
        folder: of the stick.
        systems: whose wheels: "linux", "windows", "macos"; this machine's where none is named.
        pythons: for which versions, such as "3.12"; this Python's where none is named.

    Returns:
        The folder on the stick that learners copy.

    Raises:
        StickError: a name is unknown, the folder cannot be written, or a wheel cannot be had.
        DataError: MNIST cannot be had.
    """
    course = course_folder()
    own = "{}.{}".format(*sys.version_info)
    project = tomllib.loads((course / "pyproject.toml").read_text(encoding="utf-8"))
    _check(folder, course, systems, pythons, project["project"]["requires-python"])
    target = folder / NAME
    try:
        _copy(course, target)
        for system in systems or [""]:
            for python in pythons or [own]:
                here = (system, python) == ("", own)
                _fetch(target / "wheels", course, project, () if here else (system, python))
        _copy_mnist(target / "mnist")
    except OSError as error:
        raise StickError(
            say(
                "The stick is not complete: {file} could not be written ({why}).",
                **{"file": error.filename or target, "why": error.strerror or error},
            )
        ) from error
    return target


def _check(
    folder: Path, course: Path, systems: Sequence[str], pythons: Sequence[str], needed: str
) -> None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    if not folder.is_dir():
        raise StickError(say("{folder} is no folder: plug the stick in.", folder=folder))
    if folder.resolve().is_relative_to(course.resolve()):
        raise StickError(
            say("{folder} lies in the course itself: name a folder elsewhere.", folder=folder)
        )
    if unknown := [system for system in systems if system not in SYSTEMS]:
        known = ", ".join(SYSTEMS)
        raise StickError(
            say("--for: expected one of {known}, got {got}.", known=known, got=", ".join(unknown))
        )
    for python in pythons:
        try:
            fits = python in SpecifierSet(needed)
        except (InvalidSpecifier, InvalidVersion):
            fits = False
        if not fits:
            raise StickError(
                say("--python: expected one of {needed}, got {got}.", needed=needed, got=python)
            )


def _copy(course: Path, target: Path) -> None:
    """Copy the course, its lessons as delivered, without what a stick has no room or right for."""
    for here, folders, files in os.walk(course):
        left_out = LEFT_OUT(here, [*folders, *files])
        folders[:] = [name for name in folders if name not in left_out]
        place = target / Path(here).relative_to(course)
        place.mkdir(parents=True, exist_ok=True)
        for name in files:
            if name not in left_out:
                shutil.copyfile(Path(here) / name, place / name)  # a FAT disk refuses their rights
    for name in editions.names(""):  # and not with a teacher's answers
        if content := editions.delivered(name):
            (target / name).write_bytes(content)


def _fetch(wheels: Path, course: Path, project: dict, target: tuple[str, str] | tuple[()]) -> None:
    """Fetch the wheels for a system and a Python; those of this machine for ()."""
    needs = [
        *project["project"]["dependencies"],
        *(one for extra in EXTRAS for one in project["project"]["optional-dependencies"][extra]),
        *project["build-system"]["requires"],
        "editables~=0.3",  # hatchling asks for it where a course is installed in its place
    ]
    pip = Pip(sys.executable, Path(sys.prefix) / "pip.log", run=_run, output=_output)
    options = ["--dest", str(wheels), "--constraint", str(course / "constraints.txt")]
    if target:
        system, python = target
        one, two, platforms = SYSTEMS.get(system, ({}, {}, []))
        answers = {**one, **two, "python_version": python, "python_full_version": f"{python}.0"}
        pip.command = [sys.executable, "-c", ELSEWHERE, json.dumps(answers)]
        options += ["--python-version", python]
        options += [word for one in platforms for word in ("--platform", one)]
    failed = pip.do("download", "--only-binary=:all:", *options, *needs)
    if failed:
        name = " ".join(target) or platform.system()
        raise StickError(
            say(
                "The wheels for {name} were not fetched. {why}",
                **{"name": name, "why": failed.words},
            )
        )


def _copy_mnist(target: Path) -> None:
    from workshop.data import idx, mnist

    source = mnist.fetch()
    names = {part.name + ending for part in idx.PARTS for ending in ("", ".gz")} | {"mnist.npz"}
    target.mkdir(exist_ok=True)
    for file in source.iterdir():
        if file.name in names:
            shutil.copyfile(file, target / file.name)
    idx.read_folder(target)  # a stick may be damaged


def _run(command: list[str], **variables: str) -> int:
    return subprocess.run(command, env={**os.environ, **variables}, check=False).returncode


def _output(command: list[str]) -> str | None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None
