"""A small course of its own for the tests of the command line: two lessons and two solutions."""

import nbformat
import pytest
from nbformat import v4

from workshop.course import lessons, originals

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def code(source, *tags):
    cell = v4.new_code_cell(source)
    cell.metadata.tags = list(tags)
    return cell


def save(path, *cells):
    nbformat.write(v4.new_notebook(cells=list(cells), metadata=KERNEL), path)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Two lessons; the second has two exercises and their solutions."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "solutions").mkdir()
    for module in (lessons, originals):
        monkeypatch.setattr(module, "course_folder", lambda: tmp_path)
    save(tmp_path / "notebooks" / "00_welcome.ipynb", v4.new_markdown_cell("# Welcome"))
    save(
        tmp_path / "notebooks" / "02_softmax.ipynb",
        code("import math"),
        code("x = ...", "exercise-2-1"),
        code("check(x)", "check-2-1"),
        code("y = ...", "other", "exercise-2-2"),
    )
    (tmp_path / "solutions" / "02_1_sum.py").write_text("x = 1\n\nx += 1\n")
    (tmp_path / "solutions" / "02_2_root.py").write_text("y = math.sqrt(4)\n")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return tmp_path


@pytest.fixture
def lesson(course):
    return course / "notebooks" / "02_softmax.ipynb"
