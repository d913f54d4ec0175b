"""Bars of how many times as fast something became."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from workshop import plots


def test_a_bar_runs_from_one_to_the_ratio():
    ax = plots.draw_ratios({"gain": (6.0, 2.0), "loss": (1.0, 4.0), "same": (1.0, 1.0)})
    ends = [bar.get_x() + bar.get_width() for bar in ax.patches]
    assert np.allclose(ends, [3, 0.25, 1])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["gain", "loss", "same"]
    assert ax.yaxis_inverted()  # the first on top


def test_losses_are_told_apart_without_colour():
    gain, loss = plots.draw_ratios({"gain": (2.0, 1.0), "loss": (1.0, 2.0)}).patches
    assert loss.get_hatch()
    assert not gain.get_hatch()
    assert gain.get_facecolor() != loss.get_facecolor()


@pytest.mark.parametrize("ratio", [0.01, 0.9, 1.0, 3.0, 100.0])
def test_every_bar_is_inside_and_one_in_the_middle(ratio):
    ax = plots.draw_ratios({"a": (ratio, 1.0)})
    low, high = ax.get_xlim()
    assert low <= ratio <= high
    assert low * high == pytest.approx(1)
    assert ax.get_xscale() == "log"


def test_the_axis_is_labelled_in_halves_and_doubles():
    labels = [label.get_text() for label in plots.draw_ratios({"a": (2, 1)}).get_xticklabels()]
    assert labels == ["1/4", "1/2", "1", "2", "4"]


def test_it_draws_on_given_axes():
    ax = plt.figure().add_subplot()
    assert plots.draw_ratios({"a": (2, 1)}, ax=ax) is ax


@pytest.mark.parametrize(
    ("times", "says"),
    [
        ({}, "No times came"),
        ({"a": (1.0, 0.0)}, "'a' has the times"),
        ({"a": (-1.0, 1.0)}, "above 0"),
        ({"a": (float("nan"), 1.0)}, "above 0"),
    ],
)
def test_bad_times_are_refused(times, says):
    with pytest.raises(ValueError, match=says):
        plots.draw_ratios(times)
