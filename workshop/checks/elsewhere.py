"""Checks of lesson 14: a gradient by hand, a pure update, a batch in parts, a loss that holds."""

import warnings
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.checks.scalar import plain
from workshop.messages import say

STEPS_NEAR = 0.05  # how far the learner's number of steps may be off, as a share


@exercise("14-1")
def penalised_gradients(answer: Callable) -> str:
    """Check the gradients of softmax regression with a penalty, against those of a tape.

    answer: function of W `(features, classes)`, b `(classes,)`, x `(batch, features)`, labels
    `(batch,)` and decay to the gradients by W and b, of the mean cross-entropy plus `decay / 2`
    times the sum of all squares of W.
    """
    import tensorflow as tf

    rng = np.random.default_rng(141)
    for (batch, features, classes), decay, scale in (
        ((1, 2, 2), 0.0, 1),
        ((4, 3, 5), 0.0, 1),
        ((4, 3, 5), 0.5, 1),
        ((7, 6, 3), 2.0, 1),
        ((5, 2, 4), 0.5, 900),  # whose plain exponentials overflow
    ):
        W = tf.Variable(rng.normal(size=(features, classes)))
        b = tf.Variable(rng.normal(size=classes))
        x = scale * rng.normal(size=(batch, features))
        y = rng.integers(classes, size=batch)
        with tf.GradientTape() as tape:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, x @ W + b)
            loss = tf.reduce_mean(losses) + decay * tf.nn.l2_loss(W)
        oracle = tape.gradient(loss, (W, b))
        call = f"penalised_gradients(..., x {x.shape} up to {abs(x).max():.1f}, decay={decay:g})"
        came = _two(answer(W.numpy(), b.numpy(), x, y, decay), call)
        compare(came[0], oracle[0], what=say("the gradient by W of {call}", call=call))
        compare(came[1], oracle[1], what=say("the gradient by b of {call}", call=call))
    return say("As a tape has it: probabilities minus labels, and the penalty on W alone.")


def _two(came: Any, call: str) -> tuple:
    """Two results; anything else is said."""
    if not isinstance(came, list | tuple) or len(came) != 2:
        kind = type(came).__name__
        not_yet("{call}: expected two results, got {kind}.", call=call, kind=kind)
    return tuple(came)


@exercise("14-2", sees_changes=True)
def momentum_step(answer: Callable) -> str:
    """Check one update with momentum, and that it is pure: nothing is changed or remembered.

    answer: function of parameters, velocity and gradients, dicts of arrays under the same names,
    and of rate and momentum, to new parameters and a new velocity, dicts likewise.
    """
    rng = np.random.default_rng(142)
    names = {"W": (3, 2), "b": (2,), "scale": ()}
    call = "momentum_step(...)"
    for rate, momentum in ((0.5, 0.0), (0.1, 0.9), (0.1, 0.9)):
        given = [{name: np.array(rng.normal(size=names[name])) for name in names} for _ in "pvg"]
        kept = [{name: value.copy() for name, value in one.items()} for one in given]
        velocity = {n: momentum * kept[1][n] - rate * kept[2][n] for n in names}
        parameters = {n: kept[0][n] + velocity[n] for n in names}
        for _ in range(2):  # what it remembers would show the second time
            came = _two(answer(*given, rate, momentum), call)
            _unchanged(given, kept, came, call)
            for got, oracle, what in (
                (came[1], velocity, say("the velocity")),
                (came[0], parameters, say("the parameters")),
            ):
                _compare_dicts(got, oracle, f"{call}, rate={rate:g}, momentum={momentum:g}", what)
    return say("New dicts, and the old ones are as they were: the same call gives the same.")


