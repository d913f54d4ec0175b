"""Commands of one who takes the course, as they are typed."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from small_course import code, deliver, save

from workshop import doctor
from workshop.cli import learner
from workshop.course import lessons, progress
from workshop.data import DataError, mnist
from workshop.doctor import Finding, packages, tensorflow
from workshop.jupyter import shared


def test_solve_writes_a_copy_once(type_in, lesson):
    status, text = type_in("solve", "2")
    copy = lesson.with_name("02_softmax.solved.ipynb")
    assert status == 0
    assert str(copy) in text.replace("\n", "")
    assert lessons.read(copy).cells[1].source == "x = 1\n\nx += 1"
    assert "record_nothing()" in lessons.read(copy).cells[0].source
    copy.write_text("mine")
    status, text = type_in("solve", "02")
    assert status == 1
    assert "is there already" in text
    assert copy.read_text() == "mine"


def test_solve_writes_where_it_is_told(type_in, lesson, tmp_path):
    assert type_in("solve", "02_softmax", "--to", str(tmp_path / "it.ipynb"))[0] == 0
    assert lessons.exercises(tmp_path / "it.ipynb") == ["2-1", "2-2"]
    assert type_in("solve", "02", "--to", str(lesson))[0] == 1


@pytest.mark.parametrize("command", ["solve", "reset"])
def test_an_unknown_lesson_is_told(type_in, course, command):
    status, text = type_in(command, "9")
    assert status == 1
    assert "00_welcome, 02_softmax" in text


def test_progress_shows_what_is_done(type_in, lesson, monkeypatch):
    record = {"2-1": {"status": "passed", "time": ""}}
    monkeypatch.setattr(progress, "read", lambda: record)
    status, text = type_in("progress")
    assert status == 0
    assert re.search(r"→ 02 .* 1 of 2  ✓○\n", text)
    assert "1 of 2 exercises passed" in text


def test_progress_writes_a_page_to_print_once(type_in, lesson, tmp_path, monkeypatch):
    record = {"2-1": {"status": "passed", "time": "2026-03-01T10:00:00"}}
    monkeypatch.setattr(progress, "read", lambda: record)
    page = tmp_path / "page.html"
    status, text = type_in("progress", "--page", str(page), "--name", " Ada  L. ")
    assert status == 0
    assert "print it" in text
    assert "Ada L." in page.read_text(encoding="utf-8")
    status, text = type_in("progress", "--page", str(page), "--name", "Eve")
    assert status == 1
    assert "is there already" in text
    assert "Eve" not in page.read_text(encoding="utf-8")
    status, text = type_in("progress", "--page", str(tmp_path / "no" / "p.html"), "--name", "Eve")
    assert status == 1
    assert "No such file" in text


def test_progress_shows_the_rest_beside_a_damaged_lesson(type_in, lesson):
    shutil.copy(lesson, lesson.with_name("03_mlp.ipynb"))
    lesson.write_text("{")
    status, text = type_in("progress")
    assert status == 0
    assert "workshop reset 02" in text
    assert "0 of 2 exercises passed" in text


def test_reset_says_what_it_did_and_which_edition_is_back(type_in, lesson):
    original = lesson.read_bytes()
    assert (
        "02_softmax.ipynb is as edition 1.0 delivered it: nothing to do" in type_in("reset", "2")[1]
    )
    lesson.write_text("mine")
    status, text = type_in("reset", "2")
    assert status == 0
    assert "mine-1.ipynb\n" in text
    assert "02_softmax.ipynb is now as edition 1.0 delivered it." in text
    assert "what was not saved there is not in your copy" in text
    lesson.unlink()
    assert "Restored" in type_in("reset", "2")[1]
    assert lesson.read_bytes() == original


def test_reset_says_that_the_copy_is_an_earlier_edition(type_in, course, lesson):
    original = lesson.read_bytes()
    save(lesson, code("x = ...", "exercise-2-1"))
    deliver("2.0", course)
    lesson.write_bytes(original)
    text = type_in("reset", "2")[1]
    assert "mine-1.ipynb (its cells are as edition 1.0 delivered them)" in text
    assert "is now as edition 2.0 delivered it." in text


def test_progress_counts_no_copies_and_names_what_is_gone(type_in, course, lesson, monkeypatch):
    record = {"2-1": {"status": "passed", "time": ""}}
    monkeypatch.setattr(progress, "read", lambda: record)
    for name in ("02_softmax.solved", "02_softmax.mine-1", "02_softmax-Copy1", "02_mine", "02_z"):
        shutil.copy(lesson, lesson.with_name(f"{name}.ipynb"))
    (course / "notebooks" / "00_welcome.ipynb").unlink()
    text = type_in("progress")[1]
    assert "1 of 2 exercises passed" in text
    assert text.count("1 of 2") == 2
    assert "workshop reset 00" in text


def test_solve_takes_a_folder(type_in, lesson, tmp_path):
    assert type_in("solve", "2", "--to", str(tmp_path))[0] == 0
    assert (tmp_path / "02_softmax.solved.ipynb").is_file()


def test_data_says_where_it_is_or_what_to_do(type_in, monkeypatch, tmp_path):
    monkeypatch.setattr(mnist, "fetch", lambda *, progress: tmp_path)
    status, text = type_in("data")
    assert status == 0
    assert str(tmp_path) in text.replace("\n", "")

    def fail(*, progress):
        raise DataError("no network")

    monkeypatch.setattr(mnist, "fetch", fail)
    status, text = type_in("data")
    assert status == 1
    assert "no network" in text
    assert "WORKSHOP_DATA" in text


def test_lab_starts_jupyterlab_at_the_start_page(type_in, course, monkeypatch):
    from jupyterlab import labapp

    seen = []
    monkeypatch.setattr(learner, "course_folder", lambda: course)
    monkeypatch.setattr(tensorflow, "installed", lambda name: None)
    monkeypatch.setattr(labapp, "main", lambda options: seen.extend([*options, dict(os.environ)]))
    monkeypatch.setattr(sys, "argv", [])
    for name in ("PATH", "JUPYTER_PATH", "JUPYTER_PREFER_ENV_PATH"):
        monkeypatch.setenv(name, "before")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert type_in("lab", "--no-browser", "--port", "9999", "--", "--debug")[0] == 0
    environment = seen.pop()
    assert "--LabApp.default_url=/lab/tree/notebooks/00_welcome.ipynb" in seen
    assert "--no-browser" in seen
    assert seen[-2:] == ["--ServerApp.port=9999", "--debug"]
    assert environment["JUPYTER_PATH"].startswith(sys.prefix)
    assert environment["PATH"].startswith(str(Path(sys.executable).parent))
    assert "PYTHONDONTWRITEBYTECODE" not in environment


def test_lab_refuses_two_tensorflows(type_in, course, monkeypatch):
    monkeypatch.setattr(tensorflow, "installed", lambda name: "2.21.0")
    status, text = type_in("lab")
    assert status == 1
    assert "tensorflow and tensorflow-cpu are both installed" in text
    assert "start.py" in text


def test_lab_says_where_jupyterlab_is_missing(type_in, course, monkeypatch):
    monkeypatch.setattr(tensorflow, "installed", lambda name: None)
    monkeypatch.setattr(packages, "installed", lambda name: None)
    status, text = type_in("lab")
    assert status == 1
    assert "JupyterLab is not installed here" in text
    assert 'pip install ".[lab]"' in text


def test_doctor_says_that_all_is_well_or_what_to_do(type_in, monkeypatch):
    findings = [Finding("Python", "3.12")]
    monkeypatch.setattr(doctor, "examine", lambda: findings)
    status, text = type_in("doctor")
    assert status == 0
    assert "All is well" in text
    findings.append(Finding("Memory", "1 GB", "Close other programs."))
    status, text = type_in("doctor")
    assert status == 0
    assert "-> Close other programs." in text
    assert "The course can run. Each arrow says what could be better." in text
    findings.append(Finding("TensorFlow", "not installed", "Install it.", fatal=True))
    status, text = type_in("doctor")
    assert status == 1
    assert "cannot run like this: see TensorFlow" in text


@pytest.fixture
def newer(course, lesson, tmp_path_factory):
    """A zip of the course, whose lesson is corrected in both of its first cells."""
    place = tmp_path_factory.mktemp("newer")
    shutil.copy(lesson, place)
    notebook = lessons.read(lesson)
    notebook.cells[0].source = "import numpy"
    notebook.cells[1].source = "x = ...  # a hint"
    (place / lesson.name).write_text(json.dumps(notebook))
    return Path(shutil.make_archive(str(place / "mail"), "zip", place, lesson.name))


def test_update_corrects_a_lesson_and_names_what_stays(type_in, lesson, newer):
    assert "02_softmax  unchanged  current" in type_in("status", "2")[1]
    assert "as it was known here. workshop update asks for news" in type_in("status")[1]
    lesson.write_text(lesson.read_text().replace("x = ...", "x = mine"))
    status, text = type_in("update", "2", "--from", str(newer))
    assert status == 0
    assert "cells corrected: 1," in text
    assert "stays yours" in text
    assert "+ x = ...  # a hint" in text
    assert "Reload Notebook from Disk" in text
    assert [cell.source for cell in lessons.read(lesson).cells][:2] == ["import numpy", "x = mine"]
    text = type_in("update", "--from", str(newer))[1]
    assert "nothing new" in text
    assert "# a hint" not in text
    assert "Reload Notebook from Disk" not in text
    assert "02_softmax  changed by you" in type_in("status")[1]


def test_update_goes_on_where_one_lesson_is_damaged(type_in, course, lesson, newer):
    (course / "notebooks" / "00_welcome.ipynb").write_text("{")
    shutil.copy(course / "notebooks" / "00_welcome.ipynb", newer.parent)
    status, text = type_in("update", "--from", str(newer.parent))
    assert status == 1
    assert "00_welcome.ipynb cannot be read as a notebook" in text
    assert lessons.read(lesson).cells[0].source == "import numpy"
    assert "00_welcome  damaged" in type_in("status")[1]


def test_update_says_what_a_source_lacks(type_in, lesson, newer):
    status, text = type_in("update", "0", "--from", str(newer))
    assert status == 1
    assert "mail.zip has no lesson 0." in text
    status, text = type_in("update", "9")
    assert status == 1
    assert "There is no lesson '9'" in text
    status, text = type_in("update", "--from", "nowhere")
    assert status == 1
    assert "nowhere is not there, so nothing was updated." in text


def test_update_without_news_says_so(type_in, lesson):
    assert "Lessons that are current: 2." in type_in("update")[1]
    assert "02_softmax.ipynb: nothing to correct." in type_in("update", "02")[1]


@pytest.mark.parametrize("command", ["update", "reset"])
def test_nothing_is_written_under_a_page_that_is_shared(
    type_in, lesson, newer, monkeypatch, command
):
    monkeypatch.setattr(shared, "is_open", lambda notebook: notebook == lesson)
    lesson.write_text(lesson.read_text().replace("x = ...", "x = mine"))
    before = lesson.read_bytes()
    status, text = type_in(command, "2", *(["--from", str(newer)] * (command == "update")))
    assert status == 1
    assert "close it" in text
    assert lesson.read_bytes() == before


def test_after_a_reset_the_lesson_is_current(type_in, course, lesson, newer):
    lesson.write_text(lesson.read_text().replace("x = ...", "x = mine"))
    type_in("update", "2", "--from", str(newer))
    type_in("reset", "2")
    assert "02_softmax  unchanged  current" in type_in("status", "2")[1]
    assert "as it was known here. workshop update asks for news" in type_in("status")[1]
