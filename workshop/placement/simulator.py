"""How long a placement would take: a simulation that looks at nothing but costs and a link."""

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from workshop.messages import say
from workshop.placement.graph import Graph

# What fills the units that multiply; two cores may share them.
MULTIPLIES = {"MatMul", "BatchMatMulV2", "Einsum", "_FusedMatMul", "BatchMatMulV3"}
NOTHING = float("inf")
SHORT_MS = 0.02


class Link(NamedTuple):
    """How long a tensor is under way from one process to the other.

    Attributes:
        ms: of a tensor of any size.
        gigabytes: how many go through in a second.
    """

    ms: float
    gigabytes: float

    def under_way(self, size: int) -> float:
        """Give the milliseconds of `size` bytes."""
        return self.ms + size / self.gigabytes / 1e6


class Span(NamedTuple):
    """When a process worked on something: name, process, milliseconds."""

    name: str
    process: int
    start: float
    end: float


class Simulator:
    """Tells how long a graph takes on two processes, for any placement of its groups.

    Each process computes one operation at a time, and takes them in the order in which they are
    ready: when all that an operation needs has been computed and has arrived.
    """

    def __init__(
        self, graph: Graph, costs: Mapping[str, float], link: Link, *, sharing: float = 1.0
    ):
        """Prepare for many placements: operations that always follow one another become one.

        Args:
            graph: to be placed.
            costs: name of each operation to its milliseconds; a missing one costs nothing.
            link: between the processes.
            sharing: speed of either process while both multiply, next to its speed alone.
        """
        self.groups = graph.groups
        self.link, self.sharing = link, sharing
        chains = _with_their_takers(_chains(graph), graph, costs)
        self.names = [chain[0] for chain in chains]
        place = {name: k for k, chain in enumerate(chains) for name in chain}
        named = {one.name: one for one in graph.operations}
        self._group = [self.groups.index(named[name].group) for name in self.names]
        self._ms = [sum(costs.get(name, 0.0) for name in chain) for chain in chains]
        self._multiplies = [
            any(named[name].kind in MULTIPLIES for name in chain) for chain in chains
        ]
        sizes: dict[tuple[int, int], dict[str, int]] = {}
        for one in graph.operations:
            for giver, size in one.needs.items():
                if place[giver] != place[one.name]:
                    sizes.setdefault((place[giver], place[one.name]), {})[giver] = size
        self._takers: list[list[tuple[int, float]]] = [[] for _ in chains]
        self._missing = [0] * len(chains)
        for (giver, taker), tensors in sizes.items():
            self._takers[giver].append((taker, link.under_way(sum(tensors.values()))))
            self._missing[taker] += 1
        self._first = [k for k, missing in enumerate(self._missing) if not missing]

    def cost(self, group: str) -> float:
        """Give the milliseconds that a group computes."""
        number = self.groups.index(group)
        return sum(ms for ms, own in zip(self._ms, self._group, strict=True) if own == number)

    def step_ms(self, placement: Sequence[int]) -> float:
        """Simulate a placement.

        Args:
            placement: for each of `groups` the number of its process, 0 or 1.

        Returns:
            Milliseconds from the start of the first operation to the end of the last.
        """
        return self._run(placement, None)

    def spans(self, placement: Sequence[int]) -> list[Span]:
        """Simulate a placement, and keep who computed what when.

        Args:
            placement: for each of `groups` the number of its process, 0 or 1.

        Returns:
            A span for each operation, or row of operations, by their starts; named for the group.
        """
        kept: list[tuple[float, float, int, int]] = []
        self._run(placement, kept)
        return [
            Span(self.groups[self._group[k]], process, start, end)
            for start, end, process, k in sorted(kept)
        ]

    def _where(self, placement: Sequence[int]) -> list[int]:
        """Give the process of each row."""
        if len(placement) != len(self.groups):
            raise ValueError(
                say(
                    "expected a process for each of {expected} groups, got {got}",
                    **{"expected": len(self.groups), "got": len(placement)},
                )
            )
        on = list(placement)
        return [on[group] for group in self._group]

    def _run(self, placement: Sequence[int], kept: list | None) -> float:
        """Let time pass from one event to the next; with `kept`, write down what was computed."""
        where = self._where(placement)
        ms, takers, multiplies, sharing = self._ms, self._takers, self._multiplies, self.sharing
        missing, arrived = self._missing[:], [0.0] * len(where)
        queues: tuple[list, list] = ([], [])
        for k in self._first:
            heappush(queues[where[k]], (0.0, k))
        working, left, begun, now = [-1, -1], [NOTHING, NOTHING], [0.0, 0.0], 0.0
        while True:
            for process in (0, 1):
                queue = queues[process]
                if working[process] < 0 and queue and queue[0][0] <= now:
                    k = working[process] = heappop(queue)[1]
                    left[process], begun[process] = ms[k], now
            a, b = working
            if a < 0 and b < 0:
                if not (queues[0] or queues[1]):
                    return now
                now = min(queue[0][0] for queue in queues if queue)
                continue
            speed = sharing if a >= 0 and b >= 0 and multiplies[a] and multiplies[b] else 1.0
            process = 0 if left[0] <= left[1] else 1
            passed = left[process] / speed
            idle = 1 - process
            if working[idle] < 0 and queues[idle] and queues[idle][0][0] < now + passed:
                left[process] -= (queues[idle][0][0] - now) * speed
                now = queues[idle][0][0]  # the other one begins before this is done
                continue
            now += passed
            left[idle] -= passed * speed
            k, working[process], left[process] = working[process], -1, NOTHING
            if kept is not None:
                kept.append((begun[process], now, process, k))
            for taker, under_way in takers[k]:
                at = now if where[taker] == process else now + under_way
                if at > arrived[taker]:  # noqa: PLR1730 - a third of the time of max()
                    arrived[taker] = at
                missing[taker] -= 1
                if not missing[taker]:
                    heappush(queues[where[taker]], (arrived[taker], taker))


