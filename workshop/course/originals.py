"""The lessons as the course delivered them: from git, or from copies kept at the first start."""

import json
import os
import subprocess
from pathlib import Path

from workshop.course.folder import course_folder
from workshop.course.lessons import LESSON, LessonError, paths, pick
from workshop.messages import say


def keep() -> None:
    """Keep a copy of each lesson that git does not have, once, before the learner changes it.

    A course that was downloaded as an archive has no other way back. What cannot be copied is
    left out: this must not stop a start.
    """
    committed = _in_git()
    for lesson in paths():
        copy = _kept(lesson.name)
        if lesson.name in committed or copy.exists():
            continue
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            _put(lesson.read_bytes(), copy)
        except OSError:
            continue


def find(number: str) -> Path:
    """Find a lesson by its number or name, also one whose file is gone.

    Args:
        number: such as `2`, `02` or `02_softmax`.

    Returns:
        The path where the lesson is, or belongs.

    Raises:
        LessonError: neither the course nor its originals have it.
    """
    folder = course_folder()
    kept = {copy.name for copy in _kept("").glob("*.ipynb")}
    names = {lesson.name for lesson in paths()} | kept | set(_in_git())
    return pick(number, [folder / "notebooks" / name for name in sorted(names)])


def restore(lesson: Path) -> Path | None:
    """Put the original in the place of a lesson, and keep the learner's copy beside it.

    The copy is whole on the disk before the lesson is touched, and the lesson is replaced in one
    step, so nothing is lost whenever this stops.

    Args:
        lesson: as `find` gives it.

    Returns:
        The learner's copy; None where there was nothing to keep: the lesson is as it was
        delivered, or its file was gone and is back.

    Raises:
        LessonError: there is no original, or a file cannot be written.
    """
    original = _original(lesson)
    try:
        mine = lesson.read_bytes() if lesson.exists() else None
        if _same(mine, original):
            return None
        copy = None if mine is None else _copy_beside(lesson, mine)
        _put(original, lesson)
    except OSError as error:
        raise LessonError(
            say(
                "The lesson was not restored, and your work is still in {lesson}: {why} ({file}).",
                **{"lesson": lesson, "why": error.strerror or error, "file": error.filename},
            )
        ) from error
    return copy


def _original(lesson: Path) -> bytes:
    content = _git("show", f"HEAD:./{lesson.name}")
    if content is None and _kept(lesson.name).exists():
        content = _kept(lesson.name).read_bytes()
    if content is None:
        raise LessonError(
            say(
                "There is no original of {lesson}: git does not have it, and `workshop lab` kept "
                "none in {folder}. Download the course again and take it from there; your file is "
                "untouched.",
                **{"lesson": lesson.name, "folder": _kept("")},
            )
        )
    return content


def _in_git() -> list[str]:
    listed = _git("ls-tree", "--name-only", "HEAD", "./") or b""
    names = [Path(line).name for line in listed.decode("utf-8", "replace").splitlines()]
    return [name for name in names if LESSON.fullmatch(name)]


def _git(*arguments: str) -> bytes | None:
    """Give what git prints about the folder of the lessons; None where git cannot say."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    folder = course_folder() / "notebooks"
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, env=clean, capture_output=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _kept(name: str) -> Path:
    return course_folder() / ".workshop" / "originals" / name


def _same(mine: bytes | None, original: bytes) -> bool:
    """Compare as JSON: git may write other line ends than it keeps."""
    if mine is None:
        return False
    try:
        return json.loads(mine) == json.loads(original)
    except ValueError:
        return mine == original


def _copy_beside(lesson: Path, content: bytes) -> Path:
    number = 1
    while True:
        copy = lesson.with_name(f"{lesson.stem}.mine-{number}.ipynb")
        try:
            with copy.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            number += 1
        else:
            return copy


def _put(content: bytes, path: Path) -> None:
    new = path.with_name(path.name + ".new")
    new.write_bytes(content)
    new.replace(path)
