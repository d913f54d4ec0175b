"""A full disk, an edition that is not whole, data that can't be fetched, a folder in a cloud."""

from types import SimpleNamespace

import pytest
from small_course import code, deliver, save

from workshop.data import download, mnist
from workshop.doctor import files


def test_a_full_disk_is_found(monkeypatch, course):
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _: SimpleNamespace(free=0.5e9))
    disk = files.folder()[1]
    assert (disk.value, disk.fatal) == ("0.5 GB free", False)
    assert "Little room" in disk.remedy


@pytest.fixture
def edition(course, monkeypatch):
    """Look at the small course."""
    monkeypatch.setattr(files, "course_folder", lambda: course)
    return files.edition


def test_the_edition_is_named_and_a_changed_lesson_is_the_learners(edition, lesson):
    lesson.write_text("mine")
    assert (edition().name, edition().value, edition().remedy) == ("Edition", "1.0", "")


def test_lessons_of_an_earlier_edition_and_what_is_gone_are_named(edition, course, lesson):
    before = lesson.read_bytes()
    save(lesson, code("new"))
    for solution in (course / "solutions").iterdir():
        solution.rename(course / solution.name)
    deliver("2.0", course)
    lesson.write_bytes(before)
    (course / "notebooks" / "00_welcome.ipynb").unlink()
    finding = edition()
    assert (finding.value, finding.fatal) == ("2.0", False)
    assert "notebooks/00_welcome.ipynb, notebooks/02_softmax.ipynb" in finding.remedy
    assert "For lessons 00, 02: workshop reset" in finding.remedy


def test_changed_solutions_are_named(edition, course):
    (course / "solutions" / "02_2_root.py").write_text("y = 3")
    assert "changed: solutions/02_2_root.py. " in edition().remedy


def test_a_damaged_list_of_editions_is_named(edition, course):
    (course / "workshop/course/editions.json").write_text("<<<<<<< HEAD")
    assert "is damaged" in edition().remedy


def test_what_stands_between_here_and_the_data_is_told(monkeypatch):
    monkeypatch.setattr(mnist, "status", lambda: ("sample", "Only the packaged sample is here."))
    monkeypatch.setattr(download, "obstacle", lambda: "the proxy does not answer")
    assert files.data().remedy == "It can't be fetched from here: the proxy does not answer"
    monkeypatch.setattr(download, "obstacle", lambda: "")
    assert files.data().remedy == ""


def test_no_mirror_is_asked_where_the_data_are_here(monkeypatch):
    monkeypatch.setattr(mnist, "status", lambda: ("cache", "The full MNIST, verified."))
    monkeypatch.setattr(download, "obstacle", lambda: 1 / 0)
    assert files.data().remedy == ""


def test_a_file_that_is_taken_for_a_package_is_found(monkeypatch, course):
    monkeypatch.setattr(files, "course_folder", lambda: course)
    for name in ("mine.py", "random.py", "tensorflow.py"):
        (course / "notebooks" / name).touch()
    named = [finding for finding in files.folder() if finding.name == "File"]
    assert [finding.value for finding in named] == [
        str(course / "notebooks" / name) for name in ("random.py", "tensorflow.py")
    ]
    assert "Rename it" in named[0].remedy


def test_a_folder_that_a_service_copies_is_found(monkeypatch, course):
    assert [finding.name for finding in files.folder()] == ["Course", "Disk"]
    moved = course.parent / "OneDrive - School" / "course"
    moved.parent.mkdir()
    monkeypatch.setattr(files, "course_folder", lambda: course.rename(moved))
    cloud = files.folder()[2]
    assert (cloud.value, cloud.fatal) == ("OneDrive - School", False)
    assert "move the course" in cloud.remedy
