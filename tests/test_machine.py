"""Cores and memory of a machine, a container, a hub; how many workers they have room for."""

import pytest

from workshop import machine
from workshop.machine import room_for_workers

GIB = 2**30


@pytest.fixture
def given(monkeypatch, tmp_path):
    """A machine with so many cores, and so much memory by one way of saying it."""

    def given(cores, *, available=64 * GIB, variable=None, cgroup=None, used=0):
        memory = type("Memory", (), {"total": 64 * GIB, "available": available})
        monkeypatch.setattr(machine.psutil, "virtual_memory", lambda: memory)
        monkeypatch.setattr(machine.os, "sched_getaffinity", lambda _: range(cores), raising=False)
        monkeypatch.setattr(machine, "CGROUP", tmp_path)
        monkeypatch.delenv("MEM_LIMIT", raising=False)
        if variable:
            monkeypatch.setenv("MEM_LIMIT", str(variable))
        if cgroup:
            (tmp_path / "memory.max").write_text(f"{cgroup}\n")
            (tmp_path / "memory.current").write_text(f"{used}\n")

    return given


def test_a_large_machine_gives_all(given):
    given(8)
    assert room_for_workers(3) == 3
    assert room_for_workers(2, beside=2) == 2


def test_binder_gives_two_workers_or_one_beside_a_chief_and_a_server(given):
    given(1, variable=2 * GIB)
    assert room_for_workers(3) == 2
    assert room_for_workers(2, beside=2) == 1


@pytest.mark.parametrize("limit", [{"variable": 2.0 * GIB}, {"cgroup": 2 * GIB}])
def test_the_limit_of_a_container_counts(given, limit):
    given(8, **limit)
    assert room_for_workers(8) == 3


def test_no_limit_is_none(given):
    given(8, cgroup="max")
    assert room_for_workers(8) == 8


def test_a_full_machine_still_gives_one(given):
    given(8, available=0)
    assert room_for_workers(3) == 1


def test_no_workers_can_not_be_asked_for():
    with pytest.raises(ValueError, match="expected at least 1 worker, got 0"):
        room_for_workers(0)


def test_what_a_container_has_used_is_not_free(given):
    given(8, cgroup=4 * GIB, used=3 * GIB)
    assert machine.memory() == (4 * GIB, GIB)
    assert room_for_workers(8) == 2


def test_a_hub_and_doctor_agree(given):
    given(8, variable=2 * GIB)
    assert machine.memory() == (2 * GIB, 2 * GIB)
