"""Where a browser finds TensorBoard: on this machine, through our server, on a hub, or nowhere."""

import http.server
import importlib.machinery
import importlib.util
import json
import os
import threading

import pytest

from workshop.widgets.address import address_of

pytestmark = pytest.mark.usefixtures("alone")


def test_without_a_server_it_is_this_machine():
    assert address_of(6006) == "http://127.0.0.1:6006/"


@pytest.mark.parametrize("name", ["JUPYTERHUB_SERVICE_PREFIX", "BINDER_SERVICE_HOST"])
def test_a_hub_that_passes_nothing_on_is_nowhere(monkeypatch, name):
    monkeypatch.setenv(name, "/user/ada/")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert address_of(6006) is None


@pytest.mark.parametrize("prefix", ["/user/ada/", "/user/ada"])
def test_a_hub_passes_it_on(monkeypatch, prefix):
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", prefix)
    monkeypatch.setenv("BINDER_SERVICE_HOST", "10.0.0.1")
    spec = importlib.machinery.ModuleSpec("jupyter_server_proxy", None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    assert address_of(6006) == "/user/ada/proxy/6006/"


def test_the_address_that_tensorboard_itself_is_told_goes_first(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ada/")
    monkeypatch.setenv("TENSORBOARD_PROXY_URL", "https://there.example/%PORT%/tb/")
    assert address_of(6006) == "https://there.example/6006/tb/"


class Jupyter(http.server.BaseHTTPRequestHandler):
    """A Jupyter server that passes port 6006 on to those who know the token."""

    def do_GET(self):
        known = self.headers["Authorization"] == "token t0ken"
        found = self.path == "/base/proxy/6006/data/environment"
        self.send_response(200 if known and found else 403)
        self.end_headers()
        self.wfile.write(b'{"version": "2.21.0"}')

    def log_message(self, *parts):
        pass


@pytest.fixture
def jupyter(tmp_path):
    """Write down where the Jupyter server of this kernel listens."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Jupyter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    about = tmp_path / "runtime" / f"jpserver-{os.getppid()}.json"
    url = f"http://127.0.0.1:{server.server_port}/base/"
    yield lambda **more: about.write_text(json.dumps({"url": url, "base_url": "/base/", **more}))
    server.shutdown()
    server.server_close()


def test_the_server_that_passes_the_page_on(jupyter):
    jupyter(token="t0ken")
    assert address_of(6006) == "/base/proxy/6006/"


@pytest.mark.parametrize("about", [{"token": "other"}, {}, {"token": "t0ken", "url": "nonsense"}])
def test_a_server_that_does_not(jupyter, about):
    jupyter(**about)
    assert address_of(6006) == "http://127.0.0.1:6006/"
