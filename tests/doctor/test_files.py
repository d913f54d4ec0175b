"""A disk that is nearly full, data that can't be fetched."""

from types import SimpleNamespace

from workshop.data import download, mnist
from workshop.doctor import files


def test_a_full_disk_is_found(monkeypatch, course):
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _: SimpleNamespace(free=0.5e9))
    disk = files.folder()[1]
    assert (disk.value, disk.fatal) == ("0.5 GB free", False)
    assert "Little room" in disk.remedy


def test_what_stands_between_here_and_the_data_is_told(monkeypatch):
    monkeypatch.setattr(mnist, "status", lambda: ("sample", "Only the packaged sample is here."))
    monkeypatch.setattr(download, "obstacle", lambda: "the proxy does not answer")
    assert files.data().remedy == "It can't be fetched from here: the proxy does not answer"
    monkeypatch.setattr(download, "obstacle", lambda: "")
    assert files.data().remedy == ""


def test_no_mirror_is_asked_where_the_data_are_here(monkeypatch):
    monkeypatch.setattr(mnist, "status", lambda: ("cache", "The full MNIST, verified."))
    monkeypatch.setattr(download, "obstacle", lambda: 1 / 0)
    assert files.data().remedy == ""


def test_a_file_that_is_taken_for_a_package_is_found(monkeypatch, course):
    monkeypatch.setattr(files, "course_folder", lambda: course)
    for name in ("mine.py", "random.py", "tensorflow.py"):
        (course / "notebooks" / name).touch()
    named = [finding for finding in files.folder() if finding.name == "File"]
    assert [finding.value for finding in named] == [
        str(course / "notebooks" / name) for name in ("random.py", "tensorflow.py")
    ]
    assert "Rename it" in named[0].remedy
