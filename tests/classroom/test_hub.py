"""The class as a service of a hub: with a faked API of the hub, and on a real one."""

import json
import re
import socket
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import pytest
import requests
from processes import until
from tornado import web

from workshop.classroom import hub
from workshop.classroom.lessons import Lesson
from workshop.classroom.server import Service

auth = pytest.importorskip("jupyterhub.services.auth", reason="the extra hub is not installed")

ENTER, READ = "access:services!service=class", "custom:class:read"
PREFIX = "/services/class/"
TOKENS = {
    "ada-token": {"name": "ada", "kind": "user", "scopes": [ENTER]},
    "teacher-token": {"name": "teacher", "kind": "user", "scopes": [ENTER, READ]},
    "outside-token": {"name": "eve", "kind": "user", "scopes": ["access:servers"]},
    "service-token": {"name": "wake", "kind": "service", "scopes": [ENTER]},
}
RECORD = {"exercises": {"2-1": {"status": "passed", "time": "2026-01-01T09:00:00"}}}


class FakeUser(web.RequestHandler):
    """The hub says whose token it is."""

    def get(self):
        token = self.request.headers.get("Authorization", "").partition(" ")[2]
        if token not in TOKENS:
            raise web.HTTPError(403)
        self.write({"admin": False, "groups": [], "server": None, **TOKENS[token]})


class FakeLogin(web.RequestHandler):
    """The hub gives a browser's token; its code is the token here."""

    def post(self):
        self.write({"access_token": self.get_argument("code"), "token_type": "Bearer"})


@pytest.fixture
def classroom(serve, monkeypatch):
    """The service of a hub that is faked."""
    fake = web.Application(
        [("/hub/api/user", FakeUser), ("/hub/api/oauth2/token", FakeLogin)],
        log_function=lambda handler: None,
    )
    for name, value in {
        "API_URL": f"http://127.0.0.1:{serve(fake)}/hub/api",
        "API_TOKEN": "the service's own",
        "SERVICE_NAME": "class",
        "SERVICE_PREFIX": PREFIX,
        "CLIENT_ID": "service-class",
        "OAUTH_ACCESS_SCOPES": json.dumps([ENTER]),
        "OAUTH_SCOPES": json.dumps([ENTER, READ]),
    }.items():
        monkeypatch.setenv(f"JUPYTERHUB_{name}", value)
    auth.HubOAuth.clear_instance()
    service = Service([Lesson("2", "02", "Softmax", ("2-1",))])
    port = serve(hub.hub(service))
    yield SimpleNamespace(
        url=f"http://127.0.0.1:{port}{PREFIX}", service=service, roster=service.roster
    )
    authentication = auth.HubOAuth.instance()
    auth.HubOAuth.clear_instance()
    if (loop := getattr(authentication, "_thread_loop", None)) is not None:  # it closes it never
        authentication._pool.submit(loop.close).result()
        authentication._pool.shutdown()


def token(name):
    return {"Authorization": f"token {name}-token"}


def test_the_hub_says_whose_record_it_is(ask, classroom):
    status, text, _ = ask("PUT", f"{classroom.url}record", {**RECORD, "name": "eve"}, token("ada"))
    assert (status, text) == (200, '{"held": [], "hand": false}')
    assert set(classroom.roster.learners) == {"ada"}
    assert ask("DELETE", f"{classroom.url}record", None, token("ada"))[0] == 200
    assert not classroom.roster.learners


@pytest.mark.parametrize("name", ["nobody", "outside", "service", ""])
def test_no_token_or_a_wrong_one_writes_nothing(ask, classroom, name):
    headers = token(name) if name else {}
    for method in ("PUT", "DELETE"):
        assert ask(method, f"{classroom.url}record", RECORD, headers)[0] == 403
    assert not classroom.roster.learners


def test_bad_and_large_records_are_refused(ask, classroom):
    assert ask("PUT", f"{classroom.url}record", b"{", token("ada"))[0] == 400
    assert ask("PUT", f"{classroom.url}record", b" " * 200_001, token("ada"))[0] == 413


def test_the_page_is_for_the_role_instructor_only(ask, classroom):
    ask("PUT", f"{classroom.url}record", RECORD, token("ada"))
    status, text, _ = ask("GET", f"{classroom.url}?lesson=2", None, token("teacher"))
    assert (status, "1 of 1 passed" in text) == (200, True)
    for name in ("ada", "outside"):
        status, text, _ = ask("GET", classroom.url, None, token(name))
        assert (status, "1 of 1" in text) == (403, False)
    status, _, headers = ask("GET", classroom.url)
    assert status == 302
    assert headers["Location"].startswith("/hub/api/oauth2/authorize?")


def log_in(session, url, code):
    """Log in as a browser does."""
    to_the_hub = session.get(url, allow_redirects=False).headers["Location"]
    state = re.search("state=([^&]+)", to_the_hub)[1]
    session.get(f"{url}oauth_callback?code={code}&state={state}", allow_redirects=False)


