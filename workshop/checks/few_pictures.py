"""Checks of lesson 10b: a draw, a head of means, a score, what is open, own classes."""

from collections.abc import Callable, Mapping
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.checks.own_classes import groups_of, score_of
from workshop.checks.scalar import plain
from workshop.messages import say

if TYPE_CHECKING:
    import keras

PARTS = 3
MOST_LEARNED, DRAWS = 5, 20
FAR = 0.1  # from a guess to what came


@exercise("10b-1")
def three_parts(answer: Callable) -> str:
    """Check a draw of some places of each class, of as many others, and of all that are left.

    answer: function of labels `(n,)`, how many of each class, and a NumPy generator, to three
    arrays of places.
    """
    rng = np.random.default_rng(101)
    for counts, n in (({0: 5, 1: 9, 2: 7}, 2), ({3: 8, 7: 6, 40: 12, 41: 7}, 3), ({5: 2, 1: 2}, 1)):
        labels = rng.permutation(np.repeat(list(counts), list(counts.values())))
        what = f"three_parts({np.array2string(labels, threshold=6)}, {n}, rng)"
        drawn = [
            _parts(answer, labels, n, np.random.default_rng(seed), what) for seed in range(100)
        ]
        for parts in drawn:
            _judge_parts(parts, labels, n, what)
        again = _parts(answer, labels, n, np.random.default_rng(0), what)
        if [one.tolist() for one in again] != [one.tolist() for one in drawn[0]]:
            not_yet(
                "{what}: two generators with the same seed gave different draws. Does all chance "
                "come from `rng`?",
                what=what,
            )
        _judge_chance(drawn, labels, what)
    return say("Apart from one another, complete, and of each class as many.")


def _parts(
    answer: Callable, labels: np.ndarray, n: int, rng: np.random.Generator, what: str
) -> list[np.ndarray]:
    """Call the answer; its three parts as sorted whole numbers."""
    came = answer(labels, n, rng)
    if not isinstance(came, list | tuple) or len(came) != PARTS:
        got = f"{type(came).__name__}, {np.shape(came)}" if came is not None else "None"
        not_yet("{what}: expected {parts} arrays, got {got}.", what=what, parts=PARTS, got=got)
    parts = []
    for k, one in enumerate(came):
        if isinstance(one, list | tuple) and any(np.ndim(place) for place in one):
            not_yet(
                "{what}[{k}]: expected one array of places, got a {kind} of {count} of them. Put "
                "the classes together.",
                **{"what": what, "k": k, "kind": type(one).__name__, "count": len(one)},
            )
        part = np.asarray(one)
        if part.shape == (0,):
            part = part.astype(int)  # [] counts as floats
        if part.ndim != 1 or part.dtype.kind not in "iu":
            not_yet(
                "{what}[{k}]: expected whole numbers of shape (k,), got shape {shape}, {dtype}.",
                **{"what": what, "k": k, "shape": part.shape, "dtype": part.dtype},
            )
        if part.size and not 0 <= part.min() <= part.max() < len(labels):
            not_yet(
                "{what}[{k}]: expected places from 0 to {last}, got {low} to {high}.",
                **{"what": what, "k": k, "last": len(labels) - 1},
                **{"low": part.min(), "high": part.max()},
            )
        parts.append(np.sort(part))
    return parts


def _judge_parts(parts: list[np.ndarray], labels: np.ndarray, n: int, what: str) -> None:
    """Look at how often each place comes, and how many of each class each part has."""
    times = np.bincount(np.concatenate(parts), minlength=len(labels))
    for place in np.flatnonzero(times > 1)[:1]:
        holds = [k for k, part in enumerate(parts) if place in part]
        not_yet(
            "{what}: place {place} comes {times} times, in the parts {holds} (from 0).",
            **{"what": what, "place": place, "times": times[place], "holds": holds},
        )
    for label in np.unique(labels):
        for k, part in enumerate(parts[:2]):
            if (got := np.sum(labels[part] == label)) != n:
                not_yet(
                    "{what}[{k}]: expected {n} of class {label}, got {got}.",
                    **{"what": what, "k": k, "n": n, "label": label, "got": got},
                )
    if missing := int(np.sum(times == 0)):
        not_yet(
            "{what}: {missing} of {count} places are in no part.",
            **{"what": what, "missing": missing, "count": len(labels)},
        )


