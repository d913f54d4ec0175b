"""What a hub gives its learners: the lessons, and the digits."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from workshop.hub.settings import HubError
from workshop.messages import say

ANSWER_S = 30
NO_SUCH_BRANCH = 2  # what git ls-remote --exit-code ends with


def given(course: Path, repository: str | None = None, branch: str | None = None) -> dict[str, str]:
    """Find where learners get the lessons from, and the Python that runs them.

    Args:
        course: the course's folder.
        repository: git's address, or None for the course's folder itself.
        branch: of it, or None for the one that is checked out.

    Returns:
        "python", "repository" and "branch"; the last two are empty where the course is no
        repository, as on a stick: then each learner gets a copy of its lessons once.

    Raises:
        HubError: the environment lacks what a learner's server needs, or a branch was named
            without a repository that has it, or the repository has no such branch.
    """
    lacking = [name for name in ("jupyterhub", "nbgitpuller") if not find_spec(name)]
    if lacking:
        raise HubError(
            say(
                "This environment lacks {names}. In the course's folder type: python3 start.py hub",
                names=", ".join(lacking),
            )
        )
    if repository and not branch:
        raise HubError(
            say("Name the branch of {repository}, too: --branch main", repository=repository)
        )
    if repository:
        _look_at(repository, branch or "")
    else:
        found = _branch(course)
        if branch and branch != found:
            raise HubError(
                say(
                    "The course's folder is not on the branch {branch}, but on {found}: check it "
                    "out first, or name a repository.",
                    branch=branch,
                    found=found or say("none"),
                )
            )
        branch, repository = found, course.as_uri() if found else ""
    return {"python": sys.executable, "repository": repository, "branch": branch or ""}


def data(*, sample: bool) -> dict[str, str]:
    """Find the folder with MNIST that all learners read, and fetch it before they come.

    Args:
        sample: take the packaged sample; nothing is fetched.

    Returns:
        "data": the folder, or an empty text for the sample.
    """
    if sample:
        return {"data": ""}
    from workshop.data import DataError, mnist

    try:
        return {"data": str(mnist.fetch(progress=True))}
    except DataError as error:
        print(
            say(
                "The full MNIST is not here ({reason}). Learners get the packaged sample.",
                reason=error,
            )
        )
    return {"data": ""}


def _look_at(repository: str, branch: str) -> None:
    """Ask for the branch now: learners' servers go on without it, and nobody would notice.

    Raises:
        HubError: the repository answers, and has no such branch.
    """
    command = ["git", "ls-remote", "--exit-code", "--heads", "--", repository, branch]
    own = os.environ | {"GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=own, timeout=ANSWER_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        status, why = None, str(error)
    else:
        status, why = done.returncode, (done.stderr.strip().splitlines() or [""])[0]
    if status == NO_SUCH_BRANCH:
        fields = {"repository": repository, "branch": branch}
        raise HubError(say("{repository} has no branch {branch}.", **fields))
    if status != 0:
        print(
            say(
                "{repository} gives no lessons now ({why}). Learners who start meanwhile get those "
                "of this folder. Is its address right, and is there a network?",
                **{"repository": repository, "why": why},
            )
        )


def _branch(course: Path) -> str:
    """Name the branch that is checked out; empty where the course's folder is no repository."""
    if not (course / ".git").exists():
        return ""
    command = ["git", "-C", str(course), "symbolic-ref", "--short", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
