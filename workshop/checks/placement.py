"""Checks of lesson 13: what travels, a simulation, HEFT's rank, a policy gradient, an own rule."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.messages import say

# A little graph, and who needs what in it: `c` needs both others, `d` needs `c`.
DIAMOND_MS = {"a": 3.0, "b": 5.0, "c": 2.0, "d": 4.0}
DIAMOND_NEEDS = {"a": [], "b": [], "c": ["a", "b"], "d": ["c"]}
# What an own rule has to reach on all graphs together, next to one process.
ENOUGH = 0.78
GRACE = 1.001
FEWEST_WORDS = 10


@exercise("13-1")
def under_way_ms(answer: Callable) -> str:
    """Check how long the tensors of a placement are under way, all together.

    answer: function of edges (giver, taker, bytes), a dict of names to 0 or 1, the milliseconds of
    any transfer and the GB/s of the link, to milliseconds; a tensor goes to a process once.
    """
    mega = 1_000_000
    for why, edges, process in (
        (say("both on one process"), [("a", "b", mega)], {"a": 0, "b": 0}),
        (say("one tensor"), [("a", "b", 4 * mega)], {"a": 0, "b": 1}),
        (say("from 1 to 0"), [("a", "b", mega)], {"a": 1, "b": 0}),
        (say("four gigabytes"), [("a", "b", 4000 * mega)], {"a": 1, "b": 0}),
        (say("a tensor without bytes"), [("a", "b", 0)], {"a": 0, "b": 1}),
        (
            say("two of three tensors"),
            [("a", "c", mega), ("a", "b", mega), ("b", "d", 2 * mega), ("c", "d", 3 * mega)],
            {"a": 0, "b": 0, "c": 1, "d": 1},
        ),
        (
            say("one tensor that two operations use"),
            [("a", "b", 2 * mega), ("a", "c", 2 * mega)],
            {"a": 0, "b": 1, "c": 1},
        ),
        (
            say("two tensors of the same size, from two operations"),
            [("a", "c", mega), ("b", "c", mega)],
            {"a": 0, "b": 0, "c": 1},
        ),
    ):
        for ms, gigabytes in ((0.2, 4.0), (0.5, 0.125)):
            sent = {(giver, process[taker]): size for giver, taker, size in edges}
            sizes = [size for (giver, to), size in sent.items() if process[giver] != to]
            expected = sum(ms + size / gigabytes / 1e6 for size in sizes)
            what = say(
                "{why}: edges {edges}, processes {process}, {ms:g} ms and {gigabytes:g} GB/s",
                **{"why": why, "edges": edges, "process": process},
                **{"ms": ms, "gigabytes": gigabytes},
            )
            compare(answer(edges, process, ms, gigabytes), expected, what=what, rtol=2e-7)
    return say("Only what crosses costs time, and a tensor crosses once, however many use it.")


@exercise("13-2")
def finish_ms(answer: Callable) -> str:
    """Check a simulation of two processes.

    answer: function of names to milliseconds (in the order of computing), names to the names that
    each needs, names to 0 or 1, and the milliseconds of a hop, to the end of the last.
    """
    both = {"a": 0, "b": 1, "c": 1, "d": 0}
    for why, ms, needs, process, hop in (
        (say("one operation"), {"a": 3.0}, {"a": []}, {"a": 1}, 1.0),
        (say("two independent operations"), {"a": 3.0, "b": 5.0}, {}, {"a": 0, "b": 1}, 1.0),
        (say("two on one process"), {"a": 3.0, "b": 5.0}, {}, {"a": 0, "b": 0}, 1.0),
        (say("a hop"), {"a": 3.0, "b": 5.0}, {"b": ["a"]}, {"a": 0, "b": 1}, 1.5),
        (say("no hop"), {"a": 3.0, "b": 5.0}, {"b": ["a"]}, {"a": 1, "b": 1}, 1.5),
        (say("all on one"), DIAMOND_MS, DIAMOND_NEEDS, dict.fromkeys("abcd", 0), 1.0),
        (say("two inputs"), DIAMOND_MS, DIAMOND_NEEDS, both, 1.0),
        (say("a long hop"), DIAMOND_MS, DIAMOND_NEEDS, both, 10.0),
        (
            say("the last to be computed is not the last to end"),
            {"a": 9.0, "b": 1.0, "c": 1.0},
            {"c": ["b"]},
            {"a": 0, "b": 1, "c": 1},
            0.5,
        ),
        *((say("a big graph"), *layers_over_steps(4), places, 0.7) for places in _some_places(4)),
    ):
        full = {name: list(needs.get(name, [])) for name in ms}
        what = say(
            "{why}: ms {ms}, needs {needs}, process {process}, hop {hop:g}",
            **{"why": why, "ms": ms, "needs": full, "process": process, "hop": hop},
        )
        if len(ms) > len(DIAMOND_MS):
            what = say("{why}, of {n} operations", why=why, n=len(ms))
        compare(answer(ms, full, process, hop), _finish(ms, full, process, hop), what=what)
    return say("An operation waits for two things: a free process, and all its inputs.")


@exercise("13-3")
def upward_rank(answer: Callable) -> str:
    """Check HEFT's rank of operations.

    answer: function of names to milliseconds, names to the names that take each one's output, and
    the milliseconds of a hop, to names to ranks.
    """
    for why, ms, needs, hop in (
        (say("one operation alone"), {"a": 3.0}, {}, 1.0),
        (say("a chain of two"), {"a": 3.0, "b": 5.0}, {"b": ["a"]}, 1.5),
        (say("a fork"), {"a": 1.0, "b": 5.0, "c": 7.0}, {"b": ["a"], "c": ["a"]}, 2.0),
        (say("a diamond"), DIAMOND_MS, DIAMOND_NEEDS, 1.0),
        (
            say("the longest path does not start with the slowest user"),
            {"a": 1.0, "b": 6.0, "c": 2.0, "d": 8.0},
            {"b": ["a"], "c": ["a"], "d": ["c"]},
            0.5,
        ),
        (say("a big graph"), *layers_over_steps(3), 0.7),
    ):
        takers = _takers(ms, needs)
        came = answer(ms, takers, hop)
        if not isinstance(came, Mapping) or set(came) != set(ms):
            not_yet(
                "{why}: expected a dict with a rank for each of {names}, got {got:.100}.",
                **{"why": why, "names": list(ms), "got": repr(came)},
            )
        expected = _ranks(ms, takers, hop)
        for name in reversed(ms):
            what = say(
                "{why}: the rank of {name!r} ({ms:g} ms, used by {takers}, hop {hop:g})",
                **{"why": why, "name": name, "ms": ms[name], "takers": takers[name], "hop": hop},
            )
            compare(came[name], expected[name], what=what)
    return say("Largest rank first: what is far from the end must not wait.")


@exercise("13-4")
def policy_gradient(answer: Callable) -> str:
    """Check the gradient of REINFORCE with a baseline.

    answer: function of logits `(groups,)`, choices 0 or 1 `(samples, groups)`, rewards `(samples,)`
    and a baseline, a number, to the gradient of the expected reward, `(groups,)`.
    R. J. Williams, Simple statistical gradient-following algorithms for connectionist
    reinforcement learning, Machine Learning, 1992.
    """
    random = np.random.default_rng(13)
    for why, logits, choices, rewards, baseline in (
        (say("one group"), [0.0], [[1], [0]], [3.0, 1.0], 2.0),
        (say("a logit of 2"), [2.0], [[1], [0]], [1.0, 3.0], 2.0),
        (say("as good as the baseline"), [0.5, -1.0], [[1, 0], [0, 1]], [2.0, 2.0], 2.0),
        (say("a baseline of 0"), [0.5], [[1], [1], [0]], [-7.0, -9.0, -8.0], 0.0),
        (say("three samples"), [0.5, -1.0], [[1, 0], [0, 1], [1, 1]], [-7.0, -9.0, -8.5], -8.0),
        (
            say("ten samples of six groups"),
            random.normal(size=6),
            random.integers(2, size=(10, 6)),
            -np.sqrt(random.uniform(60, 110, size=10)),
            -9.0,
        ),
    ):
        given = (np.asarray(logits, float), np.asarray(choices, float), np.asarray(rewards, float))
        p = 1 / (1 + np.exp(-given[0]))
        better = given[2] - baseline
        expected = (better[:, None] * (given[1] - p)).mean(axis=0)
        shown = say(
            "{why}: logits {logits}, choices {choices}, rewards {rewards}, baseline {baseline:g}",
            **{"why": why, "logits": logits, "choices": choices, "rewards": rewards},
            **{"baseline": baseline},
        )
        what = shown if given[1].size < 10 else why
        compare(answer(*given, baseline), expected, what=what)
    return say("Choices of samples above the baseline become more likely, the others less likely.")


@exercise("13-5")
def my_rule(rule: Callable, mind: str) -> str:
    """Check a rule by three graphs, in the simulation of 13-2, and ask for its limits.

    rule: function of names to milliseconds (in the order of computing), names to the names that
    each needs and the milliseconds of a hop, to names to 0 or 1.
    mind: where it is not to be trusted, and what would change that.
    """
    cases = (
        (say("layers over steps"), *layers_over_steps(6), 0.7),
        (say("a chain with slow hops"), *_row(8), 3.0),
        (say("branches of different lengths"), *_branches(), 1.0),
    )
    came_ms, one_ms, lines = 0.0, 0.0, []
    for name, unsorted, needs, hop in cases:
        ranks = _ranks(unsorted, _takers(unsorted, needs), hop)
        ms = {one: unsorted[one] for one in sorted(unsorted, key=ranks.__getitem__, reverse=True)}
        place = rule(dict(ms), {one: list(needed) for one, needed in needs.items()}, hop)
        _judge_place(place, ms, name)
        took = _finish(ms, needs, {one: int(place[one]) for one in ms}, hop)
        alone = sum(ms.values())
        fields = {"graph": name, "took": took, "alone": alone}
        lines.append(say("{graph}: {took:.1f} ms, {alone:.1f} on one process", **fields))
        if took > alone * GRACE:
            not_yet("{line}. Slower than one process: what do hops cost there?", line=lines[-1])
        came_ms, one_ms = came_ms + took, one_ms + alone
    told = "\n".join(lines)
    if came_ms > ENOUGH * one_ms:
        not_yet(
            "{told}\nExpected at most {enough:.0%} of one process's time over all three, got "
            "{got:.0%}. Which operations wait, and for what?",
            **{"told": told, "enough": ENOUGH, "got": came_ms / one_ms},
        )
    reason(
        mind,
        "Now say in `mind` where you would not trust your rule, and what would change your mind.",
        least=FEWEST_WORDS,
    )
    share = came_ms / one_ms
    return say("{told}\nTogether {share:.0%} of the time of one process.", told=told, share=share)


def layers_over_steps(steps: int) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Make a graph like the lesson's: two layers over time steps, and a softmax for each.

    Args:
        steps: how many.

    Returns:
        Milliseconds of each operation, and what each needs; givers come first.
    """
    ms: dict[str, float] = {}
    needs: dict[str, list[str]] = {}
    for t in range(steps):
        for row, cost in (("low", 3.0), ("high", 3.5), ("softmax", 2.0)):
            below = {"low": [], "high": [f"low_{t}"], "softmax": [f"high_{t}"]}[row]
            before = [f"{row}_{t - 1}"] if t and row != "softmax" else []
            ms[f"{row}_{t}"], needs[f"{row}_{t}"] = cost + 0.1 * t, before + below
    return ms, needs


