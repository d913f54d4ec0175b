"""How a command speaks: on the screen, and where it ends with an error that was foreseen."""

import contextlib
import sys
from collections.abc import Generator
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from workshop.course import CourseNotFound


@contextlib.contextmanager
def in_words() -> Generator[None, None, None]:
    """End the command with the text of an error that was foreseen, not with a traceback."""
    from workshop.course.lessons import LessonError

    try:
        yield
    except (CourseNotFound, LessonError) as error:
        fail(str(error))


def fail(text: str) -> NoReturn:
    """End the command with exit status 1 and a text on the error stream."""
    Console(stderr=True).print(escape(text), style="red", highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def show(text: str) -> None:
    """Print a text; its brackets are no markup."""
    Console().print(escape(text), highlight=False, soft_wrap=True)


def encodable(text: str) -> str:
    """Put letters in the place of signs that an older terminal of Windows can't show."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeError:
        return text.translate(str.maketrans("✓✗○→", "x!->"))
    return text
