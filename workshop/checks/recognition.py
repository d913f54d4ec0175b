"""Checks of lesson 10, image recognition: best answers, a frame, a range, parts of a logit."""

import difflib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.messages import say

SIDE = 224
BEST = 5
LEAST_SPREAD = 10.0  # standard deviation of a picture's levels; less is nearly of one colour


@exercise("10-1")
def top_k(answer: Callable) -> str:
    """Check a function that names the k most probable classes.

    answer: function of probabilities `(classes,)`, a list of as many names, and k, to a list of k
    pairs (name, probability), the most probable first.
    """
    random = np.random.default_rng(10)
    names = ["tench", "missile", "espresso", "missile", "tripod", "abaya", "zebra", "cat"]
    given = [
        (np.array([0.1, 0.2, 0.7]), ["cat", "dog", "cup"], 2),
        (np.array([0.05, 0.3, 0.04, 0.25, 0.15, 0.12, 0.02, 0.07]), names, 3),
        (random.dirichlet(np.ones(8)), names, 8),
        (random.dirichlet(np.full(50, 0.3)), [f"class {k}" for k in range(50)], 5),
        (np.array([0.6, 0.4]), ["yes", "no"], 1),
    ]
    for probabilities, labels, k in given:
        order = np.argsort(-probabilities)[:k]
        expected = [(labels[i], probabilities[i]) for i in order]
        came = answer(probabilities, labels, k)
        shown = np.array2string(probabilities, precision=2, threshold=6, edgeitems=2)
        what = f"top_k({shown}, ..., {k})"
        _judge_pairs(came, expected, what)
    return say("The most probable first, and two classes may share a name.")


def _judge_pairs(came: Any, expected: list[tuple], what: str) -> None:
    if came is None:
        not_yet("{what} gave None. Does every path of your function end in `return`?", what=what)
    if isinstance(came, dict):
        not_yet(
            "{what}: expected a list of pairs, got a dict. Two classes of ImageNet are called "
            '"missile": what would a dict make of them?',
            what=what,
        )
    if not isinstance(came, Sequence | np.ndarray) or isinstance(came, str):
        kind = type(came).__name__
        not_yet("{what}: expected a list of pairs, got {kind}.", what=what, kind=kind)
    if len(came) != len(expected):
        fields = {"what": what, "expected": len(expected), "got": len(came)}
        not_yet("{what}: expected {expected} pairs, got {got}.", **fields)
    for place, (pair, (name, probability)) in enumerate(zip(came, expected, strict=True)):
        if not isinstance(pair, Sequence | np.ndarray) or isinstance(pair, str) or len(pair) != 2:
            fields = {"what": what, "place": place, "got": f"{pair!r:.60}"}
            not_yet("{what}[{place}]: expected a pair (name, probability), got {got}.", **fields)
        if not isinstance(pair[0], str):
            fields = {"what": what, "place": place, "got": f"{pair[0]!r:.60}"}
            not_yet("{what}[{place}]: expected a name first, got {got}.", **fields)
        of = say("the probability of {what}[{place}]", what=what, place=place)
        compare(pair[1], probability, what=of)
        if pair[0] != name:
            fields = {"what": what, "place": place, "expected": name, "got": pair[0]}
            not_yet(
                "{what}[{place}]: the probability is right, but it belongs to {expected!r}, not "
                "to {got!r}.",
                **fields,
            )


@exercise("10-2")
def to_square(answer: Callable) -> str:
    """Check a function that puts a whole picture into the middle of a square.

    answer: function of a picture `(height, width, 3)`, uint8, and a level to fill with, to
    `(side, side, 3)`, where side is the longer one of the two. Where the room can't be shared
    evenly, either side may have the row or column more.
    """
    random = np.random.default_rng(10)
    for height, width, fill in ((4, 8, 0), (9, 5, 255), (5, 5, 127), (4, 7, 127), (6, 3, 9)):
        picture = random.integers(20, 240, (height, width, 3)).astype(np.uint8)
        side = max(height, width)
        came = answer(picture, fill)
        what = f"to_square({height} x {width}, {fill})"
        came = _numbers(came, what)
        if came.shape != (side, side, 3):
            fields = {"what": what, "expected": (side, side, 3), "got": came.shape}
            not_yet("{what}: expected shape {expected}, got {got}.", **fields)
        room = side - min(height, width)
        windows = [_window(height, width, start) for start in range(room + 1)]
        found = [k for k, part in enumerate(windows) if np.allclose(came[part], picture)]
        start = found[0] if found else room // 2
        if abs(start - room / 2) > 1 / 2:
            not_yet(
                "{what}: the picture is whole, but {start} of the {room} rows or columns to fill "
                "are before it. Is that the middle?",
                **{"what": what, "start": start, "room": room},
            )
        expected = np.full((side, side, 3), fill)
        expected[windows[start]] = picture
        compare(came, expected, what=what, rtol=0, atol=1e-3)
    return say("Nothing is cut off, nothing is stretched, and it stands in the middle.")


