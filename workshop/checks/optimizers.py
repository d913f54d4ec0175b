"""Checks of lesson 12b: PowerSign, Lion, equal rules, AddSign for Keras, an own rule."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.data import spirals
from workshop.messages import say

EPSILON = 1e-7
FEWEST_WORDS = 10
# The task of an own rule: a little network on two spirals, all rates side by side.
SIZES = (2, 16, 16, 2)
STEPS, BATCH, TURNS = 150, 64, 1.0
RATES = 10 ** np.arange(-3, 1.25, 0.25)
SEEDS = 6
BETTER = 0.7  # an own rule's loss, at most so much of SGD's


@exercise("12b-1")
def power_sign(answer: Callable) -> str:
    """Check PowerSign's step with a fading sign term.

    answer: function of a gradient `(n,)`, the average of gradients `(n,)` and a number from 1 to 0,
    to the step `(n,)`.
    I. Bello et al., Neural Optimizer Search with Reinforcement Learning, 2017.
    """
    random = np.random.default_rng(121)
    for why, g, m in (
        (say("where both agree"), [2.0, -2.0], [0.1, -3.0]),
        (say("where they disagree"), [2.0, -2.0], [-0.1, 3.0]),
        (say("where one is 0"), [0.0, 2.0, 0.0], [1.0, 0.0, 0.0]),
        (say("small and large"), [1e-3, 1e3, -1e3], [1e3, 1e-3, 1e-3]),
        (say("eight random ones"), random.normal(size=8), random.normal(size=8)),
    ):
        given = np.asarray(g, float), np.asarray(m, float)
        for fade in (1.0, 0.5, 0.0):
            expected = np.exp(fade * np.sign(given[0]) * np.sign(given[1])) * given[0]
            fields = {"why": why, "g": _shown(given[0]), "m": _shown(given[1]), "fade": fade}
            what = say("{why}: g {g}, m {m}, fade {fade:g}", **fields)
            compare(answer(*given, fade), expected, what=what, atol=1e-8)
    return say("Up to e times the gradient where both agree, 1/e where not, plain SGD at the end.")


@exercise("12b-2")
def lion(answer: Callable) -> str:
    """Check Lion's update, over several steps.

    answer: function of weights `(n,)`, the average `(n,)`, a gradient `(n,)`, the rate and the
    decay, to new weights `(n,)` and a new average `(n,)`.
    X. Chen et al., Symbolic Discovery of Optimization Algorithms, 2023.
    """
    random = np.random.default_rng(122)
    for rate, decay in ((0.1, 0.0), (0.5, 0.0), (0.1, 0.25), (0.0, 0.5)):
        weights, m = random.normal(size=6), np.zeros(6)
        for number in range(1, 7):
            g = random.normal(size=6) * (0.0 if number == 4 else 1.0)
            if number > 1:  # on either side of where the sign turns
                g[:2] = -8.6 * m[0], -9.4 * m[1]
            call = say(
                "step {number}, rate {rate:g}, decay {decay:g}",
                **{"number": number, "rate": rate, "decay": decay},
            )
            came = answer(weights.copy(), m.copy(), g.copy(), rate, decay)
            if not isinstance(came, list | tuple) or len(came) != 2:
                kind = type(came).__name__
                fields = {"call": call, "kind": kind}
                not_yet("{call}: expected new weights and a new m, got {kind}.", **fields)
            step = np.sign(0.9 * m + 0.1 * g) + decay * weights
            weights, m = weights - rate * step, 0.99 * m + 0.01 * g
            compare(came[1], m, what=say("the new m, {call}", call=call), atol=1e-8)
            compare(came[0], weights, what=say("the weights, {call}", call=call), atol=1e-8)
    return say("One average, two factors: quick for the step, slow for the memory.")


def _shown(values: np.ndarray) -> list:
    return np.round(values, 3).tolist()


def _scale(v: np.ndarray) -> np.ndarray:
    return np.sqrt(v) + EPSILON


@exercise("12b-3")
def same_rule(answer: Callable) -> str:
    """Check a judgement whether two rules are the same up to a positive factor.

    answer: function of two functions, each of g, m and v (arrays of one shape, v above 0) to a step
    of their shape, to True or False.
    """
    for first, second, same in _pairs():
        names = {"first": first[0], "second": second[0]}
        for one, other in ((first, second), (second, first)):
            with np.errstate(all="ignore"):
                came = answer(one[1], other[1])
            kind = type(came).__name__
            if isinstance(came, np.ndarray | np.generic) or hasattr(came, "numpy"):
                came = np.asarray(came)
                came = bool(came) if came.shape == () and came.dtype == bool else None
            if not isinstance(came, bool):
                not_yet(
                    "{first} and {second}: expected True or False, got {kind}.",
                    **names,
                    kind=kind,
                )
            if came != same:
                not_yet(
                    "{first} and {second}: expected {expected}, got {got}.",
                    **names,
                    **{"expected": same, "got": came},
                )
    return say("Equal up to the rate is equal: a tuned rate takes every factor away.")


def _pairs() -> list[tuple]:
    """Make pairs of named rules, and whether they are the same."""
    rules = {
        "g": lambda g, m, v: g,
        "3 * g": lambda g, m, v: 3 * g,
        "g / 1000": lambda g, m, v: g / 1000,
        "-g": lambda g, m, v: -g,
        "m": lambda g, m, v: m,
        "g + m": lambda g, m, v: g + m,
        "m / 2 + g / 2": lambda g, m, v: m / 2 + g / 2,
        "g + 0.1 * m": lambda g, m, v: g + 0.1 * m,
        "abs(g)": lambda g, m, v: np.abs(g),
        "sign(g)": lambda g, m, v: np.sign(g),
        "g / abs(g)": lambda g, m, v: g / np.abs(g),
        "sign(m)": lambda g, m, v: np.sign(m),
        "sinh(g)": lambda g, m, v: np.sinh(g),
        "g * v": lambda g, m, v: g * v,
        "g + 0.1": lambda g, m, v: g + 0.1,
        "g - g": lambda g, m, v: g - g,
        "m - m": lambda g, m, v: m - m,
        "Adam": lambda g, m, v: m / _scale(v),
        "Adam, 0.1 * m / (0.1 * root(v))": lambda g, m, v: 0.1 * m / (0.1 * np.sqrt(v)),
        "RMSprop": lambda g, m, v: g / _scale(v),
        "exp(1) * RMSprop": lambda g, m, v: np.exp(1) * g / _scale(v),
    }
    same = (
        ("g", "g"),
        ("g", "3 * g"),
        ("g / 1000", "3 * g"),
        ("g + m", "m / 2 + g / 2"),
        ("sign(g)", "g / abs(g)"),
        ("Adam", "Adam, 0.1 * m / (0.1 * root(v))"),
        ("RMSprop", "exp(1) * RMSprop"),
        ("g - g", "m - m"),
    )
    other = (
        ("g", "-g"),
        ("g", "m"),
        ("g + m", "g + 0.1 * m"),
        ("g", "abs(g)"),
        ("g", "sign(g)"),
        ("sign(g)", "sign(m)"),
        ("g", "sinh(g)"),
        ("g", "g * v"),
        ("g", "g + 0.1"),
        ("g", "g - g"),
        ("Adam", "RMSprop"),
        ("g", "RMSprop"),
    )
    named = {name: (name, rule) for name, rule in rules.items()}
    return [
        (named[one], named[two], is_same)
        for pairs, is_same in ((same, True), (other, False))
        for one, two in pairs
    ]


@exercise("12b-4")
def add_sign(answer: Any) -> str:
    """Check AddSign as an optimizer of Keras, beside NumPy.

    answer: subclass of `keras.optimizers.Optimizer`, called with `learning_rate=`.
    """
    import keras
    import tensorflow as tf

    if not (isinstance(answer, type) and issubclass(answer, keras.optimizers.Optimizer)):
        kind = answer.__name__ if isinstance(answer, type) else type(answer).__name__
        not_yet("Expected a subclass of keras.optimizers.Optimizer, got {kind}.", kind=kind)
    for traced in (False, True):
        random = np.random.default_rng(124)
        where = say("in a tf.function") if traced else say("step by step")
        weights = [random.normal(size=shape) for shape in ((3, 2), (2,), (2,))]
        variables = [keras.Variable(one, dtype="float32") for one in weights]
        averages = [np.zeros_like(one) for one in weights]
        optimizer = answer(learning_rate=0.1)
        optimizer.build(variables)
        run = _applying(optimizer, variables, tf.function if traced else None)
        for number in range(1, 7):
            rate = 0.1 if number < 4 else 0.02
            optimizer.learning_rate = rate
            gradients = [random.normal(size=one.shape) for one in weights]
            run([tf.constant(one, tf.float32) for one in gradients])
            for k, g in enumerate(gradients):
                averages[k] = 0.9 * averages[k] + 0.1 * g
                agree = np.sign(g) * np.sign(averages[k])
                weights[k] = weights[k] - rate * (1 + agree) * g
                what = say(
                    "variable {k} after step {number}, {where}, rate {rate:g}",
                    **{"k": k, "number": number, "where": where, "rate": rate},
                )
                compare(np.asarray(variables[k]), weights[k], what=what, rtol=1e-3, atol=1e-4)
    return say("As NumPy has it, for every variable, traced and not, also at another rate.")


def _applying(optimizer: Any, variables: list, wrapped: Callable | None) -> Callable:
    """Give a function of gradients; its closure hides the variables from a tf.function."""

    def apply(gradients: list) -> None:
        optimizer.apply(gradients, variables)

    return wrapped(apply, autograph=False) if wrapped else apply


@exercise("12b-5")
def my_rule(rule: Callable, mind: str) -> str:
    """Check a rule beside SGD on a small task, each at its best rate, and ask for its limits.

    rule: function of g, the average m of gradients and v of their squares, corrected for their
    start, arrays `(runs, parameters)`, to a step of that shape.
    mind: what would change one's mind about it.
    """
    ours, theirs = _best_loss(rule), _best_loss(lambda g, m, v: g)
    told = say("loss {ours:.3f}, SGD {theirs:.3f}", ours=ours, theirs=theirs)
    share = ours / theirs
    if not share <= BETTER:
        not_yet(
            "{told}, each at its best of {rates} rates, over {seeds} seeds. Expected at most "
            "{enough:.0%} of SGD's loss, got {share:.0%}. What do rules know that are better?",
            **{"told": told, "rates": len(RATES), "seeds": SEEDS},
            **{"enough": BETTER, "share": share},
        )
    reason(
        mind,
        "Now say in `mind` on which task you would not trust your rule, and what would change "
        "your mind.",
        least=FEWEST_WORDS,
    )
    return say("{told}: {share:.0%} of it.", told=told, share=share)


def _layers(flat: np.ndarray) -> list[np.ndarray]:
    shapes = [(a + 1, b) for a, b in pairwise(SIZES)]
    ends = np.cumsum([a * b for a, b in shapes])
    parts = np.split(flat, ends[:-1], axis=1)
    return [part.reshape(-1, *shape) for part, shape in zip(parts, shapes, strict=True)]


def _forward(flat: np.ndarray, x: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """Give the inputs of each layer, and probabilities `(rates, examples, classes)`."""
    *hidden, last = _layers(flat)
    inputs = [x]
    for W in hidden:
        inputs.append(np.tanh(inputs[-1] @ W[:, :-1] + W[:, -1:]))
    z = inputs[-1] @ last[:, :-1] + last[:, -1:]
    p = np.exp(np.maximum(z - z.max(-1, keepdims=True), -20))
    return inputs, p / p.sum(-1, keepdims=True)


def _gradients(flat: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    inputs, delta = _forward(flat, x)
    delta[:, np.arange(len(y)), y] -= 1
    delta /= len(y)
    g = np.empty_like(flat)
    for h, W, to in reversed(list(zip(inputs, _layers(flat), _layers(g), strict=True))):
        to[:, :-1] = np.swapaxes(h, -1, -2) @ delta
        to[:, -1] = delta.sum(1)
        if h is not x:
            delta = delta @ np.swapaxes(W[:, :-1], 1, 2) * (1 - h * h)
    return g


@np.errstate(all="ignore")
def _best_loss(rule: Callable) -> float:
    """Train with a rule at all rates and seeds; the mean loss on new points at the best rate."""
    random = np.random.default_rng(125)
    x, y = spirals(200, turns=TURNS, seed=0)
    x_new, y_new = spirals(200, turns=TURNS, seed=1)
    starts = [
        np.concatenate([random.normal(0, a**-0.5, (a + 1) * b) for a, b in pairwise(SIZES)])
        for _ in range(SEEDS)
    ]
    flat = np.repeat(starts, len(RATES), axis=0)
    rates = np.tile(RATES, SEEDS)[:, None]
    m, v = np.zeros((2, *flat.shape))
    for t in range(1, STEPS + 1):
        rows = random.integers(len(x), size=BATCH)
        g = _gradients(flat, x[rows], y[rows])
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g * g
        flat = flat - rates * _as_step(rule(g.copy(), m / (1 - 0.9**t), v / (1 - 0.99**t)), g.shape)
    p = _forward(flat, x_new)[1][:, np.arange(len(y_new)), y_new]
    losses = -np.log(p).mean(-1).reshape(SEEDS, -1).mean(0)
    return float(np.min(np.where(np.isfinite(losses), losses, np.inf)))


def _as_step(step: Any, shape: tuple) -> np.ndarray:
    try:
        step = np.asarray(step, dtype=float)
    except (TypeError, ValueError):
        not_yet("Expected an array as the step, got {kind}.", kind=type(step).__name__)
    if step.shape != shape:
        fields = {"expected": shape, "got": step.shape}
        not_yet("Expected a step of shape {expected}, as g has, got {got}.", **fields)
    return step
