"""What the page has columns for: the lessons of the course and their exercises."""

import re
from dataclasses import dataclass

from workshop.course import lessons, progress


@dataclass(frozen=True)
class Lesson:
    """A lesson.

    Args:
        key: as its exercises begin: `"2"` for 2-1, `"1b"` for 1b-4.
        number: as its file begins: `"02"`, `"01b"`.
        title: of its first line.
        exercises: their numbers.
    """

    key: str
    number: str
    title: str
    exercises: tuple[str, ...]


def with_exercises() -> list[Lesson]:
    """Read all lessons that have exercises.

    Returns:
        Them, in order; a lesson that cannot be read is left out.

    Raises:
        CourseNotFound: the course's folder is not found.

    Example:
        >>> with_exercises()[1].number
        '01'
    """
    found = []
    for path in lessons.paths():
        try:
            opening, numbers = progress.outline(path)
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue
        if numbers:
            number = path.stem.partition("_")[0]
            title = re.match(r"# (?:\d\d[a-z]? )?(.+)", opening)
            name = title[1] if title else path.stem
            found.append(Lesson(numbers[0].rpartition("-")[0], number, name, tuple(numbers)))
    return found
