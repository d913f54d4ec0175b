"""Clouds of points in two classes."""

import numpy as np
import pytest

from workshop.data import (
    rings,
    spirals,
    two_lines,
)


@pytest.mark.parametrize("cloud", [two_lines, rings, spirals])
def test_points(cloud):
    points, labels = cloud(301)
    again, _ = cloud(301)
    other, _ = cloud(301, seed=1)
    assert points.shape == (301, 2) and points.dtype == np.float32
    assert labels.shape == (301,) and labels.dtype == np.uint8
    assert np.bincount(labels).tolist() == [151, 150]
    assert 0.5 < np.abs(points).max() < 1.5
    np.testing.assert_array_equal(points, again)
    assert not np.array_equal(points, other)
    assert len(np.unique(labels[:20])) == 2  # mixed
    with pytest.raises(ValueError, match="at least 2 points"):
        cloud(1)
    with pytest.raises(ValueError, match=r"noise: .*got -1"):
        cloud(noise=-1)


def line_accuracy(points, labels):
    inputs = np.column_stack([points, np.ones(len(points))])
    weights, *_ = np.linalg.lstsq(inputs, 2.0 * labels - 1, rcond=None)
    return ((inputs @ weights > 0) == labels).mean()


def test_only_the_two_lines_are_separated_by_a_line():
    assert line_accuracy(*two_lines()) > 0.97
    assert line_accuracy(*rings()) < 0.75
    assert line_accuracy(*spirals()) < 0.75
