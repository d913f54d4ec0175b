"""The recorded tables say where they are from, and are new ones each time."""

import re

import pytest

from workshop.data import recorded_measurements


def test_it_says_command_machine_and_versions():
    how = recorded_measurements("mobile")["how"]
    told = " ".join(how.split())
    assert re.search(r"recorded by python benchmarks/mobile\.py: .*, \d+ cores, .*tensorflow", told)
    assert max(map(len, how.splitlines())) <= 68


def test_the_tables_are_the_callers():
    recorded_measurements("mobile")["digits"].clear()
    assert recorded_measurements("mobile")["digits"]


def test_a_name_that_was_not_recorded_is_told_which_were():
    with pytest.raises(KeyError, match=r"Nothing is recorded of 'phone', only of .*mobile"):
        recorded_measurements("phone")


def test_what_lesson_11b_shows_is_there():
    found = recorded_measurements("mobile")
    assert {*found["one digit"]} == {"predict", "model(x)", "SavedModel", "LiteRT"}
    for name, rows in (
        ("digits", ["float", "dynamic", "float16", "int8"]),
        ("loops", ["unrolled"]),
        ("pictures", ["float", "dynamic", "int8"]),
    ):
        assert list(found[name]) == rows
        for row in found[name].values():
            assert list(row) == ["bytes", "µs", "accuracy", "farthest"]
    assert found["ranges"]["200 / 255"]["accuracy"] < 0.5
    digits = found["digits"]
    assert digits["int8"]["bytes"] < 0.28 * digits["float"]["bytes"]
