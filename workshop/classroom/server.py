"""The service of a class: it takes learners' records, and shows the instructor the page."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tornado import httputil, web

from workshop.classroom import page
from workshop.classroom.folder import LARGEST, read_into
from workshop.classroom.lessons import Lesson
from workshop.classroom.roster import BadRecord, Roster
from workshop.messages import say

HERE = Path(__file__).parent
# What a browser may still send before tornado hangs up; it is refused with words.
BUFFER = 4_000_000
SAFE = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:"
SAFE += "; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


@dataclass
class Service:
    """What all requests share.

    Args:
        lessons: of the course.
        roster: the class, kept in memory only.
        minutes: after which a learner counts as stuck.
        folder: read at each look at the page; None where learners send their records.
    """

    lessons: Sequence[Lesson]
    roster: Roster = field(default_factory=Roster)
    minutes: float = 10
    folder: Path | None = None


class Handler(web.RequestHandler):
    """A request; who sent it, a subclass knows: of a hub, or of a room without one."""

    @property
    def service(self) -> Service:
        """What all requests share."""
        return self.settings["service"]

    def set_default_headers(self) -> None:
        """Keep the page out of caches, frames and other sites' hands."""
        self.set_header("Content-Security-Policy", SAFE)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")

    def prepare(self) -> Any:
        """Refuse what is too large."""
        size = len(self.request.body)
        if size > LARGEST:
            raise refuse(
                413,
                say("Expected at most {most} bytes, got {size}.", most=LARGEST, size=size),
            )

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer in words."""
        error = kwargs.get("exc_info", (None, None))[1]
        said = getattr(error, "words", None) or httputil.responses.get(status_code, "")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{said}\n")

    def ask_learner(self) -> None:
        """Refuse who sends no record of their own."""
        raise NotImplementedError

    def learner(self, content: object) -> str:
        """Name who sends this record, or refuse it."""
        raise NotImplementedError

    def leave(self) -> str | None:
        """Name the learner who goes; None for one who was not here."""
        raise NotImplementedError

    def is_instructor(self) -> bool:
        """Say who may see the page."""
        raise NotImplementedError

    def stranger(self) -> None:
        """Answer somebody else who asks for the page."""
        raise NotImplementedError

    def take(self, name: str, content: object) -> None:
        """Keep a record, or refuse it."""
        try:
            self.service.roster.take(name, content)
        except BadRecord as error:
            raise refuse(400, str(error)) from error

    def content(self, body: bytes) -> object:
        """Read JSON, or refuse it."""
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise refuse(400, say("Expected JSON: {error}", error=error)) from error

    def ask_instructor(self) -> None:
        """Refuse everybody else."""
        if not self.is_instructor():
            raise refuse(403, say("This is for those who give the course."))


class Record(Handler):
    """A learner's record: written, and deleted, by that learner only."""

    def put(self) -> None:  # ty: ignore
        """Take it; answer which lessons are held back, and whether a hand is still up."""
        self.ask_learner()
        content = self.content(self.request.body)
        name = self.learner(content)
        self.take(name, content)
        roster = self.service.roster
        hand = roster.learners[name].hand is not None
        self.write({"held": sorted(roster.held), "hand": hand})

    def delete(self) -> None:  # ty: ignore
        """Forget all of it."""
        if (name := self.leave()) is not None:
            self.service.roster.drop(name)
        self.write({})


class Page(Handler):
    """The page for the instructor."""

    def get(self) -> None:  # ty: ignore
        """Show it; send strangers where they can say who they are."""
        if not self.is_instructor():
            self.stranger()
            return
        service, problems = self.service, {}
        if service.folder:
            problems = read_into(service.roster, service.folder)
        known = {lesson.key for lesson in service.lessons}
        lesson, sort = self.get_argument("lesson", ""), self.get_argument("sort", "need")
        view = page.View(
            service.lessons,
            lesson if lesson in known else None,
            sort if sort in ("need", "name", "passed") else "need",
            minutes=service.minutes,
            xsrf=self.xsrf_form_html(),
            problems=problems,
            can_hold=service.folder is None,
        )
        self.finish(page.document(service.roster, view))

    def post(self, action: str) -> None:  # ty: ignore
        """Hold or open a lesson's verdicts, or take a hand down; then show the page again."""
        self.check_xsrf_cookie()
        self.ask_instructor()
        roster = self.service.roster
        if action == "answer":
            roster.answer(self.get_argument("name"))
        elif (key := self.get_argument("key")) in {each.key for each in self.service.lessons}:
            roster.hold(key, held=bool(self.get_argument("held", "")))
        view = page.View(
            (), self.get_argument("lesson", "") or None, self.get_argument("sort", "need")
        )
        self.redirect("." + view.link().replace("&amp;", "&"), status=303)


class Beside(Handler):
    """The style and the script of the page, which tell nobody anything."""

    def prepare(self) -> None:
        """Ask nobody who they are."""

    def get(self, name: str) -> None:  # ty: ignore
        """Send the file."""
        self.set_header("Content-Type", "text/css" if name == "css" else "text/javascript")
        self.finish((HERE / f"page.{name}").read_bytes())


def application(
    service: Service, who: type, prefix: str = "/", more: Sequence = (), **settings: Any
) -> web.Application:
    """Put the service together.

    Args:
        service: what all requests share.
        who: a class that says who sends a request: `learner`, `leave`, `is_instructor`, `stranger`.
        prefix: of all addresses, with slashes at both ends.
        more: further handlers, as tornado takes them.
        **settings: of the application.

    Returns:
        The application, which listens nowhere yet.
    """

    def known(handler: type) -> Any:
        return type(handler.__name__, (who, handler), {})

    return web.Application(
        [
            (f"{prefix}record", known(Record)),
            (f"{prefix}(hold|answer)", known(Page)),
            (f"{prefix}page.(css|js)", Beside),
            (prefix, known(Page)),
            (prefix[:-1] or "/_", web.RedirectHandler, {"url": prefix, "permanent": False}),
            *more,
        ],
        service=service,
        log_function=lambda handler: None,
        **settings,
    )


def refuse(status: int, words: str) -> web.HTTPError:
    """Make the error that answers a request with words.

    Args:
        status: of HTTP.
        words: what is wrong.

    Returns:
        What the handler raises.
    """
    error = web.HTTPError(status)
    vars(error)["words"] = words
    return error


def listen(app: web.Application, host: str, port: int, ready: Callable[[int], None]) -> None:
    """Serve until the process is interrupted or ended.

    Args:
        app: the application.
        host: the address to listen on.
        port: the port; 0 for any.
        ready: called with the port once it listens.

    Raises:
        OSError: the port is in use, or the address is not this machine's.
    """
    import contextlib
    import socket

    from tornado.httpserver import HTTPServer

    async def main() -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=128)
        listener.setblocking(False)
        server = HTTPServer(app, max_body_size=BUFFER, max_buffer_size=BUFFER)
        server.add_socket(listener)
        ready(listener.getsockname()[1])
        await asyncio.Event().wait()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())


def address_in_the_room() -> str:
    """Give the address under which others in the network reach this machine.

    Returns:
        Such as `"192.0.2.7"`; the loopback's where there is no network. Nothing is sent for it.

    Example:
        >>> address_in_the_room().count(".")
        3
    """
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # only chooses the way out
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"
