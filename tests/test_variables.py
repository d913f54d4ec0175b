"""Paths that a person names in a variable."""

import os
import sys
from pathlib import Path

import pytest

from workshop.course import course_folder
from workshop.variables import named_path


def test_an_empty_variable_names_nothing(monkeypatch):
    monkeypatch.delenv("WORKSHOP_DATA", raising=False)
    assert named_path("WORKSHOP_DATA") is None
    for empty in ("", "  ", '""', "file://"):
        monkeypatch.setenv("WORKSHOP_DATA", empty)
        assert named_path("WORKSHOP_DATA") is None


@pytest.mark.parametrize(
    "written",
    ["data/mnist", "./data/mnist", "data/mnist/", ' "data/mnist" ', "'data/mnist'\r", "$D/mnist"],
)
@pytest.mark.parametrize("working_folder", [".", "notebooks", ".."])
def test_a_path_counts_from_the_course_wherever_a_program_works(
    monkeypatch, written, working_folder
):
    monkeypatch.chdir(course_folder() / working_folder)
    monkeypatch.setenv("D", "data")
    monkeypatch.setenv("WORKSHOP_DATA", written)
    assert named_path("WORKSHOP_DATA") == course_folder() / "data" / "mnist"


def test_home_and_whole_paths(monkeypatch, tmp_path):
    monkeypatch.setenv("USERPROFILE" if sys.platform == "win32" else "HOME", str(tmp_path))
    for written in ("~/mnist", '"~/mnist"', str(tmp_path / "mnist")):
        monkeypatch.setenv("WORKSHOP_DATA", written)
        assert named_path("WORKSHOP_DATA") == tmp_path / "mnist"
    monkeypatch.setenv("WORKSHOP_DATA", (tmp_path / "my mnist").as_uri())
    assert named_path("WORKSHOP_DATA") == tmp_path / "my mnist"


def test_a_user_without_a_home_gets_no_traceback(monkeypatch):
    def unknown(_):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", unknown)
    monkeypatch.setenv("WORKSHOP_DATA", "~/mnist")
    assert named_path("WORKSHOP_DATA") == course_folder() / "~" / "mnist"
    assert os.environ["WORKSHOP_DATA"] == "~/mnist"
