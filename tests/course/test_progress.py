"""The record of the learner's progress."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import filelock
import pytest

from workshop.course import folder, lessons, progress

pytestmark = pytest.mark.usefixtures("record_file")
PASSED = {"status": "passed", "time": "2026-01-01T00:00:00"}
as_another_user = pytest.mark.skipif(
    getattr(os, "geteuid", int)() == 0, reason="root may write everywhere"
)


@pytest.fixture(autouse=True)
def new_kernel(monkeypatch):
    """One that has said nothing yet."""
    monkeypatch.setattr(progress._kernel, "said", None)
    monkeypatch.setattr(progress._kernel, "records", True)


@pytest.fixture
def own(course, tmp_path, monkeypatch):
    """The user's own folder; the record's place is the usual one, in the small course."""
    monkeypatch.delenv("WORKSHOP_PROGRESS")
    monkeypatch.setattr(progress, "own_folder", lambda: tmp_path / "own")
    return tmp_path / "own"


def unwritable(course):
    """Let no folder `.workshop` be made, for root as well."""
    (course / ".workshop").write_text("a file")


def test_passed_stays_passed():
    progress.record("0-9", "passed")
    progress.record("0-9", "not yet")
    assert progress.read()["0-9"]["status"] == "passed"


def test_what_was_passed_before_an_exercise_moved_stays_passed(record_file):
    record_file.parent.mkdir()
    before = {"1-4": PASSED, "1-5": {"status": "not yet", "time": ""}, "1-1": PASSED}
    record_file.write_text(json.dumps({"version": 1, "exercises": before}))
    assert {n: e["status"] for n, e in progress.read().items()} == {
        "1b-1": "passed",
        "1b-4": "not yet",
        "1-1": "passed",
    }
    progress.record("1b-1", "not yet")
    progress.record("1b-4", "passed")
    assert progress.read()["1b-1"]["status"] == progress.read()["1b-4"]["status"] == "passed"
    written = json.loads(record_file.read_text())["exercises"]
    assert written["1-5"]["status"] == "not yet"  # an older edition still finds its own


@pytest.mark.parametrize("now", ["passed", "not yet"])
def test_a_record_under_both_numbers_is_passed_if_one_of_them_is(record_file, now):
    record_file.parent.mkdir()
    both = {"1-4": PASSED, "1b-1": {"status": now, "time": ""}}
    record_file.write_text(json.dumps({"version": 1, "exercises": both}))
    assert progress.read()["1b-1"]["status"] == "passed"


def test_an_exercise_moves_once_and_its_number_is_not_used_again():
    numbers = {number for path in lessons.paths() for number in lessons.exercises(path)}
    assert not numbers & set(progress.MOVED)
    assert numbers >= set(progress.MOVED.values())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"exercises": 3}', "\x00\x01"])
def test_damaged_record_is_kept_aside(record_file, text):
    record_file.parent.mkdir()
    record_file.write_text(text)
    assert progress.read() == {}
    assert progress.record("0-9", "passed") is None
    assert progress.read()["0-9"]["status"] == "passed"
    assert record_file.with_suffix(".damaged").read_text() == text


def test_older_record_is_read_as_far_as_it_goes(record_file):
    record_file.parent.mkdir()
    older = {"exercises": {"1-1": {"status": "passed"}, "1-2": True, "1-3": {"status": "odd"}}}
    record_file.write_text(json.dumps(older))
    assert progress.read() == {"1-1": {"status": "passed", "time": ""}}


def test_record_that_cannot_be_written_does_not_stop_the_check(record_file):
    record_file.parent.write_text("a file where the folder should be")
    assert "progress was not saved" in progress.record("0-9", "passed")


def test_two_kernels_that_record_at_once_are_both_kept(record_file):
    code = textwrap.dedent("""
        import sys
        from workshop.course.progress import record
        for k in range(100):
            assert record(f"{sys.argv[1]}-{k}", "passed") is None
    """)
    workers = [subprocess.Popen([sys.executable, "-c", code, name]) for name in "78"]
    for worker in workers:
        assert worker.wait(60) == 0
    assert set(progress.read()) == {f"{name}-{k}" for name in "78" for k in range(100)}
    assert [path.name for path in record_file.parent.iterdir()] == ["progress.json"]


def test_a_lock_that_is_never_given_back_does_not_stop_a_lesson(record_file, monkeypatch):
    monkeypatch.setattr(progress, "WAIT_S", 0.05)
    record_file.parent.mkdir()
    with filelock.FileLock(f"{record_file}.lock"):
        assert progress.record("0-9", "passed") is None
    assert progress.read()["0-9"]["status"] == "passed"


@pytest.mark.parametrize("error", [OSError(38, "no locks"), NotImplementedError()])
def test_a_file_system_without_locks_does_not_stop_a_lesson(monkeypatch, error):
    def refuse(self, *arguments, **options):
        raise error

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    assert progress.record("0-9", "passed") is None
    assert progress.read()["0-9"]["status"] == "passed"


def test_a_folder_that_cannot_be_written_has_its_record_in_the_users_own(course, own):
    unwritable(course)
    assert progress.record("2-1", "passed") is None
    (place,) = own.iterdir()
    assert place.name.startswith("progress-")
    assert progress.read()["2-1"]["status"] == "passed"
    (course / ".workshop").unlink()
    assert progress.record("2-2", "passed") is None
    assert set(json.loads((course / ".workshop" / "progress.json").read_text())["exercises"]) == {
        "2-2"
    }
    assert set(progress.read()) == {"2-1", "2-2"}


@as_another_user
def test_a_read_only_course_has_its_record_in_the_users_own(course, own):
    course.chmod(0o555)
    try:
        assert progress.record("2-1", "passed") is None
        assert progress.read()["2-1"]["status"] == "passed"
    finally:
        course.chmod(0o755)


def test_a_file_that_cannot_be_read_is_not_taken_for_an_empty_one(course, own, monkeypatch):
    place, read = course / ".workshop" / "progress.json", Path.read_bytes
    place.parent.mkdir()
    place.write_text(before := json.dumps({"version": 1, "exercises": {"1-1": PASSED}}))

    def refuse(self):
        if self.name == "progress.json":
            raise PermissionError(13, "Permission denied", str(self))
        return read(self)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        assert progress.record("2-1", "passed") is None
    assert place.read_text() == before
    assert set(progress.read()) == {"1-1", "2-1"}


def test_what_cannot_be_saved_is_said_once(course, own, monkeypatch):
    unwritable(course)
    own.write_text("a file")
    said = progress.record("2-1", "passed")
    assert "progress was not saved" in said
    assert str(course / ".workshop" / "progress.json") in said
    assert "set WORKSHOP_PROGRESS to a file" in said
    assert progress.record("2-1", "passed") is None
    assert progress.record("2-2", "passed") is None


@pytest.mark.parametrize("home", ["none", "no course"])
def test_who_has_no_home_or_no_course_records_in_the_other(course, own, monkeypatch, home):
    def nowhere():
        raise folder.CourseNotFound

    if home == "none":
        monkeypatch.setattr(progress, "own_folder", lambda: None)
        expected = [course / ".workshop" / "progress.json"]
    else:
        monkeypatch.setattr(progress, "course_folder", nowhere)
        expected = list(progress.places())
        assert expected[0].parent == own
    assert progress.record("2-1", "passed") is None
    assert [place for place in progress.places() if place.exists()] == expected


def test_two_copies_of_the_course_have_two_records(course, own, monkeypatch):
    one = progress.places()
    monkeypatch.setattr(progress, "course_folder", lambda: course / "copy")
    assert not set(one) & set(progress.places())


@pytest.mark.parametrize("name", ["is/a/folder", "will be a folder/"])
def test_a_folder_named_as_the_record_gets_one(tmp_path, monkeypatch, name):
    (tmp_path / "is/a/folder").mkdir(parents=True)
    monkeypatch.setenv("WORKSHOP_PROGRESS", f"{tmp_path}/{name}")
    assert progress.record("2-1", "passed") is None
    assert (tmp_path / name / "progress.json").is_file()
    assert progress.read()["2-1"]["status"] == "passed"


def test_a_missing_folder_of_a_named_record_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_PROGRESS", str(tmp_path / "a" / "b" / "mine.json"))
    assert progress.record("2-1", "passed") is None
    assert (tmp_path / "a" / "b" / "mine.json").is_file()


def test_a_relative_name_means_one_file_in_the_terminal_and_in_a_notebook(course, monkeypatch):
    monkeypatch.setenv("WORKSHOP_PROGRESS", "mine.json")
    for here in (course, course / "notebooks"):
        monkeypatch.chdir(here)
        assert progress.places() == [course / "mine.json"]


def test_a_name_in_the_home_folder_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("WORKSHOP_PROGRESS", " ~/mine.json ")
    assert progress.places() == [tmp_path / "mine.json"]


@pytest.mark.parametrize("name", ["~nobody-here/mine.json", "", "  "])
def test_an_odd_name_stops_nothing(course, own, monkeypatch, name):
    monkeypatch.setenv("WORKSHOP_PROGRESS", name)
    assert progress.record("2-1", "passed") is None
    assert progress.read()["2-1"]["status"] == "passed"


def test_the_null_device_takes_no_record_and_stays_one(monkeypatch):
    monkeypatch.setenv("WORKSHOP_PROGRESS", os.devnull)
    assert progress.record("2-1", "passed") is None
    assert progress.read() == {}
    assert not Path(os.devnull).is_file()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has none")
def test_a_pipe_in_the_records_place_is_told(record_file):
    record_file.parent.mkdir()
    os.mkfifo(record_file)
    assert "it is not a file" in progress.record("2-1", "passed")
    assert progress.read() == {}
    assert record_file.is_fifo()


def test_a_link_to_the_record_stays_a_link(tmp_path, record_file):
    record_file.parent.mkdir()
    record_file.symlink_to(tmp_path / "elsewhere.json")
    assert progress.record("2-1", "passed") is None
    assert record_file.is_symlink()
    assert (tmp_path / "elsewhere.json").is_file()


@pytest.mark.parametrize(
    "newer",
    [
        {"version": 2, "exercises": {"1-1": PASSED}},
        {"version": 2, "lessons": [1]},
        {"version": "2.0", "exercises": []},
    ],
)
def test_the_record_of_a_newer_edition_is_left_alone(course, own, newer):
    place = course / ".workshop" / "progress.json"
    place.parent.mkdir()
    place.write_text(text := json.dumps(newer))
    assert progress.record("2-1", "passed") is None
    assert place.read_text() == text
    known = {"1-1"} if "1-1" in newer.get("exercises", ()) else set()
    assert set(progress.read()) == known | {"2-1"}
    assert [path.name for path in place.parent.iterdir()] == ["progress.json"]


def test_what_this_version_does_not_know_stays_in_the_file(record_file):
    record_file.parent.mkdir()
    odd = {"version": 1, "exercises": {"1-2": True, "1-3": {"status": "odd"}}, "name": "Ada"}
    record_file.write_text(json.dumps(odd))
    progress.record("1-1", "passed")
    after = json.loads(record_file.read_text())
    assert after["exercises"].pop("1-1")["status"] == "passed"
    assert after == odd


def test_each_damaged_record_is_kept(record_file):
    record_file.parent.mkdir()
    for text in ("first", "second", "[" * 100_000):
        record_file.write_text(text)
        progress.record("1-1", "passed")
    kept = sorted(path.name for path in record_file.parent.glob("*.damaged*"))
    assert kept == ["progress.damaged", "progress.damaged-2", "progress.damaged-3"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_record_that_an_editor_saved_is_read(record_file, encoding):
    record_file.parent.mkdir()
    record_file.write_text(json.dumps({"exercises": {"1-1": PASSED}}), encoding=encoding)
    progress.record("1-2", "passed")
    assert set(progress.read()) == {"1-1", "1-2"}


def test_no_clock_decides_what_is_kept(record_file):
    record_file.parent.mkdir()
    later = {"status": "passed", "time": "2999-01-01T00:00:00"}
    record_file.write_text(json.dumps({"exercises": {"1-1": later, "1-2": later}}))
    progress.record("1-1", "not yet")
    progress.record("1-3", "passed")
    assert {entry["status"] for entry in progress.read().values()} == {"passed"}
    assert progress.read()["1-1"] == later


def test_a_full_disk_leaves_the_record_as_it_was(record_file, monkeypatch):
    progress.record("1-1", "passed")
    before = record_file.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left on device" in progress.record("1-2", "passed")
    assert progress.record("1-3", "passed") is None, "said once"
    assert record_file.read_bytes() == before
    assert [path.name for path in record_file.parent.iterdir()] == ["progress.json"]


def test_a_teachers_strict_run_records_nothing(record_file, monkeypatch):
    monkeypatch.setenv("WORKSHOP_STRICT", "1")
    assert progress.record("1-1", "passed") is None
    assert not record_file.exists()


def test_a_record_of_many_exercises_keeps_them_all(record_file):
    record_file.parent.mkdir()
    many = {f"{k}-1": PASSED for k in range(500)}
    record_file.write_text(json.dumps({"version": 1, "exercises": many}, indent=1))
    assert progress.record("1000-1", "passed") is None
    assert len(progress.read()) == 501


def test_the_standing_counts_what_is_passed_and_names_the_next():
    for number in ("3-1", "3-3"):
        progress.record(number, "passed")
    from workshop.course import lessons

    count = len(lessons.exercises(lessons.find("3")))
    said = progress.standing("3-1")
    assert said == f"Lesson 03: 2 of {count} exercises passed, next is 3-2."
    assert "next is 3-5" in progress.standing("3-3")
    for number in lessons.exercises(lessons.find("3")):
        progress.record(number, "passed")
    assert progress.standing("3-2") == f"Lesson 03: all {count} exercises are passed."


def test_after_the_last_exercise_the_first_open_one_is_next():
    from workshop.course import lessons

    *_, last = lessons.exercises(lessons.find("12b"))
    progress.record(last, "passed")
    assert progress.standing(last).endswith("next is 12b-1.")


@pytest.mark.parametrize("number", ["0-9", "77-1", "odd", "3-1"])
def test_there_is_no_standing_of_what_was_not_passed_or_is_not_there(number):
    assert progress.standing(number) is None


def test_there_is_no_standing_where_nothing_is_recorded(monkeypatch):
    progress.record("3-1", "passed")
    assert progress.standing("3-1")
    monkeypatch.setenv("WORKSHOP_STRICT", "1")
    assert progress.standing("3-1") is None
    monkeypatch.delenv("WORKSHOP_STRICT")
    monkeypatch.setattr(progress._kernel, "records", False)
    assert progress.standing("3-1") is None


@pytest.fixture
def clock(monkeypatch):
    """Give a function that sets the time of the record."""
    import datetime

    class Clock(datetime.datetime):
        time = datetime.datetime(2026, 1, 1, 9, 0)

        @classmethod
        def now(cls, tz=None):
            return cls.time

    monkeypatch.setattr(progress.datetime, "datetime", Clock)

    def set_to(hour, minute):
        Clock.time = datetime.datetime(2026, 1, 1, hour, minute)

    return set_to


def test_tries_are_counted_from_the_first_to_the_one_that_passed(clock):
    for minute, status in enumerate(("not yet", "not yet", "passed", "not yet")):
        clock(9, minute)
        assert progress.record("2-1", status) is None
        if minute == 1:
            assert progress.read()["2-1"] == {
                "status": "not yet",
                "time": "2026-01-01T09:00:00",
                "tries": 2,
                "last": "2026-01-01T09:01:00",
            }
    assert progress.read()["2-1"] == {
        "status": "passed",
        "time": "2026-01-01T09:02:00",
        "tries": 3,
        "last": "2026-01-01T09:02:00",
    }


def test_after_a_break_an_exercise_begins_again(clock):
    for hour, minute in ((9, 0), (9, 40), (10, 20), (14, 0), (14, 5)):
        clock(hour, minute)
        progress.record("2-1", "not yet")
    assert progress.read()["2-1"]["time"] == "2026-01-01T14:00:00"
    assert progress.read()["2-1"]["tries"] == 5


@pytest.mark.parametrize("time", ["", "yesterday", None])
def test_the_tries_of_an_older_record_go_on(record_file, time):
    record_file.parent.mkdir()
    older = {"version": 1, "exercises": {"2-1": {"status": "not yet", "time": time}}}
    record_file.write_text(json.dumps(older))
    assert progress.record("2-1", "not yet") is None
    assert progress.read()["2-1"]["tries"] == 2
    assert json.loads(record_file.read_text())["version"] == 1
