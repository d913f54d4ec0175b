"""Fetching MNIST from the network into the cache, whole or not at all."""

import contextlib
import logging
import os
import queue
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from pathlib import Path

import filelock

from workshop.data import idx
from workshop.messages import say

MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
)
ANSWER_S = 4  # no mirror answers within this time: there is no network
SILENCE_S = 15  # a mirror that sends nothing for this long is given up
ROUNDS = 2  # times that each mirror is asked for a file
PAUSE_S = 0.5  # before the second time
WAIT_S = 600  # for another process that downloads


class NoNetworkError(idx.DataError):
    """No mirror can be reached."""


def mirrors() -> list[str]:
    """List the addresses to fetch from: those in WORKSHOP_MIRRORS, or else the public ones.

    A teacher whose class has no network serves a folder with the four `.gz` files
    (`python -m http.server`) and names its address there; several are separated by spaces.

    Returns:
        Addresses of folders, each with a slash at its end.

    Example:
        >>> all(address.endswith("/") for address in mirrors())
        True
    """
    chosen = os.environ.get("WORKSHOP_MIRRORS", "").split() or MIRRORS
    return [address.rstrip("/") + "/" for address in chosen]


def download(folder: Path, *, progress: bool = True) -> None:
    """Fetch those of the four files that are not yet in the folder, and verify each.

    A file gets its name only after its last byte was verified and written, so an interrupted
    download leaves no half file, and the next call carries on with what is missing. Of two
    processes the second waits, then finds the work done.

    Args:
        folder: the cache; made if it is not there.
        progress: show a bar for each file.

    Raises:
        NoNetworkError: no mirror answered within a few seconds.
        DataError: the folder cannot be written, or no mirror had the right bytes.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(folder):
            _download_missing(folder, progress=progress)
    except OSError as error:
        raise cannot_write(folder, error) from error


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
        with _one_at_a_time(folder), _scratch(folder) as scratch:
            for part in idx.PARTS:
                _put(part, arrays[part.key], folder, scratch)
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


def _download_missing(folder: Path, *, progress: bool) -> None:
    missing = [part for part in idx.PARTS if not _is_good(part, folder)]
    if not missing:
        return
    answering = _answering(mirrors())
    with _scratch(folder) as scratch:
        for part in missing:
            array = _fetch(part, answering, scratch, progress=progress)
            _put(part, array, folder, scratch)


def _is_good(part: idx.Part, folder: Path) -> bool:
    try:
        idx.read_part(part, folder / part.name)
    except idx.DamagedDataError:
        return False
    return True


def _answering(addresses: list[str]) -> list[str]:
    """Ask all mirrors at once; return them, the first to answer first.

    Threads, because looking a name up can hang for half a minute and knows no time-out.
    """
    import requests

    answers = queue.Queue()

    def ask(address: str) -> None:
        # any answer will do, also "not found": there is a network; the bytes are judged later
        try:
            requests.head(address + idx.PARTS[1].name + ".gz", timeout=ANSWER_S).close()
            answers.put((address, None))
        except Exception as error:  # noqa: BLE001 - the next mirror may do
            answers.put((address, error))

    for address in addresses:
        threading.Thread(target=ask, args=(address,), daemon=True).start()
    end = time.monotonic() + ANSWER_S
    for _ in addresses:
        try:
            address, error = answers.get(timeout=max(end - time.monotonic(), 0))
        except queue.Empty:
            break
        if error is None:
            return [address, *(other for other in addresses if other != address)]
    raise NoNetworkError(say("no network"))


def _fetch(part: idx.Part, addresses: list[str], scratch: Path, *, progress: bool):
    """Return the verified table from the first mirror that has it right."""
    import requests

    failures = []
    for turn, address in enumerate(addresses * ROUNDS):
        file = f"{address}{part.name}.gz"
        if turn >= len(addresses):
            time.sleep(PAUSE_S)  # each has failed once: a moment may help
        try:
            path = _retrieve(file, scratch, progress=progress)
        except requests.RequestException as error:  # before OSError, which it also is
            failures.append(_in_short(file, error))
            continue
        try:
            return idx.read_part(part, path)
        except idx.DamagedDataError as error:
            failures.append(str(error).replace(str(path), file))
        finally:
            path.unlink()
    tried = "; ".join(dict.fromkeys(failures))
    raise idx.DataError(
        say("no mirror gave a right {name}.gz ({tried})", name=part.name, tried=tried)
    )


def _in_short(file: str, error: Exception) -> str:
    response = getattr(error, "response", None)
    if response is not None:
        return say("{file}: HTTP {status}", file=file, status=response.status_code)
    return say("{file}: the connection broke ({kind})", file=file, kind=type(error).__name__)


def _retrieve(address: str, scratch: Path, *, progress: bool) -> Path:
    import pooch
    from tqdm.auto import tqdm

    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)  # the bar says it all
    name = address.rsplit("/", 1)[1]
    # total=1 until pooch knows it: a bar without a total is no bool, and pooch asks for one
    bar = tqdm(desc=name, total=1, unit="B", unit_scale=True, leave=False) if progress else False
    times = (ANSWER_S, SILENCE_S)
    fetcher = pooch.HTTPDownloader(progressbar=bar, chunk_size=1 << 16, timeout=times)
    try:
        # no digest here: that of the packed file differs between mirrors, we verify the content
        given: dict = {"fname": name, "path": scratch, "downloader": fetcher}
        return Path(pooch.retrieve(address, None, **given))
    finally:
        logger.setLevel(level)
        if bar is not False:
            bar.close()


def _put(part: idx.Part, array, folder: Path, scratch: Path) -> None:
    """Write one file under another name, to the disk, and only then give it its own."""
    path = scratch / part.name
    with path.open("wb") as file:
        file.write(part.header)
        file.write(array.data)
        file.flush()
        os.fsync(file.fileno())
    path.replace(folder / part.name)


@contextlib.contextmanager
def _scratch(folder: Path) -> Generator[Path, None, None]:
    """Make a folder for half files beside the whole ones, so that renaming is one step."""
    scratch = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Generator[None, None, None]:
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