def _unchanged(given: list[dict], kept: list[dict], came: tuple, call: str) -> None:
    for name, old, before in zip(("parameters", "velocity", "gradients"), given, kept, strict=True):
        if list(old) != list(before):
            not_yet(
                "{call} changed the dict `{name}` that it was given: its names are now {names}.",
                **{"call": call, "name": name, "names": list(old)},
            )
        for key, value in before.items():
            if not np.array_equal(old[key], value):
                not_yet(
                    "{call} changed what it was given: {name}[{key!r}] is another now. Make new "
                    "arrays.",
                    **{"call": call, "name": name, "key": key},
                )
        if any(one is old for one in came):
            not_yet("{call} gave back the dict `{name}` itself.", call=call, name=name)


def _compare_dicts(came: Any, oracle: dict, call: str, what: str) -> None:
    if not isinstance(came, Mapping):
        kind = type(came).__name__
        not_yet("{what} of {call}: expected a dict, got {kind}.", what=what, call=call, kind=kind)
    if set(came) != set(oracle):
        not_yet(
            "{what} of {call}: expected the names {expected}, got {got}.",
            **{"what": what, "call": call, "expected": sorted(oracle), "got": sorted(came)},
        )
    for name, value in oracle.items():
        place = say("{name} in {what} of {call}", name=repr(name), what=what, call=call)
        compare(came[name], value, what=place)


class _Parameter:
    """As PyTorch has them: `data`, and `grad`, which is None or the sum so far."""

    def __init__(self, data: np.ndarray):
        self.data, self.grad = np.array(data, float), None

    def add(self, gradient: np.ndarray) -> None:
        self.grad = np.array(gradient) if self.grad is None else self.grad + gradient


@exercise("14-3", sees_changes=True)
def train_in_parts(answer: Callable) -> str:
    """Check updates of several batches each, whose gradients add up.

    answer: function of parameters, a list of objects with `data` and `grad`; of `backward`, a
    function of a batch that adds to each `grad`; of batches, parts and rate. It changes each
    `data`.
    """
    rng = np.random.default_rng(143)
    for count, parts, rate in ((3, 1, 0.5), (4, 2, 0.25), (6, 3, 0.1), (4, 4, 0.5)):
        starts = [rng.normal(size=shape) for shape in ((2, 3), (3,))]
        batches = [rng.normal(size=2) for _ in range(count)]
        parameters = [_Parameter(one) for one in starts]
        seen: list[int] = []

        def backward(
            batch: Any, of: list = parameters, seen: list = seen, all_: list = batches
        ) -> None:
            seen.append(next((i for i, one in enumerate(all_) if one is batch), -1))
            for one, pull in zip(of, np.asarray(batch), strict=True):
                one.add(one.data - pull)  # of half the squared distance to it

        answer(parameters, backward, batches, parts, rate)
        call = f"train_in_parts(..., {count} batches, parts={parts}, rate={rate:g})"
        if -1 in seen:
            not_yet("{call}: backward got something else than one of the batches.", call=call)
        if seen != list(range(count)):
            not_yet(
                "{call}: expected backward(batch) once for each batch in order, got {seen}.",
                **{"call": call, "seen": seen},
            )
        pulls = np.reshape(batches, (-1, parts, len(parameters))).mean(axis=1)
        for number, pull in enumerate(pulls.T):
            oracle = starts[number]
            for one in pull:
                oracle = oracle - rate * (oracle - one)
            _moved_and_cleared(parameters[number], oracle, number, call)
    return say("Gradients add up over the parts, are used once, and cleared.")


def _moved_and_cleared(parameter: _Parameter, oracle: np.ndarray, number: int, call: str) -> None:
    what = say("parameters[{number}].data after {call}", number=number, call=call)
    compare(parameter.data, oracle, what=what)
    left = 0 if parameter.grad is None else np.abs(parameter.grad).max()
    if left:
        not_yet(
            "{call}: expected gradients that are cleared after the last update, got {left:.3g} in "
            "parameters[{number}].grad.",
            **{"call": call, "left": left, "number": number},
        )


