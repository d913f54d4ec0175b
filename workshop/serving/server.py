"""The model server beside the notebook: started, asked how it is, ended."""

import contextlib
import os
import socket
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psutil

from workshop.cluster import RunningScript, ScriptError, start_script
from workshop.messages import say

HOST = "127.0.0.1"
NEEDED = ("fastapi", "uvicorn", "orjson", "httptools")
PROGRAM = "from workshop.serving.__main__ import app\n\napp()\n"


class ServingError(RuntimeError):
    """The server can't start, or what it needs is not there."""


def serve(
    folder: str | os.PathLike,
    *,
    name: str | None = None,
    port: int = 0,
    batching: bool = True,
    max_batch_size: int = 32,
    wait_ms: float = 0,
    max_body_mb: float = 8,
    timeout: float = 120,
) -> "ModelServer":
    """Start the model server in a process of its own, and return when it answers.

    Args:
        folder: holds the versions 1/, 2/, ..., each as `model.export` writes it.
        name: of the model, as it stands in the URL; the folder's without it.
        port: where it listens on this machine; 0 takes a free one.
        batching: compute requests that wait together.
        max_batch_size: rows of one batch.
        wait_ms: milliseconds that an idle worker waits for more requests.
        max_body_mb: a longer body is refused.
        timeout: seconds that it may take to start.

    Returns:
        The server; it ends with the `with` block, with `stop`, and with this kernel.

    Raises:
        ServingError: the extra is not installed, the port is taken, or it did not start.
        FileNotFoundError: there is no such folder.
    """
    if missing := [one for one in NEEDED if find_spec(one) is None]:
        raise ServingError(
            say(
                "{names} not installed. Bring them: python3 start.py --with serving",
                names=", ".join(missing),
            )
        )
    folder = Path(folder).resolve()
    if not folder.is_dir():
        raise FileNotFoundError(say("There is no folder {folder}.", folder=folder))
    listen(port).close()
    options = {"name": name or folder.name, "port": port, "max-batch-size": max_batch_size}
    options |= {"wait-ms": wait_ms, "max-body-mb": max_body_mb}
    told = [text for key, value in options.items() for text in (f"--{key}", value)]
    place = tempfile.TemporaryDirectory(prefix="serving-", ignore_cleanup_errors=True)
    script = Path(place.name) / "server.py"
    script.write_text(PROGRAM, encoding="utf-8")
    running = start_script(script, folder, *told, "--batching" if batching else "--no-batching")
    try:
        line = running.wait_for("http://", timeout)
    except BaseException:
        running.kill()
        raise
    return ModelServer(line.split()[-1], running, place)


class ModelServer:
    """A model server that runs; `serve` starts it, and `with` ends it."""

    def __init__(self, url: str, script: RunningScript, place: tempfile.TemporaryDirectory):
        """Keep the process, and the folder of what it prints."""
        self.url, self._script, self._place = url, script, place

    def __repr__(self) -> str:
        """Say where it is, or how it ended."""
        ended = self.returncode
        state = "running" if ended is None else f"ended with {ended}"
        return f"<model server {self.url}, process {self.pid}, {state}>"

    def __enter__(self) -> "ModelServer":
        """Return the server."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stop()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._script.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs, 0 after `stop`, else how it ended."""
        return self._script.returncode

    @property
    def output(self) -> str:
        """All that it has printed so far."""
        return self._script.output

    def last_lines(self) -> str:
        """Give the last lines that it has printed."""
        return self._script.last_lines()

    def stop(self, grace: float = 30) -> None:
        """Ask it to end: what is in flight is answered; after `grace` seconds it is killed."""
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(self.pid).terminate()
        with contextlib.suppress(ScriptError):
            self._script.wait(grace)
        self._script.stop()

    def kill(self) -> None:
        """Kill it at once, as a power cut would."""
        self._script.kill()


def listen(port: int) -> socket.socket:
    """Listen on a port of this machine; ServingError says that it is taken."""
    waiting = socket.socket()
    if sys.platform != "win32":  # there it would let two programs have one port
        waiting.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        waiting.bind((HOST, port))
        waiting.listen(512)
    except OSError as error:
        waiting.close()
        raise ServingError(
            say(
                "Port {port} can't be used ({reason}). Stop what listens there, or take another "
                "port; 0 finds a free one.",
                port=port,
                reason=error.strerror,
            )
        ) from None
    return waiting
