"""Pages of the book on paper: a PDF of each lesson, printed by Chromium."""

import contextlib
import shutil
from collections.abc import Generator
from pathlib import Path

from workshop.book import BookError
from workshop.messages import say

CHROMIUMS = "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
MARGINS = {"top": "16mm", "bottom": "16mm", "left": "14mm", "right": "14mm"}
FOOT = (
    '<div style="width: 100%; text-align: center; font: 8px sans-serif; color: #555">'
    '<span class="title"></span> &nbsp; <span class="pageNumber"></span> / '
    '<span class="totalPages"></span></div>'
)
WAIT_MS = 60_000
# On paper nothing unfolds: hints are open there. A link to another page of the book would lead into
# a folder of this machine. Formulas and live pictures have to be drawn first.
READY = """async () => {
  document.documentElement.dataset.theme = "light";
  for (const fold of document.querySelectorAll("details.hint")) fold.open = true;
  for (const link of document.querySelectorAll('a[href]:not([href^="#"])'))
    if (link.protocol === "file:") link.removeAttribute("href");
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
  await new Promise((done) => setTimeout(done, 300));
}"""


def print_all(book: Path, names: list[str]) -> None:
    """Print lessons of a book to `pdf/NAME.pdf` in it.

    Args:
        book: the folder of the pages.
        names: of the lessons, such as `"02_softmax"`.

    Raises:
        BookError: Chromium is not here, or fails.
    """
    folder = book / "pdf"
    folder.mkdir()
    with browser() as driver:
        page = driver.new_page()
        page.set_default_timeout(WAIT_MS)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        for name in names:
            page.goto((book / "notebooks" / f"{name}.html").resolve().as_uri())
            page.evaluate(READY)
            page.pdf(
                path=folder / f"{name}.pdf",
                format="A4",
                margin=MARGINS,
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=FOOT,
                print_background=True,
                tagged=True,
                outline=True,
            )


@contextlib.contextmanager
def browser() -> Generator:
    """Start Chromium: this machine's, or the one that playwright fetched.

    Yields:
        A `playwright.sync_api.Browser`.

    Raises:
        BookError: there is none, or it fails.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise BookError(_no_chromium()) from error
    try:
        with sync_playwright() as driver:
            path = chromium() or driver.chromium.executable_path
            if not Path(path).is_file():
                raise BookError(_no_chromium())
            started = driver.chromium.launch(executable_path=path, args=FLAGS)
            try:
                yield started
            finally:
                started.close()
    except Error as error:
        raise BookError(say("Chromium fails: {why}", why=str(error).splitlines()[0])) from error


def chromium() -> str | None:
    """Find this machine's Chromium or Chrome; None where there is none."""
    return next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


def _no_chromium() -> str:
    return say(
        "PDFs are printed by Chromium, which is not on this machine: .venv/bin/playwright install "
        "chromium brings it. Or make the book without them: --no-pdf"
    )
