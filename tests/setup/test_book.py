"""The workflow of the book: the command of README.md, and a job of its own that publishes."""

import re
from pathlib import Path

import pytest
import yaml

REPO = Path(__file__).parent.parent.parent


@pytest.fixture
def workflow():
    text = (REPO / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def step(job, part):
    (found,) = (step for step in job["steps"] if part in step.get("uses", "") + step.get("run", ""))
    return found


def test_it_runs_the_command_for_all_lessons_and_uploads_its_folder(workflow):
    book = workflow["jobs"]["book"]
    command = step(book, "start.py")["run"]
    assert re.fullmatch(r"python3 start\.py( --with [a-z]+)* book", command)
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"--with ([a-z]+)", command):
        assert f"| `{name}` |" in readme
    assert "| `book 00 02` |" in readme
    assert step(book, "upload-pages-artifact")["with"]["path"] == "book"


def test_lessons_that_ran_are_kept_also_when_one_fails(workflow):
    book = workflow["jobs"]["book"]
    restored, saved = step(book, "cache/restore"), step(book, "cache/save")
    assert restored["with"]["path"] == saved["with"]["path"] == ".workshop/book"
    assert restored["with"]["key"] == saved["with"]["key"]
    assert saved["with"]["key"].startswith(restored["with"]["restore-keys"])
    assert "!cancelled()" in saved["if"]


def test_only_the_job_that_publishes_may_publish(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    assert "permissions" not in workflow["jobs"]["book"]
    pages = workflow["jobs"]["pages"]
    assert pages["permissions"] == {"pages": "write", "id-token": "write"}
    assert pages["needs"] == "book"
    assert not any("run" in step for step in pages["steps"])


def test_what_the_book_is_made_from_starts_it(workflow):
    paths = workflow[True]["push"]["paths"]  # YAML reads the key `on` as true
    for path in paths:
        folder = path.split("*")[0].rstrip("/")
        assert (REPO / folder).exists(), path
    for source in ("notebooks/**", "solutions/**", "docs/**", "workshop/**", "constraints.txt"):
        assert source in paths
