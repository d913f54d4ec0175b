"""The page that a learner prints."""

from pathlib import Path

import pytest

from workshop.checks.course_map import CourseMap, Lesson
from workshop.checks.paper import paper
from workshop.course import progress

COURSE = CourseMap(
    [
        Lesson(Path("02_softmax.ipynb"), "Softmax <&>", 5, {"2-1": "passed", "2-2": "not yet"}),
        Lesson(Path("03_mlp.ipynb"), "Nothing here", 5, {"3-1": "not attempted"}),
    ]
)


@pytest.fixture(autouse=True)
def record(monkeypatch):
    entry = {"status": "passed", "time": "2026-03-01T10:00:00"}
    monkeypatch.setattr(progress, "read", lambda: {"2-1": entry})


def test_it_names_what_was_passed_and_when_and_escapes():
    text = paper("Ada <b>", COURSE)
    assert "Ada &lt;b&gt;" in text
    assert "02 Softmax &lt;&amp;&gt;" in text
    assert "1 of 3 exercises passed. Edition " in text
    assert "<span>2-1 (2026-03-01)</span>" in text
    assert "no proof" in text
    assert "2-2" not in text
    assert "Nothing here" not in text


def test_a_record_without_a_date_has_none(monkeypatch):
    monkeypatch.setattr(progress, "read", lambda: {"2-1": {"status": "passed", "time": ""}})
    assert "<span>2-1</span>" in paper("Ada", COURSE)


def test_of_nothing_there_is_no_table():
    assert "<table" not in paper("Ada", CourseMap(COURSE.lessons[1:]))


def test_the_whole_course_prints_on_two_sheets(tmp_path):
    import browser

    sync_api = pytest.importorskip("playwright.sync_api")
    if browser.CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    lessons = [
        Lesson(Path(f"{k:02}_x.ipynb"), "A title of some words", 5,
               {f"{k}-{n}": "passed" for n in range(1, 7)})
        for k in range(32)
    ]  # fmt: skip
    (tmp_path / "page.html").write_text(paper("Ada", CourseMap(lessons)), encoding="utf-8")
    with sync_api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser.CHROMIUM, args=browser.FLAGS)
        page = chromium.new_page()
        page.goto((tmp_path / "page.html").as_uri())
        printed = page.pdf(prefer_css_page_size=True)
        chromium.close()
    assert printed.count(b"/Type /Page\n") in (1, 2)
