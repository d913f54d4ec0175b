"""The glossary in the lessons: the first use of each of its terms links to what it means."""

import dataclasses
import re
from functools import cache

from nbformat import NotebookNode

from workshop.course.folder import course_folder

GLOSSARY = "docs/glossary.md"
ENTRY = re.compile(r"^### (?P<heading>.+)\n\n(?:<!-- (?P<notes>.*?) -->\n\n)?(?P<text>.*)", re.M)
QUALIFIER = re.compile(r" \(.*\)$")
SEE = re.compile(r"See \[[^\]]+\]\(#([\w-]+)\)\.$")
# What is no prose: code, formulas, folds, tags, links and pictures, addresses, headings.
KEPT = r"""
    ```.*?```
    | (?:\A|(?<=\n\n))(?:(?:[ ]{4}|\t)[^\n]*(?:\n|\Z))+
    | (?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)
    | \$\$.*?\$\$ | \$[^$]+\$
    | <details\b.*?</details>
    | <!--.*?--> | <[/a-z][^>]*>
    | !?\[(?:[^\[\]]|!?\[[^\]]*\](?:\([^)]*\))?)*\]\([^)]*\)
    | https?://[^\s)]+
    | ^\#{1,6}[ ][^\n]*
"""


@dataclasses.dataclass(frozen=True)
class Term:
    """A word of the glossary.

    Args:
        name: as it stands in a text.
        anchor: of its entry; of the entry that it points to, if it is a synonym.
        forms: what else stands in a text for it, beside plurals.
        only: the lessons in which the word has this meaning; None: all of them.
        but: lessons in which it has another one.
    """

    name: str
    anchor: str
    forms: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    but: tuple[str, ...] = ()

    def belongs(self, lesson: str) -> bool:
        """Whether the word means this in a lesson, such as `"04b"`."""
        return lesson not in self.but and (self.only is None or lesson in self.only)

    def words(self) -> list[str]:
        """List all that stands for it in a text.

        Example:
            >>> Term("entry", "entry", forms=("item",)).words()
            ['entry', 'entries', 'item', 'items']
        """
        return [word for one in (self.name, *self.forms) for word in (one, _plural(one))]


def read(text: str) -> list[Term]:
    """Read the terms of a glossary: a heading each, notes in a comment, and the text.

    Args:
        text: Markdown. Notes that this knows are `in text: a, b`, `only in: 02 04b`, `not in: 03`
            and `not linked`, separated by semicolons.

    Raises:
        ValueError: a note is none of these.

    Example:
        >>> read("### bias (of a unit)\\n\\n<!-- in text: offset; not in: 12 -->\\n\\nA number.")
        [Term(name='bias', anchor='bias-of-a-unit', forms=('offset',), only=None, but=('12',))]
    """
    found = []
    for entry in ENTRY.finditer(text):
        synonym = SEE.match(entry["text"])
        anchor = synonym[1] if synonym else slug(entry["heading"])
        notes = _notes(entry["notes"], entry["heading"])
        found.append(Term(QUALIFIER.sub("", entry["heading"]), anchor, **notes))
    return found


def slug(heading: str) -> str:
    """Give the anchor of a heading, as GitHub and the book make it.

    Example:
        >>> slug("2 What does `fit` do, in 3 steps?")
        '2-what-does-fit-do-in-3-steps'
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def link_terms(texts: list[str], terms: list[Term], page: str) -> list[str]:
    """Link the first use of each term, outside code, formulas, links, folds and headings.

    Args:
        texts: Markdown, in the order in which it is read.
        terms: no two of them with the same word; a longer one wins over one that is part of it.
        page: where the glossary is, seen from these texts.

    Returns:
        The texts, with links.

    Example:
        >>> terms = [Term("batch", "batch"), Term("gradient", "gradient")]
        >>> link_terms(["# A batch\\n`batch`: batches have gradients", "a gradient"], terms, "g.md")
        ['# A batch\\n`batch`: [batches](g.md#batch) have [gradients](g.md#gradient)', 'a gradient']
    """
    by_word = {word: term for term in terms for word in term.words()}
    search = _search(tuple(sorted(by_word, key=len, reverse=True)))
    linked = set()

    def written(match: re.Match) -> str:
        said = match["word"]
        if not said:
            return match.group()
        plain = " ".join(said.split())
        term = by_word.get(plain) or by_word[plain[0].lower() + plain[1:]]
        if term in linked:
            return said
        linked.add(term)
        return f"[{said}]({page}#{term.anchor})"

    return [search.sub(written, text) for text in texts]


def link_first_uses(cells: list[NotebookNode], name: str) -> None:
    """Link the terms of the course's glossary in a lesson, in place.

    Args:
        cells: of the lesson.
        name: its file's name without `.ipynb`, such as `"04b_best_recipe"`.
    """
    glossary = (course_folder() / GLOSSARY).read_text(encoding="utf-8")
    number = name.split("_", maxsplit=1)[0]
    terms = [term for term in read(glossary) if term.belongs(number)]
    prose = [cell for cell in cells if cell.cell_type == "markdown"]
    texts = link_terms([cell.source for cell in prose], terms, f"../{GLOSSARY}")
    for cell, text in zip(prose, texts, strict=True):
        cell.source = text


def _notes(notes: str | None, heading: str) -> dict[str, tuple[str, ...]]:
    kept: dict[str, tuple[str, ...]] = {}
    for note in (notes or "").split("; ") if notes else ():
        kind, _, rest = note.partition(": ")
        match kind:
            case "in text":
                kept["forms"] = tuple(rest.split(", "))
            case "only in":
                kept["only"] = tuple(rest.split())
            case "not in":
                kept["but"] = tuple(rest.split())
            case "not linked":
                kept["only"] = ()
            case _:
                raise ValueError(f"{GLOSSARY}, {heading}: what does the note {note!r} say?")
    return kept


def _plural(word: str) -> str:
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(s|x|z|ch|sh)$", word) else f"{word}s"


@cache
def _search(words: tuple[str, ...]) -> re.Pattern:
    """Find either what is kept as it is, or one of the words, also at a line's end."""
    said = []
    for word in words:
        first = f"[{word[0].upper()}{word[0]}]" if word[0].islower() else re.escape(word[0])
        said.append(first + re.escape(word[1:]).replace(r"\ ", r"[ \t]*(?:\n[ \t]*)?(?<=\s)"))
    known = "|".join(said) or "(?!)"
    whole = rf"{KEPT} | (?<![\w-])(?P<word>{known})(?![\w-])"
    return re.compile(whole, re.VERBOSE | re.DOTALL | re.MULTILINE)
