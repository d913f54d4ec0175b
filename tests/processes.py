"""What tests of processes share: writing a script, and that nothing is left running."""

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


@pytest.fixture(autouse=True)
def nothing_is_left():
    """No test may leave a process behind."""
    before = set(psutil.Process().children(recursive=True))
    yield
    new = set(psutil.Process().children(recursive=True)) - before
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
