"""The commands `workshop hub` and `workshop hub wake`, with a hub that is played."""

import contextlib
from types import SimpleNamespace

import pytest

from workshop.hub import lessons, life, wake
from workshop.hub.settings import HubError, renew


@pytest.fixture
def played(monkeypatch):
    """Give what the hub was told; it ends when somebody types Ctrl-C."""
    told = {}

    @contextlib.contextmanager
    def running(course, folder, **changes):
        told.update(changes, folder=folder)

        def wait():
            raise KeyboardInterrupt

        yield renew(folder, **changes) | {"process": SimpleNamespace(wait=wait)}

    monkeypatch.setattr(life, "running", running)
    monkeypatch.setattr(lessons, "given", lambda *_: {"repository": "", "branch": ""})
    monkeypatch.setattr(lessons, "data", lambda sample: {"data": "" if sample else "/mnist"})
    return told


def test_it_says_how_to_log_in_and_where_the_work_is(type_in, played, tmp_path):
    status, said = type_in("hub", "--folder", str(tmp_path), "--password", "tulip-field")
    assert status == 0
    assert "http://127.0.0.1:8000" in said
    assert "a name such as ana2 and the class password:   tulip-field" in said
    assert "log in as teacher with:" in said
    assert "add --room for a class" in said
    assert "stopped. Learners' work is kept in" in said
    assert played["data"] == "/mnist"


def test_a_room_and_own_passwords(type_in, played, tmp_path):
    words = ("--room", "--own-passwords", "--port", "8100", "--memory", "3", "--sample")
    _, said = type_in("hub", *words, "--folder", str(tmp_path))
    assert "an own password, and first the class password" in said
    assert "--room" not in said
    assert (played["ip"], played["port"], played["memory_gb"]) == ("0.0.0.0", 8100, 3)
    assert played["data"] == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--password", "short"), "expected 8 plain letters"),
        (("--certificate", "x.pem"), "needs both files"),
        (("--memory", "0"), "1 or more"),
    ],
)
def test_what_will_not_do_is_said(type_in, played, tmp_path, words, message):
    status, said = type_in("hub", "--folder", str(tmp_path), *words)
    assert status == 1
    assert message in said


def test_wake_needs_a_hub(type_in, tmp_path, monkeypatch):
    monkeypatch.delenv("JUPYTERHUB_API_TOKEN", raising=False)
    status, said = type_in("hub", "--folder", str(tmp_path), "wake", "ana")
    assert status == 1
    assert "No hub was started here yet" in said


def test_wake_names_a_damaged_settings_file(type_in, tmp_path):
    (tmp_path / "settings.json").write_text("{")
    status, said = type_in("hub", "--folder", str(tmp_path), "wake", "ana")
    assert status == 1
    assert "settings.json can't be read" in said
    status, said = type_in("hub", "wake", "ana", "--url", "https://hub.example")
    assert status == 1
    assert "JUPYTERHUB_API_TOKEN is not set" in said


def test_wake_tells_each_and_counts(type_in, tmp_path, monkeypatch):
    settings = renew(tmp_path, port=8123)

    def played(api, names, *, at_once, told):
        assert (api.url, at_once) == ("http://127.0.0.1:8123", 2)
        assert api.session.headers["Authorization"] == f"token {settings['token']}"
        done = {"ana": 7.25, "ben": HubError("The server of ben did not start")}
        for name in names:
            told(name, done[name])
        return done

    monkeypatch.setattr(wake, "wake", played)
    words = ("hub", "--folder", str(tmp_path), "wake", "--at-once", "2", "ana", "ben")
    status, said = type_in(*words)
    assert status == 1
    assert "ana            7.2 s" in said
    assert "The server of ben did not start" in said
    assert "1 of 2 servers run" in said
