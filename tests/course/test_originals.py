"""A lesson as this edition delivered it, whatever happened to the course's folder."""

import json
import shutil
import subprocess

import nbformat
import pytest
from nbformat import v4
from small_course import code, deliver, save

from workshop.course import editions, files, lessons, originals, solutions
from workshop.course.lessons import LessonError


def git(course, *arguments):
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
        cwd=course,
        check=True,
        capture_output=True,
    )


def mine_of(lesson):
    return sorted(path.name for path in lesson.parent.glob("*mine*"))


@pytest.fixture
def original(lesson):
    """The bytes of the lesson as delivered."""
    return lesson.read_bytes()


def test_reset_restores_and_keeps_the_copy(lesson, original):
    for number in (1, 2):
        mine = json.dumps({"mine": number}).encode()
        lesson.write_bytes(mine)
        (restored,) = originals.restore(lesson)
        assert restored.copy.name == f"02_softmax.mine-{number}.ipynb"
        assert restored.copy.read_bytes() == mine
        assert restored.edition is None
        assert lesson.read_bytes() == original


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"\x00\xff",
        b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> origin/main\n",
        b"[" * 100_000,
        b'{"cells": 3}',
        b'{"cells": [null]}',
        b'{"cells": []}',
    ],
)
def test_what_an_updater_or_a_crash_left_is_kept_and_the_lesson_is_back(lesson, original, broken):
    lesson.write_bytes(broken)
    (restored,) = originals.restore(lesson)
    assert restored.copy.read_bytes() == broken
    assert lesson.read_bytes() == original


def test_reset_leaves_an_unchanged_lesson(lesson):
    lesson.write_bytes(lesson.read_bytes().replace(b"\n", b"\r\n"))
    before = lesson.read_bytes()
    assert originals.restore(lesson) == []
    assert lesson.read_bytes() == before
    assert mine_of(lesson) == []


def test_a_lesson_that_another_program_saved_is_unchanged(lesson):
    notebook = lessons.read(lesson)
    notebook.metadata.language_info = {"name": "python", "version": "3.13.1"}
    notebook.cells[0].execution_count = 3
    lesson.write_text(json.dumps(notebook, ensure_ascii=False))
    assert originals.restore(lesson) == []
    assert mine_of(lesson) == []


@pytest.mark.parametrize("what", ["run", "kernel"])
def test_outputs_and_another_kernel_are_left_behind_in_the_copy(lesson, original, what):
    notebook = lessons.read(lesson)
    if what == "run":
        notebook.cells[0].outputs = [v4.new_output("stream", text="hours of training")]
    else:
        notebook.metadata.kernelspec.name = "other"
    nbformat.write(notebook, lesson)
    (restored,) = originals.restore(lesson)
    assert restored.copy.name in mine_of(lesson)
    assert restored.edition == "1.0"
    assert lesson.read_bytes() == original


def test_reset_brings_back_what_is_gone(course, lesson, original):
    shutil.rmtree(course / "notebooks")
    shutil.rmtree(course / "solutions")
    restored = originals.restore(originals.find("2"))
    assert [one.file.name for one in restored] == [lesson.name, "02_1_sum.py", "02_2_root.py"]
    assert {one.copy for one in restored} == {None}
    assert lesson.read_bytes() == original
    assert originals.restore(lesson) == []


def test_a_changed_solution_is_kept_where_nobody_takes_it_for_one(course, lesson):
    solution = course / "solutions" / "02_1_sum.py"
    delivered = solution.read_bytes()
    solution.write_text("x = 'mine'\n")
    (restored,) = originals.restore(lesson)
    assert restored.copy.name == "02_1_sum.py.mine-1"
    assert restored.copy.read_text() == "x = 'mine'\n"
    assert solution.read_bytes() == delivered
    solutions.solve(lesson)


@pytest.mark.parametrize("committed", [True, False])
def test_what_git_has_is_never_the_original(course, lesson, original, committed):
    """The learner, or an updater, committed a broken lesson; or it is somebody else's git."""
    lesson.write_bytes(b"broken")
    git(course, "init")
    if committed:
        git(course, "add", ".")
        git(course, "commit", "-m", "all")
    originals.restore(lesson)
    assert lesson.read_bytes() == original


