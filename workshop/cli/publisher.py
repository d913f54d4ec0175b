"""Commands of one who publishes the course."""

from pathlib import Path
from typing import Annotated

import typer

from workshop.cli.app import app
from workshop.cli.instructor import PANEL
from workshop.cli.words import fail, in_words, show
from workshop.messages import say


@app.command(rich_help_panel=PANEL)
def book(
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NN]...", help="Lessons.", show_default="all of them"),
    ] = None,
    *,
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="The folder of the pages.")
    ] = Path("book"),
    pdf: Annotated[bool, typer.Option(help="Make a PDF of each lesson, too.")] = True,
    sample: Annotated[
        bool, typer.Option("--sample", help="Run lessons on the packaged sample of MNIST.")
    ] = False,
) -> None:
    """Write the lessons as a book of web pages, with all that they print and draw."""
    from workshop.book import BookError, executed, paper, site
    from workshop.course import lessons
    from workshop.data import DataError

    try:
        with in_words():
            chosen = [lessons.find(number) for number in numbers or ()] or lessons.paths()
            site.check_packages()
            if pdf:
                with paper.browser():  # if there is none, say so before an hour has passed
                    pass
            site.make(sorted(set(chosen)), to, executed.data(sample=sample), papers=pdf, tell=show)
    except (BookError, DataError) as error:
        fail(str(error))
    show(say("Ready: {page}", page=(to / "index.html").resolve()))


@app.command(rich_help_panel=PANEL)
def slides(
    number: Annotated[str, typer.Argument(metavar="NN", help="A lesson.")],
    *,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="The file.", show_default="slides/NAME.html"),
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Run the lesson on the packaged sample of MNIST.")
    ] = False,
) -> None:
    """Write a lesson as slides: one file for a projector, without a network."""
    from workshop.book import BookError, executed
    from workshop.course import lessons
    from workshop.data import DataError
    from workshop.slides.write import check_file, write

    try:
        with in_words():
            lesson = lessons.find(number)
            to = to or Path("slides") / f"{lesson.stem}.html"
            check_file(to)
            write(lesson, to, executed.data(sample=sample), tell=show)
    except (BookError, DataError) as error:
        fail(str(error))
    show(
        say(
            "Ready: {path}\nOpen it in a browser. S opens the notes in a window of their own, Esc "
            "shows all slides, F fills the screen.",
            path=to.resolve(),
        )
    )
