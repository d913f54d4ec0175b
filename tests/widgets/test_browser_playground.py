"""The playground in JupyterLab in headless Chromium: its controls, its training, its answers."""

import re
import time

import nbformat
import processes
import pytest
from browser import OUTPUT, RUN_ALL, SELECT, needs_chromium

pytestmark = needs_chromium

IMPORTS = """import keras
from workshop.data import rings, spirals, two_lines
from workshop.widgets import Playground
keras.utils.set_random_seed(0)"""
BUILD = """def build_model(hidden_units, activation, learning_rate):
    model = keras.Sequential([keras.Input((2,))])
    for units in hidden_units:
        model.add(keras.layers.Dense(units, activation))
    model.add(keras.layers.Dense(1, "sigmoid"))
    if learning_rate == 1:
        model.add(keras.layers.Dense(3))
    sgd = keras.optimizers.SGD(learning_rate)
    adam = keras.optimizers.Adam(learning_rate)
    model.compile(sgd if activation == "linear" else adam, "binary_crossentropy")
    return model"""
SHOW = """clouds = {"two lines": two_lines(), "rings": rings(), "spirals": spirals()}
playground = Playground(build_model, clouds)
playground"""
NOTEBOOK = "notebooks/playground.ipynb"
ROOT = ".workshop-playground"
PICTURED = """(step) => {
    const cell = window.jupyterapp.shell.currentWidget.content.widgets[2];
    return JSON.stringify(cell.model.outputs.toJSON().at(-1).metadata).includes(step);
}"""


@pytest.fixture(scope="module")
def page(lab):
    """The playground, shown by a cell, with an empty cell below."""
    lab.write("playground.ipynb", IMPORTS, BUILD, SHOW, "21 * 2")
    with lab.open(NOTEBOOK, height=800) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.said = []
        page.on("console", lambda message: page.said.append((message.type, message.text)))
        page.evaluate(RUN_ALL)
        page.wait_for_function("window.allDone")
        page.locator(ROOT).scroll_into_view_if_needed()
        yield page


def shown(page, name):
    return page.evaluate(f"document.querySelector('{ROOT}').dataset.{name}")


def step(page):
    return int(shown(page, "step"))


def until(page, condition, timeout=20):
    script = (
        f"() => {{ const shown = document.querySelector('{ROOT}').dataset; return {condition} }}"
    )
    page.wait_for_function(script, timeout=timeout * 1000)


def press(page, name):
    page.locator(ROOT).get_by_role("button", name=name, exact=True).click()


def field(page, name):
    return page.locator(ROOT).get_by_label(name, exact=True)


def problem(page):
    return page.locator(f"{ROOT} .pg-problem").text_content()


def pixels(page, panel):
    return page.evaluate(f"document.querySelector('{ROOT} .{panel} canvas').toDataURL()")


def test_the_spiral_is_separated_by_keyboard_and_pointer(page):
    field(page, "Cloud").focus()
    page.keyboard.press("s")  # by its first letter, as in any list
    assert field(page, "Cloud").input_value() == "spirals"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    until(page, "shown.heard === 'true'")
    assert field(page, "Hidden layers").input_value() == "1"
    field(page, "Hidden layers").select_option("2")
    field(page, "Units 1").fill("24")
    page.keyboard.press("Tab")
    field(page, "Activation").select_option("tanh")
    field(page, "Activation").select_option("relu")
    field(page, "Learning rate").select_option("0.01")
    page.wait_for_timeout(600)
    until(page, "shown.heard === 'true' && shown.step === '0'")
    assert field(page, "Units 1").input_value() == "24"
    surface, loss = pixels(page, "pg-surface"), pixels(page, "pg-loss")
    page.locator(ROOT).get_by_role("button", name="Run").focus()
    page.keyboard.press("Space")
    steps = set()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if float(shown(page, "accuracy")) >= 0.98 and len(steps) >= 3:
            break
        steps.add(step(page))
        page.wait_for_timeout(30)
    assert float(shown(page, "accuracy")) >= 0.98
    assert len(steps) >= 3, f"the steps {steps} were seen"
    assert pixels(page, "pg-surface") != surface
    assert pixels(page, "pg-loss") != loss


def test_pause_step_run_and_reset_answer(page):
    field(page, "Learning rate").select_option("0.0001")  # it goes on for long
    until(page, "shown.heard === 'true' && Number(shown.step) < 500")
    if shown(page, "running") == "false":
        press(page, "Run")
        until(page, "shown.running === 'true'")
    press(page, "Pause")
    until(page, "shown.running === 'false'")
    before = step(page)
    page.wait_for_timeout(400)
    assert step(page) == before
    press(page, "Step")
    until(page, f"shown.step === '{before + 1}'")
    press(page, "Run")
    until(page, f"Number(shown.step) > {before + 20}")
    press(page, "Step")
    until(page, "shown.running === 'false' && shown.heard === 'true'")
    press(page, "Reset")
    until(page, "shown.step === '0' && shown.heard === 'true'")


