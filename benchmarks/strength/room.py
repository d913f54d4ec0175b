"""The process of `Learner`: an IPython shell that does what lines of JSON ask for.

All that cells print is swallowed. Before each answer the names are as they were after the lesson's
cells; dicts, lists, sets and arrays among those that the exercise needs also inside. Other objects,
such as a model, are shared by all answers. Random numbers start anew with each cell.
"""

import _thread
import contextlib
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from strength.learner import TOO_SLOW
from strength.spy import Spy


def attend() -> None:
    """Answer line by line, until there are no more."""
    hear = os.fdopen(os.dup(0), encoding="utf-8")
    say = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    room = Room()
    for line in hear:
        asked = json.loads(line)
        done = getattr(room, asked.pop("task"))(**asked)
        print(json.dumps(done), file=say, flush=True)


class Room:
    """A shell with the names of a lesson, in which answers come and go."""

    def __init__(self):
        """Start a shell that keeps no history."""
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.cache_size = 0
        self._shell = InteractiveShell.instance(config=config)
        self._spy = Spy()
        self._bound, self._inside = dict(self._shell.user_ns), {}

    def lesson(self, cells: list[str], needs: list[str]) -> dict:
        """Run cells of the lesson; from now on each answer finds what they leave.

        Args:
            cells: their texts.
            needs: the names whose insides are to be kept.

        Returns:
            `error`: what a cell raised, or None.
        """
        self._restore()
        for cell in cells:
            _, error = self._run(cell)
            if error:
                return {"error": f"{error}, in the cell that begins with: {cell[:60]}"}
        names = self._shell.user_ns
        self._bound = dict(names)
        self._inside = {name: copied(names[name]) for name in needs if name in names}
        return {"error": None}

    def answer(self, source: str, check: str, limit: float, solution: str = "") -> dict:
        """Run an answer's cell and then its check, also after an error as a learner may.

        Args:
            source: the text of the answer.
            check: the text of the check's cell.
            limit: seconds for both.
            solution: a text that the check must not run; "" where nobody asks.

        Returns:
            `status` and `message` of the check ("" where it gave none), `error` of the answer's
            cell or None, what was `seen` of the solution, and `seconds`.
        """
        self._restore()
        start, outcome, error = time.monotonic(), None, TOO_SLOW
        with contextlib.suppress(KeyboardInterrupt), interrupted(limit):
            _, error = self._run(source)
            if time.monotonic() - start < limit:
                with self._spy.watching(solution):
                    outcome, _ = self._run(check)
        seconds = time.monotonic() - start
        status = getattr(outcome, "status", "")
        return {
            "status": status if seconds < limit else TOO_SLOW,
            "message": getattr(outcome, "message", ""),
            "error": error,
            "seen": self._spy.seen,
            "seconds": seconds,
        }

    def _run(self, cell: str) -> tuple[object, str | None]:
        seed()
        done = self._shell.run_cell(cell)
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close("all")
        error = done.error_before_exec or done.error_in_exec
        return done.result, None if error is None else f"{type(error).__name__}: {error}"[:300]

    def _restore(self) -> None:
        self._shell.user_ns.clear()
        self._shell.user_ns.update(self._bound)
        for name, inside in self._inside.items():
            refill(self._bound[name], copied(inside))


def seed() -> None:
    """Let all random numbers start anew."""
    random.seed(1)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(1)
    if keras := sys.modules.get("keras"):
        keras.utils.set_random_seed(1)


def copied(value: object) -> object:
    """Copy dicts, lists, sets and arrays, and those in them; all else is the same object."""
    if type(value) is dict:
        return {name: copied(one) for name, one in value.items()}
    if type(value) in (list, tuple, set):
        return type(value)(map(copied, value))
    return value.copy() if type(value).__name__ == "ndarray" else value


def refill(value: object, inside: object) -> None:
    """Give a dict, list, set or array the inside that it had."""
    if type(value) in (dict, set):
        value.clear()
        value.update(inside)
    elif type(value) is list:
        value[:] = inside
    elif type(value).__name__ == "ndarray" and value.flags.writeable:
        value[...] = inside


@contextlib.contextmanager
def interrupted(limit: float) -> Iterator[None]:
    """Raise KeyboardInterrupt here after some seconds; deaf to it is only what runs in C."""
    timer = threading.Timer(limit, _thread.interrupt_main)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


if __name__ == "__main__":
    attend()
