"""The service: what it takes, what it refuses."""

import re

import pytest

SECRET = {"Authorization": "token " + "a" * 30}
RECORD = {
    "name": "Ada",
    "now": "2026-01-01T10:00:00",
    "exercises": {"2-1": {"status": "passed", "time": "2026-01-01T09:00:00", "tries": 2}},
}


def put(ask, classroom, content=RECORD, headers=SECRET):
    return ask("PUT", f"{classroom.url}/record", content, headers)


def post(ask, classroom, action, **values):
    """Press a button of the page, as the instructor's browser does."""
    _, text, headers = ask("GET", f"{classroom.url}/", None, classroom.instructor)
    xsrf = re.search(r'name="_xsrf" value="([^"]+)"', text)[1]
    cookie = headers["Set-Cookie"].split(";")[0]
    body = "&".join(f"{key}={value}" for key, value in {"_xsrf": xsrf, **values}.items())
    both = {"Cookie": f"{classroom.instructor['Cookie']}; {cookie}"}
    return ask("POST", f"{classroom.url}/{action}", body.encode(), both)


def test_a_record_is_taken_and_shown_to_the_instructor(ask, classroom):
    status, text, _ = put(ask, classroom)
    assert (status, text) == (200, '{"held": [], "hand": false}')
    status, text, headers = ask("GET", f"{classroom.url}/?lesson=2", None, classroom.instructor)
    assert status == 200
    assert "Ada" in text
    assert "1 of 1 passed" in text
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_leaving_deletes_it(ask, classroom):
    put(ask, classroom)
    assert ask("DELETE", f"{classroom.url}/record", None, SECRET)[0] == 200
    assert not classroom.roster.learners
    assert ask("DELETE", f"{classroom.url}/record", None, SECRET)[0] == 200


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"{", 400, "Expected JSON"),
        (b"[" * 100_000, 400, "Expected JSON"),
        (b"\xff\xfe", 400, "Expected JSON"),
        ({"name": "Ada", "exercises": 3}, 400, "Expected a record"),
        ([], 400, "Expected a name"),
        (b" " * 200_001, 413, "Expected at most 200000 bytes, got 200001"),
    ],
)
def test_what_is_no_record_is_refused_in_words(ask, classroom, content, status, says):
    came = put(ask, classroom, content)
    assert came[0] == status
    assert says in came[1]
    assert not classroom.roster.learners


def test_the_instructor_holds_and_opens_a_lesson(ask, classroom):
    status, _, headers = post(ask, classroom, "hold", key="2", held="1", lesson="2", sort="name")
    assert (status, headers["Location"]) == (303, ".?lesson=2&sort=name")
    assert put(ask, classroom)[1] == '{"held": ["2"], "hand": false}'
    post(ask, classroom, "hold", key="2", held="")
    assert put(ask, classroom)[1] == '{"held": [], "hand": false}'
    post(ask, classroom, "hold", key="no lesson", held="1")
    assert not classroom.roster.held


def test_the_instructor_takes_a_hand_down(ask, classroom):
    up = RECORD | {"hand": {"text": "Why?", "time": "2026-01-01T09:58:00"}}
    assert put(ask, classroom, up)[1] == '{"held": [], "hand": true}'
    post(ask, classroom, "answer", name="Ada")
    assert put(ask, classroom, up)[1] == '{"held": [], "hand": false}'


@pytest.mark.parametrize("action", ["hold", "answer"])
def test_no_other_page_presses_a_button(ask, classroom, action):
    put(ask, classroom)
    values = b"key=2&held=1&name=Ada"
    assert ask("POST", f"{classroom.url}/{action}", values, classroom.instructor)[0] == 403
    assert not classroom.roster.held


def test_odd_views_are_survived(ask, classroom):
    for query in ("lesson=99", "sort=odd", "lesson=%3Cb%3E", "lesson=2&lesson=3"):
        status, text, _ = ask("GET", f"{classroom.url}/?{query}", None, classroom.instructor)
        assert status == 200
        assert "<b>" not in text


@pytest.mark.parametrize(("name", "kind"), [("css", "text/css"), ("js", "text/javascript")])
def test_style_and_script_lie_beside_the_page(ask, classroom, name, kind):
    status, _, headers = ask("GET", f"{classroom.url}/page.{name}")
    assert (status, headers["Content-Type"]) == (200, kind)
