"""What a learner's file came from is known whatever takes the place of its edition."""

import json
import os

import pytest

from workshop.course import editions, lessons, originals
from workshop.update import bases

NAME = "notebooks/02_softmax.ipynb"
SOLUTION = "solutions/02_1_sum.py"


def source(number, text):
    return lambda notebook: notebook.cells[number].update(source=text)


def texts(content):
    return ["".join(cell["source"]) for cell in json.loads(content)["cells"]]


def test_the_original_stays_when_a_newer_edition_replaces_it(lesson, edit, correct, replaced):
    bases.keep()
    edit(source(1, "x = mine"))
    replaced(correct(source(0, "import numpy")))
    bases.keep()
    assert texts(bases.base_of(NAME))[:2] == ["import math", "x = ..."]


def test_a_file_that_an_updater_brought_whole_counts_as_the_newer_one(lesson, correct, replaced):
    bases.keep()
    newer = correct(source(0, "import numpy"))
    replaced(newer)
    lesson.write_bytes((newer / NAME).read_bytes())
    bases.keep()
    assert texts(bases.base_of(NAME))[0] == "import numpy"


def test_an_unchanged_file_of_an_earlier_edition_is_its_own_base(lesson, correct, replaced):
    newer = correct(source(0, "import numpy"))
    replaced(newer)  # before anything was kept
    assert texts(bases.base_of(NAME))[0] == "import math"


def test_a_changed_file_that_nothing_was_kept_of_comes_from_what_it_is_like(lesson, edit):
    edit(source(1, "x = mine"))
    assert texts(bases.base_of(NAME))[1] == "x = ..."


def test_nobody_knows_the_base_of_a_file_that_is_like_none(lesson, course):
    lesson.write_text(json.dumps({"cells": [{"id": "other", "cell_type": "raw", "source": "x"}]}))
    assert bases.base_of(NAME) is None


def test_a_mark_names_its_base_and_an_older_file_has_the_older_base(lesson, edit):
    bases.keep()
    before = lesson.read_bytes()
    notebook, base = lessons.read(lesson), lessons.read(lesson)
    base.cells[0].source = "import numpy"
    bases.put_mark(NAME, notebook, base)
    lesson.write_text(json.dumps(notebook))
    assert texts(bases.base_of(NAME))[0] == "import numpy"
    lesson.write_bytes(before)
    assert texts(bases.base_of(NAME))[0] == "import math"


def test_a_mark_of_another_machine_is_no_trouble(lesson, edit):
    bases.keep()
    edit(lambda notebook: notebook.metadata.update(workshop={"base": "0123456789ab"}))
    assert texts(bases.base_of(NAME))[0] == "import math"


@pytest.mark.parametrize("marked", [3, None, "../../secret", {"base": ["x"]}, {"base": "../x"}])
def test_a_mark_that_is_none_is_not_followed(marked):
    assert bases.mark(json.dumps({"metadata": {"workshop": marked}}).encode()) is None


def test_a_damaged_copy_counts_as_none(course, lesson):
    bases.keep()
    copy = course / ".workshop" / "base" / f"{NAME}.txt"
    copy.write_text("{")
    assert bases.base_of(NAME) == lesson.read_bytes()


def test_after_a_reset_the_lesson_counts_as_it_is_delivered_now(
    course, lesson, edit, correct, replaced
):
    bases.keep()
    edit(source(1, "x = mine"))
    replaced(correct(source(0, "import numpy")))
    originals.restore(lesson)
    bases.forget(NAME)
    edit(source(0, "import mine"))
    assert texts(bases.base_of(NAME))[0] == "import numpy"


def test_solutions_have_bases_too(course, correct, replaced):
    bases.keep()
    (course / SOLUTION).write_text("x = 'mine'\n")
    replaced(correct(source(0, "import numpy")))
    assert bases.base_of(SOLUTION) == b"x = 1\n\nx += 1\n"
    bases.remember(SOLUTION, b"x = 2\n")
    assert bases.base_of(SOLUTION) == b"x = 2\n"


def test_copies_are_looked_through_once_an_edition(course, monkeypatch):
    looked = []
    monkeypatch.setattr(bases, "look", looked.append)
    bases.keep()
    bases.keep()
    assert len(looked) == len(editions.names("")) == len(set(looked))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything can be written here")
def test_a_folder_that_cannot_be_written_stops_no_lesson(course):
    course.chmod(0o500)
    bases.keep()
    course.chmod(0o700)


def test_a_file_in_the_folder_s_place_stops_no_lesson(course):
    (course / ".workshop").write_text("mine")
    bases.keep()
    assert (course / ".workshop").read_text() == "mine"
