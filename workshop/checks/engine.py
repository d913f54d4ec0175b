"""How a check runs: the three outcomes, the learner's own exceptions, comparing with an oracle."""

import functools
import inspect
import os
import re
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from workshop.checks.isolation import copied, isolated, usual_settings
from workshop.checks.outcome import Outcome
from workshop.checks.placeholder import is_placeholder, stopped
from workshop.checks.raised import explain
from workshop.checks.solution import solution_of
from workshop.classroom import membership
from workshop.course import progress
from workshop.messages import say

# Thai, Lao, Tibetan; Burmese; Khmer; Japanese and Chinese, which put no spaces between words.
UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)


class CheckFailed(AssertionError):
    """A check did not pass while `WORKSHOP_STRICT=1` asked for every answer to be right."""


class _NotYet(Exception):
    """Carries a message from inside a check to its outcome."""


def not_yet(message: str, **fields: object) -> NoReturn:
    """End a check with the outcome "not yet".

    Args:
        message: what was expected and what came, in words to think on; not the answer. A literal
            with named fields, for `say`.
        **fields: what stands in the fields.

    Raises:
        Exception: always; `exercise` turns it into an `Outcome`.

    Example:
        >>> @exercise("0-9")
        ... def positive(answer):
        ...     if answer < 0:
        ...         not_yet("Expected a number above zero, got {answer}.", answer=answer)
        >>> positive(-2)
        ✗ exercise 0-9: not yet
          Expected a number above zero, got -2.
    """
    raise _NotYet(say(message, **fields))


