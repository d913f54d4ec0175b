"""Checks of lesson 05b, records on disk."""

import struct
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.messages import say

if TYPE_CHECKING:
    import tensorflow as tf

TYPES = ("uint8", "int64", "float32")
GIVEN = {"image", "label", "ink", "weight"}


@exercise("5b-1")
def weather(answer: Callable) -> str:
    """Check a serialised `tf.train.Example` of a weather station by parsing it.

    answer: function of a station's name (a str), a day (an int) and temperatures (an array of
    floats, of any length) to bytes with the features `station`, `day` and `temperatures`.
    """
    kinds = {"station": "bytes_list", "day": "int64_list", "temperatures": "float_list"}
    for given in (
        ("Zugspitze", 12, [-3.5, -1.25, 0.5]),
        ("Köln", 365, [17.0]),
        ("Sahara", 1, []),
    ):
        what = f"weather{given}"
        example = _parsed(answer(given[0], given[1], np.array(given[2], dtype="float32")), what)
        found = example.features.feature
        if missing := [name for name in kinds if name not in found]:
            # Protobuf drops nothing here: an empty list that was never asked for does not exist.
            if missing == ["temperatures"] and not given[2]:
                continue
            not_yet(
                "{what}: expected features {expected}, got {got}.",
                **{"what": what, "expected": sorted(kinds), "got": sorted(found)},
            )
        for name, kind in kinds.items():
            came = found[name].WhichOneof("kind")
            if came != kind and not (came is None and name == "temperatures" and not given[2]):
                not_yet(
                    "{what}: expected {name!r} as {expected}, got {got}.",
                    **{"what": what, "name": name, "expected": kind, "got": came},
                )
        _holds(example, given, what)
    return say(
        "Bytes, whole numbers and floats, each in its list; the umlaut came through as well."
    )


def _holds(example: "tf.train.Example", given: tuple, what: str) -> None:
    import tensorflow as tf

    spec = {
        "station": tf.io.FixedLenFeature([], tf.string),
        "day": tf.io.FixedLenFeature([], tf.int64),
        "temperatures": tf.io.RaggedFeature(tf.float32),
    }
    read = tf.io.parse_single_example(example.SerializeToString(), spec)
    station = read["station"].numpy().decode(errors="replace")
    if station != given[0]:
        not_yet(
            "{what}: expected station {expected!r} when it is read back, got {got!r}.",
            **{"what": what, "expected": given[0], "got": station},
        )
    compare(read["day"], given[1], what=say("the day of {what}", what=what))
    compare(read["temperatures"], given[2], what=say("the temperatures of {what}", what=what))


def _parsed(came: object, what: str) -> "tf.train.Example":
    """The Example that the learner's bytes hold."""
    import tensorflow as tf

    if came is None:
        not_yet("{what} gave None. Does every path of your function end in `return`?", what=what)
    if isinstance(came, tf.train.Example):
        not_yet(
            "{what}: expected the bytes of an Example, got the Example: "
            "`example.SerializeToString()` gives its bytes.",
            what=what,
        )
    if not isinstance(came, bytes):
        not_yet("{what}: expected bytes, got {kind}.", what=what, kind=type(came).__name__)
    try:
        return tf.train.Example.FromString(came)
    except Exception:  # noqa: BLE001 - of protobuf, not ours to import
        not_yet(
            "{what}: expected the bytes of a tf.train.Example, got others ({size} in all).",
            **{"what": what, "size": len(came)},
        )


@exercise("5b-2")
def record_offsets(answer: Callable) -> str:
    """Check where the records of a TFRecord file begin.

    answer: function of the bytes of a file to a list of positions, one for each record that is
    complete.
    """
    lengths = (5, 0, 300, 17)
    whole = b"".join(_frame(length) for length in lengths)
    begins = np.cumsum([0, *(16 + length for length in lengths)]).tolist()
    for data, expected, what in (
        (whole, begins[:4], say("four whole records")),
        (_frame(70_000), [0], say("one long record")),
        (b"", [], say("an empty file")),
        (whole[:-1], begins[:3], say("four records, the last byte cut off")),
        (whole[:-10], begins[:3], say("four records, the last ten bytes cut off")),
        (whole[: begins[3] + 3], begins[:3], say("three records and 3 bytes of a length")),
        (whole[: begins[2] + 12], begins[:2], say("two records and the head of a third")),
        (whole[: begins[3]], begins[:3], say("three whole records")),
    ):
        try:
            came = answer(data)
        except struct.error as error:
            not_yet(
                "{what} ({size} bytes): struct.error, {error}. Is a whole length left?",
                **{"what": what, "size": len(data), "error": error},
            )
        if came is None:
            not_yet(
                "{what} gave None. Does every path of your function end in `return`?", what=what
            )
        if list(came) != expected:
            not_yet(
                "{what} ({size} bytes): expected {expected}, got {got}.",
                **{"what": what, "size": len(data), "expected": expected, "got": list(came)},
            )
    return say("Each record is found, and what was cut off is left out.")


