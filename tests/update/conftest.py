"""A learner's copy, and a newer course that corrects it."""

import shutil

import nbformat
import pytest
from small_course import deliver

from workshop.course import editions, lessons


@pytest.fixture
def correct(course, tmp_path_factory, monkeypatch):
    """Give a function that makes a newer course, with its own folder, of the learner's original."""
    original = tmp_path_factory.mktemp("original")
    shutil.copytree(course, original, dirs_exist_ok=True)

    def correct(change, version="2.0"):
        """Change the lesson of a newer course, which is delivered as a version; give its folder."""
        newer = tmp_path_factory.mktemp("newer") / "tensorflow-workshop"
        shutil.copytree(original, newer)
        lesson = newer / "notebooks" / "02_softmax.ipynb"
        notebook = lessons.read(lesson)
        change(notebook)
        nbformat.write(notebook, lesson)
        with monkeypatch.context() as patch:
            for module in ("delivery", "editions", "lessons"):
                patch.setattr(f"workshop.course.{module}.course_folder", lambda: newer)
            deliver(version, newer)
        return newer

    return correct


@pytest.fixture
def edit(lesson):
    """Give a function that changes the learner's lesson."""

    def edit(change):
        notebook = lessons.read(lesson)
        change(notebook)
        nbformat.write(notebook, lesson)

    return edit


@pytest.fixture
def first_cell(lesson):
    """Give a function that tells the text of the lesson's first cell."""
    return lambda: lessons.read(lesson).cells[0].source


def source(number, text):
    """A change of one cell."""
    return lambda notebook: notebook.cells[number].update(source=text)


@pytest.fixture
def replaced(course):
    """Give a function that lets a newer course take the place of the learner's package."""

    def replaced(newer):
        own = editions.home()
        shutil.rmtree(own)
        shutil.copytree(newer / "workshop" / "course", own)

    return replaced
