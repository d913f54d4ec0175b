"""Where the course is."""

from pathlib import Path

import pytest

from workshop.course import folder


def test_the_folder_of_the_lessons_is_found():
    assert (folder.course_folder() / "notebooks" / "00_welcome.ipynb").is_file()


def test_a_package_without_its_course_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "__file__", str(tmp_path / "workshop" / "course" / "folder.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(folder.CourseNotFound, match="notebooks"):
        folder.course_folder()


def test_a_course_that_lost_its_lessons_is_still_the_course(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "__file__", str(tmp_path / "workshop" / "course" / "folder.py"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "start.py").touch()
    assert folder.course_folder() == tmp_path


@pytest.mark.parametrize("answer", ["raises", "~/.local/share/tensorflow-workshop"])
def test_who_has_no_home_has_no_folder_of_their_own(tmp_path, monkeypatch, answer):
    """What platformdirs says without a home; it depends on its version."""

    def user_data_path(*names, **how):
        if answer == "raises":
            raise RuntimeError("could not determine the home directory")
        return Path(answer)

    monkeypatch.setattr("platformdirs.user_data_path", user_data_path)
    assert folder.own_folder() is None


def test_the_own_folder_is_the_users(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_data_path", lambda *names, **how: tmp_path)
    assert folder.own_folder() == tmp_path
