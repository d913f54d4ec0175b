"""What this machine gives us: cores and memory, or less where a container or a hub sets a limit."""

import os
from pathlib import Path
from typing import NamedTuple

import psutil

from workshop.messages import say

PROCESS_BYTES = 450 * 2**20  # of one task with a small model; what the tasks share counts once
RESERVED_BYTES = 512 * 2**20  # JupyterLab and a kernel without TensorFlow
CGROUP = Path("/sys/fs/cgroup")


class Memory(NamedTuple):
    """Bytes that this session may have in all, and those that are free."""

    total: int
    free: int


def cores() -> int:
    """Count the cores that this program may use."""
    may_use = getattr(os, "sched_getaffinity", None)
    return len(may_use(0)) if may_use else os.cpu_count() or 1


def memory() -> Memory:
    """Measure the memory.

    Returns:
        The machine's, or less where a container has a limit or `MEM_LIMIT` is set, as hubs and
        Binder do.
    """
    machine = psutil.virtual_memory()
    total, free = machine.total, machine.available
    if limit := os.environ.get("MEM_LIMIT", "").strip():
        total = min(total, int(float(limit)))
    try:
        limit = int((CGROUP / "memory.max").read_text(encoding="ascii"))
        used = int((CGROUP / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):  # no container, or "max"
        limit, used = total, 0
    total = min(total, limit)
    return Memory(total, min(total, free, limit - used))


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
