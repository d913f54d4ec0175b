"""Around an exercise: the placeholder is left out, the answer taken back, changes in place seen."""

import collections
import os
import sys

import lesson_runs
import numpy as np
import pytest

sys.path.append(lesson_runs.IN_KERNEL)
from leaf import Leaf, digest

from workshop.checks import Outcome


class OfTheLesson:
    """As a class that a cell defines."""

    __module__ = "__main__"

    def __init__(self):
        """Hold something that can be changed."""
        self.losses = [1.0]


def a_layer():
    keras = pytest.importorskip("keras")
    layer = keras.layers.Dense(2)
    layer.build((None, 3))
    return layer


def a_variable():
    return pytest.importorskip("tensorflow").Variable([1.0, 2.0])


CHANGES = {
    "array": (lambda: np.zeros(3), lambda x: x.fill(1)),
    "array without axes": (lambda: np.array(1.0), lambda x: x.fill(2)),
    "part of an array": (lambda: np.zeros((4, 4))[::2, 1:], lambda x: x.fill(1)),
    "array of objects": (lambda: np.array([[1], None], dtype=object), lambda x: x[0].append(2)),
    "list": (lambda: [1, [2]], lambda x: x[1].append(3)),
    "order": (lambda: [3, 1, 2], lambda x: x.sort()),
    "dict": (lambda: {"a": np.zeros(2)}, lambda x: x["a"].fill(1)),
    "keys": (lambda: {"a": 1}, lambda x: x.update(b=2)),
    "set": (lambda: {1}, lambda x: x.add(2)),
    "deque": (lambda: collections.deque([1]), lambda x: x.append(2)),
    "bytes": (lambda: bytearray(b"ab"), lambda x: x.extend(b"c")),
    "object": (OfTheLesson, lambda x: x.losses.append(2.0)),
    "variable": (a_variable, lambda x: x.assign_add([1.0, 1.0])),
    "layer": (a_layer, lambda x: x.bias.assign([1.0, 1.0])),
    "layers": (lambda: [a_layer()], lambda x: x[0].set_weights([np.ones((3, 2)), np.ones(2)])),
}


@pytest.mark.parametrize(("make", "change"), CHANGES.values(), ids=CHANGES)
def test_a_change_in_place_is_seen(make, change):
    value = make()
    before = digest(value)
    assert digest(value) == before
    change(value)
    assert digest(value) != before


def test_what_holds_itself_has_a_digest():
    names = {"a": 1}
    names["itself"] = names
    assert digest(names) == digest(names)


LEFT_OUT = Outcome("2-1", "not attempted", "Fill in the `...`.")
SET_UP = """
from pathlib import Path
numbers, unused, file = [1, 2], [], Path("lesson.txt")
file.write_text("lesson")
x = ...
"""


@pytest.fixture
def answered(tmp_path, monkeypatch):
    """Run an answer as a lesson's run does, and give the names that the cells below have."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSHOP_STRICT", "1")

    def answered(source):
        names = {}
        exec(SET_UP, names)
        leaf = Leaf(names)
        leaf.exercise()
        assert os.environ["WORKSHOP_STRICT"] == "0"
        leaf.left_out("2-1", LEFT_OUT)
        assert os.environ["WORKSHOP_STRICT"] == "1"
        exec(source, names)
        leaf.take_back(["numbers", "x"])
        return names

    return answered


@pytest.mark.parametrize(
    "source", ["x = 42", "x, half = 42, 21", "del x", "numbers = [3]", "unused.append(1)"]
)
def test_names_are_as_if_nobody_had_answered(answered, source):
    names = answered(source)
    assert names["x"] is ...
    assert names["numbers"] == [1, 2]
    assert "half" not in names


def test_files_are_as_if_nobody_had_answered(answered, tmp_path):
    answered("Path('a/b').mkdir(parents=True); Path('a/b/c').write_text(''); Path('d').touch()")
    assert [path.name for path in tmp_path.rglob("*")] == ["lesson.txt"]


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("numbers.append(3)", "numbers"),
        ("many = numbers; many[0] = 3", "numbers"),
        ("file.write_text('answer')", "lesson.txt"),
        ("file.unlink()", "lesson.txt"),
    ],
)
def test_an_answer_that_changes_what_is_the_lessons_is_named(answered, source, named):
    with pytest.raises(AssertionError, match=named):
        answered(source)


@pytest.mark.parametrize("status", ["passed", "not yet"])
def test_a_placeholder_that_is_not_left_out_is_named(status):
    with pytest.raises(AssertionError, match=f"exercise 2-1: {status}"):
        Leaf({}).left_out("2-1", Outcome("2-1", status, ""))


def test_the_outcome_of_another_exercise_does_not_count():
    with pytest.raises(AssertionError, match="exercise 2-1"):
        Leaf({}).left_out("2-2", LEFT_OUT)
