"""Right and wrong answers to the exercises of lesson 13."""

from functools import cache

import networkx as nx
import numpy as np
import pytest
import tensorflow as tf
from answers import Answers

from workshop.checks import placement as checks

MIND = "I would not trust it where hops differ; a measured order would change my mind."


# 13-1


def way_by_a_dict(edges, process, ms, gigabytes):
    sent = {(giver, process[taker]): size for giver, taker, size in edges}
    return sum(ms + b / gigabytes / 1e6 for (g, to), b in sent.items() if process[g] != to)


def way_by_a_loop(edges, process, ms, gigabytes):
    total, done = 0.0, set()
    for giver, taker, size in edges:
        key = (giver, process[taker])
        if process[giver] == process[taker] or key in done:
            continue
        done.add(key)
        total += ms + 1000 * size / (gigabytes * 1e9)
    return total


def way_by_numpy(edges, process, ms, gigabytes):
    crossing = {(g, b) for g, t, b in edges if process[g] != process[t]}
    sizes = np.array([b for _, b in crossing], dtype=float)
    return np.sum(ms + sizes / (1e6 * gigabytes))


def way_by_tensorflow(edges, process, ms, gigabytes):
    crossing = {(g, b) for g, t, b in edges if process[g] != process[t]}
    sizes = tf.constant([b for _, b in crossing] or [0], tf.float32)
    each = ms + sizes / (1e6 * gigabytes)
    return tf.reduce_sum(each) if crossing else tf.constant(0.0)


def way_of_each_edge(edges, process, ms, gigabytes):
    return sum(ms + b / gigabytes / 1e6 for g, t, b in edges if process[g] != process[t])


def way_of_all_edges(edges, process, ms, gigabytes):
    return sum(ms + b / gigabytes / 1e6 for g, t, b in edges)


def way_without_the_floor(edges, process, ms, gigabytes):
    return way_by_a_loop(edges, process, 0.0, gigabytes)


def way_in_seconds(edges, process, ms, gigabytes):
    return way_by_a_loop(edges, process, ms / 1000, gigabytes * 1000)


def way_with_gigabytes_wrong(edges, process, ms, gigabytes):
    return way_by_a_loop(edges, process, ms, gigabytes * 1000)


def way_from_0_alone(edges, process, ms, gigabytes):
    return way_by_a_loop([e for e in edges if process[e[0]] == 0], process, ms, gigabytes)


def way_of_one_floor(edges, process, ms, gigabytes):
    return ms + way_by_a_loop(edges, process, 0.0, gigabytes)


def way_of_unlike_sizes(edges, process, ms, gigabytes):
    sizes = {b for g, t, b in edges if process[g] != process[t]}
    return sum(ms + b / gigabytes / 1e6 for b in sizes)


def way_of_a_giver_to_its_last_taker(edges, process, ms, gigabytes):
    last = {giver: (taker, size) for giver, taker, size in edges}
    return way_by_a_loop([(g, t, b) for g, (t, b) in last.items()], process, ms, gigabytes)


def way_that_is_printed(edges, process, ms, gigabytes):
    print(way_by_a_loop(edges, process, ms, gigabytes))


# 13-2


def finish_by_a_loop(ms, needs, process, hop_ms):
    end, free = {}, [0.0, 0.0]
    for name in ms:
        here = process[name]
        start = free[here]
        for other in needs[name]:
            arrives = end[other] + (hop_ms if process[other] != here else 0)
            start = max(start, arrives)
        end[name] = free[here] = start + ms[name]
    return max(end.values())


def finish_by_numpy(ms, needs, process, hop_ms):
    names = list(ms)
    end, free = np.zeros(len(names)), np.zeros(2)
    for k, name in enumerate(names):
        here = process[name]
        there = [end[names.index(o)] + hop_ms * (process[o] != here) for o in needs[name]]
        end[k] = free[here] = np.max([free[here], *there]) + ms[name]
    return end.max()


