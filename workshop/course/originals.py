"""The lessons as this edition delivered them, and how a learner gets one back."""

import json
from dataclasses import dataclass
from pathlib import Path

from workshop.course import editions, files
from workshop.course.folder import course_folder
from workshop.course.lessons import LessonError, paths, pick
from workshop.messages import say


@dataclass(frozen=True)
class Restored:
    """A file that is as it was delivered again.

    Args:
        file: the file.
        copy: what stood there before; None where nothing did.
        edition: the edition that delivered the copy; None where the learner changed it.
    """

    file: Path
    copy: Path | None
    edition: str | None


def lessons() -> list[Path]:
    """List the lessons of this edition and those on the disk, of each number one.

    Returns:
        The paths where they are; where they belong if the file is gone.

    Example:
        >>> [lesson.stem for lesson in lessons()][2]
        '01b_graphs'
    """
    known = _delivered() + paths()
    return sorted({lesson.name.split("_")[0]: lesson for lesson in known}.values())


def find(number: str) -> Path:
    """Find a lesson by its number or name, also one whose file is gone.

    Args:
        number: such as `2`, `02` or `02_softmax`.

    Returns:
        The path where the lesson is, or belongs.

    Raises:
        LessonError: neither the course nor this edition has it.
    """
    delivered = _delivered()
    return pick(number, delivered + [lesson for lesson in paths() if lesson not in delivered])


def restore(lesson: Path) -> list[Restored]:
    """Put a lesson and its solutions back as this edition delivered them, and keep the learner's.

    A copy is whole on the disk before a file is touched, and the file is replaced in one step, so
    nothing is lost whenever this stops. A lesson that was only run counts as changed: its outputs
    may be worth a copy.

    Args:
        lesson: as `find` gives it.

    Returns:
        The files that were replaced or brought back; none where all are as they were delivered.

    Raises:
        LessonError: this edition has no such lesson, its copy is damaged, or a file cannot be
            written.
    """
    name = f"notebooks/{lesson.name}"
    if name not in editions.names():
        raise LessonError(
            say(
                "{lesson} is no lesson of edition {edition}, so there is no original of it. "
                "Your file is untouched.",
                **{"lesson": lesson.name, "edition": editions.current()},
            )
        )
    solutions = editions.names(f"solutions/{lesson.name.split('_')[0]}_")
    originals = {name: _original(name) for name in [name, *solutions]}
    done = [_restore(name, original) for name, original in originals.items()]
    return [one for one in done if one]


def words(lesson: Path, done: list[Restored]) -> str:
    """Tell a learner what `restore` did.

    Args:
        lesson: the lesson.
        done: what `restore` gave.

    Returns:
        Some lines.

    Example:
        >>> words(find("2"), []).split()[-1]
        'do.'
    """
    fields = {"name": lesson.name, "edition": editions.current()}
    if not done:
        return say("{name} is as edition {edition} delivered it: nothing to do.", **fields)
    lines = []
    for one in done:
        if one.copy and one.edition:
            lines.append(
                say(
                    "Your copy: {copy} (its cells are as edition {edition} delivered them)",
                    **{"copy": one.copy, "edition": one.edition},
                )
            )
        elif one.copy:
            lines.append(say("Your copy: {copy}", copy=one.copy))
        lines.append(say("Restored:  {file}", file=one.file))
    lines.append(say("{name} is now as edition {edition} delivered it.", **fields))
    lines.append(
        say(
            "If it is open in JupyterLab: what was not saved there is not in your copy. To keep "
            "that, first save the page under another name (File, Save Notebook As). Then choose "
            "File, Reload Notebook from Disk; if JupyterLab asks, Revert."
        )
    )
    return "\n".join(lines)


def _delivered() -> list[Path]:
    return [course_folder() / name for name in editions.names()]


def _original(name: str) -> bytes:
    content = editions.delivered(name)
    if content is None:
        raise LessonError(
            say(
                "There is no original of {name}: the course's own copy in {folder} is missing, or "
                "is not that of edition {edition}. Get the folder workshop/ of this edition again "
                "(with git: git checkout -- workshop) and try again; your files are untouched.",
                **{"name": name, "folder": editions.home() / "delivered"},
                edition=editions.current(),
            )
        )
    return content


def _restore(name: str, original: bytes) -> Restored | None:
    file = course_folder() / name
    try:
        if file.exists() and not file.is_file():
            raise LessonError(
                say(
                    "{file} is not a file, but a folder or the like. Rename or move it, then "
                    "reset again.",
                    file=file,
                )
            )
        mine = file.read_bytes() if file.exists() else None
        if mine is not None and _same(name, mine, original):
            return None
        copy = None if mine is None else files.create_beside(mine, file)
        try:
            files.put(original, file)
        except OSError:
            if copy:
                copy.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise LessonError(
            say(
                "{name} was not restored, and your work is still in {file}: {why} ({where}). "
                "Close it in other programs, see that it and its folder can be written, and that "
                "there is room.",
                **{"name": name, "file": file},
                **{"why": error.strerror or error, "where": error.filename},
            )
        ) from error
    return Restored(file, copy, None if mine is None else editions.edition_of(name, mine))


def _same(name: str, mine: bytes, original: bytes) -> bool:
    """Tell whether a file is as delivered; opened and saved by another program is the same."""
    if editions.digest(name, mine) != editions.digest(name, original):
        return False
    if not name.endswith(".ipynb"):
        return True
    return _run_and_kernel(mine) == _run_and_kernel(original)


def _run_and_kernel(content: bytes) -> list:
    notebook = json.loads(content)
    kernel = notebook.get("metadata", {}).get("kernelspec", {}).get("name")
    return [kernel, *(cell.get("outputs", []) for cell in notebook["cells"])]