def _numbers(came: Any, what: str) -> np.ndarray:
    if came is None:
        not_yet("{what} gave None. Does every path of your function end in `return`?", what=what)
    try:
        return np.asarray(came, dtype=float)
    except (TypeError, ValueError):
        not_yet("{what}: expected numbers, got {kind}.", what=what, kind=type(came).__name__)


def _window(height: int, width: int, start: int) -> tuple[slice, slice]:
    """Where a picture stands in a square that is as long as its longer side."""
    top, left = (start, 0) if height < width else (0, start)
    return slice(top, top + height), slice(left, left + width)


@exercise("10-3")
def for_inception(answer: Callable) -> str:
    """Check a change of range against `keras.applications.inception_v3.preprocess_input`.

    answer: function of pictures `(n, height, width, 3)`, 0..255, uint8 or float32, to the same in
    -1..1.
    """
    import keras

    levels = np.array([0, 1, 64, 127, 128, 200, 254, 255])
    ramp = np.broadcast_to(levels[:, None], (2, 4, 8, 3)).astype(np.uint8)
    for pictures in (ramp, ramp.astype(np.float32), ramp.astype(np.float32) / 2):
        ready = keras.applications.inception_v3.preprocess_input
        expected = ready(pictures.astype(np.float32))
        came = answer(pictures)
        what = say("for_inception(pictures) of {kind}", kind=pictures.dtype)
        if np.shape(came) == expected.shape:
            _judge_range(_numbers(came, what), pictures, what)
        compare(came, expected, what=what)
    return say("0 becomes -1, 255 becomes 1, and nothing goes round at 256.")


def _judge_range(came: np.ndarray, pictures: np.ndarray, what: str) -> None:
    levels, order = pictures[0, 0, :, 0], came[0, 0, :, 0]
    if (np.diff(order) < 0).any():
        place = int(np.argmax(np.diff(order) < 0))
        not_yet(
            "{what}: level {low:g} became {first:.4g}, level {high:g} became {second:.4g}. The "
            "brighter one came out darker: how far does {kind} count?",
            **{"what": what, "low": levels[place], "high": levels[place + 1]},
            **{"first": order[place], "second": order[place + 1], "kind": pictures.dtype},
        )


@exercise("10-4")
def shares(answer: Callable) -> str:
    """Check the shares of a logit against a Keras model of pooling and a dense layer.

    answer: function of maps `(height, width, channels)`, a kernel `(channels, classes)` and a class
    k, to `(height, width)`: what each square adds to the logit of class k.
    """
    import keras

    random = np.random.default_rng(10)
    for height, width, channels, classes, k in (
        (2, 3, 4, 3, 1), (1, 1, 3, 2, 0), (7, 7, 6, 5, 4), (3, 2, 5, 5, 2)
    ):  # fmt: skip
        maps = random.normal(size=(height, width, channels)).astype(np.float32)
        head = keras.Sequential(
            [
                keras.Input((height, width, channels)),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(classes, bias_initializer="random_normal"),
            ]
        )
        kernel = random.normal(size=(channels, classes)).astype(np.float32)
        head.layers[-1].set_weights([kernel, np.zeros(classes)])
        logits = np.asarray(head(maps[None]))[0]
        came = answer(maps, kernel, k)
        what = f"shares(maps {maps.shape}, kernel {kernel.shape}, {k})"
        if np.shape(came) == (height, width):
            _judge_sum(_numbers(came, what), logits, k, what)
        expected = np.array(
            [[np.asarray(head(_only(maps, r, c)))[0, k] for c in range(width)]
             for r in range(height)]
        )  # fmt: skip
        compare(came, expected, what=what, rtol=1e-3, atol=1e-4)
    return say("Together, and with the bias, they are the logit: nothing is left over.")


def _only(maps: np.ndarray, row: int, column: int) -> np.ndarray:
    """The maps with all squares but one at 0: what the head makes of it is that one's share."""
    alone = np.zeros_like(maps)
    alone[row, column] = maps[row, column]
    return alone[None]