def finish_by_recursion(ms, needs, process, hop_ms):
    names = list(ms)

    @cache
    def end(name):
        here = process[name]
        earlier = [o for o in names[: names.index(name)] if process[o] == here]
        waits = [end(o) + hop_ms * (process[o] != here) for o in needs[name]]
        waits += [end(earlier[-1])] if earlier else []
        return max(waits, default=0.0) + ms[name]

    return max(map(end, names))


def finish_by_the_longest_path(ms, needs, process, hop_ms):
    graph = nx.DiGraph()
    last = {}
    for name in ms:
        here = process[name]
        graph.add_edge("begin", name, weight=ms[name])
        before = [(o, hop_ms * (process[o] != here)) for o in needs[name]]
        before += [(last[here], 0.0)] if here in last else []
        for other, way in before:
            weight = max(way, graph.get_edge_data(other, name, {"weight": 0})["weight"] - ms[name])
            graph.add_edge(other, name, weight=weight + ms[name])
        last[here] = name
    return nx.dag_longest_path_length(graph)


def finish_without_hops(ms, needs, process, hop_ms):
    return finish_by_a_loop(ms, needs, process, 0)


def finish_with_hops_everywhere(ms, needs, process, hop_ms):
    end, free = {}, [0.0, 0.0]
    for name in ms:
        there = [end[o] + hop_ms for o in needs[name]]
        end[name] = free[process[name]] = max([free[process[name]], *there]) + ms[name]
    return max(end.values())


def finish_of_free_processes(ms, needs, process, hop_ms):
    end = {}
    for name in ms:
        there = [end[o] + hop_ms * (process[o] != process[name]) for o in needs[name]]
        end[name] = max(there, default=0) + ms[name]
    return max(end.values())


def finish_of_busy_processes(ms, needs, process, hop_ms):
    return max(sum(ms[n] for n in ms if process[n] == k) for k in (0, 1))


def finish_of_the_last(ms, needs, process, hop_ms):
    end, free = {}, [0.0, 0.0]
    for name in ms:
        there = [end[o] + hop_ms * (process[o] != process[name]) for o in needs[name]]
        end[name] = free[process[name]] = max([free[process[name]], *there]) + ms[name]
    return end[name]


def finish_after_the_sum_of_waits(ms, needs, process, hop_ms):
    end, free = {}, [0.0, 0.0]
    for name in ms:
        there = [end[o] + hop_ms * (process[o] != process[name]) for o in needs[name]]
        end[name] = free[process[name]] = free[process[name]] + sum(there) + ms[name]
    return max(end.values())


def finish_with_sending_as_work(ms, needs, process, hop_ms):
    hops = sum(process[o] != process[n] for n in ms for o in needs[n])
    return finish_by_a_loop(ms, needs, process, 0) + hops * hop_ms


def finish_of_one_process(ms, needs, process, hop_ms):
    return sum(ms.values())


def finish_that_is_printed(ms, needs, process, hop_ms):
    print(finish_by_a_loop(ms, needs, process, hop_ms))


# 13-3


def rank_in_reverse(ms, takers, hop_ms):
    ranks = {}
    for name in reversed(ms):
        ranks[name] = ms[name] + max((hop_ms + ranks[t] for t in takers[name]), default=0)
    return ranks


def rank_by_recursion(ms, takers, hop_ms):
    def rank(name):
        if not takers[name]:
            return ms[name]
        return ms[name] + hop_ms + max(rank(taker) for taker in takers[name])

    return {name: rank(name) for name in ms}


def rank_until_nothing_changes(ms, takers, hop_ms):
    ranks = {name: np.float64(cost) for name, cost in ms.items()}
    for _ in ms:
        for name in ms:
            for taker in takers[name]:
                ranks[name] = np.maximum(ranks[name], ms[name] + hop_ms + ranks[taker])
    return ranks


def rank_by_networkx(ms, takers, hop_ms):
    graph = nx.DiGraph([(n, t) for n in ms for t in takers[n]])
    graph.add_nodes_from(ms)
    ranks = {}
    for name in list(nx.topological_sort(graph))[::-1]:
        onward = [ranks[t] + hop_ms for t in graph[name]]
        ranks[name] = tf.constant(ms[name] + max(onward, default=0.0))
    return {name: float(rank) for name, rank in ranks.items()}


