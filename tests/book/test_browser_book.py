"""A book of three lessons in a browser: nothing comes from elsewhere, and everyone can read it."""

import functools
import importlib.util
import re
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe import violations
from browser import CHROMIUM, FLAGS, needs_chromium

from workshop.book import BookError, executed, npm, site
from workshop.course import lessons

REPO = Path(__file__).parent.parent.parent
NUMBERS = ("00", "01", "02")
PAGES = ("index", *(f"notebooks/{lessons.find(number).stem}" for number in NUMBERS), "docs/scaling")
NEEDS = [name for name in site.PACKAGES if not importlib.util.find_spec(name)]
pytestmark = [
    needs_chromium,
    pytest.mark.skipif(bool(NEEDS), reason=f"needs the extra book: {', '.join(NEEDS)}"),
]
PICTURES = """() => [...document.querySelectorAll(".bd-article img")].map((one) => one.alt)"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *said):
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make the book once."""
    try:
        npm.package(*site.MATHJAX)
    except BookError as error:
        pytest.skip(str(error))
    to = tmp_path_factory.mktemp("made") / "book"
    chosen = [lessons.find(number) for number in NUMBERS]
    site.make(chosen, to, executed.data(sample=True), tell=lambda said: None)
    return to


@pytest.fixture(scope="module")
def address(folder):
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser(folder):
    """A browser, once the book's own has printed the PDFs: playwright allows one at a time."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(params=["light", "dark"])
def page(request, browser, address):
    """A page whose `trouble` lists errors, answers above 400 and requests to elsewhere."""
    page = browser.new_context(color_scheme=request.param).new_page()
    page.scheme, page.trouble = request.param, []

    def asked(url):
        if not url.startswith((f"{address}/", "data:")):
            page.trouble.append(f"outside: {url}")

    def answered(response):
        if response.status >= 400:
            page.trouble.append(f"{response.status}: {response.url}")

    page.on("request", lambda request: asked(request.url))
    page.on("response", answered)
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    page.on("console", lambda said: page.trouble.append(said.text) if said.type == "error" else 0)
    yield page
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nobody_else_and_everyone_can_read_it(page, address, name):
    page.goto(f"{address}/{name}.html")
    page.wait_for_function(
        "scheme => document.documentElement.dataset.theme === scheme", arg=page.scheme
    )
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    for described in page.evaluate(PICTURES):
        # Where a picture has no text of its own, myst-nb takes its file's name, a hash.
        assert re.search(r"[A-Za-z]{3}.* |\d, ", described), described
    assert page.trouble == []


def test_the_search_finds_a_lesson(page, address):
    page.goto(f"{address}/search.html?q=softmax")
    page.locator("#search-results a", has_text="02 Softmax on MNIST").first.wait_for()
    assert page.trouble == []


def test_formulas_are_drawn_and_folds_open(page, address):
    page.goto(f"{address}/notebooks/02_softmax.html")
    page.locator("mjx-container svg").first.wait_for()
    solution = page.locator("details.solution", has_text="Solution of 2-1")
    assert not solution.locator("pre").is_visible()
    solution.locator("summary").click()
    assert "def softmax" in solution.locator("pre").inner_text()


def test_no_page_names_a_place_of_this_machine(folder):
    places = {str(REPO), str(Path.home()), tempfile.gettempdir()} - {"/"}
    for path in folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not [place for place in places if f"{place}/" in text], path.name


def test_each_lesson_is_there_on_paper(folder):
    for number in NUMBERS:
        name = lessons.find(number).stem
        assert (folder / "pdf" / f"{name}.pdf").read_bytes().startswith(b"%PDF")
        page = (folder / "notebooks" / f"{name}.html").read_text(encoding="utf-8")
        assert f'href="../pdf/{name}.pdf"' in page
