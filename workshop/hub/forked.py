"""Stands in a kernel's place where `workshop.hub.forkserver` forks the kernel itself.

Jupyter's server starts `python -m workshop.hub.forked -f FILE` as it starts any kernel. This little
process passes its own surroundings on, hands signals down, and ends when the kernel does; and the
kernel ends when this process does. Where no forkserver answers, it becomes an ordinary kernel.
"""

import contextlib
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path

from workshop.hub.forkserver import LIMITS, STREAMS

VARIABLE = "WORKSHOP_FORKSERVER"
START = 30  # seconds for a kernel to start on a machine that thirty use
LOOK = 1.0  # seconds between looks whether Jupyter's server is still there
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1)


def main(arguments: list[str]) -> None:
    """Be the kernel, as far as who started it can see.

    Args:
        arguments: of `ipykernel_launcher`.
    """
    with contextlib.suppress(OSError, ValueError), socket.socket(socket.AF_UNIX) as connection:
        pid = ask(connection, os.environ.get(VARIABLE, ""), arguments)
        for name in SIGNALS:
            signal.signal(name, lambda number, _: os.killpg(pid, number))
        stand_in(connection)
        return
    os.execv(sys.executable, [sys.executable, "-m", "ipykernel_launcher", *arguments])


def ask(connection: socket.socket, address: str, arguments: list[str]) -> int:
    """Ask for a kernel.

    Args:
        connection: a Unix socket.
        address: its path.
        arguments: of `ipykernel_launcher`.

    Returns:
        The id of the kernel's process.

    Raises:
        OSError: nobody answers there.
        ValueError: the kernel did not start.
    """
    connection.settimeout(START)
    connection.connect(address)
    asked = {
        "arguments": arguments,
        "folder": str(Path.cwd()),
        "environment": dict(os.environ),
        "limits": {name: resource.getrlimit(getattr(resource, name)) for name in LIMITS},
    }
    text = json.dumps(asked).encode() + b"\n"
    sent = socket.send_fds(connection, [text], list(range(STREAMS)))
    connection.sendall(text[sent:])
    return int(connection.recv(32))


def stand_in(connection: socket.socket) -> None:
    """Wait for the end of the kernel, or of the process that started this one.

    Args:
        connection: to the kernel.
    """
    parent = os.getppid()
    connection.settimeout(LOOK)
    while os.getppid() == parent:
        try:
            if not connection.recv(32):
                return
        except TimeoutError:
            continue


if __name__ == "__main__":
    main(sys.argv[1:])
