"""The dashboard in JupyterLab as learners have it: while it trains, stopped, and afterwards."""

import pytest
from browser import OUTPUT, jupyterlab, needs_chromium

from workshop.course import lessons

pytestmark = needs_chromium

LIVE = ".training-dashboard:not(.workshop-no-kernel)"
STILL = ".workshop-still .training-dashboard"
TITLES = """(shown) => [...document.querySelectorAll(shown + " figcaption")]
    .map((title) => title.firstChild.textContent)"""
# Writes down each picture: its step, and how much of its height is within the notebook's view.
WATCH = f"""() => {{
    window.pictures = [];
    const note = () => {{
        const shown = document.querySelector("{LIVE}");
        const step = Number(shown?.dataset.step ?? NaN);
        if (Number.isNaN(step) || window.pictures.at(-1)?.step === step) return;
        const view = shown.closest(".jp-WindowedPanel-outer").getBoundingClientRect();
        const box = shown.getBoundingClientRect();
        const seen = Math.min(box.bottom, view.bottom) - Math.max(box.top, view.top);
        window.pictures.push({{ step, seen: seen / box.height }});
    }};
    const how = {{ subtree: true, attributes: true, attributeFilter: ["data-step"] }};
    new MutationObserver(note).observe(document.body, how);
}}"""
SETUP = """import time
import numpy as np
from workshop.data import load_mnist
from workshop.widgets import TrainingDashboard
(x, y), _ = load_mnist()
dashboard = TrainingDashboard(x[:1000], y[:1000])"""
LOOP = """display(dashboard)
steps = 0
for step in range(1, 3001):
    steps = step
    wrong = np.arange(1000) % (2 + step) == 0
    if dashboard.due(step):
        dashboard.update(step, batch=(x[:100], y[:100], y[:100]), loss=(9 / step, 10 / step),
                         val_predictions=np.where(wrong, (y[:1000] + 1) % 10, y[:1000]),
                         weights=np.arange(9) * step, biases=[0, step])
    if dashboard.stopped:
        break
    time.sleep(0.002)"""


@pytest.fixture
def lab(tmp_path):
    with jupyterlab(tmp_path) as running:
        yield running


def run(page, index):
    """Run a cell as a learner does, with Shift+Enter."""
    page.evaluate(
        """(index) => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = index;
            notebook.mode = "command";
            window.countBefore = notebook.widgets[index].model.executionCount;
            return notebook.scrollToItem(index);
        }""",
        index,
    )
    page.wait_for_timeout(300)
    page.locator(".jp-Notebook").first.focus()
    page.keyboard.press("Shift+Enter")


def wait_for(page, index):
    page.wait_for_function(
        """(index) => {
            const cell = window.jupyterapp.shell.currentWidget.content.widgets[index];
            const { executionState, executionCount } = cell.model;
            return executionState !== "running" && executionCount !== window.countBefore;
        }""",
        arg=index,
        timeout=120_000,
    )


def loop_of_lesson_02():
    cells = lessons.read(lessons.find("02")).cells
    return next(k for k, cell in enumerate(cells) if "display(dashboard)" in cell.source)


@pytest.mark.parametrize("width", [1280, 800])
def test_lesson_02_is_seen_while_it_learns(lab, width):
    index = loop_of_lesson_02()
    [path] = [f"notebooks/{lessons.find('02').name}"]
    with lab.open(path, width=width, height=800) as page:
        for before in range(index):
            run_quietly(page, before)
        page.evaluate(WATCH)
        run(page, index)
        wait_for(page, index)
        pictures = page.evaluate("window.pictures")
        assert len([one for one in pictures if one["step"] <= 100]) >= 25, pictures
        # The first one may come before the page has moved.
        assert min(one["seen"] for one in pictures[1:]) > 0.9, pictures
        assert page.outside == []


