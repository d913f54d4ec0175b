"""HEFT's ranks."""

import networkx as nx
import pytest

from workshop.placement import upward_ranks


def test_the_longest_way_to_the_end():
    ms = {"a": 1.0, "b": 6.0, "c": 2.0, "d": 8.0, "alone": 3.0}
    ways = {("a", "b"): 0.5, ("a", "c"): 0.5, ("c", "d"): 2.0}
    expected = {"b": 6, "d": 8, "c": 2 + 2 + 8, "a": 1 + 0.5 + 12, "alone": 3}
    assert upward_ranks(ms, ways) == expected


def test_a_circle_has_no_end():
    with pytest.raises(nx.NetworkXUnfeasible):
        upward_ranks({"a": 1.0, "b": 1.0}, {("a", "b"): 0.0, ("b", "a"): 0.0})
