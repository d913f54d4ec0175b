"""Which version of a folder is served: the newest that is complete, and never half of one."""

import json
import shutil
from pathlib import Path

import pytest

from workshop.serving import versions
from workshop.serving.model import Refused
from workshop.serving.versions import Versions

DATA = "variables/variables.data-00000-of-00001"


@pytest.fixture
def look(tmp_path):
    """Watch a folder by hand."""
    found = Versions("digits", tmp_path)

    def look(times=1):
        for _ in range(times):
            found.poll()
        return [one["version"] for one in states(found) if one["state"] == "AVAILABLE"]

    look.versions = found
    return look


def states(found):
    try:
        return found.status("digits", None)
    except Refused:
        return []


def test_the_newest_version_is_served_and_the_old_one_goes(tmp_path, look, saved):
    shutil.copytree(saved(1), tmp_path / "1")
    assert look(2) == ["1"]
    shutil.copytree(saved(2), tmp_path / "2")
    assert look() == ["1"]  # it may still be copied
    assert look() == ["2"]
    ended, number = look.versions.status("digits", 1), look.versions.find("digits", None)[0]
    assert ended[0]["state"] == "END"
    assert number == 2
    with pytest.raises(Refused, match=r"Servable not found for request: Specific\(digits, 1\)"):
        look.versions.find("digits", 1)


def test_numbers_are_compared_as_numbers_and_other_names_are_not_versions(tmp_path, look, saved):
    for name in ("9", "10", "11.tmp", "best", "-12", "13" * 20, "١٤"):
        shutil.copytree(saved(1), tmp_path / name)
    (tmp_path / "99").write_text("a file is no version")
    assert look(3) == ["10"]


def test_a_version_that_is_taken_away_gives_its_place_to_the_one_before(tmp_path, look, saved):
    shutil.copytree(saved(1), tmp_path / "1")
    shutil.copytree(saved(2), tmp_path / "2")
    assert look(2) == ["2"]
    shutil.rmtree(tmp_path / "2")
    assert look(2) == ["1"]
    shutil.rmtree(tmp_path / "1")
    assert look(2) == ["1"]  # with nothing else there, it serves on
    tmp_path.rmdir()
    assert look() == ["1"]


def parts(folder):
    return sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("missing", ["saved_model.pb", "variables/variables.index", DATA])
def test_a_version_without_one_of_its_files_is_never_served(tmp_path, look, saved, missing):
    shutil.copytree(saved(1), tmp_path / "1")
    look(2)
    shutil.copytree(saved(2), tmp_path / "2")
    (tmp_path / "2" / missing).unlink()
    assert look(3) == ["1"]
    waiting = look.versions.status("digits", 2)[0]
    assert waiting["state"] == "START"
    assert waiting["status"]["error_code"] == "FAILED_PRECONDITION"
    assert Path(missing).stem in waiting["status"]["error_message"]
    shutil.copy(saved(2) / missing, tmp_path / "2" / missing)
    assert look(2) == ["2"]


@pytest.mark.parametrize("part", ["saved_model.pb", "variables/variables.index", DATA])
@pytest.mark.parametrize("share", [0, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("tail", [b"", b"\0"], ids=["short", "filled"])
def test_a_version_whose_file_is_half_there_is_never_served(
    tmp_path, look, saved, part, share, tail
):
    """Some programs write from the front, others make room first, which reads as zeros."""
    shutil.copytree(saved(1), tmp_path / "1")
    look(2)
    shutil.copytree(saved(2), tmp_path / "2")
    whole = (saved(2) / part).read_bytes()
    cut = int(share * len(whole))
    half = whole[:cut] + tail * (len(whole) - cut)
    assert half != whole
    (tmp_path / "2" / part).write_bytes(half)
    assert look(3) == ["1"]
    (tmp_path / "2" / part).write_bytes(whole)
    assert look(2) == ["2"]


def test_a_folder_that_still_changes_is_not_even_tried(tmp_path, look, saved, monkeypatch):
    tried = []
    monkeypatch.setattr(versions, "load", tried.append)
    (tmp_path / "1").mkdir()
    for part in parts(saved(1)):
        target = tmp_path / "1" / part
        target.parent.mkdir(exist_ok=True)
        whole = (saved(1) / part).read_bytes()
        for end in range(0, len(whole), 1 + len(whole) // 4):
            target.write_bytes(whole[:end])
            assert look() == []
        target.write_bytes(whole)
    assert look() == []
    assert tried == []


def test_a_version_that_failed_is_tried_again_after_a_while(tmp_path, look, saved, monkeypatch):
    clock, tried = [100.0], []
    monkeypatch.setattr(versions.time, "monotonic", lambda: clock[0])

    def load(folder):
        tried.append(folder)
        raise MemoryError("no room")

    monkeypatch.setattr(versions, "load", load)
    shutil.copytree(saved(1), tmp_path / "1")
    look(5)
    assert len(tried) == 1
    monkeypatch.undo()
    monkeypatch.setattr(versions.time, "monotonic", lambda: clock[0] + versions.TRY_AGAIN_S)
    assert look() == ["1"]


def test_each_failure_is_printed_once(tmp_path, look, saved, monkeypatch, capsys):
    monkeypatch.setattr(versions, "TRY_AGAIN_S", 0)
    shutil.copytree(saved(1), tmp_path / "1")
    (tmp_path / "1" / "saved_model.pb").write_text("no model")
    look(5)
    assert capsys.readouterr().out.count("Version 1: START") == 1


def test_the_states_are_those_of_tensorflow_serving(tmp_path, look, saved):
    with pytest.raises(Refused, match="Could not find any versions of model digits"):
        look.versions.status("digits", None)
    shutil.copytree(saved(1), tmp_path / "1")
    look(2)
    with pytest.raises(Refused, match="Could not find version 9 of model digits"):
        look.versions.status("digits", 9)
    with pytest.raises(Refused, match="Could not find any versions of model other"):
        look.versions.status("other", None)
    with pytest.raises(Refused, match=r"Latest\(other\)"):
        look.versions.find("other", None)
    status = {"error_code": "OK", "error_message": ""}
    expected = [{"version": "1", "state": "AVAILABLE", "status": status}]
    assert json.loads(json.dumps(look.versions.status("digits", 1))) == expected
