"""What an update says."""

import pytest

from workshop.course import lessons
from workshop.jupyter import shared
from workshop.update import bases, report, sources
from workshop.update import lesson as update


@pytest.fixture(autouse=True)
def no_server(monkeypatch):
    monkeypatch.setattr(shared, "_servers", list)


def heading(notebook):
    notebook.cells[0].update(cell_type="markdown", source="## 3 Why softmax?")
    for name in ("outputs", "execution_count"):
        notebook.cells[0].pop(name)


def test_what_came_and_what_stayed_is_named_by_section_and_first_line(lesson, edit, correct):
    def corrected(notebook):
        heading(notebook)
        notebook.cells[1].source = "# a hint\nx = ..."
        notebook.cells[2].source = "check(x)\nmore"

    bases.keep()
    edit(lambda notebook: notebook.cells[1].update(source="x = mine"))
    done = update.apply(lesson, sources.find(str(correct(corrected)))[0])
    brief, whole = report.words(done, whole=False), report.words(done, whole=True)
    assert brief.splitlines() == [
        "02_softmax.ipynb: cells corrected: 2, added: 0, removed: 0, moved: 0; left yours where "
        "both changed: 1",
        '  corrected, section "3 Why softmax?": ## 3 Why softmax?',
        '  corrected, section "3 Why softmax?": check(x)',
        '  stays yours, section "3 Why softmax?", though the course corrected it: x = mine',
    ]
    assert whole == f"{brief}\n      + # a hint\n        x = ..."
    assert [text.split(" ")[:3] for text in report.after([done], "2")] == [
        ["What", "stays", "yours"],
        ["If", "the", "lesson"],
    ]


def test_a_lesson_of_an_unknown_edition_is_named_as_one(lesson, edit, correct):
    newer = sources.find(str(correct(lambda notebook: None)))[0]

    def other(notebook):
        for number, cell in enumerate(notebook.cells):
            cell.update(id=f"other-{number}", source=f"mine {number}")
            cell.metadata.tags = []

    edit(other)
    assert report.line(lesson, newer)[1] == "of an unknown edition"
    done = update.apply(lesson, newer)
    assert "Nobody knows any more which edition" in report.words(done, whole=False)


def test_a_line_says_how_a_lesson_stands(lesson, edit, correct):
    bases.keep()
    here = sources.find()[0]
    assert report.line(lesson, here) == ("02_softmax", "unchanged", "current")
    edit(lambda notebook: notebook.cells[1].update(source="x = mine"))
    assert report.line(lesson, here) == ("02_softmax", "changed by you", "current")
    newer = sources.find(
        str(correct(lambda notebook: [cell.update(source="new") for cell in notebook.cells[:2]]))
    )[0]
    waits = "corrections: 1, by workshop update 02"
    assert report.line(lesson, newer) == ("02_softmax", "changed by you", waits)
    update.apply(lesson, newer)
    stayed = "current; yours stayed: 1, see workshop update 02"
    assert report.line(lesson, newer) == ("02_softmax", "changed by you", stayed)
    lesson.write_text("{")
    assert report.line(lesson, newer)[1:] == ("damaged", "to get it back: workshop reset 02")
    lesson.unlink()
    assert report.line(lesson, newer)[1:] == ("not here", "to get it: workshop update 02")


def test_a_lesson_of_the_learner_s_own_is_left_alone(lesson):
    own = lesson.with_name("77_mine.ipynb")
    own.write_bytes(lesson.read_bytes())
    assert report.line(own, sources.find()[0])[1] == "your own"


def test_a_source_of_another_edition_warns(correct):
    newer = sources.find(str(correct(lambda notebook: None)))[0]
    assert "edition 2.0. The package here is of edition 1.0" in report.source_words(newer)
    assert report.source_words(sources.find()[0]).endswith("edition 1.0")


def test_all_lessons_are_current(lesson):
    done = [update.apply(lesson, sources.find()[0])]
    assert report.after(done, None) == ["Lessons that are current: 1."]
    assert report.after(done, "2") == []
    assert lessons.read(lesson).cells[0].source == "import math"
