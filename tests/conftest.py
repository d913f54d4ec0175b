"""Runs the chosen lessons beside the other tests, and prints what each took."""

import browser
import pytest
from lesson_runs import BINDER, LessonRuns

SECONDS = "lessons/seconds"  # in pytest's cache: what each run took the last time
RESULTS = pytest.StashKey[dict[tuple[str, str], dict]]()


def pytest_configure(config):
    """Make room for the results of this run."""
    config.stash[RESULTS] = {}


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
