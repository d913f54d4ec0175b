"""What an untouched cell holds, and what is written already."""

import functools
from types import SimpleNamespace

import IPython
import pytest

from workshop.checks.engine import exercise, not_yet
from workshop.checks.placeholder import is_placeholder


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


@pytest.mark.parametrize("answer", PLACEHOLDERS, ids=lambda a: getattr(a, "__qualname__", str(a)))
def test_placeholder_is_not_attempted(answer):
    assert is_placeholder(answer)


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
    assert not is_placeholder(answer)


@exercise("0-9")
def positive(answer):
    if answer < 0:
        not_yet("Expected a number above zero.")


@pytest.fixture
def ran_before(monkeypatch):
    """The result of the cell that ran before the check, as a kernel has it."""
    result = SimpleNamespace(error_before_exec=None, error_in_exec=None)
    shell = SimpleNamespace(last_execution_result=result)
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    return result


@pytest.mark.parametrize("answer", [..., -1])
@pytest.mark.parametrize("when", ["error_before_exec", "error_in_exec"])
def test_a_check_says_that_the_cell_before_it_stopped(answer, when, ran_before):
    usual = positive(answer).message
    assert "stopped" not in usual
    setattr(ran_before, when, SyntaxError("expected ':'"))
    assert positive(answer).message.startswith(
        usual + "\nThe cell that ran before this one stopped"
    )
    assert "stopped with SyntaxError. Fix that first" in positive(answer).message
    assert "stopped" not in positive(1).message
