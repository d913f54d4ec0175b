"""What the text of lesson 13 says of its graph, and of what was recorded."""

import json
from collections import defaultdict

import keras
import networkx as nx
import numpy as np
import pytest
import tensorflow as tf

from workshop import placement
from workshop.course.cells import run_cells
from workshop.placement import measured


@pytest.fixture(scope="module")
def recorded():
    """The results of each placement."""
    return json.loads(measured.RECORDED.read_text(encoding="utf-8"))["results"]


def test_the_minimal_cut_separates_one_of_25_groups():
    names = {"keras": keras, "np": np, "tf": tf, "defaultdict": defaultdict}
    forward = run_cells("13", ["model"], names | {"placement": placement})["forward"]
    assert len(forward.groups) == 25  # 2**25 placements, says section 8
    assert 300 < len(forward.operations) < 340
    network = nx.Graph()
    for pair, size in forward.between_groups().items():
        network.add_edge(*pair, weight=size)
    _, sides = nx.stoer_wagner(network)
    assert sorted(map(len, sides)) == [1, 24]


def test_a_training_step_is_three_to_four_times_the_work(recorded):
    ratio = recorded["training, one process"]["ms"] / recorded["one process"]["ms"]
    assert 3 < ratio < 4
    one, best = (recorded[f"training, {name}"]["ms"] for name in ("one process", "hill climbing"))
    assert best < 0.8 * one  # the placement carries over


def test_the_gain_is_real_and_smaller_than_predicted(recorded):
    one, best = recorded["one process"], recorded["hill climbing"]
    assert 1.2 < one["ms"] / best["ms"] < one["predicted"] / best["predicted"]


def test_heft_may_lose_to_the_halves_and_reinforce_to_hill_climbing(recorded):
    assert recorded["halves"]["predicted"] < recorded["HEFT"]["predicted"]
    assert recorded["hill climbing"]["predicted"] <= recorded["REINFORCE"]["predicted"]
