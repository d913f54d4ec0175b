"""Writing MNIST into the cache, each file whole or not at all."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import filelock

from workshop.data import idx
from workshop.messages import say

WAIT_S = 600  # for another process that downloads


def store(folder: Path, arrays: dict) -> None:
    """Write the four tables into the cache, unpacked: they then load in milliseconds.

    Args:
        folder: the cache; made if it is not there.
        arrays: uint8 arrays by the names x_train, y_train, x_test, y_test, verified.

    Raises:
        DataError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(folder), scratch_in(folder) as scratch:
            for part in idx.PARTS:
                put(part, arrays[part.key], folder, scratch)
    except OSError as error:
        raise cannot_write(folder, error) from error


def cannot_write(folder: Path, error: OSError) -> idx.DataError:
    """Say in words why the cache cannot be written, and what to do."""
    size = sum(part.size for part in idx.PARTS) / 1e6
    return idx.DataError(
        say(
            "cannot write to {folder}: {reason}; it needs {size:.0f} MB: make room, or set "
            "WORKSHOP_CACHE to a folder where you may write",
            folder=folder,
            reason=error.strerror or error,
            size=size,
        )
    )


def put(part: idx.Part, array, folder: Path, scratch: Path) -> None:
    """Write one file under another name, to the disk, and only then give it its own."""
    path = scratch / part.name
    with path.open("wb") as file:
        file.write(part.header)
        file.write(array.data)
        file.flush()
        os.fsync(file.fileno())
    path.replace(folder / part.name)


@contextlib.contextmanager
def scratch_in(folder: Path) -> Generator[Path, None, None]:
    """Make a folder for half files beside the whole ones, so that renaming is one step."""
    scratch = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextlib.contextmanager
def one_at_a_time(folder: Path) -> Generator[None, None, None]:
    """Wait for other processes that fetch into this folder, then clear what killed ones left.

    The operating system frees the lock of a process that dies. Where a file system has no locks
    two may fetch at once: each has a scratch folder of its own, so only time is lost.
    """
    lock = filelock.FileLock(folder / ".lock")
    if _is_ours(lock, folder):
        for left in folder.glob(".partial-*"):
            shutil.rmtree(left, ignore_errors=True)
    try:
        yield
    finally:
        lock.release()


def _is_ours(lock: filelock.BaseFileLock, folder: Path) -> bool:
    """Wait for the lock; False where it did not come in time or where there are no locks."""
    try:
        try:
            lock.acquire(blocking=False)
        except filelock.Timeout:
            waiting = say(
                "Another process is fetching MNIST into {folder}; waiting.", folder=folder
            )
            print(waiting, file=sys.stderr)
            lock.acquire(timeout=WAIT_S)
    except (OSError, NotImplementedError):  # Timeout is an OSError
        return False
    return True
