"""The game of Catch in JupyterLab in headless Chromium: keys, buttons, finger, clock, picture."""

import json

import nbformat
import pytest
from browser import RUN_ALL, follows_the_theme, in_a_narrow_place, needs_chromium

pytestmark = needs_chromium

POLICY = """import numpy as np
from workshop.widgets import CatchGame


def expert(pictures):
    ball, paddle = pictures[:, :9].any(1).argmax(1), pictures[:, 9].argmax(1) + 1
    return np.eye(3)[np.sign(ball - paddle) + 1]
"""
SHOW = "game = CatchGame(expert)\ngame"
SCORE = "print(game.score)"
NOTEBOOK = "notebooks/catch.ipynb"
ROOT = ".catch-game"
STILL = ".catch-game-still"
ACTIVE = "window.jupyterapp.shell.currentWidget.content.activeCellIndex"


@pytest.fixture(scope="module")
def page(lab):
    """The game, shown by a cell, with a cell below that prints the score."""
    lab.write("catch.ipynb", POLICY, SHOW, SCORE)
    with lab.open(NOTEBOOK, touch=True) as page:
        page.said = []
        page.on("console", lambda message: page.said.append((message.type, message.text)))
        page.evaluate(RUN_ALL)
        page.wait_for_function("window.allDone")
        page.locator(f"{ROOT}[data-row]").scroll_into_view_if_needed()
        yield page


@pytest.fixture(autouse=True)
def waiting(page):
    """Begin each test with a new ball, and a game that waits."""
    clock(page, "waits")
    while state(page)["row"] != "0":
        press(page, "Stay")


def state(page):
    return page.evaluate(f"({{...document.querySelector('{ROOT}').dataset}})")


def clock(page, name):
    page.locator(f"{ROOT} select").select_option(name)
    page.wait_for_function(f"document.querySelector('{ROOT}').dataset.clock === '{name}'")


def press(page, name):
    page.locator(ROOT).get_by_role("button", name=name).click()


def play_well(page, act):
    """Play a ball: `act` moves by -1, 0 or 1."""
    while (now := state(page))["row"] != "9":
        away = int(now["ball"]) - int(now["paddle"])
        act((away > 0) - (away < 0))
    return now


def by_button(page):
    return lambda direction: press(page, ("Left", "Stay", "Right")[direction + 1])


def by_key(page):
    return lambda direction: page.keyboard.press(
        ("ArrowLeft", "ArrowDown", "ArrowRight")[direction + 1]
    )


def test_each_button_is_a_step_of_both(page):
    before = state(page)
    press(page, "Left")
    now = state(page)
    assert int(now["row"]) == int(before["row"]) + 1
    assert int(now["paddle"]) == max(1, int(before["paddle"]) - 1)
    press(page, "Right")
    press(page, "Stay")
    assert int(state(page)["row"]) == 3


def test_balls_are_counted_for_both_and_the_kernel_knows(page):
    before = state(page)
    end = play_well(page, by_button(page))
    assert int(end["balls"]) == int(before["balls"]) + 1
    assert int(end["you"]) == int(before["you"]) + 1
    assert int(end["network"]) == int(before["network"]) + 1
    assert "✓ caught" in page.locator(f"{ROOT} .cg-mine figcaption").inner_text()
    page.wait_for_timeout(1000)  # the cell may overtake the score
    page.evaluate(RUN_LAST)
    score = {name: int(end[name]) for name in ("balls", "you", "network")}
    page.get_by_text(str(score)).wait_for()


RUN_LAST = """() => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = notebook.widgets.length - 1;
    return window.jupyterapp.commands.execute("notebook:run-cell");
}"""


def test_a_ball_that_is_missed_is_marked_by_a_word_too(page):
    while state(page)["row"] != "9":
        away = int(state(page)["ball"]) >= 5
        press(page, "Left" if away else "Right")
    assert "✗ missed" in page.locator(f"{ROOT} .cg-mine figcaption").inner_text()
    assert "✓ caught" in page.locator(f"{ROOT} .cg-theirs figcaption").inner_text()


def test_the_network_says_what_it_will_do(page):
    now = state(page)
    away = int(now["ball"]) - int(now["other"])
    best = page.locator(f"{ROOT} .cg-best").inner_text().split()
    assert best[0] == ("left" if away < 0 else "right" if away else "stay")
    assert best[1] == "1.00"


