"""Calls an answer with lists, or with arrays where it can work with those alone."""

from collections.abc import Callable
from typing import Any

import numpy as np


def with_lists(answer: Callable, *given: object) -> Any:
    """Call an answer of which the exercise says no more than that it gets numbers in a row.

    Some write `values.index(min(values))`, others `values.argmin()`: either is right.

    Args:
        answer: the learner's function.
        given: what it gets; the lists among it become arrays where it can't work with them.

    Returns:
        What it returned.

    Raises:
        Exception: that of the call with lists, where the call with arrays fails as well.

    Example:
        >>> with_lists(list.index, [1, 3], 3), with_lists(np.ndarray.tolist, [1, 3])
        (1, [1, 3])
    """
    try:
        return answer(*given)
    except (AttributeError, TypeError) as first:
        arrays = [np.array(one) if isinstance(one, list) else one for one in given]
        try:
            return answer(*arrays)
        except Exception:  # noqa: BLE001 - the first error is the one to see
            raise first from None
