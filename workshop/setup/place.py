"""Whether a folder can hold an environment, or why not, in one sentence."""

import errno
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from workshop.messages import say

LEAST_GB = 2.5  # what an installation certainly needs, with pip's scratch
LONGEST = 190  # from the course's folder to TensorFlow's deepest file, on Windows
WINDOWS_ENDS = 259  # characters of a path where the setting LongPathsEnabled is off
CLOUDS = re.compile(
    r"(OneDrive|Dropbox|Google ?Drive|iCloud ?Drive|Nextcloud|ownCloud|pCloud)\b.*|"
    r"My Drive|Box( Sync)?|Mobile Documents|CloudStorage",
    re.I,
)


def unfit(folder: Path, *, windows: bool, room: bool = True) -> str:
    """Try whether Python can make an environment in a folder and run programs from it.

    Args:
        folder: of the course, absolute.
        windows: whether this is Windows, which copies where others make links.
        room: whether the environment still has to find room on the disk.

    Returns:
        Why not and what to do, or an empty text.

    Example:
        >>> unfit(Path("/home/me/a:b"), windows=False).startswith("The name of this folder has")
        True
    """
    if words := _bad_name(str(folder), ";" if windows else ":"):
        return words
    try:
        free = shutil.disk_usage(folder).free / 1e9
        with tempfile.TemporaryDirectory(prefix=".try-", dir=folder) as scratch:
            words = _too_deep(folder, scratch) if windows else _no_links(folder, Path(scratch))
    except OSError as error:
        return _cannot_write(folder, error)
    if not words and room and free < LEAST_GB:
        words = say(
            "The disk of {folder} has {free:.1f} GB free, and the course needs 3 GB: delete what "
            "you don't need, or move the course to another disk.",
            folder=folder,
            free=free,
        )
    return words


def cloud(folder: Path) -> str:
    """Name the service that keeps a copy of this folder, as its path shows it; or nothing.

    Example:
        >>> cloud(Path("/Users/me/OneDrive - School/course"))
        'OneDrive - School'
    """
    return next((part for part in folder.parts if CLOUDS.fullmatch(part)), "")


def _bad_name(name: str, separator: str) -> str:
    """Find what would break in lists of folders, such as PATH."""
    bad = next((sign for sign in (separator, "\n", "\r") if sign in name), None)
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        bad = bad or os.fsencode(name).decode("ascii", "backslashreplace")
    if bad is None:
        return ""
    return say(
        "The name of this folder has {sign!r} in it, with which no environment can be made: rename "
        "it, or move the course elsewhere ({folder!r}).",
        sign=bad,
        folder=name,
    )


def _no_links(folder: Path, scratch: Path) -> str:
    try:
        (scratch / "link").symlink_to("target")
    except (OSError, NotImplementedError):
        return _elsewhere(
            folder,
            say(
                "The disk of {folder} has no symbolic links (a stick with exFAT or FAT, or a "
                "network share), and an environment needs them.",
                folder=folder,
            ),
        )
    program = scratch / "program"
    program.write_text("#!/bin/sh\n", encoding="ascii")
    program.chmod(0o755)
    try:
        subprocess.run([program], check=False, capture_output=True)
    except PermissionError:
        return _elsewhere(
            folder,
            say(
                "No program may run from the disk of {folder} (it is mounted with noexec).",
                folder=folder,
            ),
        )
    except OSError:  # no /bin/sh: then we don't know
        pass
    return ""


def _elsewhere(folder: Path, why: str) -> str:
    # Not an environment in another place, of itself: on such a disk the lessons would be slow and
    # without locks, and the learner's work would leave with the stick.
    what = say("Copy the course to your home folder and start it there:")
    name = shlex.quote(folder.name)
    command = f"cp -r {shlex.quote(str(folder))} ~/ && python3 ~/{name}/start.py"
    return f"{why}\n{what}\n\n    {command}"


def _too_deep(folder: Path, scratch: str) -> str:
    """Make a folder as deep as TensorFlow's deepest."""
    length = len(str(folder)) + 1 + LONGEST
    if length <= WINDOWS_ENDS:
        return ""
    deep = scratch
    while len(deep) < length:
        deep = os.path.join(deep, "d" * max(1, min(50, length - len(deep) - 1)))  # noqa: PTH118
    try:
        os.makedirs(deep)  # noqa: PTH103
    except OSError:
        return say(
            "The path of this folder is too long for Windows: it has {length} characters, and "
            "{most} fit. Move the course to a short one, such as C:\\course.",
            length=len(str(folder)),
            most=WINDOWS_ENDS - LONGEST - 1,
        )
    return ""


def _cannot_write(folder: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return say(
            "The disk of {folder} is full, or your share of it is, and the course needs 3 GB: "
            "delete what you don't need, or move the course to another disk.",
            folder=folder,
        )
    return say(
        "You may not write to {folder} ({why}): copy the course to your home folder and start it "
        "there.",
        folder=folder,
        why=error.strerror or error,
    )
