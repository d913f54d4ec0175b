"""The course's folder, its disk and its data."""

import shutil
import tempfile

from workshop.course import CourseNotFound, course_folder
from workshop.doctor.finding import Finding
from workshop.messages import say
from workshop.setup.place import cloud

DISK_GB = 1
GB = 1e9


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
    disk = Finding(say("Disk"), say("{free:.1f} GB free", free=free), room)
    if not (service := cloud(course)):
        return [here, disk]
    remedy = say(
        "It copies the environment's 50,000 files and may hold one that is needed: move the course "
        "to a folder outside of it."
    )
    return [here, disk, Finding(say("Cloud"), service, remedy)]


def data() -> Finding:
    """Say which MNIST the lessons will find."""
    from workshop.data import mnist

    kind, sentence = mnist.status()
    if kind == "corrupt":
        return Finding(say("Data set"), say("damaged"), sentence, fatal=True)
    return Finding(say("Data set"), sentence)
