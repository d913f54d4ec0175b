"""One lesson with its solutions: what a source corrects, and bringing that to the learner's files.

Nothing is lost whenever this stops: each file is replaced in one step, after the copy that a later
update compares with is on the disk.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat

from workshop.course import editions, files, lessons, originals
from workshop.course.folder import course_folder
from workshop.course.lessons import LessonError
from workshop.jupyter import shared
from workshop.messages import say
from workshop.update import bases
from workshop.update.merge import Merged, merge
from workshop.update.sources import Source

TRIES = 3  # where the learner saves just now


@dataclass(frozen=True)
class Solution:
    """A solution that a source corrects.

    Args:
        file: the learner's.
        what: `"corrected"`, `"added"` or `"removed"` by the course, or `"kept"`: the learner
            changed it, too.
        theirs: the corrected one; None where the course removed it.
        mine: the learner's; None where there is none.
        base: what the learner's came from; None where nobody knows it any more.
        copy: where the learner's lies since; None where it stays, or was the course's.
    """

    file: Path
    what: str
    theirs: bytes | None
    mine: bytes | None
    base: bytes | None = None
    copy: Path | None = None


@dataclass(frozen=True)
class Plan:
    """What a source has for a lesson.

    Args:
        file: the learner's notebook.
        name: of it, such as `"notebooks/02_softmax.ipynb"`.
        content: what the learner's file has; None where there is none.
        theirs: the corrected notebook, all of the file.
        merged: of the notebook; None where the learner has none.
        knows_base: whether it is known what the learner's notebook came from.
        is_changed: whether the learner changed a cell; None where that is not known.
        has_news: whether the notebook's file is to be written.
        solutions: those that are corrected.
    """

    file: Path
    name: str
    content: bytes | None
    theirs: bytes
    merged: Merged | None
    knows_base: bool
    is_changed: bool | None
    has_news: bool
    solutions: list[Solution] = field(default_factory=list)

    def is_current(self) -> bool:
        """Tell whether nothing is left to bring, nor to offer."""
        merged = self.merged
        if merged is None or self.solutions:
            return False
        return not (merged.done or merged.kept or merged.moved)

    def is_original(self) -> bool:
        """Tell whether the learner's notebook is as the source delivers it."""
        return _same(self.name, self.content, self.theirs)


def choose(number: str | None, source: Source, *, gone: bool = True) -> list[Path]:
    """List lessons: those of the course's folder, and what a source has more.

    Args:
        number: of one lesson, such as `2`, `02` or `02_softmax`; None for all.
        source: of the corrections.
        gone: also those that the learner deleted, where all are listed.

    Returns:
        The paths where they are; where they belong if there is no file.

    Raises:
        LessonError: neither has the lesson.
    """
    here = originals.lessons()
    numbers = [_number(path.name) for path in here]
    more = [path for path in map(Path, source.names()) if _number(path.name) not in numbers]
    every = sorted([*here, *(course_folder() / path for path in more)])
    if number is not None:
        return [lessons.pick(number, every)]
    return [path for path in every if gone or path.exists() or path not in here]


def plan(lesson: Path, source: Source) -> Plan | None:
    """Compare a lesson with what a source delivers.

    Args:
        lesson: where it is, or belongs.
        source: of the corrections.

    Returns:
        What there is to do; None where the source has no such lesson.

    Raises:
        LessonError: the learner's notebook or the source's is damaged, or a file cannot be read.
    """
    number = lesson.name.split("_")[0]
    found = next((name for name in source.names() if _number(name) == number), None)
    if found is None:
        return None
    name = f"notebooks/{lesson.name}"
    try:
        theirs = source.content(found) or b""
        content = lesson.read_bytes() if lesson.exists() else None
        base = bases.base_of(name)
        solutions = [
            one
            for name in sorted({*source.names(f"solutions/{number}_"), *_own(number)})
            if (one := _solution(name, source.content(name), source)) is not None
        ]
    except OSError as error:
        raise LessonError(
            say(
                "{file} cannot be read: {why}. Close it in other programs and try again.",
                **{"file": error.filename or lesson, "why": error.strerror or error},
            )
        ) from error
    merged, is_changed, has_news = None, None, content is None
    if content is not None:
        merged = _merged(lesson, (base, theirs, content), Path(source.place, found))
        is_changed = None if base is None else not _same(name, base, content)
        has_news = base is None or not _same(name, base, _bytes(merged.base))
    return Plan(
        *(lesson, name, content, theirs, merged),
        *(base is not None, is_changed, has_news, solutions),
    )


