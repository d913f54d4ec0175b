"""Where learners get lessons and digits from."""

import subprocess
import sys
from pathlib import Path

import pytest

from workshop.hub import lessons
from workshop.hub.settings import HubError


def git(folder, *words):
    who = ("-c", "user.name=a", "-c", "user.email=a@b.example")
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init", "-b", "class")
    git(tmp_path, "commit", "--allow-empty", "-m", "x")
    return tmp_path


@pytest.fixture(autouse=True)
def _hub_is_installed(monkeypatch):
    monkeypatch.setattr(lessons, "find_spec", lambda name: name)


def test_the_courses_own_repository_is_the_source(repository):
    found = lessons.given(repository)
    assert found == {"python": sys.executable, "repository": repository.as_uri(), "branch": "class"}


def test_a_course_without_git_is_copied(tmp_path):
    found = lessons.given(tmp_path)
    assert (found["repository"], found["branch"]) == ("", "")


def test_a_commit_that_is_no_branch_is_copied(repository):
    git(repository, "checkout", "--detach")
    assert lessons.given(repository)["repository"] == ""


def test_another_repository_needs_its_branch(repository, tmp_path, capsys):
    where = repository.as_uri()
    assert lessons.given(tmp_path, where, "class")["branch"] == "class"
    assert not capsys.readouterr().out
    with pytest.raises(HubError, match=f"Name the branch of {where}"):
        lessons.given(tmp_path, where)
    with pytest.raises(HubError, match=f"{where} has no branch main"):
        lessons.given(tmp_path, where, "main")


def test_a_repository_that_does_not_answer_is_told_and_keeps_nobody_out(tmp_path, capsys):
    where = (tmp_path / "nowhere").as_uri()
    assert lessons.given(tmp_path, where, "main")["repository"] == where
    assert f"{where} gives no lessons now (fatal" in capsys.readouterr().out


def test_a_branch_that_is_not_checked_out(repository):
    with pytest.raises(HubError, match=r"not on the branch main, but on class"):
        lessons.given(repository, branch="main")


def test_an_environment_without_jupyterhub(monkeypatch, tmp_path):
    monkeypatch.setattr(lessons, "find_spec", lambda name: None if name == "jupyterhub" else name)
    with pytest.raises(HubError, match=r"lacks jupyterhub.*start.py hub"):
        lessons.given(tmp_path)


def test_data_of_the_sample_and_of_a_folder(monkeypatch, tmp_path, capsys):
    assert lessons.data(sample=True) == {"data": ""}
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    from workshop.data import DataError, mnist

    monkeypatch.setattr(mnist, "fetch", lambda progress: tmp_path)
    assert lessons.data(sample=False) == {"data": str(tmp_path)}

    def no_network(progress):
        raise DataError("no network")

    monkeypatch.setattr(mnist, "fetch", no_network)
    assert lessons.data(sample=False) == {"data": ""}
    assert "is not here (no network)" in capsys.readouterr().out


def test_the_learners_lessons_come_by_pull_or_by_copy(shell):
    said, home = shell(CLASS_REPOSITORY="https://git.example/x", CLASS_BRANCH="main")
    assert "-m nbgitpuller.pull https://git.example/x main course" in said
    assert "-m workshop.jupyter.singleuser --allow-root --x" in said  # though the pull failed
    assert (home / "course" / "notebooks" / "02_softmax.ipynb").is_file()
    assert (home / "course" / "solutions").is_dir()


@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not limit data")
def test_what_a_learner_wrote_stays_and_the_limit_is_set(shell):
    _, home = shell()
    mine = Path(home, "course", "notebooks", "02_softmax.ipynb")
    mine.write_text("mine", encoding="ascii")
    said, _ = shell(CLASS_MEMORY_GB="2")
    assert mine.read_text(encoding="ascii") == "mine"
    assert said.splitlines()[-1] == str(2 * 1024 * 1024)
