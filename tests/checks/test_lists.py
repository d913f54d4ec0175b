"""An answer may be for lists or for arrays."""

import numpy as np
import pytest

from workshop.checks.lists import with_lists


@pytest.mark.parametrize(
    "answer",
    [
        lambda values, k: values.index(min(values)) + k,
        lambda values, k: values.argmin() + k,
        lambda values, k: int((-values).argmax()) + k,
    ],
)
def test_lists_and_arrays_are_right(answer):
    assert with_lists(answer, [0.5, 0.25, 1.0], 2) == 3


def test_the_error_with_lists_is_shown():
    with pytest.raises(TypeError, match="NoneType"):
        with_lists(lambda values: None + values, [1, 2])
    with pytest.raises(ZeroDivisionError):
        with_lists(lambda values: 1 / 0, [1, 2])


def test_lists_come_first():
    assert isinstance(with_lists(lambda values: values, [1, 2]), list)
    assert isinstance(with_lists(lambda values: values.reshape(2, 1), [1, 2]), np.ndarray)
