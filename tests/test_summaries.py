"""The one-page summaries say what their lessons say, in code and in numbers."""

import ast
import re
import shutil
from pathlib import Path

import pytest

from workshop.book import BookError, npm, paper, site, tree
from workshop.course import lessons, solutions

PAGES = Path(__file__).parents[1] / "docs" / "summaries"
HEADINGS = ["The idea", "Formulas", "Code to keep", "Numbers", "On Monday"]
SHEET = {"width": "210mm", "height": "279mm"}  # as narrow as A4, as low as Letter
THEME = "document.documentElement.dataset.theme"
FENCE = re.compile(r"^```.*?^```$", re.M | re.S)
MATH = re.compile(r"\$[^$]+\$")
NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?"
RANGE = re.compile(rf"(?<![\w.,-])({NUMBER})-({NUMBER})(?![\w-])")
# Of the lesson's `expect`: the range for the full data, and that for the sample.
EXPECTED = re.compile(rf"full=\(({NUMBER}), ({NUMBER})\),\s*sample=\(({NUMBER}), ({NUMBER})\)")
ON_BOTH = re.compile(rf"{RANGE.pattern} (?:on|with) the full data[^.;]*?{RANGE.pattern}")


@pytest.fixture(params=lessons.paths(), ids=lambda path: path.stem)
def lesson(request):
    return request.param


@pytest.fixture
def page(lesson):
    return (PAGES / f"{lesson.stem}.md").read_text(encoding="utf-8")


def part(page, heading):
    return re.split(r"^## .*\n", page, flags=re.M)[1 + HEADINGS.index(heading)]


def sources(lesson, kind):
    return [cell.source for cell in lessons.read(lesson).cells if cell.cell_type == kind]


def plain(text):
    return " ".join(text.split())


def squeezed(line):
    return "".join(line.split())


def ranges(text):
    return {tuple(map(float, found)) for found in RANGE.findall(text)}


def single(text):
    """The numbers of a text that are no range's."""
    return set(re.findall(rf"(?<![\w.]){NUMBER}", RANGE.sub(" ", text)))


def test_each_lesson_has_its_page_and_the_index_names_it():
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    names = [lesson.stem for lesson in lessons.paths()]
    assert sorted(path.stem for path in PAGES.glob("*.md")) == sorted([*names, "README"])
    assert re.findall(r"\]\((\w+)\.md\)", index) == names


def test_title_and_headings(lesson, page):
    title = sources(lesson, "markdown")[0].splitlines()[0]
    assert page.splitlines()[0] == title.replace("# ", "# Summary: ", 1)
    assert re.findall(r"^## (.*)$", page, re.M) == HEADINGS
    assert f"](../../notebooks/{lesson.name})" in page


def test_the_index_has_the_titles():
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    for path in lessons.paths():
        title = sources(path, "markdown")[0].splitlines()[0].removeprefix("# ")
        assert f"[{title}]({path.stem}.md)" in index


def test_the_idea_is_three_sentences(page):
    sentences = re.findall(r"[.?!](?=\s|$)", part(page, "The idea"))
    assert len(sentences) == 3


def test_a_page_is_short(page):
    prose = MATH.sub("", FENCE.sub("", page))
    assert len([word for word in prose.split() if re.search(r"\w", word)]) <= 260
    lines = [line for line in code_of(page).splitlines() if line]
    assert 3 <= len(lines) <= 8
    assert max(map(len, lines)) <= 80


def code_of(page):
    (code,) = re.findall(r"^```python\n(.*?)^```$", page, re.M | re.S)
    return code


def test_code_is_the_lesson_s_own(lesson, page):
    there = [*sources(lesson, "code"), *map(solutions.text, lessons.exercises(lesson))]
    lines = {squeezed(line) for source in there for line in source.splitlines()}
    assert {squeezed(line) for line in code_of(page).splitlines()} <= lines | {""}
    ast.parse(code_of(page))  # whole statements


def test_numbers_are_the_lesson_s_own(lesson, page):
    text = plain("\n".join(sources(lesson, "markdown")))
    prose = FENCE.sub("", page.partition("## ")[2])
    assert ranges(prose) <= ranges(text)
    code = plain("\n".join(sources(lesson, "code")))
    assert single(part(page, "Numbers")) <= set(re.findall(rf"(?<![\w.]){NUMBER}", text + code))


def test_no_range_is_left_out(lesson, page):
    found = RANGE.findall(plain("\n".join(sources(lesson, "markdown"))))
    decimals = {tuple(map(float, ends)) for ends in found if "." in "".join(ends)}
    assert decimals <= ranges(FENCE.sub("", page))


def test_formulas_keep_their_backslashes(page):
    """GitHub takes a backslash before a sign for Markdown's, also in a formula."""
    for formula in MATH.findall(FENCE.sub("", page)):
        assert not re.search(r"\\[^A-Za-z]", formula), formula


def test_each_range_is_of_its_data(lesson, page):
    """All that the lesson expects of the full data and of the sample, and nothing else."""
    code = "\n".join(sources(lesson, "code"))
    expected = {tuple(map(float, found)) for found in EXPECTED.findall(code)}
    said = plain(part(page, "Numbers"))
    pairs = ON_BOTH.findall(said)
    pairs += re.findall(rf"\| {RANGE.pattern} \| {RANGE.pattern} \|", said)
    assert {tuple(map(float, found)) for found in pairs} == expected


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.md")), ids=lambda path: path.stem)
def test_no_link_is_broken(path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The summaries as pages of the book, without the lessons, which would have to run."""
    pytest.importorskip("sphinx_book_theme", reason="needs the extra book")
    source, pages = (tmp_path_factory.mktemp(name) for name in ("source", "pages"))
    try:
        mathjax = npm.package(*site.MATHJAX) / "es5" / "tex-svg.js"
    except BookError as error:
        pytest.skip(str(error))
    with pytest.MonkeyPatch.context() as patch:
        names = sorted(f"docs/summaries/{path.name}" for path in PAGES.glob("*.md"))
        names.append("docs/glossary.md")  # the book's first page leads there
        patch.setattr(tree, "documents", lambda course: names)
        tree.plant(source, {}, kind="sample", paper=False)
    (source / "_static" / "mathjax").mkdir()
    shutil.copy(mathjax, source / "_static" / "mathjax")
    site.sphinx(source, pages)
    return pages / "docs" / "summaries"


@pytest.fixture
def tab(book):
    """A page of a browser for a machine that is dark."""
    pytest.importorskip("playwright", reason="needs playwright")
    if not paper.chromium():
        pytest.skip("no Chromium on this machine")
    with paper.browser() as driver:
        yield driver.new_page(color_scheme="dark")


def test_each_page_is_one_sheet_of_paper(book, tab):
    sheets = {}
    for lesson in lessons.paths():
        tab.goto((book / f"{lesson.stem}.html").as_uri())
        tab.evaluate("window.MathJax?.startup.promise")  # not all have formulas
        printed = tab.pdf(**SHEET, margin=paper.MARGINS)
        sheets[lesson.stem] = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert sheets == dict.fromkeys(sheets, 1)


def test_a_dark_page_is_printed_on_white_paper(book, tab):
    tab.goto((book / "02_softmax.html").as_uri())
    assert tab.evaluate(THEME) == "dark"
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate(THEME) == "light"
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.evaluate(THEME) == "dark"
