"""The first minute in JupyterLab: two keys from the start page to a network seen to learn."""

import browser
import pytest
from browser import CELL, OUTPUT, jupyterlab, needs_chromium

from workshop.course import lessons

pytestmark = needs_chromium

START = "notebooks/00_welcome.ipynb"
# The steps that were drawn, each with the share of the picture that lay within the window.
WATCH = """() => {
    window.pictures = [];
    const note = () => {
        const shown = document.querySelector(".training-dashboard");
        const step = Number(shown?.dataset.step);
        if (!step || window.pictures.at(-1)?.step === step) return;
        const view = shown.closest(".jp-WindowedPanel-outer").getBoundingClientRect();
        const box = shown.getBoundingClientRect();
        const seen = Math.min(box.bottom, view.bottom) - Math.max(box.top, view.top);
        window.pictures.push({ step, seen: seen / Math.min(box.height, view.height) });
    };
    const how = { subtree: true, childList: true, attributes: true };
    new MutationObserver(note).observe(document.body, { ...how, attributeFilter: ["data-step"] });
}"""
ANSWERED = f"([index, word]) => ({OUTPUT})(index).includes(word)"


@pytest.fixture
def lab(tmp_path):
    with jupyterlab(tmp_path) as running:
        yield running


def cell_of(word):
    """The id of the first cell of code that has this word."""
    return next(
        cell.id
        for cell in lessons.read(lessons.find("00")).cells
        if cell.cell_type == "code" and word in cell.source
    )


@pytest.mark.parametrize("width", [1280, 800])
def test_two_keys_and_a_network_is_seen_to_learn(lab, width):
    with lab.open(START, width=width, height=800) as page:
        page.evaluate(WATCH)
        page.keyboard.press("Shift+Enter")
        page.keyboard.press("Shift+Enter")
        page.wait_for_function("window.pictures.length >= 3", timeout=120_000)
        page.wait_for_function(
            "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'",
            timeout=120_000,
        )
        pictures = page.evaluate("window.pictures")
        assert pictures[0]["step"] <= 5
        assert min(picture["seen"] for picture in pictures) > 0.9, pictures
        assert page.locator(".jp-OutputArea-output[data-mime-type*='stderr']").count() == 0


def test_the_map_opens_a_lesson(lab):
    with lab.open(START) as page:
        first, shown = (page.evaluate(CELL, cell_of(word)) for word in ("import", "progress()"))
        for index in (first, shown):
            page.evaluate(browser.SELECT, index)
            page.keyboard.press("Shift+Enter")
        page.wait_for_function(ANSWERED, arg=[shown, "exercises passed"], timeout=120_000)
        link = page.locator(".workshop-map a", has_text="01 Tensors and gradients")
        link.click()
        page.wait_for_function(
            "window.jupyterapp.shell.currentWidget.context?.path === 'notebooks/01_tensors.ipynb'"
        )
        lab.shut_down("notebooks/01_tensors.ipynb")