def _judge_sum(came: np.ndarray, logits: np.ndarray, k: int, what: str) -> None:
    total, squares = came.sum(), came.size
    if np.isclose(total, logits[k], rtol=1e-3, atol=1e-4):
        return
    fields = {"what": what, "logit": logits[k], "got": total}
    if squares > 1 and np.isclose(total, squares * logits[k], rtol=1e-3, atol=1e-4):
        not_yet(
            "{what}: the shares add up to {got:.4g}, the logit without its bias is {logit:.4g}: as "
            "many times too much as there are squares. What does the pooling divide by?",
            **fields,
        )
    if squares > 1 and (came >= 0).all():
        not_yet(
            "{what}: the shares add up to {got:.4g}, the logit without its bias is {logit:.4g}. "
            "None is below 0: may a square not speak against the class?",
            **fields,
        )
    not_yet(
        "{what}: the shares add up to {got:.4g}, the logit without its bias is {logit:.4g}.",
        **fields,
    )


@exercise("10-5")
def my_change(
    answer: Callable, picture: np.ndarray, name: str, mind: str, model: Any, names: list[str]
) -> str:
    """Check a change of a picture that fools the network, and what the learner believes of it.

    answer: function of the picture to the changed one, of the same shape.
    picture: `(224, 224, 3)`, 0..255.
    name: what it shows, a name of ImageNet that is among the network's five best answers.
    mind: why the learner believes that it was fooled, and what would change their mind.
    model: the network, pixels to probabilities `(n, 1000)`.
    names: of its classes.
    That a person still knows what is there nobody can check but a person.
    """
    if name not in names:
        near = [one for one in names if str(name).lower() in one.lower()]
        near = (near or difflib.get_close_matches(str(name), names, BEST, 0.5))[:BEST]
        fields = {"got": f"{name!r:.60}", "near": ", ".join(map(repr, near)) or say("(none)")}
        not_yet(
            "Expected one of ImageNet's 1,000 names, which stand in `names`, got {got}. "
            "Similar ones: {near}.",
            **fields,
        )
    before = _pixels(picture, "my_picture")
    came = answer(np.array(picture))
    after = _pixels(came, "change(my_picture)")
    if np.array_equal(before, after):
        not_yet("The changed picture is the picture. What do you change?")
    if after.std() < LEAST_SPREAD:
        not_yet("The changed picture is nearly of one colour. Who would still know what it shows?")
    try:
        probabilities = np.asarray(model.predict(np.stack([before, after]), verbose=0))
    except LookupError as error:  # it is not among those that were recorded
        not_yet("{error}", error=error)
    _judge_answers(probabilities, names, name)
    reason(mind, "Now say in `my_mind` why you believe so, and what would change your mind.")
    best = int(probabilities[1].argmax())
    return say(
        "It said {before!r} ({first:.2f}), now it says {after!r} ({second:.2f}). Would a person?",
        **{"before": name, "first": _of(probabilities[0], names, name)},
        **{"after": names[best], "second": probabilities[1, best]},
    )


def _pixels(picture: Any, what: str) -> np.ndarray:
    pixels = _numbers(picture, what)
    if pixels.shape != (SIDE, SIDE, 3):
        fields = {"what": what, "expected": (SIDE, SIDE, 3), "got": pixels.shape}
        not_yet("{what}: expected shape {expected}, got {got}.", **fields)
    if not np.isfinite(pixels).all() or pixels.max() <= 1:
        fields = {"what": what, "low": pixels.min(), "high": pixels.max()}
        not_yet("{what}: expected levels of 0..255, got {low:g}..{high:g}.", **fields)
    return pixels.astype(np.float32)


def _of(probabilities: np.ndarray, names: list[str], name: str) -> float:
    """The probability of a name; two names are those of two classes."""
    return max(p for p, one in zip(probabilities, names, strict=True) if one == name)


def _judge_answers(probabilities: np.ndarray, names: list[str], name: str) -> None:
    best = [[names[k] for k in np.argsort(-row)[:BEST]] for row in probabilities]
    if name not in best[0]:
        not_yet(
            "Before any change it says {best}, and not {name!r}. Take a picture that it knows.",
            **{"best": ", ".join(map(repr, best[0])), "name": name},
        )
    if name in best[1]:
        not_yet(
            "It still knows: {name!r} has probability {now:.2f} (before: {before:.2f}), and is "
            "number {place} of its answers. Get it out of the five best.",
            **{"name": name, "now": _of(probabilities[1], names, name)},
            **{"before": _of(probabilities[0], names, name), "place": best[1].index(name) + 1},
        )
