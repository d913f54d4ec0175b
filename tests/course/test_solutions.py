"""The solutions: by number, in their cells, and in a copy that records nothing."""

import ast
import json
import os
import subprocess
import sys

import pytest
from small_course import code, save

from workshop.course import CourseNotFound, lessons, progress, solutions
from workshop.course.lessons import LessonError


@pytest.mark.parametrize("number", ["2-1", "4b-2", "9b-5"])
def test_a_solution_is_found_by_its_number(number):
    assert ast.parse(solutions.text(number)).body


def test_none_or_two_are_told(course):
    folder = course / "solutions"
    (folder / "10b_1_thing.py").write_text("x = 1\n")
    assert solutions.text("10b-1") == "x = 1"
    (folder / "10b_1_other.py").write_text("x = 2\n")
    with pytest.raises(LessonError, match=r"got \['10b_1_other.*only one 10b_1_thing\.py"):
        solutions.text("10b-1")
    with pytest.raises(LessonError, match=r"got \[\]"):
        solutions.text("10b-2")


def test_the_package_brings_them_where_the_folder_is_not(monkeypatch):
    def not_here():
        raise CourseNotFound("No lessons here.")

    expected = solutions.text("2-1")
    monkeypatch.setattr(solutions, "course_folder", not_here)
    assert solutions.text("2-1") == expected


def test_solutions_fill_their_cells_exactly(lesson):
    before = lesson.read_bytes()
    solved = solutions.solve(lesson)
    assert [cell.source for cell in solved.cells][1] == "x = 1\n\nx += 1"
    assert [cell.source for cell in solved.cells][3] == "y = math.sqrt(4)"
    assert lesson.read_bytes() == before


def test_a_missing_or_doubled_solution_is_an_error(course, lesson):
    (course / "solutions" / "02_1_again.py").write_text("x = 2\n")
    with pytest.raises(LessonError, match=r"got \['02_1_again\.py', '02_1_sum\.py'\]"):
        solutions.solve(lesson)
    for file in (course / "solutions").glob("02_1_*"):
        file.unlink()
    with pytest.raises(LessonError, match=r"Exercise 2-1 needs exactly one solution .*got \[\]"):
        solutions.solve(lesson)


@pytest.mark.parametrize(("cells", "times"), [([], 0), (["exercise-2-2"] * 2, 2)])
def test_a_tag_that_the_learner_lost_or_doubled_is_an_error(lesson, cells, times):
    save(lesson, code("x = ...", "exercise-2-1"), *[code("y = ...", tag) for tag in cells])
    with pytest.raises(LessonError, match=f"exercise-2-2 is there {times} times.*reset 02"):
        solutions.solve(lesson)


def test_each_solved_lesson_begins_by_recording_nothing():
    for lesson in lessons.paths():
        copy, plain = solutions.solved_copy(lesson), solutions.solve(lesson)
        first = next(cell for cell in copy.cells if cell.cell_type == "code")
        assert first.source.startswith(solutions.HEAD), lesson.name
        assert "from workshop.checks import" in first.source, "nobody gets to a check without it"
        first.source = first.source.removeprefix(solutions.HEAD)
        assert copy == plain


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["import a", "from workshop.checks import b\nb"], [None, "{HEAD}from workshop.checks"]),
        (["%%time\nimport workshop.checks"], ["%%time\n{HEAD}import workshop.checks"]),
        (["%run setup.py", "1"], ["{HEAD}%run setup.py", None]),
        ([], []),
    ],
)
def test_where_a_learner_changed_the_first_cells(course, lesson, cells, expected):
    for solution in (course / "solutions").iterdir():
        solution.unlink()
    save(lesson, *map(code, cells))
    after = [cell.source for cell in solutions.solved_copy(lesson).cells]
    for source, cell, wanted in zip(after, cells, expected, strict=True):
        assert source.startswith((wanted or cell).replace("{HEAD}", solutions.HEAD))


def test_a_solved_copy_that_is_run_leaves_no_record(tmp_path, monkeypatch):
    lesson = lessons.find("0")
    source = solutions.HEAD + (
        "from workshop.checks.engine import exercise\n"
        "check = exercise('0-9')(lambda answer: None)\n"
        "print(check(1).status)\n"
    )
    assert source.startswith(solutions.solved_copy(lesson).cells[1].source[: len(solutions.HEAD)])
    record = tmp_path / "progress.json"
    done = subprocess.run(
        [sys.executable, "-c", source],
        env={**os.environ, "WORKSHOP_PROGRESS": str(record)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "passed"
    assert "nothing that runs in this kernel is recorded" in done.stdout
    assert not record.exists()


def test_the_record_of_the_learner_stays_as_it_is(record_file, monkeypatch):
    progress.record("0-9", "not yet")
    before = json.loads(record_file.read_bytes())
    monkeypatch.setattr(progress._kernel, "records", True)
    progress.record_nothing()
    assert progress.record("0-9", "passed") is None
    assert json.loads(record_file.read_bytes()) == before
