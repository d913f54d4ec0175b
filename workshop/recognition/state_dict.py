"""Reads weights that PyTorch saved, without PyTorch, and without running what a pickle holds."""

import io
import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from workshop.messages import say

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
DTYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}


class WeightsError(ValueError):
    """A file of weights is none, is damaged, or names what weights have no use for."""


class _Tensor(NamedTuple):
    """Where the numbers of a tensor lie; lengths and strides in numbers."""

    storage: tuple
    offset: int
    shape: tuple
    strides: tuple


class _Reader(pickle.Unpickler):
    """Knows the four names that a file of weights needs, and refuses every other.

    A pickle is a program: whoever loads it calls what it names.
    """

    def find_class(self, module: str, name: str) -> object:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *_: _Tensor(
                storage, offset, shape, strides
            )
        if module == "torch" and name in DTYPES:
            return DTYPES[name]
        fields = {"module": module, "name": name}
        raise WeightsError(
            say("The file names {module}.{name}, which weights have no use for.", **fields)
        )

    def persistent_load(self, pid: tuple) -> tuple:
        kind, dtype, key, _, length, *view = pid
        if kind != "storage" or any(view):
            raise WeightsError(say("The file shares numbers in a way that isn't known here."))
        return dtype, key, length


def read_state_dict(path: Path) -> dict[str, np.ndarray]:
    """Read a file that `torch.save(model.state_dict())` wrote before PyTorch 1.6.

    Args:
        path: the file, often with the ending `.pth`.

    Returns:
        For the name of each tensor its numbers, float32 or int64, new arrays.

    Raises:
        FileNotFoundError: there is no such file.
        WeightsError: it is no such file, is cut short, or names anything but tensors.

    Source:
        The format as PyTorch's `torch/serialization.py` writes it (`_legacy_save`).
    """
    data = Path(path).read_bytes()
    try:
        return _read(io.BytesIO(data))
    except WeightsError:
        raise
    except Exception as error:
        # pickle raises whatever a damaged file runs into
        fields = {"path": path, "kind": type(error).__name__}
        raise WeightsError(
            say("{path} can't be read as weights of PyTorch ({kind}).", **fields)
        ) from error


def _read(file: BinaryIO) -> dict[str, np.ndarray]:
    head = [_Reader(file).load() for _ in range(3)]
    if head[:2] != [MAGIC, PROTOCOL] or head[2].get("little_endian") is not True:
        raise WeightsError(say("This is no file of weights that PyTorch wrote before 1.6."))
    tensors, keys = _Reader(file).load(), _Reader(file).load()
    dtypes = {key: (dtype, length) for dtype, key, length in (t.storage for t in tensors.values())}
    if set(keys) != set(dtypes):
        raise WeightsError(say("The file's list of numbers and its tensors differ."))
    storages = {key: _storage(file, *dtypes[key]) for key in keys}
    if file.read(1):
        raise WeightsError(say("More follows in the file than its tensors need."))
    return {name: _array(tensor, storages) for name, tensor in tensors.items()}


def _storage(file: BinaryIO, dtype: str, length: int) -> np.ndarray:
    (count,) = struct.unpack("<q", file.read(8))
    numbers = np.frombuffer(file.read(max(count, 0) * np.dtype(dtype).itemsize), dtype)
    if not count == len(numbers) == length:
        fields = {"expected": length, "got": len(numbers)}
        raise WeightsError(say("Expected {expected} numbers, got {got}: it is cut.", **fields))
    return numbers


def _array(tensor: _Tensor, storages: dict[str, np.ndarray]) -> np.ndarray:
    numbers, shape = storages[tensor.storage[1]], tensor.shape
    places = np.full(shape, tensor.offset)
    for axis, (size, stride) in enumerate(zip(shape, tensor.strides, strict=True)):
        places += (np.arange(size) * stride).reshape(
            [-1 if k == axis else 1 for k in range(len(shape))]
        )
    return numbers[places]  # an index outside raises; as_strided would read on