def rank_without_hops(ms, takers, hop_ms):
    return rank_in_reverse(ms, takers, 0)


def rank_by_sums(ms, takers, hop_ms):
    ranks = {}
    for name in reversed(ms):
        ranks[name] = ms[name] + sum(hop_ms + ranks[t] for t in takers[name])
    return ranks


def rank_by_the_shortest(ms, takers, hop_ms):
    ranks = {}
    for name in reversed(ms):
        ranks[name] = ms[name] + min((hop_ms + ranks[t] for t in takers[name]), default=0)
    return ranks


def rank_without_itself(ms, takers, hop_ms):
    ranks = {}
    for name in reversed(ms):
        ranks[name] = max((hop_ms + ranks[t] + ms[t] for t in takers[name]), default=0)
    return ranks


def rank_of_the_next_alone(ms, takers, hop_ms):
    return {n: ms[n] + max((hop_ms + ms[t] for t in takers[n]), default=0) for n in ms}


def rank_of_the_dear_taker(ms, takers, hop_ms):
    ranks = {}
    for name in reversed(ms):
        dear = max(takers[name], key=ms.get, default=None)
        ranks[name] = ms[name] + (hop_ms + ranks[dear] if dear else 0)
    return ranks


def rank_with_a_hop_at_the_end(ms, takers, hop_ms):
    return {name: rank + hop_ms for name, rank in rank_in_reverse(ms, takers, hop_ms).items()}


def rank_as_an_order(ms, takers, hop_ms):
    ranks = rank_in_reverse(ms, takers, hop_ms)
    return sorted(ranks, key=ranks.get, reverse=True)


def rank_that_is_printed(ms, takers, hop_ms):
    print(rank_in_reverse(ms, takers, hop_ms))


# 13-4


def gradient_by_numpy(logits, choices, rewards, baseline):
    p = 1 / (1 + np.exp(-logits))
    return ((rewards - baseline)[:, None] * (choices - p)).mean(axis=0)


def gradient_by_a_product(logits, choices, rewards, baseline):
    better = np.array(rewards) - baseline
    return better @ (choices - 1 / (1 + np.exp(-logits))) / len(rewards)


def gradient_by_loops(logits, choices, rewards, baseline):
    total = [0.0] * len(logits)
    for choice, reward in zip(choices, rewards, strict=True):
        for k, logit in enumerate(logits):
            p = 1 / (1 + np.exp(-logit))
            total[k] += (reward - baseline) * (1 - p if choice[k] else -p) / len(rewards)
    return total


def gradient_by_a_tape(logits, choices, rewards, baseline):
    variable = tf.Variable(logits)
    with tf.GradientTape() as tape:
        p = tf.sigmoid(variable)
        log_p = tf.math.log(tf.where(choices > 0.5, p, 1 - p))
        better = tf.constant(rewards - baseline)
        expected = tf.reduce_mean(better * tf.reduce_sum(log_p, axis=1))
    return tape.gradient(expected, variable)


def gradient_without_a_baseline(logits, choices, rewards, baseline):
    return (rewards[:, None] * (choices - 1 / (1 + np.exp(-logits)))).mean(axis=0)


def gradient_downhill(logits, choices, rewards, baseline):
    return -gradient_by_numpy(logits, choices, rewards, baseline)


def gradient_as_a_sum(logits, choices, rewards, baseline):
    return len(rewards) * gradient_by_numpy(logits, choices, rewards, baseline)


def gradient_of_the_choice_alone(logits, choices, rewards, baseline):
    p = 1 / (1 + np.exp(-logits))
    return ((rewards - baseline)[:, None] * choices * (1 - p)).mean(axis=0)


def gradient_of_p(logits, choices, rewards, baseline):
    p = 1 / (1 + np.exp(-logits))
    return ((rewards - baseline)[:, None] * (choices - p) * p * (1 - p)).mean(axis=0)


