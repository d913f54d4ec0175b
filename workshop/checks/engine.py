"""How a check runs: the three outcomes, the learner's own exceptions, comparing with an oracle."""

import functools
import inspect
import linecache
import os
import re
import sysconfig
import traceback
from collections.abc import Callable
from opcode import opmap
from pathlib import Path
from types import CodeType
from typing import NoReturn

import numpy as np

from workshop.checks.outcome import Outcome
from workshop.course import progress

SHOW_SOLUTION = "Fill in the `...` of the cell above, run it, then run this cell again."
# Where tf.function, functools.wraps, a method, functools.partial and a property keep the function.
WRAPPED = ("python_function", "__wrapped__", "__func__", "func", "fget")
MOST_WRAPPERS = 20
# Thai, Lao, Tibetan; Burmese; Khmer; Japanese and Chinese, which put no spaces between words.
UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
# Frames of a traceback in these places are not the learner's.
NOT_THEIRS = (
    str(Path(__file__).parent),
    sysconfig.get_path("stdlib"),
    sysconfig.get_path("purelib"),
    sysconfig.get_path("platlib"),
    "<frozen",
)


class CheckFailed(AssertionError):
    """A check did not pass while `WORKSHOP_STRICT=1` asked for every answer to be right."""


class _NotYet(Exception):
    """Carries a message from inside a check to its outcome."""


def not_yet(message: str) -> NoReturn:
    """End a check with the outcome "not yet".

    Args:
        message: what came and what is needed, in words to think on; not the answer.

    Raises:
        Exception: always; `exercise` turns it into an `Outcome`.

    Example:
        >>> @exercise("0-9")
        ... def positive(answer):
        ...     if answer < 0:
        ...         not_yet(f"{answer} is below zero.")
        >>> positive(-2)
        ✗ exercise 0-9: not yet
          -2 is below zero.
    """
    raise _NotYet(message)


def exercise(number: str) -> Callable[[Callable], Callable[..., Outcome]]:
    """Turn a function that judges answers into a check.

    The check calls the function with the learner's objects. A placeholder (`...`, or a function
    whose body is only `...`) is "not attempted"; `not_yet` and an exception of the learner's code
    are "not yet"; returning is "passed", with the returned sentence. The outcome is written to
    the record of progress.

    Args:
        number: lesson and number of the exercise, such as `"2-1"`.

    Returns:
        A decorator. The decorated check returns an `Outcome` and never raises an `Exception`,
        unless `WORKSHOP_STRICT=1`.

    Raises:
        CheckFailed: from the check, where `WORKSHOP_STRICT=1` and the outcome is not "passed".

    Example:
        >>> @exercise("0-9")
        ... def double(answer):
        ...     compare(answer(4), 8, what="double(4)")
        ...     return "Twice is right."
        >>> double(lambda x: 2 * x)
        ✓ exercise 0-9: passed
          Twice is right.
        >>> double(...).status
        'not attempted'
    """

    def decorate(judge: Callable[..., str | None]) -> Callable[..., Outcome]:
        @functools.wraps(judge)
        def check(*answers: object) -> Outcome:
            outcome = Outcome(number, *_run(judge, answers))
            if problem := progress.record(outcome.exercise, outcome.status):
                outcome = Outcome(number, outcome.status, f"{outcome.message}\n({problem})")
            if os.environ.get("WORKSHOP_STRICT") == "1" and not outcome.passed:
                raise CheckFailed(str(outcome))
            return outcome

        check.exercise = number
        # What Shift+Tab shows: not what the judge gives, but what comes of it.
        check.__signature__ = inspect.signature(judge).replace(return_annotation=Outcome)
        return check

    return decorate


def compare(
    came: object, expected: object, *, what: str, rtol: float = 1e-4, atol: float = 1e-5
) -> None:
    """Compare a result of the learner with an oracle and show the distance.

    Args:
        came: what the learner's code gave: a number, array, tensor or nested list.
        expected: the oracle's result, likewise.
        what: names the result and the input, such as `"softmax([1, 2, 3])"`.
        rtol: relative tolerance, as in `numpy.isclose`.
        atol: absolute tolerance, as in `numpy.isclose`.

    Raises:
        Exception: one that `exercise` turns into "not yet", where shape or values differ.

    Example:
        >>> compare([1.0, 2.0], [1, 2], what="f(1)")
    """
    if came is None:
        not_yet(f"{what} gave None. Does every path of your function end in `return`?")
    if came is ...:
        not_yet(f"{what} gave `...`: a placeholder is left in your code.")
    try:
        got, want = np.asarray(came, dtype=float), np.asarray(expected, dtype=float)
    except (TypeError, ValueError):
        not_yet(f"{what} gave {came!r} ({type(came).__name__}); numbers are needed.")
    if got.shape != want.shape:
        not_yet(f"{what}: the shape {got.shape} came, {want.shape} was expected.")
    close = np.isclose(got, want, rtol=rtol, atol=atol)
    if close.all():
        return
    off = np.where(close, -1, np.where(np.isnan(got), np.inf, np.abs(got - want)))
    # The first of those that are equally far: the last bit would choose another on each machine.
    worst = np.unravel_index(np.argmax(off >= off.max() * (1 - 1e-6)), got.shape)
    where = f" at index {tuple(int(i) for i in worst)}" if got.shape else ""
    count = f" ({(~close).sum()} of {got.size} values are off)" if got.size > 1 else ""
    not_yet(f"{what}{where}: {got[worst]:.6g} came, {want[worst]:.6g} was expected{count}.")


