"""The solved copy of a lesson: its checks answer, and record nothing."""

import re
from pathlib import Path

from nbformat import NotebookNode

from workshop.course import lessons

# In the cell that brings the checks: who begins in the middle has to run that one, too.
HEAD = """\
# A solved copy: the checks answer, but what passes here isn't your progress.
from workshop.course.progress import record_nothing

record_nothing()

"""
MAGIC = re.compile(r"\A(?:%%.*\n)*")


def solved(path: Path) -> NotebookNode:
    """Fill the exercises of a lesson with their solutions, and switch the record off.

    Args:
        path: the lesson; it is only read.

    Returns:
        A copy as of `lessons.solve`. Its first lines of code keep the kernel that runs them, in
        whatever program, from recording.

    Raises:
        LessonError: as `lessons.solve`.

    Example:
        >>> "record_nothing()" in solved(lessons.find("2")).cells[1].source
        True
    """
    notebook = lessons.solve(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in [cell for cell in code if "workshop.checks" in cell.source][:1] or code[:1]:
        # A magic like %%time stays the first line.
        cell.source = MAGIC.sub(lambda magic: magic.group() + HEAD, cell.source)
    return notebook
