"""How many processes of TensorFlow this machine has room for."""

import os
from pathlib import Path

import psutil

PROCESS_BYTES = 450 * 2**20  # of one task with a small model; what the tasks share counts once
RESERVED_BYTES = 512 * 2**20  # JupyterLab and a kernel without TensorFlow
CGROUP = Path("/sys/fs/cgroup/memory.max")


def room_for_workers(most: int, *, beside: int = 0) -> int:
    """Give how many workers a lesson can start here: fewer where cores or memory are few.

    Args:
        most: how many the lesson would like to have.
        beside: other processes that run with them, such as a chief and a parameter server.

    Returns:
        At least 1, at most `most`: no more than one above the number of cores, and no more than
        fit into the memory. A container's limit counts, and `MEM_LIMIT`, which Binder sets.

    Raises:
        ValueError: `most` is below 1.

    Example:
        >>> room_for_workers(1)
        1

    Source:
        The bytes of a process are measured with TensorFlow 2.21 (proportional set size).
    """
    if most < 1:
        raise ValueError(f"{most} workers were asked for; at least 1 is needed.")
    processes = int(_memory() - RESERVED_BYTES) // PROCESS_BYTES
    return max(1, min(most, _cores() + 1, processes - beside))


def _cores() -> int:
    may_use = getattr(os, "sched_getaffinity", None)
    return len(may_use(0)) if may_use else os.cpu_count() or 1


def _memory() -> float:
    """Give the bytes that this session can have."""
    bounds = [psutil.virtual_memory().available + RESERVED_BYTES]
    if limit := os.environ.get("MEM_LIMIT", "").strip():
        bounds.append(float(limit))
    if CGROUP.is_file() and (limit := CGROUP.read_text(encoding="ascii").strip()).isdigit():
        bounds.append(int(limit))
    return min(bounds)
