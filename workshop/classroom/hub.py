"""A class on a JupyterHub: the hub says whose token it is, and who is an instructor."""

import os
import secrets
from typing import Any
from urllib.parse import urlsplit

from tornado import web

from workshop.classroom.server import Service, application, refuse
from workshop.messages import say

READ = "custom:class:read"  # the scope of the hub's role for instructors


def is_here() -> bool:
    """Say whether a hub started this process as its service."""
    return bool(os.environ.get("JUPYTERHUB_SERVICE_URL"))


def place() -> tuple[str, int]:
    """Give the address and port that the hub wants the service at."""
    url = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    return url.hostname or "127.0.0.1", url.port or 80


def hub(service: Service) -> web.Application:
    """Make the application for a hub's service.

    Args:
        service: what all requests share.

    Returns:
        The application.

    Raises:
        ImportError: JupyterHub is not installed beside the course: the extra `hub`.
    """
    from jupyterhub.services.auth import HubOAuthCallbackHandler

    prefix = os.environ["JUPYTERHUB_SERVICE_PREFIX"]
    return application(
        service,
        _identity(),
        prefix,
        [(f"{prefix}oauth_callback", HubOAuthCallbackHandler)],
        cookie_secret=secrets.token_bytes(32),
    )


def _identity() -> type:
    """Give the class that asks the hub; it needs JupyterHub."""
    from jupyterhub.services.auth import HubOAuthenticated

    class OnAHub(HubOAuthenticated):
        async def prepare(self: Any) -> None:
            super().prepare()
            # Asks the hub without stopping others; current_user then knows the answer.
            await self.hub_auth.get_user(self, sync=False)

        def is_instructor(self: Any) -> bool:
            user = self.current_user
            return bool(user and self.hub_auth.check_scopes({READ}, user))

        def learner(self: Any, content: object = None) -> str:
            user = self.current_user
            if not user or user.get("kind") != "user":
                raise refuse(403, say("The hub doesn't know whose token this is."))
            return user["name"]

        def ask_learner(self: Any) -> None:
            self.learner()

        def leave(self: Any) -> str:
            return self.learner()

        def stranger(self: Any) -> None:
            if self.current_user:
                raise refuse(
                    403,
                    say(
                        "This page is for those who give the course. If you do, ask for the role "
                        "instructor in the hub's configuration."
                    ),
                )
            self.redirect(self.get_login_url())  # 403 for those who may not use the service

    return OnAHub
