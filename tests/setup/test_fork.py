"""A fork's links open the fork."""

import subprocess
from pathlib import Path

import pytest

from workshop.course.folder import course_folder
from workshop.setup import fork

PLACE = fork.PLACEHOLDER  # written in parts below, so that the command leaves this file alone
LINKS = """\
[Binder](https://mybinder.example/v2/gh/{name}/HEAD?urlpath=lab)
[Colab](https://colab.example/github/{name}/blob/HEAD/a.ipynb) and https://github.com/{name}.
git clone https://github.com/{name}.git; git clone git@github.com:{name}; ?src={name}
https://github.com/{name}-book https://github.com/{name}.io https://github.com/an{name}
"""
SETTINGS = 'repository = "https://github.com/{name}"\n'
EVERYBODY = "ada/deep.learning"


def git(folder, *arguments):
    subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)


@pytest.fixture
def clone(monkeypatch, tmp_path):
    """A small clone of the course, whose origin is somebody's fork."""
    git(tmp_path, "init", "-q")
    git(tmp_path, "remote", "add", "origin", f"https://github.com/{EVERYBODY}.git")
    files = {"README.md": LINKS, fork.SOURCE: SETTINGS, "notebooks/a.ipynb": LINKS}
    files["other.md"] = "OWNER stands for you.\n"
    files[f"{fork.DELIVERED}notebooks/a.ipynb"] = LINKS
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.replace("{name}", PLACE), newline="\r\n")
    git(tmp_path, "add", ".")
    (tmp_path / "untracked.md").write_text(LINKS.replace("{name}", PLACE))
    monkeypatch.setattr(fork, "course_folder", lambda: tmp_path)
    return tmp_path


def expected(name):
    """All links but those in the last line, which only begin like the repository's."""
    *links, last = LINKS.splitlines(keepends=True)
    text = "".join(links).replace("{name}", name) + last.replace("{name}", PLACE)
    return text.replace("\n", "\r\n").encode()


def test_every_link_of_every_tracked_file_names_the_fork(clone):
    name, changed = fork.adopt()
    assert name == EVERYBODY
    assert sorted(changed) == ["README.md", fork.SOURCE, "notebooks/a.ipynb"]
    assert (clone / "README.md").read_bytes() == expected(EVERYBODY)
    assert fork.current() == EVERYBODY
    assert PLACE in (clone / "untracked.md").read_text()


def test_once_more_changes_nothing(clone):
    fork.adopt()
    assert fork.adopt() == (EVERYBODY, [])


def test_a_fork_of_the_fork_and_back(clone):
    fork.adopt()
    before = (clone / "README.md").read_bytes()
    assert len(fork.adopt("https://github.com/grace/course")[1]) == 3
    assert expected("grace/course") == (clone / "README.md").read_bytes()
    fork.adopt()
    assert (clone / "README.md").read_bytes() == before
    fork.adopt(PLACE)
    assert (clone / "README.md").read_bytes() == expected(PLACE)


def test_what_a_merge_brought_is_named_too(clone):
    fork.adopt()
    (clone / "other.md").write_text(f"https://github.com/{PLACE}\n")
    assert fork.adopt() == (EVERYBODY, ["other.md"])


@pytest.mark.parametrize(
    "address",
    ["git@github.com:ada/deep.learning.git", "ssh://git@github.com/ada/deep.learning"],
)
def test_addresses_of_origin(clone, address):
    git(clone, "remote", "set-url", "origin", address)
    assert fork.adopt()[0] == EVERYBODY


@pytest.mark.parametrize("name", ["ada", "ada/a/b", "-a/b", "a b/c", "a/..", "a/b?x", "x\n/y"])
def test_what_is_no_name_changes_nothing(clone, name):
    with pytest.raises(fork.ForkError, match="is not the name of a repository"):
        fork.adopt(name)
    assert (clone / "README.md").read_bytes() == expected(PLACE)


def test_another_host_is_named_without_its_password(clone):
    git(clone, "remote", "set-url", "origin", "https://ada:key@code.example/ada/course.git")
    with pytest.raises(fork.ForkError, match=r"origin is https://code\.example/ada/course"):
        fork.adopt()
    assert fork.adopt("ada/course")[0] == "ada/course"


def test_without_origin(clone):
    git(clone, "remote", "remove", "origin")
    with pytest.raises(fork.ForkError, match="no remote named origin"):
        fork.adopt()


def test_a_zip_is_no_repository(clone, monkeypatch, tmp_path_factory):
    folder = tmp_path_factory.mktemp("zip")
    monkeypatch.setattr(fork, "course_folder", lambda: folder)
    with pytest.raises(fork.ForkError, match="not a git repository"):
        fork.adopt("ada/course")


def test_the_place_of_the_name_must_be_there(clone):
    (clone / fork.SOURCE).write_text("")
    with pytest.raises(fork.ForkError, match="git checkout"):
        fork.adopt()


def test_all_links_of_the_course_name_one_repository():
    """So that the command finds them; in documents, OWNER alone may also be explained."""
    course = Path(course_folder())
    listed = subprocess.run(
        ["git", "ls-files"], cwd=course, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a clone")
    for path in listed.stdout.splitlines():
        if path.startswith(("tests/", "workshop/setup/fork", "findings/", "CHANGELOG")):
            continue
        text = (course / path).read_bytes() if (course / path).is_file() else b""
        for found in text.split(b"OWNER/")[1:]:
            assert found.startswith((PLACE.partition("/")[2].encode(), b"REPO")), path