@exercise("14-4")
def stable_loss(answer: Callable) -> str:
    """Check the mean cross-entropy of logits, however large, with 32 bits and without a warning.

    answer: function of logits `(batch, classes)`, float32, and labels `(batch,)` to a number.
    """
    rng = np.random.default_rng(144)
    cases = (
        (np.zeros((1, 10)), [3]),
        (rng.normal(size=(5, 4)), [0, 3, 1, 1, 2]),
        ([[120.0, 0, 0]], [1]),
        ([[1000.0, 999, 0], [0, 5, 1]], [1, 1]),
        ([[-1000.0, -1001, -1002], [0, 0, 0]], [2, 1]),
        ([[1000.0, -1000], [-1000, 1000]], [1, 1]),
    )
    for logits, labels in cases:
        z, y = np.array(logits, np.float32), np.array(labels)
        exact = z.astype(float)
        top = exact.max(axis=1)
        sums = np.exp(exact - top[:, np.newaxis]).sum(axis=1)
        oracle = np.mean(np.log(sums) + top - exact[np.arange(len(y)), y])
        shown = (
            np.array2string(z, precision=4, separator=", ") if z.size < 7 else f"of shape {z.shape}"
        )
        what = f"stable_loss(logits {shown}, labels {y.tolist()})"
        with warnings.catch_warnings(record=True) as said, np.errstate(all="warn", under="ignore"):
            warnings.simplefilter("always")
            came = answer(z, y)
        compare(came, oracle, what=what)
        if loud := [one for one in said if issubclass(one.category, RuntimeWarning)]:
            not_yet("{what} is right, with a warning: {text}.", what=what, text=loud[0].message)
    return say("Right for any logits: no exponential is above 1, no logarithm below that of 1.")


@exercise("14-5")
def my_choice(mine: str, other: str, steps: float, why: str, rows: Mapping) -> str:
    """Check from how many steps on one library is done before another, and the reason to take it.

    mine: a name from the table.
    other: another one.
    steps: from how many on `mine` is done first; 0 from the start, infinity for never.
    why: the reason, and what would change the learner's mind.
    rows: the table: for each name a dict with "start s", "first ms" and "step ms".
    """
    for name, value in (("mine", mine), ("other", other)):
        if not isinstance(value, str) or value not in rows:
            names = ", ".join(rows)
            not_yet(
                "`{name}`: expected one of {names}, got {got!r}.", name=name, names=names, got=value
            )
    if mine == other:
        not_yet("`mine` and `other` are the same: {name}. Take two.", name=mine)
    steps = plain(steps)
    if not isinstance(steps, Real) or np.isnan(steps) or steps < 0:
        not_yet("`my_steps`: expected a number, 0 or more, got {got!r}.", got=steps)
    oracle = _crossing(rows[mine], rows[other])
    late, slow = (float(rows[mine][part] - rows[other][part]) for part in ("start s", "step ms"))
    fields = {"mine": mine, "other": other, "late": late, "slow": slow, "steps": float(steps)}
    if not np.isclose(steps, oracle, rtol=STEPS_NEAR, atol=0.99):
        not_yet(
            "Next to {other}, the start of {mine} takes {late:+.2f} s and its step {slow:+.4f} ms. "
            "At {steps:g} steps {mine} does not get ahead for good. Where do the two lines of "
            "`seconds` cross, and who is ahead after that?",
            **fields,
        )
    right = (
        say("On this machine {mine} never gets ahead of {other} for good.", **fields)
        if np.isinf(oracle)
        else say("On this machine {mine} is done before {other} from {steps:g} steps on.", **fields)
    )
    reason(
        why,
        "{right} Now say in `my_reason` why you would take it, and what would change your mind.",
        right=right,
    )
    return right


def _crossing(mine: Mapping, other: Mapping) -> float:
    """From how many steps on the first is done before the second, for all numbers from there on."""
    head = mine["start s"] - other["start s"] + (mine["first ms"] - other["first ms"]) / 1000
    gain = (other["step ms"] - mine["step ms"]) / 1000  # seconds a step
    if gain <= 0:
        return np.inf
    return max(0.0, head / gain)
