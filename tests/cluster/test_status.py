"""A status in words, on systems with signals and on those without."""

import pytest

from workshop.cluster.status import state_of


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (None, "running"),
        (0, "ended"),
        (-9, "killed (-9)"),
        (-15, "stopped (-15)"),
        (143, "stopped (143)"),
        (1, "failed (1)"),
        (-11, "failed (-11)"),
    ],
)
def test_a_status_is_said_in_words(status, said):
    assert state_of(status) == said


def test_whoever_was_killed_by_us_was_killed_whatever_the_system_says():
    assert state_of(15, is_killed=True) == "killed (15)"
    assert state_of(None, is_killed=True) == "running"
