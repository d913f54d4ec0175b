"""Messages, round by round."""

import pytest

from workshop.plots import exchanges


def test_each_round_has_a_panel_with_its_messages():
    places = {"0": (-1, 0), "1": (1, 0)}
    rounds = {"round 1": [("0", "1", "a"), ("1", "0", "b")], "round 2": [("0", "1", "b")]}
    first, second = exchanges(rounds, places).axes
    assert [ax.get_title() for ax in (first, second)] == ["round 1", "round 2"]
    assert [text.get_text() for text in first.texts] == ["0", "1", "", "a", "", "b"]
    assert [text.get_text() for text in second.texts] == ["0", "1", "", "b"]


def test_a_panel_may_have_places_of_its_own():
    rounds = {"ring": [("0", "1", "g")], "star": [("server", "0", "w")]}
    places = [{"0": (-1, 0), "1": (1, 0)}, {"0": (-1, 0), "server": (0, 1)}]
    figure = exchanges(rounds, places, columns=2)
    assert len(figure.axes) == 2


def test_messages_need_a_round_and_places():
    with pytest.raises(ValueError, match="at least one round"):
        exchanges({}, {})
    with pytest.raises(ValueError, match="expected one of 0, got '0' to '1'"):
        exchanges({"round 1": [("0", "1", "a")]}, {"0": (0, 0)})
