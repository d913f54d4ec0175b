"""The photographs of the package are there, in the right size and colours."""

import numpy as np
import pytest

from workshop.data import DamagedDataError, load_photographs
from workshop.data.pictures import photographs


def test_all_are_there():
    found = load_photographs()
    assert tuple(found) == photographs.NAMES
    for name, pixels in found.items():
        assert pixels.dtype == np.uint8
        assert max(pixels.shape[:2]) <= 512 >= min(pixels.shape[:2]) >= 200
        assert pixels.std() > 30, name
    grey = found["camera"]
    assert (grey == grey[..., :1]).all()


def test_each_has_its_licence():
    text = (photographs.FILES / "LICENSE.md").read_text(encoding="utf-8")
    names = {path.name for path in photographs.FILES.iterdir()} - {"LICENSE.md"}
    assert {name for name in names if name not in text} == set()


def test_one_that_is_damaged_or_gone_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(photographs, "FILES", tmp_path)
    with pytest.raises(DamagedDataError, match=r"There is no file.*chelsea.*restore"):
        load_photographs()
    (tmp_path / "chelsea.jpg").write_bytes(b"no picture")
    with pytest.raises(DamagedDataError, match=r"no picture.*Reinstall the workshop"):
        load_photographs()
