"""Chips on boards, and their links."""

import pytest

from workshop.plots import torus


def test_a_torus_has_all_chips_on_boards_and_links_beyond_its_edges():
    ax = torus(4, 6, board=(2, 2))
    *links, chips = ax.lines
    assert len(chips.get_xdata()) == 24
    assert len(ax.patches) == 6
    assert len(links) == 4 + 6
    assert all(min(link.get_xdata()) < 0 or min(link.get_ydata()) < 0 for link in links)
    ax.figure.canvas.draw()


def test_boards_fill_the_torus():
    with pytest.raises(ValueError, match="boards that fill 4 x 5"):
        torus(4, 5)
