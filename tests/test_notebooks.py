"""Every lesson runs from top to bottom under nbval: unsolved, solved, and as on Binder."""

import concurrent.futures
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
        while not self._done.wait(0.1):
            self.peak = max(self.peak, sum(self._now(*parent) for parent in self._parents))

    @staticmethod
    def _now(process, itself):
        total = 0
        try:
            watched = process.children(recursive=True) + [process] * itself
        except psutil.NoSuchProcess:
            return 0
        for one in watched:
            try:
                total += memory(one)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return total


def memory(process):
    """The bytes that a container is charged for: what several processes share counts once."""
    info = process.memory_full_info()
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


def run_nbval(notebook, name, tmp_path, *, variables, watch, cores=None):
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
    if cores:
        psutil.Process(process.pid).cpu_affinity(cores)
    watch.add(process.pid, itself=False)  # its kernel, and not pytest
    try:
        said, _ = process.communicate(timeout=DEADLINE_S)
    finally:
        for child in psutil.Process(process.pid).children(True) if process.poll() is None else []:
            child.kill()
        process.kill()
    assert process.returncode == 0, said[-6000:]


def timed(request, lesson, how, watch, start):
    seconds = time.monotonic() - start
    request.config.stash[NOTEBOOK_RUNS].append((lesson.stem, how, seconds, watch.peak))


@pytest.fixture(scope="module")
def unsolved_runs(request, tmp_path_factory):
    """The runs of the chosen lessons, side by side: small models keep little more than a core busy.

    Not for runs whose memory or speed counts: what two lessons share is charged to neither in full.
    """
    may_pin = hasattr(psutil.Process, "cpu_affinity")  # not on macOS
    cores = psutil.Process().cpu_affinity() if may_pin else [None]
    room = psutil.virtual_memory().available // BINDER_MEMORY or 1
    cores = cores[: min(room, 4)]  # a container may be given less than it sees
    free = queue.SimpleQueue()
    for core in cores:
        free.put(core)

    def run(lesson, folder):
        start, core = time.monotonic(), free.get()
        try:
            with Watch() as watch:
                run_nbval(
                    notebooks.read(lesson),
                    lesson.name,
                    folder,
                    variables=environment(folder, **nowhere(folder)),
                    watch=watch,
                    cores=[core] if may_pin else None,
                )
        finally:
            free.put(core)
        timed(request, lesson, "unsolved, sample, side by side", watch, start)

    chosen = [
        item.callspec.params["lesson"]
        for item in request.session.items
        if "unsolved_runs" in getattr(item, "fixturenames", ())
    ]
    pool = concurrent.futures.ThreadPoolExecutor(len(cores))
    # The folders are made here: pytest makes none in two threads at once.
    folders = {lesson: tmp_path_factory.mktemp(lesson.stem) for lesson in chosen}
    yield {lesson: pool.submit(run, lesson, folder) for lesson, folder in folders.items()}
    pool.shutdown(cancel_futures=True)


@each_lesson
def test_unsolved_on_the_sample_without_a_network(lesson, unsolved_runs):
    unsolved_runs[lesson].result()


@each_lesson
def test_solved_on_the_sample_is_in_its_ranges(lesson, tmp_path, request):
    start = time.monotonic()
    variables = environment(tmp_path, WORKSHOP_STRICT="1", **nowhere(tmp_path))
    with Watch() as watch:
        notebook = notebooks.solve(lesson)
        run_nbval(notebook, lesson.name, tmp_path, variables=variables, watch=watch)
    timed(request, lesson, "solved, sample", watch, start)


@pytest.fixture
def server(tmp_path):
    """JupyterLab as Binder starts it, waiting beside the notebook."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={tmp_path}"],
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    else:
        process.kill()
        pytest.fail("JupyterLab did not start within 60 s")
    yield process.pid
    process.terminate()
    process.wait(20)


@pytest.mark.skipif(not hasattr(psutil.Process, "cpu_affinity"), reason="no CPU affinity here")
@each_lesson
def test_solved_on_the_full_data_as_on_binder(lesson, tmp_path, request, server):
    """One core, at most 2 GB for server and kernel together, no network.

    On the full data where it is found; without it the sample stands in, as the lesson says.
    """
    from workshop.data import mnist

    kind, _ = mnist.status()
    data = "sample (no full data here)" if kind == "sample" else "full data"
    start = time.monotonic()
    with Watch() as watch:
        watch.add(server, itself=True)
        run_nbval(
            notebooks.solve(lesson),
            lesson.name,
            tmp_path,
            variables=environment(tmp_path, WORKSHOP_STRICT="1", MEM_LIMIT=str(BINDER_MEMORY)),
            watch=watch,
            cores=[psutil.Process().cpu_affinity()[0]],
        )
    timed(request, lesson, f"solved, {data}, one core, with server", watch, start)
    assert watch.peak <= BINDER_MEMORY


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