def test_the_keyboard_is_enough(page):
    before = page.evaluate(ACTIVE)
    page.locator(f"{ROOT} .cg-mine .cg-squares").focus()
    end = play_well(page, by_key(page))
    assert "✓ caught" in page.locator(f"{ROOT} .cg-mine figcaption").inner_text()
    page.keyboard.press("ArrowDown")
    assert state(page)["row"] == "0"
    assert int(end["row"]) == 9
    assert page.evaluate(ACTIVE) == before
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # on the button: a step to the left
    assert state(page)["row"] == "1"


def test_with_a_clock_the_ball_falls_by_itself(page):
    clock(page, "fast")
    assert state(page)["row"] == "0"
    press(page, "Start")
    page.wait_for_function(f"document.querySelector('{ROOT}').dataset.row === '9'")
    page.wait_for_function(f"document.querySelector('{ROOT}').dataset.row === '2'")
    page.keyboard.press("Space")  # the board has the focus
    page.locator(ROOT).get_by_role("button", name="Start").wait_for()
    row = state(page)["row"]
    page.wait_for_timeout(600)
    assert state(page)["row"] == row


def until(page, condition):
    page.wait_for_function(
        f"() => {{ const d = document.querySelector('{ROOT}').dataset; return {condition}; }}"
    )


def test_with_a_clock_the_paddle_moves_at_once_and_once_a_row(page):
    clock(page, "slow")
    press(page, "Start")
    until(page, "d.row === '1'")
    before = state(page)
    way, step = ("ArrowRight", 1) if int(before["paddle"]) < 5 else ("ArrowLeft", -1)
    page.keyboard.press(way)
    now = state(page)
    assert int(now["paddle"]) == int(before["paddle"]) + step
    assert now["row"] == "1"
    for _ in range(3):  # the other presses of this row are one in the next
        page.keyboard.press(way)
    assert state(page)["paddle"] == now["paddle"]
    until(page, "d.row === '3'")
    assert int(state(page)["paddle"]) == int(before["paddle"]) + 2 * step


def test_a_key_that_is_held_goes_on(page):
    clock(page, "fast")
    page.locator(f"{ROOT} .cg-mine .cg-squares").focus()
    page.keyboard.down("ArrowLeft")
    until(page, "d.row === '8'")
    page.keyboard.up("ArrowLeft")
    assert int(state(page)["paddle"]) == 1


def test_a_finger_pulls_the_paddle(page):
    clock(page, "slow")
    box = page.locator(f"{ROOT} .cg-mine .cg-squares").bounding_box()
    press(page, "Start")
    page.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + box["height"] / 2)
    page.mouse.down()
    until(page, "d.row === '8'")
    page.mouse.up()
    assert int(state(page)["paddle"]) == 8
    clock(page, "waits")
    before = state(page)
    page.touchscreen.tap(box["x"] + 5, box["y"] + box["height"] / 2)
    assert int(state(page)["paddle"]) == int(before["paddle"]) - 1


def test_buttons_are_large_enough_for_a_thumb(page):
    for name in ("Left", "Stay", "Right"):
        box = page.locator(ROOT).get_by_role("button", name=name).bounding_box()
        assert min(box["width"], box["height"]) >= 44


def test_it_is_dark_where_the_page_is_dark(page):
    follows_the_theme(page, ROOT)


def test_it_fits_a_narrow_page(page):
    wide = in_a_narrow_place(page, ROOT)
    assert wide[0] <= 320
    assert wide[1] <= wide[0] + 1
    page.evaluate(f"document.querySelector('{ROOT}').parentElement.style.width = ''")


def test_a_reloaded_page_finds_its_score_and_a_dead_kernel_a_picture(page, lab):
    balls = play_well(page, by_button(page))["balls"]
    assert [said for kind, said in page.said if kind == "error"] == []
    assert page.locator(STILL).is_hidden()
    page.locator(f"{STILL} img[alt*='balls: {balls},']").wait_for(state="attached")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(1000)
    lab.go(page, NOTEBOOK)
    page.locator(f"{ROOT}[data-balls='{balls}']").wait_for()
    [cell] = [c for c in nbformat.read(lab.folder / NOTEBOOK, 4).cells if c.source == SHOW]
    assert "application/vnd.jupyter.widget-view+json" in cell.outputs[0]["data"]
    assert f"balls: {balls}" in json.dumps(cell.outputs[1]["metadata"])
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.wait_for_timeout(500)
    lab.go(page, NOTEBOOK)
    page.locator(STILL).wait_for(state="visible")
    page.locator(f"{STILL} {ROOT}[data-balls='{balls}']").wait_for()
    page.wait_for_timeout(1000)
    assert not any(found.is_visible() for found in page.get_by_text("model not found").all())
    assert page.outside == []
