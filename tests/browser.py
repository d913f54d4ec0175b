"""JupyterLab in headless Chromium: what every test that looks at a page needs."""

import contextlib
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import psutil
import pytest
import requests
from lesson_runs import environment

from workshop.course import lessons

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
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

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
RUN_ALL = """() => {
    window.allDone = false;
    window.jupyterapp.commands.execute("notebook:run-all-cells")
        .then(() => { window.allDone = true; });
}"""


class Lab:
    """A running JupyterLab: its address and the folder that it shows."""

    def __init__(self, address: str, folder: Path):
        """Keep both."""
        self.address, self.folder = address, folder

    def write(self, name: str, *sources: str) -> str:
        """Write a notebook of these code cells; return its path in the lab."""
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
        nbformat.write(notebook, self.folder / "notebooks" / name)
        return f"notebooks/{name}"

    @contextlib.contextmanager
    def open(self, path: str, *, width: int = 1280, height: int = 900, touch: bool = False):
        """Open a notebook in a browser of its own; `page.outside` lists requests to elsewhere."""
        playwright = pytest.importorskip("playwright.sync_api")
        with playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            try:
                size = {"width": width, "height": height}
                page = browser.new_context(viewport=size, has_touch=touch).new_page()
                page.set_default_timeout(60_000)
                page.outside = []
                page.on("request", lambda request: note_outside(page, request.url))
                self.go(page, path)
                page.wait_for_function(
                    "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
                    "?.status === 'idle'"
                )
                yield page
            finally:
                browser.close()
                self.shut_down(path)

    def shut_down(self, path: str) -> None:
        """End the kernel of a notebook, if it has one."""
        sessions = f"{self.address}/api/sessions"
        how = {"headers": {"Authorization": f"token {TOKEN}"}, "timeout": 10}
        with contextlib.suppress(requests.RequestException):  # the server ends it later
            for session in requests.get(sessions, **how).json():
                if session["path"] == path:
                    requests.delete(f"{sessions}/{session['id']}", **how)

    def go(self, page, path: str) -> None:
        """Load a notebook anew, in a workspace of its own.

        `page.reload()` would leave it to JupyterLab which notebook was open; it sometimes forgets.
        """
        workspace = f"{self.address}/lab/workspaces/{time.monotonic_ns()}"
        page.goto(f"{workspace}/tree/{path}?token={TOKEN}")
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content?.widgets?.length")


def follows_the_theme(page, root: str) -> None:
    """Turn the page dark and light again, and wait until a widget has followed each time."""
    change = "window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab %s'})"
    page.evaluate(change % "Dark")
    page.locator(f"{root}.workshop-dark").wait_for()
    page.evaluate(change % "Light")
    page.locator(f"{root}:not(.workshop-dark)").wait_for()


def in_a_narrow_place(page, root: str) -> list[int]:
    """Give a widget 320 pixels; return how wide it is, and how wide what it holds."""
    return page.evaluate(
        """(root) => {
            const shown = document.querySelector(root);
            shown.parentElement.style.width = "320px";
            return [shown.clientWidth, shown.scrollWidth];
        }""",
        root,
    )


def note_outside(page, url):
    if url.startswith("http") and "//127.0.0.1" not in url:
        page.outside.append(url)


@contextlib.contextmanager
def jupyterlab(home: Path):
    """A running JupyterLab on a copy of the lessons, with folders of its own in an empty one."""
    shutil.copytree(lessons.paths()[0].parent, home / "course" / "notebooks")
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
        yield Lab(address(log), home / "course")
    finally:
        end(process)


def end(process: subprocess.Popen) -> None:
    """End a server with its kernels; one that lost a kernel may wait for it without end."""
    started = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for child in started:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()


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
