"""Cells and notebooks for courses of a test's own."""

import nbformat
from nbformat import v4

from workshop.course import delivery

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def code(source, *tags):
    cell = v4.new_code_cell(source)
    cell.metadata.tags = list(tags)
    return cell


def save(path, *cells):
    nbformat.write(v4.new_notebook(cells=list(cells), metadata=KERNEL), path)


def deliver(version, course):
    """Make what lies in a course the edition of this version, which is not out yet."""
    (course / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n')
    (course / "CHANGELOG.md").write_text(f"## [{version}] - unreleased\n")
    delivery.deliver()