def gradient_with_the_logit_for_p(logits, choices, rewards, baseline):
    return ((rewards - baseline)[:, None] * (choices - logits)).mean(axis=0)


def gradient_of_log_p(logits, choices, rewards, baseline):
    p = 1 / (1 + np.exp(-logits))
    log_p = np.log(np.where(choices > 0.5, p, 1 - p))
    return ((rewards - baseline)[:, None] * log_p).mean(axis=0)


def gradient_of_each_sample(logits, choices, rewards, baseline):
    p = 1 / (1 + np.exp(-logits))
    return (rewards - baseline)[:, None] * (choices - p)


def gradient_of_all_groups(logits, choices, rewards, baseline):
    return gradient_by_numpy(logits, choices, rewards, baseline).mean()


def gradient_with_the_mean(logits, choices, rewards, baseline):
    return gradient_by_numpy(logits, choices, rewards, rewards.mean())


def gradient_of_better_than_best(logits, choices, rewards, baseline):
    p = 1 / (1 + np.exp(-logits))
    return ((rewards - rewards.max())[:, None] * (choices - p)).mean(axis=0)


def gradient_with_scaled_rewards(logits, choices, rewards, baseline):
    return gradient_by_numpy(logits, choices, rewards, baseline) / (rewards.std() + 1e-9)


