"""A validation part of the training data."""

import numpy as np
import pytest

from workshop.data import (
    validation_split,
)


def test_split_refuses_what_cannot_be_split():
    images, labels = np.zeros((30, 28, 28)), np.zeros(30)
    with pytest.raises(ValueError, match="got 30 inputs and 29 labels"):
        validation_split(images, labels[:-1])
    for size in (0, 30, -1):
        with pytest.raises(ValueError, match=f"size: expected .* less than 30, got {size}: "):
            validation_split(images, labels, size=size)
    with pytest.raises(ValueError, match="less than 11, got 0"):
        validation_split(images[:11], labels[:11])
    assert len(validation_split(images, labels, size=10)[1][0]) == 10