def exercise(
    number: str, *, sees_changes: bool = False
) -> Callable[[Callable], Callable[..., Outcome]]:
    """Turn a function that judges answers into a check.

    The check calls the function with the learner's objects; a function among them gets copies of
    what it is called with, so that it may work in place. A placeholder (`...`, or a function
    whose body is only `...`) is "not attempted"; `not_yet` and an exception of the learner's code
    are "not yet"; returning is "passed", with the returned sentence. The outcome is written to
    the record of progress.

    Args:
        number: lesson and number of the exercise, such as `"2-1"`.
        sees_changes: the learner's function gets what the judge hands out, and not copies, where
            the exercise is to leave it as it is.

    Returns:
        A decorator. The decorated check returns an `Outcome` and never raises an `Exception`,
        unless `WORKSHOP_STRICT=1`. Its `solution()` shows the text that fills the exercise's cell.

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
            outcome, is_verdict = _run(number, judge, answers, sees_changes)
            problem = progress.record(number, outcome.status)
            if membership.tell(number) and is_verdict:
                return _held(number, problem)
            beside = progress.standing(number) if outcome.passed else stopped()
            beside = f"({problem})" if problem else beside
            outcome = Outcome(number, outcome.status, f"{outcome.message}\n{beside or ''}".strip())
            if os.environ.get("WORKSHOP_STRICT") == "1" and not outcome.passed:
                raise CheckFailed(str(outcome))
            return outcome

        # What Shift+Tab shows: not what the judge gives, but what comes of it.
        signature = inspect.signature(judge).replace(return_annotation=Outcome)
        vars(check).update(exercise=number, __signature__=signature)
        vars(check)["solution"] = functools.partial(solution_of, number)
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
        not_yet("{what} gave None. Does every path of your function end in `return`?", what=what)
    if came is ...:
        not_yet("{what} gave `...`: a placeholder is left in your code.", what=what)
    try:
        # NumPy would read a number out of a text; adding to one is an error.
        got = np.asarray(np.asarray(came) + 0.0, dtype=float)
        want = np.asarray(expected, dtype=float)
    except (TypeError, ValueError):
        got, kind = " ".join(repr(came).split()), type(came).__name__
        got = f"{got:.77}..." if len(got) > 80 else got
        not_yet("{what}: expected numbers, got {got} ({kind}).", what=what, got=got, kind=kind)
    if got.shape != want.shape:
        not_yet(
            "{what}: expected shape {expected}, got {got}.",
            **{"what": what, "expected": want.shape, "got": got.shape},
        )
    close = np.isclose(got, want, rtol=rtol, atol=atol)
    if close.all():
        return
    off = np.where(close, -1, np.where(np.isnan(got), np.inf, np.abs(got - want)))
    # The first of those that are equally far: the last bit would choose another on each machine.
    worst = np.unravel_index(np.argmax(off >= off.max() * (1 - 1e-6)), got.shape)
    fields = {"what": what, "expected": want[worst], "got": got[worst]}
    if not got.shape:
        not_yet("{what}: expected {expected:.6g}, got {got:.6g}.", **fields)
    not_yet(
        "{what} at index {index}: expected {expected:.6g}, got {got:.6g} ({off} of {size} values "
        "are off).",
        **fields,
        **{"index": tuple(int(i) for i in worst), "off": (~close).sum(), "size": got.size},
    )


def keras_model(answer: object) -> None:
    """Ask for a Keras model.

    Args:
        answer: what the learner gave.

    Raises:
        Exception: one that `exercise` turns into "not yet", where it can't predict.
    """
    if isinstance(answer, type):
        not_yet("Expected a Keras model, got the class {name} itself.", name=answer.__name__)
    if not callable(getattr(answer, "predict", None)):
        not_yet("Expected a Keras model, got {kind}.", kind=type(answer).__name__)


def scores_of(answer: Any, images: np.ndarray, *, classes: int = 10) -> np.ndarray:
    """Let the learner's model predict, and look at the shape of what it gives.

    Args:
        answer: what the learner gave.
        images: inputs of the model, `(n, ...)`.
        classes: how many numbers each prediction has.

    Returns:
        Logits or probabilities `(n, classes)`.

    Raises:
        Exception: one that `exercise` turns into "not yet", where it is no Keras model or the
            shape is another.
    """
    keras_model(answer)
    try:
        scores = np.asarray(answer.predict(copied(images), verbose=0))
    except ValueError:
        given, taken = np.shape(images)[1:], getattr(answer, "input_shape", None)
        if not isinstance(taken, tuple) or taken[1:] in (given, (*given, 1)):
            raise
        fields = {"expected": given, "got": taken[1:]}
        not_yet("Expected a model of inputs of shape {expected}, got one of {got}.", **fields)
    if scores.shape != (wanted := (len(images), classes)):
        fields = {"count": len(images), "expected": wanted, "got": scores.shape}
        not_yet("For {count} images: expected shape {expected}, got {got}.", **fields)
    return scores


def accuracy(scores: np.ndarray, labels: np.ndarray) -> float:
    """Give the share of rows whose largest score stands at the label.

    Args:
        scores: logits or probabilities `(n, classes)`.
        labels: classes `(n,)`.

    Returns:
        From 0 to 1.

    Example:
        >>> accuracy(np.array([[0.1, 0.9], [0.6, 0.4]]), np.array([1, 1]))
        0.5
    """
    return float(np.mean(np.argmax(scores, axis=1) == labels))


def reason(text: object, request: str, *, least: int = 8, **fields: object) -> None:
    """Ask for a reason, or a claim, in so many words of any language.

    What it says is the learner's. In scripts that put no spaces between words (Chinese, Japanese,
    Thai and their like) every two characters count as a word. Half as many have to be different
    words of more than a letter.

    Args:
        text: what the learner wrote.
        request: what is to be said, a sentence: "Now say in `mind` what would change it."
        least: how many words at least.
        **fields: what stands in the fields of the request.

    Raises:
        Exception: one that `exercise` turns into "not yet", where it is no text or a shorter one.

    Example:
        >>> reason("I'd take the other one if it were twice as fast.", "Say why.")
        >>> reason("如果另一种方法快一倍我就会改变主意。", "Say why.")
    """
    request = say(request, **fields)
    if not isinstance(text, str):
        not_yet(
            "{request} Expected a text of {least} words or more, got {kind}.",
            **{"request": request, "least": least, "kind": type(text).__name__},
        )
    signs = [sign for sign in UNSPACED.findall(text.casefold()) if sign.isalnum()]
    parts = UNSPACED.sub(" ", text.casefold()).split()
    words = [part for part in parts if any(map(str.isalnum, part))]
    fields = {"request": request, "least": least, "text": f"{text!r:.80}"}
    if (count := len(words) + len(signs) // 2) < least:
        not_yet(
            "{request} Expected {least} words or more, got {count}: {text}", **fields, count=count
        )
    if len({word for word in words if len(word) > 1}) + len(set(signs)) // 2 < least // 2:
        not_yet("{request} Expected a sentence, got {text}", **fields)


def _run(
    number: str, judge: Callable[..., Any], answers: tuple, sees_changes: bool
) -> tuple[Outcome, bool]:
    """Give the outcome, and whether it judges an answer: code that raised gave none."""
    if any(is_placeholder(answer) for answer in answers):
        empty = say("Fill in the `...` of the cell above, run it, then run this cell again.")
        return Outcome(number, "not attempted", empty), False
    try:
        judged = answers if sees_changes else map(isolated, answers)
        with usual_settings():
            return Outcome(number, "passed", judge(*judged) or say("Right.")), True
    except _NotYet as said:
        return Outcome(number, "not yet", str(said)), True
    except Exception as error:  # noqa: BLE001 - the learner's code
        return Outcome(number, "not yet", explain(error, judge, answers)), False


def _held(number: str, problem: str | None) -> Outcome:
    """Give the outcome of a learner of a class whose instructor opens the verdicts later."""
    said = say("Your answer is recorded; the room opens it together. Then run this cell again.")
    return Outcome(number, "recorded", f"{said}\n({problem})" if problem else said)
