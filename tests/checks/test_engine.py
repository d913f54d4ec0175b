"""The engine of the checks and the record of progress."""

import functools
import inspect
import json
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from workshop.checks import CheckFailed, expect
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.checks.outcome import Outcome
from workshop.course import progress


@pytest.fixture(autouse=True)
def record_file(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKSHOP_STRICT", raising=False)
    path = tmp_path / "state" / "progress.json"
    monkeypatch.setenv("WORKSHOP_PROGRESS", str(path))
    return path


@exercise("9-1")
def double(answer):
    """Check that a function doubles."""
    compare(answer(np.array([1.0, 2.0])), [2, 4], what="double([1, 2])")
    return "Twice."


def untouched(x): ...


def untouched_with_docstring(x):
    """Double x."""
    ...


def untouched_in_two_lines(x):
    ...
    ...  # x twice


def untouched_with_defaults(x, y=2, *others, z: int = 3, **named) -> int:
    pass


async def untouched_async(x): ...


async def untouched_async_with_docstring(x):
    """Double x."""


def wrapped(function):
    @functools.wraps(function)
    def wrapper(*given):
        return function(*given)

    return wrapper


class Untouched:
    """Doubles."""

    def method(self, x): ...

    @staticmethod
    def without_self(x): ...

    @classmethod
    def of_class(cls, x): ...

    @property
    def twice(self): ...


class UntouchedButInit:
    def __init__(self, x):
        self.x = x

    def double(self): ...


class UntouchedMapping(dict): ...


PLACEHOLDERS = [
    ...,
    [1, ...],
    {"a": ...},
    {"a": [untouched]},
    untouched,
    untouched_with_docstring,
    untouched_in_two_lines,
    untouched_with_defaults,
    untouched_async,
    untouched_async_with_docstring,
    wrapped(untouched),
    wrapped(wrapped(untouched_with_docstring)),
    functools.cache(untouched),
    functools.partial(untouched_with_defaults, y=3),
    Untouched().method,
    Untouched.without_self,
    Untouched().of_class,
    Untouched,
    UntouchedButInit,
    UntouchedMapping,
]


def test_the_signature_of_a_check_says_that_an_outcome_comes_back():
    @exercise("0-9")
    def judge(answer: int) -> str:
        return f"{answer} is right."

    assert str(inspect.signature(judge)) == "(answer: int) -> workshop.checks.outcome.Outcome"


@pytest.mark.parametrize("answer", PLACEHOLDERS, ids=lambda a: getattr(a, "__qualname__", str(a)))
def test_placeholder_is_not_attempted(answer):
    assert double(answer).status == "not attempted"


def gives_text(x):
    return "Double x."


def gives_text_with_docstring(x):
    """Double x."""
    return "Double x."


def gives_another_text_with_docstring(x):
    """Double x."""
    return "Twice."


def gives_five(x):
    return 5


def gives_ellipsis(x):
    return ...


def generates(x):
    yield


async def gives_five_async(x):
    return 5


def raises(x):
    return x / undefined_name  # noqa: F821


def keeps_to_itself(x):
    y = 2 * x  # noqa: F841


class Half:
    def first(self): ...

    def second(self):
        return 2


class Borrowed(Untouched):
    method = raises


class Attributes(dict):
    factor = 2


WRITTEN = [
    gives_text,
    gives_text_with_docstring,
    gives_another_text_with_docstring,
    gives_five,
    gives_ellipsis,
    generates,
    gives_five_async,
    raises,
    keeps_to_itself,
    lambda x: None,
    wrapped(gives_five),
    functools.partial(gives_five, 1),
    Half,
    Half().second,
    Borrowed,
    Attributes,
    UntouchedButInit(2),
    None,
    0,
    "...",
    len,
    int,
    object,
    [],
]


@pytest.mark.parametrize("answer", WRITTEN, ids=lambda a: getattr(a, "__qualname__", str(a)))
def test_what_is_written_is_attempted(answer):
    assert exercise("0-9")(lambda answer: "Seen.")(answer).passed


def test_not_attempted_leaves_no_record(record_file):
    double(...)
    assert not record_file.exists()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x: x, "index (1,): 2 came, 4 was expected (2 of 2 values are off)"),
        (lambda x: 2 * x.sum(), "the shape () came, (2,) was expected"),
        (lambda x: None, "return"),
        (lambda x: "four", "numbers are needed"),
        (lambda x: 2 * x * np.nan, "nan came"),
        (raises, "NameError: name 'undefined_name' is not defined\nat line"),
        ([2, 4], "could not use what you gave it (list)"),
    ],
)
def test_wrong_answer_shows_the_distance(answer, says):
    outcome = double(answer)
    assert outcome.status == "not yet"
    assert says in outcome.message


def test_of_values_that_are_equally_far_the_first_is_shown():
    @exercise("0-9")
    def zeros(answer):
        compare(answer, np.zeros(5), what="zeros(5)")

    for far in (1.0, np.inf):
        for last in (1.0, 1 + 2**-52, 1 - 2**-53):
            message = zeros(np.array([0, far, far * last, far, -far])).message
            assert f"index (1,): {far:g} came, 0 was expected (4 of 5" in message
    assert "index (3,): -2 came" in zeros(np.array([0, 1, 1, -2, 1])).message


