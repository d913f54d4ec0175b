"""Checks of lesson 01: tensors, a neuron, gradients."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.messages import say

FEWEST_RATES = 5
WIDEST_RATES = 1000
# The loss of the lesson's own `loss_after` at the rate 1: who changed it measures something else.
LOSS_AT_1 = 0.11065
ABOUT = (
    "rate|step|loss|weight|start|part|point|large|small|long|short|factor"
    "|schritt|rate|verlust|gewicht|groß|klein|lang|kurz|pas|taux|perte|poids|paso|tasa|peso"
)


@exercise("1-1")
def standardise(answer: Callable) -> str:
    """Check that each column gets mean 0 and standard deviation 1, whatever the table.

    answer: function of a table `(example, column)`, float32, to one of the same shape.
    """
    import tensorflow as tf

    random = np.random.default_rng()
    sizes = (int(random.integers(5, 9)), 3), (4, 4), (6, 1), (2, int(random.integers(2, 6)))
    tables = [[[0.3, 1.0], [0.1, 3.0], [0.5, 2.0], [0.7, 6.0]]]
    for table in tables + [_table(random, *size).tolist() for size in sizes]:
        values = np.array(table)
        came = answer(tf.constant(table, tf.float32))
        expected = (values - values.mean(axis=0)) / values.std(axis=0)
        compare(came, expected, what=f"standardise({table})", rtol=1e-3, atol=1e-3)
    return say("Each column now has mean 0 and standard deviation 1; its unit is gone.")


@exercise("1-2")
def neuron(answer: Callable) -> str:
    """Check a neuron against a plain loop, on shapes and numbers drawn at each call.

    answer: function of `x` `(example, input)`, `w` `(input,)` and `b` `()`, float32, to
    probabilities `(example,)`.
    """
    import tensorflow as tf

    random = np.random.default_rng()
    cases = [
        ([[0.3, 1.0], [0.0, 0.0], [0.9, 0.2]], [-4.0, -1.0], 2.0),
        ([[0.3, 1.0]], [-4.0, -1.0], 2.0),
    ]
    rows, columns = (int(n) for n in random.choice(np.arange(3, 8), 2, replace=False))
    for examples, inputs in ((rows, columns), (3, 3), (rows, 1), (1, columns)):
        x, w = _numbers(random, examples, inputs), _numbers(random, inputs)
        cases.append((x.tolist(), w.tolist(), float(_numbers(random))))
    for x, w, b in cases:
        came = answer(tf.constant(x), tf.constant(w), tf.constant(b))
        what = f"neuron({x}, {w}, {b})"
        expected = np.array([_neuron(row, w, b) for row in x])
        if np.shape(came) == expected.shape:
            _must_be_probability(np.asarray(came, dtype=float), what)
        compare(came, expected, what=what)
    return say("The same three steps for one part or for many: the axes replace the loop.")


@exercise("1-3")
def tanh_gradients(answer: Callable) -> str:
    """Check gradients through tanh and the squared error against a tape.

    answer: function of `x` `(input,)`, `target` `()`, `w` `(input,)` and `b` `()`, float32, to the
    gradients of the loss by `w` `(input,)` and by `b` `()`.
    """
    import tensorflow as tf

    random = np.random.default_rng()
    cases = [([0.3, 1.0], 1.0, [-4.0, -1.0], 2.0), ([0.5, -0.2], -1.0, [0.4, 1.5], 0.1)]
    for inputs in (1, 3, 4):
        x, w, b = (_numbers(random, inputs).tolist() for _ in range(3))
        # Not so far out that all gradients are nearly 0.
        w = (np.array(w) / max(1, abs(np.dot(x, w)))).round(2).tolist()
        cases.append((x, float(random.choice([-1, 1])), w, round(b[0] / 4, 2)))
    for numbers in cases:
        given: Any = [tf.constant(part) for part in numbers]
        x, target, w, b = given
        with tf.GradientTape() as tape:
            tape.watch([w, b])
            loss = (tf.tanh(tf.reduce_sum(x * w) + b) - target) ** 2
        expected = tape.gradient(loss, (w, b))
        came = answer(x, target, w, b)
        call = "tanh_gradients({}, {}, {}, {})".format(*numbers)
        if not isinstance(came, tuple | list) or len(came) != len(expected):
            not_yet(
                "{call}: expected two gradients, first for w and then for b, got {kind}.",
                **{"call": call, "kind": type(came).__name__},
            )
        for name, one, other in zip(("w", "b"), came, expected, strict=True):
            compare(one, other, what=say("{call}, the gradient for {name}", call=call, name=name))
    return say("You and the tape agree: with another activation one factor changes.")


@exercise("1-6", sees_changes=True)
def numeric_gradient(answer: Callable) -> str:
    """Check slopes from function values alone, of functions that are drawn at each call.

    answer: function of `f` (an array `(n,)` to a number) and `w` `(n,)`, float64, to the gradient
    of `f` at `w`, `(n,)`; it leaves `w` as it is.
    """
    for formula, f, w, expected in _functions(np.random.default_rng()):
        given = w.copy()
        came = answer(f, given)
        shown = say("numeric_gradient(f, {w}) for f(w) = {f}", w=w.tolist(), f=formula)
        if not np.allclose(given, w, rtol=0, atol=1e-10):
            not_yet(
                "{call}: your function changed the array `w` that it was given, to {now}. Work "
                "on a copy.",
                **{"call": shown, "now": given.tolist()},
            )
        compare(came, expected, what=shown, atol=1e-6)
    return say("Correct to four digits, for functions you had not seen. No tape was needed.")


@exercise("1-7")
def mean_loss(answer: Callable) -> str:
    """Check a loss over a batch against a plain loop: one number, from pairs that belong together.

    answer: function of `x` `(example, input)`, `targets` `(example,)`, `w` `(input, 1)` and `b`
    `(1,)`, float32, to the mean squared error `()`.
    """
    import tensorflow as tf

    random = np.random.default_rng()
    for examples, inputs in ((2, 2), (1, 3), (int(random.integers(3, 8)), 1), (4, 4)):
        x, w = _numbers(random, examples, inputs), _numbers(random, inputs, 1)
        b = _numbers(random, 1)
        targets = random.permutation(np.arange(examples) % 2).astype(float)
        given = [part.tolist() for part in (x, targets, w, b)]
        outputs = [_neuron(row, w[:, 0], b[0]) for row in x]
        errors = [(p - t) ** 2 for p, t in zip(outputs, targets, strict=True)]
        came = answer(*map(tf.constant, given))
        compare(came, np.mean(errors), what="mean_loss({}, {}, {}, {})".format(*given))
    return say("Each prediction meets its own target, in batches of any size.")


@exercise("1-8")
def step_length(
    loss_after: Callable, rates: Sequence[float], losses: Sequence[float], best: float, mind: str
) -> str:
    """Check that learning rates were measured as they are, over a wide range, and judged.

    answer: the lesson's `loss_after`; at least five rates, from small to large; the loss with each,
    in the same order; the rate whose loss is smallest; the learner's claim.
    """
    tried, came = np.asarray(rates, dtype=float), np.asarray(losses, dtype=float)
    _must_cover(tried)
    if abs((at_1 := float(loss_after(1.0))) - LOSS_AT_1) > 1e-3:
        not_yet(
            "`loss_after(1.0)` gave {got:.4f}, expected {expected:.4f}. Run its cell in section 5 "
            "again.",
            **{"got": at_1, "expected": LOSS_AT_1},
        )
    measured = np.array([float(loss_after(float(rate))) for rate in tried])
    compare(came, measured, what="losses", rtol=1e-2, atol=1e-4)
    if measured[np.isclose(tried, float(best))].min(initial=np.inf) > measured.min() + 1e-4:
        not_yet(
            "`best` is {best}. Which of your rates has the smallest of the losses {losses}?",
            **{"best": best, "losses": measured.round(4).tolist()},
        )
    asked = say("Say in `mind` how long a step should be, and what would change your mind.")
    claim(mind, asked, ABOUT)
    return say(
        "From rate {small:g} to {large:g} the loss went from {first:.3f} to {last:.3f}, and was "
        "smallest, {least:.3f}, at {best:g}. Does that support your claim? Compare with a "
        "neighbour's rates.",
        **{"small": tried[0], "large": tried[-1], "first": measured[0], "last": measured[-1]},
        **{"least": measured.min(), "best": float(best)},
    )


def _must_cover(rates: np.ndarray) -> None:
    if rates.ndim != 1 or len(rates) < FEWEST_RATES:
        not_yet(
            "Expected at least {least} learning rates in a list, got {rates}.",
            **{"least": FEWEST_RATES, "rates": rates.tolist()},
        )
    if rates[0] <= 0 or (np.diff(rates) <= 0).any():
        not_yet("Expected positive rates from small to large, got {rates}.", rates=rates.tolist())
    if rates[-1] < WIDEST_RATES * rates[0] * (1 - 1e-9):
        not_yet(
            "Expected the largest rate to be at least {least} times the smallest, got {times:.3g} "
            "times. What happens beyond that?",
            **{"least": WIDEST_RATES, "times": rates[-1] / rates[0]},
        )


def _numbers(random: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw numbers with two digits that float32 and a message can hold, none near 0."""
    drawn = random.uniform(0.2, 2, shape) * random.choice([-1, 1], shape)
    return np.round(np.asarray(drawn, dtype=float), 2)


