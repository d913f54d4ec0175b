"""Where the course is."""

import pytest

from workshop.course import folder


def test_the_folder_of_the_lessons_is_found():
    assert (folder.course_folder() / "notebooks" / "00_welcome.ipynb").is_file()


def test_a_package_without_its_course_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "__file__", str(tmp_path / "workshop" / "course" / "folder.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(folder.CourseNotFound, match="notebooks"):
        folder.course_folder()
