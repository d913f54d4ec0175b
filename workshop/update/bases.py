"""Which edition a learner's file came from: copies that stay when a newer edition takes its place.

They lie in `.workshop/base/` of the course's folder. A file is first compared with the copy that
bears its name. An update writes a mark into the notebook, which names the base that it has from
then on. Where a page that was open meanwhile is saved over the update, the mark is gone with the
correction, and so the next update begins from the right base again.
"""

import contextlib
import hashlib
import json
from difflib import SequenceMatcher
from pathlib import Path

from workshop.course import editions, files
from workshop.course.folder import CourseNotFound, course_folder
from workshop.update import git
from workshop.update.merge import MARK


def keep() -> None:
    """Keep what every lesson and solution here came from, once an edition.

    A kernel calls it at its start, so that it happens before a learner changes a lesson and before
    another edition replaces this one. Nothing that goes wrong here may stop a lesson.

    Example:
        >>> keep()
    """
    with contextlib.suppress(CourseNotFound, OSError, ValueError):
        listed = (editions.home() / "editions.json").read_bytes()
        edition, stamp = hashlib.sha256(listed).hexdigest(), _folder() / "edition"
        if stamp.is_file() and stamp.read_text(encoding="ascii") == edition:
            return
        for name in editions.names(""):
            look(name)
        files.put(edition.encode(), stamp)


def look(name: str) -> None:
    """Keep what a file came from where that can be told.

    Args:
        name: such as `"notebooks/02_softmax.ipynb"`.

    Raises:
        OSError: the copy cannot be written.
    """
    content, kept = _content(course_folder() / name), _content(_copy(name))
    if content is not None and (marked := mark(content)) and _copy(name, marked).is_file():
        return
    found = editions.delivered(name)
    if content is None or found is None or not _same(name, content, found):
        if kept is not None:
            return  # the learner works on it since
        if content is not None:
            earlier = editions.edition_of(name, content)
            found = guess(name, content) if earlier is None else content
    if found is not None and found != kept:
        files.put(found, _copy(name))


def base_of(name: str) -> bytes | None:
    """Give what a learner's file came from.

    Args:
        name: such as `"notebooks/02_softmax.ipynb"`.

    Returns:
        All of that file; None where nobody knows it any more.

    Raises:
        OSError: a copy cannot be read or written.

    Example:
        >>> b"cells" in base_of("notebooks/02_softmax.ipynb")
        True
    """
    look(name)
    content = _content(course_folder() / name)
    places = [_copy(name)]
    if content is not None and (marked := mark(content)):
        places.insert(0, _copy(name, marked))
    for place in places:
        kept = _content(place)
        if kept is not None and editions.digest(name, kept):
            return kept
    return None


def remember(name: str, content: bytes) -> None:
    """Say what a file that has no mark came from.

    Args:
        name: such as `"solutions/02_1_sum.py"`.
        content: of that edition.

    Raises:
        OSError: the copy cannot be written.
    """
    files.put(content, _copy(name))


def forget(name: str) -> None:
    """Let a file count as it is delivered now, as after `workshop reset`.

    Args:
        name: such as `"notebooks/02_softmax.ipynb"`.
    """
    with contextlib.suppress(OSError):
        _copy(name).unlink(missing_ok=True)
        look(name)


def put_mark(name: str, notebook: dict, base: dict) -> None:
    """Keep a base for a notebook, and write into the notebook which one it is.

    Args:
        name: such as `"notebooks/02_softmax.ipynb"`.
        notebook: it gets the mark in its metadata.
        base: what the notebook is compared with from now on.

    Raises:
        OSError: the copy cannot be written.
    """
    base["metadata"].pop(MARK, None)
    content = (json.dumps(base, indent=1, ensure_ascii=False) + "\n").encode()
    marked = hashlib.sha256(content).hexdigest()[:12]
    files.put(content, _copy(name, marked))
    notebook["metadata"][MARK] = {"base": marked}


def mark(content: bytes) -> str | None:
    """Read which base a notebook names.

    Args:
        content: all of the file.

    Returns:
        The mark that `put_mark` wrote; None where there is none.

    Example:
        >>> mark(b'{"metadata": {"workshop": {"base": "0123456789ab"}}}')
        '0123456789ab'
    """
    try:
        marked = json.loads(content)["metadata"][MARK]["base"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return marked if isinstance(marked, str) and marked.isalnum() else None


def guess(name: str, content: bytes) -> bytes | None:
    """Find the version that a changed file is nearest to, in git's history and in this edition.

    Args:
        name: such as `"notebooks/02_softmax.ipynb"`.
        content: the learner's file.

    Returns:
        The nearest version, of equal ones the oldest; None where none has a cell of it.
    """
    found = [old for old in git.versions(_delivered(name)) if editions.digest(name, old)]
    if (delivered := editions.delivered(name)) is not None:
        found.append(delivered)
    nearest = max(found, key=lambda version: _likeness(version, content), default=None)
    return nearest if nearest is not None and _likeness(nearest, content) else None


def _folder() -> Path:
    return course_folder() / ".workshop" / "base"


def _copy(name: str, marked: str | None = None) -> Path:
    """Name the place of a copy. No program takes it for a notebook, as in `delivered/`."""
    folder = _folder() / "marked" if marked else _folder()
    return folder / (f"{name}.{marked}.txt" if marked else f"{name}.txt")


def _delivered(name: str) -> str:
    return f"workshop/course/delivered/{name}.txt"


def _same(name: str, one: bytes, other: bytes) -> bool:
    return editions.digest(name, one) == editions.digest(name, other)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _likeness(version: bytes, content: bytes) -> float:
    """Count the cells of a version that a file has; one that was changed counts by its likeness."""
    theirs, mine = _texts(version), _texts(content)
    return sum(
        1.0 if text == mine[id] else SequenceMatcher(None, text, mine[id]).ratio() / 2
        for id, text in theirs.items()
        if id in mine
    )


def _texts(content: bytes) -> dict[str, str]:
    try:
        cells = json.loads(content)["cells"]
        return {cell["id"]: "".join(cell["source"]) for cell in cells if "id" in cell}
    except (ValueError, LookupError, TypeError, RecursionError):
        return {"": content.decode(errors="replace")}  # a solution
