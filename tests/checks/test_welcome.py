"""Right and wrong answers to the exercise of lesson 00."""

import pytest

from workshop.checks import welcome as checks

tf = pytest.importorskip("tensorflow")


@pytest.mark.parametrize("answer", [lambda a, b: a + b, tf.add, lambda a, b: sum([a, b])])
def test_right_answers_pass(answer):
    assert checks.add(answer).passed


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda a, b: a - b, "18 came, 22 was expected"),
        (lambda a, b: print(a + b), "return"),
        (lambda a, b: tf.concat([a, b], axis=0), "the shape (4,) came, (2,) was expected"),
        (lambda a: a, "TypeError"),
    ],
)
def test_wrong_answers_are_told_the_distance(answer, says):
    outcome = checks.add(answer)
    assert outcome.status == "not yet"
    assert says in outcome.message
