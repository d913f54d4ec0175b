"""Packages by npm: what is in the cache is not fetched, and without npm there is one sentence."""

import pytest

from workshop.book import BookError, npm


def test_what_is_in_the_cache_needs_no_npm(monkeypatch, tmp_path):
    monkeypatch.setattr(npm, "cache", lambda: tmp_path)
    monkeypatch.setenv("PATH", "")
    (tmp_path / "a-1.0").mkdir()
    (tmp_path / "a-1.0" / "package.json").write_text("{}")
    assert npm.package("a", "1.0") == tmp_path / "a-1.0"


def test_without_npm_there_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(npm, "cache", lambda: tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BookError, match="brings npm"):
        npm.package("a", "1.0")
    assert not list(tmp_path.iterdir())
