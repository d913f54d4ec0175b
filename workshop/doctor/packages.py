"""Python and what is installed in it."""

import platform
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from workshop.course import CourseNotFound, course_folder
from workshop.doctor.finding import Finding
from workshop.messages import say

# What start.py --with brings, and the lessons that use it.
EXTRAS = {"recognition": "10, 10b, 11b", "serving": "11", "mobile": "11b"}
EXTRAS |= {"search": "12", "elsewhere": "14", "ray": "08c"}


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
        if _is_made_by_start():
            remedy = say(
                "Not installed: {names}. Delete the file course-stamp.txt in the environment and "
                "start again: python3 start.py",
                names=", ".join(missing),
            )
            return Finding("Python", value, remedy, fatal=True)
        remedy = say(
            "Not installed: {names}. A program that brings its own Jupyter (Colab, Kaggle) needs "
            'no more. For `workshop lab`, type in the course\'s folder: pip install ".[lab]"',
            names=", ".join(missing),
        )
        return Finding("Python", value, remedy, fatal="ipykernel" in missing)
    return Finding("Python", value)


def extras() -> list[Finding]:
    """Look for what some lessons need beside; without it they show recorded results."""
    try:
        text = (course_folder() / "pyproject.toml").read_text(encoding="utf-8")
        needed = {name: _needs(text, name) for name in EXTRAS}
    except (CourseNotFound, OSError, KeyError, tomllib.TOMLDecodeError):
        return []  # other lines speak of a course that is not whole
    name = say("For some lessons")
    absent = [name for name in EXTRAS if not all(map(installed, needed[name]))]
    if not absent:
        return [Finding(name, say("all is here: {names}", names=", ".join(EXTRAS)))]
    value = say(
        "not here: {names}. To have one: python3 start.py --with {first}",
        names=", ".join(f"{name} ({EXTRAS[name]})" for name in absent),
        first=absent[0],
    )
    return [Finding(name, value)]


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
    remedy = say("The brackets show what the course was tested with.")
    if _is_made_by_start():
        remedy = say(
            "The brackets show what the course was tested with. Delete the file course-stamp.txt "
            "in the environment and start again: python3 start.py"
        )
    return [Finding(say("Versions"), shown, remedy)]


def pins(constraints: Path) -> list:
    """Read the versions of a file of constraints that are meant for this Python and system."""
    from packaging.requirements import Requirement

    lines = constraints.read_text(encoding="utf-8").splitlines()
    read = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    return [pin for pin in read if pin.marker is None or pin.marker.evaluate()]


def installed(name: str) -> str | None:
    """Give the version of an installed distribution, or None."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _is_made_by_start() -> bool:
    """Tell whether start.py made this environment, and can repair it."""
    return (Path(sys.prefix) / "course-stamp.txt").exists()


def _needs(project: str, extra: str) -> list[str]:
    """Name the packages of an extra that are meant for this Python and system."""
    from packaging.requirements import Requirement

    named = tomllib.loads(project)["project"]["optional-dependencies"][extra]
    read = [Requirement(line) for line in named]
    return [one.name for one in read if one.marker is None or one.marker.evaluate()]


def _needed_python() -> str:
    """Read which Pythons the course is for; nothing where it is not installed."""
    try:
        return metadata.metadata("tensorflow-workshop")["Requires-Python"]
    except metadata.PackageNotFoundError:
        return ""
