"""The file of the slides: only older slides are replaced."""

import pytest

from workshop.book import BookError
from workshop.slides import render, write


def test_a_file_of_other_things_stays(tmp_path):
    (tmp_path / "a.html").write_text("<html>mine")
    with pytest.raises(BookError, match="no slides"):
        write.check_file(tmp_path / "a.html")
    with pytest.raises(BookError, match="is a folder"):
        write.check_file(tmp_path)


def test_older_slides_are_replaced(tmp_path):
    (tmp_path / "a.html").write_text(f"<html>{render.MADE}")
    write.check_file(tmp_path / "a.html")
    write.check_file(tmp_path / "b.html")


def test_without_npm_no_lesson_runs(monkeypatch, tmp_path):
    monkeypatch.setattr(render.npm, "cache", lambda: tmp_path)
    monkeypatch.setattr(write, "executed", None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BookError, match="brings npm"):
        write.write(tmp_path / "02_softmax.ipynb", tmp_path / "a.html", None)
