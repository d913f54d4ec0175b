"""The digits of MNIST that drawings are held against."""

import pytest

from workshop.data import load_mnist


@pytest.fixture(scope="module")
def mnist():
    (x_train, y_train), _ = load_mnist("sample")
    return x_train, y_train
