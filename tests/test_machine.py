"""Cores and memory of a machine, a container, a hub; how many workers they have room for."""

import pytest

from workshop import machine
from workshop.doctor import machine as doctor
from workshop.machine import room_for_workers

GIB = 2**30
VARIABLES = "MEM_LIMIT", "CPU_LIMIT", "CPU_GUARANTEE", "SLURM_CPUS_PER_TASK"


@pytest.fixture
def given(monkeypatch, tmp_path):
    """A machine with so many cores, and so much memory by one way of saying it."""

    def given(cores, *, available=64 * GIB, variable=None, cgroup=None, used=0):
        memory = type("Memory", (), {"total": 64 * GIB, "available": available})
        monkeypatch.setattr(machine.psutil, "virtual_memory", lambda: memory)
        monkeypatch.setattr(machine.os, "sched_getaffinity", lambda _: range(cores), raising=False)
        monkeypatch.setattr(machine, "CGROUP", tmp_path)
        monkeypatch.setattr(machine, "OWN_CGROUP", tmp_path / "own")
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2G", 2 * GIB),
        ("512M", GIB // 2),
        ("1.5Gi", 3 * GIB // 2),
        ("2 GiB", 2 * GIB),
        ("2gb", 2 * GIB),
        (" 2097152K ", 2 * GIB),
        ("0.002T", 2199023255),
        ("2147483648.0", 2 * GIB),
        ("1e9", 10**9),
        *(
            (none, 64 * GIB)
            for none in ("", "0", "0G", "-1", "None", "a lot", "inf", "nan", "1,5G")
        ),
        ("1e999", 64 * GIB),
        ("100G", 64 * GIB),  # more than there is
    ],
)
def test_a_hub_says_its_memory_in_many_ways(given, text, expected):
    given(8, variable=text)
    assert machine.memory().total == expected
    assert room_for_workers(8) >= 1


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"CPU_LIMIT": "1"}, 1),
        ({"CPU_LIMIT": "1.0"}, 1),
        ({"CPU_LIMIT": "2.9"}, 2),
        ({"CPU_LIMIT": ".5"}, 1),
        ({"CPU_LIMIT": "500m"}, 1),
        ({"CPU_LIMIT": "2500m"}, 2),
        ({"CPU_LIMIT": "100"}, 8),
        ({"CPU_GUARANTEE": "2"}, 2),
        ({"CPU_LIMIT": "4", "CPU_GUARANTEE": "0.5"}, 4),
        ({"CPU_LIMIT": "0", "CPU_GUARANTEE": "2"}, 2),
        ({"SLURM_CPUS_PER_TASK": "3"}, 3),
        *(
            ({name: none}, 8)
            for name in VARIABLES
            for none in ("", "0", "-1", "None", "1,5", "inf")
        ),
    ],
)
def test_a_hub_gives_some_cores(given, monkeypatch, variables, expected):
    given(8)
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    assert machine.cores() == expected
    assert room_for_workers(3) == min(3, expected + 1)


@pytest.fixture
def group(tmp_path):
    """Write the files of one control group."""

    def group(place, **files):
        folder = tmp_path / place
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name.replace("__", ".")).write_text(f"{text}\n")

    return group


SECOND = "0::/user.slice/app.slice/lab.scope"
FIRST = "7:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n1:name=systemd:/docker/abc"