def _judge_chance(drawn: list[list[np.ndarray]], labels: np.ndarray, what: str) -> None:
    """Ask that every place is drawn now and then, for either of the first two parts."""
    for k in range(2):
        times = np.bincount(np.concatenate([one[k] for one in drawn]), minlength=len(labels))
        if never := int(np.sum(times == 0)):
            not_yet(
                "{what}[{k}]: in {draws} draws with different seeds, {never} of {count} places "
                "were never in it. Does chance decide?",
                **{"what": what, "k": k, "draws": len(drawn), "never": never},
                count=len(labels),
            )


@exercise("10b-2")
def nearest_mean(answer: Callable) -> str:
    """Check labels by the nearest class mean against those of a loop in NumPy.

    answer: function of features `(n, d)`, their labels `(n,)` and other features `(m, d)`, to
    labels `(m,)`.
    """
    rng = np.random.default_rng(102)
    for classes, counts, wide in (((0, 1), (3, 3), 2), ((2, 5, 9), (1, 4, 9), 6)):
        centres = rng.normal(0, 1.5, (len(classes), wide))
        labels = np.repeat(classes, counts)
        features = np.repeat(centres, counts, axis=0) + rng.normal(size=(len(labels), wide))
        order = rng.permutation(len(labels))
        features, labels = features[order].astype(np.float32), labels[order]
        others = rng.normal(0, 1.5, (40, wide)).astype(np.float32)
        means = np.array([features[labels == label].mean(axis=0) for label in classes])
        apart = np.array([((means - one) ** 2).sum(axis=1) for one in others])
        # Without those that lie halfway, where the last bit decides.
        ordered = np.sort(apart, axis=1)
        clear = ordered[:, 1] - ordered[:, 0] > 0.05
        others, expected = others[clear], np.array(classes)[apart[clear].argmin(axis=1)]
        _judge_labels(answer(features, labels, others), expected, classes, f"{wide} features")
    return say("Each gets the label of the nearest mean: a head that was never trained.")


def _judge_labels(came: object, expected: np.ndarray, classes: tuple, inputs: str) -> None:
    what = say(
        "nearest_mean with the classes {classes} and {inputs}", classes=classes, inputs=inputs
    )
    if came is None:
        not_yet("{what} gave None. Does your function end in `return`?", what=what)
    got = np.asarray(came)
    if got.shape != expected.shape:
        fields = {"what": what, "expected": expected.shape, "got": got.shape}
        not_yet("{what}: expected shape {expected}, got {got}.", **fields)
    if strange := sorted(set(got.tolist()) - set(classes)):
        not_yet(
            "{what}: expected labels of the classes, got {strange} as well.",
            **{"what": what, "strange": strange},
        )
    if wrong := int(np.sum(got != expected)):
        first = int(np.flatnonzero(got != expected)[0])
        not_yet(
            "{what}: {wrong} of {count} are off. At index {first}: expected {expected}, got {got}.",
            **{"what": what, "wrong": wrong, "count": len(got), "first": first},
            **{"expected": expected[first], "got": got[first]},
        )


@exercise("10b-3")
def balanced_accuracy(answer: Callable) -> str:
    """Check the mean share of right answers of each class against one that counts examples.

    answer: function of a table of counts `(true, predicted)` to a number of 0..1.
    """
    for table in (
        [[8, 2], [1, 9]],
        [[90, 10, 0], [1, 1, 2], [0, 0, 5]],
        [[3, 1, 0], [0, 0, 0], [4, 0, 6]],
        [[0, 7], [3, 0]],
        [[1, 0, 0], [0, 5, 0], [0, 9, 1]],
    ):
        counts = np.array(table)
        shares = [row[k] / sum(row) for k, row in enumerate(table) if sum(row)]
        what = f"balanced_accuracy({table})"
        compare(answer(counts), sum(shares) / len(shares), what=what)
    return say("Each class that is there counts the same, however many pictures it has.")


