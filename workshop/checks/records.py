"""Checks of lesson 05b, records on disk."""

import struct
from collections.abc import Callable, Mapping

import numpy as np

from workshop.checks.engine import compare, exercise, not_yet

TYPES = ("uint8", "int64", "float32")
GIVEN = {"image", "label", "ink", "weight"}


@exercise("5b-1")
def weather(answer: Callable) -> str:
    """Check a serialised `tf.train.Example` of a weather station by parsing it.

    Args:
        answer: function of a station's name (a text), a day (an int) and temperatures (a list or
            array of floats, of any length), that returns bytes with the features `station`,
            `day` and `temperatures`.

    Returns:
        The outcome: three days, one with an umlaut, one with no temperatures.
    """
    import tensorflow as tf

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
            not_yet(f"{what}: features {sorted(found)} came; {missing} is missing.")
        for name, kind in kinds.items():
            came = found[name].WhichOneof("kind")
            if came != kind and not (came is None and name == "temperatures" and not given[2]):
                not_yet(f"{what}: {name!r} is a {came}; a {kind} is needed.")
        spec = {
            "station": tf.io.FixedLenFeature([], tf.string),
            "day": tf.io.FixedLenFeature([], tf.int64),
            "temperatures": tf.io.RaggedFeature(tf.float32),
        }
        read = tf.io.parse_single_example(example.SerializeToString(), spec)
        station = read["station"].numpy().decode(errors="replace")
        if station != given[0]:
            not_yet(f"{what}: the station is read back as {station!r}.")
        compare(read["day"], given[1], what=f"the day of {what}")
        compare(read["temperatures"], given[2], what=f"the temperatures of {what}")
    return "Bytes, whole numbers and floats, each in its list; the umlaut came through as well."


def _parsed(came: object, what: str) -> "object":
    """The Example that the learner's bytes hold."""
    import tensorflow as tf

    if came is None:
        not_yet(f"{what} gave None. Does your function end in `return`?")
    if isinstance(came, tf.train.Example):
        not_yet(f"{what} gave an Example; its bytes are needed: `example.SerializeToString()`.")
    if not isinstance(came, bytes):
        not_yet(f"{what} gave {type(came).__name__}; bytes are needed.")
    try:
        return tf.train.Example.FromString(came)
    except Exception:  # noqa: BLE001 - of protobuf, not ours to import
        not_yet(f"{what} gave {len(came)} bytes that are no tf.train.Example.")


@exercise("5b-2")
def record_offsets(answer: Callable) -> str:
    """Check where the records of a TFRecord file begin.

    Args:
        answer: function of the bytes of a file that returns a list of positions, one for each
            record that is complete.

    Returns:
        The outcome: whole files, an empty one, and cuts in the length, the data and the last
        checksum.
    """
    lengths = (5, 0, 300, 17)
    whole = b"".join(_frame(length) for length in lengths)
    begins = np.cumsum([0, *(16 + length for length in lengths)]).tolist()
    for data, expected, what in (
        (whole, begins[:4], "four whole records"),
        (_frame(70_000), [0], "one long record"),
        (b"", [], "an empty file"),
        (whole[:-1], begins[:3], "four records, the last byte cut off"),
        (whole[:-10], begins[:3], "four records, the last ten bytes cut off"),
        (whole[: begins[3] + 3], begins[:3], "three records and 3 bytes of a length"),
        (whole[: begins[2] + 12], begins[:2], "two records and the head of a third"),
        (whole[: begins[3]], begins[:3], "three whole records"),
    ):
        try:
            came = answer(data)
        except struct.error as error:
            not_yet(f"{what} ({len(data)} bytes): struct.error, {error}. Is a whole length left?")
        if came is None:
            not_yet(f"{what}: None came. Does every path of your function end in `return`?")
        if list(came) != expected:
            not_yet(f"{what} ({len(data)} bytes): {list(came)} came, {expected} was expected.")
    return "Each record is found, and what was cut off is left out."


def _frame(length: int) -> bytes:
    # The checksums are not what is asked here: any four bytes stand for them.
    return struct.pack("<Q", length) + b"\x11" * 4 + b"\xee" * length + b"\x22" * 4


@exercise("5b-3")
def row_means(answer: Callable) -> str:
    """Check the mean of each row of a padded batch, without the padding.

    Args:
        answer: function of a padded batch `(batch, longest)`, a NumPy array, and the value that
            fills it; returns the means `(batch,)`.

    Returns:
        The outcome: rows of several lengths, an empty one, zeros that are real, other paddings.
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
    return "Each row's own numbers, and nothing of the filling."


@exercise("5b-4")
def my_feature(answer: Callable, schema: Mapping, batch: Mapping) -> str:
    """Check a feature of the learner: what was read back is what their function computes.

    Args:
        answer: function of an image `(28, 28)` uint8 and its label that returns a number or an
            array.
        schema: the lesson's schema with one entry more.
        batch: a batch that was read back by that schema: `image`, `label` and the new feature.

    Returns:
        The outcome: an entry that is well formed, and values equal to the function's, padding
        aside.
    """
    if not isinstance(schema, Mapping) or not isinstance(batch, Mapping):
        came = f"{type(schema).__name__} and {type(batch).__name__}"
        not_yet(f"my_schema and my_batch are {came}; two dicts are needed.")
    added = [name for name in schema if name not in GIVEN]
    if len(added) != 1:
        not_yet(f"my_schema adds {added or 'nothing'} to ours; one new feature is needed.")
    name, entry = added[0], schema[added[0]]
    shape = _shape_of(name, entry)
    if missing := [key for key in ("image", "label", name) if key not in batch]:
        not_yet(f"my_batch has {sorted(batch)}; {missing} is missing. Was it read by my_schema?")
    read, images = np.asarray(batch[name]), np.asarray(batch["image"])
    labels = np.asarray(batch["label"])
    if len(images) < 2:
        not_yet(f"my_batch holds {len(images)} example; a batch of two or more is needed.")
    computed = []
    for row, image, label in zip(read, images, labels, strict=True):
        value = np.ravel(np.asarray(answer(image, label)).astype(entry["type"]))
        computed.append(value.tobytes())
        flat = np.ravel(row)
        if None in shape:  # what is behind its end is padding
            tail, flat = flat[len(value) :], flat[: len(value)]
            if np.any(tail != entry["padding"]):
                not_yet(f"{name!r} of a {label} was read back longer than my_feature computes it.")
        compare(flat, value, what=f"{name!r} of a {label} in my_batch, against my_feature,")
    if len(set(computed)) == 1:
        not_yet(f"{name!r} is the same for all {len(read)} examples: it tells nothing.")
    return f"{name!r} went to disk and came back: {sum(map(len, computed)) / len(read):.0f} bytes."


def _shape_of(name: str, entry: object) -> list:
    """The shape of a schema's entry, if the entry can be written and read."""
    if not isinstance(entry, Mapping) or {"type", "shape"} - set(entry):
        not_yet(f"The entry of {name!r} is {entry!r}; it needs a type and a shape.")
    if entry["type"] not in TYPES:
        not_yet(f"The type of {name!r} is {entry['type']!r}; known are {', '.join(TYPES)}.")
    if None in entry["shape"] and entry["type"] == "uint8":
        not_yet(f"{name!r} is bytes of no fixed length, which our reader can't shape. Use int64.")
    if None in entry["shape"] and "padding" not in entry:
        not_yet(f"{name!r} has no fixed length, so its entry needs a padding.")
    return list(entry["shape"])
