"""Pages on paper: a PDF where there is Chromium, a sentence where there is none."""

import re

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


def test_on_paper_no_link_leads_to_a_folder_of_this_machine(tmp_path):
    pytest.importorskip("playwright", reason="needs playwright")
    if not paper.chromium():
        pytest.skip("no Chromium on this machine")
    (tmp_path / "notebooks").mkdir()
    links = '<a href="b.html#c">B</a> <a href="#a">A</a> <a href="https://c.example/">C</a>'
    page = f'<!doctype html><title>A</title><h1 id="a">A</h1>{links}'
    (tmp_path / "notebooks" / "a.html").write_text(page)
    paper.print_all(tmp_path, ["a"])
    printed = (tmp_path / "pdf" / "a.pdf").read_bytes()
    assert re.findall(rb"/URI \((.*?)\)", printed) == [b"https://c.example/"]
    assert b"/Dest" in printed


def test_without_chromium_there_is_a_sentence(monkeypatch):
    pytest.importorskip("playwright", reason="needs playwright")
    monkeypatch.setattr(paper, "chromium", lambda: "/nowhere/chromium")
    with pytest.raises(BookError, match="--no-pdf"), paper.browser():
        pass
