"""The book as pages: its sources, Sphinx, and the folder that takes the place of the last one."""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from workshop.book import BookError, npm, paper, tree
from workshop.book.executed import Data, executed
from workshop.messages import say

MATHJAX = "mathjax", "3.2.2"
PACKAGES = {  # modules of the extra `book`
    "sphinx": "sphinx",
    "myst_nb": "myst-nb",
    "sphinx_book_theme": "sphinx-book-theme",
    "playwright": "playwright",
}
MADE = ".buildinfo"  # Sphinx's own file, by which we know a book
MOST_LINES = 20


def make(
    chosen: list[Path],
    to: Path,
    data: Data,
    *,
    papers: bool = True,
    tell: Callable[[str], None] = print,
) -> None:
    """Make the book.

    Args:
        chosen: the paths of the lessons that are in it.
        to: the folder; an older book in it is replaced once the new one is whole.
        data: what `executed.data()` chose.
        papers: make a PDF of each lesson, too.
        tell: is told what is going on.

    Raises:
        BookError: a package is missing, a lesson fails, a link inside leads nowhere, or the folder
            holds something else.
        LessonError: a lesson cannot be read.
    """
    check_packages()
    check_folder(to)
    mathjax = npm.package(*MATHJAX) / "es5" / "tex-svg.js"
    ran = run_all(chosen, data, tell)
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".book-") as scratch:
        source, new = Path(scratch) / "source", Path(scratch) / "book"
        tree.plant(source, ran, kind=data.kind, paper=papers)
        static = source / "_static" / "mathjax"
        static.mkdir(parents=True)
        shutil.copy(mathjax, static)
        tell(say("Writing the pages"))
        sphinx(source, new)
        if papers:
            tell(say("Printing {number} PDFs", number=len(ran)))
            paper.print_all(new, list(ran))
        if to.exists():
            to.replace(Path(scratch) / "old") if any(to.iterdir()) else to.rmdir()
        new.replace(to)


def run_all(chosen: list[Path], data: Data, tell: Callable[[str], None]) -> dict:
    """Run the lessons that are not in the cache; a lesson that fails keeps none from running.

    Returns:
        The notebooks by the lessons' names.

    Raises:
        BookError: some failed; it names all of them.
    """
    ran, failures = {}, []
    for lesson in chosen:
        try:
            ran[lesson.stem] = executed(lesson, data, tell=tell)
        except BookError as error:
            failures.append(str(error))
    if failures:
        raise BookError("\n".join(failures))
    return ran


def check_packages() -> None:
    """Raise a `BookError` if a package of the extra `book` is not here."""
    missing = [name for module, name in PACKAGES.items() if not importlib.util.find_spec(module)]
    if missing:
        raise BookError(
            say(
                "The book needs {names}: python3 start.py book installs what is missing.",
                names=", ".join(missing),
            )
        )


def check_folder(to: Path) -> None:
    """Raise a `BookError` if a folder holds anything but a book."""
    if to.is_dir() and not (to / MADE).is_file() and any(to.iterdir()):
        raise BookError(
            say(
                "{folder} has files that are no book, and stays as it is. Name an empty folder or "
                "a new one with --to DIR.",
                folder=to,
            )
        )
    if to.exists() and not to.is_dir():
        raise BookError(say("{path} is a file; name a folder with --to DIR.", path=to))


def sphinx(source: Path, to: Path) -> None:
    """Have Sphinx write the pages; each of its warnings, as of a broken link, is an error.

    Args:
        source: the folder with conf.py.
        to: the folder to write to.

    Raises:
        BookError: with Sphinx's warnings.
    """
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q"]
    command += ["-d", str(source.parent / "doctrees"), str(source), str(to)]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        lines = [line.replace(f"{source}/", "") for line in done.stderr.strip().splitlines()]
        raise BookError(
            say("Sphinx finds fault with the book:\n{lines}", lines="\n".join(lines[:MOST_LINES]))
        )
