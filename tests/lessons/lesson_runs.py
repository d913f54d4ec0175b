"""Runs lessons under nbval, side by side: the notebooks, and the program that runs them.

In one kernel each exercise is seen unsolved, solved, and unsolved again (see in_kernel/leaf.py), so
that the cells below show that they need no answer. A lesson is run as a learner may meet it

- `SAMPLE`: on the packaged sample, with all cores;
- `BINDER`: on the full data, where they are found, on one core, with 2 GB of memory.

Both without a network. The runs have a process of their own, `python lesson_runs.py FOLDER`, beside
the other tests, and take what those leave idle: it reads `runs.json` in the folder and writes a
`result.json` for each run. It ends with its standard input.
"""

import concurrent.futures
import contextlib
import json
import os
import queue
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
from lesson_cells import needed_below
from lesson_memory import Watch

from workshop import machine
from workshop.course import lessons, solutions

IN_KERNEL = str(Path(__file__).parent / "in_kernel")
SAMPLE, BINDER = "sample", "binder"
BINDER_MEMORY = 2 * 2**30  # bytes; the free Binder gives a session 2 GB
DEADLINE_S = 1200
MOST_LETTERS = 6000  # of what a failed lesson says: its first failures
MAY_PIN = hasattr(psutil.Process, "cpu_affinity")  # not on macOS


def environment(folder: Path, **changes: str) -> dict[str, str]:
    """The variables of a kernel with no network, of its own caches, and a record of its own."""
    private = {
        "PYTHONPATH": IN_KERNEL,
        "WORKSHOP_PROGRESS": str(folder / "progress.json"),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
    own = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return own | private | changes


def nowhere(folder: Path) -> dict[str, str]:
    """Settings under which only the packaged sample can be found."""
    empty = str(folder / "empty")
    return {"WORKSHOP_DATA": "", "WORKSHOP_CACHE": empty, "KERAS_HOME": empty}


def unsolved_and_solved(lesson: Path) -> nbformat.NotebookNode:
    """A copy of a lesson in which each exercise is left out, then solved, then left out again.

    Args:
        lesson: the path of the lesson, with its solutions in the course folder.
    """
    notebook, answers = lessons.read(lesson), solutions.solve(lesson).cells
    cells = [added("import leaf as _leaf\n_leaf = _leaf.Leaf(get_ipython().user_ns)")]
    waiting = enumerate(zip(notebook.cells, answers, strict=True))
    for position, (cell, answer) in waiting:
        if not (number := lessons.exercise_number(cell)):
            cells.append(cell)
            continue
        _, (check, _) = next(waiting)
        left_out = f"_leaf.left_out({number!r},\n{check.source}\n)"
        below = sorted(needed_below(notebook.cells, position + 2))
        cells += [added("_leaf.exercise()"), cell, added(left_out)]
        cells += [added(answer.source), check, added(f"_leaf.take_back({below})")]
    notebook.cells = cells
    return notebook


added = nbformat.v4.new_code_cell


class LessonRuns:
    """The process that runs some lessons, and what came of them."""

    def __init__(self, folder: Path, runs: list[tuple[Path, str]]):
        """Start the runs in this order; each is the path of a lesson and a kind."""
        self._folder = folder
        copies = {lesson: unsolved_and_solved(lesson) for lesson, _ in runs}
        write_plan(folder, [(lesson.stem, kind, copies[lesson]) for lesson, kind in runs])
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, __file__, str(folder)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # an interrupt is for the tests, which then end this
            )

    def result(self, name: str, kind: str) -> dict:
        """Wait for a run and give its seconds, its peak in bytes, and what it said if it failed."""
        file = self._folder / f"{name}-{kind}" / "result.json"
        while not file.exists():
            if self.process.poll() is not None and not file.exists():
                raise RuntimeError((self._folder / "log").read_text() or "The runs have ended.")
            time.sleep(0.1)
        return json.loads(file.read_text(encoding="utf-8"))

    def end(self) -> None:
        """End the process with all that it started."""
        self.process.stdin.close()
        self.process.wait(60)


