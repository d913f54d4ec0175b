"""Commands of one who publishes the course."""

from workshop.book import paper, site


def test_a_lesson_that_is_not_there(type_in):
    status, text = type_in("book", "99", "--no-pdf", "--sample")
    assert status == 1
    assert "There is no lesson '99'" in text


def test_what_is_asked_for_arrives(type_in, monkeypatch, tmp_path):
    made = []
    monkeypatch.setattr(site, "make", lambda *given, **how: made.append((given, how)))
    monkeypatch.setattr(paper, "browser", None)  # not asked for without PDFs
    assert type_in("book", "--no-pdf", "--sample", "--to", str(tmp_path))[0] == 0
    (((_, to, data), how),) = made
    assert (to, data.kind, how["papers"]) == (tmp_path, "sample", False)
