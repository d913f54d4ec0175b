"""The hub's own environment, and what is said where it can't be made."""

import subprocess
import sys

import pytest

from workshop.hub import environment
from workshop.hub.settings import HubError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no hub on Windows")


def test_without_node_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    with pytest.raises(HubError) as caught:
        environment.prepare(tmp_path)
    assert "needs Node.js 20 or newer with npm, and here is none" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_old_node_is_named(monkeypatch, tmp_path):
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\necho v18.2.0\n")
    node.chmod(0o755)
    monkeypatch.setattr(environment.shutil, "which", lambda name: str(node))
    with pytest.raises(HubError, match=r"here is Node.js v18.2.0"):
        environment.prepare(tmp_path)


def test_on_windows_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(environment.sys, "platform", "win32")
    with pytest.raises(HubError, match=r"inside WSL2"):
        environment.prepare(tmp_path)


def test_what_fails_is_named_and_nothing_counts_as_installed(monkeypatch, tmp_path):
    course = tmp_path / "course"
    (course / "deploy" / "jupyterhub").mkdir(parents=True)
    (course / "constraints.txt").touch()
    (course / "deploy" / "jupyterhub" / "requirements.txt").touch()
    monkeypatch.setattr(environment, "_node", lambda: ("node", "no-such-npm"))
    monkeypatch.setattr(
        environment.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1)
    )
    with pytest.raises(HubError, match=r"failed.*Start again"):
        environment.prepare(course)
    assert not (course / ".venv-hub" / "hub-stamp.txt").exists()


def test_what_is_there_is_not_installed_again(hub_environment, monkeypatch):
    from workshop.course import course_folder

    monkeypatch.setattr(environment, "_run", lambda command: pytest.fail(f"ran {command}"))
    assert environment.prepare(course_folder()) == hub_environment
