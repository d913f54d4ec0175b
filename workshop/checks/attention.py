"""Checks of lesson 06c, attention."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, keras_model, not_yet, reason
from workshop.messages import say

if TYPE_CHECKING:
    import keras

BIGRAM = 3.49  # bits per character: what the last letter alone tells of the next one


@exercise("6c-1")
def mask_of(answer: Callable) -> str:
    """Check the mask of texts with padding before them.

    answer: function of lengths, a list of `batch` numbers, and a number of steps, to booleans
    `(batch, steps, steps)`.
    """
    for lengths, steps in (((4, 2), 4), ((3,), 5), ((1, 5, 3), 5)):
        came = answer([*lengths], steps)
        what = f"mask_of({[*lengths]}, {steps})"
        places = np.arange(steps)
        is_text = places >= steps - np.array(lengths)[:, None]
        causal, itself = places <= places[:, None], np.eye(steps, dtype=bool)
        expected = causal & is_text[:, None, :] | itself
        if np.shape(came) == expected.shape:
            _says_what_may_be_seen(np.asarray(came), causal, is_text, what)
        compare(came, expected, what=what)
    return say("No row looks at what comes later or at the padding, and no row is empty.")


def _says_what_may_be_seen(
    came: np.ndarray, causal: np.ndarray, is_text: np.ndarray, what: str
) -> None:
    if came.dtype != bool:
        not_yet(
            "{what}: expected booleans, got {kind}. Section 6 shows what numbers may lead to.",
            **{"what": what, "kind": came.dtype},
        )
    columns, rows, itself = is_text[:, None, :], is_text[:, :, None], np.eye(*causal.shape) > 0
    right = causal & columns | itself
    cases = (
        (causal & columns, say("a row of padding may see nothing. May it see itself?")),
        (causal.T & columns, say("rows look, columns are looked at. Which of them is later?")),
        (causal & rows, say("the padding is looked at. Which axis is that?")),
        (causal & columns[..., ::-1], say("the padding comes before the text.")),
        (~right, say("True means that this place may be looked at.")),
    )
    for wrong, why in cases:
        for one in (wrong, wrong | itself):
            if np.array_equal(came, one) and not np.array_equal(one, right):
                not_yet("{what}: {why}", what=what, why=why)


@exercise("6c-2")
def attend(answer: Callable) -> str:
    """Check a head with any mask.

    answer: function of queries `(positions, size)`, keys `(places, size)`, values
    `(places, features)` and booleans `(positions, places)`, NumPy arrays, to
    `(positions, features)`.
    """
    random = np.random.default_rng(6)
    for allowed, factor, what in _masks():
        positions, places = allowed.shape
        queries = factor * random.normal(size=(positions, 3))
        keys, values = random.normal(size=(places, 3)), random.normal(size=(places, 2))
        given = queries, keys, values, allowed
        expected = _attended(*given)
        with np.errstate(all="ignore"):
            came = answer(*(part.copy() for part in given))
        if isinstance(came, tuple) and len(came) != len(expected):
            not_yet("{what}: expected one array, got {count}.", what=what, count=len(came))
        if np.shape(came) == expected.shape:
            _says_what_is_wrong(came, given, what)
        compare(came, expected, what=what, atol=1e-4)
    return say("It gives a weighted mean of what may be seen, and zeros where nothing may be seen.")


def _masks() -> list[tuple[np.ndarray, float, str]]:
    """What may be seen, how large scores are, and both in words."""
    causal, holes = np.tril(np.ones((4, 4), bool)), np.ones((3, 5), bool)
    holes[0, 1:3] = holes[2] = False
    return [
        (causal, 1.0, say("attend(...) with a causal mask")),
        (holes, 1.0, say("attend(...) where row 2 may see nothing")),
        (causal, 3000.0, say("attend(...) with scores in the thousands")),
        (np.eye(4, dtype=bool), 3000.0, say("attend(...) where large scores are masked")),
    ]


def _attended(
    queries: np.ndarray, keys: np.ndarray, values: np.ndarray, allowed: np.ndarray
) -> np.ndarray:
    """Compute each row from what it may see, and nothing else."""
    result = np.zeros((len(queries), values.shape[1]))
    for row, (query, may) in enumerate(zip(queries, allowed, strict=True)):
        if may.any():
            scores = keys[may] @ query / np.sqrt(keys.shape[1])
            powers = np.exp(scores - scores.max())
            result[row] = powers @ values[may] / powers.sum()
    return result


def _says_what_is_wrong(came: Any, given: tuple[np.ndarray, ...], what: str) -> None:
    queries, keys, values, allowed = given
    came = np.asarray(came, dtype=float)
    rows = np.flatnonzero(~np.isfinite(came).all(axis=1))
    if len(rows):
        fields = {"what": what, "row": int(rows[0]), "seen": int(allowed[rows[0]].sum())}
        not_yet(
            "{what}: row {row} is no number. It may see {seen} places; what are its largest score "
            "and its sum?",
            **fields,
        )
    empty = ~allowed.any(axis=1)
    if empty.any() and np.allclose(came[empty], values.mean(axis=0)):
        not_yet("{what}: it gets the mean of all values. Expected zeros.", what=what)
    unscaled = _attended(queries * np.sqrt(keys.shape[1]), keys, values, allowed)
    right = _attended(queries, keys, values, allowed)
    if np.allclose(came, unscaled) and not np.allclose(unscaled, right):
        not_yet("{what}: what are the products divided by?", what=what)


@exercise("6c-3")
def leaks(answer: Callable) -> str:
    """Check a test for leaks with functions that leak, and with some that don't.

    answer: function of a function and its input `(1, steps, features)`, a NumPy array, to the
    positions whose output changes when only what comes later changes, a list of numbers.
    """
    x = np.random.default_rng(5).normal(size=(1, 5, 3))
    for function, expected, what in _functions():
        came = answer(function, x.copy())
        if came is None:
            not_yet("For {what} it gave None. Does it end in `return`?", what=what)
        numbers = np.asarray([*came] if isinstance(came, set | range) else came)
        if numbers.dtype == bool:
            not_yet("For {what}: expected positions, got booleans.", what=what)
        if numbers.ndim != 1:
            not_yet("For {what}: expected a list, got {came!r}.", what=what, came=came)
        found = sorted({int(number) for number in numbers})
        if found != expected:
            missed = [number for number in expected if number not in found]
            fields = {"what": what, "missed": missed, "found": found}
            if missed:
                not_yet(
                    "For {what}: positions {missed} see what comes later; it found {found}.",
                    **fields,
                )
            wrong = [number for number in found if number not in expected]
            not_yet(
                "For {what}: positions {wrong} see nothing that comes later, and were found.",
                **{"what": what, "wrong": wrong},
            )
    return say("It found every leak, and no leak where there is none.")


def _functions() -> list[tuple[Callable, list[int], str]]:
    """Functions of `(1, steps, features)`, the positions that leak, and each in words."""

    def rounded(x: np.ndarray) -> np.ndarray:
        return np.cumsum(x, axis=1) + 1e-8 * _later(x)

    def one_ahead(x: np.ndarray) -> np.ndarray:
        return np.concatenate([x[:, 1:], x[:, -1:]], axis=1)

    def first_sees_third(x: np.ndarray) -> np.ndarray:
        third = x[:, 3:4] * [1, 0, 0]  # one feature leaks
        return np.concatenate([x[:, :1] + third, x[:, 1:]], axis=1)

    def padded(x: np.ndarray) -> np.ndarray:
        everything = np.broadcast_to(x.mean(axis=1, keepdims=True), x[:, :2].shape)
        return np.concatenate([everything, x[:, 2:]], axis=1)

    def normalised(x: np.ndarray) -> np.ndarray:
        apart = x - x.mean(axis=-1, keepdims=True)
        return _later(apart / np.maximum(apart.std(axis=-1, keepdims=True), 1e-9))

    functions = (
        (rounded, [], say("a sum of what came before")),
        (_later, [0, 1, 2, 3], say("a sum of what comes later")),
        (one_ahead, [0, 1, 2, 3], say("a function that looks one step ahead")),
        (first_sees_third, [0], say("a function whose position 0 sees position 3")),
        (padded, [0, 1], say("a function whose first two rows take the mean of all")),
        (normalised, [0, 1, 2, 3], say("a leak behind a layer normalization")),
        (lambda x: _later(x**2), [0, 1, 2, 3], say("a leak of squares")),
    )
    return [(_on_arrays(function), expected, what) for function, expected, what in functions]


def _later(x: np.ndarray) -> np.ndarray:
    return np.cumsum(x[:, ::-1], axis=1)[:, ::-1]


def _on_arrays(function: Callable) -> Callable:
    return lambda x: function(np.array(x, dtype=float))


@exercise("6c-4")
def read_twice(answer: Callable) -> str:
    """Check two layers that read one memory, of which some is padding.

    answer: function of an `Embedding` and two `MultiHeadAttention` layers, codes
    `(batch, steps)` and queries `(batch, positions, features)`, NumPy arrays, to
    `(batch, positions, features)`.
    """
    from keras import layers

    random = np.random.default_rng(4)
    codes = np.array([[0, 0, 3, 4, 5], [1, 2, 6, 0, 0]])
    asking = random.normal(size=(2, 3, 8)).astype("float32")
    embedding = layers.Embedding(10, 8, mask_zero=True)
    first, second = layers.MultiHeadAttention(2, 4), layers.MultiHeadAttention(2, 4)
    for layer in (first, second):
        layer.build(asking.shape, (2, 5, 8))
    embedding.build()
    for layer in (embedding, first, second):
        layer.set_weights([random.normal(size=weight.shape) for weight in layer.weights])
    came = answer(embedding, first, second, codes.copy(), asking.copy())

    def twice(queries: np.ndarray, masks: tuple) -> np.ndarray:
        memory = np.asarray(embedding(codes))
        taken = np.asarray(first(queries, memory, attention_mask=masks[0]))
        return np.asarray(second(taken, memory, attention_mask=masks[1]))

    seen = (codes != 0)[:, None, :]
    expected = twice(asking, (seen, seen))
    wrong = (
        ((seen, None), say("The second reader looks at the padding: the first took the mask off.")),
        ((None, seen), say("The first reader looks at the padding.")),
        ((None, None), say("Both readers look at the padding.")),
        ((~seen, ~seen), say("Both look at nothing but the padding. What does True mean?")),
    )
    if np.shape(came) == expected.shape:
        for masks, why in wrong:
            if np.allclose(came, twice(asking, masks), atol=1e-4):
                not_yet("{why}", why=why)
        memory = np.asarray(embedding(codes))
        if np.allclose(came, np.asarray(second(asking, memory, attention_mask=seen)), atol=1e-4):
            not_yet("The second reader asks with `asking`, not with what the first one gave.")
    compare(came, expected, what="read_twice(...)", rtol=1e-3, atol=1e-4)
    return say("Neither reader looks at the padding.")


@exercise("6c-5")
def my_model(answer: "keras.Model", mind: str, held_out: np.ndarray) -> str:
    """Check a character model on text that it never saw.

    answer: Keras model of codes `(batch, 64)` to logits `(batch, 64, characters)`.
    mind: what would change the learner's mind about attention.
    held_out: codes `(windows, 65)`, each of them a window and what comes after it.
    """
    keras_model(answer)
    codes, targets = held_out[:, :-1], held_out[:, 1:].astype(int)
    logits = np.asarray(answer.predict(codes.copy(), verbose=0), dtype=float)
    if logits.ndim != 3 or logits.shape[:2] != codes.shape or logits.shape[2] <= targets.max():
        not_yet(
            "For codes {given}: expected logits {given} and as many as there are characters in a "
            "third axis, got {got}.",
            **{"given": codes.shape, "got": logits.shape},
        )
    changed = codes.copy()
    changed[:, 48:] = np.roll(codes, 1, axis=0)[:, 48:]
    again = np.asarray(answer.predict(changed, verbose=0), dtype=float)
    off = float(np.abs(again - logits)[:, :48].max())
    if not off < 1e-3 * max(1.0, float(np.abs(logits).max())):
        not_yet(
            "The logits of the first 48 positions change by {off:.2g} when only the last 16 "
            "letters do. A model that sees what comes later needs no bits.",
            off=off,
        )
    logits = logits - logits.max(axis=-1, keepdims=True)
    logs = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    came = -np.take_along_axis(logs, targets[..., None], axis=-1)[:, 32:].mean() / np.log(2)
    if not came < BIGRAM:
        not_yet(
            "It needs {bits:.2f} bits per character; the last letter alone would give {bigram}. "
            "Did you train it, and on logits?",
            **{"bits": came, "bigram": BIGRAM},
        )
    reason(
        mind,
        "{bits:.2f} bits. Now say in `mind` what would change your mind about attention.",
        bits=came,
    )
    return say(
        "{bits:.2f} bits per character with {count:,} parameters; the last letter alone: {bigram}.",
        **{"bits": came, "count": answer.count_params(), "bigram": BIGRAM},
    )
