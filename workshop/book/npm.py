"""Packages that come by npm into a cache, such as the mathematics of pages."""

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from workshop.book import BookError
from workshop.messages import say

WAIT_S = 300


def package(name: str, version: str) -> Path:
    """Find a package in the cache, and fetch it once by npm where it is not there.

    Args:
        name: such as `"reveal.js"`.
        version: the exact one, such as `"5.2.1"`.

    Returns:
        The folder with the package's files. No script of the package is run.

    Raises:
        BookError: npm is missing, or can't fetch it.
    """
    folder = cache() / f"{name}-{version}"
    if (folder / "package.json").is_file():
        return folder
    npm = shutil.which("npm")
    if npm is None:
        raise BookError(
            say(
                "{name} {version} is needed and comes by npm, which is not on this machine: "
                "install Node.js, which brings npm, and try again. It is fetched once.",
                **{"name": name, "version": version},
            )
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            _fetch(npm, f"{name}@{version}", Path(scratch))
            _put(Path(scratch) / "package", folder)
    except OSError as error:
        raise BookError(
            say(
                "Cannot keep {name} in {folder}: {why}",
                **{"name": name, "folder": folder, "why": error.strerror or error},
            )
        ) from error
    return folder


def cache() -> Path:
    """Name the folder of the packages, which need not exist: the user's, one for all courses."""
    import platformdirs

    return platformdirs.user_cache_path("tensorflow-workshop", appauthor=False) / "npm"


def _fetch(npm: str, what: str, scratch: Path) -> None:
    """Download and unpack a package into a folder `package`."""
    command = [npm, "pack", what, "--ignore-scripts", "--silent", "--pack-destination", "."]
    try:
        done = subprocess.run(
            command,
            cwd=scratch,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=WAIT_S,
            check=False,
        )
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
    except subprocess.TimeoutExpired:
        said = [say("no answer within {seconds} s", seconds=WAIT_S)]
    archives = list(scratch.glob("*.tgz"))
    if not archives:
        raise BookError(
            say(
                "npm can't fetch {what}: {why}. It needs a network, or a mirror that npm is "
                "configured for; `npm pack {what}` shows all that it says.",
                **{"what": what, "why": said[0] if said else say("it says nothing")},
            )
        )
    with tarfile.open(archives[0]) as archive:
        archive.extractall(scratch, filter="data")


def _put(new: Path, folder: Path) -> None:
    try:
        new.rename(folder)
    except OSError:  # another process was faster
        if not (folder / "package.json").is_file():
            raise
