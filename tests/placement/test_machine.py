"""Whether two processes can be measured here, on which cores, and beside whom."""

import os
from types import SimpleNamespace

import psutil
import pytest

from workshop.placement import Others, hindrance, machine, two_cores


@pytest.fixture
def four_cores(monkeypatch):
    """A machine with cores 0 to 3 that may all be used."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr(os, "sched_setaffinity", lambda *_: None, raising=False)
    monkeypatch.setattr(machine.machine, "cores", lambda: 4)
    monkeypatch.setattr(machine.machine, "memory", lambda: SimpleNamespace(total=8 * 2**30))
    monkeypatch.setattr(machine, "_halves", str)


def test_a_system_that_can_not_bind(four_cores, monkeypatch):
    monkeypatch.delattr(os, "sched_setaffinity")
    assert "can't be bound" in hindrance()


def test_one_core(four_cores, monkeypatch):
    monkeypatch.setattr(machine.machine, "cores", lambda: 1)
    assert "need a core each; there is 1" in hindrance()
    with pytest.raises(OSError, match="core each"):
        two_cores()


def test_little_memory(four_cores, monkeypatch):
    monkeypatch.setattr(machine.machine, "memory", lambda: SimpleNamespace(total=2 * 2**30))
    assert "there are 2.0" in hindrance()


def test_nothing_hinders(four_cores):
    assert hindrance() == ""
    assert two_cores() == (0, 1)


def test_two_halves_of_a_core_are_one(four_cores, monkeypatch):
    monkeypatch.setattr(machine, "_halves", lambda core: str(core // 2))
    assert two_cores() == (0, 2)


def test_where_all_are_halves_of_one_they_have_to_do(four_cores, monkeypatch):
    monkeypatch.setattr(machine, "_halves", lambda core: "0-3")
    assert two_cores() == (0, 1)


def test_what_the_system_says_of_halves(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "TOPOLOGY", tmp_path)
    (tmp_path / "cpu3" / "topology").mkdir(parents=True)
    (tmp_path / "cpu3" / "topology" / "thread_siblings_list").write_text("2-3\n")
    assert machine._halves(3) == "2-3\n"
    assert machine._halves(4) == "4"


class Clocks:
    """Cores and processes whose clocks say what they are told."""

    def __init__(self, monkeypatch):
        self.user, self.idle, self.own = [0.0, 0.0], [0.0, 0.0], 0.0
        core = psutil.cpu_times(percpu=True)[0]
        self.zero = core._replace(**dict.fromkeys(core._fields, 0.0))
        monkeypatch.setattr(psutil, "cpu_times", self.cores)
        monkeypatch.setattr(psutil, "Process", lambda number: self)

    def cores(self, percpu):
        rows = zip(self.user, self.idle, strict=True)
        return [self.zero._replace(user=user, idle=idle) for user, idle in rows]

    def cpu_times(self):
        return (self.own, 0.0)


@pytest.mark.parametrize(("own", "share"), [(0.0, 0.5), (1.0, 0.25), (2.0, 0.0), (2.1, 0.0)])
def test_others_are_whoever_is_not_ours(monkeypatch, own, share):
    clocks = Clocks(monkeypatch)
    with Others([0, 1], [17]) as others:
        clocks.user, clocks.idle, clocks.own = [1.5, 0.5], [0.5, 1.5], own
    assert others.share == pytest.approx(share)


def test_other_cores_do_not_count(monkeypatch):
    clocks = Clocks(monkeypatch)
    with Others([1], [17]) as others:
        clocks.user, clocks.idle = [9.0, 0.0], [0.0, 9.0]
    assert others.share == 0


def test_no_time_has_no_share(monkeypatch):
    Clocks(monkeypatch)
    with Others([0, 1], [17]) as others:
        pass
    assert others.share == 0


def test_the_real_clocks_can_be_read():
    with Others([0], [os.getpid()]) as others:
        sum(range(100_000))
    assert 0 <= others.share <= 1