def _row(length: int) -> tuple[dict[str, float], dict[str, list[str]]]:
    ms = {f"step_{k}": 1.0 + 0.1 * k for k in range(length)}
    return ms, {f"step_{k}": [f"step_{k - 1}"] if k else [] for k in range(length)}


def _branches() -> tuple[dict[str, float], dict[str, list[str]]]:
    lengths = (9.0, 2.0, 2.0, 7.0, 3.0, 4.0, 3.0)
    ms = {"begin": 1.0} | {f"branch_{k}": cost for k, cost in enumerate(lengths)} | {"end": 1.0}
    needs: dict[str, list[str]] = {name: ["begin"] for name in ms}
    return ms, needs | {"begin": [], "end": [f"branch_{k}" for k in range(len(lengths))]}


def _some_places(steps: int) -> Sequence[dict[str, int]]:
    names = list(layers_over_steps(steps)[0])
    random = np.random.default_rng(5)
    by_layer = {name: int(name.startswith("high")) for name in names}
    return [by_layer, dict(zip(names, random.integers(2, size=len(names)).tolist(), strict=True))]


def _takers(ms: Mapping[str, float], needs: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: [other for other in ms if name in needs.get(other, [])] for name in ms}


def _ranks(
    ms: Mapping[str, float], takers: Mapping[str, Sequence[str]], hop: float
) -> dict[str, float]:
    """Rank operations of which each stands before those that take its output."""
    ranks: dict[str, float] = {}
    for name in reversed(list(ms)):
        onward = [hop + ranks[taker] for taker in takers[name]]
        ranks[name] = ms[name] + max(onward, default=0.0)
    return ranks


def _finish(
    ms: Mapping[str, float],
    needs: Mapping[str, Sequence[str]],
    process: Mapping[str, int],
    hop: float,
) -> float:
    """Simulate operations in the order in which they come."""
    end: dict[str, float] = {}
    free = [0.0, 0.0]
    for name, cost in ms.items():
        there = [end[one] + hop * (process[one] != process[name]) for one in needs[name]]
        end[name] = free[process[name]] = max([free[process[name]], *there]) + cost
    return max(end.values())


def _judge_place(place: object, ms: Mapping[str, float], graph: str) -> None:
    if not isinstance(place, Mapping):
        not_yet(
            "{graph}: expected a dict, name to 0 or 1, got {got:.80}.",
            **{"graph": graph, "got": repr(place)},
        )
    if missing := [name for name in ms if name not in place]:
        not_yet("{graph}: {name!r} has no place.", graph=graph, name=missing[0])
    for name in ms:
        if place[name] not in (0, 1):
            not_yet(
                "{graph}: expected 0 or 1 for {name!r}, got {got!r}.",
                **{"graph": graph, "name": name, "got": place[name]},
            )