def test_another_cell_runs_while_it_trains(page):
    press(page, "Run")
    until(page, "Number(shown.step) > 20")
    page.evaluate(SELECT, 3)
    page.keyboard.press("Control+a")
    page.keyboard.type("print('step', playground.step_count)")
    page.keyboard.press("Control+Enter")
    page.wait_for_function(f"(({OUTPUT})(3)).includes('step ')", timeout=5000)
    seen = step(page)
    until(page, f"Number(shown.step) > {seen}")


def test_a_choice_while_it_runs_starts_a_new_model(page):
    before = step(page)
    field(page, "Cloud").select_option("rings")
    until(page, f"Number(shown.step) < {before} && shown.running === 'true'")
    until(page, "Number(shown.step) > 5")
    press(page, "Pause")
    until(page, "shown.running === 'false'")


def test_a_loss_that_is_no_number_is_explained(page):
    field(page, "Activation").select_option("linear")
    field(page, "Learning rate").select_option("100")
    press(page, "Run")
    page.wait_for_function(f"document.querySelector('{ROOT} .pg-problem').textContent !== ''")
    said = problem(page)
    assert re.search("The loss is (NaN|infinite)", said)
    assert "learning rate below 100" in said
    assert shown(page, "running") == "false"
    field(page, "Learning rate").select_option("0.01")
    until(page, "shown.heard === 'true' && shown.step === '0'")
    assert problem(page) == ""


def test_an_error_in_build_model_is_said_and_the_playground_goes_on(page):
    field(page, "Learning rate").select_option("1")
    until(page, "shown.heard === 'true' && shown.accuracy === ''")
    assert "(4000, 1) for 4000 points, got (4000, 3)" in problem(page)
    press(page, "Run")
    until(page, "shown.heard === 'true'")
    assert "(4000, 1) for 4000 points, got (4000, 3)" in problem(page)
    field(page, "Learning rate").select_option("0.1")
    field(page, "Activation").select_option("tanh")
    press(page, "Run")
    until(page, "Number(shown.step) > 5")
    assert problem(page) == ""


def test_units_that_cannot_be_are_refused_in_words(page):
    field(page, "Units 1").fill("0")
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelector('{ROOT} .pg-problem').textContent !== ''")
    assert "Expected hidden_units to be a list" in problem(page)
    assert "got [0" in problem(page)
    until(page, "shown.heard === 'true'")
    press(page, "Pause")
    until(page, "shown.running === 'false'")
    assert problem(page) == ""


def test_a_training_by_code_moves_the_picture_and_hears_pause(page):
    page.evaluate(SELECT, 3)
    page.keyboard.press("Control+a")
    page.keyboard.type("playground.train(100_000); print('came', 'back')")
    page.keyboard.press("Control+Enter")
    until(page, "shown.running === 'true'")
    before = step(page)
    until(page, f"Number(shown.step) > {before + 5}")
    press(page, "Pause")
    page.wait_for_function(f"(({OUTPUT})(3)).includes('came back')")
    until(page, "shown.running === 'false'")


def test_a_busy_kernel_is_said(page, tmp_path):
    began, said = tmp_path / "began", tmp_path / "said"
    page.evaluate(SELECT, 3)
    page.keyboard.press("Control+a")
    # Busy until it has been said, however slow the machine is.
    busy = f"import os, time\nopen({str(began)!r}, 'w').close()\n"
    page.keyboard.type(busy + f"while not os.path.exists({str(said)!r}): time.sleep(0.1)")
    page.keyboard.press("Control+Enter")
    try:
        processes.until(began.exists, "the kernel is not busy", seconds=60)
        before = step(page)
        press(page, "Step")
        page.locator(f"{ROOT} .pg-note", has_text="The kernel is busy").wait_for()
    finally:
        said.touch()
    until(page, f"shown.step === '{before + 1}'")


def said_below(page):
    return page.locator(f"{ROOT} .pg-note").text_content()


def settle(page, **choices):
    """Pause, and choose by the labels of the fields."""
    if shown(page, "running") == "true":
        press(page, "Pause")
        until(page, "shown.running === 'false'")
    for name, value in choices.items():
        field(page, name.replace("_", " ")).select_option(value)
    until(page, "shown.heard === 'true'")


