"""A service in a thread of its own, and a learner's request."""

import asyncio
import json
import threading
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest

from workshop.classroom import room
from workshop.classroom.lessons import Lesson
from workshop.classroom.server import Service

LESSONS = [
    Lesson("2", "02", "Softmax", ("2-1", "2-2")),
    Lesson("3", "03", "An MLP & more", ("3-1",)),
]
KEY = "the-key-of-the-instructor"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Shows a redirect instead of following it."""

    def redirect_request(self, *arguments):
        return None


def _ask(method, url, content=None, headers=None):
    """Send a request; give the status, the text and the headers of the answer."""
    data = (
        content if content is None or isinstance(content, bytes) else json.dumps(content).encode()
    )
    request = urllib.request.Request(url, data, headers or {}, method=method)
    opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as reply:
            return reply.status, reply.read().decode(), reply.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.headers


@pytest.fixture
def ask():
    """Give the function that sends a request."""
    return _ask


@pytest.fixture
def serve():
    """Give a function that lets an application listen; all end with the test."""
    ends = []

    def serve(application):
        ready, port = threading.Event(), SimpleNamespace()

        async def main():
            port.end, port.loop = asyncio.Event(), asyncio.get_running_loop()
            server = application.listen(0, "127.0.0.1", max_body_size=4_000_000)
            (socket,) = server._sockets.values()
            port.number = socket.getsockname()[1]
            ready.set()
            await port.end.wait()
            server.stop()
            await server.close_all_connections()

        thread = threading.Thread(target=lambda: asyncio.run(main()))
        thread.start()
        assert ready.wait(30)
        ends.append((thread, port))
        return port.number

    yield serve
    for thread, port in ends:
        port.loop.call_soon_threadsafe(port.end.set)
        thread.join(30)


@pytest.fixture
def classroom(serve):
    """A class in a room: its address and what it knows."""
    service = Service(LESSONS)
    application = room.room(service, KEY)
    port = serve(application)
    application.settings["port"] = port
    return SimpleNamespace(
        url=f"http://127.0.0.1:{port}",
        service=service,
        roster=service.roster,
        instructor={"Cookie": f"class-key-{port}={KEY}"},
        port=port,
    )
