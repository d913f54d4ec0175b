"""The map of the course: what it says of each lesson, and that every lesson can show it."""

import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat import v4
from small_course import code, save

from workshop.checks.course_map import CourseMap, Lesson, course_map, progress
from workshop.course import CourseNotFound, lessons, originals
from workshop.course import progress as record

LESSONS = lessons.paths()


def topic(number, *statuses):
    exercises = {f"{int(number)}-{k}": status for k, status in enumerate(statuses, 1)}
    return Lesson(Path(f"{number}_topic.ipynb"), f"Topic {number}", 30, exercises)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_lesson_shows_it_without_an_import_of_its_own(path):
    checks = importlib.import_module(f"workshop.checks.{path.stem.partition('_')[2]}")
    [here] = [one for one in checks.progress().lessons if one.path.stem == path.stem]
    assert list(here.exercises) == lessons.exercises(path)
    assert here.title
    assert here.minutes
    assert not here.problem


def test_it_says_title_minutes_and_what_is_passed(lesson, record_file):
    opening = "# 02 Softmax on <MNIST>\n\n**Time**: 45 minutes."
    save(lesson, v4.new_markdown_cell(opening), code("x = ...", "exercise-2-1"))
    assert "Softmax on <MNIST>                    45 min  0 of 1  ○" in repr(course_map())
    record.record("2-1", "not yet")
    assert "0 of 1  ✗" in repr(course_map())
    record.record("2-1", "passed")
    assert "✓ 02   Softmax" in repr(course_map())
    shown = course_map()._repr_html_()
    assert '<a href="02_softmax.ipynb">02 Softmax on &lt;MNIST&gt;</a>' in shown
    assert "1 of 1" in shown


@pytest.mark.parametrize(
    ("statuses", "following"),
    [
        ([["not attempted"], ["not yet"], ["not attempted"]], "00"),
        ([["passed"], ["not yet"], ["not attempted"]], "01"),
        ([["not attempted"], ["passed", "not yet"], ["not attempted"]], "01"),
        ([["not attempted"], ["passed"], ["not attempted"]], "02"),  # who skips goes on
        ([["not attempted"], ["passed"], ["passed"]], "00"),  # and comes back in the end
        ([["passed"], ["passed"], ["passed"]], None),
    ],
)
def test_what_comes_next(statuses, following):
    shown = CourseMap([topic(f"{k:02}", *each) for k, each in enumerate(statuses)])
    assert (shown.following and shown.following.number) == following
    marked = [line.split()[1] for line in repr(shown).splitlines() if line.startswith("→")]
    assert marked == ([following] if following else [])
    assert repr(shown).endswith(shown.summary())
    assert shown._repr_html_().count("bold") == len(marked)


def test_it_says_how_hard_the_next_exercise_is():
    lesson = Lesson(Path("02_softmax.ipynb"), "Softmax", 30, {"2-7": "not attempted"})
    assert CourseMap([lesson]).summary().endswith("Softmax. Most people need a hint for it.")
    own = Lesson(Path("99_own.ipynb"), "Own", 30, {"99-1": "not attempted"})
    assert CourseMap([own]).summary().endswith("of lesson 99, Own.")


def test_a_damaged_lesson_is_named_and_the_rest_is_shown(lesson, record_file):
    shutil.copy(lesson, lesson.with_name("03_mlp.ipynb"))
    lesson.write_text("{")
    shown = course_map()
    assert "softmax" in repr(shown)
    assert "workshop reset 02" in repr(shown)
    assert "workshop reset 02" in shown._repr_html_()
    assert shown.following.number == "03"


def test_no_course_is_said_and_no_error(monkeypatch, capsys):
    def gone():
        raise CourseNotFound("no folder here")

    monkeypatch.setattr(originals, "lessons", gone)
    assert progress() is None
    assert capsys.readouterr().out == "no folder here\n"


def test_colours_are_never_alone_and_no_word_is_in_a_colour_of_its_own():
    shown = CourseMap([topic("00", "passed"), topic("01", "not yet")])._repr_html_()
    assert not re.search(r"(?<![-\w])color:", shown)
    assert "✓" in shown
    assert "→" in shown


def test_importing_checks_reads_no_notebook():
    """nbformat takes a second, and each lesson imports its checks."""
    code = "import sys, workshop.checks.softmax; assert 'nbformat' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
