"""A disk that is nearly full, and a folder that is not the learner's alone."""

from types import SimpleNamespace

from workshop.doctor import files


def test_a_full_disk_is_found(monkeypatch, course):
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _: SimpleNamespace(free=0.5e9))
    disk = files.folder()[1]
    assert (disk.value, disk.fatal) == ("0.5 GB free", False)
    assert "Little room" in disk.remedy


def test_a_folder_that_a_service_copies_is_found(monkeypatch, course):
    assert [finding.name for finding in files.folder()] == ["Course", "Disk"]
    moved = course.parent / "OneDrive - School" / "course"
    moved.parent.mkdir()
    monkeypatch.setattr(files, "course_folder", lambda: course.rename(moved))
    cloud = files.folder()[2]
    assert (cloud.value, cloud.fatal) == ("OneDrive - School", False)
    assert "move the course" in cloud.remedy
