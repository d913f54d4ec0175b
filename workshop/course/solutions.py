"""The solutions as files: `solutions/NN_k_thing.py` is the text that fills one exercise."""

import sysconfig
from pathlib import Path

from workshop.course.folder import CourseNotFound, course_folder
from workshop.messages import say


class SolutionError(Exception):
    """An exercise has no solution, or more than one."""


def numbers(lesson: str) -> set[str]:
    """Name the exercises of a lesson that have a solution.

    Args:
        lesson: how the names of its files begin, such as `"04b"`.

    Returns:
        Numbers such as `{"4b-1", "4b-2"}`.

    Raises:
        CourseNotFound: there is neither the course's folder nor what the package brings.

    Example:
        >>> sorted(numbers("00"))
        ['0-1']
    """
    return {_number(file) for file in _folder().glob(f"{lesson}_*_*.py")}


def text(number: str) -> str:
    """Read the solution of an exercise.

    Args:
        number: lesson and number, such as `"2-1"`.

    Returns:
        The text that fills its cell.

    Raises:
        CourseNotFound: there is neither the course's folder nor what the package brings.
        SolutionError: the exercise has no solution, or more than one.

    Example:
        >>> text("0-1").splitlines()[0]
        'def add(a, b):'
    """
    lesson, _, k = number.partition("-")
    name = f"{lesson.zfill(2 + lesson[-1:].isalpha())}_{k}_*.py"
    files = sorted(_folder().glob(name))
    if len(files) != 1:
        raise SolutionError(
            say(
                "Exercise {number} needs exactly one solution in solutions/, {name}; got {files}. "
                "Get the files of the course again.",
                **{"number": number, "files": [file.name for file in files], "name": name},
            )
        )
    return files[0].read_text(encoding="utf-8").removesuffix("\n")


def _folder() -> Path:
    try:
        return course_folder() / "solutions"
    except CourseNotFound:
        installed = Path(sysconfig.get_path("data"), "share", "tensorflow-workshop", "solutions")
        if installed.is_dir():
            return installed
        raise


def _number(solution: Path) -> str:
    lesson, k, _ = solution.stem.split("_", 2)
    return f"{lesson[0].lstrip('0')}{lesson[1:]}-{k}"
