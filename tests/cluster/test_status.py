"""A status in words, on systems with signals and on those without."""

import pytest

from workshop.cluster.status import failure_of, state_of


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


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (1, "train.py failed: worker 1 ended with 1."),
        (-9, "train.py failed: worker 1 was killed from outside (-9), as the system also does"),
        (None, "train.py failed: worker 1 ended with None."),
    ],
)
def test_a_failure_names_script_and_task(status, said):
    assert said in failure_of("train.py", "worker 1", status)


def test_whoever_was_killed_by_us_was_killed_whatever_the_system_says():
    assert state_of(15, is_killed=True) == "killed (15)"
    assert state_of(None, is_killed=True) == "running"
