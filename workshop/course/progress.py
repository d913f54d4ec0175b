"""The record of which exercises are done: a small JSON file in the course folder."""

import contextlib
import datetime
import json
import os
import tempfile
from pathlib import Path

from workshop.course.folder import course_folder
from workshop.messages import say

VERSION = 1
STATUSES = ("passed", "not yet", "not attempted")


def progress_file() -> Path:
    """Name the file of the record.

    Returns:
        The path that `WORKSHOP_PROGRESS` names, else `.workshop/progress.json` in the course
        folder. The file need not exist.

    Raises:
        CourseNotFound: no course folder, and `WORKSHOP_PROGRESS` is not set.
    """
    if named := os.environ.get("WORKSHOP_PROGRESS"):
        return Path(named)
    return course_folder() / ".workshop" / "progress.json"


def read(path: Path | None = None) -> dict[str, dict[str, str]]:
    """Read the record.

    A file that is missing, damaged or of another version is read as far as it can be understood:
    the record is a convenience and must not stop a lesson.

    Args:
        path: the file; `progress_file()` where it is left out.

    Returns:
        For each exercise, such as `"2-1"`, a dict with `status` and `time` (ISO 8601, local).

    Example:
        >>> read(Path("no-such-file.json"))
        {}
    """
    try:
        content = json.loads((path or progress_file()).read_text(encoding="utf-8"))
        entries = content["exercises"].items()
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}
    return {
        str(number): {"status": entry["status"], "time": str(entry.get("time", ""))}
        for number, entry in entries
        if isinstance(entry, dict) and entry.get("status") in STATUSES
    }


def record(exercise: str, status: str) -> str | None:
    """Write the outcome of an exercise to the record.

    An exercise that was passed once stays passed. A damaged file is kept beside the new one with
    the ending `.damaged`. The file is replaced as a whole, so a reader never sees half of it.

    Args:
        exercise: its number, such as `"2-1"`.
        status: `"passed"`, `"not yet"` or `"not attempted"`.

    Returns:
        None, or a sentence that says why nothing could be written.
    """
    try:
        path = progress_file()
        exercises = read(path)
        old = exercises.get(exercise, {}).get("status")
        if old in (status, "passed") or status == "not attempted":
            return None
        _keep_damaged(path)
        now = datetime.datetime.now().isoformat(timespec="seconds")
        exercises[exercise] = {"status": status, "time": now}
        _replace(path, {"version": VERSION, "exercises": exercises})
    except Exception as error:  # noqa: BLE001 - must not stop a lesson
        return say("Your progress was not saved: {error}", error=error)
    return None


def _keep_damaged(path: Path) -> None:
    with contextlib.suppress(OSError):
        text = path.read_bytes()
        try:
            json.loads(text)["exercises"].items()
        except (ValueError, LookupError, TypeError, AttributeError):
            path.replace(path.with_suffix(".damaged"))


def _replace(path: Path, content: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
