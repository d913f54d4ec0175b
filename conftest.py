"""What all tests and doctests share, and the table of notebooks at the end of a run."""

import os
import sys

import pytest

# TensorFlow's start-up lines; they tell nothing about a test.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

# (notebook, how it was run, seconds, peak bytes of its kernel, and of a server where one ran)
NOTEBOOK_RUNS = pytest.StashKey[list[tuple[str, str, float, int]]]()


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    """Keep the tests away from the record of the person who runs them."""
    monkeypatch.setenv("WORKSHOP_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.delenv("WORKSHOP_STRICT", raising=False)


@pytest.fixture(autouse=True)
def no_figure_is_left():
    """Close what a test or a doctest has drawn; matplotlib warns of more than twenty figures."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


def pytest_configure(config):
    """Make room for the measurements of this run."""
    config.stash[NOTEBOOK_RUNS] = []


def pytest_terminal_summary(terminalreporter, config):
    """Print what each notebook took."""
    runs = config.stash[NOTEBOOK_RUNS]
    if not runs:
        return
    terminalreporter.section("notebooks: seconds and peak memory")
    for name, how, seconds, peak in runs:
        terminalreporter.write_line(f"{name:24} {how:44} {seconds:6.1f} s {peak / 2**20:7.0f} MiB")
