"""Commands of one who publishes the course."""

from workshop.book import paper, site
from workshop.slides import write


def test_a_lesson_that_is_not_there(type_in):
    status, text = type_in("book", "99", "--no-pdf", "--sample")
    assert status == 1
    assert "There is no lesson '99'" in text


def test_what_is_asked_for_arrives(type_in, monkeypatch, tmp_path):
    made = []
    monkeypatch.setattr(site, "make", lambda *given, **how: made.append((given, how)))
    monkeypatch.setattr(site, "check_packages", lambda: None)
    monkeypatch.setattr(paper, "browser", None)  # not asked for without PDFs
    assert type_in("book", "--no-pdf", "--sample", "--to", str(tmp_path))[0] == 0
    (((_, to, data), how),) = made
    assert (to, data.kind, how["papers"]) == (tmp_path, "sample", False)


def test_slides_go_where_they_are_asked_to_go(type_in, monkeypatch, tmp_path):
    made = []
    monkeypatch.setattr(write, "write", lambda lesson, to, data, *, tell: made.append((lesson, to)))
    status, text = type_in("slides", "2", "--sample", "--to", str(tmp_path / "a.html"))
    assert (status, [(lesson.stem, to) for lesson, to in made]) == (
        0,
        [("02_softmax", tmp_path / "a.html")],
    )
    assert "S opens the notes" in text


def test_slides_replace_no_other_file(type_in, tmp_path):
    (tmp_path / "a.html").write_text("mine")
    status, text = type_in("slides", "2", "--sample", "--to", str(tmp_path / "a.html"))
    assert status == 1
    assert "holds no slides" in text
    assert (tmp_path / "a.html").read_text() == "mine"
