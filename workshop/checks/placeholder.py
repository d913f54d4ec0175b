"""Whether the learner has written anything yet, and whether it ran: seen from outside."""

import inspect
import sys
from opcode import opmap
from types import CodeType

from workshop.messages import say

# Where tf.function, functools.wraps, a method, functools.partial and a property keep the function.
WRAPPED = ("python_function", "__wrapped__", "__func__", "func", "fget")
MOST_WRAPPERS = 20


def is_placeholder(answer: object) -> bool:
    """Whether the learner has not written anything yet."""
    if isinstance(answer, dict):
        return any(is_placeholder(value) for value in answer.values())
    if isinstance(answer, list | tuple):
        return any(is_placeholder(value) for value in answer)
    if isinstance(answer, type):
        return _is_empty(answer)
    return answer is ... or _does_nothing(answer)


def stopped() -> str:
    """Say that the cell before the check stopped with an error, which names still hold what was."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    result = getattr(shell, "last_execution_result", None)  # while a cell runs, of the one before
    error = getattr(result, "error_before_exec", None) or getattr(result, "error_in_exec", None)
    if error is None:
        return ""
    return say(
        "The cell that ran before this one stopped with {error}. Fix that first: this looks at "
        "what was there before.",
        error=type(error).__name__,
    )


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