def test_a_training_stops_by_itself_and_run_goes_on(page):
    settle(page, Cloud="spirals", Learning_rate="0.01", Activation="relu")
    press(page, "Reset")
    until(page, "shown.step === '0' && shown.heard === 'true'")
    press(page, "Run")
    until(page, "shown.running === 'true'")
    until(page, "shown.running === 'false'", timeout=60)
    assert "Converged: the loss has stayed below 0.001" in said_below(page)
    assert "Press Run to go on" in said_below(page)
    before = step(page)
    press(page, "Run")
    until(page, f"Number(shown.step) > {before} && shown.running === 'false'", timeout=60)


def test_maps_of_units_change_and_say_their_numbers(page):
    settle(page, Worth_a_look="rings, 2 units")
    before = pixels(page, "pg-network")
    press(page, "Run")
    until(page, "Number(shown.step) > 20")
    settle(page)
    assert pixels(page, "pg-network") != before
    network = page.locator(f"{ROOT} .pg-network canvas")
    words = page.locator(f"{ROOT} .pg-unit")
    network.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    said = page.locator(f"{ROOT} .pg-unit", has_text="Layer 1, unit 2: bias ")
    said.wait_for()
    assert "Weights: " in words.text_content()
    assert page.locator(f"{ROOT} .pg-surface figcaption").inner_text().startswith("layer 1, unit 2")
    page.keyboard.press("Tab")
    page.locator(f"{ROOT} .pg-unit", has_text="Point at a unit").wait_for()
    box = network.bounding_box()
    network.hover(position={"x": box["width"] - 20, "y": 34 + (box["height"] - 34) / 2})
    page.locator(f"{ROOT} .pg-unit", has_text="Output, unit 1: bias ").wait_for()
    assert "network of 2, 2, 1" in network.get_attribute("aria-label")


def test_half_of_the_points_can_be_kept_for_testing(page):
    settle(page, Worth_a_look="overfitting")
    assert field(page, "Test half").is_checked()
    assert field(page, "Noise").input_value() == "0.2"
    assert "climbs" in page.locator(f"{ROOT} .pg-reason").text_content()
    press(page, "Run")
    until(page, "Number(shown.step) > 20")
    settle(page)
    curve = page.locator(f"{ROOT} .pg-loss canvas").get_attribute("aria-label")
    assert "on the test points" in curve
    assert page.locator(f"{ROOT} .pg-numbers").inner_text().count("test") == 2
    assert page.get_by_text("hollow: test").is_visible()
    field(page, "Test half").uncheck()
    until(page, "shown.heard === 'true' && shown.step === '0'")
    assert page.locator(f"{ROOT} .pg-numbers").inner_text().count("test") == 0
    assert page.locator(f"{ROOT} .pg-reason").text_content() == ""
    assert field(page, "Worth a look").input_value() == ""


def test_every_preset_can_be_chosen_and_says_why(page):
    names = field(page, "Worth a look").locator("option").all_inner_texts()[1:]
    assert len(names) >= 5
    reasons = set()
    for name in names:
        settle(page, Worth_a_look=name)
        page.wait_for_function(
            f"document.querySelector('{ROOT} .pg-reason').textContent.length > 20"
        )
        reasons.add(page.locator(f"{ROOT} .pg-reason").text_content())
    assert len(reasons) == len(names)


def points(page):
    return int(page.locator(f"{ROOT} .pg-surface canvas").get_attribute("data-points"))


def until_points(page, count):
    page.wait_for_function(
        f"document.querySelector('{ROOT} .pg-surface canvas').dataset.points === '{count}'"
    )
    until(page, "shown.heard === 'true'")


def test_own_points_are_drawn_by_pointer_and_by_keys(page):
    settle(page, Worth_a_look="rings, 2 units", Cloud="your own")
    until_points(page, 0)
    press(page, "Run")
    page.locator(f"{ROOT} .pg-problem", has_text="no points to train on yet").wait_for()
    canvas = page.locator(f"{ROOT} .pg-surface canvas")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 80, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 180, box["y"] + 60, steps=20)
    page.mouse.up()
    page.wait_for_timeout(500)  # what was drawn travels in groups
    until(page, "shown.heard === 'true'")
    drawn = points(page)
    assert drawn > 5
    canvas.focus()
    page.keyboard.press("1")
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Space", "ArrowLeft", "Space"):
        page.keyboard.press(key)
    until_points(page, drawn + 2)
    page.keyboard.press("Backspace")
    until_points(page, drawn + 1)
    press(page, "Run")
    until(page, "Number(shown.step) > 3")
    settle(page)
    assert problem(page) == ""
    press(page, "Clear")
    until_points(page, 0)
    settle(page, Cloud="rings")
    assert points(page) == 400


