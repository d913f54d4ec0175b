"""Worker processes that answer jobs: whoever is free gets the next one."""

import contextlib
import os
import secrets
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, wait
from typing import Any

from workshop.cluster import RunningScript, ScriptError, start_script
from workshop.cluster.script import GRACE_S, TRACEBACK, stop_all
from workshop.machine import room_for_workers
from workshop.messages import say

KEY = "WORKSHOP_SEARCH_KEY"
READY = "answers jobs at port"
HOST = "127.0.0.1"
POLL_S, START_S, DEADLINE_S = 0.5, 120.0, 120.0
Job = tuple[Any, ...]


def answer(function: Callable[..., Any]) -> None:
    """Answer jobs, in a script that `Workers` started, until the notebook has no more.

    Args:
        function: called with what a job holds; what it returns goes back, so it is what can be
            pickled: numbers, lists, dicts, arrays.

    Raises:
        RuntimeError: the script was started in another way.
    """
    if KEY not in os.environ:
        raise RuntimeError(say("Workers(script) in a notebook starts this script."))
    with Listener((HOST, 0), authkey=bytes.fromhex(os.environ[KEY])) as listener:
        print(READY, listener.address[1], flush=True)
        connection = _caller(listener)
    with connection, contextlib.suppress(EOFError):
        while True:
            connection.send(function(*connection.recv()))


def _caller(listener: Listener) -> Connection:
    """Wait for the notebook; others on this machine don't have the key."""
    while True:
        with contextlib.suppress(AuthenticationError, EOFError, OSError):
            return listener.accept()


class Workers:
    """Processes of one script that end with `answer(function)`, to share out jobs among.

    TensorFlow keeps something of each network that it has built, so a worker is replaced by a fresh
    one after `most` jobs. As a context manager it stops them all at the end of the block; they also
    end with this object, and with the kernel.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> script = Path(tempfile.mkdtemp()) / "square.py"
        >>> text = "from workshop.search import answer; answer(lambda x: x**2)"
        >>> _ = script.write_text(text)
        >>> with Workers(script, count=1) as workers:
        ...     for job, result in workers.evaluate([(2,), (3,)]):
        ...         print(job, result)
        (2,) 4
        (3,) 9
    """

    def __init__(
        self,
        script: str | os.PathLike,
        *arguments: object,
        count: int | None = None,
        most: int = 100,
    ) -> None:
        """Start the workers and wait until they can answer.

        Args:
            script: path of the `.py` file.
            *arguments: what the script finds in `sys.argv[1:]`, each as text.
            count: how many processes; two where cores and memory allow it, if it is left out.
            most: jobs after which a process is replaced.

        Raises:
            FileNotFoundError: there is no such script.
            ScriptError: it ended, or was not ready within two minutes.
            ValueError: `count` or `most` is below 1.
        """
        count = room_for_workers(2) if count is None else count
        if min(count, most) < 1:
            fields = {"count": count, "most": most}
            raise ValueError(
                say("expected count and most of at least 1, got {count}, {most}", **fields)
            )
        self._key = secrets.token_bytes(32)
        self._script, self._arguments, self._most = script, arguments, most
        self._started: list[RunningScript] = []
        # A cell that is run again puts others in their place: then these must end, too.
        weakref.finalize(self, stop_all, self._started)
        try:
            starting = [self._start() for _ in range(count)]  # all at once
            self._workers = [_Worker(running, self._key) for running in starting]
        except BaseException:
            self.stop()
            raise

    def __repr__(self) -> str:
        """Say how many there are."""
        return f"<{len(self._workers)} workers of {self._workers[0].running.script.name}>"

    def __enter__(self) -> "Workers":
        """Return the workers."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop them all."""
        self.stop()

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes."""
        return [worker.running.pid for worker in self._workers]

    def stop(self) -> None:
        """Stop all processes; those that are needed again are started again."""
        stop_all(self._started)
        self._started.clear()

    def evaluate(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Any]]:
        """Give jobs to the workers, and their results as they come.

        The next job is asked for when a worker is free, so a generator of jobs may look at all
        results until then. The job of a worker that was killed goes to a fresh one, once.

        Args:
            jobs: tuples; each is what the script's function is called with.

        Yields:
            Each job with its result, in the order in which they are done.

        Raises:
            ScriptError: the function raised something, two workers were killed over one job, or a
                job took longer than two minutes.
        """
        coming = iter(jobs)
        for worker in self._workers:
            if not worker.rest():
                self._fresh(worker)
        while True:
            for worker in self._workers:
                if worker.job is None and (job := next(coming, None)) is not None:
                    worker.give(job)
            busy = {worker.connection: worker for worker in self._workers if worker.job is not None}
            if not busy:
                return
            done = wait(list(busy), POLL_S)
            for connection, worker in busy.items():
                if connection not in done:
                    worker.check_time()
                    continue
                job, tries = worker.job, worker.tries
                try:
                    result = worker.take()
                except (EOFError, OSError):
                    worker.check_death()
                    self._fresh(worker).give(job, tries + 1)
                    continue
                if worker.done >= self._most:
                    self._fresh(worker)
                yield job, result

    def _start(self) -> RunningScript:
        variables = {KEY: self._key.hex()}
        self._started.append(start_script(self._script, *self._arguments, environment=variables))
        return self._started[-1]

    def _fresh(self, old: "_Worker") -> "_Worker":
        """Put a new worker in the place of another."""
        old.connection.close()
        old.running.stop()
        if old.running in self._started:
            self._started.remove(old.running)
        worker = _Worker(self._start(), self._key)
        self._workers[self._workers.index(old)] = worker
        return worker


class _Worker:
    """A process, the way to it, and the job that it has."""

    def __init__(self, running: RunningScript, key: bytes):
        """Wait until it answers, and call it."""
        self.running = running
        port = int(running.wait_for(READY, START_S).split()[-1])
        self.connection = Client((HOST, port), authkey=key)
        self.job: Any = None
        self.done = self.tries = 0
        self._since = 0.0

    def give(self, job: Job, tries: int = 1) -> None:
        """Hand it a job; whether it lives, shows when the result is taken."""
        self.job, self.tries, self._since = job, tries, time.monotonic()
        with contextlib.suppress(OSError):
            self.connection.send(job)

    def take(self) -> Any:
        """Take its result; it raises EOFError or OSError where the process is gone."""
        result = self.connection.recv()
        self.job, self.done = None, self.done + 1
        return result

    def rest(self) -> bool:
        """Let it end a job that nobody waits for any more; say whether it lives."""
        try:
            if self.job is not None:
                self.take()
        except (EOFError, OSError):
            return False
        return self.running.returncode is None

    def check_time(self) -> None:
        """Raise where it has taken too long."""
        if time.monotonic() - self._since > DEADLINE_S:
            raise ScriptError(
                say("{job} has no result after {limit:g} s.", job=self.job, limit=DEADLINE_S)
            )

    def check_death(self) -> None:
        """Raise where it is the script's own fault that the process is gone."""
        with contextlib.suppress(ScriptError):
            self.running.wait(GRACE_S)  # it still has to print its traceback
        self.running.stop()
        if TRACEBACK in self.running.output or self.tries > 1:
            lines = self.running.last_lines()
            what = {"job": self.job, "script": self.running.script.name, "lines": lines}
            raise ScriptError(say("{script} ended over {job}. Its last lines:\n{lines}", **what))
