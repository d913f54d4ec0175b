"""A result beside the range that it should fall in."""

import numpy as np
import pytest

from workshop.checks import CheckFailed, expect


def test_expect_says_the_range_of_the_data(capsys):
    expect("accuracy", 0.92, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=55_000)
    expect("accuracy", 0.85, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=4_000)
    expect("accuracy", 0.5, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=4_000)
    said = capsys.readouterr().out
    assert "accuracy: 0.92 (expect 0.91-0.93 on the full data)" in said
    assert "accuracy: 0.85 (expect 0.8-0.9 on the packaged sample)" in said
    assert "outside" in said


@pytest.mark.parametrize(
    "value", [0.91, 0.93, np.float32(0.91), np.float32(0.93), float(np.float32(0.93))]
)
def test_the_ends_of_a_range_belong_to_it_in_every_precision(value, capsys):
    expect("accuracy", value, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=55_000)
    assert "outside" not in capsys.readouterr().out


@pytest.mark.parametrize("value", [0.9099, 0.9301, float("nan"), float("inf")])
def test_beyond_the_ends_of_a_range_is_outside(value, capsys):
    expect("accuracy", value, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=55_000)
    assert "outside" in capsys.readouterr().out


def test_expect_is_strict_where_asked(monkeypatch):
    monkeypatch.setenv("WORKSHOP_STRICT", "1")
    with pytest.raises(CheckFailed, match=r"0\.5 .*outside"):
        expect("accuracy", 0.5, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=55_000)


def test_one_range_for_all_data(capsys):
    expect("accuracy", 0.92, (0.91, 0.93))
    assert capsys.readouterr().out == "accuracy: 0.92 (expect 0.91-0.93)\n"
    expect("accuracy", 0.5, (0.91, 0.93))
    assert "outside" in capsys.readouterr().out


@pytest.mark.parametrize(
    "ranges",
    [
        {},
        {"full": (0, 1)},
        {"full": (0, 1), "sample": (0, 1)},
        {"always": (0, 1), "full": (0, 1)},
        {"always": (0, 1), "trained_on": 55_000},
    ],
)
def test_half_a_range_is_refused(ranges):
    with pytest.raises(TypeError, match="expected one range, or full="):
        expect("accuracy", 0.5, **ranges)
