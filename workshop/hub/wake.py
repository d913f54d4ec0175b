"""Learners' servers started before the learners come, through the hub's API."""

import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from workshop.hub.settings import HubError
from workshop.messages import say

NAME = r"[a-z][a-z0-9_-]{0,29}"  # as jupyterhub_config.py has it
PATIENCE = 330  # seconds; the hub itself gives up after 300


class Api:
    """The API of a hub.

    Args:
        url: of the hub, such as `http://127.0.0.1:8000`.
        token: of a service or a person who may start servers.
    """

    def __init__(self, url: str, token: str):
        """Reach it without a proxy where it is on this machine."""
        import requests

        self.url = url.rstrip("/").removesuffix("/hub")
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"token {token}"
        if re.match(r"https?://(127\.|localhost)", url):
            self.session.trust_env = False

    def call(self, method: str, path: str, *fine: int, **options):
        """Ask the hub for something.

        Args:
            method: of HTTP.
            path: below `/hub/api/`.
            *fine: statuses that are no error, beside those below 400.
            **options: for `requests`.

        Returns:
            The `requests.Response`.

        Raises:
            HubError: the hub can't be reached, or refuses; its words are in the text.
        """
        import requests

        try:
            answer = self.session.request(
                method, f"{self.url}/hub/api/{path}", timeout=60, **options
            )
        except requests.RequestException as error:
            raise HubError(
                say("No hub answers at {url} ({why}).", url=self.url, why=error)
            ) from None
        if answer.status_code < HTTPStatus.BAD_REQUEST or answer.status_code in fine:
            return answer
        try:
            words = answer.json()["message"]
        except (ValueError, KeyError, TypeError):
            words = answer.reason
        raise HubError(
            say(
                "The hub refused {method} {path}: {status}, {words}.",
                **{"method": method, "path": path, "status": answer.status_code, "words": words},
            )
        )

    def start(self, name: str) -> float:
        """Start the server of a learner, and wait until it answers.

        Args:
            name: of a learner whom the hub knows.

        Returns:
            Seconds that it took.

        Raises:
            HubError: it did not start.
        """
        begun = time.monotonic()
        # 400: it runs already.
        self.call("POST", f"users/{name}/server", HTTPStatus.BAD_REQUEST)
        while time.monotonic() - begun < PATIENCE:
            servers = self.call("GET", f"users/{name}?include_stopped_servers").json()["servers"]
            if servers.get("", {}).get("ready"):
                return time.monotonic() - begun
            if not servers.get("", {}).get("pending"):
                break
            time.sleep(0.5)
        raise HubError(say("The server of {name} did not start: see the hub's log.", name=name))


def wake(
    api: Api, names: Iterable[str], *, at_once: int = 4, told: Callable = lambda *_: None
) -> dict[str, float | HubError]:
    """Make learners known to a hub, and start their servers.

    Args:
        api: of the hub.
        names: of the learners, as they will type them.
        at_once: servers that start side by side; more of them only make each one slower.
        told: called with a name and its seconds, or its error, when it is done.

    Returns:
        By name: seconds from the request to the first answer, or why it did not start.

    Raises:
        HubError: a name won't do, or the hub can't be reached.
    """
    wanted = list(dict.fromkeys(name.strip().lower() for name in names))
    for name in wanted:
        if not re.fullmatch(NAME, name):
            raise HubError(
                say(
                    "{name!r} is no name for a learner: expected a letter from a to z, then up to "
                    "29 such letters, digits, - and _, such as ana2.",
                    name=name,
                )
            )
    # 409: the hub knows all of them.
    api.call("POST", "users", HTTPStatus.CONFLICT, json={"usernames": wanted})
    done: dict[str, float | HubError] = {}

    def one(name: str) -> None:
        try:
            done[name] = api.start(name)
        except HubError as error:
            done[name] = error
        told(name, done[name])

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, wanted))
    return done
