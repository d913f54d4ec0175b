"""Runs the chosen lessons beside the other tests, and prints what each took; shared fixtures."""

import shutil
import signal
import sys
from pathlib import Path

import browser
import pytest
from lesson_runs import BINDER, LessonRuns
from nbformat import v4
from processes import children, is_alive, until
from small_course import code, deliver, save

import workshop.course
from workshop.cli import learner
from workshop.course import delivery, editions, lessons, originals, progress, solutions
from workshop.hub import environment, settings
from workshop.update import bases, git, sources
from workshop.update import lesson as update

SECONDS = "lessons/seconds"  # in pytest's cache: what each run took the last time
RESULTS = pytest.StashKey[dict[tuple[str, str], dict]]()


def pytest_configure(config):
    """Make room for the results of this run, and let it and its children be interrupted."""
    config.stash[RESULTS] = {}
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as of `nohup ... &`
        signal.signal(signal.SIGINT, signal.default_int_handler)


def needs_a_run(item):
    return "lesson_result" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(items):
    """Let the tests that wait for a lesson come last: the others run meanwhile."""
    items.sort(key=needs_a_run)


@pytest.fixture(scope="session", autouse=True)
def background(request, tmp_path_factory):
    """The runs of the chosen lessons, begun before the first test, the longest first; or None."""
    chosen = [item.callspec.params for item in request.session.items if needs_a_run(item)]
    if not chosen:
        yield None
        return
    cache = getattr(request.config, "cache", None)
    last = cache.get(SECONDS, {}) if cache else {}
    runs = [(params["lesson"], params["kind"]) for params in chosen]
    # Not known yet: the full data take longer than the sample.
    runs.sort(key=lambda run: last.get(f"{run[0].stem} {run[1]}", run[1] == BINDER), reverse=True)
    running = LessonRuns(tmp_path_factory.mktemp("lessons"), runs)
    yield running
    running.end()


@pytest.fixture
def lesson_result(background, request):
    """Give what came of a lesson's run, and note it for the table."""

    def lesson_result(lesson, kind):
        result = background.result(lesson.stem, kind)
        request.config.stash[RESULTS][f"{lesson.stem} {kind}"] = result
        return result

    return lesson_result


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The JupyterLab of all tests that look at a page."""
    with browser.jupyterlab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="session")
def hub_environment():
    """The Python of a hub and the command of its proxy; skips where none can be installed."""
    if sys.platform == "win32":
        pytest.skip("JupyterHub does not run on Windows")
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("the hub's proxy needs Node.js with npm")
    try:
        return environment.prepare(Path(__file__).parent.parent)
    except settings.HubError as error:
        pytest.skip(f"no hub could be installed: {error}")


def pytest_terminal_summary(terminalreporter, config):
    """Print what each run took, and keep it for the order of the next."""
    results = config.stash[RESULTS]
    if not results:
        return
    terminalreporter.section("lessons: seconds and peak memory")
    for run, result in sorted(results.items()):
        seconds, peak = result["seconds"], result["peak"] / 2**20
        terminalreporter.write_line(f"{run:32} {seconds:6.1f} s {peak:7.0f} MiB")
    if cache := getattr(config, "cache", None):
        seconds = {run: result["seconds"] for run, result in results.items()}
        cache.set(SECONDS, cache.get(SECONDS, {}) | seconds)


@pytest.fixture
def nothing_is_left(background):
    """No test may leave a process behind; lessons run beside the tests."""
    apart = background and background.process.pid
    before = children(apart)
    yield
    new = children(apart) - before
    until(lambda: not any(map(is_alive, new)), f"left behind: {new}")


@pytest.fixture
def write(tmp_path):
    """Write a script and give its path."""

    def write(source, name="script.py"):
        (tmp_path / name).write_text(source)
        return tmp_path / name

    return write


@pytest.fixture
def interruptible():
    """Let an interrupt raise, as in a kernel; who runs in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Edition 1.0 of two lessons; the second has two exercises and their solutions."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "solutions").mkdir()
    parts = (delivery, editions, lessons, originals, progress, solutions, learner)
    parts += (bases, git, sources, update)
    for module in (workshop.course, *parts):
        monkeypatch.setattr(module, "course_folder", lambda: tmp_path)
    save(tmp_path / "notebooks" / "00_welcome.ipynb", v4.new_markdown_cell("# Welcome"))
    save(
        tmp_path / "notebooks" / "02_softmax.ipynb",
        code("import math"),
        code("x = ...", "exercise-2-1"),
        code("check(x)", "check-2-1"),
        code("y = ...", "other", "exercise-2-2"),
    )
    (tmp_path / "solutions" / "02_1_sum.py").write_text("x = 1\n\nx += 1\n")
    (tmp_path / "solutions" / "02_2_root.py").write_text("y = math.sqrt(4)\n")
    deliver("1.0", tmp_path)
    return tmp_path


@pytest.fixture
def lesson(course):
    return course / "notebooks" / "02_softmax.ipynb"


@pytest.fixture
def record_file(tmp_path, monkeypatch):
    """A place for the learner's progress that is not there yet."""
    monkeypatch.delenv("WORKSHOP_STRICT", raising=False)
    path = tmp_path / "state" / "progress.json"
    monkeypatch.setenv("WORKSHOP_PROGRESS", str(path))
    return path
