"""What the processes of a cluster do, read from their logs and from how they end."""

import contextlib
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from workshop.messages import say

# A line for a step: `step 7`, or the JSON of a dict that begins with it.
STEP = re.compile(rb'^(?:\{")?step\b', re.MULTILINE)
MOST_BINS = 800  # then two become one: a picture has no more pixels
BIN_S = 0.05
LEAD_S = 1.0  # shown before the first step

STARTING, RUNNING, GONE = "starting", "running", "gone"
CUT, BACK, ENDED = "cut", "back", "ended"


def sentence_of(lane: Mapping) -> str:
    """Say of a lane as a picture has it what its process does, and how many steps it did.

    Example:
        >>> sentence_of({"name": "worker 1", "words": "killed (-9)", "steps": 212})
        'worker 1: killed (-9), 212 steps'
    """
    if lane["steps"]:
        return say("{name}: {words}, {steps} steps", **lane)
    return say("{name}: {words}", **lane)


class Lane:
    """What one process has done since it is followed; its name outlives it."""

    def __init__(self, name: str):
        """Begin with nothing known."""
        self.name = name
        self.log, self.place = Path(), 0
        self.has_stepped = self.is_new = False
        self.can_step = False  # in an earlier process of the same name, or in this one
        self.steps, self.counts = 0, [0]
        self.spans: list[list] = []
        self.marks: list[list] = []

    @property
    def kind(self) -> str | None:
        """Whether it starts, runs or is gone; None before the first look."""
        return self.spans[-1][2] if self.spans else None

    def turn(self, kind: str, now: float) -> None:
        """Begin another part of the lane."""
        if self.spans:
            self.spans[-1][1] = now
        self.spans.append([now, None, kind])

    def read(self, log: Path) -> int:
        """Count the steps that came to the log since the last time."""
        with contextlib.suppress(OSError), log.open("rb") as file:
            file.seek(self.place)
            whole = file.read().rpartition(b"\n")[0]
            if whole:
                self.place += len(whole) + 1
            return len(STEP.findall(whole))
        return 0


class Follower:
    """Looks at a cluster from time to time, and keeps what it saw for a picture.

    Args:
        cluster: a `Cluster`, or what has its `states`, `returncodes` and tasks by name.
        clock: gives seconds.
    """

    def __init__(self, cluster, clock: Callable[[], float] = time.monotonic):
        self._cluster, self._clock = cluster, clock
        self._zero, self._last = clock(), 0.0
        self._bin_s = BIN_S
        self._first_step: float | None = None
        self.lanes = [Lane(name) for name in cluster.returncodes]
        for lane in self.lanes:
            lane.log = cluster[lane.name].log
            lane.has_stepped = lane.can_step = lane.read(lane.log) > 0
        self.look()

    @property
    def is_over(self) -> bool:
        """Whether no process runs any more."""
        return all(lane.kind == GONE for lane in self.lanes)

    def look(self) -> None:
        """See what has happened since the last time."""
        now = self._clock() - self._zero
        for lane in self.lanes:
            self._see(lane, now)
        self._last = now

    def state(self) -> dict:
        """Give all that a picture shows, of numbers and texts."""
        now = self._last
        left = 0.0 if self._first_step is None else max(0.0, self._first_step - LEAD_S)
        lanes = [self._shown(lane) for lane in self.lanes]
        events = [
            say("{name}: {words}", name=lane["name"], words=lane["words"])
            for lane in lanes
            if lane["marks"]
        ]
        return {
            **{"now": round(now, 3), "left": round(left, 3), "bin": self._bin_s},
            **{"over": self.is_over, "lanes": lanes, "events": "; ".join(events)},
        }

    def _see(self, lane, now):
        task = self._cluster[lane.name]
        is_gone = task.returncode is not None  # asked first: what it printed last counts
        if task.log != lane.log:  # it was started again
            if lane.kind not in (GONE, None):
                lane.marks.append([now, CUT])
            lane.log, lane.place, lane.has_stepped, lane.is_new = task.log, 0, False, True
        if steps := lane.read(lane.log):
            self._count(lane, steps, now)
        kind = GONE if is_gone else RUNNING if self._is_at_work(lane) else STARTING
        if kind == lane.kind:
            return
        if kind == GONE and lane.kind is not None:
            lane.marks.append([now, CUT if task.returncode else ENDED])
        if kind == RUNNING and lane.is_new:
            lane.marks.append([now, BACK])
        lane.turn(kind, now)

    def _is_at_work(self, lane):
        """Tell whether it steps, or serves those that step."""
        return lane.has_stepped or (
            not lane.can_step and any(other.has_stepped for other in self.lanes)
        )

    def _count(self, lane, steps, now):
        lane.has_stepped = lane.can_step = True
        lane.steps += steps
        while now / self._bin_s >= MOST_BINS:
            self._coarsen()
        last = int(now / self._bin_s)
        first = min(last, int(self._last / self._bin_s) + 1)
        if self._first_step is None:
            self._first_step = first * self._bin_s
        lane.counts += [0] * (last + 1 - len(lane.counts))
        span = last + 1 - first
        for k in range(steps):  # when they were, within the look, is not known
            lane.counts[first + k * span // steps] += 1

    def _coarsen(self):
        self._bin_s *= 2
        for lane in self.lanes:
            pairs = [*lane.counts, 0]
            lane.counts = [a + b for a, b in zip(pairs[::2], pairs[1::2], strict=False)]

    def _shown(self, lane):
        words = say("starting") if lane.kind == STARTING else self._cluster.states[lane.name]
        return {
            **{"name": lane.name, "words": words, "steps": lane.steps, "counts": lane.counts[:]},
            "spans": [[round(a, 3), b and round(b, 3), kind] for a, b, kind in lane.spans],
            "marks": [[round(at, 3), kind] for at, kind in lane.marks],
        }
