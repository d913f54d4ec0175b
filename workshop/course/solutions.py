"""The solutions: the text of each, a lesson filled with them, and a copy that records nothing."""

import re
from pathlib import Path

from nbformat import NotebookNode

from workshop.course import lessons
from workshop.course.folder import CourseNotFound, course_folder
from workshop.course.lessons import LessonError
from workshop.messages import say

# In the cell that brings the checks: who begins in the middle has to run that one, too.
HEAD = """\
# A solved copy: the checks answer, but what passes here isn't your progress.
from workshop.course.progress import record_nothing

record_nothing()

"""
MAGIC = re.compile(r"\A(?:%%.*\n)*")


def text(number: str) -> str:
    """Read the solution of an exercise.

    Args:
        number: lesson and number, such as `"2-1"`.

    Returns:
        The text that fills its cell: of `solutions/02_1_*.py`, or of what the package brings where
        the course's folder is not.

    Raises:
        LessonError: the exercise has no solution, or more than one.

    Example:
        >>> text("0-1").splitlines()[0]
        'def add(a, b):'
    """
    lesson, _, k = number.partition("-")
    prefix = lesson.zfill(2 + lesson[-1:].isalpha())
    files = _files(f"{prefix}_{k}_*.py")
    if len(files) != 1:
        raise LessonError(
            say(
                "Exercise {number} needs exactly one solution in the folder solutions/, got "
                "{files}. Name only one {name}, or get them as they were: workshop reset {prefix}",
                **{"number": number, "files": [file.name for file in files], "prefix": prefix},
                name=f"{prefix}_{k}_thing.py",
            )
        )
    return files[0].read_text(encoding="utf-8").removesuffix("\n")


def solve(path: Path) -> NotebookNode:
    """Fill the exercises of a lesson with their solutions.

    Args:
        path: the lesson; it is only read.

    Returns:
        A copy in which each cell tagged `exercise-2-1` has the text of `solutions/02_1_*.py`;
        without outputs.

    Raises:
        LessonError: an exercise has no solution or two, or a solution has no cell or two.
    """
    notebook, prefix = lessons.read(path), path.stem.split("_")[0]
    cells = [(n, cell) for cell in notebook.cells if (n := lessons.exercise_number(cell))]
    found = [number for number, _ in cells]
    for number in {_number(file) for file in _files(f"{prefix}_*_*.py")}.union(found):
        if found.count(number) != 1:
            raise LessonError(
                say(
                    "{lesson}: the cell with the tag exercise-{number} is there {times} times and "
                    "must be there once. Undo the change in the cell's tags, or get the lesson as "
                    "it was: workshop reset {prefix}",
                    **{"lesson": path.name, "prefix": prefix},
                    **{"number": number, "times": found.count(number)},
                )
            )
    for number, cell in cells:
        cell.source = text(number)
    return lessons.strip(notebook)


def solved_copy(path: Path) -> NotebookNode:
    """Fill the exercises of a lesson with their solutions, and switch the record off.

    Args:
        path: the lesson; it is only read.

    Returns:
        A copy as of `solve`. Its first lines of code keep the kernel that runs them, in whatever
        program, from recording.

    Raises:
        LessonError: as `solve`.

    Example:
        >>> "record_nothing()" in solved_copy(lessons.find("2")).cells[1].source
        True
    """
    notebook = solve(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in [cell for cell in code if "workshop.checks" in cell.source][:1] or code[:1]:
        # A magic like %%time stays the first line.
        cell.source = MAGIC.sub(lambda magic: magic.group() + HEAD, cell.source)
    return notebook


def _files(pattern: str) -> list[Path]:
    try:
        return sorted((course_folder() / "solutions").glob(pattern))
    except CourseNotFound:
        return sorted((Path(__file__).parent / "delivered" / "solutions").glob(f"{pattern}.txt"))


def _number(solution: Path) -> str:
    lesson, k, _ = solution.stem.split("_", 2)
    return f"{lesson[0].lstrip('0')}{lesson[1:]}-{k}"
