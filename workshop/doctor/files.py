"""The course's folder, its disk and its data."""

import shutil
import sys
import tempfile
from pathlib import Path

from workshop.course import CourseNotFound, course_folder, editions
from workshop.doctor.finding import Finding
from workshop.messages import say
from workshop.setup.place import cloud

DISK_GB = 1
GB = 1e9
PACKAGES = {"jax", "keras", "matplotlib", "numpy", "PIL", "ray", "scipy", "tensorflow", "workshop"}
NAMES = PACKAGES | sys.stdlib_module_names


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
            "You cannot save your work: {reason}. Copy the course to a folder of your own.",
            reason=error.strerror,
        )
        here = Finding(say("Course"), str(course), remedy, fatal=True)
    free = shutil.disk_usage(course).free / GB
    room = "" if free >= DISK_GB else say("Little room: delete what you don't need.")
    disk = Finding(say("Disk"), say("{free:.1f} GB free", free=free), room)
    return [here, disk, *_cloud(course), *_namesakes(course / "notebooks")]


def _cloud(course: Path) -> list[Finding]:
    """Find out whether a service copies the folder to other machines."""
    if not (service := cloud(course)):
        return []
    remedy = say(
        "It copies the environment's 50,000 files and may hold one that is needed: move the course "
        "to a folder outside of it."
    )
    return [Finding(say("Cloud"), service, remedy)]


def _namesakes(notebooks: Path) -> list[Finding]:
    """Find files beside the lessons that an import would take for a package."""
    found = [path for path in sorted(notebooks.glob("*.py")) if path.stem in NAMES]
    remedy = say("A lesson that imports the package of this name gets this file. Rename it.")
    return [Finding(say("File"), str(path), remedy, fatal=True) for path in found]


def edition() -> Finding:
    """Name the edition, and the lessons and solutions that are not as it delivered them.

    What a learner changed is their work; what is gone, or of an earlier edition, can be had new.
    """
    here, stale = editions.current(), []
    for name in editions.names(""):
        try:
            content = (course_folder() / name).read_bytes()
        except (CourseNotFound, OSError):
            content = None
        found = content and editions.edition_of(name, content)
        if found != here and (found or not content or name.startswith("solutions/")):
            stale.append(name)
    if not editions.names(""):
        remedy = say("The list of its files is damaged: get the course's files again.")
        return Finding(say("Edition"), here, remedy)
    if not stale:
        return Finding(say("Edition"), here)
    numbers = sorted({Path(name).name.split("_")[0] for name in stale})
    shown = ", ".join(stale[:6])
    if len(stale) > 6:
        shown = say("{names} and {count} more", names=shown, count=len(stale) - 6)
    remedy = say(
        "Missing, of an earlier edition, or a solution that was changed: {names}. Restore them; "
        "what you changed is kept beside. For lessons {numbers}: workshop reset NUMBER",
        **{"names": shown, "numbers": ", ".join(numbers)},
    )
    return Finding(say("Edition"), here, remedy)


def data() -> Finding:
    """Say which MNIST the lessons will find, and where it isn't here why it can't be fetched."""
    from workshop.data import download, mnist

    kind, sentence = mnist.status()
    if kind == "corrupt":
        return Finding(say("Data set"), say("damaged"), sentence, fatal=True)
    if kind == "sample" and (why := download.obstacle()):
        remedy = say("It can't be fetched from here: {why}", why=why)
        return Finding(say("Data set"), sentence, remedy)
    return Finding(say("Data set"), sentence)
