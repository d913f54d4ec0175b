"""What Sphinx reads: the lessons as pages and the course's documents, each at its own place."""

import posixpath
import re
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import nbformat

from workshop.book import pages
from workshop.course.folder import course_folder
from workshop.messages import say

OWN = "docs/book"


def plant(root: Path, lessons: dict[str, nbformat.NotebookNode], *, kind: str, paper: bool) -> None:
    """Write the sources of the book.

    Args:
        root: an empty folder.
        lessons: the executed lesson by the name of each, such as `"02_softmax"`.
        kind: of the data that they ran on, `"full"` or `"sample"`.
        paper: whether there are PDFs of them.
    """
    course = course_folder()
    shutil.copytree(course / OWN, root, dirs_exist_ok=True)
    chapters = documents(course)
    inside = {f"notebooks/{name}.ipynb" for name in lessons} | set(chapters)
    settings = (root / "conf.py").read_text(encoding="utf-8")
    (repository,) = re.findall(r'^repository = "(.*)"$', settings, re.MULTILINE)
    (root / "notebooks").mkdir()
    for name, notebook in lessons.items():
        find = finder("notebooks", inside, repository)
        pages.page(notebook, name=name, kind=kind, paper=paper, find=find)
        nbformat.write(notebook, root / "notebooks" / f"{name}.ipynb")
    for path in chapters:
        text = (course / path).read_text(encoding="utf-8")
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        find = finder(posixpath.dirname(path), inside, repository)
        target.write_text(pages.with_links(text, find), encoding="utf-8")
    index = root / "index.md"
    contents = index.read_text(encoding="utf-8") + "\n" + contents_of(sorted(inside))
    index.write_text(contents, encoding="utf-8")


def documents(course: Path) -> list[str]:
    """List the documents that are chapters: those in docs/, and what deploy/ says of itself.

    Args:
        course: the folder of the course.

    Returns:
        Paths in the course, with `/`.

    Example:
        >>> "docs/scaling.md" in documents(course_folder())
        True
    """
    found = [*(course / "docs").rglob("*.md"), *(course / "deploy").glob("*/README.md")]
    paths = sorted(path.relative_to(course).as_posix() for path in found)
    return [path for path in paths if not path.startswith(f"{OWN}/")]


def finder(folder: str, inside: set[str], repository: str) -> Callable[[str], str]:
    """Make the function that says where a link of a document leads in the book.

    Args:
        folder: the document's, in the course.
        inside: the paths that are pages of the book.
        repository: the address of all others.

    Example:
        >>> find = finder("docs", {"docs/a.md"}, "https://code.example")
        >>> find("a.md#b"), find("../LICENSE")
        ('a.md#b', 'https://code.example/blob/HEAD/LICENSE')
    """

    def find(target: str) -> str:
        path, mark, fragment = target.partition("#")
        whole = posixpath.normpath(posixpath.join(folder, path))
        if whole in inside:
            return target
        if f"{whole}/README.md" in inside:
            return f"{path.rstrip('/')}/README.md{mark}{fragment}"
        kind = "blob" if PurePosixPath(whole).suffix or whole == "LICENSE" else "tree"
        return f"{repository}/{kind}/HEAD/{whole}{mark}{fragment}"

    return find


def contents_of(paths: list[str]) -> str:
    """Write the table of contents: a part for each folder, in the order in which people need them.

    Args:
        paths: the pages, as paths in the course.

    Example:
        >>> print(contents_of(["docs/scaling.md", "notebooks/00_welcome.ipynb"]))
        ```{toctree}
        :caption: Lessons
        :maxdepth: 1
        notebooks/00_welcome
        ```
        <BLANKLINE>
        ```{toctree}
        :caption: Beside the lessons
        :maxdepth: 1
        docs/scaling
        ```
        <BLANKLINE>
    """
    parts = {
        "notebooks": say("Lessons"),
        "docs": say("Beside the lessons"),
        "docs/summaries": say("Summaries"),
        "docs/instructor": say("For instructors"),
        "docs/instructor/lessons": say("Each lesson in the room"),
        "deploy": say("On servers"),
    }
    filed: dict[str, list[str]] = {name: [] for name in parts}
    for path in paths:
        folder = "deploy" if path.startswith("deploy/") else posixpath.dirname(path)
        filed.setdefault(folder, []).append(path)
    # A folder's README is its first page.
    written = []
    for folder, files in filed.items():
        files.sort(key=lambda path: (not path.endswith("/README.md"), path))
        names = "\n".join(posixpath.splitext(path)[0] for path in files)
        caption = parts.get(folder, PurePosixPath(folder).name.capitalize())
        if names:
            written.append(f"```{{toctree}}\n:caption: {caption}\n:maxdepth: 1\n{names}\n```\n")
    return "\n".join(written)
