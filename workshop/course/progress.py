"""The record of which exercises are done: a small JSON file in the course folder."""

import contextlib
import datetime
import hashlib
import json
import os
import re
import warnings
from collections.abc import Generator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from workshop.course import files
from workshop.course.folder import CourseNotFound, course_folder, own_folder
from workshop.messages import say
from workshop.variables import named_path

VERSION = 1
NAME = "progress.json"
STATUSES = ("passed", "not yet", "not attempted")
WAIT_S = 3  # for other kernels that record; each takes some milliseconds
BREAK_S = 3600  # who comes back to an exercise after that begins with it again
# Exercises that moved to another lesson, and their numbers since: what was passed stays passed.
MOVED = {"1-4": "1b-1", "1-5": "1b-4", "2-5": "2b-1", "6-3": "6b-5"}

_kernel = SimpleNamespace(records=True, said=None)


class _Unusable(OSError):
    """A file that is there and is not ours to write."""


def places() -> list[Path]:
    """Name the files of the record.

    Returns:
        The one that `WORKSHOP_PROGRESS` names (a path that is not absolute begins in the course
        folder; where it is a folder, `progress.json` in it), none for the null device. Else
        `.workshop/progress.json` in the course folder, and a file in the user's own folder that
        stands in where the first cannot be written. None of them need exist.

    Example:
        >>> len(places())
        1
    """
    course = None
    with contextlib.suppress(CourseNotFound, OSError):
        course = course_folder()
    if path := named_path("WORKSHOP_PROGRESS"):
        named = os.environ["WORKSHOP_PROGRESS"].strip()
        is_folder = named.endswith(("/", os.sep))
        with contextlib.suppress(OSError):  # what we may not even look at
            is_folder = is_folder or path.is_dir()
        return [] if named.lower() == os.devnull else [path / NAME if is_folder else path]
    found = [course / ".workshop" / NAME] if course else []
    if own := own_folder():
        # Each copy of the course has a record of its own.
        where = hashlib.sha256(os.fsencode(course or "")).hexdigest()[:8]
        found.append(own / f"progress-{where}.json")
    return found


def read(path: Path | None = None) -> dict[str, dict[str, Any]]:
    """Read the record.

    A file that is missing, damaged or of another version is read as far as it can be understood:
    the record is a convenience and must not stop a lesson.

    Args:
        path: the file; all of `places()` where it is left out.

    Returns:
        For each exercise, such as `"2-1"`, a dict with `status` and `time` (ISO 8601, local): when
        it was passed, or since when it has been tried. Since 1.1 also `tries`, how many checks, and
        `last`, the time of the last one. An exercise that has moved stands under its number of
        today.

    Example:
        >>> read(Path("no-such-file.json"))
        {}
    """
    found = {}
    for place in [path] if path else places():
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
            for written, entry in _load(place)["exercises"].items():
                number = MOVED.get(written, written)
                known = isinstance(entry, dict) and entry.get("status") in STATUSES
                if known and found.get(number, {}).get("status") != "passed":
                    found[number] = {
                        "status": entry["status"],
                        "time": str(entry.get("time", "")),
                        **{key: entry[key] for key in ("tries", "last") if key in entry},
                    }
    return found


def record(exercise: str, status: str) -> str | None:
    """Write the outcome of an exercise to the record.

    An exercise that was passed once stays passed. Nothing is recorded after `record_nothing`, nor
    where `WORKSHOP_STRICT` is 1: then it is not a learner who asks.

    Args:
        exercise: its number, such as `"2-1"`.
        status: `"passed"`, `"not yet"` or `"not attempted"`.

    Returns:
        None, or a sentence that says why nothing could be written; once, not at every check.
    """
    if status == "not attempted" or not is_kept():
        return None
    try:
        if read().get(exercise, {}).get("status") == "passed":
            return None
        problem = _write(exercise, status)
    except Exception as error:  # noqa: BLE001 - must not stop a lesson
        problem = str(error)
    if problem in (None, _kernel.said):
        return None
    _kernel.said = problem
    return say(
        "Your progress was not saved: {error}. To have it saved, set WORKSHOP_PROGRESS to a file "
        "in a folder where you may write.",
        error=problem,
    )


def is_kept() -> bool:
    """Say whether it is a learner who asks, and not a test or a solved copy."""
    return os.environ.get("WORKSHOP_STRICT") != "1" and _kernel.records


