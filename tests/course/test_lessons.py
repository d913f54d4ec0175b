"""Lessons as files, on a small course of their own."""

import shutil

import pytest
from small_course import code, save

from workshop.course import lessons, solutions
from workshop.course.lessons import LessonError


def test_lessons_are_listed_without_copies(course, lesson):
    for copy in ("02_softmax.solved.ipynb", "02_softmax.mine-1.ipynb", "Untitled.ipynb"):
        shutil.copy(lesson, lesson.with_name(copy))
    assert [path.name for path in lessons.paths()] == ["00_welcome.ipynb", "02_softmax.ipynb"]


def test_a_second_notebook_of_a_number_is_a_copy(course, lesson):
    """It would count its exercises again, and be taken for the lesson."""
    shutil.copy(lesson, lesson.with_name("02_before.ipynb"))
    shutil.copy(lesson, lesson.with_name("02_zebra.ipynb"))
    assert [path.name for path in lessons.paths()] == ["00_welcome.ipynb", "02_softmax.ipynb"]
    assert lessons.find("2") == lesson
    lesson.unlink()
    assert lessons.find("2").name == "02_before.ipynb", "renamed, it is the lesson"


@pytest.mark.parametrize("number", ["2", "02", "02_softmax", "notebooks/02_softmax.ipynb"])
def test_a_lesson_is_found(lesson, number):
    assert lessons.find(number) == lesson


def test_a_lesson_in_two_notebooks_has_a_letter(course, lesson):
    second = lesson.with_name("02b_more.ipynb")
    save(second, code("z = ...", "exercise-2b-1"))
    (course / "solutions" / "02b_1_more.py").write_text("z = 3\n")
    assert [path.name for path in lessons.paths()][1:] == [lesson.name, second.name]
    assert lessons.find("2") == lessons.find("02") == lesson
    assert lessons.find("2b") == lessons.find("02b") == second
    assert lessons.exercises(second) == ["2b-1"]
    assert solutions.solve(second).cells[0].source == "z = 3"
    assert lessons.exercises(lesson) == ["2-1", "2-2"]
    solutions.solve(lesson)


@pytest.mark.parametrize("number", ["7", "softmax", "", "-2", "².5"])
def test_an_unknown_lesson_names_those_that_exist(course, number):
    with pytest.raises(LessonError, match="00_welcome, 02_softmax"):
        lessons.find(number)


def test_exercises_are_listed(lesson):
    assert lessons.exercises(lesson) == ["2-1", "2-2"]


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", "{}", '{"cells": 3, "nbformat": 4}', "\x00", "<<<<<<< HEAD\n{}"],
)
def test_a_file_that_is_no_notebook_is_an_error(lesson, content):
    lesson.write_text(content)
    with pytest.raises(LessonError, match=r"cannot be read as a notebook.*reset 02"):
        lessons.exercises(lesson)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{\n "cells": [', "it is not JSON at line 2"),
        (b"[]", "it is JSON, but not that of a notebook"),
        (b"\xff\xfe{\x00", "it is not text in UTF-8"),
    ],
)
def test_what_is_wrong_with_a_notebook_is_said_in_words(lesson, content, why):
    lesson.write_bytes(content)
    with pytest.raises(LessonError, match=why):
        lessons.read(lesson)


def test_a_notebook_of_another_encoding_or_gone_is_an_error(lesson):
    lesson.write_bytes(b"\xff\xfe{\x00")
    with pytest.raises(LessonError, match="cannot be read"):
        lessons.read(lesson)
    lesson.unlink()
    with pytest.raises(LessonError, match="is not there"):
        lessons.read(lesson)


def test_nothing_is_written_over(lesson):
    with pytest.raises(LessonError, match="is there already"):
        lessons.write(lessons.read(lesson), lesson)
    with pytest.raises(LessonError, match="Cannot write"):
        lessons.write(lessons.read(lesson), lesson.parent / "none" / "copy.ipynb")


def test_a_full_disk_leaves_no_half_copy(lesson, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    copy = lesson.with_name("copy.ipynb")
    with pytest.raises(LessonError, match=r"Cannot write .*No space left"):
        lessons.write(lessons.read(lesson), copy)
    assert not copy.exists()
