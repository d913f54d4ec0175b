"""Right and wrong answers to the exercise of lesson 00."""

import pytest
from answers import Answers

from workshop.checks import welcome as checks

tf = pytest.importorskip("tensorflow")


def in_loops(a, b):
    if len(a.shape) == 0:
        return float(a) + float(b)
    return [in_loops(one, other) for one, other in zip(a, b, strict=True)]


RIGHT = {
    checks.add: [
        lambda a, b: a + b,
        tf.add,
        lambda a, b: sum([a, b]),
        lambda a, b: a.numpy() + b.numpy(),
        lambda a, b: b - -a,
        lambda a, b: tf.reduce_sum(tf.stack([a, b]), axis=0),
        in_loops,
    ]
}
WRONG = {
    checks.add: [
        (lambda a, b: a - b, "expected 22, got -18"),
        (lambda a, b: a * b, "expected 22, got 40"),
        (lambda a, b: print(a + b), "end in `return`"),
        (lambda a, b: tf.concat([a, b], axis=0), "expected shape (2,), got (4,)"),
        (lambda a, b: tf.reduce_sum(a + b), "expected shape (2,), got ()"),
        (lambda a, b: a, "expected 22, got 2"),
        (lambda a, b: a + a, "expected 22, got 4"),
        (lambda a, b: [11.0, 22.0], "expected shape (2, 1), got (2,)"),
        (lambda a, b: [a, b], "expected shape (2,), got (2, 2)"),
        (lambda a, b: [a[0] + b[0], a[1] + b[1]], "raised"),
        (lambda a, b: "a + b", "expected numbers"),
        (lambda a: a, "TypeError"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG
