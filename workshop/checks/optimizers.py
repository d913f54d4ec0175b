"""Checks of lesson 12b: PowerSign, Lion, equal rules, AddSign for Keras, an own rule."""

from collections.abc import Callable
from typing import Any

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.checks.rule_task import RATES, SEEDS, best_loss
from workshop.messages import say

EPSILON = 1e-7
FEWEST_WORDS = 10
BETTER = 0.7  # an own rule's loss, at most so much of SGD's
# Rules by name, those that are the same up to the rate, and those that are not.
RULES = {
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
SAME = (
    ("g", "g"),
    ("g", "3 * g"),
    ("g / 1000", "3 * g"),
    ("g + m", "m / 2 + g / 2"),
    ("sign(g)", "g / abs(g)"),
    ("Adam", "Adam, 0.1 * m / (0.1 * root(v))"),
    ("RMSprop", "exp(1) * RMSprop"),
    ("g - g", "m - m"),
)
OTHER = (
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
    named = {name: (name, rule) for name, rule in RULES.items()}
    return [
        (named[one], named[other], is_same)
        for pairs, is_same in ((SAME, True), (OTHER, False))
        for one, other in pairs
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
            for g, m in zip(gradients, averages, strict=True):
                if number == 1:
                    g.flat[0] = 0.0
                elif number % 2:  # near where the sign of the average turns, on either side
                    g.flat[:2] = -8 * m.flat[0], -9.9 * m.flat[1]
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

    def step(g: np.ndarray, m: np.ndarray, v: np.ndarray) -> np.ndarray:
        return _as_step(rule(g.copy(), m, v), g.shape)

    ours, theirs = best_loss(step), best_loss(lambda g, m, v: g)
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


def _as_step(step: Any, shape: tuple) -> np.ndarray:
    try:
        step = np.asarray(step, dtype=float)
    except (TypeError, ValueError):
        not_yet("Expected an array as the step, got {kind}.", kind=type(step).__name__)
    if step.shape != shape:
        fields = {"expected": shape, "got": step.shape}
        not_yet("Expected a step of shape {expected}, as g has, got {got}.", **fields)
    return step
