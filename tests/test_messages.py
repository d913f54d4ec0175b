"""What a learner reads: whole sentences with named fields, ready for another language."""

import ast
import gettext
import string
from pathlib import Path

import pytest

from workshop import messages

PACKAGE = Path(__file__).parent.parent / "workshop"
MODULES = sorted(PACKAGE.rglob("*.py"))
SAY = {"say": 0, "not_yet": 0, "reason": 1}  # which argument is the sentence
OWN = {"workshop/messages.py", "workshop/checks/engine.py"}  # they hand on what others say


def calls(path):
    """Each call that says something: its sentence, and the names of its fields, or None."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(getattr(node, "func", None), "id", None)
        if isinstance(node, ast.Call) and name in SAY and len(node.args) > SAY[name]:
            fields, all_known = set(), True
            for keyword in node.keywords:
                if keyword.arg:
                    fields.add(keyword.arg)
                elif isinstance(keyword.value, ast.Dict) and all(
                    isinstance(key, ast.Constant) for key in keyword.value.keys
                ):
                    fields |= {key.value for key in keyword.value.keys}
                else:
                    all_known = False
            if name == "reason":
                fields.discard("least")  # how many words; no field
            yield node.args[SAY[name]], fields if all_known else None


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_each_sentence_is_a_literal_with_named_fields(path):
    if str(path.relative_to(PACKAGE.parent)) in OWN:
        return
    for sentence, fields in calls(path):
        where = f"line {sentence.lineno}"
        assert isinstance(sentence, ast.Constant), f"{where}: {ast.unparse(sentence)}"
        parts = string.Formatter().parse(sentence.value)
        asked = {name.partition(".")[0].partition("[")[0] for _, name, _, _ in parts if name}
        assert not {name for name in asked if not name.isidentifier()}, where
        if fields is not None:
            assert asked == fields, where


def test_a_sentence_is_said_in_the_language_of_the_learner(tmp_path, monkeypatch):
    class German(gettext.NullTranslations):
        def gettext(self, message):
            return {"expected {expected}, got {got}": "{got} statt {expected}"}.get(
                message, message
            )

    monkeypatch.setattr(messages, "_catalogue", {"de": German()}.get)
    monkeypatch.setenv("LANGUAGE", "de")
    assert (
        messages.say("expected {expected}, got {got}", expected=3, got="4 {x}") == "4 {x} statt 3"
    )


def test_without_a_catalogue_it_is_english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "xx:yy")
    assert messages.say("expected {a}", a=1) == "expected 1"


def test_a_number_of_many_digits_is_read_in_four():
    assert messages.say("got {got}", got=0.0949999988079071) == "got 0.095"
    assert messages.say("got {got}", got=123456.78901) == "got 123457"
    assert messages.say("got {got:.6g}", got=0.0949999988079071) == "got 0.095"
    assert messages.say("got {got:.6f}", got=0.0949999988079071) == "got 0.095000"
    assert messages.say("got {got}", got=2.0) == "got 2.0"
    assert messages.say("got {got!r}", got=0.25) == "got 0.25"
