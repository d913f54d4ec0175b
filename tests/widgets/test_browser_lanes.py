"""The lanes in JupyterLab in headless Chromium: they move while their cell runs, and stay."""

import nbformat
import pytest
from browser import RUN_ALL, follows_the_theme, in_a_narrow_place, needs_chromium

pytestmark = needs_chromium

SCRIPT = '''import time
from pathlib import Path
from workshop.cluster import start_cluster
from workshop.widgets import Lanes
Path("steps.py").write_text("""import time
for step in range(10**6):
    print("step", step)
    time.sleep(0.02)
""")
def until(name):
    while not Path(name).exists():
        time.sleep(0.05)'''
WATCH = """cluster = start_cluster("steps.py", {"worker": 2})
display(Lanes(cluster))
until("kill"); cluster.kill("worker 1")
until("restart"); cluster.restart("worker 1")
until("stop"); cluster.stop()"""
NOTEBOOK = "notebooks/lanes.ipynb"
ROOT = ".process-lanes"
STILL = ".process-lanes-still"


@pytest.fixture(scope="module")
def page(lab):
    """A cell that watches a cluster, and waits for files of these names."""
    lab.write("lanes.ipynb", SCRIPT, WATCH)
    with lab.open(NOTEBOOK) as page:
        page.said = []
        page.on("console", lambda message: page.said.append((message.type, message.text)))
        page.evaluate(RUN_ALL)
        page.locator(f"{ROOT}[data-pictures]").scroll_into_view_if_needed()
        yield page


def let(lab, name):
    (lab.folder / "notebooks" / name).touch()


def seen(page, words):
    """Wait until the picture says so, in what stands for it where it can't be seen."""
    page.wait_for_function(
        f"(words) => document.querySelector('{ROOT} canvas').ariaLabel.includes(words)", arg=words
    )


def pictures(page):
    return int(page.locator(ROOT).get_attribute("data-pictures"))


def is_running(page):
    return not page.evaluate("window.allDone")


def test_lanes_move_while_their_cell_runs_and_stay_at_its_end(page, lab):
    seen(page, "worker 1: running, 2")
    before = pictures(page)
    page.wait_for_function(
        f"(n) => +document.querySelector('{ROOT}').dataset.pictures >= n", arg=before + 8
    )
    let(lab, "kill")
    seen(page, "worker 1: killed (")
    assert "killed" in page.locator(f"{ROOT} .workshop-spoken").text_content()
    let(lab, "restart")
    seen(page, "worker 1: running")
    assert is_running(page)
    assert page.locator(f"{ROOT} .pl-replay").is_hidden()
    let(lab, "stop")
    page.wait_for_function("window.allDone")
    page.locator(f"{ROOT}[data-over=true]").wait_for()
    seen(page, "worker 0: stopped (")
    assert [said for kind, said in page.said if kind == "error"] == []


def test_it_can_be_seen_once_more_unless_less_motion_is_asked_for(page):
    again = page.locator(f"{ROOT} .pl-replay")
    before = pictures(page)
    again.click()
    page.wait_for_function(
        f"(n) => +document.querySelector('{ROOT}').dataset.pictures >= n", arg=before + 5
    )
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 1000, "height": 900})  # drawn anew
    again.wait_for(state="hidden")
    page.emulate_media(reduced_motion="no-preference")


def test_it_is_dark_where_the_page_is_dark(page):
    follows_the_theme(page, ROOT)


def test_it_fits_a_narrow_page(page):
    wide = in_a_narrow_place(page, ROOT)
    page.evaluate(f"document.querySelector('{ROOT}').parentElement.style.width = ''")
    assert wide[0] <= 320
    assert wide[1] <= wide[0] + 1


def test_a_dead_kernel_leaves_the_picture_of_the_end(page, lab):
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(1000)
    cell = nbformat.read(lab.folder / NOTEBOOK, 4).cells[1]
    assert "application/vnd.jupyter.widget-view+json" in cell.outputs[0]["data"]
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.wait_for_timeout(500)
    lab.go(page, NOTEBOOK)
    page.locator(STILL).wait_for(state="visible")
    page.locator(f"{STILL} canvas[aria-label*='worker 0: stopped (']").wait_for()
    assert page.outside == []
