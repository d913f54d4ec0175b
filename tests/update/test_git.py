"""What git knows of a clone."""

import subprocess

import pytest

from workshop.update import bases, git, sources


def run(folder, *arguments):
    who = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main"]
    command = ["git", *who, *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def commit(folder, message="more"):
    run(folder, "add", "-A", "-f")
    run(folder, "commit", "--allow-empty", "-m", message)


@pytest.fixture
def upstream(course, tmp_path_factory):
    """The learner's course is a clone of this one."""
    run(course, "init")
    commit(course, "first")
    folder = tmp_path_factory.mktemp("upstream")
    run(folder, "clone", str(course), "course")
    run(course, "remote", "add", "origin", str(folder / "course"))
    run(course, "fetch", "origin")
    run(course, "branch", "--set-upstream-to=origin/main", "main")
    return folder / "course"


def test_a_clone_is_asked_and_stays_as_it_is(course, upstream):
    (upstream / "solutions" / "02_1_sum.py").write_text("x = 3\n")
    commit(upstream)
    (course / "notebooks" / "02_softmax.ipynb").write_text("mine, not committed")
    name = git.upstream()
    assert name == "origin/main"
    assert git.has(name)
    assert git.fetch(name)
    assert not git.has(name)
    assert git.show(name, "solutions/02_1_sum.py") == b"x = 3\n"
    assert git.show(name, "nothing.py") is None
    assert "solutions/02_1_sum.py" in git.listing(name, "solutions/")
    assert (course / "solutions" / "02_1_sum.py").read_bytes() == b"x = 1\n\nx += 1\n"
    assert (course / "notebooks" / "02_softmax.ipynb").read_text() == "mine, not committed"


def test_versions_are_from_old_to_new(course, upstream):
    file = course / "solutions" / "02_1_sum.py"
    file.write_text("x = 3\n")
    commit(course)
    assert git.versions("solutions/02_1_sum.py") == [b"x = 1\n\nx += 1\n", b"x = 3\n"]


def test_no_clone_follows_nothing(course):
    assert git.upstream() is None
    assert git.versions("solutions/02_1_sum.py") == []
    assert git.ask("no-such-command") is None


def test_somebody_else_s_git_around_the_course_is_no_source(course, tmp_path):
    run(course, "init")
    run(course, "commit", "--allow-empty", "-m", "a home")
    run(course, "remote", "add", "origin", str(course))
    run(course, "fetch", "origin")
    run(course, "branch", "--set-upstream-to=origin/main", "main")
    assert git.upstream() == "origin/main"
    assert sources.find()[0].place == str(course)


def test_an_upstream_that_does_not_answer_is_told(course, upstream):
    run(course, "remote", "set-url", "origin", str(course / "gone"))
    source, problem = sources.find()
    assert "did not answer" in problem
    assert source.content("notebooks/02_softmax.ipynb")


def test_a_changed_lesson_comes_from_the_version_that_it_is_like(course, upstream, edit):
    """Nothing was kept, and an updater has brought a newer edition's copies already."""
    edit(lambda notebook: notebook.cells[1].update(source="x = mine"))
    copy = course / "workshop" / "course" / "delivered" / "notebooks" / "02_softmax.ipynb.txt"
    copy.write_text(copy.read_text().replace("import math", "import numpy"))
    commit(course)
    assert b"import math" in bases.base_of("notebooks/02_softmax.ipynb")
