"""Lessons as they ran: each executed once, and kept until something that it depends on changes."""

import dataclasses
import hashlib
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from workshop.book import BookError
from workshop.book.outputs import cleaned, described
from workshop.course import lessons
from workshop.course.folder import course_folder
from workshop.messages import say

CELL_S = 1200
FULL, SAMPLE = "full", "sample"
PACKAGE = Path(__file__).parent.parent
PARTS = re.compile(r"\bworkshop\.([a-z]+)|^from workshop import ([a-z, ]+)", re.MULTILINE)
# What a check says is not in the book, and a command is no part of a lesson.
ELSEWHERE = {"checks", "book", "slides", "cli", "setup", "doctor"}
CODE = {".py", ".js", ".css", ".json"}


@dataclasses.dataclass(frozen=True)
class Data:
    """Which MNIST lessons run on.

    Args:
        kind: `"full"` or `"sample"`.
        variables: what a kernel's environment needs so that it finds this and nothing else.
    """

    kind: str
    variables: dict[str, str]


def data(*, sample: bool = False) -> Data:
    """Choose the data: the full MNIST, downloaded if need be, or the packaged sample.

    Args:
        sample: take the sample, whatever is here.

    Returns:
        The full data where they can be had, else the sample.

    Raises:
        DamagedDataError: the folder that `WORKSHOP_DATA` names is wrong.
    """
    from workshop.data import DamagedDataError, DataError, mnist

    if not sample:
        try:
            return Data(FULL, {"WORKSHOP_DATA": str(mnist.fetch())})
        except DamagedDataError:
            raise
        except DataError:
            pass
    # An address of this machine at which nobody answers: no lesson then downloads the rest.
    return Data(SAMPLE, {"WORKSHOP_DATA": "", "WORKSHOP_MIRRORS": "http://127.0.0.1:9"})


def executed(lesson: Path, data: Data, *, tell: Callable[[str], None] = print) -> NotebookNode:
    """Give a lesson with its outputs: from the cache, or by a run that the cache then keeps.

    Args:
        lesson: the path of the lesson; it is only read.
        data: what `data()` chose.
        tell: is told when the lesson has to run.

    Returns:
        The lesson as it is delivered, with exercises left out, and outputs that name no place of
        this machine.

    Raises:
        BookError: a cell raised an error.
        LessonError: the lesson cannot be read.
    """
    notebook = lessons.strip(lessons.read(lesson))
    folder = course_folder() / ".workshop" / "book"
    kept = folder / f"{lesson.stem}-{key(notebook, data)}.ipynb"
    if kept.is_file():
        return described(nbformat.read(kept, as_version=4))
    tell(say("{lesson}: running", lesson=lesson.stem))
    notebook = run(notebook, lesson.name, data)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{lesson.stem}-*"):
        old.unlink()
    new = kept.with_suffix(".new")
    nbformat.write(notebook, new)
    new.replace(kept)
    return described(notebook)


def key(notebook: NotebookNode, data: Data) -> str:
    """Give letters that change with all that a lesson's outputs depend on.

    That is: its cells, the versions in constraints.txt, the parts of the package that it uses,
    Python's version and the data.

    Example:
        >>> mlp = lessons.read(lessons.find("3"))
        >>> key(mlp, Data("full", {})) == key(mlp, Data("sample", {}))
        False
    """
    sources = [cell.source for cell in notebook.cells]
    summed = hashlib.sha256(repr([sources, data.kind, platform.python_version()]).encode())
    summed.update((course_folder() / "constraints.txt").read_bytes())
    for path in _code_of(_parts("\n".join(sources))):
        summed.update(path.read_bytes())
    return summed.hexdigest()[:16]


def run(notebook: NotebookNode, name: str, data: Data) -> NotebookNode:
    """Run a notebook from top to bottom, in a folder of its own.

    Args:
        notebook: what to run; it gets the outputs.
        name: its file's name, for messages.
        data: what `data()` chose.

    Returns:
        The same notebook.

    Raises:
        BookError: a cell raised an error, or did not end within 20 minutes.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, CellTimeoutError, DeadKernelError

    with tempfile.TemporaryDirectory(prefix="book-", ignore_cleanup_errors=True) as scratch:
        home = Path(scratch)
        where = home / "notebooks"
        for folder in (where, home / "tmp"):
            folder.mkdir()
        client = NotebookClient(notebook, timeout=CELL_S, coalesce_streams=True)
        try:
            # What TensorFlow says when it starts is for a terminal in which a learner waits.
            client.execute(cwd=str(where), env=_environment(home, data), stderr=subprocess.DEVNULL)
        except CellTimeoutError as error:
            why = say("a cell did not end within {seconds} s", seconds=CELL_S)
            raise BookError(say("{lesson}: {why}", lesson=name, why=why)) from error
        except (CellControlSignal, DeadKernelError) as error:
            *_, last = [line for line in str(error).splitlines() if line.strip()]
            raise BookError(say("{lesson}: {why}", lesson=name, why=last)) from error
        return cleaned(notebook, _places(home, data))


def _environment(home: Path, data: Data) -> dict[str, str]:
    """Give the variables of a kernel that knows nothing of the user who makes the book."""
    private = {
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "MPLCONFIGDIR": "matplotlib",
        "TMPDIR": "tmp",
        "WORKSHOP_PROGRESS": "progress.json",
    }
    if data.kind == SAMPLE:
        private |= {"WORKSHOP_CACHE": "empty", "KERAS_HOME": "empty"}
    own = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    own["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    return own | data.variables | {name: str(home / folder) for name, folder in private.items()}


def _places(home: Path, data: Data) -> dict[str, str]:
    """Name the folders of this machine that a cell may print, and what the book says instead."""
    known = {home / "notebooks": ".", home: "~", course_folder(): "tensorflow-workshop"}
    known |= {Path(sys.prefix): ".venv", Path.home(): "~", Path(tempfile.gettempdir()): "tmp"}
    if folder := data.variables.get("WORKSHOP_DATA"):
        known[Path(folder)] = "mnist"
    known |= {path.resolve(): name for path, name in known.items()}
    return {str(path): name for path, name in known.items() if path.parent != path}


def _parts(text: str) -> set[str]:
    """Name the parts of the package that a text imports."""
    found = set()
    for one, several in PARTS.findall(text):
        found |= {one} | {name.strip() for name in several.split(",")}
    return {name for name in found if name and name not in ELSEWHERE}


def _code_of(parts: set[str]) -> list[Path]:
    """List the files of these parts of the package and of those that they import themselves."""
    files: dict[Path, None] = {}
    waiting, seen = sorted({*parts, "jupyter"}), set()
    while waiting:
        part = waiting.pop()
        seen.add(part)
        own = [PACKAGE / f"{part}.py", *sorted((PACKAGE / part).rglob("*"))]
        for path in own:
            if path.is_file() and path.suffix in CODE:
                files[path] = None
                waiting += _parts(path.read_text(encoding="utf-8")) - seen - set(waiting)
    return sorted(files)
