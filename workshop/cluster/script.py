"""Start a Python script in a process of its own, read what it prints, and end it for sure."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import psutil

from workshop.cluster.environment import script_environment
from workshop.cluster.network import OwnNetwork
from workshop.cluster.status import state_of, within
from workshop.messages import say

POLL_S = 0.1
GRACE_S = 5.0
TAIL_LINES, TAIL_BEFORE_ERROR, TAIL_WIDTH = 15, 5, 500
TRACEBACK = "Traceback (most recent call last):"
LED_TO = ("another exception occurred:", "the direct cause of the following exception:")
# What TensorFlow says of itself; it hides what the script prints. Two "errors" are none: on NodeDef
# (Keras asks for a thread pool that some operations of TensorFlow 2.21 do not know), and on cuInit
# (the CUDA build finds no GPU, because there is none or it was hidden).
NOISE = re.compile(
    r"^(?:[IW]\d{4} \d\d:\d\d:|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IW] |"
    r"E\d{4} .*\] (?:NodeDef mentions attribute |failed call to cuInit: )|"
    r"WARNING: All log messages before absl::|To enable the following instructions:|"
    r"/job:\w+/replica:\d+/task:\d+$)"
)
# A server prints its settings, some twenty lines to an empty one.
SETTINGS = re.compile(r"^device_count \{\n(?:.+\n)*\n?", re.MULTILINE)


class ScriptError(RuntimeError):
    """A script did not end as it should, or took longer than it was allowed."""


def start_script(
    script: str | os.PathLike,
    *arguments: object,
    environment: Mapping[str, str] | None = None,
    network: OwnNetwork | None = None,
) -> "RunningScript":
    """Start a Python script in a process of its own and return at once.

    A second process has its own memory and its own TensorFlow, and can be killed: a cell can't show
    that. It runs with this kernel's Python, in this kernel's folder, and ends when the kernel ends.
    An interrupt of the notebook does not reach it.

    Args:
        script: path of the `.py` file.
        *arguments: what the script finds in `sys.argv[1:]`, each as text.
        environment: variables to set for the script, in addition to those of this process.
        network: the one that the script is on; without it that of this machine.

    Returns:
        The running script. What it prints goes to a file beside it, `log`.

    Raises:
        FileNotFoundError: there is no such file.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "hello.py").write_text("import sys; print('hello', sys.argv[1])")
        >>> with start_script(folder / "hello.py", 7) as running:
        ...     running.wait(60)
        ...     running.output
        0
        'hello 7\\n'
    """
    path = Path(script)
    if not path.is_file():
        why = say("There is no script {path}. Run the cell that writes it.", path=path.absolute())
        raise FileNotFoundError(why)
    command = [sys.executable, "-m", "workshop.cluster.child", str(path), *map(str, arguments)]
    printed = path.with_suffix(f".{time.monotonic_ns()}.log")
    with printed.open("wb") as log:
        process = psutil.Popen(
            network.command(command) if network else command,
            env=script_environment(environment),
            stdin=subprocess.PIPE,  # see child.py
            stdout=log,
            stderr=subprocess.STDOUT,
            **_own_group(),
        )
    return RunningScript(path, process, printed)


def _own_group() -> dict:
    """Keep Ctrl-C and the notebook's interrupt away from the script."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


