"""What a check answers, in a notebook and in a terminal."""

from workshop.checks.outcome import Outcome


def test_html_is_escaped_and_says_the_status_in_words():
    shown = Outcome("2-1", "not yet", "x < y")._repr_html_()
    assert "x &lt; y" in shown
    assert "not yet" in shown


def test_the_words_of_an_outcome_are_in_the_language_of_the_learner(monkeypatch):
    words = {
        "passed": "richtig",
        "not yet": "noch nicht",
        "not attempted": "unberührt",
        "(exercise {number})": "(Übung {number})",
        "{sign} exercise {number}: {status}": "{sign} Übung {number}: {status}",
    }
    monkeypatch.setattr("workshop.checks.outcome.say", lambda text, **f: words[text].format(**f))
    outcome = Outcome("2-1", "not yet", "x < y")
    assert repr(outcome) == "✗ Übung 2-1: noch nicht\n  x < y"
    assert "✗ noch nicht</strong>  (Übung 2-1)\nx &lt; y" in outcome._repr_html_()
    assert outcome.status == "not yet"
