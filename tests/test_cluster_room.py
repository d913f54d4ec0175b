"""How many workers a machine is given: by its cores, its memory, and a container's limit."""

import pytest

from workshop.cluster import room, room_for_workers

GIB = 2**30


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine with so many cores, and so much memory by one way of saying it."""

    def machine(cores, *, available=64 * GIB, variable=None, cgroup=None):
        memory = type("Memory", (), {"available": available})
        monkeypatch.setattr(room.psutil, "virtual_memory", lambda: memory)
        monkeypatch.setattr(room.os, "sched_getaffinity", lambda _: range(cores), raising=False)
        monkeypatch.setattr(room, "CGROUP", tmp_path / "memory.max")
        monkeypatch.delenv("MEM_LIMIT", raising=False)
        if variable:
            monkeypatch.setenv("MEM_LIMIT", str(variable))
        if cgroup:
            (tmp_path / "memory.max").write_text(f"{cgroup}\n")

    return machine


def test_a_large_machine_gives_all(machine):
    machine(8)
    assert room_for_workers(3) == 3
    assert room_for_workers(2, beside=2) == 2


def test_binder_gives_two_workers_or_one_beside_a_chief_and_a_server(machine):
    machine(1, variable=2 * GIB)
    assert room_for_workers(3) == 2
    assert room_for_workers(2, beside=2) == 1


@pytest.mark.parametrize("limit", [{"variable": 2.0 * GIB}, {"cgroup": 2 * GIB}])
def test_the_limit_of_a_container_counts(machine, limit):
    machine(8, **limit)
    assert room_for_workers(8) == 3


def test_no_limit_is_none(machine):
    machine(8, cgroup="max")
    assert room_for_workers(8) == 8


def test_a_full_machine_still_gives_one(machine):
    machine(8, available=0)
    assert room_for_workers(3) == 1


def test_no_workers_can_not_be_asked_for():
    with pytest.raises(ValueError, match="at least 1"):
        room_for_workers(0)
