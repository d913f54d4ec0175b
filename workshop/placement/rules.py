"""Ranks for the rule HEFT: how far each is from the end."""

from collections.abc import Mapping

import networkx as nx


def upward_ranks(
    ms: Mapping[str, float], ways: Mapping[tuple[str, str], float]
) -> dict[str, float]:
    """Give the longest way from each of some steps to the end, computing and travelling.

    Args:
        ms: name of each step to the milliseconds that it computes.
        ways: (giver, taker) to the milliseconds that its output would be under way.

    Returns:
        Name to milliseconds.

    Raises:
        networkx.NetworkXUnfeasible: steps need each other in a circle.

    Example:
        >>> upward_ranks({"a": 1.0, "b": 2.0}, {("a", "b"): 0.5})
        {'b': 2.0, 'a': 3.5}

    Source:
        Topcuoglu, Hariri, Wu: Performance-effective and low-complexity task scheduling for
        heterogeneous computing, 2002.
    """
    graph = nx.DiGraph(list(ways))
    graph.add_nodes_from(ms)
    ranks: dict[str, float] = {}
    for name in reversed(list(nx.topological_sort(graph))):
        onward = (ways[name, taker] + ranks[taker] for taker in graph.successors(name))
        ranks[name] = ms[name] + max(onward, default=0.0)
    return ranks
