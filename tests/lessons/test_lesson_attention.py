"""What lesson 06c shows of others' runs, and what its cells define for its benchmark."""

import ast

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

from workshop import plots
from workshop.checks import expect
from workshop.cluster import start_script
from workshop.course import lessons
from workshop.course.cells import run_cells, tagged, write_scripts
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


@pytest.fixture(scope="module")
def bound():
    """What the cells on order and masks bind."""
    names = {"keras": keras, "layers": keras.layers, "np": np, "tf": tf}
    names |= {"plots": plots, "expect": expect}
    run_cells("06c", ["masks", "waves"], names)
    plt.close("all")
    return names


def test_order_is_told_by_positions_or_by_a_second_layer(bound):
    """As section 3 says."""
    differ = bound["differ"]
    assert differ(0) < 1e-5
    assert differ(bound["waves"](4, 8)) > 0.01
    assert differ(0, (bound["read"], bound["again"])) > 0.01


def test_through_padding_before_the_text_every_letter_sees_the_last(bound):
    """As section 6 says, and with padding after it none does."""
    after = bound["moved"]([3, 4, 5, 6, 7, 0, 0], [3, 4, 5, 6, 8, 0, 0])
    before = bound["moved"]([0, 0, 3, 4, 5, 6, 7], [0, 0, 3, 4, 5, 6, 8])
    assert (after[:4] == 0).all()
    assert (before > 0).all()


def test_the_first_reader_takes_the_mask_off(bound):
    memory = bound["embedding"](np.array([[0, 0, 3, 4, 5]]))
    on_padding = []
    for layer in (bound["read"], bound["again"]):
        _, weights = layer(bound["x"][:, :3], memory, return_attention_scores=True)
        on_padding.append(float(np.asarray(weights)[..., :2].sum()))
    assert on_padding[0] < 1e-6
    assert on_padding[1] > 0.1


def test_a_mask_of_numbers_shows_what_comes_later(bound):
    assert bound["future"] == pytest.approx(1)


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_what_a_row_gets_that_may_see_nothing(tmp_path, backend):
    """As section 5 says."""
    write_scripts("06c", tmp_path)
    settings = {"KERAS_BACKEND": backend}
    with start_script(tmp_path / "masks.py", environment=settings) as script:
        assert script.wait(300) == 0, script.last_lines()
        [row] = script.results
    assert row == {
        "back end": backend,
        "by hand, with -inf": "NaN",
        "plain call": "the mean of ALL values",
        "with its weights": "zeros",
    }
