"""Learners' servers started through a hub's API; here the hub is played."""

import http.server
import json
import threading

import pytest

from workshop.hub.settings import HubError
from workshop.hub.wake import Api, wake


class PlayedHub(http.server.BaseHTTPRequestHandler):
    """Starts each server at the second look, but never that of `zoe`; knows one token."""

    asked: dict

    def do_GET(self):
        name = self.path.split("/")[-1].split("?")[0]
        self.asked[name] = self.asked.get(name, 0) + 1
        ready = self.asked[name] > 1
        server = {"ready": ready, "pending": None if ready else "spawn"}
        self.answer(200, {"servers": {} if name == "zoe" else {"": server}})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers["Authorization"] != "token right":
            self.answer(403, {"message": "Missing or invalid credentials."})
        elif self.path.endswith("/users"):
            self.asked["created"] = json.loads(body)["usernames"]
            self.answer(409, {"message": "All exist"})
        else:
            self.answer(202, None)

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def hub():
    handler = type("Handler", (PlayedHub,), {"asked": {}})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.asked = handler.asked
        yield server
        server.shutdown()


def api_of(hub, token="right"):
    return Api(f"http://127.0.0.1:{hub.server_address[1]}/hub/", token)


def test_each_server_is_started_once_and_told(hub):
    told = []
    done = wake(api_of(hub), ["Ana", "ben ", "ana"], told=lambda *what: told.append(what))
    assert set(done) == {"ana", "ben"}
    assert all(seconds > 0.4 for seconds in done.values())  # it looked twice
    assert sorted(name for name, _ in told) == ["ana", "ben"]
    assert hub.asked["created"] == ["ana", "ben"]


def test_one_that_does_not_start_keeps_nobody_back(hub):
    done = wake(api_of(hub), ["zoe", "ana"])
    assert "server of zoe did not start" in str(done["zoe"])
    assert done["ana"] > 0


@pytest.mark.parametrize("name", ["2ana", "ana m", "a" * 31, "ана", "a/b", ""])
def test_a_name_that_nobody_could_log_in_with(hub, name):
    with pytest.raises(HubError, match=r"is no name for a learner"):
        wake(api_of(hub), ["ben", name])
    assert "created" not in hub.asked


def test_a_wrong_token_and_no_hub_are_said(hub):
    with pytest.raises(HubError, match=r"refused POST users: 403, Missing or invalid credentials"):
        wake(api_of(hub, "wrong"), ["ana"])
    with pytest.raises(HubError, match=r"No hub answers at http://127.0.0.1:9"):
        wake(Api("http://127.0.0.1:9", "x"), ["ana"])
