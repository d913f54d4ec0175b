"""The systolic array in JupyterLab in headless Chromium: its buttons, keys, words and picture."""

import nbformat
import pytest
from browser import RUN_ALL, needs_chromium

pytestmark = needs_chromium

STATES = """import numpy as np
from workshop.widgets import SystolicArray
x, w = np.arange(1.0, 5).reshape(2, 2), np.array([[1.0, 2], [3, 4]])
states = []
for cycle in range(4):
    inputs = np.full((2, 2), np.nan)
    sums = inputs.copy()
    for i, j in np.ndindex(2, 2):
        if 0 <= (row := cycle - i - j) < 2:
            inputs[i, j] = x[row, i]
            sums[i, j] = x[row, : i + 1] @ w[: i + 1, j]
    states.append({"inputs": inputs, "sums": sums})"""
SHOW = "array = SystolicArray(states, weights=w)\narray"
NOTEBOOK = "notebooks/systolic.ipynb"
ROOT = ".systolic-array"
STILL = ".systolic-array-still"
ACTIVE = "window.jupyterapp.shell.currentWidget.content.activeCellIndex"


@pytest.fixture(scope="module")
def page(lab):
    """The array, shown by a cell, with an empty cell below."""
    lab.write("systolic.ipynb", STATES, SHOW, "21 * 2")
    with lab.open(NOTEBOOK) as page:
        page.said = []
        page.on("console", lambda message: page.said.append((message.type, message.text)))
        page.evaluate(RUN_ALL)
        page.wait_for_function("window.allDone")
        page.locator(f"{ROOT}[data-cycle]").scroll_into_view_if_needed()
        yield page


@pytest.fixture(autouse=True)
def at_the_start(page):
    """Begin each test in cycle 0."""
    slide(page, 0)


def cycle(page):
    return int(page.locator(ROOT).get_attribute("data-cycle"))


def until(page, number):
    page.wait_for_function(f"document.querySelector('{ROOT}').dataset.cycle === '{number}'")


def slide(page, number):
    page.locator(f"{ROOT} .sa-slider").fill(str(number))
    until(page, number)


def press(page, name):
    page.locator(ROOT).get_by_role("button", name=name).click()


def text(page):
    return page.locator(f"{ROOT} .sa-text").text_content()


def tokens(page, kind):
    """The numbers of a kind, inside the cells: neither waiting nor gone."""
    found = page.locator(f"{ROOT} .sa-token.sa-{kind}:not(.sa-far)")
    return found.all_text_contents()


def test_buttons_step_through_the_cycles(page):
    assert "1 of 4 cells" in text(page)
    assert (tokens(page, "input"), tokens(page, "sum")) == (["1"], ["1"])
    assert page.locator(".sa-back").get_attribute("aria-disabled") == "true"
    press(page, "Next")
    until(page, 1)
    assert sorted(tokens(page, "input")) == ["1", "2", "3"]
    assert sorted(tokens(page, "sum")) == ["2", "3", "7"]
    assert "Below leave 7 (column 0)" in text(page)
    press(page, "Next")
    press(page, "Next")
    until(page, 3)
    assert page.locator(".sa-next").get_attribute("aria-disabled") == "true"
    gone = page.locator(f"{ROOT} .sa-sum.sa-far").all_text_contents()
    assert sorted(gone) == ["10", "15", "7"]
    press(page, "Back")
    until(page, 2)


def test_numbers_wait_at_the_left_in_their_order(page):
    waiting = page.locator(f"{ROOT} .sa-input.sa-far").all_text_contents()
    assert waiting == ["3", "2", "4"]


def test_it_plays_to_the_end_and_again(page):
    press(page, "Play")
    press(page, "Pause")
    assert cycle(page) == 1
    press(page, "Play")
    until(page, 3)
    page.get_by_role("button", name="Play").wait_for()
    press(page, "Play")
    until(page, 0)
    press(page, "Pause")


def test_the_keyboard_is_enough(page):
    before = page.evaluate(ACTIVE)
    page.locator(f"{ROOT} .sa-slider").focus()
    page.keyboard.press("ArrowRight")
    until(page, 1)
    page.keyboard.press("End")
    until(page, 3)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert "sa-back" in page.evaluate("document.activeElement.className")
    page.keyboard.press("Enter")
    until(page, 2)
    page.keyboard.press("Space")
    until(page, 1)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.evaluate(ACTIVE) == before


def moving(page):
    return page.evaluate(
        f"document.querySelector('{ROOT} svg').getAnimations({{subtree: true}}).length"
    )


def test_numbers_slide_unless_less_motion_is_asked_for(page):
    press(page, "Next")
    assert moving(page) > 0
    page.emulate_media(reduced_motion="reduce")
    press(page, "Next")
    until(page, 2)
    page.wait_for_timeout(600)
    press(page, "Next")
    assert moving(page) == 0
    page.emulate_media(reduced_motion="no-preference")


def test_it_is_dark_where_the_page_is_dark(page):
    change = "window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab %s'})"
    page.evaluate(change % "Dark")
    page.locator(f"{ROOT}.workshop-dark").wait_for()
    page.evaluate(change % "Light")
    page.locator(f"{ROOT}:not(.workshop-dark)").wait_for()


def test_it_fits_a_narrow_page(page):
    wide = page.evaluate(
        f"""() => {{
            const root = document.querySelector("{ROOT}");
            root.parentElement.style.width = "320px";
            return [root.clientWidth, root.scrollWidth];
        }}"""
    )
    assert wide[0] <= 320
    assert wide[1] <= wide[0] + 1
    page.evaluate(f"document.querySelector('{ROOT}').parentElement.style.width = ''")


def test_a_reloaded_page_finds_its_cycle_and_a_dead_kernel_a_picture(page, lab):
    assert [said for kind, said in page.said if kind == "error"] == []
    slide(page, 2)
    assert page.locator(STILL).is_hidden()
    page.wait_for_timeout(500)
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(1000)
    lab.go(page, NOTEBOOK)
    page.locator(f"{ROOT}[data-cycle='2']").wait_for()
    [cell] = [c for c in nbformat.read(lab.folder / NOTEBOOK, 4).cells if c.source == SHOW]
    assert "application/vnd.jupyter.widget-view+json" in cell.outputs[0]["data"]
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.wait_for_timeout(500)
    lab.go(page, NOTEBOOK)
    page.locator(STILL).wait_for(state="visible")
    page.locator(f"{STILL} {ROOT}").wait_for()
    page.wait_for_timeout(1000)
    assert not any(found.is_visible() for found in page.get_by_text("model not found").all())
    assert page.outside == []
