"""Commands of one who takes the course."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from workshop.cli.app import app
from workshop.cli.words import encodable, fail, in_words, show
from workshop.course import course_folder
from workshop.messages import say

if TYPE_CHECKING:
    from workshop.checks.course_map import CourseMap

START_PAGE = "notebooks/00_welcome.ipynb"

Number = Annotated[
    str, typer.Argument(metavar="NN", help="The lesson: 2, 02 or 02_softmax.", show_default=False)
]
MaybeNumber = Annotated[
    str | None,
    typer.Argument(
        metavar="[NN]", help="The lesson; all where it is left out.", show_default=False
    ),
]


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
    with in_words():
        course = course_folder()
        _stop_for_two_builds()
        _stop_without_jupyterlab()
    options = [
        f"--ServerApp.root_dir={course}",
        "--ServerApp.allow_root=True",  # in a container one is root
        f"--LabApp.default_url=/lab/tree/{START_PAGE}",
        *([f"--ServerApp.port={port}"] if port else []),
        *(extra or []),
    ]
    show(
        say(
            "JupyterLab is starting and writes its own lines below. The address of the course is "
            "the last of them, in about ten seconds."
        )
    )
    from workshop.jupyter import server
    from workshop.update import bases

    bases.keep()
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
        fail(
            say(
                "MNIST was not fetched: {reason}.\n"
                "Meanwhile the lessons run on the packaged sample.\n"
                "With no network, copy the MNIST files (train-images-idx3-ubyte.gz and three more, "
                "or\nmnist.npz) into a folder and set WORKSHOP_DATA to it.",
                reason=error,
            )
        )
    show(say("The full MNIST is here, verified: {place}", place=place))


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

    with in_words():
        lesson = lessons.find(number)
        copy = (to or lesson.parent) / f"{lesson.stem}.solved.ipynb"
        if to and not to.is_dir():
            copy = to
        lessons.write(solutions.solved_copy(lesson), copy)
    show(say("The solved copy, whose checks record nothing: {path}", path=copy))


@app.command()
def progress(
    *,
    page: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="Write a page to print.", show_default=False),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Yours, for the page.", show_default=False)
    ] = None,
) -> None:
    """Show all lessons, which exercises are done and what comes next."""
    from workshop.checks.course_map import course_map

    with in_words():
        shown = course_map()
    if page:
        _print_to(page, name or typer.prompt(say("Your name, as the page is to have it")), shown)
        return
    show(encodable(f"{say('Your progress')}\n{shown}"))


@app.command()
def status(number: MaybeNumber = None) -> None:
    """Say of each lesson, or of one, in a line: did you change it, is it current?"""
    from rich.table import Table

    from workshop.update import lesson as lessons
    from workshop.update import report, sources

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    with in_words():
        source, _ = sources.find(fetch=False)
        for path in lessons.choose(number, source):
            table.add_row(*(escape(cell) for cell in report.line(path, source)))
    Console().print(table)
    if not number:
        show(
            say(
                "Compared with {place}, as it was known here. workshop update asks for news.",
                place=source.place,
            )
        )


@app.command()
def update(
    number: MaybeNumber = None,
    *,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="SOURCE",
            help="A newer course: its folder, a zip, a stick; or one corrected lesson.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Bring corrections to your lessons, or to one, cell by cell; what you wrote stays."""
    from workshop.course.lessons import LessonError
    from workshop.update import lesson as lessons
    from workshop.update import report, sources

    with in_words():
        found, problem = sources.find(source)
        chosen = lessons.choose(number, found, gone=False)
    show(report.source_words(found))
    if problem:
        show(problem)
    done, errors = [], []
    for path in chosen:
        try:
            one = lessons.apply(path, found)
        except LessonError as error:
            errors.append(str(error))
            continue
        if one is not None:
            done.append(one)
            if number or not one.is_current():
                show(report.words(one, whole=number is not None))
        elif number:
            errors.append(say("{place} has no lesson {number}.", place=found.place, number=number))
    for text in report.after(done, number):
        show(text)
    if errors:
        fail("\n".join(errors))


@app.command()
def reset(number: Number) -> None:
    """Restore a lesson with its solutions, and keep your copy of it beside it."""
    from workshop.course import originals
    from workshop.jupyter import shared
    from workshop.update import bases

    with in_words():
        lesson = originals.find(number)
        if shared.is_open(lesson):
            fail(shared.words(lesson, f"workshop reset {number}"))
        done = originals.restore(lesson)
    for one in done:
        bases.forget(one.file.relative_to(course_folder()).as_posix())
    show(originals.words(lesson, done))


def _print_to(page: Path, name: str, shown: "CourseMap") -> None:
    from workshop.checks.paper import paper
    from workshop.course import files

    try:
        with in_words():
            files.create(paper(" ".join(name.split()), shown).encode(), page)
    except FileExistsError:
        fail(say("{path} is there already: name a new file.", path=page))
    except OSError as error:
        fields = {"path": page, "error": error.strerror or error}
        fail(say("The page was not written: {path}: {error}", **fields))
    show(say("Open it in a browser and print it: {path}", path=page))


def _stop_for_two_builds() -> None:
    from workshop.doctor.tensorflow import builds

    for finding in builds():
        fail(say("{builds} are both installed.", builds=finding.value) + f"\n{finding.remedy}")


def _stop_without_jupyterlab() -> None:
    from workshop.doctor.packages import installed

    if not installed("jupyterlab"):
        fail(
            say(
                "JupyterLab is not installed here ({python}). Type in the course's folder, then "
                'start again: pip install ".[lab]"',
                python=sys.executable,
            )
        )
