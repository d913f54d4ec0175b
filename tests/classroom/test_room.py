"""A class without a hub: whose name is whose, the key, the upload."""

import json
import re

import browser
import pytest
import requests
from axe import violations

RECORD = {"exercises": {"2-1": {"status": "passed", "time": "2026-01-01T09:00:00"}}}


def as_learner(name, secret):
    return {**RECORD, "name": name}, {"Authorization": f"token {secret * 30}"}


def test_nobody_writes_for_another(ask, classroom):
    url = f"{classroom.url}/record"
    assert ask("PUT", url, *as_learner("Ada", "a"))[0] == 200
    status, text, _ = ask("PUT", url, *as_learner(" ADA ", "b"))
    assert (status, "already" in text) == (409, True)
    assert ask("DELETE", url, None, as_learner("", "b")[1])[0] == 200
    assert set(classroom.roster.learners) == {"Ada"}


def test_a_learner_may_take_another_name_and_a_name_is_free_again(ask, classroom):
    url = f"{classroom.url}/record"
    ask("PUT", url, *as_learner("Ada", "a"))
    ask("PUT", url, *as_learner("Ada L.", "a"))
    assert set(classroom.roster.learners) == {"Ada L."}
    assert ask("PUT", url, *as_learner("Ada", "b"))[0] == 200


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\u202eb", 3 * "\n"])
def test_odd_names_are_refused(ask, classroom, name):
    status, text, _ = ask("PUT", f"{classroom.url}/record", *as_learner(name, "a"))
    assert (status, "Expected a name" in text) == (400, True)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "token short"}])
def test_without_a_secret_nothing_is_written(ask, classroom, headers):
    for method in ("PUT", "DELETE"):
        assert ask(method, f"{classroom.url}/record", {}, headers)[0] == 403


def test_the_key_opens_the_page_and_a_wrong_one_does_not(ask, classroom):
    url = f"{classroom.url}/?key="
    status, _, headers = ask("GET", f"{url}the-key-of-the-instructor")
    assert (status, headers["Location"]) == (302, "./")
    assert "HttpOnly" in headers["Set-Cookie"]
    assert "SameSite=Strict" in headers["Set-Cookie"]
    assert headers["Set-Cookie"].startswith(classroom.instructor["Cookie"])
    assert ask("GET", f"{url}wrong")[0] == 403


def test_a_learner_sees_how_to_join_and_no_table(ask, classroom):
    ask("PUT", f"{classroom.url}/record", *as_learner("Ada", "a"))
    wrong = {"Cookie": f"class-key-{classroom.port}=wrong"}
    for headers in ({}, wrong):
        status, text, _ = ask("GET", f"{classroom.url}/", None, headers)
        assert status == 200
        assert f"workshop class join {classroom.url}" in text
        assert "Ada" not in text


def upload(session, url, name, content):
    xsrf = re.search(r'name="_xsrf" value="([^"]+)"', session.get(url).text)[1]
    files = {"record": ("progress.json", content)} if content is not None else None
    data = {"_xsrf": xsrf, "name": name}
    return session.post(f"{url}/upload", data=data, files=files)


def test_a_record_is_sent_from_a_browser_again_and_by_nobody_else(classroom):
    with requests.Session() as mine, requests.Session() as other:
        sent = upload(mine, classroom.url, "Ada <b>", json.dumps(RECORD))
        assert sent.status_code == 200
        assert "Ada &lt;b&gt;, your instructor sees" in sent.text
        assert upload(mine, classroom.url, "Ada <b>", json.dumps(RECORD)).status_code == 200
        assert upload(other, classroom.url, "Ada <b>", json.dumps(RECORD)).status_code == 409
        assert upload(other, classroom.url, "Eve", "no record").status_code == 400
        assert "Choose the file" in upload(other, classroom.url, "Eve", None).text
        assert other.post(f"{classroom.url}/upload", data={"name": "Eve"}).status_code == 403
    assert set(classroom.roster.learners) == {"Ada <b>"}


def test_a_class_from_a_folder_takes_nothing(ask, classroom, tmp_path):
    (tmp_path / "grace.json").write_text(json.dumps(RECORD))
    (tmp_path / "bad.json").write_text("{")
    classroom.service.folder = tmp_path
    assert ask("PUT", f"{classroom.url}/record", *as_learner("Ada", "a"))[0] == 404
    assert ask("GET", f"{classroom.url}/")[0] == 403
    _, text, _ = ask("GET", f"{classroom.url}/?lesson=2", None, classroom.instructor)
    assert "grace" in text
    assert "bad.json can&#x27;t be read" in text
    assert "<form" not in text


@browser.needs_chromium
def test_the_page_renews_itself_and_keeps_scroll_and_focus(ask, classroom):
    sync_api = pytest.importorskip("playwright.sync_api")
    for k in range(40):
        ask("PUT", f"{classroom.url}/record", {**RECORD, "name": f"Learner {k:02}"},
            {"Authorization": f"token {k:030}"})  # fmt: skip
    with sync_api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser.CHROMIUM, args=browser.FLAGS)
        page = chromium.new_page(viewport={"width": 800, "height": 400})
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.clock.install()
        page.goto(f"{classroom.url}/?key=the-key-of-the-instructor")
        page.get_by_role("link", name="02").click()
        page.wait_for_url("**lesson=2**")
        page.get_by_role("button", name="Hold the verdicts of 02").focus()
        page.evaluate("window.scrollTo(0, 700)")
        before = page.evaluate("window.scrollY")
        ask("PUT", f"{classroom.url}/record", {**RECORD, "name": "One more"},
            {"Authorization": "token " + "z" * 30})  # fmt: skip
        page.clock.run_for(10_500)
        page.get_by_text("One more").wait_for(state="attached")
        assert page.evaluate("window.scrollY") == before > 0
        assert page.evaluate("document.activeElement.textContent") == "Hold the verdicts of 02"
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Open the verdicts of 02").wait_for()
        assert classroom.roster.held == {"2"}
        assert wrong == []
        chromium.close()


@browser.needs_chromium
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_pages_can_be_read_by_everybody(ask, classroom, theme):
    exercises = {
        "2-1": {"status": "passed", "time": "2026-01-01T09:00:00", "tries": 2},
        "2-2": {"status": "not yet", "time": "2026-01-01T09:30:00", "tries": 4},
    }
    hand = {"text": "Why NaN?", "time": "2026-01-01T09:50:00"}
    for name, raised in (("Ada", None), ("Ben", hand)):
        record = {"name": name, "now": "2026-01-01T10:00:00", "exercises": exercises}
        mine = {"Authorization": f"token {name * 10}"}
        assert ask("PUT", f"{classroom.url}/record", record | {"hand": raised}, mine)[0] == 200
    name, _, value = classroom.instructor["Cookie"].partition("=")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser.CHROMIUM, args=browser.FLAGS)
        context = chromium.new_context(color_scheme=theme, viewport={"width": 640, "height": 400})
        page = context.new_page()
        page.goto(classroom.url)  # a learner's
        found = violations(page)
        context.add_cookies([{"name": name, "value": value, "url": classroom.url}])
        for address in (classroom.url, f"{classroom.url}/?lesson=2"):
            page.goto(address)
            assert page.get_by_text("Why NaN?").count()
            found += violations(page)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, "the page is cut, as at 200 % on a small screen"
        chromium.close()
    assert found == []