def test_right_answer_passes_and_is_recorded():
    assert double(lambda x: x + x).passed
    assert progress.read()["9-1"]["status"] == "passed"


def test_passed_stays_passed():
    double(lambda x: x + x)
    double(lambda x: x)
    assert progress.read()["9-1"]["status"] == "passed"


def test_strict_raises(monkeypatch):
    monkeypatch.setenv("WORKSHOP_STRICT", "1")
    assert double(lambda x: 2 * x).passed
    with pytest.raises(CheckFailed, match="not attempted"):
        double(...)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"exercises": 3}', "\x00\x01"])
def test_damaged_record_is_kept_aside(record_file, text):
    record_file.parent.mkdir()
    record_file.write_text(text)
    assert progress.read() == {}
    assert double(lambda x: 2 * x).passed
    assert progress.read()["9-1"]["status"] == "passed"
    assert record_file.with_suffix(".damaged").read_text() == text


def test_older_record_is_read_as_far_as_it_goes(record_file):
    record_file.parent.mkdir()
    older = {"exercises": {"1-1": {"status": "passed"}, "1-2": True, "1-3": {"status": "odd"}}}
    record_file.write_text(json.dumps(older))
    assert progress.read() == {"1-1": {"status": "passed", "time": ""}}


def test_record_that_cannot_be_written_does_not_stop_the_check(record_file):
    record_file.parent.write_text("a file where the folder should be")
    outcome = double(lambda x: 2 * x)
    assert outcome.passed
    assert "progress was not saved" in outcome.message


def test_two_kernels_that_record_at_once_leave_a_whole_file(record_file):
    code = textwrap.dedent("""
        from workshop.course.progress import record
        for k in range(100):
            assert record(f"8-{k}", "passed") is None
    """)
    workers = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    for worker in workers:
        assert worker.wait(60) == 0
    assert progress.read()["8-99"]["status"] == "passed"
    assert [path.name for path in record_file.parent.iterdir()] == ["progress.json"]


def test_html_is_escaped_and_says_the_status_in_words():
    shown = Outcome("2-1", "not yet", "x < y")._repr_html_()
    assert "x &lt; y" in shown
    assert "not yet" in shown


def test_not_yet_carries_the_message():
    @exercise("9-2")
    def check(answer):
        not_yet("look at the sign")

    assert check(1) == Outcome("9-2", "not yet", "look at the sign")


@exercise("0-9")
def why(answer):
    """Check that a reason is given."""
    reason(answer, "Say why")


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
        ("It is fast.", "Say why, in 8 words or more: 'It is fast.' has 3 words."),
        ("Because.", "'Because.' has 1 word."),
        ("", "'' has 0 words"),
        (" \n\t\u3000 ", "has 0 words"),
        ("- -- ... ! ? : ; , /", "has 0 words"),
        ("。、，！？…・「」", "has 0 words"),
        ("🚀 🚀 🚀 🚀 🚀 🚀 🚀 🚀", "has 0 words"),
        ("因为它快。", "has 2 words"),
        ("因为一张卡就够了，不用分开它们", "has 7 words"),
        ("速いからです。", "has 3 words"),
        ("เพราะเร็ว", "has 4 words"),
        ("我们用 GPU 训练", "has 3 words"),
        ("Supercalifragilisticexpialidocious" * 9, "has 1 word"),
        ("...", "has 0 words"),
        (None, "a text is needed, not NoneType"),
        (7, "a text is needed, not int"),
        (["It", "is", "fast"], "a text is needed, not list"),
        (b"I would change my mind if it failed.", "a text is needed, not bytes"),
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
        reason(answer, "Say why", least=9)

    assert not longer("I would change my mind if it failed.").passed
    assert longer("I would change my mind if it failed twice.").passed


def test_a_reason_that_is_to_be_written_is_not_attempted():
    assert why(...).status == "not attempted"


def test_expect_says_the_range_of_the_data(capsys):
    expect("accuracy", 0.92, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=55_000)
    expect("accuracy", 0.85, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=4_000)
    expect("accuracy", 0.5, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=4_000)
    said = capsys.readouterr().out
    assert "accuracy: 0.92 (expect 0.91-0.93 on the full data)" in said
    assert "accuracy: 0.85 (expect 0.8-0.9 on the packaged sample)" in said
    assert "outside" in said


@pytest.mark.parametrize(
    "value", [0.91, 0.93, np.float32(0.91), np.float32(0.93), float(np.float32(0.93))]
)
def test_the_ends_of_a_range_belong_to_it_in_every_precision(value, capsys):
    expect("accuracy", value, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=55_000)
    assert "outside" not in capsys.readouterr().out


@pytest.mark.parametrize("value", [0.9099, 0.9301, float("nan"), float("inf")])
def test_beyond_the_ends_of_a_range_is_outside(value, capsys):
    expect("accuracy", value, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=55_000)
    assert "outside" in capsys.readouterr().out


def test_expect_is_strict_where_asked(monkeypatch):
    monkeypatch.setenv("WORKSHOP_STRICT", "1")
    with pytest.raises(CheckFailed, match=r"0\.5 .*outside"):
        expect("accuracy", 0.5, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=55_000)
