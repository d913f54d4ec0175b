"""The systolic array in JupyterLab in headless Chromium: its buttons, keys, words and picture."""

import nbformat
import pytest
from browser import RUN_ALL, follows_the_theme, in_a_narrow_place, needs_chromium

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
TIMES = "\N{MULTIPLICATION SIGN}"
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
    assert "Out at the bottom: 7 (column 0)" in text(page)
    press(page, "Next")
    press(page, "Next")
    until(page, 3)
    assert page.locator(".sa-next").get_attribute("aria-disabled") == "true"
    assert results(page) == [["7", "10"], ["15", "22"]]
    press(page, "Back")
    until(page, 2)


def test_numbers_wait_at_the_left_in_their_order(page):
    waiting = page.locator(f"{ROOT} .sa-input.sa-far").all_text_contents()
    assert waiting == ["3", "2", "4"]


def results(page):
    rows = page.locator(f"{ROOT} .sa-results tr").all()
    return [row.locator("td").all_text_contents() for row in rows]


def product(page):
    return page.locator(f"{ROOT} .sa-builds, {ROOT} .sa-product").all_text_contents()


def test_a_row_times_a_column_becomes_a_result(page):
    first = f"Thick frame: row 0 of the inputs {TIMES} column 0 of the weights"
    assert results(page) == [["", ""], ["", ""]]
    assert product(page) == [first, f"1 {TIMES} 1 + 2 {TIMES} 3 = 1 so far"]
    assert page.locator(f"{ROOT} .sa-later").all_text_contents() == [f"2 {TIMES} 3"]
    slide(page, 1)
    assert results(page) == [["7", ""], ["", ""]]
    assert product(page) == [first, f"1 {TIMES} 1 + 2 {TIMES} 3 = 7"]
    looked = page.locator(f"{ROOT} .sa-result.sa-looked").all_text_contents()
    assert looked == ["7"]
    slide(page, 2)
    assert results(page) == [["7", "10"], ["15", ""]]
    assert f"row 1 of the inputs {TIMES} column 1" in product(page)[0]
    assert page.locator(f"{ROOT} .sa-cell.sa-looked text").all_text_contents() == ["2"]


OVERLAPS = """(root) => new Promise((resolve) => {
    const boxes = (kinds) => [...root.querySelectorAll(kinds)]
        .filter((one) => getComputedStyle(one.closest("g > g") ?? one).opacity > 0)
        .map((one) => one.getBoundingClientRect());
    const found = { frames: 0, moving: 0, over: 0, outside: 0 };
    const look = () => {
        const sums = boxes(".sa-sum rect, .sa-passing rect");
        const others = boxes(".sa-stays, .sa-input rect");
        const paper = root.querySelector("svg").getBoundingClientRect();
        found.frames += 1;
        found.moving += root.querySelector("svg").getAnimations({ subtree: true }).length > 0;
        for (const a of sums)
            for (const b of others)
                found.over += a.left < b.right - 0.5 && b.left < a.right - 0.5
                    && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
        for (const a of [...sums, ...others])
            found.outside += a.left < paper.left - 0.5 || a.right > paper.right + 0.5
                || a.top < paper.top - 0.5 || a.bottom > paper.bottom + 0.5;
        if (root.querySelector(".sa-play").textContent === "Play") resolve(found);
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})"""


@pytest.mark.parametrize("width", ["", "340px"])
def test_while_it_plays_no_sum_covers_a_weight_or_an_input(page, width):
    page.evaluate(
        f"(width) => {{document.querySelector('{ROOT}').parentElement.style.width = width}}", width
    )
    page.wait_for_timeout(300)
    press(page, "Play")
    found = page.locator(ROOT).evaluate(OVERLAPS)
    page.evaluate(f"document.querySelector('{ROOT}').parentElement.style.width = ''")
    assert found["moving"] > 5
    assert found["frames"] > found["moving"]  # it rests, too
    assert (found["over"], found["outside"]) == (0, 0)


def test_results_stand_right_of_the_array_where_there_is_room(page):
    side, drawing = (page.locator(f"{ROOT} {part}").bounding_box() for part in (".sa-side", "svg"))
    legend = page.locator(f"{ROOT} .sa-legend").bounding_box()
    assert side["x"] >= drawing["x"] + drawing["width"]
    assert legend["y"] + legend["height"] <= drawing["y"]


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
    follows_the_theme(page, ROOT)


def test_it_fits_a_narrow_page(page):
    wide = in_a_narrow_place(page, ROOT)
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
