"""What tests of processes share: who is alive, and waiting for something."""

import contextlib
import time

import psutil


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until(condition, what, seconds=20):
    """Wait for a condition, and fail in words when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def children(apart):
    """All that these tests have started, but for one process and what it starts."""
    found = set()
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            found |= {child, *child.children(recursive=True)} if child.pid != apart else set()
    return found
