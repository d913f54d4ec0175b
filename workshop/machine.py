"""What this machine gives us: cores and memory, or less where a container or a hub sets a limit."""

import math
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

from workshop.messages import say

PROCESS_BYTES = 450 * 2**20  # of one task with a small model; what the tasks share counts once
RESERVED_BYTES = 512 * 2**20  # JupyterLab and a kernel without TensorFlow
CGROUP = Path("/sys/fs/cgroup")
OWN_CGROUP = Path("/proc/self/cgroup")
UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}  # a hub's 2G is 2 GiB
BYTES = re.compile(r"(\d+(?:\.\d*)?(?:e\+?\d+)?)\s*([kmgt]?)i?b?", re.IGNORECASE | re.ASCII)
CORES = re.compile(r"(\d+\.?\d*|\.\d+)(m?)", re.ASCII)  # Kubernetes writes 500m for a half
NONE = math.inf  # of a limit that is not set, or can't be read


class Memory(NamedTuple):
    """Bytes that this session may have in all, and those that are free."""

    total: int
    free: int


def cores() -> int:
    """Count the cores that this program may use.

    Returns:
        Those of the machine, or fewer where the program is bound to some, a container or a service
        gets less of their time, or a hub or Slurm says so. Of 2.5 cores 2 count, of a half 1.
    """
    may_use = getattr(os, "sched_getaffinity", None)
    count = len(may_use(0)) if may_use else os.cpu_count() or 1
    of_hub = _cores("CPU_LIMIT")
    if of_hub == NONE:  # more may be free now, but only this is promised while others learn, too
        of_hub = _cores("CPU_GUARANTEE")
    quotas = map(_quota, _groups("cpu"))
    return max(1, int(min(count, of_hub, _cores("SLURM_CPUS_PER_TASK"), *quotas)))


def memory() -> Memory:
    """Measure the memory.

    Returns:
        The machine's, or less where a container or a service has a limit or `MEM_LIMIT` is set, as
        hubs and Binder do. Files that the system keeps in case they are read again count as free.
    """
    machine = psutil.virtual_memory()
    total, free = min(machine.total, _bytes("MEM_LIMIT")), machine.available
    for group in _groups("memory"):
        names = "memory.max", "memory.high", "memory.limit_in_bytes"
        if (limit := min(_number(group / name) for name in names)) < NONE:
            total, free = min(total, limit), min(free, limit - _used(group))
    return Memory(int(total), int(max(0, min(total, free))))


def _groups(controller: str) -> Iterator[Path]:
    """Give the control groups that this process is in, and all above them, of both versions.

    A container may see only a part of the path that is told; its own group is then on top.
    """
    try:
        told = OWN_CGROUP.read_text(encoding="utf-8").splitlines()
    except OSError:  # not on Linux
        told = []
    inside: dict[Path, str] = {CGROUP: "/"}
    for line in told:
        _, controllers, path = line.split(":", 2)
        if not controllers:  # the second version; beside the first it has a folder of its own
            inside |= {CGROUP: path, CGROUP / "unified": path}
        elif controller in controllers.split(","):
            inside |= {CGROUP / controllers: path, CGROUP / controller: path}
    for top, path in inside.items():
        names = [name for name in path.split("/") if name not in ("", "..")]
        yield from (top.joinpath(*names[:depth]) for depth in range(len(names), -1, -1))


def _used(group: Path) -> float:
    used = min(_number(group / "memory.current"), _number(group / "memory.usage_in_bytes"))
    kept = dict(re.findall(r"^(\w+) (\d+)$", _text(group / "memory.stat"), re.MULTILINE))
    files = kept.get("total_inactive_file", kept.get("inactive_file", 0))
    return used - int(files) if used < NONE else 0


def _quota(group: Path) -> float:
    """Give how many cores the time is worth that a group gets."""
    quota, _, period = _text(group / "cpu.max").strip().partition(" ")
    if not period:
        quota, period = (
            _text(group / f"cpu.cfs_{name}_us").strip() for name in ("quota", "period")
        )
    both = quota.isdecimal() and period.isdecimal() and int(period)  # "max" and -1 are no limit
    return int(quota) / int(period) if both else NONE


def _cores(variable: str) -> float:
    found = CORES.fullmatch(os.environ.get(variable, "").strip())
    return float(found[1]) / (1000 if found[2] else 1) or NONE if found else NONE


def _bytes(variable: str) -> float:
    found = BYTES.fullmatch(os.environ.get(variable, "").strip())
    return float(found[1]) * UNITS[found[2].lower()] or NONE if found else NONE


def _number(path: Path) -> float:
    text = _text(path).strip()
    return int(text) if text.isdecimal() else NONE


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def room_for_workers(most: int, *, beside: int = 0) -> int:
    """Give how many workers a lesson can start here: fewer where cores or memory are few.

    Args:
        most: how many the lesson would like to have.
        beside: other processes that run with them, such as a chief and a parameter server.

    Returns:
        At least 1, at most `most`: no more than one above the number of cores, and no more than
        fit into the memory.

    Raises:
        ValueError: `most` is below 1.

    Example:
        >>> room_for_workers(1)
        1

    Source:
        The bytes of a process are measured with TensorFlow 2.21 (proportional set size).
    """
    if most < 1:
        raise ValueError(say("most: expected at least 1 worker, got {got}.", got=most))
    total, free = memory()
    processes = min(total - RESERVED_BYTES, free) // PROCESS_BYTES
    return max(1, min(most, cores() + 1, processes - beside))
