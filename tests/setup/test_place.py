"""A folder in which no environment can be made is named before anything is tried."""

import errno
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from workshop.setup import place


def fails(number):
    def call(*_, **__):
        raise OSError(number, os.strerror(number))

    return call


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "my köurse 50% #1 [x]; a'b"
    folder.mkdir()
    return folder


posix = pytest.mark.skipif(os.name == "nt", reason="Windows makes no links for an environment")


@posix
def test_odd_names_do(folder):
    assert place.unfit(folder, windows=False) == ""
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "windows", "sign"),
    [("a:b", False, ":"), ("a;b", True, ";"), ("a\nb", False, "n"), ("a\udcffb", False, "xff")],
)
def test_names_that_break_a_path_are_told(name, windows, sign):
    words = place.unfit(Path("/home/me") / name, windows=windows)
    assert "no environment can be made" in words
    assert sign in words
    words.encode("utf-8")


@posix
def test_a_disk_without_links_is_named_and_where_to_go(folder, monkeypatch):
    monkeypatch.setattr(Path, "symlink_to", fails(errno.EPERM))
    words = place.unfit(folder, windows=False)
    assert "no symbolic links" in words
    assert "exFAT" in words
    command = words.splitlines()[-1].strip()
    said = subprocess.check_output(
        ["sh", "-c", command.replace("cp -r", "echo").replace("&& python3", "; echo")], text=True
    )
    assert said.splitlines()[0] == f"{folder} {Path.home()}/"
    assert said.splitlines()[1] == f"{Path.home()}/{folder.name}/start.py"


@posix
def test_a_disk_without_programs_is_named(folder, monkeypatch):
    monkeypatch.setattr(place.subprocess, "run", fails(errno.EACCES))
    assert "noexec" in place.unfit(folder, windows=False)
    monkeypatch.setattr(place.subprocess, "run", fails(errno.ENOENT))
    assert place.unfit(folder, windows=False) == ""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "You may not write to"),
        (errno.EROFS, "You may not write to"),
        (errno.ENOSPC, "is full"),
        (errno.EDQUOT, "is full"),
    ],
)
def test_a_folder_that_cannot_be_written_is_named(folder, monkeypatch, number, words):
    monkeypatch.setattr(place.tempfile, "TemporaryDirectory", fails(number))
    assert words in place.unfit(folder, windows=False)


@posix
@pytest.mark.skipif(hasattr(os, "getuid") and os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_of_somebody_else_is_named(folder):
    folder.chmod(0o500)
    assert "You may not write to" in place.unfit(folder, windows=False)


@posix
def test_little_room_is_named_where_room_is_needed(folder, monkeypatch):
    monkeypatch.setattr(place.shutil, "disk_usage", lambda _: SimpleNamespace(free=1.2e9))
    assert "1.2 GB free" in place.unfit(folder, windows=False)
    assert place.unfit(folder, windows=False, room=False) == ""


def test_a_path_too_long_for_windows_is_named(tmp_path, monkeypatch):
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    assert place.unfit(deep, windows=True) == ""  # this system, or this Windows, takes long paths
    made = []
    monkeypatch.setattr(place.os, "makedirs", lambda path: made.append(path) or fails(2)())
    words = place.unfit(deep, windows=True)
    assert "too long for Windows" in words
    assert f"it has {len(str(deep))} characters, and 68 fit" in words
    assert len(made[0]) == len(str(deep)) + 1 + place.LONGEST
    monkeypatch.setattr(place, "LONGEST", 10)
    assert place.unfit(tmp_path, windows=True) == ""


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/Users/me/OneDrive/course", "OneDrive"),
        ("/Users/me/OneDrive - Uni X/course", "OneDrive - Uni X"),
        ("/home/me/Dropbox (Personal)/course", "Dropbox (Personal)"),
        ("/Users/me/Library/Mobile Documents/course", "Mobile Documents"),
        ("/home/me/Google Drive/course", "Google Drive"),
        ("/home/me/dropboxes/course", ""),
        ("/home/me/course", ""),
    ],
)
def test_a_folder_that_a_service_copies_is_known(path, service):
    assert place.cloud(Path(path)) == service


def test_the_longest_file_is_as_long_as_we_say():
    """TensorFlow's deepest header, where this environment has it."""
    import sysconfig

    site = Path(sysconfig.get_path("purelib"))
    names = [len(str(path.relative_to(site))) for path in site.rglob("*.upb_minitable.h")]
    if not names:
        pytest.skip("this TensorFlow has no headers")
    assert 0 <= place.LONGEST - len(r".venv\Lib\site-packages\\") - max(names) < 20
