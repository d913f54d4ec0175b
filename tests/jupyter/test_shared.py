"""Whether a notebook is open in a shared page; by a server that answers as the extension does.

Where jupyter-collaboration is installed the last test asks a real one.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import browser
import pytest

from workshop.jupyter import shared

FORKS = "/api/collaboration/fork"


class Server(BaseHTTPRequestHandler):
    """Answers as jupyter-server-ydoc 3.0.4 does, where `asked` says what it holds."""

    def do_PUT(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.path, self.headers.get("Authorization"), body))
        how = self.server.how
        if how == "forbidden":
            return self.answer(403, {"message": "Forbidden"})
        if how == "none" or (how == "old" and FORKS in self.path):
            return self.answer(404, {"message": "Not Found"})
        if FORKS not in self.path:
            return self.answer(200, {"fileId": "7"})
        if how == "open":
            return self.answer(201, {"fork_roomid": "8"})
        return self.answer(404, {"code": 404, "error": "Root room not found"})

    def do_DELETE(self):
        self.server.asked.append((self.path, self.headers.get("Authorization"), b""))
        self.answer(200, {})

    def answer(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *arguments):
        pass


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Give a function that asks a server of a kind for a notebook, and what it was asked."""
    runtime, root = tmp_path / "runtime", tmp_path / "root"
    runtime.mkdir()
    root.mkdir()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(runtime))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.asked = []
    Thread(target=server.serve_forever, daemon=True).start()

    def ask(how, path="notebooks/02 é.ipynb", token="secret"):
        server.how = how
        about = {
            "pid": os.getpid(),
            "url": f"http://127.0.0.1:{server.server_port}/user/a/",
            "token": token,
            "root_dir": str(root),
        }
        (runtime / "jpserver-1.json").write_text(json.dumps(about))
        return shared.is_open(root / path), server.asked

    yield ask
    server.shutdown()
    server.server_close()


def test_a_page_that_is_open_is_known_and_nothing_is_left_of_the_question(ask):
    is_open, asked = ask("open")
    assert is_open
    assert [path for path, _, _ in asked] == [
        "/user/a/api/collaboration/session/notebooks/02%20%C3%A9.ipynb",
        "/user/a/api/collaboration/fork/json:notebook:7",
        "/user/a/api/collaboration/fork/8?merge=false",
    ]
    assert {token for _, token, _ in asked} == {"token secret"}


@pytest.mark.parametrize(("how", "is_open"), [("closed", False), ("none", False), ("old", True)])
def test_one_that_is_closed_is_known_and_one_that_may_be_open_counts(ask, how, is_open):
    assert ask(how)[0] is is_open


def test_the_hub_s_token_is_used_where_the_server_has_none(ask, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "of the hub")
    assert ask("closed", token="")[1][0][1] == "token of the hub"


@pytest.mark.parametrize("is_installed", [True, False])
def test_a_server_that_answers_nobody_counts_where_it_may_share(ask, monkeypatch, is_installed):
    monkeypatch.setattr(shared, "find_spec", lambda name: object() if is_installed else None)
    assert ask("forbidden")[0] is is_installed


def test_a_server_of_another_folder_is_not_asked(ask):
    is_open, asked = ask("open", path="../elsewhere/02.ipynb")
    assert not is_open
    assert asked == []


@pytest.mark.parametrize(
    "about",
    ["{", "[]", '{"pid": 0}', '{"pid": %d, "url": "http://127.0.0.1:9/", "root_dir": "/"}', ""],
)
def test_a_server_that_is_gone_or_damaged_is_no_trouble(tmp_path, monkeypatch, about):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "jpserver-1.json").write_text(about % os.getpid() if "%d" in about else about)
    assert not shared.is_open(tmp_path / "02.ipynb")


@pytest.mark.skipif(
    find_spec("jupyter_server_ydoc") is None, reason="jupyter-collaboration is not installed"
)
@browser.needs_chromium
def test_a_real_server_is_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    with browser.jupyterlab(tmp_path) as lab:
        notebook = Path(lab.folder) / "notebooks" / "00_welcome.ipynb"
        assert not shared.is_open(notebook)
        with lab.open("notebooks/00_welcome.ipynb"):
            assert shared.is_open(notebook)
            assert not shared.is_open(notebook.with_name("02_softmax.ipynb"))