def test_in_a_browser_the_instructor_holds_and_opens_and_no_other_page_does(classroom):
    with requests.Session() as session:
        log_in(session, classroom.url, "teacher-token")
        text = session.get(f"{classroom.url}?lesson=2").text
        xsrf = re.search(r'name="_xsrf" value="([^"]+)"', text)[1]
        wanted = {"key": "2", "held": "1", "lesson": "2", "sort": "need"}
        assert session.post(f"{classroom.url}hold", data=wanted).status_code == 403
        assert not classroom.roster.held
        held = session.post(f"{classroom.url}hold", data={**wanted, "_xsrf": xsrf})
        assert (held.status_code, classroom.roster.held) == (200, {"2"})
        assert "Open the verdicts of 02" in held.text
        # As page.js renews the page: a fetch, which the hub's authentication wants a token for.
        fetched = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
        renewed = session.get(classroom.url, headers={**fetched, "X-XSRFToken": xsrf})
        assert (renewed.status_code, "Who has passed" in renewed.text) == (200, True)
        refused = session.get(classroom.url, headers=fetched, allow_redirects=False)
        assert refused.status_code == 302


def test_in_a_browser_a_learner_is_refused(classroom):
    with requests.Session() as session:
        log_in(session, classroom.url, "ada-token")
        assert session.get(classroom.url).status_code == 403
        assert session.post(f"{classroom.url}hold", data={"key": "2"}).status_code == 403


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


CONFIGURATION = """
import sys
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.command = {proxy}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.Authenticator.allow_all = True
c.JupyterHub.custom_scopes = {{"{read}": {{"description": "See the class."}}}}
c.JupyterHub.services = [
    {{"name": "class", "url": "http://127.0.0.1:{class_port}", "oauth_no_confirm": True,
     "command": [sys.executable, "-m", "workshop", "class", "serve", "--hold"],
     "oauth_client_allowed_scopes": ["{read}", "{enter}"]}},
    {{"name": "test", "api_token": "token-of-the-test"}},
]
c.JupyterHub.load_roles = [
    {{"name": "user", "scopes": ["self", "{enter}"]}},
    {{"name": "instructor", "scopes": ["{read}", "{enter}"], "users": ["teacher"]}},
    {{"name": "test", "scopes": ["admin:users", "tokens", "{enter}"], "services": ["test"]}},
]
"""


@pytest.fixture
def real_hub(hub_environment, tmp_path):
    """A hub with the class as its service: its address, and a function that makes tokens."""
    _, proxy = hub_environment
    ports = {name: free_port() for name in ("port", "hub_port", "proxy_port", "class_port")}
    text = textwrap.dedent(CONFIGURATION).format(**ports, proxy=proxy, read=READ, enter=ENTER)
    (tmp_path / "config.py").write_text(text)
    command = [sys.executable, "-m", "jupyterhub", "-f", "config.py"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{ports['port']}"
    service = f"http://127.0.0.1:{ports['class_port']}{PREFIX}"
    headers = {"Authorization": "token token-of-the-test"}

    def is_up():
        assert process.poll() is None, (tmp_path / "log").read_text()[-3000:]
        try:
            if requests.get(f"{url}/hub/api/", timeout=5).status_code != 200:
                return False  # the proxy has no route yet
            return requests.put(f"{service}record", timeout=5).status_code == 403
        except requests.ConnectionError:
            return False

    def token_of(name):
        users = f"{url}/hub/api/users/{name}"
        requests.post(users, headers=headers, timeout=30)
        body = {"scopes": [ENTER]}
        made = requests.post(f"{users}/tokens", headers=headers, json=body, timeout=30)
        assert made.status_code == 201, made.text
        return {"Authorization": f"token {made.json()['token']}"}

    try:
        until(is_up, "the hub or its service did not start", seconds=120)
        yield SimpleNamespace(url=url, service=service, token_of=token_of)
    finally:
        process.terminate()
        process.wait(60)


def test_on_a_real_hub(ask, real_hub):
    ada = real_hub.token_of("ada")
    status, text, _ = ask("PUT", f"{real_hub.service}record", RECORD, ada)
    assert status == 200
    assert {"2", "1b"} <= set(json.loads(text)["held"])
    assert ask("GET", real_hub.service, None, ada)[0] == 403
    assert ask("PUT", f"{real_hub.service}record", RECORD, {"Authorization": "token x"})[0] == 403
    for name, status in (("teacher", 200), ("ada", 403)):
        with requests.Session() as session:
            page = session.get(f"{real_hub.url}{PREFIX}")
            assert "/hub/login" in page.url
            xsrf = re.search(r'name="_xsrf"\s+value="([^"]+)"', page.text)[1]
            form = {"username": name, "password": "any", "_xsrf": xsrf}
            page = session.post(page.url, data=form)
            assert (page.status_code, "<bdi>ada</bdi>" in page.text) == (status, status == 200), (
                page.url
            )
