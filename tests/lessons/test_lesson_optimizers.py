"""What lesson 12b shows of recorded runs, and what its cells define: gradients, a rule in Keras."""

import itertools
from collections import namedtuple
from itertools import pairwise

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from workshop.course.cells import run_cells
from workshop.data import load_mnist, recorded_measurements, spirals

FOUND = 4
TASKS = ("digits", "convolutions", "spirals, 2 turns")


@pytest.fixture(scope="module")
def names():
    given = {"np": np, "keras": keras, "layers": layers, "product": itertools.product}
    given |= {"namedtuple": namedtuple, "pairwise": pairwise}
    given |= {"load_mnist": load_mnist, "spirals": spirals}
    run_cells("12b", ["digits"], given)
    return run_cells("12b", ["rules", "network", "space", "keras", "spirals"], given)


@pytest.fixture(scope="module")
def recorded():
    return recorded_measurements("optimizers")


def test_the_gradients_are_those_of_a_tape(names):
    task = names["digits"]
    random = np.random.default_rng(0)
    flat = random.normal(0, 0.1, (2, 197 * 32 + 33 * 10)).astype("float32")
    x, y = task.x[:64], task.y[:64]
    by_hand = names["matrices"](names["gradients"](flat, task.sizes, x, y), task.sizes)
    for row in range(len(flat)):
        W1, W2 = (tf.constant(W[row]) for W in names["matrices"](flat, task.sizes))
        with tf.GradientTape() as tape:
            tape.watch([W1, W2])
            z = tf.tanh(x @ W1[:-1] + W1[-1]) @ W2[:-1] + W2[-1]
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, z))
        for ours, theirs in zip(by_hand, tape.gradient(loss, [W1, W2]), strict=True):
            np.testing.assert_allclose(ours[row], theirs, atol=1e-6)


@pytest.mark.parametrize("rule", ["adam * exp(agree)", "sign(0.1 * g + slow)", "ratio(m, root(v))"])
def test_a_rule_in_keras_is_the_rule_in_numpy(names, rule):
    random = np.random.default_rng(1)
    optimizer = names["Searched"](rule, 0.01)
    weights = [random.normal(size=shape).astype("float32") for shape in ((3, 2), (4,))]
    variables = [keras.Variable(one) for one in weights]
    memory = [np.zeros((3, *one.shape), "float32") for one in weights]
    for t in range(1, 11):
        gradients = [random.normal(size=one.shape).astype("float32") for one in weights]
        optimizer.apply(gradients, variables)
        for k, g in enumerate(gradients):
            m, v, slow = memory[k]
            m += 0.1 * (g - m)
            v += 0.01 * (g * g - v)
            slow += 0.01 * (g - slow)
            corrected = m / (1 - 0.9**t), v / (1 - 0.99**t)
            weights[k] -= 0.01 * names["step"](rule, g, *corrected, slow)
    for variable, expected in zip(variables, weights, strict=True):
        np.testing.assert_allclose(variable, expected, rtol=1e-3, atol=1e-5)


def test_adam_is_that_of_keras(names):
    random = np.random.default_rng(2)
    variables = [keras.Variable(np.ones(4, "float32")) for _ in "ab"]
    optimizers = names["Searched"]("adam", 0.1), keras.optimizers.Adam(0.1, beta_2=0.99)
    for _ in range(10):
        gradient = random.normal(size=4).astype("float32")
        for optimizer, variable in zip(optimizers, variables, strict=True):
            optimizer.apply([gradient], [variable])
    np.testing.assert_allclose(*variables, rtol=1e-4)


def test_lion_as_a_line_is_lion(names):
    """The lesson's line takes the slow average after its update; Lion's takes it before."""
    random = np.random.default_rng(3)
    slow = np.zeros(50)
    for _ in range(20):
        g = random.normal(size=50)
        expected = np.sign(0.9 * slow + 0.1 * g)
        slow = 0.99 * slow + 0.01 * g
        came = names["step"](names["KNOWN"]["Lion"], g, g, g * g, slow)
        np.testing.assert_array_equal(came, expected)


def test_the_space_is_the_recorded_one(names, recorded):
    assert len(names["everything"]) == 4900
    assert abs(len(names["classes"]) - recorded["space"]["rules"]) <= 5
    for rule in recorded["again"]:
        names["step"](rule, *np.ones((4, 3), "float32"))


def test_of_the_recorded_rules_few_learn(recorded):
    assert 0.1 < recorded["space"]["learn"] < 0.25


def test_no_search_is_clearly_ahead(recorded):
    replays = recorded["replays"]
    assert 0 < replays["by_evolution"] - replays["by_random"] < 0.002
    assert 0.3 < replays["evolution ahead"] < 0.5


def test_the_best_seen_lose_on_fresh_seeds(recorded):
    seen, again, spread, _ = np.array(list(recorded["again"].values())).T
    assert len(seen) == 24
    assert np.mean(seen - again) > np.mean(spread)


@pytest.mark.parametrize("task", TASKS)
def test_the_known_and_the_found_are_on_every_task(names, recorded, task):
    table = recorded[task]
    assert list(table) == list(recorded["digits"])
    assert list(table)[:-FOUND] == list(names["KNOWN"])
    assert set(list(table)[-FOUND:]) <= set(recorded["again"])
