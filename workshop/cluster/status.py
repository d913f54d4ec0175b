"""Waiting for the end of a process, and what its status means in words."""

import time
from collections.abc import Callable

from workshop.messages import say

KILLED = {-9}
STOPPED = {-15, 143}  # asked to end; see child.py for the second


def state_of(status: int | None, *, is_killed: bool = False) -> str:
    """Say whether a process runs, or how it ended.

    Args:
        status: None while it runs, 0 after a good end, negative after a signal, else an error's.
        is_killed: whether we killed it: on Windows its status does not tell.

    Returns:
        A word or two, with the status where it is not 0.

    Example:
        >>> [state_of(status) for status in (None, 0, -9, 1)]
        ['running', 'ended', 'killed (-9)', 'failed (1)']
    """
    if status is None:
        return say("running")
    if status == 0:
        return say("ended")
    if is_killed or status in KILLED:
        return say("killed ({status})", status=status)
    if status in STOPPED:
        return say("stopped ({status})", status=status)
    return say("failed ({status})", status=status)


def failure_of(script: str, task: str, status: int | None) -> str:
    """Say that a task of a cluster failed, and how.

    Args:
        script: the file's name.
        task: its name, such as "worker 1".
        status: how it ended.

    Returns:
        A sentence, or two where another program killed it.

    Example:
        >>> failure_of("train.py", "worker 1", 1)
        'The cluster of train.py failed: worker 1 ended with 1.'
    """
    said: dict[str, object] = {"script": script, "task": task, "status": status}
    if status in KILLED:
        return say(
            "The cluster of {script} failed: {task} was killed from outside ({status}), as the "
            "system also does when memory runs out. All tasks were stopped.",
            **said,
        )
    return say("The cluster of {script} failed: {task} ended with {status}.", **said)


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Wait until a condition holds; ask each ten milliseconds.

    What waits for a process asks for its `returncode`, and does without psutil's `wait`: a thread
    that asks meanwhile, as a picture of a cluster does, would take its status away.

    Args:
        seconds: to wait at most.
        condition: is asked once at least.

    Returns:
        Whether it held at last.

    Example:
        >>> within(0, lambda: True), within(0.01, lambda: False)
        (True, False)
    """
    deadline = time.monotonic() + seconds
    while not (holds := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds
