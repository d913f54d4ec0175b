"""Lesson 10b without its network: what is recorded is said to be, and the heads train."""

import nbformat
import pytest
from lesson_runs import environment
from nbclient import NotebookClient

from workshop.course import lessons, solutions
from workshop.recognition.efficientnet import PACKAGE

HIDDEN = f"import sys; sys.modules[{PACKAGE!r}] = None"  # as if it were not installed


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """The code cells, run with every exercise solved."""
    folder = tmp_path_factory.mktemp("lesson")
    notebook = solutions.solve(lessons.find("10b"))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(HIDDEN))
    client = NotebookClient(notebook, timeout=600, kernel_name="python3")
    client.execute(cwd=str(folder), env=environment(folder, WORKSHOP_STRICT="1"))
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def said(cell, name="stdout"):
    return "".join(one.text for one in cell.outputs if one.get("name") == name)


def test_it_says_once_what_is_missing_and_how_to_get_it(cells):
    everything = "".join(map(said, cells))
    assert everything.count("python3 start.py --with recognition") == 1
    assert "computed here" not in everything.replace("not computed here", "")


def test_each_recorded_result_is_said_to_be(cells):
    uses = [cell for cell in cells if "recorded." in cell.source]
    assert len(uses) == 4
    for cell in uses:
        assert "recorded, not computed here" in said(cell), cell.source


def test_the_heads_are_trained_all_the_same(cells):
    (cell,) = [cell for cell in cells if '"features", head, features' in cell.source]
    assert "features, mean of 4 draws: [0." in said(cell)


def test_no_red_box(cells):
    assert "".join(said(cell, "stderr") for cell in cells) == ""
