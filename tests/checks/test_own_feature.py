"""What is asked of a feature that the learner adds to a record."""

import numpy as np
import pytest

from workshop.checks import own_feature
from workshop.checks.engine import exercise

FIELDS = {"name": "mine", "label": 3}
BYTES, FLOATS = {"type": "uint8", "shape": [2]}, {"type": "float32", "shape": [2]}
RAGGED = {"type": "int64", "shape": [None], "padding": -1}
SCHEMA = {"label": {"type": "int64", "shape": []}, "ink": RAGGED, "mine": FLOATS}


@exercise("0-9")
def back(read, value, entry):
    own_feature.came_back(np.array(read), np.array(value), entry, FIELDS)


@exercise("0-9")
def entry_of(entry):
    own_feature.can_be_written("mine", entry)


@exercise("0-9")
def new(values, labels, ink):
    batch = {"label": np.array(labels), "ink": np.array(ink), "mine": np.array(values)}
    own_feature.tells_something_new("mine", [np.ravel(v) for v in values], SCHEMA, batch)


def test_what_was_read_is_what_is_computed():
    assert back([3, 200], [3, 200], BYTES).passed
    assert back([3, 200], [3.0, 200.0], BYTES).passed
    assert back([0.1, 0.5], [0.1, 0.5], FLOATS).passed
    assert back([4, 5, -1, -1], [4, 5], RAGGED).passed


@pytest.mark.parametrize(
    ("read", "value", "entry", "says"),
    [
        ([44, 1], [300, 1], BYTES, "computes 300, which as uint8 is 44"),
        ([3, 1], [3.7, 1], BYTES, "computes 3.7, which as uint8 is 3"),
        ([0.1, 0.5], [0.1, 0.6], FLOATS, "expected 0.6, got 0.5"),
        ([4, 5, 6, -1], [4, 5], RAGGED, "was longer when read back"),
        ([4, 5], ["4", "5"], RAGGED, "expected numbers, got <U1"),
    ],
)
def test_what_differs_is_told(read, value, entry, says):
    assert says in back(read, value, entry).message, back(read, value, entry)


def test_an_entry_has_what_the_reader_needs():
    assert entry_of(RAGGED).passed
    assert 'needs a "padding"' in entry_of({"type": "int64", "shape": [None]}).message
    assert "Use int64" in entry_of({"type": "uint8", "shape": [None]}).message


INK = [[1, 2, -1], [3, -1, -1], [4, 5, 6]] * 4
LABELS = [0, 1, 2] * 4


def test_what_the_record_holds_already_is_told():
    rng = np.random.default_rng()
    assert new(rng.normal(size=12), LABELS, INK).passed
    assert "the label once more, which" in new(LABELS, LABELS, INK).message
    assert "on another scale" in new([7 - 2 * label for label in LABELS], LABELS, INK).message
    whole = [[k for k in row if k >= 0] for row in INK]
    assert "the ink once more, which" in new_ragged(whole).message
    assert "the same for all 12" in new([5.0] * 12, LABELS, INK).message
    assert new([label % 2 for label in LABELS], LABELS, INK).passed


@exercise("0-9")
def new_ragged(values):
    batch = {"label": np.array(LABELS), "ink": np.array(INK)}
    own_feature.tells_something_new("mine", list(map(np.array, values)), SCHEMA, batch)
