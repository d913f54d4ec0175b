"""A stick has all that a learner without network needs, for this system and for others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workshop.data import idx, mnist
from workshop.setup import stick
from workshop.setup.install import Pip
from workshop.setup.reasons import Reason


@pytest.fixture
def teachers(tiny_course, monkeypatch):
    """A course with what a teacher's work has left in it."""
    for name in ("notebooks/runs", ".venv/bin", ".git", ".workshop", "wheels", "workshop/data"):
        (tiny_course / name).mkdir(parents=True)
        (tiny_course / name / "left").touch()
    for name in ("02_softmax", "02_softmax.solved", "02_softmax.mine-2"):
        (tiny_course / "notebooks" / f"{name}.ipynb").touch()
    monkeypatch.setattr(stick, "course_folder", lambda: tiny_course)
    monkeypatch.setattr(stick.editions, "names", lambda prefix: ["notebooks/02_softmax.ipynb"])
    monkeypatch.setattr(stick.editions, "delivered", lambda name: b"as delivered")
    return tiny_course


@pytest.fixture
def calls(monkeypatch, tmp_path):
    """What pip was asked, as one list of words a call; pip and MNIST are played."""
    asked = []
    source = tmp_path / "source"
    source.mkdir()
    for part in idx.PARTS:
        (source / f"{part.name}.gz").touch()
    (source / "README.md").touch()
    monkeypatch.setattr(mnist, "fetch", lambda: source)
    monkeypatch.setattr(idx, "read_folder", lambda folder: {})
    monkeypatch.setattr(stick, "_output", lambda command: "")
    monkeypatch.setattr(Pip, "do", lambda pip, *words: asked.append([*pip.command, *words]))
    return asked


@pytest.fixture
def empty(tmp_path):
    (tmp_path / "STICK").mkdir()
    return tmp_path / "STICK"


def test_it_has_the_course_without_its_leftovers(teachers, calls, empty):
    place = stick.make(empty)
    assert place == empty / stick.NAME
    files = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert {"start.py", "constraints.txt", "workshop/data/left", "workshop/setup/stick.py"} < files
    assert {name for name in files if name.startswith("notebooks/")} == {
        "notebooks/02_softmax.ipynb"
    }
    assert (place / "notebooks/02_softmax.ipynb").read_bytes() == b"as delivered"
    assert not {name for name in files if "left" in name} - {"workshop/data/left"}
    assert {name for name in files if name.startswith("mnist/")} == {
        f"mnist/{part.name}.gz" for part in idx.PARTS
    }


def test_it_has_the_wheels_of_this_machine(teachers, calls, empty):
    stick.make(empty)
    (command,) = calls
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert "--platform" not in command
    assert {"--only-binary=:all:", "small>=1", "weights>=1", "editables~=0.3"} < set(command)
    assert str(empty / stick.NAME / "wheels") in command
    assert str(teachers / "constraints.txt") in command


def test_it_has_those_of_others_where_they_are_asked_for(teachers, calls, empty):
    stick.make(empty, systems=["windows", "macos"], pythons=["3.11", "3.12"])
    assert len(calls) == 4
    for command in calls:
        assert "--python-version" in command
    platforms = [command[command.index("--platform") + 1] for command in calls]
    assert platforms == ["win_amd64"] * 2 + ["macosx_12_0_arm64"] * 2
    assert '"python_version": "3.12"' in calls[1][3]


def test_another_system_needs_other_packages(write_wheel, tmp_path):
    """pip itself would ask this system; the markers are those of the other one."""
    write_wheel(tmp_path / "wheels")
    one, two, platforms = stick.SYSTEMS["windows"]
    command = [sys.executable, "-c", stick.ELSEWHERE, stick.json.dumps({**one, **two})]
    command += ["download", "--no-index", "--find-links", str(tmp_path / "wheels")]
    command += ["--only-binary=:all:", "--platform", *platforms, "--dest", str(tmp_path / "out")]
    command += ["small>=1; sys_platform == 'win32'", "absent; sys_platform != 'win32'"]
    environment = {**os.environ, "PIP_CONFIG_FILE": os.devnull}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["small-1-py3-none-any.whl"]


def test_a_second_time_completes_it(teachers, calls, empty):
    stick.make(empty)
    (teachers / "start.py").write_text("# newer\n", encoding="utf-8")
    place = stick.make(empty, systems=["windows"])
    assert (place / "start.py").read_text(encoding="utf-8") == "# newer\n"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"systems": ["amiga"]}, "--for: expected one of linux, windows, macos, got amiga"),
        ({"pythons": ["3.10"]}, "--python: expected one of >=3.11,<3.14, got 3.10"),
        ({"pythons": ["three"]}, "got three"),
    ],
)
def test_names_that_are_unknown_are_told(teachers, calls, empty, options, words):
    with pytest.raises(stick.StickError, match=words):
        stick.make(empty, **options)
    assert list(empty.iterdir()) == []


def test_a_wrong_folder_is_told(teachers, calls, tmp_path):
    with pytest.raises(stick.StickError, match="plug the stick in"):
        stick.make(tmp_path / "absent")
    with pytest.raises(stick.StickError, match="in the course itself"):
        stick.make(teachers / "notebooks")


def test_a_full_stick_is_told(teachers, calls, empty, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(stick.shutil, "copyfile", full)
    with pytest.raises(stick.StickError, match=r"could not be written .No space left"):
        stick.make(empty)


def test_wheels_that_cannot_be_had_are_told(teachers, calls, empty, monkeypatch):
    monkeypatch.setattr(Pip, "do", lambda *_: Reason("There is no network."))
    with pytest.raises(stick.StickError, match=r"for windows 3.12 were not fetched. There is no"):
        stick.make(empty, systems=["windows"], pythons=["3.12"])


def test_the_learner_finds_all_of_it(teachers, calls, empty):
    """`start.py` of the stick looks for what the stick has, by the same names."""
    place = stick.make(empty)
    text = Path(place / "start.py").read_text(encoding="utf-8")
    assert 'beside("wheels", "*.whl")' in text
    assert 'beside("mnist", "train-images-idx3-ubyte*", "mnist.npz")' in text
