"""What a check answers, in a notebook and in a terminal."""

import re

import pytest
from contrast import MARKS, PAPERS, WORDS, contrast

from workshop.checks.outcome import SIGNS, Outcome


def test_columns_stay_below_each_other():
    message = "Too slow.\ndevice 0  0.aa\ndevice 1  .0aa"
    shown = Outcome("8d-2", "not yet", message)._repr_html_()
    assert re.findall(r"<span[^>]*monospace[^>]*>(.*)</span>", shown) == message.splitlines()[1:]
    assert "\nToo slow.\n" in shown


def test_html_is_escaped_and_says_the_status_in_words():
    shown = Outcome("2-1", "not yet", "x < y")._repr_html_()
    assert "x &lt; y" in shown
    assert "not yet" in shown


def test_the_words_of_an_outcome_are_in_the_language_of_the_learner(monkeypatch):
    words = {
        "passed": "richtig",
        "not yet": "noch nicht",
        "not attempted": "unberührt",
        "recorded": "notiert",
        "(exercise {number})": "(Übung {number})",
        "{sign} exercise {number}: {status}": "{sign} Übung {number}: {status}",
    }
    monkeypatch.setattr("workshop.checks.outcome.say", lambda text, **f: words[text].format(**f))
    outcome = Outcome("2-1", "not yet", "x < y")
    assert repr(outcome) == "✗ Übung 2-1: noch nicht\n  x < y"
    assert "✗ noch nicht</strong>  (Übung 2-1)\nx &lt; y" in outcome._repr_html_()
    assert outcome.status == "not yet"


@pytest.mark.parametrize("status", SIGNS)
def test_its_words_can_be_read_on_every_paper(status):
    """Also without variables of the page, and on paper, where a printer leaves backgrounds out."""
    shown = Outcome("2-1", status, "")._repr_html_()
    line, ink, paper = re.findall("#[0-9a-f]{6}", shown)
    assert f"color: {ink}; background: {paper}" in shown
    assert contrast(ink, paper) >= WORDS
    assert contrast(ink, "#ffffff") >= WORDS
    assert min(contrast(line, page) for page in PAPERS) >= MARKS


def test_the_message_has_the_colour_of_the_page():
    shown = Outcome("2-1", "not yet", "Expected 1, got 2.")._repr_html_()
    assert shown.split("</strong>")[1] == "  (exercise 2-1)\nExpected 1, got 2.</div>"
    assert "color:" not in shown.split("<strong")[0]


def test_code_in_a_message_is_shown_as_code():
    """Backticks are for terminals; a page has a way of its own."""
    shown = Outcome("2-1", "not attempted", "Fill in the `...` of `f<T>`, not a ` alone.")
    assert "Fill in the <code>...</code> of <code>f&lt;T&gt;</code>, not a ` alone." in (
        shown._repr_html_()
    )
    assert "`...`" in repr(shown)
