"""Two cores for two processes, and whether anybody else works on them."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import psutil

from workshop import machine
from workshop.messages import say

TOPOLOGY = Path("/sys/devices/system/cpu")
BESIDE_THEM = 0.05  # of the time of two cores; more, and a measurement says little
ROOM = 2.5 * 2**30  # bytes: kernel, two processes


def hindrance() -> str:
    """Say why two processes can't be measured side by side on this machine.

    Returns:
        A sentence; empty where they can: two cores, processes that can be bound to one, memory.
    """
    if not hasattr(os, "sched_setaffinity"):
        return say("On {system} a process can't be bound to a core.", system=sys.platform)
    if (count := machine.cores()) < 2:
        return say("Two processes need a core each; there is {count}.", count=count)
    if (there := machine.memory().total) < ROOM:
        fields = {"needed": ROOM / 2**30, "there": there / 2**30}
        return say("Two processes need {needed:.1f} GB of memory; there are {there:.1f}.", **fields)
    return ""


def two_cores() -> tuple[int, int]:
    """Choose two cores that this process may use, not two halves of one.

    Returns:
        Their numbers, as `os.sched_setaffinity` takes them.

    Raises:
        OSError: there is only one, or the system can't bind processes.
    """
    if why := hindrance():
        raise OSError(why)
    first, *others = sorted(os.sched_getaffinity(0))
    apart = [other for other in others if _halves(other) != _halves(first)]
    return first, (apart or others)[0]


def _halves(core: int) -> str:
    """Name the core that a number belongs to: where one computes two threads, two have it."""
    try:
        return (TOPOLOGY / f"cpu{core}" / "topology" / "thread_siblings_list").read_text()
    except OSError:
        return str(core)


class Others:
    """Measures how much of some cores goes to others than the processes that we know.

    As a context manager it looks at the clocks at the start and the end of the block.
    """

    def __init__(self, cores: Iterable[int], processes: Iterable[int]):
        """Keep what is looked at.

        Args:
            cores: their numbers.
            processes: numbers of those that are ours.
        """
        self._cores = list(cores)
        self._ours = [psutil.Process(number) for number in processes]
        self.share = 0.0

    def __enter__(self) -> "Others":
        """Look at the clocks."""
        self._start = self._clocks()
        return self

    def __exit__(self, *_: object) -> None:
        """Look again: `share` is that of the cores' time, 0 to 1, that others took."""
        busy, ours, all_of_it = (
            end - start for start, end in zip(self._start, self._clocks(), strict=True)
        )
        self.share = max(0.0, busy - ours) / all_of_it if all_of_it > 0 else 0.0

    def _clocks(self) -> tuple[float, float, float]:
        """Give the seconds that the cores worked, that we did, and all that went by."""
        times = psutil.cpu_times(percpu=True)
        cores = [times[core] for core in self._cores]
        # What guests take is in `user` already.
        kinds = [set(core._fields) - {"idle", "iowait", "guest", "guest_nice"} for core in cores]
        busy = sum(
            getattr(core, kind) for core, own in zip(cores, kinds, strict=True) for kind in own
        )
        idle = sum(core.idle + getattr(core, "iowait", 0.0) for core in cores)
        ours = sum(sum(process.cpu_times()[:2]) for process in self._ours)
        return busy, ours, busy + idle
