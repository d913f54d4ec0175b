"""Bits of formats, and the numbers that they hold."""

import pytest

from workshop.plots import number_formats


def test_each_format_has_its_bits_and_the_numbers_that_it_holds():
    figure = number_formats({"float16": (5, 10), "bfloat16": (8, 7)}, near=(256,))
    boxes, held = figure.axes
    assert len(boxes.patches) == 16 + 16
    assert [text.get_text() for text in boxes.get_legend().get_texts()] == [
        "sign",
        "exponent",
        "fraction",
    ]
    coarse = held.collections[1].get_positions()
    assert list(coarse) == list(range(256, 273, 2))
    assert len(held.collections[0].get_positions()) == 65
    assert [tick.get_text() for tick in held.get_yticklabels()] == ["float16", "bfloat16"]
    figure.canvas.draw()


def test_formats_need_one():
    with pytest.raises(ValueError, match="at least one format"):
        number_formats({})
