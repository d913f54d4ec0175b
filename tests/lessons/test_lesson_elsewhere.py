"""Lesson 14 without the libraries that a learner may not have."""

import math

import nbformat
from lesson_runs import environment, nowhere
from nbclient import NotebookClient

from workshop.course import lessons
from workshop.data import recorded_measurements

EXTRA = {"PyTensor": "pytensor", "PyTorch": "torch", "MLX": "mlx"}
COLUMNS = ["start s", "first ms", "step ms", "MB", "apart", "accuracy"]


def said(cell):
    """What a cell printed."""
    outputs = [one for one in cell.outputs if one.output_type == "stream"]
    return "".join(one.text for one in outputs if one.name == "stdout")


def test_without_them_it_runs_to_its_end_and_says_what_is_recorded(tmp_path):
    notebook = lessons.read(lessons.find("14"))
    hide = f"import sys\nfor name in {[*EXTRA.values()]}: sys.modules[name] = None"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(hide))
    client = NotebookClient(notebook, timeout=600, kernel_name="python3")
    client.execute(cwd=str(tmp_path), env=environment(tmp_path, **nowhere(tmp_path)))
    code = [cell for cell in notebook.cells[1:] if cell.cell_type == "code"]
    first = said(code[0])
    for package in EXTRA.values():
        assert f"{package} is not here. To have it: " in first
    assert first.count("python3 start.py --with elsewhere") == 2  # PyTorch is no part of it
    assert "recorded by python benchmarks/elsewhere.py: " in first
    everything = "".join(map(said, code))
    for name in EXTRA:
        lines = [line for line in everything.splitlines() if line.startswith(f"{name}: ")]
        assert len(lines) == 2  # from zeros, and from the wrong start
        assert all(line.endswith(", recorded") for line in lines)
    assert "outside" not in everything


def test_what_is_recorded_is_what_the_lesson_shows():
    recorded = recorded_measurements("elsewhere")
    how = " ".join(recorded["how"].split())
    assert all(f"{package} " in how for package in EXTRA.values())
    for name in EXTRA:
        row = recorded["zeros"][name]
        assert list(row) == COLUMNS
        assert row["apart"] < 1e-5
        assert 0.905 < row["accuracy"] < 0.93
        assert list(recorded["wrong"][name]) == [*COLUMNS, "first loss", "last loss"]


def test_what_is_recorded_breaks_as_the_text_says():
    """PyTensor has a better formula for the loss, and none for its gradient."""
    rows = recorded_measurements("elsewhere")["wrong"]
    assert 100 < rows["PyTensor"]["first loss"] < 115
    for name in EXTRA:
        assert math.isinf(rows[name]["first loss"]) == (name != "PyTensor")
        assert math.isnan(rows[name]["last loss"])
        assert rows[name]["accuracy"] < 0.15
