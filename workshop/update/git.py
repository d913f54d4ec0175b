"""What git knows of the course's folder, where that is a clone. It is asked; it changes nothing."""

import os
import subprocess

from workshop.course.folder import course_folder

VERSIONS = 30  # of a file, at most
WAIT_S, FETCH_S = 10, 60


def ask(*arguments: str, wait_s: float = WAIT_S) -> bytes | None:
    """Ask git about the course's folder.

    Args:
        *arguments: such as `"show"`, `"HEAD:./README.md"`.
        wait_s: after so many seconds it is given up.

    Returns:
        What it wrote; None where it failed, or isn't here.
    """
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=course_folder(),
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=wait_s,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def show(commit: str, path: str) -> bytes | None:
    """Read a file of a commit.

    Args:
        commit: such as `"origin/main"`.
        path: from the course's folder on.

    Returns:
        All of it; None where the commit has no such file.
    """
    return ask("show", f"{commit}:./{path}")


def listing(commit: str, path: str) -> list[str]:
    """List the files of a folder of a commit.

    Args:
        commit: such as `"origin/main"`.
        path: of the folder, from the course's folder on, with a `/` at its end.

    Returns:
        Their paths, from the course's folder on.
    """
    named = ask("ls-tree", "-r", "-z", "--name-only", commit, f"./{path}") or b""
    return [name for name in named.decode().split("\0") if name]


def upstream() -> str | None:
    """Name what this clone follows.

    Returns:
        Such as `"origin/main"`; None where it follows nothing, or is no clone of the course.
    """
    for followed in ("@{upstream}", "origin/HEAD"):
        name = ask("rev-parse", "--abbrev-ref", "--verify", "--quiet", followed)
        if name and (commit := name.decode().strip()):
            return commit
    return None


def fetch(commit: str) -> bool:
    """Bring what an upstream has; no branch and no file of the learner's changes.

    Args:
        commit: as `upstream` names it.

    Returns:
        Whether the other side answered.
    """
    return ask("fetch", "--quiet", commit.partition("/")[0], wait_s=FETCH_S) is not None


def has(commit: str) -> bool:
    """Tell whether the working copy builds on a commit already.

    Args:
        commit: such as `"origin/main"`.

    Returns:
        Whether it is the checked out commit, or an ancestor of that.
    """
    return ask("merge-base", "--is-ancestor", commit, "HEAD") is not None


def versions(path: str) -> list[bytes]:
    """Read the versions that the history has of a file.

    Args:
        path: from the course's folder on.

    Returns:
        The versions, from old to new.
    """
    listed = ask("log", f"-{VERSIONS}", "--format=%H", "--", f"./{path}") or b""
    shown = [show(commit, path) for commit in reversed(listed.decode().split())]
    return [version for version in shown if version is not None]
