"""Kernels of a class, forked from one process that has imported TensorFlow already.

Each kernel of a hub would import TensorFlow for itself: two seconds of a processor and 0.3 GB, for
thirty learners at the same moment. A process that is forked has the imports, and shares their
memory until it writes to it. `python -m workshop.hub.forkserver SOCKET` is that process, a service
of the hub; `workshop.hub.forked` asks it for a kernel. All of them belong to one user of the
machine, so the socket lets a learner do nothing that a kernel doesn't. Linux only: macOS' own
libraries don't survive a fork.
"""

import contextlib
import gc
import io
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

from workshop.messages import say

LIMITS = ("RLIMIT_DATA", "RLIMIT_AS", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CPU")
PATIENCE = 5  # seconds for the whole of a request
STREAMS = 3  # standard input, output and error


def main(address: str) -> None:
    """Fork kernels until SIGTERM. In each fork it returns when the kernel has ended.

    Args:
        address: path of a Unix socket; its folder is for the user only.
    """
    import_all()
    asked = serve(Path(address))
    if asked:
        become_a_kernel(*asked)


def import_all() -> None:
    """Import what lessons import, and draw a figure, so that the fonts have been looked for."""
    from workshop.jupyter.kernel import before_tensorflow

    if Path(sys.path[0]) == Path.cwd():  # a kernel has its own folder there
        del sys.path[0]
    before_tensorflow()
    import ipykernel.kernelapp  # noqa: F401
    import keras  # noqa: F401
    import matplotlib_inline.backend_inline  # noqa: F401
    import tensorflow  # noqa: F401
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from workshop import checks, data, plots, widgets  # noqa: F401

    figure = Figure()
    figure.gca().set_title(r"$x_1$")
    FigureCanvasAgg(figure).print_png(io.BytesIO())
    gc.collect()
    gc.freeze()  # a look for garbage would write to each page


def serve(address: Path) -> tuple[dict[str, Any], list[int], socket.socket] | None:
    """Fork for each request.

    Args:
        address: path of the socket.

    Returns:
        In a fork: the request, the descriptors of its streams, and the connection, which is open
        as long as both processes live. In the server, at its end: None.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries them
    signal.signal(signal.SIGTERM, _end)
    address.unlink(missing_ok=True)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(address))
            address.chmod(0o600)
            listener.listen(64)
            for asked in _requests(listener):
                if os.fork() == 0:
                    return asked
                _close(asked)
    except KeyboardInterrupt:
        pass
    address.unlink(missing_ok=True)
    return None


def become_a_kernel(asked: dict[str, Any], streams: list[int], connection: socket.socket) -> None:
    """Be for the rest of this process what `python -m ipykernel_launcher` is.

    Args:
        asked: "arguments" of it, "folder", "environment" and "limits" of who asked.
        streams: descriptors of who asked.
        connection: to who asked; the kernel ends with it.
    """
    os.setsid()  # an interrupt reaches what a lesson started, and nobody else
    for name in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(name, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream, fd in enumerate(streams):
        os.dup2(fd, stream)
        os.close(fd)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    for name, limits in asked["limits"].items():
        resource.setrlimit(getattr(resource, name), limits)
    Thread(target=_end_with, args=(connection,), daemon=True).start()
    import numpy as np
    from ipykernel import kernelapp

    class ForkedKernelApp(kernelapp.IPKernelApp):
        def init_poller(self) -> None:
            """Watch no parent: it is the forkserver. The connection tells when to end."""

    np.random.seed()  # else all learners draw the same numbers; Python does that for its own
    app = ForkedKernelApp.instance()
    app.initialize(asked["arguments"])
    if shell := app.shell:
        shell.events.register("post_run_cell", _tell_of_another_backend)
    connection.sendall(f"{os.getpid()}\n".encode())
    app.start()


def _requests(
    listener: socket.socket,
) -> Iterator[tuple[dict[str, Any], list[int], socket.socket]]:
    """Read one after the other; what is no request is closed."""
    while True:
        connection, _ = listener.accept()
        connection.settimeout(PATIENCE)
        streams: list[int] = []
        try:
            text, streams, *_ = socket.recv_fds(connection, 1 << 16, STREAMS)
            while text and not text.endswith(b"\n"):
                more = connection.recv(1 << 16)
                text = text + more if more else b""
            asked = json.loads(text)
        except (OSError, ValueError):
            _close(({}, streams, connection))
            continue
        connection.settimeout(None)
        yield asked, streams, connection


def _close(asked: tuple[dict[str, Any], list[int], socket.socket]) -> None:
    for fd in asked[1]:
        os.close(fd)
    asked[2].close()


def _end(*_) -> None:
    raise KeyboardInterrupt


def _end_with(connection: socket.socket) -> None:
    """Wait until who asked has ended, and end everything that this kernel started."""
    with contextlib.suppress(OSError):
        connection.recv(1)
    os.killpg(os.getpgid(0), signal.SIGKILL)


def _tell_of_another_backend(*_) -> None:
    """Keras reads its backend once, before the first cell; a cell that sets it comes too late."""
    keras = sys.modules["keras"]
    wanted, there = os.environ.get("KERAS_BACKEND"), keras.config.backend()
    if wanted and wanted != there:
        os.environ["KERAS_BACKEND"] = there
        print(
            say(
                "On this hub Keras is imported before your first cell, and stays on {there}. Run "
                "code for {wanted} as a script of its own, with KERAS_BACKEND={wanted}.",
                **{"there": there, "wanted": wanted},
            ),
            file=sys.stderr,
        )


if __name__ == "__main__":
    main(sys.argv[1])
