"""The cells of a lesson outside Jupyter: what runs by its tag, and the scripts that it writes."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from workshop.course import lessons
from workshop.messages import say

WRITES = re.compile(r"%%writefile (-a )?(?:\S*/)?(\S+)\n")


def tagged(number: str, tags: Iterable[str]) -> list[str]:
    """Give the sources of the code cells that have one of some tags.

    Args:
        number: the lesson, such as `"8b"`.
        tags: such as `["schema", "writer"]`.

    Returns:
        The sources in the order of the lesson, without a first line `%%writefile FILE`.

    Raises:
        LessonError: the lesson has no cell of one of the tags.

    Example:
        >>> tagged("05b", ["schema"])[0].split()[0]
        'schema'
    """
    path, tags = lessons.find(number), list(tags)
    found = {tag: [] for tag in tags}
    sources = []
    for cell in lessons.read(path).cells:
        if cell.cell_type == "code" and (own := set(tags) & set(cell.metadata.get("tags", []))):
            sources.append(WRITES.sub("", cell.source, count=1))
            for tag in own:
                found[tag].append(cell)
    if missing := [tag for tag in tags if not found[tag]]:
        raise lessons.LessonError(
            say("{lesson} has no cell with the tag {tag!r}.", lesson=path.name, tag=missing[0])
        )
    return sources


def run_cells(
    number: str, tags: Iterable[str], names: dict, *, only: Iterable[str] | None = None
) -> dict:
    """Run the code cells of a lesson that have one of some tags.

    Args:
        number: the lesson, such as `"8b"`.
        tags: such as `["schema", "writer"]`.
        names: what the cells take from the cells above them; what they bind is added.
        only: what is wanted of the cells: functions, classes and variables that they bind; all
            of the cells runs where it is left out.

    Returns:
        `names`.

    Raises:
        LessonError: the lesson has no cell of one of the tags.

    Example:
        >>> len(run_cells("05b", ["schema"], {}, only=["schema"])["schema"])
        4
    """
    for source in tagged(number, tags):
        for statement in ast.parse(source).body:
            if only is None or _bound(statement) & set(only):
                exec(compile(ast.Module([statement], []), f"lesson {number}", "exec"), names)
    return names


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def scripts(number: str) -> dict[str, str]:
    """Give the scripts that the cells of a lesson write.

    Args:
        number: the lesson, such as `"8b"`.

    Returns:
        For the name of each file what all its cells `%%writefile` and `%%writefile -a` write to it.

    Example:
        >>> sorted(scripts("07"))
        ['evaluate.py', 'recipe.py', 'saving.py', 'train.py']
    """
    written: dict[str, str] = {}
    for cell in lessons.read(lessons.find(number)).cells:
        if cell.cell_type == "code" and (head := WRITES.match(cell.source)):
            appends, name = head.groups()
            before = written.get(name, "") if appends else ""
            written[name] = before + cell.source[head.end() :] + "\n"
    return written


def write_scripts(number: str, folder: Path) -> None:
    """Write the scripts of a lesson to a folder.

    Args:
        number: the lesson, such as `"8b"`.
        folder: where to; it must be there.
    """
    for name, text in scripts(number).items():
        (folder / name).write_text(text, encoding="utf-8")
