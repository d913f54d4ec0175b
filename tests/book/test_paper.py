"""Pages on paper: a PDF where there is Chromium, a sentence where there is none."""

import pytest

from workshop.book import BookError, paper


def test_a_page_is_printed(tmp_path):
    pytest.importorskip("playwright", reason="needs playwright")
    if not paper.chromium():
        pytest.skip("no Chromium on this machine")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "a.html").write_text("<!doctype html><title>A</title><h1>A</h1>")
    paper.print_all(tmp_path, ["a"])
    assert (tmp_path / "pdf" / "a.pdf").read_bytes().startswith(b"%PDF")


def test_without_chromium_there_is_a_sentence(monkeypatch):
    pytest.importorskip("playwright", reason="needs playwright")
    monkeypatch.setattr(paper, "chromium", lambda: "/nowhere/chromium")
    with pytest.raises(BookError, match="--no-pdf"), paper.browser():
        pass
