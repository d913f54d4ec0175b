"""Maps as blocks."""

import pytest

from workshop.plots import map_blocks


def test_blocks_get_smaller_and_deeper():
    ax = map_blocks({"image": (28, 28, 1), "conv": (14, 14, 6), "units": (10,)})
    assert [text.get_text() for text in ax.texts] == [
        "image\n28 x 28 x 1",
        "conv\n14 x 14 x 6",
        "units\n10",
    ]
    assert [patch.get_height() for patch in ax.patches][:2] == [28, 14]
    assert len(ax.patches) == 1 + 6 + 1


def test_no_blocks():
    with pytest.raises(ValueError, match="at least one shape"):
        map_blocks({})
