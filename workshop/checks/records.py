"""Checks of lesson 05b, records on disk."""

import itertools
import operator
import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from workshop.checks import own_feature, weather_example
from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.checks.lists import with_lists
from workshop.checks.pipelines_oracle import few
from workshop.messages import say

ABOUT = (
    "byte|disk|read|stor|comput|calcul|record|feature|worth|cheap|slow|fast|size|space|large|small"
    "|epoch|shard|file|keep|number|pixel|image|picture|deriv|rechn|les|speicher|platte|platz"
    "|schnell|langsam|disque|lectur|lent|octet|disco|leer|lento|rápid|espacio"
)
GIVEN = {"image", "label", "ink", "weight"}


@exercise("5b-1")
def weather(answer: Callable) -> str:
    """Check a serialised `tf.train.Example` of a weather station by parsing it.

    answer: function of a station's name (a str), a day (an int) and temperatures (a list of floats,
    of any length) to bytes with the features `station`, `day` and `temperatures`.
    """
    rng = np.random.default_rng()
    drawn = rng.integers(-(2**16), 2**16, size=rng.integers(55, 70)) / 1024  # exact as float32
    # A name is what the station says it is, blanks, capitals and signs included.
    odd = f" \tSt. Gallen {rng.integers(100)}: l'Étang & Zu\u0308rich, NORD \N{CLOUD WITH RAIN}\n"
    for given in (
        ("Zugspitze", 12, [-3.5, -1.25, 0.5]),
        ("Köln", 365, [17.0]),
        ("Sahara", -1, []),
        ("Bern", 0, [0.0, 1.0]),
        (odd, int(rng.integers(1000, 30_000)), [*drawn.tolist(), float(drawn[0])]),
        ("東京", 2**40 + int(rng.integers(1000, 30_000)), [21.25]),
    ):
        what = f"weather({given[0]!r}, {given[1]}, {few(given[2])})"
        came = with_lists(answer, *given)
        weather_example.held_by(came, given, what)
    return say("Bytes, integers and floats are each in their list, and the umlaut survived too.")


@exercise("5b-2")
def record_offsets(answer: Callable) -> str:
    """Check where the records of a TFRecord file begin.

    answer: function of the bytes of a file to a list of positions, one for each record that is
    complete.
    """
    lengths = (5, 0, 300, *np.random.default_rng().integers(20, 400, size=3).tolist())
    whole = b"".join(_frame(length) for length in lengths)
    begins = np.cumsum([0, *(16 + length for length in lengths)]).tolist()
    for data, expected, what in (
        (whole, begins[:6], say("six complete records")),
        (_frame(70_000), [0], say("one long record")),
        (_frame(0), [0], say("one record without data")),
        (b"", [], say("an empty file")),
        (whole[:-1], begins[:5], say("six records, the last byte cut off")),
        (whole[:-10], begins[:5], say("six records, the last ten bytes cut off")),
        # All that is left of the next record, from one byte of its length to its whole head.
        *(
            (whole[: begins[3] + n], begins[:3], say("three records and {n} more bytes", n=n))
            for n in range(1, 16)
        ),
        # Of a record of a terabyte the head alone: its low four bytes are a small number.
        (
            whole[: begins[2]] + struct.pack("<Q", 2**40 + 5) + b"\x11" * 90,
            begins[:2],
            say("two records and the beginning of a third, of a terabyte"),
        ),
        (whole[: begins[3]], begins[:3], say("three complete records")),
    ):
        _same_positions(answer, data, expected, what)
    return say("Each record is found, and what was cut off is left out.")


def _same_positions(answer: Callable, data: bytes, expected: list[int], what: str) -> None:
    fields = {"what": what, "size": len(data), "expected": expected}
    try:
        came = answer(data)
    except struct.error as error:
        not_yet(
            "{what} ({size} bytes): struct.error, {error}. Are enough bytes left for a length?",
            **fields,
            error=error,
        )
    if came is None:
        not_yet("{what} gave None. Does every path of your function end in `return`?", what=what)
    if isinstance(came, dict | set | str | bytes) or not hasattr(came, "__iter__"):
        not_yet(
            "{what}: expected a list of positions, got {kind}.",
            **{"what": what, "kind": type(came).__name__},
        )
    try:  # as a slice would; lists, arrays, generators and tensors all have whole numbers
        got = [operator.index(np.asarray(one)[()]) for one in came]
    except (TypeError, ValueError):
        not_yet("{what}: expected whole numbers to slice with, got {got}.", what=what, got=came)
    if got != expected:
        shown = got if len(got) <= len(expected) + 2 else few(got)
        not_yet("{what} ({size} bytes): expected {expected}, got {got}.", **fields, got=shown)


def _frame(length: int) -> bytes:
    # The checksums are not what is asked here: any four bytes stand for them.
    return struct.pack("<Q", length) + b"\x11" * 4 + b"\xee" * length + b"\x22" * 4


