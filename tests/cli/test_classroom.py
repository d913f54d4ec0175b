"""The commands of a class, as they are typed."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest
from processes import until

from workshop.classroom import membership
from workshop.classroom.membership import ClassError
from workshop.course import progress

pytestmark = pytest.mark.usefixtures("record_file")
CLASS = ("class", "join", "http://192.0.2.7:8900", "--name", "Ada")


@pytest.fixture(autouse=True)
def service(monkeypatch):
    """What reaches the service, which is not there."""
    came = []
    for name in ("WORKSHOP_CLASS", "JUPYTERHUB_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(membership, "send", lambda member: came.append(("PUT", member)) or {})
    monkeypatch.setattr(membership, "delete", lambda member: came.append(("DELETE", member)))
    return came


@pytest.fixture
def answers(monkeypatch):
    """Give a function that types answers."""
    import typer

    def answers(*, yes, name="Ada"):
        monkeypatch.setattr(typer, "confirm", lambda text, default: yes)
        monkeypatch.setattr(typer, "prompt", lambda text: name)

    return answers


def test_join_shows_what_would_be_sent_and_asks(type_in, service, answers):
    progress.record("2-1", "not yet")
    answers(yes=False)
    status, text = type_in(*CLASS)
    assert (status, service) == (1, [])
    assert "Nothing was sent" in text
    shown = json.loads(text[: text.index("\n}") + 2])
    assert shown["name"] == "Ada"
    assert shown["exercises"]["2-1"]["tries"] == 1
    assert membership.load() is None
    answers(yes=True)
    status, text = type_in("class", "join", "http://192.0.2.7:8900")
    assert (status, [method for method, _ in service]) == (0, ["PUT"])
    assert membership.load() == service[0][1]
    assert "class leave" in text
    assert "in a class already" in type_in(*CLASS)[1]


def test_on_a_hub_nobody_is_asked_for_a_name(type_in, service, monkeypatch):
    monkeypatch.setenv("WORKSHOP_CLASS", "http://127.0.0.1:1/services/class")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "token")
    status, text = type_in("class", "join", "--yes")
    assert status == 0
    assert '"name"' not in text
    assert service[0][1] == membership.Membership()
    monkeypatch.delenv("WORKSHOP_CLASS")
    assert "not its server" in type_in("class", "show")[1]


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("http://192.0.2.7", "--name", "x" * 41)])
def test_what_is_no_class_is_told_before_anything_is_asked(type_in, service, arguments):
    status, text = type_in("class", "join", *arguments)
    assert (status, service) == (1, [])
    assert "You have not joined" in text


def test_a_class_that_does_not_answer_is_not_joined(type_in, monkeypatch):
    def refuse(member):
        raise ClassError("nobody there")

    monkeypatch.setattr(membership, "send", refuse)
    status, text = type_in(*CLASS, "--yes")
    assert (status, membership.load()) == (1, None)
    assert "nobody there" in text


def test_leave_deletes_and_says_what_could_not_be_deleted(type_in, service, monkeypatch):
    assert "in no class" in type_in("class", "leave")[1]
    type_in(*CLASS, "--yes")
    assert type_in("class", "leave")[0] == 0
    assert service[-1][0] == "DELETE"
    assert membership.load() is None

    def refuse(member):
        raise ClassError("nobody there")

    type_in(*CLASS, "--yes")
    monkeypatch.setattr(membership, "delete", refuse)
    status, text = type_in("class", "leave")
    assert (status, membership.load()) == (1, None)
    assert "could not be deleted: nobody there" in text


def test_a_hand_goes_up_and_down(type_in, service):
    assert "in no class" in type_in("class", "help", "Why?")[1]
    type_in(*CLASS, "--yes")
    assert "hand is up" in type_in("class", "help", "Why", "NaN?")[1]
    assert service[-1][1].question == "Why NaN?"
    assert '"Why NaN?"' in type_in("class", "show")[1]
    assert "hand is down" in type_in("class", "help", "--done")[1]
    assert service[-1][1].question is None
    type_in("class", "help")
    assert membership.load().question == ""
    status, text = type_in("class", "help", "x" * 201)
    assert status == 1
    assert "at most 200 letters, got 201" in text


def test_show_says_that_nothing_is_sent(type_in):
    assert type_in("class", "show") == (0, "You are in no class. Nothing is sent.\n")


def test_serve_in_a_room_from_the_first_line_to_ctrl_c(tmp_path):
    (tmp_path / "ada.json").write_text('{"exercises": {"2-1": {"status": "passed"}}}')
    command = [sys.executable, "-u", "-m", "workshop", "class", "serve", str(tmp_path)]
    env = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    log = tmp_path / "log"
    with log.open("w") as file:
        process = subprocess.Popen([*command, "--port", "0"], stdout=file, stderr=file, env=env)
    try:
        until(lambda: "Ctrl-C" in log.read_text(), "no page", seconds=60)
        assert "class join" not in log.read_text()
        page = re.search(r"http://127\.0\.0\.1:\d+/\?key=\S+", log.read_text())[0]
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with opener.open(page, timeout=30) as reply:
            assert "<bdi>ada</bdi>" in reply.read().decode()
    finally:
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        process.wait(30)
    assert "Traceback" not in log.read_text()


def test_a_port_in_use_and_a_folder_that_is_not_there_are_told(type_in, tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        status, text = type_in("class", "serve", "--port", str(taken.getsockname()[1]))
    assert status == 1
    assert "Try another --port" in text
    status, text = type_in("class", "serve", str(tmp_path / "nothing"))
    assert status == 2
