"""A network for the tasks of one cluster: they reach each other, and no one else can.

TensorFlow's servers listen at every address of the machine and ask for no password, whatever host
`TF_CONFIG` names: in a room's Wi-Fi they are open to the room. Linux has networks that only some
processes are on (network namespaces) and lets a user make one, with no way out and a loopback of
its own, if it lets users be root of a namespace of theirs. Containers, Ubuntu from 24.04 on and
some other systems forbid that; macOS and Windows have nothing like it.

This file is also a program, which needs nothing but Python: `network.py` makes a network, stays on
it, and hands out sockets there; `network.py PROCESS COMMAND...` runs a command on it.
"""

import contextlib
import ctypes
import os
import socket
import subprocess
import sys
from collections.abc import Generator

HOST = "127.0.0.1"
START_S = 10.0
USER, NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER and CLONE_NEWNET of Linux
SET_FLAGS, UP = 0x8914, 0x1  # SIOCSIFFLAGS and IFF_UP
ALONE = (sys.executable, "-I", "-S")  # starts in 20 ms, and no setting reaches in
TRY = f"""
import socket
with socket.create_server(("{HOST}", 0)) as one:
    socket.create_connection(one.getsockname(), 5).close()
"""


class OwnNetwork:
    """A network of their own for some processes; `own_network` makes it."""

    def __init__(self):
        """Start the process that makes it.

        Raises:
            OSError: the system does not allow it.
        """
        nothing = subprocess.DEVNULL
        self._line, theirs = socket.socketpair()
        self._line.settimeout(START_S)
        with theirs:  # the process ends when our end closes, in whatever way
            self._keeper = subprocess.Popen(
                [*ALONE, __file__],
                stdin=theirs.fileno(),
                stdout=nothing,
                stderr=nothing,
                start_new_session=True,
            )
        try:
            if not self._line.recv(1):
                raise PermissionError
            tried = self.command([*ALONE, "-c", TRY])
            subprocess.run(tried, check=True, timeout=START_S, stdin=nothing, stderr=nothing)
        except BaseException:
            self.close()
            raise

    def command(self, command: list[str]) -> list[str]:
        """Give the command that runs another one on this network, in the same process.

        Args:
            command: what to run, with its arguments.

        Returns:
            What to run in its place.
        """
        return [*ALONE, __file__, str(self._keeper.pid), *command]

    def socket(self) -> socket.socket:
        """Give a TCP socket on this network, for a process that is not on it itself.

        Returns:
            The socket; it is bound to nothing yet.
        """
        self._line.sendall(b".")
        _, [number], _, _ = socket.recv_fds(self._line, 1, 1)
        return socket.socket(fileno=number)

    def close(self) -> None:
        """End the process that keeps the network; it goes with the last process on it."""
        self._line.close()
        self._keeper.kill()
        self._keeper.wait()


@contextlib.contextmanager
def own_network() -> Generator[OwnNetwork | None, None, None]:
    """Make a network for the tasks of a cluster, cut off from all others.

    Yields:
        The network, for `start_script(..., network=...)`; None where the system has no such thing
        or does not allow it. It ends with the block.

    Example:
        >>> with own_network() as network:
        ...     pass
    """
    try:
        network = OwnNetwork() if sys.platform == "linux" else None
    except (OSError, subprocess.SubprocessError):
        network = None
    try:
        yield network
    finally:
        if network:
            network.close()


def _call(name: str, *arguments: int) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments):
        raise OSError(ctypes.get_errno(), name)


def _make() -> None:
    """Leave the machine's network for a new one, with nothing but a loopback."""
    import fcntl

    if os.geteuid() == 0:  # within a namespace root would lose its rights to the files of others
        _call("unshare", NETWORK)
    else:
        numbers = {"uid_map": os.geteuid(), "gid_map": os.getegid()}
        _call("unshare", USER | NETWORK)
        written = {"setgroups": "deny"} | {name: f"{n} {n} 1" for name, n in numbers.items()}
        for name, text in written.items():
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123 - starts faster
                file.write(text)
    with socket.socket() as any_socket:
        name = b"lo".ljust(16, b"\0")
        fcntl.ioctl(any_socket, SET_FLAGS, name + UP.to_bytes(2, sys.byteorder) + bytes(22))


def _keep() -> None:
    """Make a network, and hand out sockets on it until the other side hangs up."""
    with socket.socket(fileno=0) as line:
        _make()
        line.sendall(b".")
        while line.recv(1):
            with socket.socket() as one:
                socket.send_fds(line, [b"."], [one.fileno()])


def _run_on(process: str, command: list[str]) -> None:
    """Join the network of a process, and become the command; rights are lost with that again."""
    for kind in ("net",) if os.geteuid() == 0 else ("user", "net"):
        place = os.open(f"/proc/{process}/ns/{kind}", os.O_RDONLY)
        _call("setns", place, 0)
        os.close(place)
    os.execv(command[0], command)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        _keep()
    else:
        _run_on(sys.argv[1], sys.argv[2:])