@exercise("10b-4")
def open_from(answer: Callable) -> str:
    """Check which layers of a network train, whatever was open before.

    answer: function of a Keras model and the name of a layer, to the same model: open from that
    layer on, but for batch normalization.
    """
    for before in ("all open", "all frozen", "some frozen"):
        for first in ("late", "middle", "early", "late_norm"):
            network = _small_network(before)
            came = answer(network, first)
            fields = {"call": f"open_from(network, {first!r})", "before": before}
            what = say("{call}, before: {before}", **fields)
            if came is not network:
                kind = type(came).__name__
                not_yet("{what}: expected the same network, got {kind}.", what=what, kind=kind)
            _judge_open(network, first, what)
    return say("Open from there on, frozen before, and all statistics stay as they are.")


def _small_network(before: str) -> "keras.Model":
    import keras

    layers = keras.layers
    inputs = keras.Input((6, 6, 3))
    x = layers.Conv2D(2, 3, padding="same", name="early")(inputs)
    x = layers.BatchNormalization(name="early_norm")(x)
    x = layers.DepthwiseConv2D(3, name="middle")(x)
    x = layers.BatchNormalization(name="middle_norm")(x)
    x = layers.Dropout(0.1, name="drop")(layers.ReLU(name="relu")(x))
    x = layers.Conv2D(4, 1, name="late")(x)
    x = layers.BatchNormalization(name="late_norm")(x)
    x = layers.GlobalAveragePooling2D(name="features")(x)
    network = keras.Model(inputs, layers.Dense(2, name="classes")(x))
    if before == "all frozen":
        network.trainable = False
    elif before == "some frozen":
        for name in ("early_norm", "middle", "late"):
            network.get_layer(name).trainable = False
    return network


def _judge_open(network: "keras.Model", first: str, what: str) -> None:
    names = [layer.name for layer in network.layers]
    behind = names[names.index(first) :]
    expected = {
        name for name in behind if network.get_layer(name).weights and not name.endswith("_norm")
    }
    of = {id(weight): layer.name for layer in network.layers for weight in layer.weights}
    got = {of[id(weight)] for weight in network.trainable_variables}
    for name in names:
        if name in got - expected:
            if name.endswith("_norm"):
                not_yet("{what}: {layer!r}, a batch normalization, is open.", what=what, layer=name)
            not_yet("{what}: {layer!r}, which comes before, is open.", what=what, layer=name)
        if name in expected - got:
            not_yet(
                "{what}: {layer!r} is frozen: none of its weights is in "
                "network.trainable_variables.",
                **{"what": what, "layer": name},
            )
        if name.endswith("_norm") and network.get_layer(name).trainable:
            not_yet("{what}: {layer!r}.trainable is not False.", what=what, layer=name)


@exercise("10b-5")
def my_classes(
    classes: Mapping, guess: float, mind: str, names: list[str], features: np.ndarray
) -> str:
    """Check the learner's own classes by the nearest mean, over several draws.

    answer: dict of two or more classes, each a list of names of emoji or an array `(k, d)` of
    features; a guess of 0..1; what would change their mind; all names and all features.
    """
    groups = groups_of(classes, names, np.asarray(features))
    guess = plain(guess)
    if isinstance(guess, bool) or not isinstance(guess, Real) or not 0 <= guess <= 1:
        not_yet("Expected `my_guess` from 0 to 1, got {guess!r}.", guess=guess)
    n = min(MOST_LEARNED, min(map(len, groups)) // 2)
    scores = [score_of(groups, n, np.random.default_rng(seed)) for seed in range(DRAWS)]
    fields = {
        "n": n,
        "mean": float(np.mean(scores)),
        "low": min(scores),
        "high": max(scores),
        "draws": DRAWS,
        "chance": 1 / len(groups),
        "guess": float(guess),
    }
    reason(
        mind,
        "Balanced accuracy {mean:.2f} with {n} per class. Now say in `my_mind` which result would "
        "change your mind, and about what.",
        **fields,
    )
    if abs(fields["mean"] - fields["guess"]) > FAR:
        return say(
            "Balanced accuracy {mean:.2f} with {n} per class ({draws} draws, {low:.2f} to "
            "{high:.2f}; chance {chance:.2f}). You said {guess:.2f}: what did you not think of?",
            **fields,
        )
    return say(
        "Balanced accuracy {mean:.2f} with {n} per class ({draws} draws, {low:.2f} to {high:.2f}; "
        "chance {chance:.2f}). You said {guess:.2f}: well guessed.",
        **fields,
    )
