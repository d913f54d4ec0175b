"""The file: all in one, formulas only where there are some, scripts that end where they should."""

import pytest

from workshop.slides import render
from workshop.slides.deck import Slide


@pytest.fixture
def packages(monkeypatch, tmp_path):
    """Packages of a few letters in place of the real ones."""
    for name in ("dist/reset.css", "dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"/* {name} */")
    (tmp_path / "es5").mkdir()
    (tmp_path / "es5" / "tex-svg.js").write_text("/* formulas </script> */")
    monkeypatch.setattr(render.npm, "package", lambda name, version: tmp_path)


def test_a_file_has_all_that_it_needs(packages):
    page = render.file([Slide("1 < 2", "title", begins=True)])
    assert "<title>1 &lt; 2</title>" in page
    assert "plugin/notes/notes.js" in page
    assert "formulas" not in page
    assert "<link" not in page
    assert " src=" not in page


def test_formulas_are_there_where_a_slide_has_one(packages):
    page = render.file([Slide("T", "title", notes=["for $p = 1$"])])
    assert r"/* formulas <\/script> */" in page


def test_notes_are_not_on_the_slide():
    text = render.section(Slide("A `b`", "question", shown=["**c**"], notes=["d"]))
    assert text.startswith('<section class="question">\n<h2>A <code>b</code></h2>')
    assert '<aside class="notes">\n<p>d</p>' in text


def test_code_is_not_read_as_html():
    assert "&lt;b&gt;" in render.highlighted("'<b>'")
