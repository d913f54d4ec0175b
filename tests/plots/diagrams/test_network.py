"""A network, unit by unit."""

import numpy as np
import pytest

from workshop.plots import network

SIDE = np.linspace(-1, 1, 5)
BOWL = SIDE[:, None] ** 2 + SIDE**2


def test_a_network_has_a_line_for_each_weight_as_wide_as_it_is_large():
    maps = [np.zeros((5, 5, 2)), np.stack([BOWL - 1, BOWL, -BOWL], axis=-1), BOWL[..., None] / 2]
    kernels = [np.array([[1.0, -2.0, 0.5], [0.1, 0.0, 4.0]]), np.ones((3, 1))]
    ax = network(maps, kernels)
    widths = [line.get_linewidth() for line in ax.lines]
    assert len(widths) == 9
    assert np.argmax(widths[:6]) == 5 and np.argmin(widths[:6]) == 4
    assert [line.get_linestyle() for line in ax.lines[:3]] == ["-", "--", "-"]
    assert [text.get_text() for text in ax.texts] == ["inputs", "hidden", "answer"]
    assert len(ax.child_axes) == 6


def test_a_network_says_which_kernels_fit():
    with pytest.raises(ValueError, match=r"expected kernels of shape \[\(2, 1\)\], got"):
        network([np.zeros((5, 5, 2)), np.ones((5, 5, 1))], [np.ones((3, 1))])
