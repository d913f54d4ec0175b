"""The book as pages: what is no book stays, and all that fails is named."""

import pytest

from workshop.book import BookError, site


def test_a_folder_of_other_files_stays(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(BookError, match="no book"):
        site.check_folder(tmp_path)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(BookError, match="is a file"):
        site.check_folder(tmp_path / "a")


def test_each_lesson_that_fails_is_named(monkeypatch, tmp_path):
    def fail(lesson, data, tell):
        raise BookError(f"{lesson.stem}: no")

    monkeypatch.setattr(site, "executed", fail)
    with pytest.raises(BookError, match="a: no\nb: no"):
        site.run_all([tmp_path / "a.ipynb", tmp_path / "b.ipynb"], None, print)


def test_a_broken_link_is_an_error(tmp_path):
    pytest.importorskip("sphinx", reason="needs the extra book")
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text("extensions = []")
    (source / "index.rst").write_text("A\n=\n\n:doc:`nowhere`\n")
    with pytest.raises(BookError, match="nowhere"):
        site.sphinx(source, tmp_path / "out")
