"""The light of the paper, and which of two is the ink."""

import numpy as np
import pytest
from drawings import RNG

from workshop.digits.light import _least_squares, _polarities


def test_the_light_of_the_paper_is_fitted_alike_in_every_order():
    """Rows that are mixed are summed in another order; the planes must be equal to the last bit."""
    rows, columns = RNG.integers(0, 640, (2, 5000))
    levels = np.rint(200 - 0.1 * rows + 0.03 * columns + RNG.normal(0, 9, 5000)).astype(int)
    plane = _least_squares(rows, columns, levels)
    terms = np.stack([np.ones(5000), rows, columns], axis=1)
    assert np.allclose(plane, np.linalg.lstsq(terms, levels, rcond=None)[0])
    for _ in range(5):
        mixed = RNG.permutation(5000)
        assert _least_squares(rows[mixed], columns[mixed], levels[mixed]) == plane


@pytest.mark.parametrize("shape", [(1, 640), (640, 1), (2, 90), (60, 80)])
def test_where_neither_is_likelier_the_ink_is_taken_for_dark(shape):
    """Both extremes are equally far from the plane."""
    for sheet in (np.full(shape, 90.0), 100 + 50.0 * (-1) ** np.indices(shape).sum(axis=0)):
        assert np.array_equal(_polarities(sheet.astype("float32"))[0], sheet)