def write_plan(folder: Path, runs: list[tuple[str, str, nbformat.NotebookNode]]) -> None:
    """Write what is to be run, in this order, to an empty folder.

    Args:
        folder: each run gets a folder in it.
        runs: the name of a lesson, `SAMPLE` or `BINDER`, and its notebook.
    """
    for name, kind, notebook in runs:
        home = folder / f"{name}-{kind}"
        (home / "notebooks").mkdir(parents=True)
        (home / "pytest.ini").write_text("[pytest]\n")
        nbformat.write(notebook, home / "notebooks" / f"{name}.ipynb")
    (folder / "runs.json").write_text(json.dumps([(name, kind) for name, kind, _ in runs]))


def nbval(home: Path, name: str, variables: dict, core: int | None, watch: Watch) -> str:
    """Run a notebook under nbval in a process of its own; give what it said where it failed."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-cell-timeout=600", "-q"]
    command += ["-c", str(home / "pytest.ini"), "-p", "no:cacheprovider"]
    process = subprocess.Popen(
        [*command, str(home / "notebooks" / f"{name}.ipynb")],
        cwd=home / "notebooks",
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if core is not None:
        psutil.Process(process.pid).cpu_affinity([core])
    watch.add(process.pid, itself=False)  # its kernel, and not pytest
    try:
        said, _ = process.communicate(timeout=DEADLINE_S)
    except subprocess.TimeoutExpired:
        return f"The lesson did not end within {DEADLINE_S} s."
    finally:
        end(process)
    if process.returncode == 0:
        return ""
    return said if len(said) < MOST_LETTERS else f"{said[:MOST_LETTERS]}\n...\n{said[-1000:]}"


def fault(result: dict, kind: str) -> str:
    """Say what is wrong with a run; nothing where all is well."""
    if result["said"]:
        return result["said"]
    if kind == BINDER and result["peak"] > BINDER_MEMORY:
        peak, limit = result["peak"] / 2**20, BINDER_MEMORY / 2**20
        return f"The lesson and its server took {peak:.0f} MiB; Binder gives {limit:.0f}."
    return ""


def end(process: subprocess.Popen) -> None:
    """End a process that still runs, with all that it started."""
    if process.poll() is None:
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
    process.wait()


@contextlib.contextmanager
def jupyterlab(folder: Path):
    """JupyterLab as Binder starts it; it waits beside the notebooks, and its memory counts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={folder}"],
        env=environment(folder / "server"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    yield process.pid
                    return
            time.sleep(0.2)
        raise TimeoutError("JupyterLab did not start within 120 s")
    finally:
        end(process)


def run(folder: Path, name: str, kind: str, server: int, cores: queue.SimpleQueue) -> None:
    """Run one lesson on the next free core and write its result."""
    home, core, start = folder / f"{name}-{kind}", cores.get(), time.monotonic()
    result = {"said": "", "peak": 0}
    try:
        with Watch() as watch:
            if kind == SAMPLE:
                changes, only = nowhere(home), None
            else:
                changes, only = {"MEM_LIMIT": str(BINDER_MEMORY)}, core if MAY_PIN else None
                watch.add(server, itself=True)
            variables = environment(home, WORKSHOP_STRICT="1", **changes)
            result["said"] = nbval(home, name, variables, only, watch)
        result["peak"] = watch.peak
    except Exception as error:  # noqa: BLE001 - the test that waits says it
        result["said"] = f"{type(error).__name__}: {error}"
    finally:
        cores.put(core)
    shutil.rmtree(home / "notebooks" / "runs", ignore_errors=True)  # up to 400 MB
    result["seconds"] = time.monotonic() - start
    new = home / "result.json.new"
    new.write_text(json.dumps(result), encoding="utf-8")
    new.replace(home / "result.json")


def main(folder: Path) -> None:
    """Run the plan of a folder, as many lessons side by side as there are cores and memory."""
    threading.Thread(target=end_with_input, daemon=True).start()
    numbers = psutil.Process().cpu_affinity() if MAY_PIN else range(machine.cores())
    room = machine.memory().free // BINDER_MEMORY or 1
    numbers = list(numbers)[: min(room, machine.cores(), 4)]  # of a container, less than it sees
    cores = queue.SimpleQueue()
    for number in numbers:
        cores.put(number)
    with jupyterlab(folder) as server, concurrent.futures.ThreadPoolExecutor(len(numbers)) as pool:
        for name, kind in json.loads((folder / "runs.json").read_text()):
            pool.submit(run, folder, name, kind, server, cores)


def end_with_input() -> None:
    """End everything when the tests, which hold the other end of standard input, have ended."""
    while os.read(0, 1):  # sys.stdin would be locked when this process ends by itself
        pass
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