@pytest.mark.parametrize(
    ("own", "place", "files", "expected"),
    [
        (SECOND, ".", {"cpu__max": "150000 100000"}, 1),  # seen from within a container
        (SECOND, "user.slice/app.slice/lab.scope", {"cpu__max": "200000 100000"}, 2),
        (SECOND, "user.slice", {"cpu__max": "50000 100000"}, 1),  # of a group above ours
        (SECOND, "other.slice", {"cpu__max": "100000 100000"}, 8),
        (SECOND, "user.slice", {"cpu__max": "max 100000"}, 8),
        (SECOND, "unified/user.slice", {"cpu__max": "300000 100000"}, 3),
        (FIRST, "cpu", {"cpu__cfs_quota_us": 200000, "cpu__cfs_period_us": 100000}, 2),
        (FIRST, "cpu,cpuacct/docker", {"cpu__cfs_quota_us": 1, "cpu__cfs_period_us": 100000}, 1),
        (FIRST, "cpu/docker/abc", {"cpu__cfs_quota_us": -1, "cpu__cfs_period_us": 100000}, 8),
        ("0::/../../lab", "lab", {"cpu__max": "100000 100000"}, 1),
        (SECOND, ".", {"cpu__max": "rubbish"}, 8),
        (SECOND, ".", {"cpu__max": "100000 0"}, 8),
        (SECOND, ".", {"cpu__max": ""}, 8),
    ],
)
def test_a_container_or_a_service_gets_some_of_the_time(given, group, own, place, files, expected):
    given(8)
    group(".", own=own)
    group(place, **files)
    assert machine.cores() == expected


@pytest.mark.parametrize(
    ("own", "place", "files", "expected"),
    [
        (SECOND, "user.slice", {"memory__max": 4 * GIB, "memory__current": GIB}, (4, 3)),
        (SECOND, "user.slice/app.slice", {"memory__high": 2 * GIB, "memory__max": "max"}, (2, 2)),
        (SECOND, "unified/user.slice", {"memory__max": 3 * GIB}, (3, 3)),
        (SECOND, "other.slice", {"memory__max": GIB}, (64, 64)),
        (
            FIRST,
            "memory/docker/abc",
            {"memory__limit_in_bytes": 4 * GIB, "memory__usage_in_bytes": GIB},
            (4, 3),
        ),
        (FIRST, "memory", {"memory__limit_in_bytes": 2 * GIB}, (2, 2)),
        (FIRST, "memory", {"memory__limit_in_bytes": 9223372036854771712}, (64, 64)),
        (
            SECOND,
            ".",
            {
                "memory__max": 4 * GIB,
                "memory__current": 4 * GIB,
                "memory__stat": f"anon {GIB}\nfile {3 * GIB}\ninactive_file {2 * GIB}\nsock 0",
            },
            (4, 2),
        ),
        (
            FIRST,
            "memory",
            {
                "memory__limit_in_bytes": 4 * GIB,
                "memory__usage_in_bytes": 4 * GIB,
                "memory__stat": f"inactive_file 0\ntotal_inactive_file {3 * GIB}",
            },
            (4, 3),
        ),
        (SECOND, ".", {"memory__max": 2 * GIB, "memory__current": 3 * GIB}, (2, 0)),
    ],
)
def test_a_container_or_a_service_has_some_memory(given, group, own, place, files, expected):
    given(8)
    group(".", own=own)
    group(place, **files)
    assert machine.memory() == tuple(amount * GIB for amount in expected)


def test_the_smallest_of_several_limits_counts(given, group):
    given(8, variable="3G")
    group(".", own=SECOND)
    group("user.slice", memory__max=4 * GIB, memory__current=2 * GIB, cpu__max="400000 100000")
    group("user.slice/app.slice", memory__max=8 * GIB, cpu__max="200000 100000")
    assert machine.memory() == (3 * GIB, 2 * GIB)
    assert machine.cores() == 2


def test_a_machine_that_tells_no_affinity_has_its_cores(given, monkeypatch):
    given(8)
    monkeypatch.delattr(machine.os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(machine.os, "cpu_count", lambda: 6)
    assert machine.cores() == 6
    monkeypatch.setattr(machine.os, "cpu_count", lambda: None)
    assert machine.cores() == 1


def test_the_page_of_the_doctor_has_the_same_numbers(given, monkeypatch):
    given(8, variable="2G")
    monkeypatch.setenv("CPU_LIMIT", "1.5")
    assert doctor.system().value.endswith("CPU cores: 1")
    assert doctor.memory().value == "2.1 GB, 2.1 GB of it free"
