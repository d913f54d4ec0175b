"""Lesson 11 where its packages are missing: it runs to its end, and marks what was recorded."""

import ast
import json

import nbformat
import pytest
from lesson_runs import environment, nowhere
from nbclient import NotebookClient

from workshop.course import lessons, solutions
from workshop.serving.recorded import NEEDED, RECORDED

HIDDEN = f"import sys\nsys.modules |= dict.fromkeys({NEEDED!r})"


def outputs(cell):
    return "".join(output.get("text", "") for output in cell.get("outputs", []))


@pytest.mark.usefixtures("nothing_is_left")
def test_without_its_packages_it_shows_what_was_recorded(tmp_path):
    notebook = solutions.solve(lessons.find("11"))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(HIDDEN))
    variables = environment(tmp_path, WORKSHOP_STRICT="1", **nowhere(tmp_path))
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=300, resources=resources).execute(env=variables)
    said = [outputs(cell) for cell in notebook.cells if cell.cell_type == "code"]
    assert sum("python3 start.py --with serving" in one for one in said) == 1
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    marks = "".join(said).count(f"(recorded on another machine: {recorded['machine']})")
    assert marks == len(recorded) - 1  # all but the machine


def test_each_recorded_result_is_one_that_the_lesson_takes():
    code = "\n".join(
        cell.source
        for cell in lessons.read(lessons.find("11")).cells
        if cell.cell_type == "code" and not cell.source.startswith("%%")
    )
    taken = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "take":
            taken.add(ast.unparse(node.args[0]))
    assert {"'waits'", "'release'"} < taken