def apply(lesson: Path, source: Source) -> Plan | None:
    """Bring the corrections to a learner's lesson and its solutions.

    Args:
        lesson: where it is, or belongs; it is written where there is none.
        source: of the corrections.

    Returns:
        What was done, as of `plan`; None where the source has no such lesson.

    Raises:
        LessonError: as of `plan`, or the notebook is open in a page that is shared, or a file
            cannot be written. Then the notebook is as it was.
    """
    for _ in range(TRIES):
        planned = plan(lesson, source)
        if planned is None:
            return None
        try:
            if not planned.has_news or _put_notebook(planned):
                done = [_put_solution(one) for one in planned.solutions]
                return replace(planned, solutions=done)
        except OSError as error:
            raise LessonError(
                say(
                    "{name} was not updated, and your work is still in {file}: {why} ({where}). "
                    "Close it in other programs, see that it and its folder can be written, and "
                    "that there is room.",
                    **{"name": lesson.name, "file": lesson},
                    **{"why": error.strerror or error, "where": error.filename},
                )
            ) from error
    raise LessonError(
        say(
            "{name} is being saved all the time, so it was not updated. Save it, wait until no "
            "cell runs, and update again.",
            name=lesson.name,
        )
    )


def _put_notebook(planned: Plan) -> bool:
    """Write the notebook, unless another program did since it was read."""
    if shared.is_open(planned.file):
        command = f"workshop update {_number(planned.name)}"
        raise LessonError(shared.words(planned.file, command))
    if planned.merged is None:
        bases.remember(planned.name, planned.theirs)
        files.create(planned.theirs, planned.file)
        return True
    merged = planned.merged
    bases.put_mark(planned.name, merged.notebook, merged.base)
    content = _bytes(merged.notebook)
    if planned.file.read_bytes() != planned.content:
        return False
    files.put(content, planned.file)
    return True


def _bytes(notebook: dict) -> bytes:
    """Write a notebook as Jupyter does."""
    return (nbformat.writes(nbformat.from_dict(notebook)) + "\n").encode()


def _number(name: str) -> str:
    return Path(name).name.split("_")[0]


def _merged(lesson: Path, versions: tuple[bytes | None, bytes, bytes], place: Path) -> Merged:
    base, theirs, mine = versions
    corrected = lessons.parse(theirs, place, is_learners=False)
    if base is not None and _same(lesson.name, base, theirs) and _same(lesson.name, mine, theirs):
        return Merged({}, corrected)  # as it is for most lessons most of the time
    old = None if base is None else lessons.parse(base, lesson)
    return merge(old, corrected, lessons.parse(mine, lesson))


def _same(name: str, one: bytes | None, other: bytes | None) -> bool:
    """Tell whether two versions of a file are the same to a learner."""
    if one is None or other is None:
        return one is other
    found = editions.digest(name, one)
    return found is not None and found == editions.digest(name, other)


def _own(number: str) -> list[str]:
    return [
        f"solutions/{path.name}"
        for path in (course_folder() / "solutions").glob(f"{number}_*.py")
        if bases.base_of(f"solutions/{path.name}") is not None
    ]


def _solution(name: str, theirs: bytes | None, source: Source) -> Solution | None:
    file = course_folder() / name
    mine = file.read_bytes() if file.is_file() else None
    base = bases.base_of(name) if mine is not None else None
    if _same(name, mine, theirs):
        return None
    if theirs is None:
        if mine is None or not source.names("solutions/"):
            return None  # a source of notebooks only
        return Solution(file, "removed", None, mine, base)
    if mine is None:
        return Solution(file, "added", theirs, None)
    if base is not None and _same(name, base, theirs):
        return None  # only the learner changed it
    is_own = base is None or not _same(name, base, mine)
    return Solution(file, "kept" if is_own else "corrected", theirs, mine, base)


def _put_solution(one: Solution) -> Solution:
    name = f"solutions/{one.file.name}"
    if one.what in ("corrected", "added") and one.theirs is not None:
        files.put(one.theirs, one.file)
        bases.remember(name, one.theirs)
    if one.what == "removed" and one.mine is not None:
        is_own = one.base is None or not _same(name, one.base, one.mine)
        copy = files.create_beside(one.mine, one.file) if is_own else None
        one.file.unlink()
        return replace(one, copy=copy)
    return one
