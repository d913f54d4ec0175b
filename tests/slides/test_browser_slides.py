"""The slides of two lessons in a browser: nothing is taller than its slide, nothing is fetched."""

import pytest
from axe import violations
from browser import CHROMIUM, FLAGS, needs_chromium

from workshop.book import BookError, executed, npm
from workshop.course import lessons
from workshop.slides import render
from workshop.slides.write import write

pytestmark = needs_chromium
WIDTH, HEIGHT = 1280, 720
# Two thirds of the usual size: slides.js goes no lower.
SMALLEST = 20
MEASURE = """() => {
    const slide = Reveal.getCurrentSlide();
    const inner = [...slide.querySelectorAll("*")].filter((one) => !one.closest("aside"));
    const picture = slide.querySelector("img");
    return {
        name: slide.innerText.slice(0, 60),
        bottom: Math.max(...inner.map((one) => one.getBoundingClientRect().bottom)),
        right: Math.max(...inner.map((one) => one.getBoundingClientRect().right)),
        letters: parseFloat(getComputedStyle(slide).fontSize),
        picture: picture ? picture.getBoundingClientRect().height : null,
        alt: picture ? picture.alt : null,
    };
}"""


@pytest.fixture(scope="module")
def context():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        browser.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Write the slides of a lesson once."""
    try:
        npm.package(*render.REVEAL)
        npm.package(*render.MATHJAX)
    except BookError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("slides")

    def slides(number):
        to = folder / f"{number}.html"
        if not to.exists():
            write(lessons.find(number), to, executed.data(sample=True))
        return to.as_uri()

    return slides


def opened(context, address):
    page = context.new_page()
    page.outside, page.errors = [], []
    page.on("request", lambda request: page.outside.append(request.url))
    page.on("console", lambda said: page.errors.append(said.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.goto(address)
    page.wait_for_function("window.Reveal?.isReady()")
    return page


@pytest.mark.parametrize("number", ["01", "02"])
def test_nothing_is_taller_than_its_slide_and_nothing_is_fetched(context, made, number):
    page = opened(context, made(number))
    total = page.evaluate("Reveal.getTotalSlides()")
    assert total > 20
    seen = set()
    for _ in range(4 * total):
        found = page.evaluate(MEASURE)
        seen.add(page.evaluate("Reveal.getSlidePastCount()"))
        assert found["bottom"] <= HEIGHT, found
        assert found["right"] <= WIDTH, found
        assert found["letters"] >= SMALLEST, found
        if found["picture"] is not None:
            assert found["picture"] > HEIGHT / 3, found
            assert found["alt"], found
        page.keyboard.press("ArrowRight")
    assert seen == set(range(total))
    assert [url for url in page.outside if not url.startswith(("file:", "data:"))] == []
    assert sum(url.startswith("file:") for url in page.outside) == 1
    assert page.errors == []
    page.close()


def test_the_notes_open_in_a_window_of_their_own(context, made):
    page = opened(context, made("02"))
    page.keyboard.press("ArrowRight")
    with context.expect_page() as popup:
        page.keyboard.press("s")
    notes = popup.value.locator(".speaker-controls-notes .value")
    notes.get_by_text("we make our decisions on them").wait_for()
    # Formulas are drawn there, too.
    page.evaluate("Reveal.slide(4, 0)")
    notes.locator("mjx-container svg").first.wait_for()
    popup.value.close()
    page.close()


def test_a_title_a_question_and_a_picture_can_be_read_by_all(context, made):
    page = opened(context, made("02"))
    for _ in range(4):
        assert violations(page, ".slides", without=(".slides [hidden]",)) == []
        page.keyboard.press("ArrowRight")
    page.close()


def test_on_paper_each_slide_is_one_page(context, made):
    page = opened(context, made("02") + "?print-pdf")
    page.wait_for_function("document.querySelectorAll('.pdf-page').length > 20")
    total = page.evaluate("Reveal.getTotalSlides()")
    assert page.locator(".pdf-page").count() == total
    page.close()
