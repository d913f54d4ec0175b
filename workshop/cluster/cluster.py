"""Several processes of one script, as the tasks of a TensorFlow cluster on this machine."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from workshop.cluster.link import SlowLink
from workshop.cluster.network import own_network
from workshop.cluster.script import POLL_S, RunningScript, ScriptError, start_script, stop_all
from workshop.cluster.status import failure_of, state_of
from workshop.cluster.tf_config import HOST, free_ports, name_tasks, tf_config
from workshop.messages import say

# An operation computes in one thread; but several may wait: with one thread for all, as TensorFlow
# takes on one core, a step of a parameter server's worker waits for a batch that never comes.
THREADS = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "4"}
# One card can't be two workers: the library through which GPUs add up gradients refuses that.
NO_GPU = {"CUDA_VISIBLE_DEVICES": "-1"}
DEADLINE_S = 600.0
SILENCE_S = 120.0


def start_cluster(
    script: str | os.PathLike,
    tasks: Mapping[str, int],
    *arguments: object,
    environment: Mapping[str, str] | None = None,
    link: SlowLink | None = None,
    deadline: float = DEADLINE_S,
) -> "Cluster":
    """Start a script on this machine, once for each task of a cluster, and return at once.

    Each process finds in `TF_CONFIG` where all tasks listen and which one it is; the script, which
    the learner writes, passes that to a TensorFlow strategy. All of them end when the kernel ends,
    when the `with` block is left for any reason, and after `deadline`. Where Linux allows it, the
    tasks have their own network: no one reaches it from outside, and nothing is loaded from there.

    Args:
        script: path of the `.py` file.
        tasks: how many of each kind: `{"worker": 3}` for synchronous training, `{"chief": 1,
            "worker": 2, "ps": 1}` with a parameter server.
        *arguments: what each process finds in `sys.argv[1:]`, as text.
        environment: variables to set for all processes, in addition to those of this one. Each
            computes in one thread, so that they don't all want every core;
            `{"TF_NUM_INTRAOP_THREADS": "2"}` gives two. None sees a GPU;
            `{"CUDA_VISIBLE_DEVICES": "0"}` shows them the first.
        link: a slow connection between the tasks; without one they talk as fast as this machine.
        deadline: seconds after which all are stopped, whatever they are doing.

    Returns:
        The running cluster.

    Raises:
        FileNotFoundError: there is no such script.
        ValueError: tasks that TensorFlow does not know, or none.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "who.py"
        >>> _ = path.write_text("import os; print(os.environ['TF_CONFIG'][-31:])")
        >>> with start_cluster(path, {"worker": 2}) as cluster:
        ...     _ = cluster.wait(60, show=None)
        ...     print(cluster["worker 1"].output, end="")
        {"type": "worker", "index": 1}}
    """
    names = name_tasks(tasks)
    listening = iter(f"{HOST}:{port}" for port in free_ports(len(names)))
    addresses = {kind: [next(listening) for _ in range(count)] for kind, count in tasks.items()}
    variables = THREADS | NO_GPU
    if "ps" in tasks:  # or the chief waits for ever for a server that is gone
        variables["GRPC_FAIL_FAST"] = "use_caller"
    variables |= environment or {}

    with contextlib.ExitStack() as beside:
        network = beside.enter_context(own_network())
        others = addresses
        if link:
            others = link.open(addresses, network)
            beside.callback(link.close)

        def start(kind: str, index: int) -> RunningScript:
            seen = {name: list(places) for name, places in others.items()}
            seen[kind][index] = addresses[kind][index]  # a task has to listen at its own
            own = variables | {"TF_CONFIG": tf_config(seen, kind, index)}
            return start_script(script, *arguments, environment=own, network=network)

        name = Path(script).name
        return Cluster(name, names, start, deadline=deadline, beside=beside.pop_all())


class Cluster:
    """The running tasks of a script; `start_cluster` makes it, and `with` ends it.

    `cluster["worker 1"]` is one task, a `RunningScript`. A cluster with parameter servers is done
    when its chief is done: workers and servers wait for orders and never end by themselves.
    """

    def __init__(
        self,
        script: str,
        names: Mapping[str, tuple[str, int]],
        start: Callable[[str, int], RunningScript],
        *,
        deadline: float,
        beside: contextlib.ExitStack,
    ):
        """Start all tasks; where one can't be started, stop those that were."""
        self._script, self._names, self._start = script, dict(names), start
        self._running: dict[str, RunningScript] = {}
        self._shown: dict[Path, int] = {}  # characters of each log that were shown
        self._killed: set[str] = set()
        self._overdue = False
        self._deadline_s, self._beside = deadline, beside
        try:
            for name, task in self._names.items():
                self._running[name] = start(*task)
        except BaseException:
            self.stop()
            raise
        self._timer = threading.Timer(deadline, self._end_late)
        self._timer.daemon = True
        self._timer.start()

    def __repr__(self) -> str:
        """Say what runs, and how what does not run has ended."""
        states = ", ".join(f"{name}: {state}" for name, state in self.states.items())
        return f"<{self._script}, {states}>"

    def __getitem__(self, task: str) -> RunningScript:
        """Give one task by its name, such as "worker 0"."""
        if task not in self._running:
            names = ", ".join(self._names)
            raise KeyError(
                say("There is no task {task!r}; there are {names}.", task=task, names=names)
            )
        return self._running[task]

    def __enter__(self) -> "Cluster":
        """Return the cluster."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop all tasks."""
        self.stop()

    @property
    def returncodes(self) -> dict[str, int | None]:
        """For each task None while it runs, 0 after a good end, else another number."""
        return {name: script.returncode for name, script in self._running.items()}

    @property
    def states(self) -> dict[str, str]:
        """For each task in words whether it runs or how it ended, such as "killed (-9)"."""
        return {
            name: state_of(code, is_killed=name in self._killed)
            for name, code in self.returncodes.items()
        }

    def wait(
        self,
        timeout: float,
        *,
        silence: float = SILENCE_S,
        show: Callable[[str], None] | None = print,
    ) -> dict[str, int | None]:
        """Wait for the end of training, and show what the tasks print, each line with its task.

        Args:
            timeout: seconds to wait at most.
            silence: seconds that all tasks together may print nothing; a worker that never came up
                lets the others wait in silence.
            show: is given each line; None shows nothing.

        Returns:
            How each task ended; None for those that still run, as servers do.

        Raises:
            ScriptError: a task ended with another status than 0 (unless it was killed by `kill`),
                `timeout` or `silence` has passed, or the deadline of the cluster. All tasks are
                stopped then.
        """
        start = heard = time.monotonic()
        said: dict[str, object] = {"script": self._script, "timeout": timeout, "silence": silence}
        while True:
            codes = self.returncodes  # asked first: what was printed last is shown
            if self._show_new(show):
                heard = time.monotonic()
            if self._overdue:
                said["deadline"] = self._deadline_s
                raise self._failure(
                    say(
                        "The cluster of {script} was stopped at its deadline of {deadline:g} s.",
                        **said,
                    )
                )
            if failed := self._failed(codes):
                what = failure_of(self._script, failed, codes[failed])
                raise self._failure(what, [failed])
            if all(codes[name] is not None for name in self._awaited()):
                return codes
            running = [name for name in self._awaited() if codes[name] is None]
            if time.monotonic() - start > timeout:
                what = say("The cluster of {script} is still running after {timeout:g} s.", **said)
                raise self._failure(what, running)
            if time.monotonic() - heard > silence:
                what = say("The cluster of {script} has printed nothing for {silence:g} s.", **said)
                raise self._failure(what, running)
            time.sleep(POLL_S)

    def kill(self, task: str) -> None:
        """Kill a task at once, as a power cut would; `wait` does not take it for a failure.

        Args:
            task: its name, such as "worker 1".
        """
        self[task].kill()
        self._killed.add(task)

    def restart(self, task: str) -> RunningScript:
        """Start a task again, at its old address; if it still runs, it is killed first.

        Args:
            task: its name, such as "worker 1".

        Returns:
            The new process.

        Raises:
            ScriptError: the cluster was stopped, and with it its deadline and its link.
        """
        if self._timer.finished.is_set():
            raise ScriptError(
                say("The cluster of {script} was stopped; start a new one.", script=self._script)
            )
        self[task].kill()
        self._running[task] = self._start(*self._names[task])
        self._killed.discard(task)
        return self._running[task]

    def stop(self) -> None:
        """Stop all tasks: ask, and kill those that do not listen."""
        if timer := getattr(self, "_timer", None):
            timer.cancel()
        stop_all(self._running.values())
        self._beside.close()

    def _end_late(self) -> None:
        self._overdue = any(code is None for code in self.returncodes.values())
        self.stop()

    def _awaited(self) -> Iterable[str]:
        kinds = {kind for kind, _ in self._names.values()}
        if "ps" in kinds and "chief" in kinds:
            return [name for name, (kind, _) in self._names.items() if kind == "chief"]
        return list(self._names)

    def _failed(self, codes: Mapping[str, int | None]) -> str | None:
        """Give the task that failed, the first that ended where there are several."""
        failed = [
            name
            for name, code in codes.items()
            if code not in (None, 0) and name not in self._killed
        ]
        return min(failed, key=lambda name: self[name].log.stat().st_mtime, default=None)

    def _show_new(self, show: Callable[[str], None] | None) -> bool:
        """Show the lines that came since the last time; tell whether there were any."""
        came = False
        for name, script in self._running.items():
            text = script.output
            known = self._shown.get(script.log, 0)
            end = len(text) if script.returncode is not None else text.rfind("\n") + 1
            if end > known:
                self._shown[script.log] = end
                if show:
                    for line in text[known:end].splitlines():
                        show(f"[{name}] {line}")
                came = True
        return came

    def _failure(self, what: str, tasks: Iterable[str] = ()) -> ScriptError:
        """Stop all, and say what happened, with the last lines of the tasks that matter."""
        last = [
            say("The last lines of {task}:\n{lines}", task=name, lines=self[name].last_lines())
            for name in tasks or self._names
        ]
        self.stop()
        return ScriptError("\n".join([what, *last]))
