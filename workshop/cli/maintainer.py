"""Commands of one who changes the course; the hooks before a commit call them."""

from pathlib import Path

import typer

from workshop.cli.app import app
from workshop.cli.words import in_words, show
from workshop.messages import say


@app.command(hidden=True)
def strip(files: list[Path]) -> None:
    """Take outputs out of notebooks before a commit; exit status 1 if there were any."""
    from workshop.course import delivery

    with in_words():
        changed = [str(file) for file in files if delivery.strip_file(file)]
    if changed:
        show(say("Stripped: {names}", names=", ".join(changed)))
        raise typer.Exit(1)


@app.command(hidden=True)
def deliver() -> None:
    """Make the lessons as they are those of this edition; exit status 1 if they were others."""
    from workshop.course import delivery

    with in_words():
        changed = delivery.deliver()
    if changed:
        show(say("Delivered: {names}", names=", ".join(changed)))
        raise typer.Exit(1)
