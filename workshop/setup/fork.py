"""The address of a fork: whose repository it is, and the links that name it."""

import re
import subprocess
from pathlib import Path

from workshop.course.folder import course_folder
from workshop.messages import say

SOURCE = "docs/book/conf.py"  # what it calls `repository` is what all other files name, too
PLACEHOLDER = "OWNER/tensorflow-workshop"
DELIVERED = "workshop/course/delivered/"  # written from the lessons, by `deliver`
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[\w.-]{1,100}", re.ASCII)
NAMED = re.compile(r'^repository = "https://github\.com/([^/"\s]+/[^/"\s]+)"$', re.MULTILINE)
ORIGIN = re.compile(r"(?:https?://|ssh://)?(?:[^@/]+@)?github\.com[:/](.+?)(?:\.git)?/?")


class ForkError(Exception):
    """The course's folder is no repository, or nothing tells whose."""


def adopt(name: str | None = None) -> tuple[str, list[str]]:
    """Let every link of the course that names its repository name this one.

    Args:
        name: OWNER/REPO on GitHub; None takes it from the remote `origin`.

    Returns:
        The name, and the files that changed, as paths in the course's folder; none where all of
        them named it already.

    Raises:
        CourseNotFound: the course folder is not found.
        ForkError: it is no git repository, the name is none, or a file can't be written.
    """
    tracked = _git("ls-files", "-z")
    if not tracked:
        raise ForkError(
            say(
                "{folder} is not a git repository, so there is nothing that a badge could open. "
                "Fork the course, clone your fork, and type this in the clone.",
                folder=course_folder(),
            )
        )
    new = _checked(name) if name else _origin()
    # What a merge brought names nobody yet.
    old = "|".join(re.escape(name) for name in {current(), PLACEHOLDER} - {new})
    link = re.compile(rf"(?<=[/:=])(?:{old})(?![\w-]|\.(?!git\b)\w)".encode())
    changed = []
    for path in tracked.decode().split("\0"):
        file = course_folder() / path
        if path.startswith(DELIVERED) or file.is_symlink() or not file.is_file():
            continue
        if _replaced(file, link, new):
            changed.append(path)
    return new, changed


def current() -> str:
    """Name the repository that the course's links name.

    Returns:
        Such as `"OWNER/tensorflow-workshop"`, which is nobody's.

    Raises:
        ForkError: the file that says it does not.

    Example:
        >>> current().count("/")
        1
    """
    try:
        found = NAMED.search((course_folder() / SOURCE).read_text(encoding="utf-8"))
    except (OSError, UnicodeError):
        found = None
    if not found:
        raise ForkError(
            say(
                '{file} has no line repository = "https://github.com/OWNER/REPO", from which '
                "this command knows what to replace. Restore it: git checkout -- {file}",
                file=SOURCE,
            )
        )
    return found[1]


def _replaced(file: Path, link: re.Pattern[bytes], new: str) -> bool:
    """Write a file with other links; tell whether it had any."""
    try:
        text = file.read_bytes()
        replaced = link.sub(new.encode(), text)
        if replaced != text and b"\0" not in text:
            file.write_bytes(replaced)
            return True
    except OSError as error:
        raise ForkError(
            say(
                "{file} can't be changed: {why}. Type the command again when it can; files that "
                "are done stay done.",
                **{"file": file, "why": error.strerror or error},
            )
        ) from error
    return False


def _origin() -> str:
    """Read the name from the address of the remote `origin`."""
    address = (_git("remote", "get-url", "origin") or b"").decode().strip()
    if found := ORIGIN.fullmatch(address):
        return _checked(found[1])
    if not address:
        raise ForkError(
            say(
                "This clone has no remote named origin. Name your repository: "
                "workshop badge OWNER/REPO"
            )
        )
    raise ForkError(
        say(
            "origin is {address}, which is not on GitHub, and the badges open repositories there. "
            "Name one: workshop badge OWNER/REPO",
            address=re.sub(r"//[^/@]*@", "//", address),
        )
    )


def _checked(name: str) -> str:
    """Take an address for the name that it has; refuse what is none."""
    found = ORIGIN.fullmatch(name)
    plain = found[1] if found else name
    if not NAME.fullmatch(plain) or plain.endswith(("/.", "/..")):
        raise ForkError(
            say(
                "{name} is not the name of a repository on GitHub. It looks like this: "
                "ada/tensorflow-workshop",
                name=name,
            )
        )
    return plain


def _git(*arguments: str) -> bytes | None:
    """Ask git about the course's folder; None where it fails or isn't installed."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=course_folder(), capture_output=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
