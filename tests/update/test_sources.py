"""Where corrections come from: what is named, and what is found."""

import json
import shutil
import zipfile

import pytest

from workshop.course import editions
from workshop.course.lessons import LessonError
from workshop.update import sources

NAME = "notebooks/02_softmax.ipynb"


def change(notebook):
    notebook.cells[0].source = "import numpy"


def zipped(folder, place, inside=""):
    with zipfile.ZipFile(place, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, f"{inside}{path.relative_to(folder).as_posix()}")
    return place


@pytest.mark.parametrize("how", ["folder", "stick", "notebooks", "zip", "zip of GitHub", "wheel"])
def test_a_newer_course_is_found_in_whatever_form(correct, tmp_path, how):
    newer = correct(change)
    named = {
        "folder": newer,
        "stick": newer.parent,
        "notebooks": newer / "notebooks",
        "zip": tmp_path / "course.zip",
        "zip of GitHub": tmp_path / "course.zip",
        "wheel": tmp_path / "course.whl",
    }[how]
    if how == "wheel":
        shutil.rmtree(newer / "notebooks")
    if "zip" in how or how == "wheel":
        zipped(newer, named, "course-main/" if how == "zip of GitHub" else "")
    source, problem = sources.find(str(named))
    assert problem == ""
    assert source.editions()[-1] == "2.0"
    assert source.names() == ["notebooks/00_welcome.ipynb", NAME]
    assert source.names("solutions/") == ["solutions/02_1_sum.py", "solutions/02_2_root.py"]
    assert b"import numpy" in source.content(NAME)
    assert source.content("notebooks/03_other.ipynb") is None


@pytest.mark.parametrize("how", ["file", "folder", "zip"])
def test_a_lesson_alone_is_a_source(correct, tmp_path, how):
    lesson = correct(change) / NAME
    named = tmp_path / "mail"
    named.mkdir()
    shutil.copy(lesson, named)
    (named / "notes.txt").write_text("read me")
    if how == "zip":
        named = zipped(named, tmp_path / "mail.zip")
    source, _ = sources.find(str(named / lesson.name if how == "file" else named))
    assert source.editions() == []
    assert source.names("") == [NAME]
    assert b"import numpy" in source.content(NAME)


def test_what_lies_on_a_stick_is_what_was_delivered_there(correct):
    newer = correct(change)
    (newer / NAME).write_text("somebody played with it")
    assert b"import numpy" in sources.find(str(newer))[0].content(NAME)


def test_a_copy_that_is_not_the_listed_one_is_refused(correct):
    newer = correct(change)
    (newer / NAME).write_text("somebody played with it")
    copy = newer / "workshop" / "course" / "delivered" / f"{NAME}.txt"
    copy.write_text(copy.read_text().replace("numpy", "os"))
    source, _ = sources.find(str(newer))
    with pytest.raises(LessonError, match="damaged copy of notebooks/02_softmax"):
        source.content(NAME)


@pytest.mark.parametrize("what", ["nothing", "folder", "file", "damaged zip", "other notebook"])
def test_what_is_no_course_is_told(tmp_path, what):
    named = tmp_path / {"file": "a.txt", "damaged zip": "a.zip"}.get(what, "other.ipynb")
    if what == "folder":
        named.mkdir()
        (named / "other.ipynb").touch()
    elif what != "nothing":
        named.write_text("PK\x03\x04" if "zip" in what else "{}")
    with pytest.raises(LessonError, match=r"nothing was updated\.\nName the folder of a newer"):
        sources.find(str(named))


def test_a_zip_that_is_damaged_inside_is_told(correct, tmp_path):
    place = zipped(correct(change), tmp_path / "course.zip")
    content = bytearray(place.read_bytes())
    middle = content.index(b"delivered/notebooks/02") + 60
    content[middle : middle + 200] = bytes(200)
    place.write_bytes(content)
    with pytest.raises(LessonError, match=r"course.zip is damaged"):
        sources.find(str(place))[0].content(NAME)


def test_the_package_that_is_newer_than_the_folder_is_found(course, correct, monkeypatch):
    newer = correct(change)
    monkeypatch.setattr(editions, "PACKAGE", newer / "workshop" / "course")
    source, _ = sources.find()
    assert source.place == str(newer)
    assert b"import numpy" in source.content(NAME)


def test_a_package_that_is_older_than_the_folder_is_not(course, correct, monkeypatch, replaced):
    older = course.parent / "older"
    shutil.copytree(course / "workshop", older / "workshop")
    monkeypatch.setattr(editions, "PACKAGE", older / "workshop" / "course")
    replaced(correct(change))
    assert sources.find()[0].place == str(course)
    shutil.rmtree(older)


def test_a_list_of_editions_that_is_damaged_counts_as_none(correct):
    newer = correct(change)
    listed = newer / sources.LISTED
    for text in ("{", json.dumps({"1.0": 3}), json.dumps([1])):
        listed.write_text(text)
        source, _ = sources.find(str(newer))
        assert source.editions() == []
        assert b"import numpy" in source.content(NAME)
