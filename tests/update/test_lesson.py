"""Corrections reach a learner's files, and nothing of the learner's goes."""

import json

import nbformat
import pytest
from nbformat import v4

from workshop.course import files, lessons
from workshop.course.lessons import LessonError
from workshop.jupyter import shared
from workshop.update import bases, sources
from workshop.update import lesson as update

NAME = "notebooks/02_softmax.ipynb"


def source(number, text):
    return lambda notebook: notebook.cells[number].update(source=text)


def texts(path):
    return [cell.source for cell in lessons.read(path).cells]


def from_(folder):
    return sources.find(str(folder))[0]


@pytest.fixture(autouse=True)
def no_server(monkeypatch):
    monkeypatch.setattr(shared, "_servers", list)


def test_a_correction_comes_beside_what_the_learner_wrote(lesson, edit, correct):
    bases.keep()
    edit(source(1, "x = mine"))
    newer = from_(correct(source(0, "import numpy")))
    waiting = update.plan(lesson, newer)
    assert [change.id for change in waiting.merged.done] == [lessons.read(lesson).cells[0].id]
    assert waiting.is_changed
    assert texts(lesson)[0] == "import math"
    update.apply(lesson, newer)
    assert texts(lesson) == ["import numpy", "x = mine", "check(x)", "y = ..."]
    after = lesson.read_bytes()
    done = update.apply(lesson, newer)
    assert done.is_current()
    assert not done.has_news
    assert lesson.read_bytes() == after


def test_the_correction_is_offered_again_where_the_learner_changed_the_cell(lesson, edit, correct):
    bases.keep()
    edit(source(1, "x = mine"))
    newer = from_(correct(source(1, "x = ...  # a hint")))
    before = lesson.read_bytes()
    for _ in range(2):
        done = update.apply(lesson, newer)
        assert [change.theirs["source"] for change in done.merged.kept] == ["x = ...  # a hint"]
        assert lesson.read_bytes() == before


def test_an_open_page_that_is_saved_over_the_update_gets_it_again(lesson, edit, correct):
    """JupyterLab's Overwrite: the file is as the page has it, with what was typed there."""
    bases.keep()
    edit(source(3, "y = mine"))
    page = lessons.read(lesson)
    newer = from_(correct(source(0, "import numpy")))
    update.apply(lesson, newer)
    page.cells[1].source = "x = typed meanwhile"
    nbformat.write(page, lesson)
    bases.keep()
    update.apply(lesson, newer)
    assert texts(lesson) == ["import numpy", "x = typed meanwhile", "check(x)", "y = mine"]


def test_a_corrected_cell_that_the_learner_then_edits_is_no_conflict(lesson, edit, correct):
    bases.keep()
    newer = from_(correct(source(0, "import numpy")))
    update.apply(lesson, newer)
    edit(source(0, "import numpy, os"))
    assert update.plan(lesson, newer).is_current()
    update.apply(lesson, from_(correct(source(3, "y = ...  # a hint"), "3.0")))
    # Edition 3.0 is made of the original: there cell 0 is the old one again.
    assert texts(lesson)[0] == "import numpy, os"
    assert texts(lesson)[3] == "y = ...  # a hint"


def test_what_git_merged_already_counts_as_there_and_may_be_edited(lesson, edit, correct):
    bases.keep()
    edit(source(1, "x = mine"))
    newer = from_(correct(source(0, "import numpy")))
    edit(source(0, "import numpy"))
    assert update.apply(lesson, newer).is_current()
    edit(source(0, "import numpy, os"))
    assert update.plan(lesson, newer).is_current()


def test_outputs_stay(lesson, edit, correct):
    def run(notebook):
        notebook.cells[2].outputs = [v4.new_output("stream", text="hours of training")]

    bases.keep()
    edit(run)
    update.apply(lesson, from_(correct(source(0, "import numpy"))))
    assert lessons.read(lesson).cells[2].outputs[0].text == "hours of training"


