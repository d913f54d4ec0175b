"""What a commit that changes lessons needs."""

import pytest
from nbformat import v4
from small_course import code, save

from workshop.course import delivery, editions, lessons
from workshop.course.lessons import LessonError


def test_strip_keeps_only_what_a_test_compares(lesson):
    output = v4.new_output("execute_result", {"text/plain": "2"}, execution_count=7)
    cells = [code("1 + 1"), code("1 + 1", "nbval-check-output")]
    for cell in cells:
        cell.update(execution_count=7, outputs=[output])
        cell.metadata.execution = {"iopub.status.busy": "2026-01-01"}
    save(lesson, *cells)
    assert delivery.strip_file(lesson)
    loose, verified = lessons.read(lesson).cells
    assert (loose.execution_count, loose.outputs) == (None, [])
    assert verified.outputs[0].data["text/plain"] == "2"
    # 7 is gone; with no count at all nbval takes the cell for one that was never run
    assert verified.outputs[0].execution_count == verified.execution_count == 1
    assert "execution" not in loose.metadata
    assert not delivery.strip_file(lesson)


def test_changed_new_and_deleted_files_are_delivered_once(course, lesson):
    assert delivery.deliver() == []
    save(lesson, code("x = ...", "exercise-2-1"))
    (course / "notebooks" / "00_welcome.ipynb").rename(course / "notebooks" / "01_hello.ipynb")
    (course / "solutions" / "02_2_root.py").unlink()
    changed = {
        "notebooks/02_softmax.ipynb",
        "notebooks/00_welcome.ipynb",
        "notebooks/01_hello.ipynb",
        "solutions/02_2_root.py",
    }
    assert set(delivery.deliver()) == changed
    assert delivery.deliver() == []
    names = ["notebooks/01_hello.ipynb", "notebooks/02_softmax.ipynb", "solutions/02_1_sum.py"]
    assert editions.names("") == names
    copies = (course / "workshop/course/delivered").rglob("*.txt")
    assert sorted(copy.name for copy in copies) == sorted(f"{n.split('/')[1]}.txt" for n in names)


def test_a_copy_that_was_edited_is_made_again(course, lesson):
    copy = course / "workshop/course/delivered/notebooks/02_softmax.ipynb.txt"
    copy.write_text("{}")
    assert delivery.deliver() == ["notebooks/02_softmax.ipynb"]
    assert copy.read_bytes() == lesson.read_bytes()


def test_a_new_version_keeps_what_the_old_one_delivered(course, lesson):
    (course / "pyproject.toml").write_text('[project]\nversion = "1.1"\n')
    assert delivery.deliver() != []
    assert list(editions.digests()) == ["1.0", "1.1"]
    assert editions.digests()["1.0"] == editions.digests()["1.1"]


def test_an_edition_that_is_out_stays_as_it_is(course, lesson):
    (course / "CHANGELOG.md").write_text("## [1.0] - 2026-11-28\n")
    assert delivery.deliver() == []
    before = editions.digests()
    save(lesson, code("y = 3"))
    with pytest.raises(LessonError, match=r"Edition 1\.0 is out.*02_softmax.*Raise the version"):
        delivery.deliver()
    assert editions.digests() == before


def test_a_broken_lesson_is_not_delivered(lesson):
    lesson.write_text("<<<<<<< HEAD")
    with pytest.raises(LessonError, match="cannot be read as a notebook"):
        delivery.deliver()
    assert editions.edition_of("notebooks/02_softmax.ipynb", b"<<<<<<< HEAD") is None


def test_a_list_of_editions_that_a_merge_broke_is_not_begun_anew(course, lesson):
    listed = course / "workshop/course/editions.json"
    listed.write_text("<<<<<<< HEAD\n{}")
    with pytest.raises(LessonError, match=r"is damaged\. After a merge"):
        delivery.deliver()
    assert listed.read_text() == "<<<<<<< HEAD\n{}"
