"""A lesson as it was delivered: kept by git or as a copy, and brought back."""

import json
import subprocess

import pytest

from workshop.course import originals
from workshop.course.lessons import LessonError


def git(course, *arguments):
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
        cwd=course,
        check=True,
        capture_output=True,
    )


@pytest.fixture(params=["git", "copies"])
def delivered(request, course):
    """The course as learners have it: cloned, or from an archive and started once."""
    if request.param == "git":
        git(course, "init")
        git(course, "add", ".")
        git(course, "commit", "-m", "all")
    originals.keep()
    assert (course / ".workshop").exists() == (request.param == "copies")
    return course


def test_reset_restores_and_keeps_the_copy(delivered, lesson):
    original = lesson.read_bytes()
    for number in (1, 2):
        mine = json.dumps({"mine": number}).encode()
        lesson.write_bytes(mine)
        copy = originals.restore(lesson)
        assert copy.name == f"02_softmax.mine-{number}.ipynb"
        assert copy.read_bytes() == mine
        assert lesson.read_bytes() == original


def test_reset_leaves_an_unchanged_lesson(delivered, lesson):
    lesson.write_bytes(lesson.read_bytes().replace(b"\n", b"\r\n"))
    before = lesson.read_bytes()
    assert originals.restore(lesson) is None
    assert lesson.read_bytes() == before
    assert [path.name for path in lesson.parent.glob("*mine*")] == []


def test_reset_brings_back_a_lesson_that_is_gone(delivered, lesson):
    original = lesson.read_bytes()
    lesson.unlink()
    assert originals.restore(originals.find("2")) is None
    assert lesson.read_bytes() == original


def test_a_second_start_does_not_keep_the_changed_lesson(course, lesson):
    originals.keep()
    original = lesson.read_bytes()
    lesson.write_bytes(b"mine")
    originals.keep()
    originals.restore(lesson)
    assert lesson.read_bytes() == original


def test_without_an_original_nothing_is_touched(course, lesson):
    lesson.write_bytes(b"mine")
    with pytest.raises(LessonError, match="no original"):
        originals.restore(lesson)
    assert lesson.read_bytes() == b"mine"


@pytest.mark.parametrize("stops_at", ["_copy_beside", "_put"])
def test_nothing_is_lost_when_reset_stops(course, lesson, monkeypatch, stops_at):
    originals.keep()
    lesson.write_bytes(b"mine")

    def stop(*arguments):
        raise OSError(28, "No space left on device", "file")

    monkeypatch.setattr(originals, stops_at, stop)
    with pytest.raises(LessonError, match="your work is still in"):
        originals.restore(lesson)
    assert lesson.read_bytes() == b"mine"


def test_a_git_folder_around_the_course_is_not_taken_for_it(course, lesson):
    git(course, "init")
    (course / "notes.txt").write_text("mine")
    git(course, "add", "notes.txt")
    git(course, "commit", "-m", "not the course")
    originals.keep()
    assert (course / ".workshop" / "originals" / lesson.name).exists()
