"""The command `workshop`."""

import contextlib
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from workshop.course import CourseNotFound, course_folder
from workshop.messages import say

START_PAGE = "notebooks/00_welcome.ipynb"

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)
Number = Annotated[
    str, typer.Argument(metavar="NN", help="The lesson: 2, 02 or 02_softmax.", show_default=False)
]


def _version(asked: bool) -> None:
    from workshop.course import editions

    if asked:
        _print(f"tensorflow-workshop {editions.current()}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Name the edition of the course."
        ),
    ] = False,
) -> None:
    """The TensorFlow workshop: open it, look after it, see how far you are."""


@app.command()
def lab(
    extra: Annotated[
        list[str] | None,
        typer.Argument(metavar="-- OPTIONS", help="What follows -- goes to JupyterLab."),
    ] = None,
    *,
    browser: Annotated[bool, typer.Option(help="Open the browser, or only print the URL.")] = True,
    port: Annotated[int | None, typer.Option(help="The first port to try.")] = None,
) -> None:
    """Open JupyterLab at the start page. End it with Ctrl-C."""
    with _in_words():
        course = course_folder()
        _stop_for_two_builds()
    options = [
        f"--ServerApp.root_dir={course}",
        "--ServerApp.allow_root=True",  # in a container one is root
        f"--LabApp.default_url=/lab/tree/{START_PAGE}",
        *([f"--ServerApp.port={port}"] if port else []),
        *(extra or []),
    ]
    _print(
        say(
            "JupyterLab is starting and writes its own lines below. The address of the course is "
            "the last of them, in about ten seconds."
        )
    )
    from workshop.jupyter import server

    sys.exit(server.main(options, browser=browser))


@app.command()
def doctor() -> None:
    """Say what is here, what is missing and what to do about it.

    The exit status is 1 if the course cannot run.
    """
    from rich.table import Table

    from workshop.doctor import examine

    console = Console()
    with console.status(say("Looking; TensorFlow takes some seconds to start ...")):
        findings = examine()
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        color = "red" if finding.fatal else "yellow" if finding.remedy else "green"
        table.add_row(f"[{color}]{escape(finding.name)}[/]", escape(finding.value))
        if finding.remedy:
            table.add_row("", f"[{color}]-> {escape(finding.remedy)}[/]")
    console.print(table)
    fatal = [finding.name for finding in findings if finding.fatal]
    console.print()
    if fatal:
        broken = say("The course cannot run like this: see {names}.", names=", ".join(fatal))
        console.print(broken, style="red")
        raise typer.Exit(1)
    if any(finding.remedy for finding in findings):
        console.print(say("The course can run. Each arrow says what could be better."))
    else:
        console.print(say("All is well."))


@app.command()
def data() -> None:
    """Fetch MNIST and verify it; the lessons then use the full data."""
    from workshop.data import DataError, mnist

    try:
        place = mnist.fetch(progress=True)
    except DataError as error:
        _fail(
            say(
                "MNIST was not fetched: {reason}.\n"
                "Meanwhile the lessons run on the packaged sample.\n"
                "With no network, copy the MNIST files (train-images-idx3-ubyte.gz and three more, "
                "or\nmnist.npz) into a folder and set WORKSHOP_DATA to it.",
                reason=error,
            )
        )
    _print(say("The full MNIST is here, verified: {place}", place=place))


@app.command()
def solve(
    number: Number,
    *,
    to: Annotated[
        Path | None, typer.Option(help="Where to write the copy.", show_default=False)
    ] = None,
) -> None:
    """Write a solved copy of a lesson, beside it; never over a file that is there."""
    from workshop.course import lessons, solutions

    with _in_words():
        lesson = lessons.find(number)
        copy = (to or lesson.parent) / f"{lesson.stem}.solved.ipynb"
        if to and not to.is_dir():
            copy = to
        lessons.write(solutions.solved_copy(lesson), copy)
    _print(say("The solved copy, whose checks record nothing: {path}", path=copy))


@app.command()
def progress() -> None:
    """Show all lessons, which exercises are done and what comes next."""
    from workshop.checks.course_map import course_map

    with _in_words():
        shown = course_map()
    _print(_encodable(f"{say('Your progress')}\n{shown}"))


@app.command()
def reset(number: Number) -> None:
    """Restore a lesson with its solutions, and keep your copy of it beside it."""
    from workshop.course import originals

    with _in_words():
        lesson = originals.find(number)
        done = originals.restore(lesson)
    _print(originals.words(lesson, done))


@app.command()
def stick(
    folder: Annotated[Path, typer.Argument(help="Where to write: the stick.", show_default=False)],
    *,
    systems: Annotated[
        list[str] | None,
        typer.Option(
            "--for", help="linux, windows or macos; again for more.", show_default="this machine"
        ),
    ] = None,
    pythons: Annotated[
        list[str] | None,
        typer.Option("--python", help="3.12; again for more.", show_default="this one"),
    ] = None,
) -> None:
    """Write the course, its wheels and MNIST on a stick, for learners without a network."""
    from workshop.data import DataError
    from workshop.setup.stick import StickError, make

    try:
        with _in_words():
            place = make(folder, systems=systems or (), pythons=pythons or ())
    except (StickError, DataError) as error:
        _fail(str(error))
    _print(
        say(
            "Ready: {place}\nLearners copy this folder to their computer (not only open it), and "
            "type in it: python3 start.py\nOn Windows: py start.py",
            place=place,
        )
    )


@app.command(hidden=True)
def strip(files: list[Path]) -> None:
    """Take outputs out of notebooks before a commit; exit status 1 if there were any."""
    from workshop.course import delivery

    with _in_words():
        changed = [str(file) for file in files if delivery.strip_file(file)]
    if changed:
        _print(say("Stripped: {names}", names=", ".join(changed)))
        raise typer.Exit(1)


@app.command(hidden=True)
def deliver() -> None:
    """Make the lessons as they are those of this edition; exit status 1 if they were others."""
    from workshop.course import delivery

    with _in_words():
        changed = delivery.deliver()
    if changed:
        _print(say("Delivered: {names}", names=", ".join(changed)))
        raise typer.Exit(1)


@contextlib.contextmanager
def _in_words() -> Generator[None, None, None]:
    """End the command with the text of an error that was foreseen, not with a traceback."""
    from workshop.course.lessons import LessonError

    try:
        yield
    except (CourseNotFound, LessonError) as error:
        _fail(str(error))


def _fail(text: str) -> NoReturn:
    Console(stderr=True).print(escape(text), style="red", highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def _print(text: str) -> None:
    Console().print(escape(text), highlight=False, soft_wrap=True)


def _encodable(text: str) -> str:
    """Put letters in the place of signs that an older terminal of Windows can't show."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeError:
        return text.translate(str.maketrans("✓✗○→", "x!->"))
    return text


def _stop_for_two_builds() -> None:
    from workshop.doctor.tensorflow import builds

    for finding in builds():
        _fail(say("{builds} are both installed.", builds=finding.value) + f"\n{finding.remedy}")
