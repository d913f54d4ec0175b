"""Right and wrong answers to the exercise of lesson 00."""

import pytest
from answers import Answers

from workshop.checks import welcome as checks

tf = pytest.importorskip("tensorflow")

RIGHT = {checks.add: [lambda a, b: a + b, tf.add, lambda a, b: sum([a, b])]}
WRONG = {
    checks.add: [
        (lambda a, b: a - b, "expected 22, got -18"),
        (lambda a, b: print(a + b), "end in `return`"),
        (lambda a, b: tf.concat([a, b], axis=0), "expected shape (2,), got (4,)"),
        (lambda a: a, "TypeError"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG
