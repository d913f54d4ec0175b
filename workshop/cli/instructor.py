"""Commands of one who gives the course."""

from pathlib import Path
from typing import Annotated

import typer

from workshop.cli.app import app
from workshop.cli.words import fail, in_words, show
from workshop.messages import say

PANEL = "For those who give the course"


@app.command(rich_help_panel=PANEL)
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
        with in_words():
            place = make(folder, systems=systems or (), pythons=pythons or ())
    except (StickError, DataError) as error:
        fail(str(error))
    show(
        say(
            "Ready: {place}\nLearners copy this folder to their computer (not only open it), and "
            "type in it: python3 start.py\nOn Windows: py start.py",
            place=place,
        )
    )


@app.command(rich_help_panel=PANEL)
def badge(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[OWNER/REPO]", show_default="what the remote origin says"),
    ] = None,
) -> None:
    """Let the course's links and badges open your fork on GitHub."""
    from workshop.setup.fork import ForkError, adopt

    try:
        with in_words():
            name, changed = adopt(name)
    except ForkError as error:
        fail(str(error))
    if not changed:
        show(say("All links name {name} already.", name=name))
        return
    show(say("These files name {name} now: {files}", name=name, files=", ".join(changed)))
    if any(path.startswith("notebooks/") for path in changed):
        show(say("Lessons are among them: python -m workshop deliver"))
    show(say('Now publish them: git commit -am "Name our fork", then git push'))
