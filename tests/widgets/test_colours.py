"""Every word of every widget can be read on its paper: in each theme, and where there is none."""

import re
import sys
from pathlib import Path

import pytest
from contrast import MARKS, WORDS, contrast

from workshop.widgets.script import style

WIDGETS = Path(sys.modules["workshop.widgets"].__file__).parent
LAB = Path(sys.prefix) / "share/jupyter/lab/themes/@jupyterlab"
# VS Code and Colab know none of JupyterLab's variables: a widget is then dark on a white paper.
THEMES = ("light", "dark", "dark-high-contrast", None)
LEAST_OPACITY = 0.7

# Words and what is below them; marks and what is below them.
EVERYWHERE = [("ink", "paper"), ("quiet", "paper")]
LOOKS = {
    "catch": (
        [("best", "paper"), ("warn", "paper")],
        [("best", "track"), ("line", "paper"), ("ink", "grid"), ("best", "grid"), ("warn", "grid")],
    ),
    "dashboard": ([("wrong-ink", "wrong")], [("training", "paper"), ("validation", "paper")]),
    "digit_pad": ([("best", "paper"), ("ink", "track")], [("warn", "paper")]),
    "lanes": ([("warn", "paper"), ("tick", "paper")], [("line", "paper")]),
    "playground": ([("zero", "paper"), ("one", "paper")], []),
    "systolic": (
        [("on", "blue"), ("on", "orange"), ("ink", "busy"), ("ink", "idle")],
        [("blue", "paper"), ("orange", "paper"), ("line", "paper")],
    ),
}


def variables(css):
    return dict(re.findall(r"(--[\w-]+):\s*([^;}]+)", css))


def colours(widget, theme):
    """The colours of a widget in a theme, as a browser finds them."""
    css = style(WIDGETS / widget / "widget.css")
    dark = "".join(re.findall(r"\.workshop-dark \{[^}]*\}", css))
    known = variables(css.replace(dark, ""))
    if theme:
        known |= variables((LAB / f"theme-{theme}-extension" / "index.css").read_text())
        known |= variables(dark) if theme != "light" else {}

    def found(name):
        value = known[name].strip()
        while inside := re.fullmatch(r"var\((--[\w-]+)(?:,\s*(.+))?\)", value):
            value = known.get(inside[1], inside[2]).strip()
        return value

    return found


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("widget", LOOKS)
def test_words_and_marks_stand_out(widget, theme):
    found = colours(widget, theme)
    words, marks = LOOKS[widget]
    for pairs, least in ((EVERYWHERE + words, WORDS), (marks, MARKS)):
        for ink, paper in pairs:
            pair = found(f"--{ink}"), found(f"--{paper}")
            assert contrast(*pair) >= least, (ink, paper, *pair)


def test_the_dark_book_gives_every_colour_that_widgets_take():
    book = Path(__file__).parents[2] / "docs/book/_static/book.css"
    css = "".join(style(WIDGETS / widget / "widget.css") for widget in LOOKS)
    taken = set(re.findall(r"var\((--jp-[\w-]*color\w*)", css))
    assert taken
    assert taken <= set(variables(book.read_text()))


@pytest.mark.parametrize("widget", LOOKS)
def test_no_word_has_a_colour_of_its_own(widget):
    """Those above are all that a style sheet gives to words, but white on a blue button."""
    css = style(WIDGETS / widget / "widget.css")
    words = {name for name, _ in EVERYWHERE + LOOKS[widget][0]}
    given = set(re.findall(r"[{;]\s*(?:color|fill):\s*([^;}]+)", css))
    marks = {"var(--blue)", "var(--orange)", "var(--busy)", "var(--idle)", "var(--paper)"}
    # The system's own pair with Highlight, in colours that the reader chose.
    other = {"inherit", "#ffffff", "HighlightText"}
    assert given <= {f"var(--{name})" for name in words} | marks | other
    assert contrast("#ffffff", "#0072b2") >= WORDS


@pytest.mark.parametrize("widget", LOOKS)
def test_what_is_switched_off_can_be_read_too(widget):
    css = style(WIDGETS / widget / "widget.css")
    assert all(float(value) >= LEAST_OPACITY for value in re.findall(r"opacity: ([\d.]+)", css))
