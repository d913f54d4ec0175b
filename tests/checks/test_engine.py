"""How a check runs: its outcomes, the distance that it shows, what it asks of a reason."""

import inspect

import numpy as np
import pytest

from workshop.checks import CheckFailed
from workshop.checks.engine import accuracy, compare, exercise, not_yet, reason, scores_of
from workshop.checks.outcome import Outcome
from workshop.classroom import membership
from workshop.course import progress

pytestmark = pytest.mark.usefixtures("record_file")


@exercise("0-9")
def double(answer):
    """Check that a function doubles."""
    compare(answer(np.array([1.0, 2.0])), [2, 4], what="double([1, 2])")
    return "Twice."


def raises(x):
    return x / undefined_name  # noqa: F821


def test_the_signature_of_a_check_says_that_an_outcome_comes_back():
    @exercise("0-9")
    def judge(answer: int) -> str:
        return f"{answer} is right."

    assert str(inspect.signature(judge)) == "(answer: int) -> workshop.checks.outcome.Outcome"


def test_not_attempted_leaves_no_record(record_file):
    double(...)
    assert not record_file.exists()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x: x, "double([1, 2]) at index (1,): expected 4, got 2 (2 of 2 values are off)."),
        (lambda x: 2 * x.sum(), "double([1, 2]): expected shape (2,), got ()."),
        (
            lambda x: None,
            "double([1, 2]) gave None. Does every path of your function end in `return`?",
        ),
        (lambda x: ..., "double([1, 2]) gave `...`: a placeholder is left"),
        (lambda x: "four", "double([1, 2]): expected numbers, got 'four' (str)."),
        (lambda x: 2 * x * np.nan, "expected 2, got nan"),
        (raises, "NameError: name 'undefined_name' is not defined\nat line"),
        ([2, 4], "could not use what it got (list)"),
    ],
)
def test_wrong_answer_shows_the_distance(answer, says):
    outcome = double(answer)
    assert outcome.status == "not yet"
    assert says in outcome.message


def test_one_number_is_compared_without_an_index():
    @exercise("0-9")
    def three(answer):
        compare(answer, 3, what="three()")

    assert three(2).message == "three(): expected 3, got 2."


@pytest.mark.parametrize("answer", ["3", b"3", np.str_("3"), np.array("3"), [["3"]]])
def test_a_text_of_digits_is_no_number(answer):
    @exercise("0-9")
    def three(answer):
        compare(answer, 3, what="three()")

    assert "three(): expected numbers, got" in three(answer).message


def test_of_values_that_are_equally_far_the_first_is_shown():
    @exercise("0-9")
    def zeros(answer):
        compare(answer, np.zeros(5), what="zeros(5)")

    for far in (1.0, np.inf):
        for last in (1.0, 1 + 2**-52, 1 - 2**-53):
            message = zeros(np.array([0, far, far * last, far, -far])).message
            assert f"index (1,): expected 0, got {far:g} (4 of 5" in message
    assert "index (3,): expected 0, got -2" in zeros(np.array([0, 1, 1, -2, 1])).message


def test_right_answer_passes_and_is_recorded():
    assert double(lambda x: x + x).passed
    assert progress.read()["0-9"]["status"] == "passed"


def test_strict_raises(monkeypatch):
    monkeypatch.setenv("WORKSHOP_STRICT", "1")
    assert double(lambda x: 2 * x).passed
    with pytest.raises(CheckFailed, match="not attempted"):
        double(...)


def test_not_yet_carries_the_message():
    @exercise("9-2")
    def check(answer):
        not_yet("Look at the sign of {answer:.2f}.", answer=answer)

    assert check(1) == Outcome("9-2", "not yet", "Look at the sign of 1.00.")


class Guesser:
    """Stands for a model that gives what it has."""

    def __init__(self, scores):
        self.scores = scores

    def predict(self, images, verbose):
        return self.scores


@exercise("0-9")
def reads(answer):
    """Check that a model reads three images of two classes."""
    share = accuracy(scores_of(answer, np.zeros((3, 28, 28)), classes=2), np.array([1, 0, 1]))
    compare(share, 2 / 3, what="accuracy")


def test_a_model_is_judged_by_its_scores():
    assert reads(Guesser([[0.1, 0.9], [2, 1], [7, -7]])).passed
    assert reads(Guesser(np.eye(2)[[1, 0, 1]])).message == "accuracy: expected 0.666667, got 1."


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Guesser(np.ones((3, 10))), "For 3 images: expected shape (3, 2), got (3, 10)."),
        (Guesser(np.ones(3)), "For 3 images: expected shape (3, 2), got (3,)."),
        (Guesser(None), "For 3 images: expected shape (3, 2), got ()."),
        ({"accuracy": 0.99}, "Expected a Keras model, got dict."),
        (None, "Expected a Keras model, got NoneType."),
    ],
)
def test_what_is_no_model_of_these_images_is_told_so(answer, says):
    assert reads(answer) == Outcome("0-9", "not yet", says)