@exercise("5b-3")
def row_means(answer: Callable) -> str:
    """Check the mean of each row of a padded batch, without the padding.

    answer: function of a padded batch `(batch, longest)`, a NumPy array, and the value that fills
    it, to the means `(batch,)`; 0 for an empty row.
    """
    rng = np.random.default_rng()
    drawn = rng.integers(0, 90, size=(4, 5))
    drawn[np.arange(5) >= np.array([[5], [3], [0], [1]])] = -7
    for rows, padding in (
        ([[1, 2, 4], [4, 0, -1], [9, -1, -1]], -1),
        ([[3, 5], [7, -1], [-1, -1]], -1),
        ([[0, 0, 6], [10, 20, 99], [99, 99, 99]], 99),
        ([[2, 0, 0], [0, 0, 0]], 0),
        ([[-5, -3, 8, 1, 0]], -1),
        ([[0.5, -2.5, -1.0], [-0.25, -1.0, -1.0]], -1),
        (drawn.tolist(), -7),
        ([[-1, -1]], -1),
    ):
        padded = np.array(rows)
        real = [[value for value in row if value != padding] for row in rows]
        expected = [sum(row) / max(len(row), 1) for row in real]
        compare(answer(padded, padding), expected, what=f"row_means({rows}, padding={padding})")
    return say("Each mean counts the row's own numbers and none of the padding.")


@exercise("5b-4")
def my_feature(answer: Callable, schema: Mapping, batch: Mapping, mind: str) -> str:
    """Check a feature of the learner: what was read back is what their function computes.

    answer: function of an image `(28, 28)`, uint8, and its label to a number or an array.
    schema: the lesson's schema with one entry more.
    batch: a batch that was read back by that schema: `image`, `label` and the new feature.
    mind: whether it is worth its bytes, and what would change the learner's mind.
    """
    if not isinstance(schema, Mapping) or not isinstance(batch, Mapping):
        not_yet(
            "Expected my_schema and my_batch to be dicts, got {schema} and {batch}.",
            **{"schema": type(schema).__name__, "batch": type(batch).__name__},
        )
    added = [name for name in schema if name not in GIVEN]
    if len(added) != 1:
        not_yet("Expected one new feature in my_schema, got {got}.", got=added)
    name, entry = added[0], schema[added[0]]
    own_feature.can_be_written(name, entry)
    if not set(wanted := ["image", "label", name]) <= set(batch):
        not_yet(
            "my_batch: expected features {expected}, got {got}. Was it read with my_schema?",
            **{"expected": wanted, "got": sorted(batch)},
        )
    read = np.asarray(batch[name])
    if (count := len(read)) < 2:
        not_yet("Expected two examples or more in my_batch, got {got}.", got=count)
    values = []
    for row, image, label in zip(
        read, *map(np.asarray, (batch["image"], batch["label"])), strict=True
    ):
        value = np.ravel(np.asarray(answer(image, label)))
        own_feature.came_back(np.ravel(row), value, entry, {"name": name, "label": label})
        values.append(value.astype(entry["type"]))
    own_feature.tells_something_new(name, values, schema, batch)
    size = sum(value.nbytes for value in values) / count
    said = say("{name!r} went to disk and came back: {size:.0f} bytes.", name=name, size=size)
    asked = say("{said} Now say in `mind` what would change your mind about it.", said=said)
    claim(mind, asked, ABOUT)
    return said


@exercise("5b-5")
def split(answer: Callable) -> str:
    """Check that training and validation have nothing in common, in no epoch.

    answer: function of a `tf.data.Dataset` and how many of its examples are for validation, to the
    Dataset of training, in another order each epoch, and that of validation.
    """
    import tensorflow as tf

    rng = np.random.default_rng()
    for total, count in ((40, 10), tuple(rng.integers((60, 5), (90, 30)).tolist()), (30, 29)):
        what = say("split({total} examples, {count})", total=total, count=count)
        came = answer(tf.data.Dataset.range(total), count)
        if not isinstance(came, list | tuple) or len(came) != 2:
            not_yet("{what}: expected two Datasets, training and validation.", what=what)
        epochs = [[_numbers(part, what, total) for part in came] for _ in range(3)]
        _kept_apart([set(val) for _, val in epochs], [set(train) for train, _ in epochs], what)
        fields = {"what": what, "total": total - count, "count": count}
        for train, val in epochs:
            if (len(train), len(val)) != (total - count, count):
                not_yet(
                    "{what}: expected {total} examples to train on and {count} for validation, got "
                    "{train} and {val}.",
                    **fields,
                    **{"train": len(train), "val": len(val)},
                )
            if set(train) | set(val) != set(range(total)):
                not_yet("{what}: some examples are in neither part.", what=what)
        if total - count > 9 and len({tuple(train) for train, _ in epochs}) < len(epochs):
            not_yet(
                "{what}: expected the training examples in another order in each epoch.", what=what
            )
        # From a buffer of b, an example moves forward by less than b places.
        forward = max(start - end for train, _ in epochs for end, start in _places(train))
        if total - count > 20 and forward < (total - count) // 2:
            not_yet(
                "{what}: no training example moved forward by more than {forward} of {total} "
                "places. How many does the shuffle buffer hold?",
                **{"what": what, "forward": forward, "total": total - count},
            )
    return say(
        "The two parts have nothing in common over three epochs, and each epoch of training is "
        "shuffled."
    )


def _places(shuffled: list[int]) -> enumerate:
    """Where each example is now, and where it was among them."""
    return enumerate(np.argsort(np.argsort(shuffled)).tolist())


def _numbers(part: Any, what: str, most: int) -> list[int]:
    try:  # one more than all, where it repeats for ever
        return [int(number) for number in itertools.islice(part, most + 1)]
    except TypeError:
        kind = type(part).__name__
        not_yet(
            "{what}: expected a Dataset of the same examples, got {kind}.", what=what, kind=kind
        )


def _kept_apart(validated: list[set], trained: list[set], what: str) -> None:
    if both := set.union(*validated) & set.union(*trained):
        not_yet(
            "{what}: within three epochs {both} examples were in both parts. When is the order "
            "drawn, and for which part?",
            **{"what": what, "both": len(both)},
        )
