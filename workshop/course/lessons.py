"""Lessons as files: list them, read them, fill their exercises, strip them."""

import json
import re
import warnings
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from workshop.course import editions, files
from workshop.course.folder import course_folder
from workshop.messages import say

LESSON = re.compile(r"(\d\d[a-z]?)_[a-z0-9_]+\.ipynb")
EXERCISE_TAG = re.compile(r"exercise-(\d+[a-z]?-\d+)")
VERIFIED_TAG = "nbval-check-output"


class LessonError(Exception):
    """A lesson or a solution is missing, damaged or not in its place."""


def paths() -> list[Path]:
    """List the lessons in order, of each number one.

    Copies that `workshop solve`, `reset` or the learner made are none: of two notebooks with one
    number the one counts that this edition delivered.

    Returns:
        The paths of `notebooks/NN_topic.ipynb`.

    Raises:
        CourseNotFound: the course folder is not found.

    Example:
        >>> [lesson.stem for lesson in paths()][2]
        '01b_graphs'
    """
    folder, delivered = course_folder() / "notebooks", editions.names()
    found = [path for path in folder.glob("*.ipynb") if LESSON.fullmatch(path.name)]
    # The later of one number counts; where none was delivered, the first by name.
    found.sort(key=lambda path: path.name, reverse=True)
    found.sort(key=lambda path: f"notebooks/{path.name}" in delivered)
    return sorted({_prefix(path): path for path in found}.values())


def find(number: str) -> Path:
    """Find a lesson by its number or name.

    Args:
        number: such as `2`, `02`, `4b`, `02_softmax` or `02_softmax.ipynb`.

    Returns:
        The path of the lesson.

    Raises:
        LessonError: no lesson has this number or name.

    Example:
        >>> find("2").name
        '02_softmax.ipynb'
    """
    return pick(number, paths())


def pick(number: str, among: list[Path]) -> Path:
    """Find a lesson by its number or name among some.

    Args:
        number: such as `2`, `02`, `4b`, `02_softmax` or `02_softmax.ipynb`.
        among: paths of lessons.

    Returns:
        The one that has this number or name.

    Raises:
        LessonError: none has it.
    """
    asked = Path(str(number)).name.removesuffix(".ipynb")
    for path in among:
        if asked in (path.stem, _prefix(path), _prefix(path).removeprefix("0")):
            return path
    if not among:
        raise LessonError(say("There is no lesson {number!r}; here is none.", number=number))
    there = ", ".join(path.stem for path in among)
    raise LessonError(
        say(
            "There is no lesson {number!r}. Name one by its number; here are: {lessons}.",
            **{"number": number, "lessons": there},
        )
    )


def read(path: Path) -> NotebookNode:
    """Read a notebook.

    Args:
        path: the file.

    Returns:
        The notebook, in nbformat's version 4.

    Raises:
        LessonError: the file is missing or is not a notebook.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise LessonError(_with_way_back(say("{path} is not there.", path=path), path)) from error
    except OSError as error:
        fields = {"path": path, "why": error.strerror or error}
        problem = say("{path} cannot be read as a notebook: {why}", **fields)
        raise LessonError(_with_way_back(problem, path)) from error
    return parse(content, path)


def parse(content: bytes, path: Path, *, is_learners: bool = True) -> NotebookNode:
    """Read a notebook from what its file has.

    Args:
        content: all of the file.
        path: of the file, for the words of an error.
        is_learners: whether `workshop reset` cures it.

    Returns:
        The notebook, in nbformat's version 4. Of several cells with one id all but the first have
        another.

    Raises:
        LessonError: it is not a notebook.
    """
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="nbformat")  # of ids that it mended
            notebook = nbformat.reads(content.decode("utf-8"), as_version=4)
            nbformat.validate(notebook)
    except Exception as error:  # nbformat raises whatever a damaged file runs into
        fields = {"path": path, "why": _first_line(error)}
        problem = say("{path} cannot be read as a notebook: {why}", **fields)
        raise LessonError(_with_way_back(problem, path) if is_learners else problem) from error
    return notebook


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook to a new file.

    Args:
        notebook: what to write.
        path: the file, which must not exist yet.

    Raises:
        LessonError: the file exists, or cannot be written.
    """
    text = nbformat.writes(notebook) + "\n"
    try:
        files.create(text.encode("utf-8"), path)
    except FileExistsError as error:
        raise LessonError(
            say(
                "{path} is there already and stays as it is. Rename or delete it, or write the "
                "copy elsewhere with --to FILE.",
                path=path,
            )
        ) from error
    except OSError as error:
        why = error.strerror or error
        raise LessonError(
            say(
                "Cannot write {path}: {why}. Write the copy elsewhere with --to FILE.",
                **{"path": path, "why": why},
            )
        ) from error


def exercises(path: Path) -> list[str]:
    """List the exercises of a lesson.

    Args:
        path: the lesson.

    Returns:
        Their numbers, such as `["2-1", "2-2"]`, in the order of the cells.

    Raises:
        LessonError: the lesson cannot be read.

    Example:
        >>> exercises(find("2"))[0]
        '2-1'
    """
    return [number for number, _ in _exercise_cells(read(path))]


def exercise_number(cell: NotebookNode) -> str | None:
    """Tell which exercise a cell is.

    Args:
        cell: a cell of a notebook.

    Returns:
        Its number, such as `"2-1"`, from its tag `exercise-2-1`; None where it is none.

    Example:
        >>> exercise_number(read(find("2")).cells[0]) is None
        True
    """
    if cell.cell_type != "code":
        return None
    matches = map(EXERCISE_TAG.fullmatch, cell.metadata.get("tags", []))
    return next((match[1] for match in matches if match), None)


def strip(notebook: NotebookNode) -> NotebookNode:
    """Take out, in place, what a run leaves behind and no test compares.

    Args:
        notebook: it loses outputs (but for cells tagged `nbval-check-output`), counts, times of
            execution and the state of widgets.

    Returns:
        The same notebook.
    """
    notebook.metadata.pop("widgets", None)
    notebook.metadata.pop("workshop", None)  # of `workshop update`
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        if VERIFIED_TAG not in cell.metadata.get("tags", []):
            cell.outputs = []
        # nbval takes a cell with outputs and no count for one that was never run.
        cell.execution_count = 1 if cell.outputs else None
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = 1
    return notebook


def _prefix(path: Path) -> str:
    """Return how the names of a lesson and of its solutions begin: `02`, or `04b`."""
    return path.stem.split("_")[0]


def _exercise_cells(notebook: NotebookNode) -> list[tuple[str, NotebookNode]]:
    return [(number, cell) for cell in notebook.cells if (number := exercise_number(cell))]


def _first_line(error: Exception) -> str:
    for one in (error, error.__cause__):  # nbformat's own error shows the file's beginning
        if isinstance(one, json.JSONDecodeError):
            return say("it is not JSON at line {number}.", number=one.lineno)
    if isinstance(error, UnicodeDecodeError):
        return say("it is not text in UTF-8.")
    if isinstance(error, AttributeError | KeyError | TypeError):
        return say("it is JSON, but not that of a notebook.")
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _with_way_back(problem: str, path: Path) -> str:
    if not LESSON.fullmatch(path.name):
        return problem
    fields = {"problem": problem, "lesson": _prefix(path)}
    return say("{problem} Get the lesson as it was: workshop reset {lesson}", **fields)