@exercise("0-9")
def why(answer):
    """Check that a reason is given."""
    reason(answer, "Say why.")


@pytest.mark.parametrize(
    "text",
    [
        "I would change my mind if it failed.",
        "it's 2.5x as fast, isn't it: 40 -> 16 ms",
        "如果另一种方法快一倍，我就会改变主意。",
        "もう一つの方法が二倍速ければ、考えを変えます。",
        "ถ้าอีกวิธีหนึ่งเร็วกว่าสองเท่า ฉันจะเปลี่ยนใจ",
        "우리 모델은 작아서 한 장의 카드에 모두 들어가기 때문에",
        "ខ្ញុំនឹងផ្លាស់ប្តូរគំនិត ប្រសិនបើវាយឺតជាង",
        "用 GPU 训练 batch size 大的模型会更快",  # 3 words in letters, 10 characters
        "\u3000".join("因为模型小，一张卡就够了，不用分开它"),
    ],
)
def test_a_sentence_of_any_language_is_a_reason(text):
    assert why(text).passed, why(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("It is fast.", "Say why. Expected 8 words or more, got 3: 'It is fast.'"),
        ("Because.", "got 1: 'Because.'"),
        ("", "got 0: ''"),
        (" \n\t\u3000 ", "8 words or more, got 0:"),
        ("- -- ... ! ? : ; , /", "8 words or more, got 0:"),
        ("。、，！？…・「」", "8 words or more, got 0:"),
        ("🚀 🚀 🚀 🚀 🚀 🚀 🚀 🚀", "8 words or more, got 0:"),
        ("因为它快。", "8 words or more, got 2:"),
        ("因为一张卡就够了，不用分开它们", "8 words or more, got 7:"),
        ("速いからです。", "8 words or more, got 3:"),
        ("เพราะเร็ว", "8 words or more, got 4:"),
        ("我们用 GPU 训练", "8 words or more, got 3:"),
        ("Supercalifragilisticexpialidocious" * 9, "8 words or more, got 1:"),
        ("a b c d e f g h", "Expected a sentence, got 'a b c d e f g h'"),
        ("word " * 8, "Expected a sentence, got 'word word"),
        ("1 2 3 4 5 6 7 8 9", "Expected a sentence, got '1 2 3"),
        ("...", "8 words or more, got 0:"),
        ("a b c d e f g h", "Say why. Expected a sentence, got 'a b c d e f g h'"),
        ("yes " * 8, "Expected a sentence, got 'yes yes yes"),
        ("好" * 20, "Expected a sentence, got '好好好"),
        (None, "Expected a text of 8 words or more, got NoneType."),
        (7, "Expected a text of 8 words or more, got int."),
        (["It", "is", "fast"], "Expected a text of 8 words or more, got list."),
        (b"I would change my mind if it failed.", "Expected a text of 8 words or more, got bytes."),
    ],
)
def test_what_is_no_reason_is_told_how_much_is_needed(text, says):
    outcome = why(text)
    assert outcome.status == "not yet"
    assert says in outcome.message
    assert len(outcome.message) < 200


def test_how_many_words_a_reason_needs_can_be_said():
    @exercise("0-9")
    def longer(answer):
        reason(answer, "Say why.", least=9)

    assert not longer("I would change my mind if it failed.").passed
    assert longer("I would change my mind if it failed twice.").passed


def test_a_reason_that_is_to_be_written_is_not_attempted():
    assert why(...).status == "not attempted"


def test_a_problem_with_the_record_does_not_stop_the_check(record_file):
    record_file.parent.write_text("a file where the folder should be")
    outcome = double(lambda x: 2 * x)
    assert outcome.passed
    assert "progress was not saved" in outcome.message


@pytest.fixture
def held(monkeypatch):
    """A class that the learner joined and that holds its verdicts."""
    monkeypatch.setattr(membership, "tell", lambda number: True)


@pytest.mark.parametrize(("answer", "status"), [(lambda x: 2 * x, "passed"), (abs, "not yet")])
def test_a_class_that_holds_its_verdicts_shows_none_and_records_them(held, answer, status):
    outcome = double(answer)
    assert outcome.status == "recorded"
    assert "the room opens it together" in outcome.message
    assert progress.read()["0-9"]["status"] == status


def test_a_class_that_holds_its_verdicts_shows_what_the_code_raised(held):
    assert "undefined_name" in double(raises).message
    assert double(...).status == "not attempted"


def test_that_a_held_answer_was_not_saved_is_said(held, record_file):
    record_file.parent.write_text("a file")
    assert "progress was not saved" in double(abs).message
