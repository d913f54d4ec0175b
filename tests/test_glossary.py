"""The glossary: each term of the lessons once, in order, with links that lead somewhere."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from workshop.book import terms
from workshop.course import lessons

COURSE = Path(__file__).parents[1]
PAGE = COURSE / terms.GLOSSARY
TEXT = PAGE.read_text(encoding="utf-8")
HEADINGS = re.findall(r"^### (.+)$", TEXT, re.M)
TERMS = terms.read(TEXT)
LESSONS = {path.stem.split("_")[0]: path for path in lessons.paths()}
# What lessons set in bold and the glossary leaves out, by the reason.
LEFT_OUT = {
    "parts of every lesson": """after this lesson you can | time | you need | your guess | guess |
        what would change your mind | if you have time left | look first, read later |
        when something goes wrong | passed | not yet | not attempted""",
    "keys, buttons and tabs": """shift + enter | ctrl + b | run | stop | worth a look | scalars |
        images""",
    "the beginning of a paragraph": """more parts, one neuron | tracing again | by hand | arrays |
        `if` and `while` on tensors | the picture of a graph | a graph can be cut | a generator |
        a `tf.data` pipeline""",
    "a rule, said there in full": """one big function | same order in every epoch |
        shuffle before batch | cache before anything random | repeat after shuffle |
        more workers than cores | 16 bytes per parameter | xla compiles for each shape |
        the ridge point is the batch that a chip wants | eight names, one cpu, no speed |
        stay where it is | hold it to `predict` | who else is in the batch |
        smallest measured time | what we search for is what is good after three epochs |
        the worse dies | believe no search the accuracy of its winner |
        it answers what it is asked | a search finds what its task rewards | end first |
        text in each operation | it asks what travels, not who waits |
        share the units that multiply | only what comes later | takes it off""",
    "of one section, and explained there": """handling | wire | copying | perfect software | hints |
        catch | total | count | blocks | bolder | 5 bits per weight""",
    "in the glossary, but the word comes earlier in the lesson with another meaning": """step |
        tensor | units | bits | mean | server | states | training""",
    "in the glossary as part of a longer term": """shared | learns | state of its random generator |
        global""",
    "no term, said with force": """a | adds | after | all | all 633 networks with three seeds each |
        and | another | any | apart | assume | b | because | before | c | change | digits | each |
        every | fade | first, | five times | fresh seeds | function | half | in place | in total |
        instead of | is | itself | know | larger batches | lone | loses | makes | missing | name |
        nearest | needed | needs | new | nine | not | not run | numbers | object | off | oldest |
        once | one | one digit | one positive | one straight line | other two | our | per worker |
        picture | power | process of its own | rename | runs | same | seconds | slope of zero |
        speaks for | sum | summed | the same | then | this | together | true | up | while | whole |
        with no error and no warning | without | without a word | without an error | you | your |
        32 clients | -1 (paper) to 1 (ink) | a line of text""",
}


@cache
def entries():
    """Each entry's heading and text."""
    parts = re.split(r"^### (.+)\n", TEXT, flags=re.M)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def fault(heading, text):
    """What is wrong with an entry; nothing where all is well."""
    said = {terms.slug(name): about for name, about in entries()}
    inside = re.findall(r"\]\(#([\w-]+)\)", text)
    if lost := set(inside) - set(said) | {terms.slug(heading)} & set(inside):
        return f"links to {lost}"
    about = re.sub(r"^\s*<!-- .* -->", "", text).strip()
    if about.startswith("See "):
        return "leads to one that leads on" if said[inside[0]].strip().startswith("See ") else ""
    ends = re.fullmatch(
        r"(.*)\n\*\[(\w+), section (\d+)\]\(\.\./notebooks/([^)#]+)#([^)]+)\)\*(?:\n+## .)?",
        about,
        re.S,
    )
    if not ends:
        return "does not end in *[NN, section N](../notebooks/FILE#HEADING)*"
    definition, number, section, file, anchor = ends.groups()
    titles = [one for one in sections(LESSONS[number]) if one.startswith(f"{section} ")]
    right = [LESSONS[number].name, *map(terms.slug, titles)]
    if [file, anchor] != right:
        return f"links to {file}#{anchor}, not to {right}"
    words = len(definition.split())
    return "" if 5 <= words <= 70 else f"{words} words"


def plain(text):
    return " ".join(text.split()).rstrip(".:?!").casefold()


def left_out():
    return [plain(word) for words in LEFT_OUT.values() for word in words.split("|")]


@cache
def sections(lesson):
    """The headings of a lesson's sections."""
    cells = [cell.source for cell in lessons.read(lesson).cells if cell.cell_type == "markdown"]
    return re.findall(r"^## (.+)$", "\n".join(cells), re.M)


@cache
def bold(lesson):
    """What stands in bold in the text of a lesson."""
    found = set()
    for cell in lessons.read(lesson).cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"```.*?```", "", cell.source, flags=re.S)
            found |= {plain(said) for said in re.findall(r"\*\*(.+?)\*\*", prose, re.S)}
    return found


def known(number):
    """What the glossary knows in a lesson, also in code."""
    named = {term.name for term in TERMS}
    said = {word for term in TERMS if term.belongs(number) for word in term.words()}
    return {plain(word) for word in said | {f"`{name}`" for name in named}} | {"`from_logits=true`"}


def test_terms_are_in_order_and_below_their_letter():
    order = [re.sub(r"[^\w ]", " ", heading).casefold() for heading in HEADINGS]
    assert order == sorted(order)
    assert re.findall(r"^## (.+)$", TEXT, re.M) == sorted({name[0].upper() for name in HEADINGS})
    for letter, part in re.findall(r"^## (.)\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S):
        assert all(name[0].upper() == letter for name in re.findall("^### (.+)$", part, re.M))


def test_no_term_and_no_anchor_is_there_twice():
    assert [name for name, count in Counter(map(terms.slug, HEADINGS)).items() if count > 1] == []


@pytest.mark.parametrize("number", LESSONS)
def test_a_word_means_one_thing_in_a_lesson(number):
    words = Counter(w for term in TERMS if term.belongs(number) for w in set(term.words()))
    assert [word for word, count in words.items() if count > 1] == []


def test_notes_name_lessons():
    named = {number for term in TERMS for number in (*(term.only or ()), *term.but)}
    assert named - set(LESSONS) == set()


def test_each_entry_says_something_and_its_links_lead_there():
    assert {heading: found for heading, text in entries() if (found := fault(heading, text))} == {}


@pytest.mark.parametrize("number", LESSONS)
def test_what_a_lesson_sets_in_bold_is_a_term(number):
    assert bold(LESSONS[number]) - known(number) - set(left_out()) == set()


def test_what_is_left_out_is_there_once_and_in_a_lesson():
    assert [word for word, count in Counter(left_out()).items() if count > 1] == []
    unknown = {said for number, path in LESSONS.items() for said in bold(path) - known(number)}
    assert set(left_out()) - unknown == set()
