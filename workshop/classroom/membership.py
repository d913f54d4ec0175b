"""The learner's side of a class: joined or not, what is sent, and the raised hand."""

import contextlib
import datetime
import json
import os
import secrets
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

from workshop.course import files, progress
from workshop.messages import say

TIMEOUT_S = 2
SILENCE_S = 60  # after a service that did not answer, a check does not wait for it this long
LETTERS = 200  # of a question

_service = SimpleNamespace(silent_until=0.0)


class ClassError(Exception):
    """A class that cannot be reached, or refuses what was sent."""


@dataclass(frozen=True)
class Membership:
    """A class that the learner joined.

    Args:
        url: where its service is; empty on a hub, which names it itself.
        name: as the learner gave it; empty on a hub, which knows the login.
        secret: tells the service that it is the same learner; empty on a hub.
        question: what the learner raised a hand for; None where the hand is down.
        asked: when, ISO 8601, local.
    """

    url: str = ""
    name: str = ""
    secret: str = ""
    question: str | None = None
    asked: str = ""

    @property
    def address(self) -> str:
        """Where its service is."""
        return self.url or on_a_hub() or ""


def on_a_hub() -> str | None:
    """Name the class of the hub that this server belongs to; None where there is none."""
    url = os.environ.get("WORKSHOP_CLASS", "").strip().rstrip("/")
    return url if url and os.environ.get("JUPYTERHUB_API_TOKEN") else None


def load() -> Membership | None:
    """Read which class the learner joined; None where none, or the file is damaged."""
    for place in _places():
        with contextlib.suppress(OSError, ValueError, TypeError):
            return Membership(**json.loads(place.read_bytes()))
    return None


def new(url: str | None = None, name: str | None = None) -> Membership:
    """Prepare to join a class; nothing is sent or written yet.

    Args:
        url: of the class, as the instructor named it; left out on a hub.
        name: what the instructor is to see; not needed on a hub, which knows the login.

    Returns:
        What `save` keeps and `send` sends.

    Raises:
        ClassError: there is no class to join, or what was given is no address or no name.

    Example:
        >>> new("http://192.0.2.7:8900/", "Ada").address
        'http://192.0.2.7:8900'
    """
    if not progress.places():
        raise ClassError(
            say("Nothing is recorded here: WORKSHOP_PROGRESS names the null device. Unset it.")
        )
    url = (url or "").strip().rstrip("/")
    if on_a_hub() and url in ("", on_a_hub()):
        return Membership()
    if not (url := url or os.environ.get("WORKSHOP_CLASS", "").strip().rstrip("/")):
        raise ClassError(
            say(
                "Which class? Give the address that your instructor named: workshop class join "
                "http://192.0.2.7:8900"
            )
        )
    with contextlib.suppress(ValueError):  # of a port that is none
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            name = " ".join((name or "").split())
            if not 0 < len(name) <= 40:
                raise ClassError(
                    say("Expected a name of 1 to 40 letters, got {count}.", count=len(name))
                )
            return Membership(url, name, secrets.token_urlsafe(24))
    raise ClassError(say("Expected an address such as http://192.0.2.7:8900, got {url}", url=url))


def save(member: Membership) -> None:
    """Keep in which class the learner is; only the user may read the file, which has a secret.

    Raises:
        ClassError: the file cannot be written.
    """
    problem: object = None
    for place in _places():
        try:
            files.put(json.dumps(asdict(member), indent=1).encode(), place)
            place.chmod(0o600)
        except OSError as error:
            problem = problem or f"{place}: {error.strerror or error}"
        else:
            return
    raise ClassError(say("Your class was not saved: {problem}", problem=problem))


def forget() -> None:
    """Leave the class on this side: nothing is sent any more."""
    for place in _places():
        place.unlink(missing_ok=True)


def message(member: Membership) -> dict[str, object]:
    """Give all that is sent: status, times and tries of each exercise, and a question if asked.

    Returns:
        What becomes the JSON of the request; `now` tells the service how this clock is set.
    """
    now = datetime.datetime.now().isoformat(timespec="seconds")
    said: dict[str, object] = {"name": member.name} if member.name else {}
    said |= {"now": now, "exercises": progress.read()}
    if member.question is not None:
        said["hand"] = {"text": member.question, "time": member.asked}
    return said


def send(member: Membership) -> dict:
    """Send the record.

    Returns:
        What the service answers: `held`, the lessons whose verdicts wait, and `hand`, whether a
        hand is still up.

    Raises:
        ClassError: it cannot be reached, or refuses.
    """
    return _ask("PUT", member, message(member))


def delete(member: Membership) -> None:
    """Delete at the service what it knows of this learner.

    Raises:
        ClassError: it cannot be reached, or refuses.
    """
    _ask("DELETE", member)


def tell(exercise: str) -> bool:
    """Send the record after a check, if the learner has joined a class. Never an error.

    Args:
        exercise: the one that was checked, such as `"2-1"`.

    Returns:
        Whether the class holds back the verdicts of its lesson. False where nobody joined, and
        where the service does not answer in two seconds: then the learner sees the verdict.
    """
    member = load() if progress.is_kept() else None
    if member is None or not member.address:
        return False
    answer: dict = {}
    sending = threading.Thread(target=_send_quietly, args=(member, answer), daemon=True)
    sending.start()
    if time.monotonic() >= _service.silent_until:
        sending.join(TIMEOUT_S)
        if sending.is_alive():
            _service.silent_until = time.monotonic() + SILENCE_S
    return exercise.rpartition("-")[0] in answer.get("held", ())


def _send_quietly(member: Membership, answer: dict) -> None:
    try:
        came = send(member)
        if member.question is not None and not came.get("hand", True):
            lower(member)  # the instructor has been there
        answer.update(came)
        _service.silent_until = 0.0
    except Exception:  # noqa: BLE001 - must not stop a lesson
        _service.silent_until = time.monotonic() + SILENCE_S


def lower(member: Membership) -> Membership:
    """Take the hand down, on this side."""
    down = Membership(member.url, member.name, member.secret)
    save(down)
    return down


def _places() -> list[Path]:
    """Name the file beside each place of the record."""
    return [place.with_suffix(".class.json") for place in progress.places()]


def _ask(method: str, member: Membership, content: dict | None = None) -> dict:
    import http.client
    import urllib.error
    import urllib.request

    # The token of the hub goes to the service of that hub only.
    secret = member.secret or os.environ.get("JUPYTERHUB_API_TOKEN", "")
    request = urllib.request.Request(
        f"{member.address}/record",
        method=method,
        data=None if content is None else json.dumps(content).encode(),
        headers={"Authorization": f"token {secret}", "Content-Type": "application/json"},
    )
    # A class is in the room or on the same machine: no proxy.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT_S) as reply:
            came = json.loads(reply.read() or b"{}")
            return came if isinstance(came, dict) else {}
    except urllib.error.HTTPError as error:
        with error:
            said = error.read(2000).decode("utf-8", "replace").strip()
        fields = {"address": member.address, "status": error.code, "said": said}
        raise ClassError(say("{address} answered {status}: {said}", **fields)) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        fields = {"address": member.address, "reason": reason}
        raise ClassError(say("{address} can't be reached: {reason}", **fields)) from error
