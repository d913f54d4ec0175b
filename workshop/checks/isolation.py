"""Keeps a check and an answer apart: what one of them changes in place, the other never sees."""

import contextlib
import copy
import functools
import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

# A Keras layer or model, and a tf.function, which make tensors of what they get: nothing in it can
# change. A check may look at more of them than what they return.
AS_THEY_ARE = ("get_weights", "predict", "python_function")


def isolated(answer: Any) -> Any:
    """Let a function of the learner have copies of its own, and hand on copies of what it returns.

    A right answer may work in place, return what it was given, or fill one array again and again.

    Args:
        answer: what the learner gave; if it is called for what it returns, it is wrapped.

    Returns:
        The function wrapped, with its name, text and signature; anything else as it came.

    Example:
        >>> numbers = [3, 1, 2]
        >>> isolated(list.sort)(numbers)
        >>> numbers
        [3, 1, 2]
    """
    if not callable(answer) or isinstance(answer, type):
        return answer
    if any(hasattr(answer, name) for name in AS_THEY_ARE):
        return answer

    @functools.wraps(answer)
    def apart(*given: object, **named: object) -> object:
        given, named = copied((given, named))
        with usual_settings():
            return copied(answer(*given, **named))

    return apart


def copied(value: Any, within: dict[int, Any] | None = None) -> Any:
    """Copy what can be changed in place: arrays, lists, dicts, sets, and those inside them.

    What is handed out to be changed or used up stays the same object: a `tf.Variable`, a model, a
    generator of random numbers, an iterator. Tensors can't change.

    Args:
        value: anything.
        within: copies of what the value is inside of, by the `id` of each, for what holds itself.

    Returns:
        A copy of the same types, or the value itself.

    Example:
        >>> copied({"a": [1, (2, "b")]})
        {'a': [1, (2, 'b')]}
    """
    within = within or {}
    if isinstance(value, tuple) and (type(value) is tuple or hasattr(value, "_make")):
        return getattr(value, "_make", tuple)(copied(part, within) for part in value)
    if not isinstance(value, (np.ndarray, list, dict, set, deque, bytearray)):
        return value
    if id(value) in within:
        return within[id(value)]
    new = copy.copy(value)
    within = {**within, id(value): new}
    for place in _places(value):
        new[place] = copied(value[place], within)
    return new


def _places(value: Any) -> Iterable:
    """Where a container may hold others; numbers, and what can be in a set, hold none."""
    if isinstance(value, dict):
        return list(value)
    if isinstance(value, np.ndarray):
        return np.ndindex(value.shape) if value.dtype == object else ()
    return range(len(value)) if isinstance(value, list | deque) else ()


@contextlib.contextmanager
def usual_settings() -> Iterator[None]:
    """Have the settings that a result depends on as in a new kernel; afterwards as they were.

    The learner may have set them in a cell above, or sets them in the answer.

    Example:
        >>> with usual_settings():
        ...     pass
    """
    before = [(current, change, current()) for current, change, _ in _settings()]
    for current, change, usual in _settings():
        if current() != usual:
            change(usual)
    try:
        yield
    finally:
        for current, change, value in before:
            if current() != value:
                change(value)


def _settings() -> Iterator[tuple[Callable, Callable, object]]:
    """How to read and to change each setting, and its usual value; none before the import."""
    if folder := _folder():
        yield _folder, os.chdir, folder
    if keras := sys.modules.get("keras"):
        of = keras.config
        yield of.floatx, of.set_floatx, "float32"
        yield of.dtype_policy, of.set_dtype_policy, keras.DTypePolicy("float32")
        yield of.image_data_format, of.set_image_data_format, "channels_last"
    if tensorflow := sys.modules.get("tensorflow"):
        of = tensorflow.config
        yield of.functions_run_eagerly, of.run_functions_eagerly, False
        log = tensorflow.get_logger()  # tracing often is what some checks do
        yield lambda: log.level, log.setLevel, logging.ERROR


def _folder() -> Path | None:
    """The working folder; None where it was deleted."""
    try:
        return Path.cwd()
    except OSError:
        return None
