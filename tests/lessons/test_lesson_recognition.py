"""Lesson 10 without its network, and the one cell that no test can run as it is."""

import keras
import nbformat
import numpy as np
import pytest
from lesson_runs import environment
from nbclient import NotebookClient

from workshop.course import lessons, solutions
from workshop.data import imagenet_names
from workshop.recognition.efficientnet import PACKAGE

HIDDEN = f"import sys; sys.modules[{PACKAGE!r}] = None"  # as if it were not installed


@pytest.fixture
def lesson():
    return lessons.find("10")


def said(cell):
    """What a cell printed."""
    outputs = [one for one in cell.outputs if one.output_type == "stream"]
    return "".join(one.text for one in outputs if one.name == "stdout")


def test_without_the_network_it_runs_to_its_end_and_says_what_is_recorded(lesson, tmp_path):
    notebook = solutions.solve(lesson)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(HIDDEN))
    client = NotebookClient(notebook, timeout=600, kernel_name="python3")
    client.execute(cwd=str(tmp_path), env=environment(tmp_path, WORKSHOP_STRICT="1"))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    everything = "".join(map(said, code))
    assert everything.count("python3 start.py --with recognition") == 1
    assert "efficientnet_lite0" not in everything
    for cell in code:
        asks = any(word in cell.source for word in ("ask(", "best(", "cams", "answers"))
        if asks and said(cell):
            assert "recorded answers" in said(cell), cell.source


def test_the_cell_that_downloads_runs_with_untrained_weights(lesson, monkeypatch, capsys):
    """No test has a network: all but the weights is as in the lesson."""
    (cell,) = [c for c in lessons.read(lesson).cells if "InceptionV3(" in c.source]
    assert cell.source.startswith("ask_inception = False\n")
    asked = {}

    def untrained(weights):
        asked["weights"] = weights
        return model(weights=None)

    model = keras.applications.InceptionV3
    monkeypatch.setattr(keras.applications, "InceptionV3", untrained)
    names = {"keras": keras, "layers": keras.layers, "names": imagenet_names()}
    names |= {"tf": pytest.importorskip("tensorflow")}
    names |= {"square": {"interpolation": "bicubic", "antialias": True}}
    names |= {"mine": np.full((300, 451, 3), 200, "uint8")}
    exec(cell.source, names)
    assert not capsys.readouterr().out
    exec(cell.source.replace("False", "True", 1), names)
    assert asked == {"weights": "imagenet"}
    printed = capsys.readouterr().out
    assert printed.startswith("Inception: ")
    assert printed.count(" 0.00") == 5
    assert -1 <= names["ready"].min() <= names["ready"].max() <= 1
