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
            if pdf:
                with paper.browser():  # if there is none, say so before an hour has passed
                    pass
            site.make(sorted(set(chosen)), to, executed.data(sample=sample), papers=pdf, tell=show)
    except (BookError, DataError) as error:
        fail(str(error))
    show(say("Ready: {page}", page=(to / "index.html").resolve()))