def run_quietly(page, index):
    page.evaluate(
        """async (index) => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = index;
            await window.jupyterapp.commands.execute("notebook:run-cell");
        }""",
        index,
    )


def test_it_stops_and_its_still_looks_the_same_without_a_kernel(lab):
    path = lab.write("dashboard.ipynb", SETUP, LOOP, "print(steps)")
    with lab.open(path, height=800) as page:
        run_quietly(page, 0)
        run(page, 1)
        page.wait_for_function(f"Number(document.querySelector('{LIVE}')?.dataset.step) > 100")
        top = page.evaluate(f"document.querySelector('{LIVE}').getBoundingClientRect().top")
        page.locator(f"{LIVE} .td-stop").click()
        wait_for(page, 1)
        assert page.evaluate(f"document.querySelector('{LIVE}').getBoundingClientRect().top") == top
        run_quietly(page, 2)
        assert 100 < int(page.evaluate(OUTPUT, 2)) < 3000
        said = page.evaluate(f"document.querySelector('{LIVE} .td-text').textContent")
        titles, height = page.evaluate(TITLES, LIVE), page.locator(LIVE).bounding_box()["height"]
        assert len(titles) == 6
        page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
        page.wait_for_timeout(1000)

        lab.shut_down(path)
        lab.go(page, path)
        page.locator(f"{STILL} .td-text").wait_for(state="visible")
        page.wait_for_function(f"document.querySelector('{STILL}').dataset.step")
        assert page.evaluate(TITLES, STILL) == titles
        assert page.locator(f"{STILL} .td-text").inner_text() == said
        assert page.locator(STILL).bounding_box()["height"] == pytest.approx(height, abs=40)
        assert page.locator(f"{STILL} .td-stop").is_hidden()
        labels = page.locator(f"{STILL} canvas").evaluate_all(
            "(all) => all.map((canvas) => canvas.ariaLabel)"
        )
        assert all(len(label) > 15 for label in labels), labels
        page.locator(f"{STILL} .td-scale").click()
        assert page.locator(f"{STILL} .td-scale").get_attribute("aria-pressed") == "false"
        assert page.outside == []


def test_the_cell_run_again_shows_the_new_training(lab):
    short = LOOP.replace("3001", "301")
    with lab.open(lab.write("again.ipynb", SETUP, short), height=800) as page:
        run_quietly(page, 0)
        for _ in range(2):
            page.evaluate(WATCH)
            run(page, 1)
            wait_for(page, 1)
            page.locator(f"{LIVE} .td-stop:disabled").wait_for()
            pictures = [one["step"] for one in page.evaluate("window.pictures")]
            assert len([step for step in pictures if step <= 100]) >= 25, pictures
            assert page.locator(LIVE).count() == 1


def test_who_asks_for_less_motion_gets_a_picture_a_second(lab):
    short = LOOP.replace("3001", "201")
    with lab.open(lab.write("calm.ipynb", SETUP, short), height=800) as page:
        page.emulate_media(reduced_motion="reduce")
        page.evaluate(WATCH)
        run_quietly(page, 0)
        run(page, 1)
        wait_for(page, 1)
        page.locator(f"{LIVE} .td-stop:disabled").wait_for()
        assert len(page.evaluate("window.pictures")) < 12


def test_a_kernel_that_hears_no_button_says_how_to_stop(lab):
    deaf = SETUP.replace("import time", "import ipykernel, time\nipykernel.__version__ = '7.4.0'")
    with lab.open(lab.write("deaf.ipynb", deaf, LOOP.replace("3001", "601")), height=800) as page:
        run_quietly(page, 0)
        run(page, 1)
        page.wait_for_function(f"Number(document.querySelector('{LIVE}')?.dataset.step) > 1")
        assert page.locator(f"{LIVE} .td-stop").is_hidden()
        assert "interrupt the kernel" in page.locator(f"{LIVE} .td-bar").inner_text()
        wait_for(page, 1)
