"""The map of the course: every lesson, what is passed in it, and which one comes next."""

import html
import re
from dataclasses import dataclass
from pathlib import Path

from workshop.checks.difficulty import what_to_expect
from workshop.checks.outcome import SIGNS, Status
from workshop.course import CourseNotFound
from workshop.course import progress as record
from workshop.messages import say

BLUE = "#0072b2"
LIST = "list-style: none; margin: 0; padding: 0; columns: 2 27em; column-gap: 2em"
ITEM = (
    "display: flex; gap: 0.6em; margin: 0; padding: 2px 6px; break-inside: avoid; line-height: 1.5"
)
NEXT = f"box-shadow: inset 4px 0 {BLUE}; background: rgba(127, 127, 127, 0.15); font-weight: bold"
RIGHT = "white-space: nowrap; font-variant-numeric: tabular-nums"


@dataclass(frozen=True)
class Lesson:
    """A lesson on the map.

    Args:
        path: of its notebook.
        title: as its first line has it, without the number.
        minutes: that it takes; None where it doesn't say so.
        exercises: the number of each, such as `"2-1"`, and what became of it.
        problem: what is wrong with its file; empty where all is well.
    """

    path: Path
    title: str
    minutes: int | None
    exercises: dict[str, Status]
    problem: str = ""

    @property
    def number(self) -> str:
        """Its number, such as `02` or `04b`."""
        return self.path.stem.partition("_")[0]

    @property
    def left(self) -> list[str]:
        """The exercises that are not passed yet."""
        return [number for number, status in self.exercises.items() if status != "passed"]

    @property
    def passed(self) -> int:
        """How many exercises are passed."""
        return len(self.exercises) - len(self.left)

    @property
    def is_done(self) -> bool:
        """Whether all are."""
        return bool(self.exercises) and not self.left


@dataclass(frozen=True)
class CourseMap:
    """All lessons in order; shows itself in a notebook with links, and as text in a terminal.

    Example:
        >>> CourseMap([Lesson(Path("00_welcome.ipynb"), "Welcome", 5, {"0-1": "passed"})])
        ✓ 00   Welcome                                5 min  1 of 1  ✓
        <BLANKLINE>
        All exercises of the course are passed: 1.
    """

    lessons: list[Lesson]

    @property
    def following(self) -> Lesson | None:
        """The first lesson with something left, from the last one on that was begun."""
        begun = [k for k, lesson in enumerate(self.lessons) if lesson.passed]
        start = max(begun, default=0)
        ahead = self.lessons[start:] + self.lessons[:start]
        return next((lesson for lesson in ahead if lesson.left), None)

    def summary(self) -> str:
        """Say how much is passed, what comes next, and how hard that is."""
        count = sum(len(lesson.exercises) for lesson in self.lessons)
        done = sum(lesson.passed for lesson in self.lessons)
        if not (following := self.following):
            return say("All exercises of the course are passed: {count}.", count=count)
        fields = {"done": done, "count": count, "number": following.left[0]}
        said = say(
            "{done} of {count} exercises passed. Next: exercise {number} of lesson {lesson}, "
            "{title}.",
            **{**fields, "lesson": following.number, "title": following.title},
        )
        return " ".join(filter(None, [said, what_to_expect(following.left[0])]))

    def __repr__(self) -> str:
        width = max([36, *(len(lesson.title) for lesson in self.lessons)])
        lines = []
        for lesson in self.lessons:
            right = lesson.problem or f"{_minutes(lesson):>6}  {_count(lesson)}  {_signs(lesson)}"
            line = f"{self._mark(lesson)} {lesson.number:<4} {lesson.title:<{width}}  {right}"
            lines.append(line.rstrip())
        return "\n".join([*lines, "", self.summary()])

    def _repr_html_(self) -> str:
        items = "".join(map(self._item, self.lessons))
        summary = f'<p style="margin: 0 0 6px">{html.escape(self.summary())}</p>'
        return f'<div class="workshop-map">{summary}<ul style="{LIST}">{items}</ul></div>'

    def _item(self, lesson: Lesson) -> str:
        name = f"{lesson.number} {lesson.title}"
        link = f'<a href="{html.escape(lesson.path.name)}">{html.escape(name)}</a>'
        right = " · ".join(filter(None, [_minutes(lesson), _count(lesson)]))
        if lesson.problem:
            link, right = html.escape(name), html.escape(lesson.problem)
        style = f"{ITEM}; {NEXT}" if lesson is self.following else ITEM
        return (
            f'<li style="{style}"><span style="width: 1em">{self._mark(lesson)}</span>'
            f'<span style="flex: 1; min-width: 0">{link}</span>'
            f'<span style="{RIGHT}">{right}</span></li>'
        )

    def _mark(self, lesson: Lesson) -> str:
        """Give a sign, so that no colour is needed."""
        if lesson.is_done:
            return SIGNS["passed"]
        return "→" if lesson is self.following else " "


def progress() -> CourseMap | None:
    """Show the map of the course: what is passed, what comes next, a link to each lesson.

    Returns:
        What shows itself as the last line of a cell; None, and a printed line, where the course's
        folder is not found.
    """
    from workshop.course import lessons

    try:
        return course_map()
    except (CourseNotFound, lessons.LessonError) as error:
        print(error)
        return None


def course_map() -> CourseMap:
    """Read all lessons and the learner's record.

    Returns:
        The map.

    Raises:
        CourseNotFound: the course's folder is not found.
        LessonError: the list of this edition's lessons is damaged.
    """
    from workshop.course import originals  # it needs nbformat, and each lesson imports this module

    said = {number: entry.get("status") for number, entry in record.read().items()}
    return CourseMap([_read(path, said) for path in originals.lessons()])


def _read(path: Path, said: dict[str, str | None]) -> Lesson:
    try:
        opening, numbers = record.outline(path)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        number = path.stem.partition("_")[0]
        broken = say("cannot be read: workshop reset {number}", number=number)
        return Lesson(path, path.stem.partition("_")[2], None, {}, broken)
    title = re.match(r"# (?:\d\d[a-z]? )?(.+)", opening)
    minutes = re.search(r"(\d+) minutes", opening)
    return Lesson(
        path,
        title[1] if title else path.stem.partition("_")[2],
        int(minutes[1]) if minutes else None,
        {number: _status(said.get(number)) for number in numbers},
    )


def _status(said: str | None) -> Status:
    return said if said in ("passed", "not yet") else "not attempted"


def _minutes(lesson: Lesson) -> str:
    return say("{minutes} min", minutes=lesson.minutes) if lesson.minutes else ""


def _count(lesson: Lesson) -> str:
    fields = {"done": lesson.passed, "count": len(lesson.exercises)}
    return say("{done} of {count}", **fields)


def _signs(lesson: Lesson) -> str:
    return "".join(SIGNS[status] for status in lesson.exercises.values())