def test_the_file_is_written_as_jupyter_writes_it(lesson, correct):
    bases.keep()
    update.apply(lesson, from_(correct(source(0, "é = 1\nb = 2"))))
    content = lesson.read_bytes()
    assert json.loads(content)["cells"][0]["source"] == ["é = 1\n", "b = 2"]
    assert content.decode() == nbformat.writes(lessons.read(lesson)) + "\n"


def test_windows_line_ends_are_no_change(lesson, correct):
    bases.keep()
    lesson.write_bytes(lesson.read_bytes().replace(b"\n", b"\r\n"))
    done = update.apply(lesson, from_(correct(source(0, "import numpy"))))
    assert not done.is_changed
    assert not done.merged.kept
    assert texts(lesson)[0] == "import numpy"


@pytest.mark.parametrize("broken", [b"", b"{", b"\x00\xff", b"<<<<<<< HEAD\n", b'{"cells": 3}'])
def test_a_damaged_notebook_is_refused_and_stays(lesson, correct, broken):
    newer = from_(correct(source(0, "import numpy")))
    lesson.write_bytes(broken)
    with pytest.raises(LessonError, match="workshop reset 02"):
        update.apply(lesson, newer)
    assert lesson.read_bytes() == broken


def test_a_damaged_correction_is_refused(lesson, tmp_path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / lesson.name).write_text("{")
    before = lesson.read_bytes()
    with pytest.raises(LessonError, match="cannot be read as a notebook") as error:
        update.apply(lesson, from_(tmp_path / "mail"))
    assert "reset" not in str(error.value)
    assert lesson.read_bytes() == before


@pytest.mark.parametrize("when", [1, 2])
def test_an_update_that_is_killed_loses_nothing_and_is_done_again(
    lesson, edit, correct, monkeypatch, when
):
    bases.keep()
    edit(source(1, "x = mine"))
    before = lesson.read_bytes()
    newer = from_(correct(source(0, "import numpy")))
    puts, put = [], files.put

    def die(content, path):
        puts.append(path)
        if len(puts) == when:
            raise KeyboardInterrupt
        put(content, path)

    with monkeypatch.context() as patch:
        patch.setattr(files, "put", die)
        with pytest.raises(KeyboardInterrupt):
            update.apply(lesson, newer)
    assert lesson.read_bytes() == before
    update.apply(lesson, newer)
    assert texts(lesson)[:2] == ["import numpy", "x = mine"]


def test_a_full_disk_is_told_and_changes_nothing(lesson, correct, monkeypatch):
    bases.keep()
    before = lesson.read_bytes()
    newer = from_(correct(source(0, "import numpy")))

    def full(content, path):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(files, "put", full)
    with pytest.raises(LessonError, match=r"your work is still in .*No space left"):
        update.apply(lesson, newer)
    assert lesson.read_bytes() == before


def test_a_page_that_saves_meanwhile_is_not_written_over(lesson, edit, correct, monkeypatch):
    bases.keep()
    newer = from_(correct(source(0, "import numpy")))
    mark, saves = bases.put_mark, iter(["x = saved meanwhile"])

    def save(*arguments):
        mark(*arguments)
        for text in saves:
            edit(source(1, text))

    monkeypatch.setattr(bases, "put_mark", save)
    update.apply(lesson, newer)
    assert texts(lesson)[:2] == ["import numpy", "x = saved meanwhile"]


def test_a_page_that_saves_all_the_time_is_told(lesson, edit, correct, monkeypatch):
    bases.keep()
    newer = from_(correct(source(0, "import numpy")))
    mark, count = bases.put_mark, iter(range(9))

    def save(*arguments):
        mark(*arguments)
        edit(source(1, f"x = {next(count)}"))

    monkeypatch.setattr(bases, "put_mark", save)
    with pytest.raises(LessonError, match="being saved all the time"):
        update.apply(lesson, newer)
    assert texts(lesson)[:2] == ["import math", "x = 2"]


def test_a_shared_page_is_never_written_under(lesson, correct, monkeypatch):
    bases.keep()
    before = lesson.read_bytes()
    newer = from_(correct(source(0, "import numpy")))
    monkeypatch.setattr(shared, "is_open", lambda notebook: notebook == lesson)
    with pytest.raises(LessonError, match="close it"):
        update.apply(lesson, newer)
    assert lesson.read_bytes() == before


