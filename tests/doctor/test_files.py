"""A disk that is nearly full."""

from types import SimpleNamespace

from workshop.doctor import files


def test_a_full_disk_is_found(monkeypatch, course):
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _: SimpleNamespace(free=0.5e9))
    disk = files.folder()[1]
    assert (disk.value, disk.fatal) == ("0.5 GB free", False)
    assert "Little room" in disk.remedy