def _frame(length: int) -> bytes:
    # The checksums are not what is asked here: any four bytes stand for them.
    return struct.pack("<Q", length) + b"\x11" * 4 + b"\xee" * length + b"\x22" * 4


@exercise("5b-3")
def row_means(answer: Callable) -> str:
    """Check the mean of each row of a padded batch, without the padding.

    answer: function of a padded batch `(batch, longest)`, a NumPy array, and the value that fills
    it, to the means `(batch,)`; 0 for an empty row.
    """
    for rows, padding in (
        ([[1, 2, 3], [4, 0, -1], [9, -1, -1]], -1),
        ([[3, 5], [7, -1], [-1, -1]], -1),
        ([[0, 0, 6], [10, 20, 99], [99, 99, 99]], 99),
        ([[2, 0, 0], [0, 0, 0]], 0),
    ):
        padded = np.array(rows)
        real = [[value for value in row if value != padding] for row in rows]
        expected = [sum(row) / max(len(row), 1) for row in real]
        compare(answer(padded, padding), expected, what=f"row_means({rows}, padding={padding})")
    return say("Each row's own numbers, and nothing of the filling.")


@exercise("5b-4")
def my_feature(answer: Callable, schema: Mapping, batch: Mapping) -> str:
    """Check a feature of the learner: what was read back is what their function computes.

    answer: function of an image `(28, 28)`, uint8, and its label to a number or an array.
    schema: the lesson's schema with one entry more.
    batch: a batch that was read back by that schema: `image`, `label` and the new feature.
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
    _can_be_written(name, entry)
    if not set(wanted := ["image", "label", name]) <= set(batch):
        not_yet(
            "my_batch: expected features {expected}, got {got}. Was it read by my_schema?",
            **{"expected": wanted, "got": sorted(batch)},
        )
    read, images, labels = (np.asarray(batch[key]) for key in (name, "image", "label"))
    if (count := len(images)) < 2:
        not_yet("Expected two examples or more in my_batch, got {got}.", got=count)
    computed = []
    for row, image, label in zip(read, images, labels, strict=True):
        value = np.ravel(np.asarray(answer(image, label)).astype(entry["type"]))
        computed.append(value.tobytes())
        _came_back(np.ravel(row), value, entry, {"name": name, "label": label})
    if len(set(computed)) == 1:
        not_yet(
            "{name!r} is the same for all {count} examples: it tells nothing.",
            **{"name": name, "count": count},
        )
    size = sum(map(len, computed)) / count
    return say("{name!r} went to disk and came back: {size:.0f} bytes.", name=name, size=size)


def _came_back(read: np.ndarray, value: np.ndarray, entry: Mapping, fields: dict) -> None:
    if None in entry["shape"]:  # what is behind its end is padding
        tail, read = read[len(value) :], read[: len(value)]
        if np.any(tail != entry["padding"]):
            not_yet(
                "{name!r} of a {label} was read back longer than my_feature computes it.", **fields
            )
    what = say("{name!r} of a {label} in my_batch, against my_feature,", **fields)
    compare(read, value, what=what)


def _can_be_written(name: str, entry: object) -> None:
    if not isinstance(entry, Mapping) or {"type", "shape"} - set(entry):
        not_yet(
            "The entry of {name!r}: expected a type and a shape, got {got!r}.", name=name, got=entry
        )
    if entry["type"] not in TYPES:
        not_yet(
            "The type of {name!r}: expected one of {expected}, got {got!r}.",
            **{"name": name, "expected": ", ".join(TYPES), "got": entry["type"]},
        )
    if None in entry["shape"] and entry["type"] == "uint8":
        not_yet(
            "{name!r} is bytes of no fixed length, which our reader can't shape. Use int64.",
            name=name,
        )
    if None in entry["shape"] and "padding" not in entry:
        not_yet("{name!r} has no fixed length, so its entry needs a padding.", name=name)
