"""Sentences that have to do with the subject, and others."""

import pytest

from workshop.checks.claim import claim
from workshop.checks.engine import exercise


@exercise("0-9")
def check(answer):
    claim(answer, "Say in `mind` why.", "deep|depth|tief")


@pytest.mark.parametrize(
    "text",
    [
        "If the deep network lost to the other one, I would change it.",
        "DEPTH would have to lose against the other thing three times.",
        "Wenn das tiefe Netz dreimal verliert, nehme ich das andere Netz.",
        "It would have to win by more than 0.01 in each of them.",
        "I would think again if it lost against the baseline most of the time.",
        "On an accelerator or a cluster I would do the exact opposite of this.",
        "With a budget for repeated experiments I would rather trust the other one.",
        "如果更宽的网络在三个种子上都更好,我就会改变主意。",
        "もっと浅いネットワークのほうが良い結果を出せば考えを変えます。",
        "Если более широкая сеть выиграет три раза подряд, то я соглашусь.",
    ],
)
def test_a_sentence_about_the_subject_is_taken(text):
    assert check(text).passed, check(text)


@pytest.mark.parametrize(
    "text",
    [
        *(None, 3, "", "deep"),
        "my dog likes to eat some green apples today",
        "lorem ipsum dolor sit amet consectetur adipiscing elit",
        "in the program of my choice he ramps up the remote vehicle",
    ],
)
def test_anything_else_is_told_what_is_asked_for(text):
    outcome = check(text)
    assert outcome.status == "not yet"
    assert "Say in `mind` why." in outcome.message
