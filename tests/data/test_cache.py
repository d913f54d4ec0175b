"""Files of the cache, each whole or not at all."""

import errno
import os

import numpy as np
import pytest

from workshop.data import DataError, cache, idx


def test_tables_are_stored_unpacked_and_nothing_else(small, tmp_path):
    cache.store(tmp_path / "new" / "cache", small)
    names = {path.name for path in (tmp_path / "new" / "cache").iterdir()}
    assert names - {".lock"} == {part.name for part in idx.PARTS}
    for key, array in idx.read_folder(tmp_path / "new" / "cache").items():
        np.testing.assert_array_equal(array, small[key])


def test_a_full_disk_leaves_no_half_file(small, tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match=r"No space left on device.*make room"):
        cache.store(tmp_path, small)
    assert {path.name for path in tmp_path.iterdir()} <= {".lock"}