def _chains(graph: Graph) -> list[list[str]]:
    """Put operations together that run one after the other wherever they are placed.

    One joins the row of an operation that it needs if they are of one group and alike in whether
    they multiply, and whatever else it needs was needed before that row began.
    """
    chain_of: dict[str, int] = {}
    chains: list[list[str]] = []
    before: list[set[str]] = []  # all that was computed before a row began
    kinds: list[tuple[str, bool]] = []
    for one in graph.operations:
        kind = (one.group, one.kind in MULTIPLIES)
        for number in sorted({chain_of[giver] for giver in one.needs}, reverse=True):
            others = [giver for giver in one.needs if chain_of[giver] != number]
            if kinds[number] == kind and before[number].issuperset(others):
                chains[number].append(one.name)
                break
        else:
            number = len(chains)
            chains.append([one.name])
            kinds.append(kind)
            known = {chain_of[giver] for giver in one.needs}
            before.append(set().union(*(before[k] | set(chains[k]) for k in known)))
        chain_of[one.name] = number
    return chains


def _with_their_takers(
    chains: list[list[str]], graph: Graph, costs: Mapping[str, float]
) -> list[list[str]]:
    """Put a row that takes next to no time together with the only one that needs it."""
    named = {one.name: one for one in graph.operations}
    row_of = {name: k for k, chain in enumerate(chains) for name in chain}
    takers: list[set[int]] = [set() for _ in chains]
    for one in graph.operations:
        for giver in one.needs:
            takers[row_of[giver]].add(row_of[one.name])
    rows = dict(enumerate(chains))
    for k in reversed(range(len(chains))):
        others = takers[k] - {k}
        if len(others) != 1 or sum(costs.get(name, 0.0) for name in rows[k]) > SHORT_MS:
            continue
        (taker,) = others
        if named[rows[k][0]].group == named[rows[taker][0]].group:
            rows[taker] = rows.pop(k) + rows[taker]
            for known in takers:
                if k in known:
                    known.remove(k)
                    known.add(taker)
    return list(rows.values())
