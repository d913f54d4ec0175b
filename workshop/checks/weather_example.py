"""What a learner's bytes of a weather station hold, feature by feature."""

from typing import TYPE_CHECKING

from workshop.checks.engine import compare, not_yet
from workshop.messages import say

if TYPE_CHECKING:
    import tensorflow as tf


def held_by(came: object, given: tuple, what: str) -> None:
    """Hold the bytes of an Example against what was to be written.

    Args:
        came: what the learner's function returned.
        given: the station's name, the day and a list of temperatures.
        what: names the call.

    Raises:
        Exception: one that `exercise` turns into "not yet", where they hold something else.

    Example:
        >>> import tensorflow as tf
        >>> example = tf.train.Example()
        >>> example.features.feature["station"].bytes_list.value.append(b"Bern")
        >>> example.features.feature["day"].int64_list.value.append(3)
        >>> held_by(example.SerializeToString(), ("Bern", 3, []), "weather('Bern', 3, [])")
    """
    example = _parsed(came, what)
    _has_its_lists(example, given, what)
    _holds(example, given, what)


def _has_its_lists(example: "tf.train.Example", given: tuple, what: str) -> None:
    kinds = {"station": "bytes_list", "day": "int64_list", "temperatures": "float_list"}
    found = example.features.feature
    # A list that nothing was put into may be missing.
    least = set(kinds) if given[2] else {"station", "day"}
    if not least <= set(found) <= set(kinds):
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
        held = len(getattr(found[name], kind).value)
        if name != "temperatures" and held != 1:
            not_yet(
                "{what}: expected one value in {name!r}, got {held}.",
                **{"what": what, "name": name, "held": held},
            )


def _holds(example: "tf.train.Example", given: tuple, what: str) -> None:
    feature = example.features.feature
    station = feature["station"].bytes_list.value[0].decode(errors="replace")
    if station != given[0]:
        not_yet(
            "{what}: expected station {expected!r} when it is read back, got {got!r}.",
            **{"what": what, "expected": given[0], "got": station},
        )
    (day,) = feature["day"].int64_list.value
    compare(day, given[1], what=say("the day of {what}", what=what), rtol=0)
    temperatures = list(feature["temperatures"].float_list.value)
    what = say("the temperatures of {what}", what=what)
    compare(temperatures, given[2], what=what, rtol=1e-6, atol=0)


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
