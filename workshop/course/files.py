"""Files that are written as a whole or not at all."""

import errno
import os
import secrets
import time
from pathlib import Path

from workshop.messages import say

WRITABLE = 0o222
PAUSES_S = (0.05, 0.1, 0.2, 0.4)


def create(content: bytes, path: Path) -> None:
    """Write a new file, to the disk.

    Args:
        content: all of it.
        path: the file, which must not be there.

    Raises:
        FileExistsError: something is there; it stays as it is.
        OSError: the folder cannot be written, or the disk is full; no half file is left.
    """
    file = path.open("xb")
    try:
        with file:  # whose end may fail, too: it writes what is left
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def create_beside(content: bytes, file: Path) -> Path:
    """Write a copy beside a file, under a name that no lesson and no solution has.

    Args:
        content: all of it.
        file: beside which.

    Returns:
        The new file, such as `02_softmax.mine-1.ipynb`.

    Raises:
        OSError: as of `create`.
    """
    before, after = (file.stem, file.suffix) if file.suffix == ".ipynb" else (file.name, "")
    number = 1
    while True:
        copy = file.with_name(f"{before}.mine-{number}{after}")
        try:
            create(content, copy)
        except FileExistsError:
            number += 1
        else:
            return copy


def put(content: bytes, path: Path) -> None:
    """Write a file in one step; what was there stays whole until then, and its permissions stay.

    On Windows a file cannot be replaced while another program reads it, as a virus scanner or a
    copying cloud does for a moment: then it is tried again for a second.

    Args:
        content: all of it.
        path: the file; its folder is made where there is none.

    Raises:
        OSError: the folder cannot be written, the disk is full, or the file is read-only or stays
            in use.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode if path.exists() else None
    if mode is not None and not mode & WRITABLE:  # its folder alone would let us replace it
        raise PermissionError(errno.EACCES, say("it is read-only"), str(path))
    new = path.with_name(f"{secrets.token_hex(4)}-{path.name}.new")
    create(content, new)
    try:
        if mode is not None:
            new.chmod(mode)
        for pause in PAUSES_S:
            try:
                new.replace(path)
            except PermissionError:
                time.sleep(pause)
            else:
                return
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
