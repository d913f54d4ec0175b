"""The solutions as files: by number, in the course's folder or in what the package brings."""

import ast

import pytest

from workshop.course import CourseNotFound, solutions


def test_numbers_of_a_lesson_and_of_its_second_part():
    assert {"4-1", "4-5"} <= solutions.numbers("04")
    assert all(number.startswith("4b-") for number in solutions.numbers("04b"))


@pytest.mark.parametrize("number", ["2-1", "4b-2", "9b-5"])
def test_a_solution_is_found_by_its_number(number):
    assert ast.parse(solutions.text(number)).body


def test_none_or_two_are_told(course):
    folder = course / "solutions"
    (folder / "10b_1_thing.py").write_text("x = 1\n")
    assert solutions.text("10b-1") == "x = 1"
    (folder / "10b_1_other.py").write_text("x = 2\n")
    with pytest.raises(solutions.SolutionError, match=r"10b_1_\*\.py; got \['10b_1_other"):
        solutions.text("10b-1")
    with pytest.raises(solutions.SolutionError, match=r"got \[\]"):
        solutions.text("10b-2")


def test_the_package_brings_them_where_the_folder_is_not(tmp_path, monkeypatch):
    def not_here():
        raise CourseNotFound("No lessons here.")

    monkeypatch.setattr(solutions, "course_folder", not_here)
    monkeypatch.setattr(solutions.sysconfig, "get_path", lambda _: str(tmp_path))
    with pytest.raises(CourseNotFound):
        solutions.text("2-1")
    folder = tmp_path / "share" / "tensorflow-workshop" / "solutions"
    folder.mkdir(parents=True)
    (folder / "02_1_softmax.py").write_text("def softmax(logits): ...\n")
    assert solutions.text("2-1") == "def softmax(logits): ..."
