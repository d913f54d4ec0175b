"""A home without data, and a small data set in the place of MNIST."""

import pytest
from small_mnist import put_in_place

from workshop.data import (
    load_mnist,
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKSHOP_DATA", raising=False)
    monkeypatch.setenv("WORKSHOP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("WORKSHOP_MIRRORS", "http://127.0.0.1:9/")  # nobody answers there
    return tmp_path


@pytest.fixture
def small(monkeypatch):
    """A data set in the place of MNIST, small enough to write and break in every test."""
    (x_train, y_train), (x_test, y_test) = load_mnist("sample")
    arrays = {
        "x_train": x_train[:60],
        "y_train": y_train[:60],
        "x_test": x_test[:10],
        "y_test": y_test[:10],
    }
    return put_in_place(monkeypatch, arrays)
