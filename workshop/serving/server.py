"""The model server beside the notebook: started, asked how it is, ended."""

import contextlib
import os
import re
import shutil
import socket
import sys
import tempfile
import weakref
from importlib.util import find_spec
from pathlib import Path

import psutil

from workshop.cluster import RunningScript, ScriptError, start_script
from workshop.messages import say

HOST = "127.0.0.1"
START_S, GRACE_S = 120.0, 30.0
NEEDS = ("fastapi", "httptools", "orjson", "uvicorn")
PROGRAM = "from workshop.serving.__main__ import app\n\napp()\n"


class ServingError(RuntimeError):
    """The model server can't start; the text says what to do."""


def serve(  # noqa: PLR0913 - what a server can be told
    folder: str | os.PathLike,
    *,
    name: str = "",
    port: int = 0,
    batching: bool = True,
    max_batch_size: int = 32,
    wait_ms: float = 0,
    max_body_mb: float = 8,
    silence_s: float = 30,
) -> "ModelServer":
    """Serve a model in a process of its own, and return when the server answers.

    It speaks TensorFlow Serving's REST API, on this machine only, and looks at the folder each
    second: the newest version that is complete is served, and the one before goes when it is there.

    Args:
        folder: holds the versions 1/, 2/, ... of one model, each written by `model.export`.
        name: the model's name in the URL; without it the folder's.
        port: where to listen; 0 takes a free port.
        batching: compute together what waits; False computes each request alone.
        max_batch_size: rows that one batch may have.
        wait_ms: milliseconds that an idle server waits for more requests.
        max_body_mb: megabytes; a longer request is refused with 413.
        silence_s: seconds in which a request has to come, or it is refused with 408.

    Returns:
        The server. It ends with its `with` block, with `stop`, and with this kernel.

    Raises:
        ServingError: packages are missing, the port is taken, or it ended before it answered.
        FileNotFoundError: there is no such folder.
    """
    folder = Path(folder).resolve()
    name = name or folder.name
    check(folder, name)
    listen(port).close()
    options = {"name": name, "port": port, "max-batch-size": max_batch_size, "wait-ms": wait_ms}
    options |= {"max-body-mb": max_body_mb, "silence-s": silence_s}
    told = [f"--{option}={value}" for option, value in options.items()]
    told.append("--batching" if batching else "--no-batching")
    script = Path(tempfile.mkdtemp(prefix="serving-")) / "server.py"
    script.write_text(PROGRAM, encoding="utf-8")
    running = ModelServer(start_script(script, folder, *told))
    try:
        running.url = running.wait_for("http://", START_S).split()[-1]
    except ScriptError as error:
        running.kill()
        raise ServingError(str(error)) from None
    except BaseException:
        running.kill()
        raise
    return running


class ModelServer:
    """A model server that runs; `serve` starts it, and `with` ends it."""

    url = ""  # of the model

    def __init__(self, script: RunningScript):
        """Keep the process; what it prints goes with this object."""
        self._script = script
        weakref.finalize(self, shutil.rmtree, script.log.parent, ignore_errors=True)

    def __repr__(self) -> str:
        """Say where it is, or how it ended."""
        code = self.returncode
        state = {None: "running", 0: "stopped"}.get(code, f"ended with {code}")
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
        """None while it runs, 0 after `stop`, -9 after `kill` (not on Windows)."""
        return self._script.returncode

    @property
    def output(self) -> str:
        """All that it has printed so far: which version was served since when."""
        return self._script.output

    def wait_for(self, text: str, timeout: float) -> str:
        """Wait until it has printed a text, such as "Version 2: AVAILABLE"; give the line."""
        return self._script.wait_for(text, timeout)

    def last_lines(self) -> str:
        """Give the last lines that it has printed."""
        return self._script.last_lines()

    def stop(self) -> None:
        """Ask it to end: requests that are in flight are answered. Kill it after half a minute."""
        if self.returncode is None:
            with contextlib.suppress(psutil.NoSuchProcess, ScriptError):
                psutil.Process(self.pid).terminate()
                self._script.wait(GRACE_S)
        self._script.stop()

    def kill(self) -> None:
        """Kill it at once, as a power cut would."""
        self._script.kill()


def check(folder: Path, name: str) -> None:
    """Raise where the server can't start, with what to do."""
    if missing := [one for one in NEEDS if not find_spec(one)]:
        raise ServingError(
            say(
                "The model server needs {names}. Bring them: python3 start.py --with serving",
                names=", ".join(missing),
            )
        )
    if not folder.is_dir():
        raise FileNotFoundError(say("There is no folder {folder}.", folder=folder.absolute()))
    if (folder / "saved_model.pb").exists():
        raise ServingError(
            say("{folder} is one version; name the folder that holds it.", folder=folder)
        )
    if not re.fullmatch("[^/:?#%]+", name):
        raise ServingError(say("The name {name!r} can't stand in a URL.", name=name))


def listen(port: int) -> socket.socket:
    """Listen on a port of this machine.

    Args:
        port: its number; 0 takes a free one.

    Returns:
        The socket, at which nobody outside this machine arrives.

    Raises:
        ServingError: another program listens there.

    Example:
        >>> with listen(0) as waiting:
        ...     waiting.getsockname()[0]
        '127.0.0.1'
    """
    waiting = socket.socket()
    if sys.platform != "win32":  # there it would let two programs have one port
        waiting.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        waiting.bind((HOST, port))
        waiting.listen(1024)
    except (OSError, OverflowError) as error:
        waiting.close()
        raise ServingError(
            say(
                "Port {port} can't be used: {why}. Stop the program that has it, or take another "
                "port; 0 finds a free one.",
                port=port,
                why=error.strerror if isinstance(error, OSError) else str(error).rstrip("."),
            )
        ) from None
    return waiting
