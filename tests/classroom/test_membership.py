"""The learner's side of a class."""

import json
import os
import socket
import stat
import threading
import time

import pytest

from workshop.classroom import membership
from workshop.classroom.membership import ClassError, Membership
from workshop.course import progress

pytestmark = pytest.mark.usefixtures("record_file")


@pytest.fixture(autouse=True)
def nothing_before(monkeypatch):
    for name in ("WORKSHOP_CLASS", "JUPYTERHUB_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(membership._service, "silent_until", 0.0)
    monkeypatch.setattr(progress._kernel, "records", True)


@pytest.fixture
def joined(classroom):
    """A learner who joined."""
    member = membership.new(f"{classroom.url}/", " Ada  L. ")
    membership.send(member)
    membership.save(member)
    return member


@pytest.fixture
def deaf():
    """The address of a service that takes a connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_nothing_is_sent_before_the_learner_joins(classroom, monkeypatch):
    monkeypatch.setenv("WORKSHOP_CLASS", classroom.url)
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "a" * 30)
    progress.record("2-1", "passed")
    assert membership.tell("2-1") is False
    assert threading.active_count() == len(threading.enumerate())
    assert not classroom.roster.learners


def test_after_joining_each_check_is_sent_and_only_what_is_shown(classroom, joined):
    assert set(classroom.roster.learners) == {"Ada L."}
    progress.record("2-1", "not yet")
    assert membership.tell("2-1") is False
    assert classroom.roster.learners["Ada L."].exercises["2-1"].tries == 1
    sent = membership.message(joined)
    assert set(sent) == {"name", "now", "exercises"}
    assert set(sent["exercises"]["2-1"]) == {"status", "time", "tries", "last"}


def test_leaving_deletes_and_stops(classroom, joined):
    membership.delete(joined)
    membership.forget()
    assert membership.load() is None
    progress.record("2-1", "passed")
    membership.tell("2-1")
    assert not classroom.roster.learners


def test_verdicts_are_held_for_the_lesson_that_is_held_until_it_is_opened(classroom, joined):
    classroom.roster.hold("2", held=True)
    assert membership.tell("2-1") is True
    assert membership.tell("2b-1") is False
    classroom.roster.hold("2", held=False)
    assert membership.tell("2-1") is False


def test_a_service_that_forgot_all_learns_it_again(classroom, joined):
    progress.record("2-1", "passed")
    classroom.roster.learners.clear()
    membership.tell("2-1")
    assert classroom.roster.learners["Ada L."].exercises["2-1"].passed


def test_a_hand_goes_up_and_comes_down_after_the_instructor_was_there(classroom, joined):
    up = Membership(joined.url, joined.name, joined.secret, "Why?", "2026-01-01T09:00:00")
    membership.save(up)
    membership.tell("2-1")
    assert classroom.roster.learners["Ada L."].hand.text == "Why?"
    classroom.roster.answer("Ada L.")
    membership.tell("2-1")
    assert classroom.roster.learners["Ada L."].hand is None
    assert membership.load() == joined


def test_a_service_that_is_gone_shows_verdicts_and_stops_nothing(deaf, monkeypatch):
    monkeypatch.setattr(membership, "TIMEOUT_S", 0.2)
    membership.save(Membership(deaf, "Ada", "a" * 30))
    assert membership.tell("2-1") is False
    assert membership._service.silent_until > time.monotonic()
    with pytest.raises(ClassError, match="can't be reached"):
        membership.send(membership.load())


def test_after_a_silence_no_check_waits(deaf, monkeypatch):
    waited = []
    monkeypatch.setattr(threading.Thread, "join", lambda self, timeout=None: waited.append(timeout))
    monkeypatch.setattr(membership, "TIMEOUT_S", 0.2)
    membership.save(Membership(deaf, "Ada", "a" * 30))
    monkeypatch.setattr(membership._service, "silent_until", time.monotonic() + 60)
    assert membership.tell("2-1") is False
    assert waited == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"odd": 1}', "3"])
def test_a_damaged_file_means_no_class(record_file, text):
    record_file.parent.mkdir()
    record_file.with_suffix(".class.json").write_text(text)
    assert membership.load() is None
    assert membership.tell("2-1") is False


def test_a_solved_copy_and_a_strict_run_send_nothing(classroom, joined, monkeypatch):
    classroom.roster.learners.clear()
    monkeypatch.setattr(progress._kernel, "records", False)
    membership.tell("2-1")
    monkeypatch.setattr(progress._kernel, "records", True)
    monkeypatch.setenv("WORKSHOP_STRICT", "1")
    membership.tell("2-1")
    assert not classroom.roster.learners


def test_the_file_is_for_the_user_alone(joined, record_file):
    place = record_file.with_suffix(".class.json")
    assert json.loads(place.read_text())["secret"] == joined.secret
    if os.name == "posix":
        assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_on_a_hub_its_token_goes_to_its_service_and_nowhere_else(classroom, monkeypatch):
    monkeypatch.setenv("WORKSHOP_CLASS", f"{classroom.url}/")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "t" * 30)
    assert membership.new() == membership.new(classroom.url) == Membership()
    assert Membership().address == classroom.url
    elsewhere = membership.new("http://192.0.2.7:8900", "Ada")
    assert elsewhere.secret
    assert elsewhere.secret != "t" * 30
    monkeypatch.delenv("WORKSHOP_CLASS")
    membership.save(Membership())
    assert membership.load().address == ""
    assert membership.tell("2-1") is False


@pytest.mark.parametrize(
    ("url", "name", "says"),
    [
        (None, "Ada", "Which class"),
        ("nonsense", "Ada", "Expected an address"),
        ("ftp://class.example", "Ada", "Expected an address"),
        ("http://class.example:port", "Ada", "Expected an address"),
        ("http://", "Ada", "Expected an address"),
        ("http://class.example", " ", "Expected a name of 1 to 40 letters, got 0"),
        ("http://class.example", "x" * 41, "got 41"),
    ],
)
def test_what_is_no_class_or_no_name_is_told(url, name, says):
    with pytest.raises(ClassError, match=says):
        membership.new(url, name)


def test_without_a_record_nobody_joins(monkeypatch):
    monkeypatch.setenv("WORKSHOP_PROGRESS", os.devnull)
    with pytest.raises(ClassError, match="Unset"):
        membership.new("http://class.example", "Ada")
    assert membership.load() is None


def test_a_refusal_of_the_service_is_told(classroom, joined):
    with pytest.raises(ClassError, match=r"409: Somebody in this class is Ada L\. already"):
        membership.send(membership.new(classroom.url, "Ada L."))


def test_a_folder_that_cannot_be_written_is_told(record_file):
    record_file.parent.write_text("a file")
    with pytest.raises(ClassError, match="not saved"):
        membership.save(Membership("http://class.example", "Ada", "a" * 30))