class RunningScript:
    """A script that runs beside the notebook; `start_script` makes it.

    As a context manager it stops the script at the end of the block.
    """

    def __init__(self, script: Path, process: psutil.Popen, log: Path):
        """Keep the process and the file that it prints to."""
        self.script, self.log, self._process = script, log, process
        self._guard: subprocess.Popen | None = None

    def __repr__(self) -> str:
        """Say what runs, or how it ended."""
        return f"<{self.script.name}, process {self.pid}, {state_of(self.returncode)}>"

    def __enter__(self) -> "RunningScript":
        """Return the running script."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the script."""
        self.stop()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs, 0 after a good end, negative after a signal (not on Windows)."""
        return self._process.poll()

    @property
    def output(self) -> str:
        """All that the script has printed so far, without TensorFlow's start-up lines."""
        text = SETTINGS.sub("", self.log.read_text(encoding="utf-8", errors="replace"))
        return "".join(line for line in text.splitlines(True) if not NOISE.match(line))

    @property
    def results(self) -> list[dict]:
        """The lines that are JSON objects, as `print(json.dumps({...}))` writes them, as dicts."""
        found = []
        for line in self.output.splitlines():
            with contextlib.suppress(ValueError):
                found += [json.loads(line)] if line.startswith("{") else []
        return found

    def wait(self, timeout: float) -> int:
        """Wait for the end of the script.

        Args:
            timeout: seconds to wait at most.

        Returns:
            The exit status: 0, another number, or a negative signal.

        Raises:
            ScriptError: it was still running after `timeout` seconds; it goes on running.
        """
        if within(timeout, lambda: self.returncode is not None):
            return self._process.returncode
        said = {"script": self.script.name, "limit": timeout}
        raise self._error(say("{script} is still running after {limit:g} s.", **said))

    def wait_for(self, text: str, timeout: float) -> str:
        """Wait until the script has printed a text.

        Args:
            text: what to wait for; within one line.
            timeout: seconds to wait at most.

        Returns:
            The first line that contains the text.

        Raises:
            ScriptError: the script ended without it, or did not print it in `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        said = {"script": self.script.name, "text": text, "limit": timeout}
        while True:
            said["status"] = self.returncode  # asked first: what it printed last counts
            for line in self.output.splitlines():
                if text in line:
                    return line
            if said["status"] is not None:
                raise self._error(
                    say("{script} ended ({status}) and never printed {text!r}.", **said)
                )
            if time.monotonic() > deadline:
                raise self._error(
                    say("{script} did not print {text!r} within {limit:g} s.", **said)
                )
            time.sleep(POLL_S)

    def stop(self) -> None:
        """Ask the script to end, and kill it and what it started if it does not."""
        stop_all([self])

    def suspend(self) -> None:
        """Freeze the script: it is still there, and does nothing, until `resume`."""
        if self._guard is None:  # one that is frozen can't see that the kernel ends
            self._guard = subprocess.Popen(
                [sys.executable, "-m", "workshop.cluster.child", "--guard", str(self.pid)],
                stdin=subprocess.PIPE,
                **_own_group(),
            )
        for process in self._family():
            _quietly(process.suspend)

    def resume(self) -> None:
        """Let a frozen script go on."""
        for process in self._family():
            _quietly(process.resume)

    def last_lines(self) -> str:
        """Give the last lines that the script has printed, cut where they are long, or "(nothing)".

        The traceback of an error counts apart: however long, it leaves what was printed before it.
        """
        lines = [line[:TAIL_WIDTH] for line in self.output.splitlines()]
        start = _start_of_error(lines)
        error = lines[start:]
        if len(error) > TAIL_LINES + 4:
            error = [*error[:3], "  ...", *error[-TAIL_LINES:]]  # the script's own line stays
        before = TAIL_BEFORE_ERROR if error else TAIL_LINES
        return "\n".join([*lines[max(0, start - before) : start], *error]) or say("(nothing)")

    def kill(self) -> None:
        """Kill the script and what it started at once, as a power cut would."""
        _kill(self._family())
        self._finish()

    def _family(self) -> list[psutil.Process]:
        try:
            return [self._process, *self._process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _finish(self) -> None:
        within(GRACE_S, lambda: self.returncode is not None)
        self._process.stdin.close()
        if self._guard:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None

    def _error(self, what: str) -> ScriptError:
        lines = self.last_lines()
        return ScriptError(say("{what} Its last lines:\n{lines}", what=what, lines=lines))


def _start_of_error(lines: list[str]) -> int:
    """Give the place of the last traceback, with those that led to it; the end without one."""
    start = len(lines)
    for place in range(len(lines) - 1, -1, -1):
        if lines[place] == TRACEBACK:
            start = place
            cause = [line for line in lines[max(0, place - 3) : place] if line]
            if not cause or not cause[-1].endswith(LED_TO):
                break
    return start


def stop_all(scripts: Iterable[RunningScript]) -> None:
    """Ask scripts to end, all at once, and kill those that do not.

    Args:
        scripts: running ones; those that have ended are left in peace.
    """
    scripts = list(scripts)
    processes = [process for script in scripts for process in script._family()]  # noqa: SLF001 - of this module
    for process in processes:
        _quietly(process.terminate)
        _quietly(process.resume)  # one that is frozen would never hear of it
    within(GRACE_S, lambda: not any(map(_is_alive, processes)))
    _kill(list(filter(_is_alive, processes)))
    for script in scripts:
        script._finish()  # noqa: SLF001 - of this module


def _kill(processes: list[psutil.Process]) -> None:
    """Kill processes, and return when they are gone."""
    for process in processes:
        _quietly(process.kill)
    within(GRACE_S, lambda: not any(map(_is_alive, processes)))


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _quietly(action: Callable[[], None]) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        action()
