"""A small data set in the place of MNIST, to write and break in a test."""

import hashlib

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
