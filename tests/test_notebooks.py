"""Every lesson runs from top to bottom under nbval: unsolved, solved, and as on Binder."""

import concurrent.futures
import contextlib
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from conftest import NOTEBOOK_RUNS
from workshop import notebooks

OFFLINE = str(Path(__file__).parent / "offline")
BINDER_MEMORY = 2 * 2**30  # bytes; the free Binder gives a session 2 GB
DEADLINE_S = 900
LESSONS = notebooks.lessons()

each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)


class Watch:
    """Samples the memory of processes and of all that they started, from the first to the last."""

    def __init__(self):
        """Start with nothing to watch."""
        self.peak = 0
        self._parents = []
        self._done = threading.Event()

    def add(self, pid, *, itself):
        self._parents.append((psutil.Process(pid), itself))

    def __enter__(self):
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()

    def _sample(self):
        highest, due = 0, 0.0
        while not self._done.wait(0.1):
            here = self._total(resident)
            if here > highest or time.monotonic() >= due:  # `charged` takes a core 10 ms a process
                highest, due = max(highest, here), time.monotonic() + 1
                self.peak = max(self.peak, self._total(charged))

    def _total(self, measure):
        return sum(measure(process) for parent in self._parents for process in family(*parent))


def family(process, itself):
    """The processes that a process has started, and theirs; with `itself` that process too."""
    try:
        return process.children(recursive=True) + [process] * itself
    except psutil.NoSuchProcess:
        return []


def resident(process):
    """The bytes of a process that are in memory, those that it shares with others too."""
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def charged(process):
    """The bytes that a container is charged for: what several processes share counts once."""
    try:
        info = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
    return getattr(info, "pss", info.uss)


def environment(tmp_path, **changes):
    """The variables of a kernel with no network, of its own caches, and a record of its own."""
    private = {
        "PYTHONPATH": OFFLINE,
        "WORKSHOP_PROGRESS": str(tmp_path / "progress.json"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
    own = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return own | private | changes


def nowhere(tmp_path):
    """Settings under which only the packaged sample can be found."""
    empty = str(tmp_path / "empty")
    return {"WORKSHOP_DATA": "", "WORKSHOP_CACHE": empty, "KERAS_HOME": empty}


def run_nbval(notebook, name, tmp_path, *, variables, watch, core=None):
    """Run a notebook under nbval in a process of its own; fail with what nbval printed."""
    folder = tmp_path / "notebooks"
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook, folder / name)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-cell-timeout=300", "-q"]
    command += ["-c", str(tmp_path / "pytest.ini"), "-p", "no:cacheprovider", str(folder / name)]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=variables,
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
    finally:
        for child in psutil.Process(process.pid).children(True) if process.poll() is None else []:
            child.kill()
        process.kill()
    assert process.returncode == 0, said[-6000:]


def timed(request, lesson, how, start, peak):
    seconds = time.monotonic() - start
    request.config.stash[NOTEBOOK_RUNS].append((lesson.stem, how, seconds, peak))


def cores():
    """Four cores at most, as far as there is memory for a lesson on each; [None] on macOS.

    A lesson takes one core as long as it takes two, nearly: small models keep one busy. A container
    may be given less than it sees, so not all that are seen are taken.
    """
    if not hasattr(psutil.Process, "cpu_affinity"):
        return [None]
    room = psutil.virtual_memory().available // BINDER_MEMORY or 1
    return psutil.Process().cpu_affinity()[: min(room, 4)]


class SideBySide:
    """Runs the lessons of one test at the same time, each on a core of its own."""

    def __init__(self):
        """Start nothing yet."""
        self._free = queue.SimpleQueue()
        for core in (usable := cores()):
            self._free.put(core)
        self._pool = concurrent.futures.ThreadPoolExecutor(len(usable))
        self._runs = {}

    def result(self, request, run):
        """Wait for `run(lesson, core)`; the first call starts it for all lessons of this test."""
        test = request.node.originalname
        if request.node not in self._runs:
            for item in request.session.items:
                if getattr(item, "originalname", None) == test and item.module is request.module:
                    lesson = item.callspec.params["lesson"]
                    self._runs[item] = self._pool.submit(self._on_a_core, run, lesson)
        return self._runs[request.node].result()

    def _on_a_core(self, run, lesson):
        core = self._free.get()
        try:
            return run(lesson, core)
        finally:
            self._free.put(core)

    def close(self):
        self._pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def side_by_side():
    runs = SideBySide()
    yield runs
    runs.close()


@each_lesson
def test_unsolved_on_the_sample_without_a_network(lesson, side_by_side, tmp_path_factory, request):
    def run(lesson, core):
        start, folder = time.monotonic(), tmp_path_factory.mktemp(lesson.stem)
        variables = environment(folder, **nowhere(folder))
        with Watch() as watch:
            notebook = notebooks.read(lesson)
            run_nbval(notebook, lesson.name, folder, variables=variables, watch=watch, core=core)
        timed(request, lesson, "unsolved, sample, one core", start, watch.peak)

    side_by_side.result(request, run)


@each_lesson
def test_solved_on_the_sample_is_in_its_ranges(lesson, tmp_path, request):
    start = time.monotonic()
    variables = environment(tmp_path, WORKSHOP_STRICT="1", **nowhere(tmp_path))
    with Watch() as watch:
        notebook = notebooks.solve(lesson)
        run_nbval(notebook, lesson.name, tmp_path, variables=variables, watch=watch)
    timed(request, lesson, "solved, sample", start, watch.peak)


@contextlib.contextmanager
def server(folder):
    """JupyterLab as Binder starts it, waiting beside the notebook; gives its process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={folder}"],
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        else:
            pytest.fail("JupyterLab did not start within 60 s")
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.skipif(not hasattr(psutil.Process, "cpu_affinity"), reason="no CPU affinity here")
@each_lesson
def test_solved_on_the_full_data_as_on_binder(lesson, side_by_side, tmp_path_factory, request):
    """One core, at most 2 GB for server and kernel together, no network.

    On the full data where it is found; without it the sample stands in, as the lesson says.
    """
    from workshop.data import mnist

    kind, _ = mnist.status()
    data = "sample (no full data here)" if kind == "sample" else "full data"

    def run(lesson, core):
        folder = tmp_path_factory.mktemp(lesson.stem)
        variables = environment(folder, WORKSHOP_STRICT="1", MEM_LIMIT=str(BINDER_MEMORY))
        with server(folder) as pid, Watch() as watch:
            start = time.monotonic()
            watch.add(pid, itself=True)
            notebook = notebooks.solve(lesson)
            run_nbval(notebook, lesson.name, folder, variables=variables, watch=watch, core=core)
        timed(request, lesson, f"solved, {data}, one core, with server", start, watch.peak)
        return watch.peak

    assert side_by_side.result(request, run) <= BINDER_MEMORY


def test_the_network_is_off_in_these_runs():
    code = (
        "import socket, urllib.request\n"
        "for reach in (lambda: socket.create_connection(('192.0.2.1', 80), 5),\n"
        "              lambda: urllib.request.urlopen('http://example.invalid', timeout=5)):\n"
        "    try: reach()\n"
        "    except OSError as error: print('no network in this test' in str(error))\n"
    )
    env = os.environ | {"PYTHONPATH": OFFLINE}
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        env.pop(name, None)
    said = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["True", "True"]
