"""The solved copy of a lesson records nothing, in whatever program it runs."""

import json
import os
import subprocess
import sys

import pytest
from small_course import code, save

from workshop.course import lessons, progress, solved


def test_each_solved_lesson_begins_by_recording_nothing():
    for lesson in lessons.paths():
        copy, plain = solved.solved(lesson), lessons.solve(lesson)
        first = next(cell for cell in copy.cells if cell.cell_type == "code")
        assert first.source.startswith(solved.HEAD), lesson.name
        assert "from workshop.checks import" in first.source, "nobody gets to a check without it"
        first.source = first.source.removeprefix(solved.HEAD)
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
    after = [cell.source for cell in solved.solved(lesson).cells]
    for source, cell, wanted in zip(after, cells, expected, strict=True):
        assert source.startswith((wanted or cell).replace("{HEAD}", solved.HEAD))


def test_a_solved_copy_that_is_run_leaves_no_record(tmp_path, monkeypatch):
    lesson = lessons.find("0")
    source = solved.HEAD + (
        "from workshop.checks.engine import exercise\n"
        "check = exercise('0-9')(lambda answer: None)\n"
        "print(check(1).status)\n"
    )
    assert source.startswith(solved.solved(lesson).cells[1].source[: len(solved.HEAD)])
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