RIGHT = {
    checks.under_way_ms: [way_by_a_dict, way_by_a_loop, way_by_numpy, way_by_tensorflow],
    checks.finish_ms: [
        finish_by_a_loop,
        finish_by_numpy,
        finish_by_recursion,
        finish_by_the_longest_path,
    ],
    checks.upward_rank: [
        rank_in_reverse,
        rank_by_recursion,
        rank_until_nothing_changes,
        rank_by_networkx,
    ],
    checks.policy_gradient: [
        gradient_by_numpy,
        gradient_by_a_product,
        gradient_by_loops,
        gradient_by_a_tape,
    ],
}
WRONG = {
    checks.under_way_ms: [
        (way_of_each_edge, "one tensor that two operations use"),
        (way_of_all_edges, "both on one process"),
        (way_without_the_floor, "one tensor"),
        (way_in_seconds, "expected 1.2, got 0.0012"),
        (way_with_gigabytes_wrong, "expected 1.2, got 0.201"),
        (way_from_0_alone, "from 1 to 0"),
        (way_of_one_floor, "both on one process"),
        (way_of_unlike_sizes, "two of three tensors|from two operations"),
        (way_of_a_giver_to_its_last_taker, "two of three tensors"),
        (way_that_is_printed, "gave None"),
    ],
    checks.finish_ms: [
        (finish_without_hops, "a hop"),
        (finish_with_hops_everywhere, "no hop"),
        (finish_of_free_processes, "two on one process"),
        (finish_of_busy_processes, "a hop"),
        (finish_of_the_last, "not the last to end"),
        (finish_after_the_sum_of_waits, "no hop"),
        (finish_with_sending_as_work, "a long hop|of 12 operations|two inputs"),
        (finish_of_one_process, "independent"),
        (finish_that_is_printed, "gave None"),
    ],
    checks.upward_rank: [
        (rank_without_hops, "a chain of two"),
        (rank_by_sums, "a fork"),
        (rank_by_the_shortest, "a fork"),
        (rank_without_itself, "one operation alone"),
        (rank_of_the_next_alone, "a diamond"),
        (rank_of_the_dear_taker, "not start with the slowest user"),
        (rank_with_a_hop_at_the_end, "one operation alone"),
        (rank_as_an_order, "a dict with a rank"),
        (rank_that_is_printed, "a dict with a rank"),
    ],
    checks.policy_gradient: [
        (gradient_without_a_baseline, "as good as the baseline|a logit of 2"),
        (gradient_downhill, "expected 0.5, got -0.5"),
        (gradient_as_a_sum, "expected 0.5, got 1"),
        (gradient_of_the_choice_alone, "expected 0.5, got 0.25"),
        (gradient_of_p, "expected 0.5, got 0.125"),
        (gradient_with_the_logit_for_p, "a baseline of 0"),
        (gradient_of_log_p, "one group"),
        (gradient_of_each_sample, "expected shape (1,), got (2, 1)"),
        (gradient_of_all_groups, "expected shape (1,), got ()"),
        (gradient_with_the_mean, "a baseline of 0"),
        (gradient_of_better_than_best, "one group|logit of 2|three samples"),
        (gradient_with_scaled_rewards, "a baseline of 0|three samples"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


def rule_where_it_ends_first(ms, needs, hop_ms):
    place, end, free = {}, {}, [0.0, 0.0]
    for name in ms:
        ends = [
            max([free[k]] + [end[o] + hop_ms * (place[o] != k) for o in needs[name]]) + ms[name]
            for k in (0, 1)
        ]
        place[name] = int(np.argmin(ends))
        end[name] = free[place[name]] = min(ends)
    return place


def rule_that_climbs(ms, needs, hop_ms):
    def took(place):
        return finish_by_a_loop(ms, needs, place, hop_ms)

    best = dict.fromkeys(ms, 0)
    while True:
        moves = [best | {name: 1 - best[name]} for name in ms]
        moves += [a | {n: 1 - a[n]} for a in moves for n in ms]
        if took(top := min(moves, key=took)) >= took(best):
            return best
        best = top


def rule_of_random_draws(ms, needs, hop_ms):
    random = np.random.default_rng(0)
    drawn = [dict(zip(ms, random.integers(2, size=len(ms)), strict=True)) for _ in range(3000)]
    drawn += [dict.fromkeys(ms, 0)]
    return min(drawn, key=lambda place: finish_by_a_loop(ms, needs, place, hop_ms))


def rule_by_rank(ms, needs, hop_ms):
    takers = {n: [t for t in ms if n in needs[t]] for n in ms}
    ranks = rank_in_reverse(ms, takers, hop_ms)
    order = sorted(ms, key=ranks.get, reverse=True)
    return rule_where_it_ends_first({name: ms[name] for name in order}, needs, hop_ms)


@pytest.mark.parametrize(
    "rule", [rule_where_it_ends_first, rule_that_climbs, rule_of_random_draws, rule_by_rank]
)
def test_rules_that_look_at_who_waits_pass(rule):
    outcome = checks.my_rule(rule, MIND)
    assert outcome.passed, outcome
    assert "layers over steps: " in outcome.message
    assert "of the time of one process" in outcome.message


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (lambda ms, needs, hop_ms: dict.fromkeys(ms, 0), "expected at most|Expected at most"),
        (lambda ms, needs, hop_ms: {n: k % 2 for k, n in enumerate(ms)}, "Slower than one process"),
        (lambda ms, needs, hop_ms: [0] * len(ms), "expected a dict"),
        (lambda ms, needs, hop_ms: None, "expected a dict"),
        (lambda ms, needs, hop_ms: {}, "'low_0' has no place"),
        (lambda ms, needs, hop_ms: dict.fromkeys(ms, "0"), "expected 0 or 1 for 'low_0', got '0'"),
        (lambda ms, needs, hop_ms: dict.fromkeys(ms, 2), "got 2"),
    ],
)
def test_other_rules_are_told_why(rule, says):
    outcome = checks.my_rule(rule, MIND)
    assert outcome.status == "not yet", outcome
    assert any(part in outcome.message for part in says.split("|")), outcome


@pytest.mark.parametrize("mind", ["", "trust it", 7])
def test_a_rule_needs_its_limits(mind):
    outcome = checks.my_rule(rule_where_it_ends_first, mind)
    assert outcome.status == "not yet"
    assert "`mind`" in outcome.message


def test_no_rule_is_not_attempted():
    assert checks.my_rule(..., ...).status == "not attempted"
    assert checks.my_rule(rule_where_it_ends_first, ...).status == "not attempted"
