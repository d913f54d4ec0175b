"""The slides of a lesson as a file: from the lesson as it ran, over nothing but older slides."""

from collections.abc import Callable
from pathlib import Path

from workshop.book import BookError, npm
from workshop.book.executed import Data, executed
from workshop.messages import say
from workshop.slides import deck, render


def write(lesson: Path, to: Path, data: Data, *, tell: Callable[[str], None] = print) -> None:
    """Write the slides of a lesson.

    Args:
        lesson: its path; it is only read.
        to: the file; older slides in it are replaced once the new ones are whole.
        data: what `executed.data()` chose.
        tell: is told when the lesson has to run.

    Raises:
        BookError: the lesson fails, npm brings no reveal.js, or the file is no slides.
        LessonError: the lesson cannot be read.
    """
    check_file(to)
    for package in (render.REVEAL, render.MATHJAX):  # say so before a lesson has run
        npm.package(*package)
    page = render.file(deck.deck(executed(lesson, data, tell=tell)))
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        new = to.with_name(f".{to.name}.new")
        new.write_text(page, encoding="utf-8")
        new.replace(to)
    except OSError as error:
        why = error.strerror or error
        raise BookError(say("Cannot write {path}: {why}", path=to, why=why)) from error


def check_file(to: Path) -> None:
    """Raise a `BookError` if a file is there that holds no slides."""
    if to.is_dir():
        raise BookError(say("{path} is a folder; name a file with --to FILE.", path=to))
    if to.is_file():
        with to.open(encoding="utf-8", errors="replace") as file:
            if render.MADE not in file.read(1000):
                raise BookError(
                    say(
                        "{path} is there, and holds no slides: it stays as it is. Name another "
                        "file with --to FILE.",
                        path=to,
                    )
                )