def standing(exercise: str) -> str | None:
    """Say how far the learner is in the lesson of an exercise that was passed.

    Args:
        exercise: its number, such as `"2-1"`.

    Returns:
        How many of the lesson's exercises are passed, and which one is next; None where nothing is
        recorded, or the lesson is not one of the course.

    Example:
        >>> standing("no number") is None
        True
    """
    if not (is_kept() and places()):
        return None
    try:
        lesson, numbers = _lesson_of(exercise)
        record = read()
    except (CourseNotFound, OSError, ValueError, LookupError, TypeError, AttributeError):
        return None  # a lesson that is broken or gone says so elsewhere
    left = [n for n in numbers if record.get(n, {}).get("status") != "passed"]
    done = {"lesson": lesson, "done": len(numbers) - len(left), "count": len(numbers)}
    if exercise in left or exercise not in numbers:
        return None
    if not left:
        return say("Lesson {lesson}: all {count} exercises are passed.", **done)
    later = [n for n in left if numbers.index(n) > numbers.index(exercise)]
    following = (later or left)[0]
    return say(
        "Lesson {lesson}: {done} of {count} exercises passed, next is {number}.",
        **{**done, "number": following},
    )


def _lesson_of(exercise: str) -> tuple[str, list[str]]:
    """Give the number of an exercise's lesson, and all exercises of that."""
    digits, letter = re.fullmatch(r"(\d+)([a-z]?)-\d+", exercise).groups()  # ty: ignore
    number = f"{int(digits):02}{letter}"
    (path,) = (course_folder() / "notebooks").glob(f"{number}_*.ipynb")
    return number, outline(path)[1]


def outline(path: Path) -> tuple[str, list[str]]:
    """Read how a lesson begins and which exercises it has, without nbformat, which takes a second.

    Args:
        path: of the lesson.

    Returns:
        The text of its first cell, and the numbers of its exercises, such as `["2-1", "2-2"]`.

    Raises:
        OSError, ValueError, LookupError, TypeError, AttributeError: it is no lesson any more.
    """
    cells = json.loads(path.read_bytes())["cells"]
    tags = [tag for cell in cells for tag in cell["metadata"].get("tags", [])]
    begin = "exercise-"
    numbers = [tag.removeprefix(begin) for tag in tags if tag.startswith(begin)]
    return "".join(cells[0]["source"]), numbers


def record_nothing() -> None:
    """Keep this kernel from recording, as the solved copy of a lesson does."""
    _kernel.records = False
    print(
        say(
            "This is a solved copy: its checks answer, and nothing that runs in this kernel is "
            "recorded as your progress."
        )
    )


def _write(exercise: str, status: str) -> str | None:
    """Write to the first place that takes it; say what is wrong with the first if none does."""
    problems = []
    for place in places():
        try:
            _add(Path(os.path.realpath(place)), exercise, status)
        except OSError as error:
            problems.append(f"{place}: {error.strerror or error}")
        else:
            return None
    return problems[0] if problems else None


def _add(path: Path, exercise: str, status: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(path):
        content = _whole(path)
        before = content["exercises"].get(exercise)
        before = before if isinstance(before, dict) else {}
        if before.get("status") != "passed":
            content["exercises"][exercise] = _after(before, status)
            files.put(json.dumps(content, indent=1).encode(), path)


def _after(before: dict, status: str) -> dict[str, Any]:
    """Give the entry of an exercise after one more check."""
    now = datetime.datetime.now()
    text = now.isoformat(timespec="seconds")
    since, tries = text, before.get("tries")
    with contextlib.suppress(ValueError, TypeError, LookupError):
        last = datetime.datetime.fromisoformat(before.get("last") or before["time"])
        goes_on = abs((now - last).total_seconds()) < BREAK_S
        since = before["time"] if goes_on and before["status"] == status else text
    tries = tries + 1 if isinstance(tries, int) else 1 + bool(before)
    return {"status": status, "time": since, "tries": tries, "last": text}


def _load(path: Path) -> dict:
    if path.exists() and not path.is_file():
        raise _Unusable(say("it is not a file"))
    try:
        return json.loads(path.read_bytes())
    except RecursionError as error:
        raise ValueError(str(error)) from error


def _whole(path: Path) -> dict:
    """Give all of the file, also what this version does not know; a damaged file is put aside."""
    try:
        content = _load(path)
        if content.get("version", VERSION) != VERSION:
            raise _Unusable(say("it was written by another edition of the course"))
        content["exercises"].items()
    except FileNotFoundError:
        return {"version": VERSION, "exercises": {}}
    except (ValueError, LookupError, TypeError, AttributeError):
        _put_aside(path)
        return {"version": VERSION, "exercises": {}}
    return content


def _put_aside(path: Path) -> None:
    aside, number = path.with_suffix(".damaged"), 1
    while aside.exists():
        number += 1
        aside = path.with_suffix(f".damaged-{number}")
    path.rename(aside)


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Generator[None, None, None]:
    """Wait for other kernels; a lock that cannot be had must not stop a lesson."""
    import filelock

    lock = filelock.FileLock(path.with_name(f"{path.name}.lock"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a file system has no locks is no learner's concern
        with contextlib.suppress(OSError, NotImplementedError):  # Timeout is an OSError
            lock.acquire(timeout=WAIT_S, poll_interval=0.005)
    try:
        yield
    finally:
        if lock.is_locked:
            # Before the release: who waits for it sees that it is gone, and makes a new one.
            with contextlib.suppress(OSError):
                Path(lock.lock_file).unlink()
            lock.release()
