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


def serve(folder: str | os.PathLike, *, name: str = "", port: int = 0, **options) -> "ModelServer":
    """Serve a model in a process of its own, and return when the server answers.

    It speaks TensorFlow Serving's REST API, on this machine only, and looks at the folder each
    second: the newest version that is complete is served, and the one before goes when it is there.

    Args:
        folder: holds the versions 1/, 2/, ... of one model, each written by `model.export`.
        name: the model's name in the URL; without it the folder's.
        port: where to listen; 0 takes a free port.
        **options: `batching` (True), `max_batch_size` (32 rows), `wait_ms` (0: how long an idle
            server waits for more requests), `max_body_mb` (8), `silence_s` (30, for a request to
            come), as `python -m workshop.serving --help` lists them.

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
    told = ["--name", name, "--port", port]
    for key, value in options.items():
        option = key.replace("_", "-")
        switch = {True: [f"--{option}"], False: [f"--no-{option}"]}
        told += switch[value] if isinstance(value, bool) else [f"--{option}", value]
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

    Raises:
        ServingError: another program listens there.
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
                why=error.strerror if isinstance(error, OSError) else error,
            )
        ) from None
    return waiting
