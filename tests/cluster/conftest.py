"""No test of processes may leave one behind."""

import pytest


@pytest.fixture(autouse=True)
def nothing_is_left_anywhere(nothing_is_left):
    """Every test of this folder is watched."""
