"""Commands of one who publishes the course: as a book, and as slides."""

from pathlib import Path
from typing import Annotated

import typer

from workshop.cli.app import app
from workshop.cli.instructor import PANEL
from workshop.cli.words import fail, in_words, show
from workshop.messages import say

ON_SAMPLE = Annotated[
    bool, typer.Option("--sample", help="Run lessons on the packaged sample of MNIST.")
]


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
    sample: ON_SAMPLE = False,
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


@app.command(rich_help_panel=PANEL)
def slides(
    number: Annotated[str, typer.Argument(metavar="NN", help="The lesson.", show_default=False)],
    *,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="The page.", show_default="NN_topic.slides.html"),
    ] = None,
    sample: ON_SAMPLE = False,
) -> None:
    """Write slides of a lesson, one file: questions, code and pictures; the text is in the notes."""
    from workshop.book import BookError, deck, executed
    from workshop.course import lessons
    from workshop.data import DataError

    try:
        with in_words():
            lesson = lessons.find(number)
            page = deck.make(lesson, executed.data(sample=sample), tell=show)
            file = to or Path(f"{lesson.stem}.slides.html")
            deck.save(page, file)
    except (BookError, DataError) as error:
        fail(str(error))
    show(
        say(
            "Ready: {file}\nOpen it in a browser. F: full screen, S: the window with your notes, "
            "Esc: all slides.",
            file=file.resolve(),
        )
    )