def test_the_code_of_the_settings_is_copied(page):
    settle(page, Worth_a_look="rings, 2 units", Activation="elu")
    page.locator(f"{ROOT} .pg-code summary").click()
    press(page, "Copy")
    page.locator(f"{ROOT} .pg-copy", has_text="Copied").wait_for()
    code = page.evaluate("navigator.clipboard.readText()")
    assert code == page.locator(f"{ROOT} .pg-code pre").text_content()
    assert 'layers.Dense(2, activation="elu"),' in code
    assert "keras.optimizers.Adam(0.03)," in code
    page.locator(f"{ROOT} .pg-code summary").click()


def test_it_fits_a_small_screen_and_a_narrow_one(page):
    settle(page, Cloud="spirals")
    notebook = page.locator(".jp-WindowedPanel-outer").bounding_box()
    assert page.locator(ROOT).bounding_box()["height"] <= notebook["height"]
    try:
        for width in (800, 560):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(500)
            root = page.locator(ROOT).bounding_box()
            for canvas in page.locator(f"{ROOT} canvas").all():
                box = canvas.bounding_box()
                assert box["x"] >= root["x"]
                assert box["x"] + box["width"] <= root["x"] + root["width"] + 1
                assert box["width"] > 120
            assert page.evaluate(
                f"(() => {{ const root = document.querySelector('{ROOT}');"
                "return root.scrollWidth <= root.clientWidth; })()"
            )
    finally:
        page.set_viewport_size({"width": 1280, "height": 800})


def test_less_motion_means_fewer_pictures(page):
    settle(page, Cloud="spirals", Learning_rate="0.0001")
    count = f"""() => {{
        window.pictures = 0;
        new MutationObserver(() => {{ window.pictures += 1; }}).observe(
            document.querySelector('{ROOT} .pg-numbers b'), {{ childList: true }});
    }}"""
    page.evaluate(count)
    page.emulate_media(reduced_motion="reduce")
    try:
        press(page, "Reset")
        press(page, "Run")
        until(page, "Number(shown.step) > 1")
        page.evaluate("window.pictures = 0")
        page.wait_for_timeout(3000)
        assert 1 <= page.evaluate("window.pictures") <= 5
    finally:
        page.emulate_media(reduced_motion="no-preference")
        settle(page)


def test_a_finger_draws_and_asks_units(page):
    settle(page, Cloud="your own")
    until_points(page, 0)
    browser = page.context.new_cdp_session(page)

    def tap(panel, across, down):
        canvas = page.locator(f"{ROOT} .{panel} canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        place = {"x": box["x"] + across * box["width"], "y": box["y"] + down * box["height"]}
        for kind, places in (("touchStart", [place]), ("touchEnd", [])):
            browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    tap("pg-surface", 0.4, 0.3)
    tap("pg-surface", 0.6, 0.3)
    until_points(page, 2)
    tap("pg-network", 0.93, 0.55)
    page.locator(f"{ROOT} .pg-unit", has_text="Output, unit 1: bias ").wait_for()
    press(page, "Clear")
    until_points(page, 0)
    settle(page, Cloud="rings")
    press(page, "Step")
    until(page, "shown.step === '1' && shown.heard === 'true'")


def test_nothing_came_from_elsewhere_and_nothing_failed_in_silence(page):
    assert page.outside == []
    assert [text for kind, text in page.said if kind == "error"] == []


def test_the_last_state_survives_a_reload_and_the_picture_a_lost_kernel(page, lab):
    before = step(page)
    picture = f"{ROOT}-still {ROOT}"
    assert page.locator(f"{ROOT}-still img").count() == 1
    assert page.locator(picture).count() == 0  # it draws when it is looked at
    page.wait_for_function(PICTURED, arg=f"step {before} ")  # it is drawn a little later
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(1500)
    lab.go(page, NOTEBOOK)
    page.locator(ROOT).wait_for()
    until(page, f"shown.step === '{before}'")
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    lab.go(page, NOTEBOOK)
    page.locator(picture).wait_for(state="visible")
    assert page.locator(picture).get_attribute("data-step") == f"{before}"
    assert page.locator(f"{picture} .pg-run").is_hidden()
    page.wait_for_timeout(1500)  # JupyterLab's words come a little later
    assert not any(found.is_visible() for found in page.get_by_text("model not found").all())
    [cell] = [cell for cell in nbformat.read(lab.folder / NOTEBOOK, 4).cells if cell.source == SHOW]
    assert f"step {before} " in cell.outputs[1].metadata["image/png"]["alt"]
