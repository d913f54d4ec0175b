"""Files that are written as a whole or not at all."""

import os
import stat
import subprocess
import sys
import textwrap

import pytest

from workshop.course import files


def test_a_file_is_replaced_in_a_folder_that_is_made(tmp_path):
    path = tmp_path / "new" / "file"
    for content in (b"1", b"22"):
        files.put(content, path)
        assert path.read_bytes() == content
    assert [left.name for left in path.parent.iterdir()] == ["file"]


def test_a_new_file_is_never_written_over_another(tmp_path):
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        files.create(b"new", tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"mine"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_permissions_stay_and_a_read_only_file_is_not_replaced(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"1")
    path.chmod(0o660)
    files.put(b"2", path)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"2", 0o660)
    path.chmod(0o440)
    with pytest.raises(PermissionError, match="it is read-only"):
        files.put(b"3", path)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"2", 0o440)
    assert [left.name for left in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("write", [files.put, files.create])
def test_a_full_disk_leaves_no_half_file(tmp_path, monkeypatch, write):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(b"content", tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="no limits of this kind")
def test_what_fails_again_when_the_file_is_closed_leaves_nothing(tmp_path):
    """As on a disk that is full: what could not be written is tried once more at the end."""
    code = textwrap.dedent("""
        import pathlib, resource, sys
        from workshop.course import files
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
        try:
            files.put(b"x" * 100, pathlib.Path(sys.argv[1]))
        except OSError as error:
            print(error.strerror)
    """)
    command = [sys.executable, "-c", code, str(tmp_path / "file")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said == "File too large\n"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_another_program_reads_is_tried_again(tmp_path, monkeypatch):
    path, replace, refused = tmp_path / "file", type(tmp_path).replace, []

    def busy(self, target):
        if len(refused) < 3:
            refused.append(target)
            raise PermissionError(13, "The process cannot access the file")
        return replace(self, target)

    monkeypatch.setattr(files, "PAUSES_S", (0, 0, 0, 0))
    monkeypatch.setattr(type(tmp_path), "replace", busy)
    files.put(b"content", path)
    assert path.read_bytes() == b"content"
    assert len(refused) == 3
