"""Weights of PyTorch: read as numbers, and nothing that the file names is run."""

import pickle
import struct
from collections import OrderedDict
from fractions import Fraction

import numpy as np
import pytest

from workshop.recognition import WeightsError, read_state_dict
from workshop.recognition.state_dict import MAGIC, PROTOCOL

NUMBERS = np.arange(12, dtype="<f4")


class Named:
    """Pickles itself as a name of another program, with its arguments."""

    def __init__(self, module, name, *given):
        self.module, self.name, self.given = module, name, given

    def __reduce__(self):
        return _Name(self.module, self.name), self.given


class _Name:
    def __init__(self, module, name):
        self.__module__, self.__qualname__, self.__name__ = module, name, name

    def __call__(self): ...


class Pickler(pickle._Pickler):
    """Writes names as they are told, and storages as PyTorch does."""

    def save(self, obj, save_persistent_id=True):
        if isinstance(obj, _Name):
            self.write(b"c" + f"{obj.__module__}\n{obj.__name__}\n".encode())
        else:
            super().save(obj, save_persistent_id)

    def persistent_id(self, obj):
        return obj.pid if isinstance(obj, Storage) else None


class Storage:
    def __init__(self, key, length, dtype="FloatStorage", view=None):
        self.pid = ("storage", _Name("torch", dtype), key, "cpu", length, view)


def tensor(storage, shape, strides, offset=0):
    given = (storage, offset, shape, strides, False, OrderedDict())
    return Named("torch._utils", "_rebuild_tensor_v2", *given)


@pytest.fixture
def write(tmp_path):
    """Write a file as PyTorch did, of some tensors, with some bytes after it."""

    def write(tensors, numbers=NUMBERS, head=(MAGIC, PROTOCOL), after=b"", keys=("0",)):
        path = tmp_path / "weights.pth"
        with path.open("wb") as file:
            for part in (*head, {"little_endian": True}, tensors, list(keys)):
                Pickler(file, protocol=2).dump(part)
            file.write(struct.pack("<q", len(numbers)) + numbers.tobytes() + after)
        return path

    return write


def test_tensors_in_whatever_order_their_numbers_lie(write):
    storage = Storage("0", 12)
    tensors = {
        "rows": tensor(storage, (3, 4), (4, 1)),
        "turned": tensor(storage, (4, 3), (1, 4)),
        "part": tensor(storage, (2,), (5,), offset=1),
        "one": tensor(storage, (), (), offset=7),
    }
    found = read_state_dict(write(OrderedDict(tensors)))
    np.testing.assert_array_equal(found["rows"], NUMBERS.reshape(3, 4))
    np.testing.assert_array_equal(found["turned"], NUMBERS.reshape(3, 4).T)
    np.testing.assert_array_equal(found["part"], [1, 6])
    assert found["one"] == 7
    assert found["rows"].dtype == np.float32


@pytest.mark.parametrize("named", [Named("fractions", "Fraction", 1, 2), Named("builtins", "len")])
def test_any_other_name_is_refused(write, named):
    assert Fraction(1, 2) == 0.5  # harmless, and yet refused
    with pytest.raises(WeightsError, match=r"names (fractions\.Fraction|builtins\.len), which"):
        read_state_dict(write({"w": named}))


def test_what_is_cut_too_long_or_something_else_is_refused(write, tmp_path):
    good = {"w": tensor(Storage("0", 12), (3, 4), (4, 1))}
    whole = write(good).read_bytes()
    path = tmp_path / "cut.pth"
    for length in (0, 1, 30, len(whole) // 2, len(whole) - 60, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(WeightsError):
            read_state_dict(path)
    with pytest.raises(WeightsError, match="More follows"):
        read_state_dict(write(good, after=b"x"))
    with pytest.raises(WeightsError, match="differ"):
        read_state_dict(write(good, keys=("1",)))
    with pytest.raises(WeightsError, match="Expected 12 numbers, got 5"):
        read_state_dict(write(good, NUMBERS[:5]))
    with pytest.raises(WeightsError, match=r"before 1\.6"):
        read_state_dict(write(good, head=(1, 2)))
    with pytest.raises(WeightsError, match="IndexError"):
        read_state_dict(write({"w": tensor(Storage("0", 12), (3, 4), (9, 1))}))
    with pytest.raises(FileNotFoundError):
        read_state_dict(tmp_path / "none.pth")


def test_the_file_of_the_package(arrays):
    floats = [array for array in arrays.values() if array.dtype == np.float32]
    assert len(arrays) == 296
    statistics = [a for name, a in arrays.items() if "running" in name]
    assert sum(array.size for array in floats) == 4_694_024
    assert all(np.isfinite(array).all() for array in floats)
    assert len(statistics) == 98
