"""Makes answers of answers: right ones that work in place, and wrong ones that reach for the check.

None of them is written for an exercise, so the tests of a new lesson have them as well.
"""

import functools
from numbers import Number

import numpy as np

from workshop.checks.isolation import copied


def leaving_rubbish(answer):
    """Return what is right, and have used up all that came but variables, which are to change."""

    @functools.wraps(answer)
    def used_up(*given):
        came = answer(*copied(given))
        level(without_variables(given), 7)
        return came

    return used_up


def into_what_came(answer):
    """Return what is right in the very arrays, lists and dicts that came, where it fits."""

    @functools.wraps(answer)
    def filled(*given):
        came = answer(*copied(given))
        free = without_variables(given)
        came = tuple(moved(one, free) for one in came) if type(came) is tuple else moved(came, free)
        level(free, 7)
        return came

    return filled


def in_one_buffer(answer):
    """Return what is right in arrays, lists and dicts that the next call fills anew."""
    buffers = {}

    @functools.wraps(answer)
    def buffered(*given):
        return kept(answer(*copied(given)), buffers, ())

    return buffered


IN_PLACE = leaving_rubbish, into_what_came, in_one_buffer


def levelling(answer, number):
    """Fill all that came, and all that goes back, with one number: a check may compare the two."""

    @functools.wraps(answer)
    def levelled(*given):
        came = answer(*copied(given))
        level(given, number)
        return level(copied(came), number)

    return levelled


def is_function(answer):
    """Whether an answer is called for what it returns, and may change what it is called with."""
    return not isinstance(answer, type) and not hasattr(answer, "python_function")


def without_variables(given):
    return [part for part in given if not hasattr(part, "assign")]


def moved(came, free):
    """A result within one of the things that are free, or as it is where none fits."""
    for place, part in enumerate(free):
        if isinstance(part, np.ndarray) and getattr(came, "shape", None) == part.shape:
            if not np.can_cast(np.asarray(came).dtype, part.dtype, "same_kind"):
                continue
            part[...] = came
        elif type(part) is type(came) is list:
            part[:] = came
        elif type(part) is type(came) is dict:
            part.clear()
            part.update(came)
        else:
            continue
        return free.pop(place)
    return came


def kept(came, buffers, place):
    """A result within the buffers of the calls before."""
    if isinstance(came, np.ndarray | np.generic):
        key = place, np.shape(came), np.asarray(came).dtype
        buffer = buffers.setdefault(key, np.empty(*key[1:]))
        buffer[...] = came
        return buffer
    if type(came) is tuple:
        return tuple(kept(part, buffers, (*place, k)) for k, part in enumerate(came))
    if type(came) in (list, dict):
        return moved(came, [buffers.setdefault((place, type(came)), type(came)())])
    return came


def level(value, number):
    """Fill what can be changed in place with a number; give the number for what can't be."""
    if isinstance(value, np.ndarray):
        value[...] = number
    elif hasattr(value, "assign"):  # a variable
        value.assign(np.full(value.shape, number))
    elif type(value) in (list, dict):
        for place in value if type(value) is dict else range(len(value)):
            value[place] = level(value[place], number)
    elif type(value) is tuple:
        return tuple(level(part, number) for part in value)
    elif isinstance(value, Number):
        return number
    elif hasattr(value, "numpy"):  # a tensor
        return np.full(value.shape, number)
    else:
        return None
    return value