def reason(text: object, what: str, *, least: int = 8) -> None:
    """Ask for a reason, or a claim, in so many words of any language.

    What it says is the learner's. In scripts that put no spaces between words (Chinese, Japanese,
    Thai and their like) every two characters count as a word.

    Args:
        text: what the learner wrote.
        what: what is to be said, as a request: "Now say in `mind` what would change it".
        least: how many words at least.

    Raises:
        Exception: one that `exercise` turns into "not yet", where it is no text or a shorter one.

    Example:
        >>> reason("I'd take the other one if it were twice as fast.", "Say why")
        >>> reason("如果另一种方法快一倍我就会改变主意。", "Say why")
    """
    if not isinstance(text, str):
        not_yet(f"{what}, in {least} words or more: a text is needed, not {type(text).__name__}.")
    unspaced = sum(character.isalnum() for character in UNSPACED.findall(text))
    spaced = sum(any(map(str.isalnum, part)) for part in UNSPACED.sub(" ", text).split())
    if (count := spaced + unspaced // 2) < least:
        has = f"{text!r:.80} has {count} word{'' if count == 1 else 's'}"
        not_yet(f"{what}, in {least} words or more: {has}.")


def _run(judge: Callable[..., str | None], answers: tuple) -> tuple[str, str]:
    if any(_is_placeholder(answer) for answer in answers):
        return "not attempted", SHOW_SOLUTION
    try:
        return "passed", judge(*answers) or "Right."
    except _NotYet as said:
        return "not yet", str(said)
    except Exception as error:  # noqa: BLE001 - the learner's code
        return "not yet", _explain(error, judge, answers)


def _is_placeholder(answer: object) -> bool:
    """Whether the learner has not written anything yet."""
    if isinstance(answer, dict):
        return any(_is_placeholder(value) for value in answer.values())
    if isinstance(answer, list | tuple):
        return any(_is_placeholder(value) for value in answer)
    if isinstance(answer, type):
        return _is_empty(answer)
    return answer is ... or _does_nothing(answer)


def _is_empty(kind: type) -> bool:
    """Whether no method of a class is written, but perhaps `__init__`."""
    own = vars(kind)
    methods = [n for n, value in own.items() if inspect.isroutine(value) or hasattr(value, "fget")]
    if not methods:  # attributes alone can be an answer as well
        return all(name.startswith("_") for name in own)
    return all(
        _does_nothing(own[name]) for name in methods if name != "__init__" or len(methods) < 2
    )


def _does_nothing(answer: object) -> bool:
    """Whether a function, below all that wraps it, is compiled like one whose body is `...`."""
    for _ in range(MOST_WRAPPERS):
        answer = next((getattr(answer, n) for n in WRAPPED if hasattr(answer, n)), answer)
    if not inspect.isfunction(answer) or answer.__name__ == "<lambda>":
        return False
    code = answer.__code__
    return any(
        _steps(code) == _steps(other) and code.co_consts[other.co_consts.index(None)] is None
        for other in (function.__code__ for function in PLACEHOLDERS)
    )


def _steps(code: CodeType) -> list[tuple[int, int]]:
    """Give the compiled steps, without those that only mark a line."""
    steps = zip(code.co_code[::2], code.co_code[1::2], strict=True)
    return [step for step in steps if step[0] != opmap["NOP"]]


# What an untouched cell holds; where there is a docstring, `None` is another of its constants.
def _untouched(): ...


def _untouched_with_docstring():
    """Say what is to be done."""


async def _untouched_async(): ...


async def _untouched_async_with_docstring():
    """Say what is to be done."""


PLACEHOLDERS = (
    _untouched,
    _untouched_with_docstring,
    _untouched_async,
    _untouched_async_with_docstring,
)


def _explain(error: Exception, judge: Callable, answers: tuple) -> str:
    """Say what the learner's code raised, and at which of its lines."""
    said = f"{type(error).__name__}: {str(error).strip()}"[:800]
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        code = frame.f_code
        if code is judge.__code__ or code.co_filename.startswith(NOT_THEIRS):
            continue
        line = linecache.getline(code.co_filename, number).strip()
        return f"Your code raised {said}\nat line {number} of its cell: {line}"
    kinds = ", ".join(type(answer).__name__ for answer in answers)
    return f"The check could not use what you gave it ({kinds}).\n{said}"