def test_without_a_base_the_learner_s_cells_stay_and_it_is_said(course, lesson, correct):
    newer = from_(correct(source(0, "import numpy")))
    notebook = lessons.read(lesson)
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.source, cell.metadata.tags = f"other-{number}", f"mine {number}", []
    nbformat.write(notebook, lesson)
    done = update.apply(lesson, newer)
    assert not done.knows_base
    assert done.is_changed is None
    assert {f"mine {number}" for number in range(4)} <= set(texts(lesson))
    assert "import numpy" in texts(lesson)


def test_solutions_come_along_and_the_learner_s_stay(course, lesson, correct):
    bases.keep()
    newer = correct(source(0, "import numpy"))
    one, two = (course / "solutions" / name for name in ("02_1_sum.py", "02_2_root.py"))
    two.write_text("y = 'mine'\n")
    texts_of = {"02_1_sum.py": "x = 2\n", "02_2_root.py": "y = 2.0\n", "02_3_new.py": "z = 3\n"}
    _deliver_solutions(newer, texts_of)
    done = update.apply(lesson, from_(newer))
    assert {one.file.name: one.what for one in done.solutions} == {
        "02_1_sum.py": "corrected",
        "02_2_root.py": "kept",
        "02_3_new.py": "added",
    }
    assert one.read_text() == "x = 2\n"
    assert two.read_text() == "y = 'mine'\n"
    assert (course / "solutions" / "02_3_new.py").read_text() == "z = 3\n"
    assert [one.what for one in update.apply(lesson, from_(newer)).solutions] == ["kept"]


def test_a_solution_that_got_another_name_is_there_once(course, lesson, correct):
    bases.keep()
    newer = correct(source(0, "import numpy"))
    _deliver_solutions(newer, {"02_1_total.py": "x = 2\n", "02_2_square.py": "y = 2.0\n"})
    (course / "solutions" / "02_2_root.py").write_text("y = 'mine'\n")
    update.apply(lesson, from_(newer))
    names = sorted(path.name for path in (course / "solutions").iterdir())
    assert names == ["02_1_total.py", "02_2_root.py.mine-1", "02_2_square.py"]
    mine = course / "solutions" / "02_2_root.py.mine-1"
    assert mine.read_text() == "y = 'mine'\n"


def test_a_lesson_alone_takes_no_solution_away(course, lesson, correct, tmp_path):
    bases.keep()
    update.apply(lesson, from_(correct(source(0, "import numpy")) / NAME))
    assert texts(lesson)[0] == "import numpy"
    assert len(list((course / "solutions").iterdir())) == 2


def test_a_lesson_that_is_new_comes_and_one_that_was_deleted_stays_away(
    course, lesson, correct, monkeypatch
):
    bases.keep()
    newer = correct(source(0, "import numpy"))
    content = (newer / NAME).read_bytes()
    (newer / "workshop" / "course" / "editions.json").unlink()
    (newer / "notebooks" / "03_new.ipynb").write_bytes(content)
    lesson.unlink()
    source_ = from_(newer)
    chosen = update.choose(None, source_, gone=False)
    assert [path.name for path in chosen] == ["00_welcome.ipynb", "03_new.ipynb"]
    update.apply(chosen[1], source_)
    assert chosen[1].read_bytes() == content
    (asked,) = update.choose("2", source_)
    assert update.apply(asked, source_).merged is None
    assert lesson.read_bytes() == content


def _deliver_solutions(newer, texts_of):
    """Let a newer course deliver these solutions, and no others."""
    from workshop.course import editions

    folder = newer / "workshop" / "course"
    for copy in (folder / "delivered" / "solutions").iterdir():
        copy.unlink()
    known = json.loads((folder / "editions.json").read_text())
    listed = {name: of for name, of in known["2.0"].items() if name.startswith("notebooks/")}
    for name, text in texts_of.items():
        (folder / "delivered" / "solutions" / f"{name}.txt").write_text(text)
        listed[f"solutions/{name}"] = editions.digest(name, text.encode())
    (folder / "editions.json").write_text(json.dumps(known | {"2.0": listed}))
