"""Recurrent layers, a copy of the cell for each step."""

import pytest

from workshop.plots import unrolled


def texts(ax):
    return {text.get_text(): text for text in ax.texts if text.get_text()}


def test_layers_that_stand_on_one_another_hand_on_their_states():
    ax = unrolled(["a", "b", "c"], {"lower": True, "upper": False})
    words = [text.get_text() for text in ax.texts if text.get_text()]
    assert words.count("lower") == words.count("upper") == 3
    assert words.count("last state") == 1
    arrows = sum(not text.get_text() for text in ax.texts)
    assert arrows == 3 + 2 + 3 + 2 + 1


def test_a_reader_from_the_end_has_its_last_state_at_the_first_input():
    ax = unrolled(["a", "b"], {"down": True}, backward={"up": False})
    (last,) = [text for text in ax.texts if text.get_text() == "last state"]
    assert last.get_position()[0] == 0
    assert last.get_position()[1] < 0
    assert {"after a", "after b"} <= set(texts(ax))


@pytest.mark.parametrize(("inputs", "readers"), [([], {"GRU": True}), (["a"], {})])
def test_nothing_to_read_is_an_error(inputs, readers):
    with pytest.raises(ValueError, match="a reader of them"):
        unrolled(inputs, readers)
