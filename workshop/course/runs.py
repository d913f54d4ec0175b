"""The folder that a lesson writes to: its own, and empty at its start."""

import atexit
import shutil
import tempfile
import time
from pathlib import Path

from workshop.messages import say

MOST = 20  # notebooks of one lesson that run at once
TRIES, PAUSE_S = 3, 0.2  # a process that ends may still write its last file
_held = {}  # the locks of this process, by folder


def run_folder(lesson: str) -> Path:
    """Give a lesson an empty folder for what it writes.

    The folder belongs to this kernel until it ends; what lies there is of an earlier run and goes.
    A second notebook of the same lesson, such as a solved copy, gets a folder of its own, and so
    does a lesson whose files can't be removed because a program has them open. Which one it is,
    is printed where it isn't the first.

    Args:
        lesson: names the folder, such as `"08b"`.

    Returns:
        `runs/08b` in the working folder, or `runs/08b_2` and so on; in the system's place for
        temporary files where the working folder can't be written to.

    Raises:
        OSError: none of these can be had.

    Example:
        >>> import contextlib, tempfile
        >>> with tempfile.TemporaryDirectory() as here, contextlib.chdir(here):
        ...     run_folder("08b").as_posix()
        'runs/08b'
    """
    home, why = _home()
    reasons = [why] if why else []
    for number in range(1, MOST + 1):
        folder = home / (lesson if number == 1 else f"{lesson}_{number}")
        try:
            folder.mkdir(exist_ok=True)
            why = _taken(folder) or _not_emptied(folder)
        except FileExistsError as error:  # a file of this name
            why = _cannot_write(folder, error)
        if why:
            reasons.append(why)
            continue
        if reasons:
            print(*reasons, say("This notebook writes to {folder}.", folder=folder), sep="\n")
        return folder
    raise OSError(" ".join(reasons))


def _home() -> tuple[Path, str]:
    """Give the folder of all lessons' folders, and why it is not the usual one."""
    home = Path("runs")
    try:
        home.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return home, ""
    except OSError as error:
        return Path(tempfile.mkdtemp(prefix="workshop-")), _cannot_write(home, error)


def _taken(folder: Path) -> str:
    """Take a folder for this process; say who has it where that fails.

    The system frees the lock of a kernel that ends, however it ends. Where a file system has no
    locks the folder is taken as it is.
    """
    import filelock

    key = folder.resolve()
    if key in _held:
        return ""
    lock = filelock.FileLock(folder.parent / f".{folder.name}.lock", blocking=False)
    try:
        lock.acquire()
    except filelock.Timeout:
        return say(
            "{folder} belongs to another notebook of this lesson that is running.", folder=folder
        )
    except (OSError, NotImplementedError):
        return ""
    _held[key] = lock
    atexit.register(lock.release, force=True)
    return ""


def _not_emptied(folder: Path) -> str:
    """Empty a folder; say what could not be removed."""
    for turn in range(TRIES):
        if turn:
            time.sleep(PAUSE_S)
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                _remove(path)
        left = sorted(path.name for path in folder.iterdir())
        if not left:
            return ""
    names = ", ".join(left[:3])
    return say(
        "{folder} could not be emptied: another program still uses {names}.",
        **{"folder": folder, "names": names},
    )


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:  # it is counted among what is left
        return


def _cannot_write(folder: Path, error: OSError) -> str:
    return say("{folder} cannot be written to: {why}.", folder=folder, why=error.strerror or error)
