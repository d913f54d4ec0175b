"""A lesson's folder: empty, its own, and never an error where something is in the way."""

import contextlib
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from workshop.course import run_folder, runs

HOLD = """
import sys
from workshop.course import run_folder
print(run_folder("08"), flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(runs, "_held", {})
    return tmp_path


def another():
    """Another kernel with the same lesson."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", HOLD], text=True, **pipes)


def test_what_an_earlier_run_left_is_gone(here, capsys):
    (here / "runs/08/old").mkdir(parents=True)
    (here / "runs/08/old/train.py").write_text("x = 1")
    (here / "runs/08/log.txt").write_text("x")
    (here / "keep.txt").write_text("mine")
    (here / "runs/08/link").symlink_to(here)
    assert run_folder("08") == Path("runs/08")
    assert list((here / "runs/08").iterdir()) == []
    assert (here / "keep.txt").exists()
    assert capsys.readouterr().out == ""


def test_the_first_cell_can_run_again():
    (run_folder("08") / "a.txt").write_text("x")
    assert run_folder("08") == Path("runs/08")
    assert not Path("runs/08/a.txt").exists()


def test_a_second_notebook_has_a_folder_of_its_own_and_says_so(capsys):
    with another() as first:
        assert first.stdout.readline().strip() == str(Path("runs/08"))
        Path("runs/08/model.keras").write_text("of the first")
        assert run_folder("08") == Path("runs/08_2")
        said = capsys.readouterr().out
        assert "runs/08 belongs to another notebook of this lesson that is running." in said
        assert said.endswith("This notebook writes to runs/08_2.\n")
        assert Path("runs/08/model.keras").exists()
        assert run_folder("08b") == Path("runs/08b")
        first.stdin.close()


def test_a_kernel_that_was_killed_frees_its_folder():
    with another() as first:
        first.stdout.readline()
        first.kill()
    assert run_folder("08") == Path("runs/08")


def test_a_process_that_still_writes_is_no_error():
    end = time.monotonic() + 2
    folder = run_folder("08")

    def write():
        while time.monotonic() < end:
            with contextlib.suppress(FileNotFoundError):  # its folder went in between
                (folder / "events").mkdir(parents=True, exist_ok=True)
                (folder / "events" / f"{time.monotonic_ns()}").touch()

    writer = threading.Thread(target=write)
    writer.start()
    found = {run_folder("08").name for _ in range(4)}
    writer.join()
    assert found <= {"08", "08_2"}


def test_a_file_that_is_open_elsewhere_is_named(here, monkeypatch, capsys):
    """As on Windows, where such a file can't be removed."""
    (here / "runs/08").mkdir(parents=True)
    (here / "runs/08/events.log").touch()
    monkeypatch.setattr(runs, "_remove", lambda path: None)
    monkeypatch.setattr(runs, "PAUSE_S", 0)
    assert run_folder("08") == Path("runs/08_2")
    said = capsys.readouterr().out
    assert "runs/08 could not be emptied: another program still uses events.log." in said


def test_a_file_in_the_place_of_the_folder_is_no_error(here, capsys):
    (here / "runs").mkdir()
    (here / "runs/08").write_text("a file")
    assert run_folder("08") == Path("runs/08_2")
    assert "runs/08 cannot be written to: File exists." in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_to(here, monkeypatch, capsys):
    make = Path.mkdir

    def refuse(path, *given, **named):
        if path.parts[0] == "runs":
            raise PermissionError(13, "Permission denied")
        make(path, *given, **named)

    monkeypatch.setattr(Path, "mkdir", refuse)
    folder = run_folder("08")
    assert folder.is_dir()
    assert folder.is_absolute()
    said = f"runs cannot be written to: Permission denied.\nThis notebook writes to {folder}.\n"
    assert capsys.readouterr().out == said


def test_without_locks_the_folder_is_taken_as_it_is(monkeypatch):
    import filelock

    def no_locks(self):
        raise NotImplementedError

    monkeypatch.setattr(filelock.FileLock, "_acquire", no_locks)
    assert run_folder("08") == Path("runs/08")
