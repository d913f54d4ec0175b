"""A class without a hub: the instructor has a key, and a learner's name is whose it was first."""

import hashlib
import hmac
import html
import secrets
from typing import Any

from tornado import web

from workshop.classroom import page
from workshop.classroom.server import Handler, Service, application, refuse
from workshop.messages import say

LETTERS = 40  # of a name


class Guests:
    """Whose name is whose: the first who gives it keeps it, until they leave."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name_of(self, secret: str) -> str | None:
        """Give the name that goes with a secret."""
        return self._names.get(_digest(secret))

    def enter(self, secret: str, name: str) -> str | None:
        """Let a learner in under a name.

        Args:
            secret: that the learner keeps.
            name: that the instructor is to see.

        Returns:
            The name that this learner had before, if it was another one.

        Raises:
            HTTPError: it is no name, or somebody else has it.
        """
        name = " ".join(name.split())
        if not 0 < len(name) <= LETTERS or not name.isprintable():
            fields = {"most": LETTERS, "count": len(name)}
            raise refuse(400, say("Expected a name of 1 to {most} letters, got {count}.", **fields))
        before = self.name_of(secret)
        if name.casefold() in {other.casefold() for other in self._names.values()} - {
            (before or "").casefold()
        }:
            raise refuse(
                409,
                say("Somebody in this class is {name} already: add a letter to yours.", name=name),
            )
        self._names[_digest(secret)] = name
        return before if before != name else None

    def leave(self, secret: str) -> str | None:
        """Let the name go."""
        return self._names.pop(_digest(secret), None)


class InARoom:
    """Who sends a request, where no hub says so."""

    settings: Any
    request: Any

    def _secret(self) -> str:
        kind, _, secret = self.request.headers.get("Authorization", "").partition(" ")
        if kind != "token" or not 20 <= len(secret) <= 200:
            raise refuse(403, say("A record needs a secret: type workshop class join."))
        return secret

    def ask_learner(self) -> None:
        """Refuse who brings no secret."""
        self._secret()

    def learner(self: Any, content: object) -> str:
        """Name the learner, whose secret goes with the name that the record gives."""
        name = content.get("name", "") if isinstance(content, dict) else ""
        return self.enter(self._secret(), str(name))

    def enter(self: Any, secret: str, name: str) -> str:
        """Let a learner in, and forget the name from before."""
        if self.service.folder:
            raise refuse(404, say("This class reads a folder."))
        guests = self.settings["guests"]
        if before := guests.enter(secret, name):
            self.service.roster.drop(before)
        return guests.name_of(secret)

    def leave(self) -> str | None:
        """Name the learner who goes."""
        return self.settings["guests"].leave(self._secret())

    def is_instructor(self: Any) -> bool:
        """Say whether the browser has the key."""
        came = self.get_cookie(_cookie(self), "")
        return hmac.compare_digest(_digest(came), _digest(self.settings["key"]))

    def stranger(self: Any) -> None:
        """Take the key from the address, or show a learner how to join."""
        key = self.get_argument("key", "")
        if hmac.compare_digest(_digest(key), _digest(self.settings["key"])):
            self.set_cookie(_cookie(self), key, httponly=True, samesite="Strict")
            self.redirect("./")
        elif key or self.service.folder:
            raise refuse(
                403, say("Open the page with the whole address that workshop class serve printed.")
            )
        else:
            self.finish(_door(self))


class Upload(InARoom, Handler):
    """A learner's progress.json, sent from a browser."""

    def post(self) -> None:  # ty: ignore
        """Take it under the name that is typed; the browser keeps the secret."""
        self.check_xsrf_cookie()
        files = self.request.files.get("record")
        if not files:
            raise refuse(400, say("Choose the file .workshop/progress.json of your course."))
        content = self.content(files[0]["body"])
        cookie = f"class-learner-{self.settings['port']}"
        secret = self.get_cookie(cookie, "") or secrets.token_urlsafe(24)
        name = self.enter(secret, self.get_argument("name", ""))
        self.take(name, content)
        self.set_cookie(cookie, secret, httponly=True, samesite="Strict")
        said = say("{name}, your instructor sees your record now.", name=name)
        back = say("Send it again later, or a newer one")
        self.finish(
            page.frame(say("Sent"), f'<h1>{html.escape(said)}</h1><p><a href="./">{back}</a></p>')
        )


def room(service: Service, key: str) -> web.Application:
    """Make the application for a room without a hub.

    Args:
        service: what all requests share.
        key: opens the page.

    Returns:
        The application; its setting `port` is set by who lets it listen.
    """
    return application(
        service, InARoom, more=[("/upload", Upload)], key=key, guests=Guests(), port=0
    )


def _cookie(handler: Any) -> str:
    # A browser sends its cookies to every port of a machine.
    return f"class-key-{handler.settings['port']}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _door(handler: Any) -> str:
    """Write the page for a learner."""
    address = f"{handler.request.protocol}://{handler.request.host}"
    steps = say("In a terminal, in the course's folder: workshop class join {url}", url=address)
    sees = say(
        "Your instructor sees which exercises you tried and passed, when, and how many checks it "
        "took. Nothing is kept after the class."
    )
    body = (
        f"<h1>{say('Join the class')}</h1><p>{html.escape(steps)}</p>"
        f"<h2>{say('Or send your record once')}</h2><p>{sees}</p>"
        f'<form method="post" action="upload" enctype="multipart/form-data">'
        f"{handler.xsrf_form_html()}"
        f'<label>{say("Your name")} <input name="name" required maxlength="{LETTERS}" '
        f'autocomplete="name"></label>'
        f"<label>{say('The file .workshop/progress.json of your course')} "
        f'<input type="file" name="record" accept=".json,application/json" required></label>'
        f"<button>{say('Send')}</button></form>"
    )
    return page.frame(say("Join the class"), body)
