"""What lesson 06c shows of others' runs, and what its cells define for its benchmark."""

import ast

import numpy as np

from workshop.course import lessons
from workshop.course.cells import tagged
from workshop.data import recorded_measurements


def ranges():
    """The ranges of the bits per character, by model."""
    found = {}
    for cell in lessons.read(lessons.find("06c")).cells:
        if cell.cell_type == "code" and 'bits per character"' in cell.source:
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "expect":
                    name = ast.literal_eval(node.args[0])
                    found[name.split(",")[0]] = ast.literal_eval(node.args[2])
    return found


def test_what_is_recorded_lies_in_the_ranges():
    race = recorded_measurements("attention")["race"]
    for name in ("GRU", "attention"):
        low, high = ranges()[name]
        assert low <= min(race[name]["bits"])
        assert max(race[name]["bits"]) <= high
        assert len(race[name]["bits"]) == 4


def test_the_contenders_had_the_same_seconds():
    race = recorded_measurements("attention")["race"]
    seconds = [race[name]["seconds"] for name in ("GRU", "attention", "no positions")]
    assert max(seconds) <= 1.1 * min(seconds)


def test_the_text_says_what_is_recorded():
    """The GRU is ahead of attention, counting of both, and positions are worth something."""
    race = recorded_measurements("attention")["race"]
    gru, attention, lost = (
        np.mean(race[name]["bits"]) for name in ("GRU", "attention", "no positions")
    )
    assert ranges()["counting"][1] < gru < attention < lost


def test_the_benchmark_finds_the_cells():
    defined = "\n".join(tagged("06c", ["recorded", "waves"]))
    for name in ("def waves(", "def race(", "def bits_of(", "def gru_model(", "positions=1.0"):
        assert name in defined
