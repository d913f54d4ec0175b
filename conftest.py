"""What all tests and doctests share."""

import os
import sys

import pytest

# TensorFlow's start-up lines; they tell nothing about a test.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("MPLBACKEND", "agg")


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
