"""A feature that the learner adds to a record: whether it can be written, came back, and is new."""

from collections.abc import Iterator, Mapping

import numpy as np

from workshop.checks.engine import compare, not_yet
from workshop.messages import say

TYPES = ("uint8", "int64", "float32")
# Fewer numbers lie on a line by chance.
ENOUGH = 10


def can_be_written(name: str, entry: object) -> None:
    """Ask of an entry of the schema what the lesson's writer and reader need.

    Args:
        name: of the feature.
        entry: what stands in the schema.

    Raises:
        Exception: one that `exercise` turns into "not yet", where something is missing.
    """
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
        not_yet('{name!r} has no fixed length, so its entry needs a "padding".', name=name)


def came_back(read: np.ndarray, value: np.ndarray, entry: Mapping, fields: dict) -> None:
    """Compare what was read with what the learner's function computes.

    Args:
        read: of one example, flat.
        value: what the function computes of it, flat, before it was made the entry's type.
        entry: of the schema.
        fields: `name` of the feature and `label` of the example.

    Raises:
        Exception: one that `exercise` turns into "not yet", where they differ.
    """
    if value.dtype.kind not in "biuf":
        not_yet(
            "my_feature of a {label}: expected numbers, got {kind}.", **fields, kind=value.dtype
        )
    if entry["type"] != "float32":
        kept = value.astype(entry["type"])
        if (other := kept != value).any():
            not_yet(
                "{name!r} of a {label}: my_feature computes {value}, which as {kind} is {kept}. "
                "Which type holds it?",
                **{**fields, "kind": entry["type"]},
                **{"value": value[other][0], "kept": kept[other][0]},
            )
    if None in entry["shape"]:  # what is behind its end is padding
        tail, read = read[len(value) :], read[: len(value)]
        if np.any(tail != entry["padding"]):
            not_yet(
                "{name!r} of a {label} was longer when read back than my_feature computes it.",
                **fields,
            )
    what = say("{name!r} of a {label} in my_batch, against my_feature,", **fields)
    compare(read, value, what=what)


def tells_something_new(
    name: str, values: list[np.ndarray], schema: Mapping, batch: Mapping
) -> None:
    """Ask of a feature that it differs between examples, and from what the record holds already.

    Args:
        name: of the feature.
        values: of each example, flat.
        schema: with the entries of the other features.
        batch: of the same examples.

    Raises:
        Exception: one that `exercise` turns into "not yet", where it says nothing new.
    """
    if len({value.tobytes() for value in values}) == 1:
        not_yet(
            "{name!r} is the same for all {count} examples: it tells nothing.",
            **{"name": name, "count": len(values)},
        )
    for known in (other for other in schema if other in batch and other != name):
        others = list(_unpadded(np.asarray(batch[known]), schema[known]))
        if all(map(np.array_equal, values, others)):
            not_yet(
                "{name!r} is the {known} once more, which the record holds already.",
                **{"name": name, "known": known},
            )
        if list(map(len, values)) == list(map(len, others)) and _on_a_line(values, others):
            not_yet(
                "{name!r} is the {known} on another scale, which the record holds already.",
                **{"name": name, "known": known},
            )


def _unpadded(rows: np.ndarray, entry: Mapping) -> Iterator[np.ndarray]:
    for row in rows:
        padded = None in entry["shape"]
        yield row[row != entry["padding"]] if padded else np.ravel(row)


def _on_a_line(values: list[np.ndarray], others: list[np.ndarray]) -> bool:
    one, other = (np.concatenate(rows).astype(float) for rows in (values, others))
    if min(len(np.unique(one)), len(np.unique(other))) < 3 or len(one) < ENOUGH:
        return False
    return abs(np.corrcoef(one, other)[0, 1]) > 1 - 1e-6
