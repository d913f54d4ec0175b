"""Commands of a class: a learner joins, asks for help, leaves; the instructor serves the page."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from workshop.cli.app import app
from workshop.cli.words import fail, in_words, show
from workshop.messages import say

PORT = 8900
commands = typer.Typer(
    no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]}
)
app.add_typer(commands, name="class", help="Show the instructor of your class how far you are.")


@commands.command()
def join(
    url: Annotated[
        str | None,
        typer.Argument(help="Of the class; not needed on a hub.", show_default=False),
    ] = None,
    *,
    name: Annotated[str | None, typer.Option(help="What the instructor sees.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """See what would be sent, and let your instructor see it from now on."""
    from workshop.classroom import membership

    if membership.load():
        fail(say("You are in a class already. To join another one: workshop class leave"))
    try:
        hub = membership.on_a_hub()
        if not name and (not hub or (url and url.rstrip("/") != hub)):
            membership.new(url, "-")  # is the address one?
            name = typer.prompt(say("Your name, as the instructor is to see it"))
        member = membership.new(url, name)
        show(json.dumps(membership.message(member), indent=1, ensure_ascii=False))
        show(
            say(
                "After each check this goes to {address}, with the new times, and nothing else: no "
                "code, no answers. It is kept there in memory until you leave or the class ends.",
                address=member.address,
            )
        )
        if not yes and not typer.confirm(say("Join?"), default=False):
            show(say("You have not joined. Nothing was sent."))
            raise typer.Exit(1)
        membership.send(member)
        membership.save(member)
    except membership.ClassError as error:
        fail(say("You have not joined: {error}", error=error))
    show(say("You have joined. To stop and delete what was sent: workshop class leave"))


@commands.command()
def leave() -> None:
    """Delete what was sent, and send nothing more."""
    from workshop.classroom import membership

    if (member := membership.load()) is None:
        show(say("You are in no class. Nothing is sent."))
        return
    problem = None
    try:
        if member.address:
            membership.delete(member)
    except membership.ClassError as error:
        problem = error
    membership.forget()
    if problem:
        fail(
            say(
                "You have left, and nothing more is sent. But what was sent could not be deleted: "
                "{error}. It is kept in memory only, and goes when the class ends.",
                error=problem,
            )
        )
    show(say("You have left. What was sent is deleted, and nothing more is sent."))


@commands.command(name="help")
def raise_hand(
    text: Annotated[
        list[str] | None, typer.Argument(help="Your question.", show_default=False)
    ] = None,
    *,
    done: Annotated[bool, typer.Option("--done", help="Take your hand down.")] = False,
) -> None:
    """Raise your hand, with a question if you like; --done takes it down."""
    import dataclasses
    import datetime

    from workshop.classroom import membership

    if (member := membership.load()) is None:
        fail(say("You are in no class, so nobody would see your hand. First: workshop class join"))
    question = " ".join(text or ())
    if len(question) > membership.LETTERS:
        fields = {"most": membership.LETTERS, "count": len(question)}
        fail(say("Expected a question of at most {most} letters, got {count}.", **fields))
    now = datetime.datetime.now().isoformat(timespec="microseconds")
    hand = (None, "") if done else (question, now)
    member = dataclasses.replace(member, question=hand[0], asked=hand[1])
    try:
        membership.save(member)
        membership.send(member)
    except membership.ClassError as error:
        fail(say("Your instructor doesn't see this yet: {error}", error=error))
    if done:
        show(say("Your hand is down."))
    else:
        show(say("Your hand is up. When you have been helped: workshop class help --done"))


@commands.command(name="show")
def show_sent() -> None:
    """Say whether you have joined a class, and what is sent."""
    from workshop.classroom import membership

    if (member := membership.load()) is None:
        show(say("You are in no class. Nothing is sent."))
        return
    show(json.dumps(membership.message(member), indent=1, ensure_ascii=False))
    if member.address:
        show(say("After each check this goes to {address}", address=member.address))
    else:
        show(say("You joined a class on a hub. This is not its server: nothing is sent from here."))


@commands.command()
def serve(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="With learners' progress.json files in it; left out, learners join.",
            show_default=False,
            exists=True,
            file_okay=False,
        ),
    ] = None,
    *,
    host: Annotated[str, typer.Option(help="0.0.0.0 for the whole room.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Where to listen.")] = PORT,
    hold: Annotated[
        bool, typer.Option("--hold", help="Hold the verdicts of all lessons until you open them.")
    ] = False,
    stuck: Annotated[float, typer.Option(min=1, help="Minutes until one is stuck.")] = 10,
) -> None:
    """Show the instructor who has passed what and who is stuck; a hub starts it, too."""
    from workshop.classroom import hub, lessons, server
    from workshop.classroom.roster import Roster

    with in_words():
        found = lessons.with_exercises()
    held = {lesson.key for lesson in found} if hold else ()
    service = server.Service(found, Roster(held), stuck, folder)
    try:
        if hub.is_here():
            host, port = hub.place()
            server.listen(hub.hub(service), host, port, lambda port: None)
        else:
            _in_a_room(service, host, port)
    except ImportError as error:
        fail(say("JupyterHub is missing beside the course ({error}): install its extra hub.",
                 error=error))  # fmt: skip
    except OSError as error:
        fields = {"host": host, "port": port, "error": error.strerror or error}
        fail(say("Can't listen at {host}, port {port}: {error}. Try another --port.", **fields))


def _in_a_room(service, host: str, port: int) -> None:
    import secrets

    from workshop.classroom import room, server

    key = secrets.token_urlsafe(16)
    application = room.room(service, key)

    def ready(port: int) -> None:
        application.settings["port"] = port
        mine = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        show(say("Your page, for you alone: http://{host}:{port}/?key={key}",
                 host=mine, port=port, key=key))  # fmt: skip
        if not service.folder:
            theirs = server.address_in_the_room() if host in ("0.0.0.0", "::") else host
            show(say("Learners type: workshop class join http://{host}:{port}",
                     host=theirs, port=port))  # fmt: skip
        show(say("All is kept in memory, until you press Ctrl-C."))
        sys.stdout.flush()

    server.listen(application, host, port, ready)
