"""Lesson 11b without LiteRT, without Lite0's weights, and the script that converts a loop."""

import json

import nbformat
import pytest
from lesson_runs import environment, nowhere
from nbclient import NotebookClient

from workshop.course import lessons
from workshop.recognition.efficientnet import PACKAGE

LITERT = ("ai_edge_litert", "ai_edge_quantizer")
BRINGS = "python3 start.py --with "


def hiding(*packages):
    """A cell after which packages are as if they were not installed."""
    names = ", ".join(map(repr, packages))
    code = f"import sys\nfor name in [{names}]: sys.modules[name] = None"
    return nbformat.v4.new_code_cell(code)


def run(tmp_path, *packages):
    """Run the lesson, unsolved, on the sample; gives its code cells."""
    notebook = lessons.read(lessons.find("11b"))
    notebook.cells.insert(0, hiding(*packages))
    client = NotebookClient(notebook, timeout=600, kernel_name="python3")
    client.execute(cwd=str(tmp_path), env=environment(tmp_path, **nowhere(tmp_path)))
    return [cell for cell in notebook.cells[1:] if cell.cell_type == "code"]


def said(cell):
    """What a cell printed."""
    outputs = [one for one in cell.outputs if one.output_type == "stream"]
    return "".join(one.text for one in outputs if one.name == "stdout")


def tables(cells):
    """What the cells printed that show a table or a figure of times."""
    shows = [cell for cell in cells if "show(" in cell.source and "def show" not in cell.source]
    return [said(cell) for cell in shows if said(cell)]


def test_without_litert_it_runs_to_its_end_and_says_what_is_recorded(tmp_path):
    cells = run(tmp_path, *LITERT)
    everything = "".join(map(said, cells))
    assert everything.count(BRINGS) == everything.count(BRINGS + "mobile") == 1
    assert everything.count("recorded by python benchmarks/mobile.py: ") == 5
    assert "measured here" not in everything
    assert "outside" not in everything  # recorded results lie in the ranges, too
    shown = tables(cells)
    assert len(shown) == 4
    for text in shown:
        assert "recorded by python benchmarks/mobile.py: " in text
    assert not [cell for cell in cells if any(one.output_type == "error" for one in cell.outputs)]
    errors = [one for cell in cells for one in cell.outputs if one.get("name") == "stderr"]
    assert not errors


def test_without_lite0_only_its_table_is_recorded(tmp_path):
    pytest.importorskip("ai_edge_litert")
    cells = run(tmp_path, PACKAGE)
    everything = "".join(map(said, cells))
    assert everything.count(BRINGS) == everything.count(BRINGS + "recognition") == 1
    [lite0] = [text for text in tables(cells) if "int8 says the same" in text]
    assert lite0.startswith("recorded by python benchmarks/mobile.py: ")
    others = [text for text in tables(cells) if text != lite0]
    assert len(others) == 4
    assert all("measured here" in text for text in others)


def test_what_is_recorded_is_what_the_cells_measure():
    """A column or a row more in the lesson, and the recorded tables are old."""
    source = "\n".join(cell.source for cell in lessons.read(lessons.find("11b")).cells)
    path = lessons.find("11b").parent.parent / "workshop/data/recorded/files/mobile.json"
    recorded = json.loads(path.read_text(encoding="utf-8"))
    for table in ("digits", "ranges", "loops", "pictures"):
        assert f'recorded["{table}"]' in source
        for row, columns in recorded[table].items():
            assert f'"{row}"' in source
            assert all(f'"{column}"' in source for column in columns)
