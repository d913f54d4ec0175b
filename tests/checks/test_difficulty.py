"""Each exercise has its difficulty."""

import pytest

from workshop.checks.difficulty import BY_LESSON, DIFFICULTY, what_to_expect
from workshop.course import lessons


def test_every_exercise_of_every_lesson_is_there_once():
    numbers = {path.stem.partition("_")[0]: lessons.exercises(path) for path in lessons.paths()}
    assert {lesson: list(levels) for lesson, levels in BY_LESSON.items()} == numbers
    assert len(DIFFICULTY) == sum(map(len, numbers.values()))
    assert set(DIFFICULTY.values()) == {1, 2, 3}


@pytest.mark.parametrize(
    ("number", "words"), [("0-1", "Nearly everyone"), ("2-1", "half"), ("2-7", "Most")]
)
def test_a_learner_is_told_in_words(number, words):
    assert words in what_to_expect(number)


def test_of_an_exercise_of_somebody_else_nothing_is_said():
    assert what_to_expect("99-1") == ""
