"""Right and wrong answers to the exercises of lesson 10b."""

import random
import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from answers import Answers

from workshop.checks import few_pictures as checks
from workshop.data import load_emoji

layers = keras.layers
NAMES = load_emoji().names


def parts_by_permutation(labels, n, rng):
    parts = [[], [], []]
    for label in np.unique(labels):
        places = rng.permutation(np.flatnonzero(labels == label))
        for part, cut in zip(parts, np.split(places, [n, 2 * n]), strict=True):
            part.append(cut)
    return [np.concatenate(part) for part in parts]


def parts_by_choice_and_difference(labels, n, rng):
    learn, validation = [], []
    for label in set(labels.tolist()):
        both = rng.choice(np.where(labels == label)[0], 2 * n, replace=False)
        learn.extend(both[:n])
        validation.extend(both[n:])
    rest = np.setdiff1d(np.arange(len(labels)), learn + validation)
    return np.array(learn), np.array(validation), rest


def parts_in_plain_python(labels, n, rng):
    order = list(range(len(labels)))
    rng.shuffle(order)
    seen, parts = {}, ([], [], [])
    for place in order:
        count = seen.get(labels[place], 0)
        parts[min(count // n, 2)].append(place)
        seen[labels[place]] = count + 1
    return parts


def parts_as_tensors(labels, n, rng):
    return [tf.constant(part) for part in parts_by_permutation(labels, n, rng)]


def parts_by_masks(labels, n, rng):
    rank = np.empty(len(labels), int)
    for label in np.unique(labels):
        mask = labels == label
        rank[mask] = rng.permutation(mask.sum())
    return tuple(np.nonzero(m)[0] for m in (rank < n, (rank >= n) & (rank < 2 * n), rank >= 2 * n))


def parts_of_all(labels, n, rng):
    return np.split(rng.permutation(len(labels)), [n, 2 * n])


def parts_not_of_each_class(labels, n, rng):
    k = n * len(np.unique(labels))
    return np.split(rng.permutation(len(labels)), [k, 2 * k])


def parts_that_overlap(labels, n, rng):
    draws = [
        np.concatenate([rng.choice(np.where(labels == k)[0], n, False) for k in np.unique(labels)])
        for _ in range(2)
    ]
    return *draws, np.setdiff1d(np.arange(len(labels)), np.concatenate(draws))


def parts_with_repeats(labels, n, rng):
    learn, validation, rest = parts_by_permutation(labels, n, rng)
    return learn[rng.integers(0, len(learn), len(learn))], validation, rest


def parts_with_a_test_of_all_but_the_first(labels, n, rng):
    learn, validation, rest = parts_by_permutation(labels, n, rng)
    return learn, validation, np.concatenate([validation, rest])


def parts_with_an_equal_test(labels, n, rng):
    learn, validation, rest = parts_by_permutation(labels, n, rng)
    _, places = np.unique(labels[rest], return_index=True)
    return learn, validation, rest[places]


def parts_in_order(labels, n, rng):
    return parts_by_permutation(labels, n, np.random.default_rng(0))


def parts_by_another_chance(labels, n, rng):
    return parts_by_permutation(labels, n, np.random.default_rng(random.randrange(10**9)))


def parts_with_the_same_validation(labels, n, rng):
    learn, validation, rest = [], [], []
    for label in np.unique(labels):
        first, *others = np.flatnonzero(labels == label)
        validation.append(first)
        others = rng.permutation(others)
        validation.extend(others[: n - 1])
        learn.extend(others[n - 1 : 2 * n - 1])
        rest.extend(others[2 * n - 1 :])
    return learn, validation, rest


def parts_of_classes_from_zero(labels, n, rng):
    places = [rng.permutation(np.flatnonzero(labels == k)) for k in range(len(np.unique(labels)))]
    cuts = zip(*[np.split(one, [n, 2 * n]) for one in places], strict=True)
    return [np.concatenate(cut) for cut in cuts]


def parts_as_labels(labels, n, rng):
    return [labels[part] for part in parts_by_permutation(labels, n, rng)]


def parts_as_masks(labels, n, rng):
    return [np.isin(np.arange(len(labels)), part) for part in parts_by_permutation(labels, n, rng)]


def parts_without_the_test(labels, n, rng):
    return parts_by_permutation(labels, n, rng)[:2]


def parts_by_class(labels, n, rng):
    return [
        [rng.permutation(np.flatnonzero(labels == k))[:n] for k in np.unique(labels)]
        for _ in range(3)
    ]


def parts_in_a_table(labels, n, rng):
    return [np.array(part) for part in parts_by_class(labels, n, rng)]


def means_by_broadcasting(features, labels, others):
    classes = np.unique(labels)
    means = np.array([features[labels == k].mean(axis=0) for k in classes])
    return classes[np.linalg.norm(others[:, None] - means, axis=-1).argmin(axis=1)]


def means_by_products(features, labels, others):
    classes, place = np.unique(labels, return_inverse=True)
    members = np.eye(len(classes))[place]
    means = members.T @ features / members.sum(axis=0)[:, None]
    return classes[np.argmax(others @ means.T - (means**2).sum(axis=1) / 2, axis=1)]


def means_by_tensorflow(features, labels, others):
    classes, place = tf.unique(labels)
    means = tf.math.unsorted_segment_mean(features, place, len(classes))
    apart = tf.reduce_sum((others[:, None] - means) ** 2, axis=-1)
    return tf.gather(classes, tf.argmin(apart, axis=1))


def means_in_plain_python(features, labels, others):
    groups = {}
    for row, label in zip(features.tolist(), labels.tolist(), strict=True):
        groups.setdefault(label, []).append(row)
    means = {
        label: [sum(c) / len(c) for c in zip(*rows, strict=True)] for label, rows in groups.items()
    }

    def apart(one, label):
        return sum((a - b) ** 2 for a, b in zip(one, means[label], strict=True))

    return [min(means, key=lambda label: apart(one, label)) for one in others.tolist()]


def means_as_places(features, labels, others):
    return np.unique(labels, return_inverse=True)[1][
        [np.flatnonzero(labels == k)[0] for k in means_by_broadcasting(features, labels, others)]
    ]


def means_furthest(features, labels, others):
    return means_by_broadcasting(-features, labels, others)


def nearest_neighbour(features, labels, others):
    return labels[np.linalg.norm(others[:, None] - features, axis=-1).argmin(axis=1)]


def sums_for_means(features, labels, others):
    classes = np.unique(labels)
    sums = np.array([features[labels == k].sum(axis=0) for k in classes])
    return classes[np.linalg.norm(others[:, None] - sums, axis=-1).argmin(axis=1)]


def means_over_the_wrong_axis(features, labels, others):
    classes = np.unique(labels)
    means = np.array([features[labels == k].mean() for k in classes])
    return classes[np.abs(others.mean(axis=1)[:, None] - means).argmin(axis=1)]


def means_by_direction(features, labels, others):
    """The largest product, which prefers long means."""
    classes = np.unique(labels)
    means = np.array([features[labels == k].mean(axis=0) for k in classes])
    return classes[np.argmax(others @ means.T, axis=1)]


def means_for_the_given(features, labels, others):
    return means_by_broadcasting(features, labels, features)


def means_one_hot(features, labels, others):
    return np.eye(10)[means_by_broadcasting(features, labels, others)]


def means_returning_nothing(features, labels, others):
    means_by_broadcasting(features, labels, others)


def balanced_by_rows(table):
    there = table.sum(axis=1) > 0
    return np.mean(table.diagonal()[there] / table.sum(axis=1)[there])


def balanced_in_plain_python(table):
    shares = [row[k] / sum(row) for k, row in enumerate(table.tolist()) if any(row)]
    return sum(shares) / len(shares)


def balanced_by_tensorflow(table):
    table = tf.cast(table, tf.float64)
    there = tf.reduce_sum(table, axis=1) > 0
    shares = tf.math.divide_no_nan(tf.linalg.diag_part(table), tf.reduce_sum(table, axis=1))
    return tf.reduce_mean(shares[there])


def balanced_by_nanmean(table):
    with np.errstate(invalid="ignore"):
        return np.nanmean(np.diag(table) / table.sum(axis=1))


def plain_accuracy(table):
    return np.trace(table) / table.sum()


def balanced_over_columns(table):
    return balanced_by_rows(table.T)


def balanced_with_empty_rows(table):
    return np.mean(np.diag(table) / np.maximum(table.sum(axis=1), 1))


def balanced_with_nan(table):
    with np.errstate(invalid="ignore"):
        return np.mean(np.diag(table) / table.sum(axis=1))


def balanced_in_percent(table):
    return 100 * balanced_by_rows(table)


def shares_alone(table):
    return np.diag(table) / np.maximum(table.sum(axis=1), 1)


def open_by_walking(network, first):
    network.trainable, came = True, False
    for layer in network.layers:
        came = came or layer.name == first
        layer.trainable = came and not isinstance(layer, layers.BatchNormalization)
    return network


def open_by_place(network, first):
    names = [layer.name for layer in network.layers]
    network.trainable = False
    network.trainable = True
    for layer in network.layers[: names.index(first)]:
        layer.trainable = False
    for layer in network.layers:
        if type(layer).__name__ == "BatchNormalization":
            layer.trainable = False
    return network


def open_by_the_network_alone(network, first):
    """On TensorFlow `trainable = True` changes nothing where the network has True already."""
    names = [layer.name for layer in network.layers]
    network.trainable = True
    for layer in network.layers[: names.index(first)]:
        layer.trainable = False
    for layer in network.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False
    return network


def open_layer_by_layer(network, first):
    for layer in network.layers:
        layer.trainable = False
    network.trainable = True
    start = network.layers.index(network.get_layer(first))
    for k, layer in enumerate(network.layers):
        layer.trainable = k >= start and not isinstance(layer, layers.BatchNormalization)
    return network


def open_from_behind(network, first):
    network.trainable = True
    still = True
    for layer in reversed(network.layers):
        layer.trainable = still and not hasattr(layer, "moving_mean")
        still = still and layer.name != first
    return network


def open_with_the_norms(network, first):
    network.trainable, came = True, False
    for layer in network.layers:
        came = came or layer.name == first
        layer.trainable = came
    return network


def open_within_a_frozen_network(network, first):
    came = False
    for layer in network.layers:
        came = came or layer.name == first
        layer.trainable = came and not isinstance(layer, layers.BatchNormalization)
    return network


def open_all_but_norms(network, first):
    network.trainable = True
    for layer in network.layers:
        layer.trainable = not isinstance(layer, layers.BatchNormalization)
    return network


def open_behind_first(network, first):
    network.trainable, came = True, False
    for layer in network.layers:
        layer.trainable = came and not isinstance(layer, layers.BatchNormalization)
        came = came or layer.name == first
    return network


def open_first_alone(network, first):
    network.trainable = True
    for layer in network.layers:
        layer.trainable = layer.name == first
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False
    return network


def open_only_closing(network, first):
    """Freezes what comes before, and forgets that what comes after may be frozen."""
    for layer in network.layers:
        if layer.name == first:
            break
        layer.trainable = False
    for layer in network.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False
    return network


def open_a_copy(network, first):
    return open_by_walking(keras.models.clone_model(network), first)


def open_and_give_nothing(network, first):
    open_by_walking(network, first)


RIGHT = {
    checks.three_parts: [
        parts_by_permutation,
        parts_by_choice_and_difference,
        parts_in_plain_python,
        parts_as_tensors,
        parts_by_masks,
    ],
    checks.nearest_mean: [
        means_by_broadcasting,
        means_by_products,
        means_by_tensorflow,
        means_in_plain_python,
    ],
    checks.balanced_accuracy: [
        balanced_by_rows,
        balanced_in_plain_python,
        balanced_by_tensorflow,
        balanced_by_nanmean,
    ],
    checks.open_from: [open_by_walking, open_by_place, open_layer_by_layer, open_from_behind],
}
WRONG = {
    checks.three_parts: [
        (parts_of_all, "[0]: expected 2 of class"),
        (parts_not_of_each_class, "[0]: expected 2 of class"),
        (parts_that_overlap, "comes 2 times, in the parts [0, 1]"),
        (parts_with_repeats, "in the parts [0] (from 0)"),
        (parts_with_a_test_of_all_but_the_first, "in the parts [1, 2]"),
        (parts_with_an_equal_test, "of 21 places are in no part"),
        (parts_in_order, "Does chance decide?"),
        (parts_by_another_chance, "Does all chance come from `rng`?"),
        (parts_with_the_same_validation, "[0]: in 100 draws with different seeds, 3 of 21"),
        (parts_of_classes_from_zero, "expected 3 of class 7, got 0"),
        (parts_as_labels, "times, in the parts"),
        (parts_as_masks, "expected whole numbers of shape (k,), got shape (21,), bool"),
        (parts_without_the_test, "expected 3 arrays, got list"),
        (parts_by_class, "got a list of 3 of them. Put the classes together"),
        (parts_in_a_table, "got shape (3, 2), int64"),
        (lambda labels, n, rng: None, "expected 3 arrays, got None"),
        (lambda labels, n, rng: [[99], [0], [1]], "places from 0 to 20, got 99 to 99"),
    ],
    checks.nearest_mean: [
        (means_as_places, "of the classes, got [0, 1] as well|are off"),
        (means_furthest, "are off. At index"),
        (nearest_neighbour, "are off. At index"),
        (sums_for_means, "are off. At index"),
        (means_over_the_wrong_axis, "are off. At index"),
        (means_by_direction, "are off. At index"),
        (means_for_the_given, "expected shape"),
        (means_one_hot, ", 10)"),
        (means_returning_nothing, "gave None"),
    ],
    checks.balanced_accuracy: [
        (plain_accuracy, "[[90, 10, 0]"),
        (balanced_over_columns, "expected 0.85, got 0.8"),
        (balanced_with_empty_rows, "[[3, 1, 0], [0, 0, 0], [4, 0, 6]]"),
        (balanced_with_nan, "got nan"),
        (balanced_in_percent, "expected 0.85, got 85"),
        (shares_alone, "expected shape (), got (2,)"),
    ],
    checks.open_from: [
        (open_with_the_norms, "'late_norm', a batch normalization, is open"),
        (open_within_a_frozen_network, "before: all frozen: 'late' is frozen"),
        (open_all_but_norms, "'early', which comes before, is open"),
        (open_behind_first, "'late' is frozen"),
        (open_first_alone, "'classes' is frozen"),
        (open_only_closing, "before: all frozen: 'late' is frozen"),
        (open_by_the_network_alone, "before: some frozen: 'late' is frozen"),
        (open_a_copy, "expected the same network, got Functional"),
        (open_and_give_nothing, "expected the same network, got NoneType"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


# Two groups of features far apart, as many as there are emoji; fruit on one side.
FEATURES = np.random.default_rng(3).normal(size=(234, 5))
FEATURES[88:108] += 6
FRUIT, OTHERS = NAMES[88:108], NAMES[:20]
MIND = "Below 0.7 I would say that they see the colour of a thing and not its shape."


@pytest.mark.parametrize(
    "classes",
    [
        {"fruit": FRUIT, "beasts": OTHERS},
        {"fruit": tuple(FRUIT[:4]), "beasts": np.array(OTHERS)},
        {"fruit": set(FRUIT), "beasts": OTHERS, "mine": FEATURES[:6] - 6},
        {"one": FEATURES[88:93], "two": tf.constant(FEATURES[:9])},
    ],
)
def test_own_classes_pass_with_their_score(classes):
    outcome = checks.my_classes(classes, 1, MIND, NAMES, FEATURES)
    assert outcome.passed, outcome
    assert re.search(r"Balanced accuracy (1\.00|0\.9\d) with", outcome.message), outcome
    assert "well guessed" in outcome.message
    assert f"chance {1 / len(classes):.2f}" in outcome.message


def test_a_guess_that_is_far_off_passes_with_a_question():
    outcome = checks.my_classes({"a": NAMES[:8], "b": NAMES[8:16]}, 1.0, MIND, NAMES, FEATURES)
    assert outcome.passed, outcome
    assert "what did you not think of?" in outcome.message
    assert "with 4 per class (20 draws" in outcome.message


GOOD = {"fruit": FRUIT, "beasts": OTHERS}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"classes": [FRUIT, OTHERS]}, "Expected a dict of classes, got list"),
        ({"classes": {"fruit": FRUIT}}, "two classes or more, got 1"),
        ({"classes": GOOD | {"x": "tomato"}}, "Class 'x': expected a list of names"),
        ({"classes": GOOD | {"x": 3}}, "or an array of features, got int"),
        ({"classes": GOOD | {"x": []}}, "Class 'x': expected 4 pictures or more, got 0"),
        ({"classes": GOOD | {"x": NAMES[30:33]}}, "expected 4 pictures or more, got 3"),
        ({"classes": GOOD | {"x": ["Potato"]}}, "no emoji has the name 'Potato'"),
        ({"classes": GOOD | {"x": FRUIT[:4]}}, "is in 'fruit' and again in 'x'"),
        ({"classes": GOOD | {"x": FRUIT[:1] * 4}}, "is in 'fruit' and again in 'x'"),
        ({"classes": {"a": NAMES[:1] * 4, "b": FRUIT}}, "is in 'a' and again in 'a'"),
        ({"classes": GOOD | {"x": FEATURES[:4, :3]}}, "shape (k, 5), got (4, 3)"),
        ({"classes": GOOD | {"x": FEATURES[:4] * np.nan}}, "NaN or infinite"),
        ({"guess": 90}, "from 0 to 1, got 90"),
        ({"guess": "0.9"}, "from 0 to 1, got '0.9'"),
        ({"guess": True}, "from 0 to 1, got True"),
        ({"guess": float("nan")}, "from 0 to 1, got nan"),
        ({"mind": "none"}, "8 words or more, got 1"),
        ({"mind": None}, "Now say in `my_mind`"),
    ],
    ids=lambda part: str(part)[:40],
)
def test_other_classes_are_told_why(given, says):
    usual = {"classes": GOOD, "guess": 0.9, "mind": MIND}
    outcome = checks.my_classes(*(usual | given).values(), NAMES, FEATURES)
    assert outcome.status == "not yet", outcome
    assert says in outcome.message, outcome


@pytest.mark.parametrize("left", ["classes", "guess", "mind"])
def test_what_is_left_out_is_not_attempted(left):
    usual = {"classes": GOOD, "guess": 0.9, "mind": MIND}
    usual[left] = {"first": ..., "second": ...} if left == "classes" else ...
    assert checks.my_classes(*usual.values(), NAMES, FEATURES).status == "not attempted"
