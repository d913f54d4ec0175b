"""How much fits on a slide: code breaks at blank lines, tables and text are measured."""

import pytest

from workshop.slides import room
from workshop.slides.pieces import Piece


def test_code_is_cut_at_a_blank_line():
    code = "\n".join(["a"] * 12 + ["", ""] + ["b"] * 12)
    first, second = room.in_parts(code)
    assert set(first.split()) == {"a"}
    assert set(second.split()) == {"b"}


def test_code_that_fits_stays_whole():
    code = "\n".join(["a"] * room.MOST_CODE)
    assert room.in_parts(code) == [code]


def test_a_long_paragraph_is_higher_than_a_short_one():
    assert room.height("word " * 60) > room.height("word")
    assert room.height("| a |\n| --- |\n| 1 |") == 3 * room.ROW + room.GAP


@pytest.mark.parametrize(("shape", "high"), [(0.6, 360), (1.0, 500), (2.5, room.ROOM)])
def test_a_high_picture_takes_more_of_a_slide(shape, high):
    assert room.of_piece(Piece("picture", "", 0, shape=shape)) == high


def test_a_part_without_room_still_gets_a_slide():
    assert room.filled(["a"], [10 * room.ROOM]) == [["a"]]
