"""The instructor's page."""

import re
from pathlib import Path

import pytest
from contrast import WORDS, contrast

from workshop.classroom import page
from workshop.classroom.lessons import Lesson
from workshop.classroom.page import View, document, ordered
from workshop.classroom.roster import Entry, Hand, Learner, Roster

NOW = 1_000_000.0
LESSONS = [
    Lesson("2", "02", "Softmax & more", ("2-1", "2-2")),
    Lesson("3", "03", "An MLP", ("3-1",)),
    Lesson("4", "04", "Nobody is here", ("4-1",)),
]


@pytest.fixture
def roster():
    def entry(passed, since, tries=1):
        return Entry(passed, NOW - 60 * since, NOW - 60, tries)

    people = [
        Learner("Zoe", {"2-1": entry(True, 30, 3), "2-2": entry(True, 20)}),
        Learner("ada", {"2-1": Entry(True, NOW - 3000, NOW - 3000, 1), "2-2": entry(False, 12, 5)}),
        Learner("<script>'\"&", {"2-1": entry(False, 3)}),
        Learner("Grace", {"3-1": entry(True, 3)}, Hand("Why <NaN>?", NOW - 240, "key")),
    ]
    roster = Roster()
    roster.learners = {learner.name: learner for learner in people}
    return roster


def rows(text):
    """The cells of each learner, without marks."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", text.partition("<tbody>")[2]):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        name, *cells = [re.sub("<[^>]+>", "", cell).strip() for cell in cells]
        found[name] = cells
    return found


def test_a_lesson_shows_signs_minutes_and_tries(roster):
    text = document(roster, View(LESSONS, "2", now=NOW))
    assert rows(text) == {
        "✋ Grace": ["·", "·"],
        "ada": ["✓", "! 12 min 5 tries"],
        "&lt;script&gt;&#x27;&quot;&amp;": ["✗ 3 min", "·"],
        "Zoe": ["✓ 3 tries", "✓"],
    }
    assert "2 of 4 passed</td>" in text
    assert "1 of 4 passed, 1 stuck</td>" in text
    assert 'aria-label="stuck">!' in text


def test_all_lessons_shows_those_that_somebody_has_begun(roster):
    text = document(roster, View(LESSONS, now=NOW))
    assert rows(text)["Zoe"] == ["✓ 2 of 2", "·"]
    assert rows(text)["ada 2-2"] == ["! 1 of 2", "·"]
    assert rows(text)["✋ Grace"] == ["·", "✓ 1 of 1"]
    assert '<th scope="col">04</th>' not in text
    assert "learners: 4 · hands up: 1 · stuck: 1" in text


def test_names_and_questions_are_escaped(roster):
    text = document(roster, View(LESSONS, "2", now=NOW))
    assert "<script>'" not in text
    assert "Why &lt;NaN&gt;?" in text
    assert "4 min" in text
    assert "Softmax &amp; more" in text


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("need", ["Grace", "ada", "<script>'\"&", "Zoe"]),
        ("name", ["<script>'\"&", "ada", "Grace", "Zoe"]),
        ("passed", ["Zoe", "ada", "<script>'\"&", "Grace"]),
    ],
)
def test_the_order(roster, sort, names):
    view = View(LESSONS, "2", sort, now=NOW)
    assert [learner.name for learner in ordered(roster, view)] == names
    assert f'<a href="?lesson=2&amp;sort={sort}" aria-current=true>' in document(roster, view)


def test_minutes_until_stuck_can_be_set(roster):
    assert "stuck: 0" in document(roster, View(LESSONS, "2", minutes=15, now=NOW))


def test_the_switch_of_a_lesson_says_what_it_does(roster):
    view = View(LESSONS, "2", now=NOW, xsrf='<input name="_xsrf" value="x">')
    assert "<button>Hold the verdicts of 02</button>" in document(roster, view)
    roster.hold("2", held=True)
    text = document(roster, view)
    assert "<button>Open the verdicts of 02</button>" in text
    assert "02…</a>" in text
    assert text.count('name="_xsrf"') == 1 + text.count("<form")
    assert "<form" not in document(roster, View(LESSONS, "2", now=NOW, can_hold=False))


def test_nobody_yet_is_said():
    text = document(Roster(), View(LESSONS))
    assert "workshop class join" in text
    assert "<table" not in text


def test_what_cannot_be_read_is_named(roster):
    text = document(roster, View(LESSONS, problems={"<x>.json": "Expected & so on"}))
    assert "&lt;x&gt;.json can&#x27;t be read: Expected &amp; so on" in text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_can_be_read(theme):
    style = Path(page.__file__).with_suffix(".css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#\w+);", light))
    if theme == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#\w+);", dark))
    pairs = [("ink", "paper"), ("ink", "head"), ("link", "paper"), ("link", "head")]
    pairs += [(f"{kind}-ink", kind) for kind in ("passed", "begun", "stuck")]
    for ink, paper in pairs:
        assert contrast(colours[ink], colours[paper]) >= WORDS, (ink, paper)
