"""The browser gets an address that every browser may open, and the terminal says it, too."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from workshop.jupyter import lab

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the browser of these tests is a script")


@pytest.fixture
def bare(monkeypatch):
    """A machine with nothing that says what kind of place it is: a Linux without a screen."""
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(lab.sys, "platform", "linux")
    monkeypatch.setattr(lab.platform, "release", lambda: "6.8.0-generic")
    monkeypatch.setattr(lab.webbrowser, "get", lambda: "lynx")
    return monkeypatch


@pytest.mark.parametrize(
    ("variables", "here"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"BROWSER": "/usr/bin/garcon-url-handler"}, True),  # a Chromebook
        ({"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}, False),
        ({"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22", "DISPLAY": "localhost:10.0"}, True),
        ({"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22", "BROWSER": "helper.sh"}, True),  # VS Code
    ],
)
def test_a_browser_is_opened_only_where_it_can_be_seen(bare, variables, here):
    for name, value in variables.items():
        bare.setenv(name, value)
    assert lab.browser_is_here() is here


def test_windows_around_linux_has_the_browser(bare):
    bare.setattr(lab.platform, "release", lambda: "5.15.153.1-microsoft-standard-WSL2")
    assert lab.browser_is_here()


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_need_no_variable(bare, system):
    bare.setattr(lab.sys, "platform", system)
    assert lab.browser_is_here()
    bare.setenv("SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22")
    assert not lab.browser_is_here()


def test_a_machine_without_any_browser_is_no_error(bare):
    def none():
        raise lab.webbrowser.Error("could not locate runnable browser")

    bare.setenv("DISPLAY", ":0")
    bare.setattr(lab.webbrowser, "get", none)
    assert not lab.browser_is_here()


@pytest.mark.parametrize(
    ("owners", "others"), [([0, 1000, 33, 65534, 101000], False), ([0, 1000, 1001], True)]
)
def test_the_token_is_hidden_from_other_people_only(bare, owners, others):
    found = [SimpleNamespace(info={"uids": SimpleNamespace(real=owner)}) for owner in owners]
    bare.setattr(lab.psutil, "process_iter", lambda _: found)
    bare.setattr(lab.os, "getuid", lambda: 1000)
    assert lab.others_are_here() is others
    assert lab.CourseServer().use_redirect_file is others
    bare.setattr(lab.sys, "platform", "darwin")
    assert not lab.others_are_here()


def test_the_words_fit_the_place(bare):
    address = "http://localhost:8889/lab?token=x"
    assert "If no page appears" in lab.how_to_reach(address, 8889, opened=True)
    assert "Copy this address into a browser" in lab.how_to_reach(address, 8889, opened=False)
    bare.setenv("SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22")
    words = lab.how_to_reach(address, 8889, opened=False)
    assert "ssh -N -L 8889:localhost:8889" in words
    assert address in words


@contextlib.contextmanager
def started(tmp_path, *options, **variables):
    """Run `workshop lab` until it has said its words; give them, and what the browser got."""
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/opened\n')
    browser.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "workshop", "lab", "--port", str(port), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "BROWSER": str(browser), "HOME": str(tmp_path), **variables},
    )
    try:
        text = ""
        while f":{port}/lab" not in text:
            line = process.stdout.readline()
            assert line, f"it ended: {text}"
            text += line
        end = time.monotonic() + (2 if "--no-browser" in options else 60)
        opened = tmp_path / "opened"
        opened.touch()
        while not opened.read_text() and time.monotonic() < end:
            time.sleep(0.1)
        yield text, opened.read_text().strip()
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


def test_the_browser_gets_an_address_that_it_may_open(tmp_path):
    if lab.others_are_here():
        pytest.skip("other people's processes are on this machine: the token stays hidden")
    with started(tmp_path) as (text, opened):
        assert re.match(r"http://localhost:\d+/lab/tree/notebooks/00_welcome.ipynb\?token=", opened)
        assert "If no page appears there, copy this address" in text
        assert opened in text
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor()
        )
        page = opener.open(opened, timeout=60)
        assert page.status == 200
        assert b"JupyterLab" in page.read()


def test_no_browser_gets_the_address_in_the_terminal(tmp_path):
    with started(tmp_path, "--no-browser") as (text, opened):
        assert "Copy this address into a browser" in text
        assert "?token=" in text
        assert text.startswith("JupyterLab is starting")
        assert opened == ""


def test_a_token_of_their_own_is_not_shown(tmp_path):
    with started(tmp_path, JUPYTER_TOKEN="s3cret-of-theirs") as (text, _):
        assert "s3cret" not in text


def test_jupyterlab_knows_the_settings_that_the_environment_brings():
    here = Path(sys.prefix, "share", "jupyter", "lab")
    for plugin, values in json.loads((here / "settings" / "overrides.json").read_bytes()).items():
        extension, _, name = plugin.partition(":")
        schema = json.loads((here / "schemas" / extension / f"{name}.json").read_bytes())
        assert set(values) <= set(schema["properties"])


def test_a_terminal_of_jupyterlab_finds_the_course(monkeypatch):
    """Also where the server's output goes to a file: no login shell sets PATH anew."""
    monkeypatch.setenv("SHELL", "/bin/bash")
    command = lab.CourseServer().terminado_settings["shell_command"]
    assert command == ["/bin/bash"]
    here = Path(sys.executable).parent
    path = os.pathsep.join([str(here), os.environ["PATH"]])
    said = subprocess.run(
        [*command, "-c", "command -v workshop"],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == str(here / "workshop")


def test_without_a_shell_of_ones_own_a_terminal_has_one(monkeypatch):
    monkeypatch.delenv("SHELL", raising=False)
    (shell,) = lab.CourseServer().terminado_settings["shell_command"]
    assert os.access(shell, os.X_OK)
