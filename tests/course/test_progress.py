"""The record of the learner's progress."""

import json
import subprocess
import sys
import textwrap

import pytest

from workshop.course import progress

pytestmark = pytest.mark.usefixtures("record_file")


def test_passed_stays_passed():
    progress.record("0-9", "passed")
    progress.record("0-9", "not yet")
    assert progress.read()["0-9"]["status"] == "passed"


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


def test_two_kernels_that_record_at_once_leave_a_whole_file(record_file):
    code = textwrap.dedent("""
        from workshop.course.progress import record
        for k in range(100):
            assert record(f"8-{k}", "passed") is None
    """)
    workers = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    for worker in workers:
        assert worker.wait(60) == 0
    assert progress.read()["8-99"]["status"] == "passed"
    assert [path.name for path in record_file.parent.iterdir()] == ["progress.json"]
