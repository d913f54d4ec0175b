"""Lessons as they ran: run once, again after a change, and a failure in words."""

import pytest
from nbformat import v4

from workshop.book import BookError, executed
from workshop.book.executed import Data
from workshop.course import lessons

SAMPLE = executed.data(sample=True)


def notebook(*sources):
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cells = [v4.new_code_cell(source) for source in sources]
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def test_a_run_names_no_place_of_the_machine():
    ran = executed.run(notebook("import os\nprint(os.getcwd())"), "x.ipynb", SAMPLE)
    assert ran.cells[0].outputs[0].text == ".\n"


def test_an_error_names_the_lesson_and_what_was_raised():
    with pytest.raises(BookError, match=r"x\.ipynb: .*ZeroDivisionError"):
        executed.run(notebook("1 / 0"), "x.ipynb", SAMPLE)


def test_a_lesson_runs_once_and_again_when_it_changed(monkeypatch, tmp_path):
    told = []
    monkeypatch.setattr(executed, "course_folder", lambda: tmp_path)
    (tmp_path / "constraints.txt").write_text("a==1")
    monkeypatch.setattr(executed, "run", lambda notebook, name, data: notebook)
    path = tmp_path / "00_a.ipynb"
    lessons.write(notebook("1"), path)
    for _ in range(2):
        executed.executed(path, SAMPLE, tell=told.append)
    assert told == ["00_a: running"]
    (tmp_path / "constraints.txt").write_text("a==2")
    executed.executed(path, SAMPLE, tell=told.append)
    assert len(told) == 2
    assert len(list((tmp_path / ".workshop" / "book").iterdir())) == 1


def test_the_key_knows_the_parts_that_a_lesson_uses(monkeypatch):
    lesson = notebook("from workshop import plots")
    before = executed.key(lesson, Data("full", {}))
    monkeypatch.setattr(executed, "ELSEWHERE", executed.ELSEWHERE | {"plots"})
    assert executed.key(lesson, Data("full", {})) != before
