"""The editions of the course, and that this one is what lies in the folder."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from workshop.course import editions, lessons

REPO = Path(__file__).parent.parent.parent
COMMAND = "Type: python -m workshop deliver"


def test_this_edition_delivers_what_lies_in_the_folder():
    files = [*lessons.paths(), *sorted((REPO / "solutions").glob("*.py"))]
    names = [file.relative_to(REPO).as_posix() for file in files]
    assert editions.names("") == names, COMMAND
    for name, file in zip(names, files, strict=True):
        lies = file.read_bytes().replace(b"\r\n", b"\n")
        copy = editions.delivered(name) or b""
        assert copy.replace(b"\r\n", b"\n") == lies, f"{name} is another. {COMMAND}"


def test_nothing_else_lies_among_the_copies():
    folder = editions.home() / "delivered"
    copies = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert copies == {f"{name}.txt" for name in editions.names("")}, COMMAND


def test_one_version_is_said_everywhere():
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (REPO / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.+)\] - (unreleased|\d{4}-\d\d-\d\d)$", changelog, re.M)
    assert headings[0][0] == project["version"] == editions.current()
    assert [version for version, _ in headings] == list(reversed(editions.digests()))
    assert "unreleased" not in [when for _, when in headings[1:]]


@pytest.mark.parametrize(
    "change",
    [
        lambda cell: cell.update(source="x = 1"),
        lambda cell: cell.update(id="other"),
        lambda cell: cell.update(cell_type="markdown"),
        lambda cell: cell["metadata"].update(tags=[]),
        lambda cell: cell.update(attachments={"a.png": {"image/png": "AA=="}}),
    ],
)
def test_what_a_learner_reads_is_in_the_digest(lesson, change):
    before = lesson.read_bytes()
    notebook = json.loads(before)
    change(notebook["cells"][1])
    after = json.dumps(notebook).encode()
    name = f"notebooks/{lesson.name}"
    assert editions.digest(name, after) != editions.digest(name, before)
    assert editions.edition_of(name, before) == "1.0"
    assert editions.edition_of(name, after) is None


def test_what_a_run_or_a_program_changes_is_not_in_the_digest(lesson):
    notebook = json.loads(lesson.read_bytes())
    notebook["metadata"] = {"kernelspec": {"name": "other"}, "widgets": {}}
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        cell["outputs"], cell["execution_count"] = [{"output_type": "stream"}], 7
        cell["metadata"]["execution"] = {"iopub.status.busy": "2026-01-01"}
        cell["metadata"].get("tags", []).reverse()
    after = b"\xef\xbb\xbf" + json.dumps(notebook, indent=4).replace("\n", "\r\n").encode()
    assert editions.edition_of(f"notebooks/{lesson.name}", after) == "1.0"


def test_the_folders_edition_holds_where_the_package_is_another(course, lesson):
    """As on a hub, where the image has the package and an updater brings the lessons."""
    assert editions.home() == course / "workshop" / "course" != editions.PACKAGE
    assert editions.current() == "1.0"