def test_a_newer_edition_over_the_old_restores_the_new_lesson(course, lesson, original):
    save(lesson, code("import math  # new"), code("x = ...", "exercise-2-1"))
    new = lesson.read_bytes()
    deliver("2.0", course)
    lesson.write_bytes(original)
    (restored,) = originals.restore(lesson)
    assert restored.edition == "1.0"
    assert lesson.read_bytes() == new
    lesson.write_bytes(b"an edit before anything was started")
    originals.restore(lesson)
    assert lesson.read_bytes() == new


def test_without_an_original_nothing_is_touched(course, lesson):
    copy = course / "workshop/course/delivered/notebooks/02_softmax.ipynb.txt"
    lesson.write_bytes(b"mine")
    for damage in ("{}", None):
        copy.unlink() if damage is None else copy.write_text(damage)
        with pytest.raises(LessonError, match=r"no original of notebooks/02_softmax.*untouched"):
            originals.restore(lesson)
    assert lesson.read_bytes() == b"mine"
    assert mine_of(lesson) == []


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"1.0": 3}', "<<<<<<< HEAD\n{}"])
def test_a_damaged_list_of_editions_is_told(course, lesson, content):
    listed = course / "workshop/course/editions.json"
    listed.unlink() if content is None else listed.write_text(content)
    if content is None:
        # The package's own list then holds, of other lessons.
        assert editions.home() == editions.PACKAGE
        return
    assert editions.current() == "unknown"
    assert [path.name for path in lessons.paths()] == ["00_welcome.ipynb", "02_softmax.ipynb"]
    with pytest.raises(LessonError, match="no lesson of edition unknown"):
        originals.restore(lesson)


def test_a_notebook_of_the_learner_has_no_original(course, lesson):
    own = lesson.with_name("10_mine.ipynb")
    save(own, code("1"))
    with pytest.raises(LessonError, match=r"10_mine.ipynb is no lesson of edition 1\.0"):
        originals.restore(originals.find("10"))


def test_a_renamed_lesson_and_a_copy_by_hand_are_not_reset(course, lesson, original):
    copy = lesson.with_name("02_a_copy.ipynb")
    copy.write_bytes(b"mine")
    assert originals.find("2") == lesson
    lesson.unlink()
    originals.restore(originals.find("02"))
    assert (lesson.read_bytes(), copy.read_bytes()) == (original, b"mine")


def test_a_folder_in_a_lessons_place_is_told(lesson):
    lesson.unlink()
    lesson.mkdir()
    (lesson / "work").write_text("mine")
    with pytest.raises(LessonError, match="not a file, but a folder"):
        originals.restore(lesson)
    assert (lesson / "work").read_text() == "mine"


@pytest.mark.parametrize("there", [True, False])
def test_a_link_gives_way_and_what_it_shows_stays(course, lesson, original, there):
    elsewhere = course / "elsewhere.ipynb"
    if there:
        elsewhere.write_bytes(b"mine")
    lesson.unlink()
    lesson.symlink_to(elsewhere)
    originals.restore(lesson)
    assert lesson.read_bytes() == original
    assert not lesson.is_symlink()
    assert elsewhere.exists() == there
    assert len(mine_of(lesson)) == there


@pytest.mark.parametrize("stops_at", ["create", "put"])
def test_nothing_is_lost_when_reset_stops(lesson, monkeypatch, stops_at):
    lesson.write_bytes(b"mine")

    def stop(*arguments):
        raise OSError(28, "No space left on device", "file")

    monkeypatch.setattr(files, stops_at, stop)
    with pytest.raises(LessonError, match="your work is still in"):
        originals.restore(lesson)
    assert lesson.read_bytes() == b"mine"
    assert mine_of(lesson) == [], "each attempt would leave one more"


def test_a_lesson_that_is_in_use_is_told(lesson, monkeypatch):
    """As on Windows, where another program holds it open."""
    lesson.write_bytes(b"mine")

    def refuse(self, target):
        raise PermissionError(13, "The process cannot access the file", str(target))

    monkeypatch.setattr(files, "PAUSES_S", (0, 0))
    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(LessonError, match="Close it in other programs"):
        originals.restore(lesson)
    assert [path.name for path in lesson.parent.iterdir() if path.stem.startswith("02")] == [
        lesson.name
    ]


def test_all_lessons_of_the_course_come_back():
    for lesson in originals.lessons():
        name = f"notebooks/{lesson.name}"
        assert editions.edition_of(name, editions.delivered(name)) == editions.current()
