"""Lesson 02 in JupyterLab in headless Chromium, as a learner meets it."""

import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from test_notebooks import environment

from workshop import notebooks

TOKEN = "browser-test"
CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
        if (found := shutil.which(name))
    ),
    None,
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
SETTINGS = '{"windowingMode": "none"}'  # keep every cell in the page, seen or not

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

CELL = """(id) => {
    const cells = window.jupyterapp.shell.currentWidget.content.widgets;
    return cells.findIndex((cell) => cell.model.id === id);
}"""
OUTPUT = """(index) => {
    const cell = window.jupyterapp.shell.currentWidget.content.widgets[index];
    return [...cell.node.querySelectorAll(".jp-OutputArea-output")]
        .map((output) => output.textContent).join(" ");
}"""
SELECT = """(index) => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    notebook.mode = "edit";
    notebook.activeCell.editor.focus();
    notebook.activeCell.node.scrollIntoView();
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A running JupyterLab on a copy of the lessons, with folders of its own; its address."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(notebooks.lessons()[0].parent, home / "course" / "notebooks")
    settings = home / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(SETTINGS)
    variables = environment(
        home,
        JUPYTERLAB_SETTINGS_DIR=str(home / "settings"),
        JUPYTERLAB_WORKSPACES_DIR=str(home / "workspaces"),
    )
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
    command += [f"--ServerApp.root_dir={home / 'course'}", "--port=0"]
    log = home / "log"
    with log.open("w") as file:
        process = subprocess.Popen(command, env=variables, stdout=file, stderr=file)
    try:
        yield address(log)
    finally:
        process.terminate()
        process.wait(20)


def address(log: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for word in log.read_text().split():
            if word.startswith("http://127.0.0.1:") and not word.startswith("http://127.0.0.1:0"):
                base = word.split("/lab")[0].split("/?")[0].rstrip("/")
                try:
                    urllib.request.urlopen(f"{base}/api/status?token={TOKEN}", timeout=5)
                except OSError:
                    break
                return base
        time.sleep(0.3)
    pytest.fail(f"JupyterLab did not start within 60 s:\n{log.read_text()[-2000:]}")


@pytest.fixture
def page(lab):
    """Lesson 02 open in the browser, with its kernel ready."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        page.outside = []
        page.on(
            "request",
            lambda request: (
                page.outside.append(request.url)
                if request.url.startswith("http") and "//127.0.0.1" not in request.url
                else None
            ),
        )
        page.goto(f"{lab}/lab/workspaces/test/tree/notebooks/02_softmax.ipynb?token={TOKEN}")
        page.wait_for_function(
            "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status"
            " === 'idle'"
        )
        yield page
        browser.close()


def answer(page, number, source):
    """Type into an exercise's cell, run it and its check, and read what the check says."""
    [cell_id] = [
        cell.id
        for cell in notebooks.read(notebooks.find("02")).cells
        if f"exercise-{number}" in cell.metadata.get("tags", [])
    ]
    index = page.evaluate(CELL, cell_id)
    page.evaluate(SELECT, index)
    page.keyboard.press("Control+a")
    page.keyboard.type(source)
    page.keyboard.press("Shift+Enter")
    before = page.evaluate(OUTPUT, index + 1)
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(
        f"([index, before]) => (({OUTPUT})(index)) !== before", arg=[index + 1, before]
    )
    return page.evaluate(OUTPUT, index + 1)


def test_lesson_02_runs_and_moves_and_answers(page):
    page.evaluate("""() => {
        window.allDone = false;
        window.jupyterapp.commands.execute("notebook:run-all-cells")
            .then(() => { window.allDone = true; });
    }""")
    steps = set()
    deadline = time.monotonic() + 180
    while not page.evaluate("window.allDone") and time.monotonic() < deadline:
        seen = page.evaluate("document.querySelector('.training-dashboard')?.dataset.step")
        steps |= {seen} - {None, ""}
        page.wait_for_timeout(100)
    assert page.evaluate("window.allDone")
    assert len(steps) >= 3, f"the panels showed the steps {steps}"
    assert page.locator(".jp-OutputArea-output[data-mime-type*='stderr']").count() == 0
    shown = page.evaluate("document.body.textContent")
    assert "Traceback" not in shown
    assert "not attempted" in page.evaluate(OUTPUT, page.evaluate(CELL, check_id("2-4")))

    start = "accuracy_from_logits = lambda logits, labels: "
    said = answer(page, "2-4", start + "np.sum(logits.argmax(1) == labels)")
    assert "not yet" in said
    assert "the share is needed" in said
    said = answer(page, "2-4", start + "np.mean(logits.argmax(1) == labels)")
    assert "passed" in said
    assert page.outside == []


def check_id(number):
    [cell_id] = [
        cell.id
        for cell in notebooks.read(notebooks.find("02")).cells
        if f"check-{number}" in cell.metadata.get("tags", [])
    ]
    return cell_id
