"""A hub for a class: started, and its servers before the learners come."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from workshop.cli.app import app
from workshop.cli.instructor import PANEL
from workshop.cli.words import fail, in_words, show
from workshop.course import course_folder
from workshop.messages import say

hub = typer.Typer(invoke_without_command=True, help="Run a JupyterHub for a class on this machine.")
app.add_typer(hub, name="hub", rich_help_panel=PANEL)

Folder = Annotated[
    Path | None,
    typer.Option(help="Settings and learners' work.", show_default=".hub in the course's folder"),
]


@hub.callback()
def run(  # noqa: PLR0913 - an option each
    context: typer.Context,
    *,
    room: Annotated[
        bool, typer.Option("--room", help="Let the other machines of the network in.")
    ] = False,
    port: Annotated[int | None, typer.Option(min=1, max=65535, show_default="8000")] = None,
    password: Annotated[
        str | None, typer.Option(help="Of the class.", show_default="drawn at random, then kept")
    ] = None,
    own_passwords: Annotated[
        bool | None,
        typer.Option(
            "--own-passwords/--one-password",
            help="Each learner chooses one at the first login, or the class shares one.",
            show_default="one",
        ),
    ] = None,
    repository: Annotated[
        str | None,
        typer.Option(help="Git's address of the lessons.", show_default="the course's folder"),
    ] = None,
    branch: Annotated[str | None, typer.Option(show_default="the one checked out")] = None,
    memory: Annotated[
        int | None, typer.Option(help="GB for each process of a learner.", show_default="2")
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="The sample of MNIST, not all of it.")
    ] = False,
    certificate: Annotated[Path | None, typer.Option(help="For HTTPS.")] = None,
    key: Annotated[Path | None, typer.Option(help="For HTTPS.")] = None,
    folder: Folder = None,
) -> None:
    """Run a JupyterHub for a class on this machine, until Ctrl-C. What it is told it keeps."""
    with in_words():
        course = course_folder()
    place = (folder or course / ".hub").absolute()
    context.obj = place
    if context.invoked_subcommand:
        return
    from workshop.hub import lessons, life
    from workshop.hub.settings import HubError

    changes = {
        "ip": "0.0.0.0" if room else "127.0.0.1",
        "port": port,
        "password": password,
        "own_passwords": own_passwords,
        "memory_gb": memory,
        "certificate": str(certificate.absolute()) if certificate else "",
        "key": str(key.absolute()) if key else "",
    }
    try:
        changes |= lessons.given(course, repository, branch) | lessons.data(sample=sample)
        show(say("The hub is starting ..."))
        with life.running(course, place, **changes) as settings:
            show(_how_to_log_in(settings, place))
            settings["process"].wait()
        fail(say("The hub ended by itself: see {log}.", log=place / life.LOG))
    except HubError as error:
        fail(str(error))
    except KeyboardInterrupt:
        show(
            say(
                "The hub and its servers are stopped. Learners' work is kept in {place}.",
                place=place,
            )
        )


@hub.command()
def wake(
    context: typer.Context,
    names: Annotated[list[str], typer.Argument(help="As learners will type them.")],
    *,
    url: Annotated[
        str | None,
        typer.Option(
            help="Another hub; JUPYTERHUB_API_TOKEN has its token.", show_default="this machine's"
        ),
    ] = None,
    at_once: Annotated[int, typer.Option(min=1, help="Servers that start side by side.")] = 4,
) -> None:
    """Start the servers of these learners before they come."""
    from workshop.hub.life import address
    from workshop.hub.settings import HubError, read
    from workshop.hub.wake import Api
    from workshop.hub.wake import wake as wake_all

    def told(name: str, result: float | HubError) -> None:
        show(str(result) if isinstance(result, HubError) else f"{name:12} {result:5.1f} s")

    try:
        settings = read(context.obj)
    except HubError as error:
        fail(str(error))
    token = os.environ.get("JUPYTERHUB_API_TOKEN", "") if url else settings.get("token")
    if not token:
        fail(
            say("JUPYTERHUB_API_TOKEN is not set: make a token on the hub's page Token.")
            if url
            else say("No hub was started here yet: start it in another terminal (workshop hub).")
        )
    begun = time.monotonic()
    try:
        here = url or address(settings | {"ip": "127.0.0.1"})
        done = wake_all(Api(here, token), names, at_once=at_once, told=told)
    except HubError as error:
        fail(str(error))
    failed = [name for name, result in done.items() if isinstance(result, HubError)]
    show(
        say(
            "{number} of {all} servers run, after {seconds:.0f} s.",
            **{"number": len(done) - len(failed), "all": len(done)},
            seconds=time.monotonic() - begun,
        )
    )
    if failed:
        raise typer.Exit(1)


def _how_to_log_in(settings: dict, place: Path) -> str:
    from workshop.hub.life import LOG, address

    if settings["own_passwords"]:
        learners = say("a name such as ana2, an own password, and first the class password")
    else:
        learners = say("a name such as ana2 and the class password")
    alone = settings["ip"] == "127.0.0.1"
    return say(
        "\nThe hub runs. Its address:\n\n    {address}\n\n"
        "Learners type {learners}:   {password}\n"
        "You log in as {teacher} with:   {teacher_password}\n\n{who}"
        "Learners' work, settings and log ({log}): {place}\nCtrl-C stops the hub.",
        **{"address": address(settings), "learners": learners, "log": LOG, "place": place},
        **{name: settings[name] for name in ("password", "teacher_password")},
        teacher=settings["teachers"][0],
        who=say("Only this machine reaches it: add --room for a class.\n") if alone else "",
    )
