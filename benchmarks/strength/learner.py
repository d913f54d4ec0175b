"""A learner in a process of their own, who runs cells, answers, and runs the check.

The process (`room.py`) lives in a copy of the course, on the packaged sample and with no network.
The copy has decoys for solutions: a check that looks for one finds a file, and is seen.
"""

import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import psutil

import workshop

HERE = Path(__file__).parent
NO_NETWORK = HERE.parent.parent / "tests" / "lessons" / "in_kernel"  # its sitecustomize.py
TOO_SLOW = "too slow"
# The spy knows a decoy by this text.
DECOY = 'raise RuntimeError("a check ran the solution")'


class Learner:
    """A process that runs cells; one that gets stuck is ended, and another one started.

    Args:
        folder: an empty folder, for the copy of the course.
        solutions: names of the files that the course has in `solutions/`.

    Example:
        with Learner(folder, ["01_1_one.py"]) as learner:
            learner.ask(60, "lesson", cells=["import math"], needs=["math"])
            said = learner.ask(9, "answer", source="x = 1", check="checks.one(x)", limit=5)
    """

    def __init__(self, folder: Path, solutions: list[str]):
        """Make the copy of the course and start the process."""
        self._course = folder / "course"
        shutil.copytree(Path(workshop.__file__).parent, self._course / "workshop")
        shutil.copytree(HERE, self._course / "strength")
        for name in ("notebooks", "solutions", "empty"):
            (self._course / name).mkdir()
        for name in solutions:
            (self._course / "solutions" / name).write_text(DECOY)
        self._start()

    def ask(self, seconds: float, task: str, **what: object) -> dict | None:
        """Have something done.

        Args:
            seconds: how long to wait.
            task: the name of a method of `Room`.
            what: its arguments.

        Returns:
            What came back; None where nothing did: the process ended, or was ended because the
            time was up, and a new one has started, which has run no cell yet.
        """
        try:
            print(json.dumps({"task": task} | what), file=self._process.stdin, flush=True)
            if line := self._lines.get(timeout=seconds):
                return json.loads(line)
        except (OSError, queue.Empty):
            pass
        self._end()
        self._start()
        return None

    def _start(self) -> None:
        # By its module: what lies in benchmarks/ must not stand in for others of the same name.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "strength.room"],
            cwd=self._course / "notebooks",
            env=environment(self._course),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self._lines = queue.SimpleQueue()
        threading.Thread(target=listen, args=(self._process, self._lines)).start()

    def _end(self) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self._process.pid).children(recursive=True):
                child.kill()
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):  # what it did not read any more
            self._process.stdin.close()

    def __enter__(self) -> "Learner":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()


def listen(process: subprocess.Popen, lines: queue.SimpleQueue) -> None:
    """Pass on what a process says; an empty line is its end."""
    with process.stdout:
        for line in process.stdout:
            lines.put(line)
    lines.put("")


def environment(course: Path) -> dict[str, str]:
    """Make the variables of a process that has this course and no data but its sample."""
    empty = str(course / "empty")
    own = {
        "PYTHONPATH": os.pathsep.join(map(str, (course, NO_NETWORK))),
        "WORKSHOP_PROGRESS": str(course / "progress.json"),
        "WORKSHOP_DATA": "",
        "WORKSHOP_CACHE": empty,
        "KERAS_HOME": empty,
        "IPYTHONDIR": empty,
        "MPLBACKEND": "Agg",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    return {name: value for name, value in os.environ.items() if name != "WORKSHOP_STRICT"} | own
