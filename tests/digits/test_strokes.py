"""The width of a stroke, measured and changed."""

import pytest
from drawings import drawn

from workshop.digits.strokes import stroke_width, thicken


def test_peeling_measures_and_thickening_changes_the_width():
    for pen in (6, 12, 24):
        ink = drawn("0", pen=pen)
        assert stroke_width(ink) == pytest.approx(pen, rel=0.12, abs=0.7)
        assert stroke_width(thicken(ink, 2)) == pytest.approx(pen + 4, rel=0.15)
        assert stroke_width(thicken(ink, -1.5)) == pytest.approx(pen - 3, rel=0.2, abs=1)
