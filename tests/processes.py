"""What tests of processes share: writing a script, and that nothing is left running."""

import contextlib
import signal
import time

import psutil
import pytest


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


@pytest.fixture(autouse=True)
def nothing_is_left(background):
    """No test may leave a process behind; lessons run beside the tests."""
    apart = background and background.process.pid
    before = children(apart)
    yield
    new = children(apart) - before
    until(lambda: not any(map(is_alive, new)), f"left behind: {new}")


@pytest.fixture
def write(tmp_path):
    """Write a script and give its path."""

    def write(source, name="script.py"):
        (tmp_path / name).write_text(source)
        return tmp_path / name

    return write


@pytest.fixture
def interruptible():
    """Let an interrupt raise, as in a kernel; who runs in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