def _table(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Draw columns of different means and spreads; none is constant."""
    while True:
        spread = 10.0 ** random.uniform(-0.5, 1.5, columns)
        drawn = random.uniform(-20, 20, columns) + spread * random.normal(size=(rows, columns))
        if (np.round(drawn, 2).std(axis=0) > 0.05).all():
            return np.round(drawn, 2)


def _neuron(inputs: Any, w: Any, b: float) -> float:
    z = b
    for x, weight in zip(inputs, w, strict=True):
        z = z + x * weight
    return 1 / (1 + math.exp(-z))


def _functions(random: np.random.Generator) -> list[tuple[str, Callable, np.ndarray, np.ndarray]]:
    """Draw functions: how each is written, itself, a point, and the gradient there."""
    a, b = _numbers(random, 2)
    p, (q, r) = random.uniform(0.25, 0.5, 1).round(2), _numbers(random, 2)
    s, t = _numbers(random, int(random.integers(3, 6))), _numbers(random, 3)
    weights = np.arange(1, len(s) + 1)
    return [
        (f"{a} w[0]³ + {b}", lambda w: a * w[0] ** 3 + b, p, 3 * a * p**2),
        (
            f"{a} w[0] w[1] + {b} sin(w[1])",
            lambda w: a * w[0] * w[1] + b * np.sin(w[1]),
            *(np.array([q, r]), np.array([a * r, a * q + b * np.cos(r)])),
        ),
        (
            f"w[0]² + 2 w[1]² + 3 w[2]² + ... + {b}",
            lambda w: weights @ np.asarray(w) ** 2 + b,
            *(s, 2 * weights * s),
        ),
        (
            f"{a} w[0] + w[1] w[2]",
            lambda w: a * w[0] + w[1] * w[2],
            *(np.array([0, q, r]), np.array([a, r, q])),
        ),
        (f"{b}", lambda w: b, t, np.zeros(3)),
    ]


def _must_be_probability(came: np.ndarray, what: str) -> None:
    outside = came[(came < 0) | (came > 1)]
    if outside.size:
        not_yet(
            "{call}: expected values between 0 and 1, got {got:.6g}. Which of the three steps "
            "takes care of that?",
            **{"call": what, "got": outside[0]},
        )
