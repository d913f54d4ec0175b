"""A small data set in the place of MNIST, to write and break in a test."""

import gzip
import hashlib

import numpy as np

from workshop.data import idx


def put_in_place(monkeypatch, arrays):
    """Let the package take these arrays for MNIST, with their own shapes and digests."""
    parts = []
    for part in idx.PARTS:
        array = arrays[part.key]
        header = idx.Part(part.name, part.key, array.shape, "").header
        digest = hashlib.sha256(header + array.tobytes()).hexdigest()
        parts.append(idx.Part(part.name, part.key, array.shape, digest))
    monkeypatch.setattr(idx, "PARTS", tuple(parts))
    return arrays


def write_folder(folder, arrays, *, packed=False, dotted=False):
    folder.mkdir(parents=True, exist_ok=True)
    for part in idx.PARTS:
        content = part.header + arrays[part.key].tobytes()
        name = part.name.replace("-idx", ".idx") if dotted else part.name
        if packed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (folder / name).write_bytes(content)
    return folder


def write_npz(folder, arrays):
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "mnist.npz", **arrays)
    return folder


def assert_is(loaded, arrays):
    (x_train, y_train), (x_test, y_test) = loaded
    for name, array in (
        ("x_train", x_train),
        ("y_train", y_train),
        ("x_test", x_test),
        ("y_test", y_test),
    ):
        np.testing.assert_array_equal(array, arrays[name])
        assert array.dtype == np.uint8 and array.flags.writeable


def cut(content):
    return content[: len(content) // 2]


def lengthen(content):
    return content + b"\0"


def alter(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def other_header(content):
    return content[:4] + b"\0\0\0\x1e" + content[8:]


def page(_):
    return b"\n<!DOCTYPE html><title>Log in to Conference Wi-Fi</title>"


def nothing(_):
    return b""
