"""A class from a folder of files."""

import json

from workshop.classroom.folder import LARGEST, read_into
from workshop.classroom.roster import Roster

PASSED = json.dumps({"version": 1, "exercises": {"2-1": {"status": "passed", "time": ""}}})


def test_files_and_folders_of_learners_are_read_and_forgotten(tmp_path):
    (tmp_path / "ada.json").write_text(PASSED)
    for name, inner in (("grace", "progress.json"), ("alan", ".workshop/progress.json")):
        place = tmp_path / name / inner
        place.parent.mkdir(parents=True)
        place.write_text(PASSED)
    roster = Roster()
    assert read_into(roster, tmp_path) == {}
    assert set(roster.learners) == {"ada", "grace", "alan"}
    (tmp_path / "ada.json").unlink()
    assert read_into(roster, tmp_path) == {}
    assert set(roster.learners) == {"grace", "alan"}


def test_a_file_that_cannot_be_read_is_named_beside_the_others(tmp_path):
    for name, text in (("ada", PASSED), ("bad", "{"), ("odd", "[]"), ("deep", "[" * 100_000)):
        (tmp_path / f"{name}.json").write_text(text)
    (tmp_path / "large.json").write_text(" " * (LARGEST + 1))
    (tmp_path / "folder.json").mkdir()
    roster = Roster()
    problems = read_into(roster, tmp_path)
    assert set(problems) == {f"{name}.json" for name in ("bad", "odd", "deep", "large", "folder")}
    assert "Expected a record" in problems["odd.json"]
    assert set(roster.learners) == {"ada"}
