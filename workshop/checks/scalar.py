"""A number may come from TensorFlow, Keras or NumPy."""

from collections.abc import Mapping
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """Make numbers of Python of scalar tensors, variables and arrays.

    For checks that ask a learner for a number, or for a dict of numbers and names.

    Args:
        value: anything; of a mapping, each of its values is looked at.

    Returns:
        A number, text or truth value of Python where a scalar came, a dict of such where a mapping
        came; anything else as it came.

    Example:
        >>> plain(np.float64(0.5)), plain({"rate": np.array(2), "policy": "float32"})
        (0.5, {'rate': 2, 'policy': 'float32'})
        >>> plain([1, 2])
        [1, 2]
    """
    if isinstance(value, Mapping):
        return {key: _scalar(part) for key, part in value.items()}
    return _scalar(value)


def _scalar(value: Any) -> Any:
    array = value.numpy() if hasattr(value, "numpy") else value
    is_scalar = isinstance(array, np.ndarray | np.generic) and array.ndim == 0
    return array.item() if is_scalar else value
