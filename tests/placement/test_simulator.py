"""What must hold for any simulation, and how small graphs come out by hand."""

import itertools

import numpy as np
import pytest

from workshop.placement import Graph, Link, Operation, Simulator
from workshop.placement.simulator import Span

NO_TIME = Link(0.0, 1e9)


def graph_of(*operations):
    """A graph of (name, kind, group, {giver: bytes})."""
    return Graph(None, [Operation(*one) for one in operations], operations[-1][0])


def two_chains(kind="Mul"):
    """Two independent rows of two, and one operation that needs both."""
    return graph_of(
        ("a1", kind, "a", {}),
        ("b1", kind, "b", {}),
        ("a2", kind, "a", {"a1": 4}),
        ("b2", kind, "b", {"b1": 4}),
        ("end", "AddN", "end", {"a2": 4, "b2": 4}),
    )


COSTS = {"a1": 3.0, "a2": 2.0, "b1": 4.0, "b2": 4.0, "end": 1.0}


def random_graph(seed, n=60):
    """Operations of random kinds and groups that need random earlier ones."""
    draw = np.random.default_rng(seed)
    operations = []
    for k in range(n):
        givers = draw.choice(k, size=min(k, draw.integers(0, 4)), replace=False) if k else []
        needs = {f"op{g}": int(draw.integers(4, 4_000_000)) for g in givers}
        kind = "MatMul" if draw.random() < 0.4 else "Mul"
        operations.append((f"op{k}", kind, f"group{draw.integers(8)}", needs))
    graph = graph_of(*operations)
    return graph, {f"op{k}": float(draw.uniform(0.001, 5)) for k in range(n)}


def test_on_one_process_all_follow_one_another():
    simulator = Simulator(two_chains(), COSTS, Link(5.0, 1.0), sharing=0.5)
    assert simulator.step_ms([0, 0, 0]) == pytest.approx(14)
    assert simulator.step_ms([1, 1, 1]) == pytest.approx(14)


def test_independent_rows_run_side_by_side():
    simulator = Simulator(two_chains(), COSTS, NO_TIME)
    assert simulator.groups == ["a", "b", "end"]
    assert simulator.step_ms([0, 1, 1]) == pytest.approx(8 + 1)
    assert simulator.step_ms([0, 1, 0]) == pytest.approx(8 + 1)


def test_a_tensor_is_under_way():
    simulator = Simulator(two_chains(), COSTS, Link(0.5, 1.0))
    assert simulator.step_ms([0, 1, 0]) == pytest.approx(8 + 0.5 + 4e-6 + 1)
    assert simulator.step_ms([0, 1, 1]) == pytest.approx(8 + 1)


def test_shared_units_slow_down_who_multiplies_at_the_same_time():
    simulator = Simulator(two_chains("MatMul"), COSTS, NO_TIME, sharing=0.5)
    # Both at half speed until `a` has done its 5 after 10 ms; then `b` does its last 3 alone.
    assert simulator.step_ms([0, 1, 1]) == pytest.approx(10 + 3 + 1)
    alike = Simulator(two_chains("Mul"), COSTS, NO_TIME, sharing=0.5)
    assert alike.step_ms([0, 1, 1]) == pytest.approx(8 + 1)


def test_who_is_ready_first_comes_first():
    graph = graph_of(
        ("late", "Mul", "far", {}),
        ("needs late", "Mul", "x", {"late": 4}),
        ("ready", "MatMul", "x", {}),
        ("end", "Mul", "x", {"needs late": 4, "ready": 4}),
    )
    costs = {"late": 1.0, "needs late": 2.0, "ready": 5.0, "end": 1.0}
    simulator = Simulator(graph, costs, NO_TIME)
    spans = [span for span in simulator.spans([0, 1]) if span.process == 1]
    assert (spans[0].start, spans[0].end) == (0.0, 5.0)
    assert simulator.step_ms([0, 1]) == pytest.approx(8)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("sharing", [1.0, 0.6])
def test_invariants(seed, sharing):
    graph, costs = random_graph(seed)
    simulator = Simulator(graph, costs, Link(0.3, 2.0), sharing=sharing)
    draw = np.random.default_rng(seed)
    total = sum(costs.values())
    longest = {}
    for one in graph.operations:
        longest[one.name] = costs[one.name] + max((longest[g] for g in one.needs), default=0)
    assert simulator.step_ms([0] * len(simulator.groups)) == pytest.approx(total)
    assert sum(map(simulator.cost, simulator.groups)) == pytest.approx(total)
    for _ in range(10):
        place = draw.integers(2, size=len(simulator.groups)).tolist()
        took = simulator.step_ms(place)
        assert took >= total / 2 - 1e-9
        assert took >= max(longest.values()) - 1e-9
        assert took == pytest.approx(simulator.step_ms([1 - one for one in place]))
        assert took == simulator.step_ms(np.array(place))
        check_spans(simulator, place, took, total, sharing)


def check_spans(simulator, place, took, total, sharing):
    spans = simulator.spans(place)
    assert max(span.end for span in spans) == pytest.approx(took)
    lengths = sum(span.end - span.start for span in spans)
    assert total - 1e-9 <= lengths <= total / sharing + 1e-9
    where = dict(zip(simulator.groups, place, strict=True))
    for process in (0, 1):
        own = [span for span in spans if span.process == process]
        assert all(where[span.name] == process for span in own)
        assert all(a.end <= b.start + 1e-9 for a, b in itertools.pairwise(own))


@pytest.mark.parametrize("seed", range(4))
def test_sharing_and_a_slower_link_never_help_one_after_the_other(seed):
    graph, costs = random_graph(seed, n=12)
    place = [k % 2 for k in range(len(Simulator(graph, costs, NO_TIME).groups))]
    spans = [Simulator(graph, costs, NO_TIME, sharing=s).spans(place) for s in (1.0, 0.5)]
    lengths = [sum(span.end - span.start for span in one) for one in spans]
    assert lengths[0] <= lengths[1] + 1e-9


def test_what_follows_in_a_group_becomes_one_row():
    graph = graph_of(
        ("m", "MatMul", "a", {}),
        ("add", "AddV2", "a", {"m": 4}),
        ("relu", "Relu", "a", {"add": 4}),
        ("out", "Relu", "b", {"relu": 4}),
    )
    costs = dict.fromkeys(["m", "add", "relu", "out"], 1.0)
    m, rest, out = Simulator(graph, costs, Link(0.0, float("inf"))).spans([0, 1])
    assert m == Span("a", 0, 0.0, 1.0)
    assert rest == Span("a", 0, 1.0, 3.0)
    assert out == Span("b", 1, 3.0, 4.0)


def test_what_takes_no_time_does_not_count():
    graph = graph_of(
        ("shape", "Shape", "a", {}),
        ("axis", "Sub", "a", {"shape": 4}),
        ("m", "MatMul", "a", {"axis": 4}),
    )
    assert len(Simulator(graph, {"m": 1.0}, NO_TIME).spans([0])) == 1


@pytest.mark.parametrize("length", [0, 2, 4])
def test_a_placement_has_a_process_for_each_group(length):
    simulator = Simulator(two_chains(), COSTS, NO_TIME)
    with pytest.raises(ValueError, match=f"each of 3 groups, got {length}"):
        simulator.step_ms([0] * length)


def test_a_link_has_a_share_of_each_tensor_and_of_each_byte():
    assert Link(0.2, 4.0).under_way(4_000_000) == pytest.approx(1.2)
