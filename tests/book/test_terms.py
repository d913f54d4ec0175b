"""First uses link to the glossary: once each, and only in prose."""

import pytest
from nbformat import v4

from workshop.book import terms
from workshop.book.terms import Term

BATCH = Term("batch", "batch")
RATE = Term("learning rate", "learning-rate", forms=("rate",))


def linked(*texts):
    return terms.link_terms(list(texts), [BATCH, RATE], "g.md")


@pytest.mark.parametrize(
    "kept",
    [
        "`batch`",
        "``a ` batch``",
        "```python\nbatch\n```",
        "    batch = 1\n    batch = 2\n",
        "It runs:\n\n    batch = 1\n\n    batch = 2\n",
        "$batch / 2$",
        "$$\nbatch\n$$",
        "# A batch",
        "### 2 batches?",
        "[a batch](b.md)",
        "![a batch](b.png)",
        "[![a batch](b.png) batch](b.md)",
        "<https://batch.example/batch>",
        "https://batch.example/batch",
        '<img alt="a batch">',
        "<!-- batch -->",
        "<details><summary>batch</summary>batch\n\nbatch</details>",
        "batching, mini-batch, batch-wise, batch2",
        "BATCH",
    ],
)
def test_what_is_no_prose_stays(kept):
    assert linked(kept) == [kept]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Batches!", "[Batches](g.md#batch)!"),
        ("**batch**", "**[batch](g.md#batch)**"),
        ("| a | batch |", "| a | [batch](g.md#batch) |"),
        ("`a` batch's", "`a` [batch](g.md#batch)'s"),
        ("the learning\nrate", "the [learning\nrate](g.md#learning-rate)"),
        ("rates", "[rates](g.md#learning-rate)"),
        ("- a\n  batch", "- a\n  [batch](g.md#batch)"),
    ],
)
def test_a_use_in_prose_is_linked(text, written):
    assert linked(text) == [written]


def test_only_the_first_use_in_all_texts_is_linked():
    assert linked("`batch`", "a batch, a batch", "batches") == [
        "`batch`",
        "a [batch](g.md#batch), a batch",
        "batches",
    ]


def test_a_longer_term_wins():
    short = Term("gradient", "gradient")
    long = Term("gradient descent", "descent")
    (text,) = terms.link_terms(["gradient descent, gradient"], [short, long], "g.md")
    assert text == "[gradient descent](g.md#descent), [gradient](g.md#gradient)"


def test_a_name_is_not_a_word():
    assert terms.link_terms(["a lion"], [Term("Lion", "lion")], "g.md") == ["a lion"]


def test_a_synonym_leads_to_the_one_entry():
    found = terms.read("### unit\n\nSee [neuron](#neuron).\n\n### neuron\n\nA function.\n")
    assert [(term.name, term.anchor) for term in found] == [("unit", "neuron"), ("neuron",) * 2]


def test_a_word_may_mean_something_in_some_lessons_only():
    (here,) = terms.read("### cell (of a notebook)\n\n<!-- only in: 00 -->\n\nA piece.\n")
    assert here.belongs("00")
    assert not here.belongs("01")
    (nowhere,) = terms.read("### fit\n\n<!-- not linked -->\n\nA call.\n")
    assert not nowhere.belongs("00")


def test_a_note_that_says_nothing_is_an_error():
    with pytest.raises(ValueError, match=r"glossary\.md, a: what does the note 'onli in: 00' say"):
        terms.read("### a\n\n<!-- onli in: 00 -->\n\nA letter.\n")


def test_a_lesson_is_linked_in_its_text_cells():
    cells = [v4.new_markdown_cell("# A batch\n\nThe batch"), v4.new_code_cell("# a batch")]
    terms.link_first_uses(cells, "02_softmax")
    assert cells[0].source == "# A batch\n\nThe [batch](../docs/glossary.md#batch)"
    assert cells[1].source == "# a batch"
