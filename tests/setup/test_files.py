"""The repository's files, as git, Windows and a zip hand them out: they run and read the same."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).parent.parent.parent
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.I)  # Windows has no such files
SETTINGS_OF_WINDOWS = ("core.autocrlf=true", "core.eol=crlf", "core.symlinks=false")


def git(*arguments, at=REPO):
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    done = subprocess.run(["git", *arguments], cwd=at, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"not a clone: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode("utf-8")


def listed():
    """Each file of the repository: its mode and its name."""
    lines = filter(None, git("ls-files", "--stage", "-z").split("\0"))
    return {line.split("\t")[1]: line.split()[0] for line in lines}


@pytest.fixture(scope="module")
def windows_clone(tmp_path_factory):
    """A clone as Git for Windows makes it, with this folder's attributes."""
    folder = tmp_path_factory.mktemp("windows") / "course"
    settings = [word for one in SETTINGS_OF_WINDOWS for word in ("-c", one)]
    git(*settings, "clone", "--quiet", "--no-checkout", "--no-hardlinks", str(REPO), str(folder))
    for setting in SETTINGS_OF_WINDOWS:
        git("config", *setting.split("="), at=folder)
    (folder / ".git" / "info").mkdir(exist_ok=True)
    shutil.copy(REPO / ".gitattributes", folder / ".git" / "info" / "attributes")
    git("checkout", "--quiet", "HEAD", "--", ".", at=folder)
    return folder


def test_a_clone_of_windows_has_unix_line_ends(windows_clone):
    """Scripts, notebooks, YAML, solutions, data: all of them, whatever git is set to."""
    names = [path for path in windows_clone.rglob("*") if path.is_file()]
    names = [path for path in names if ".git" not in path.relative_to(windows_clone).parts]
    text = [path for path in names if b"\0" not in path.read_bytes()]
    assert len(text) > 300
    assert [str(path) for path in text if b"\r" in path.read_bytes()] == []


def test_data_are_not_taken_for_text(windows_clone):
    for path in REPO.glob("workshop/data/sample/*.npz"):
        assert (windows_clone / path.relative_to(REPO)).read_bytes() == path.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="bash")
def test_scripts_of_such_a_clone_can_be_read(windows_clone):
    scripts = ["binder/start", "binder/postBuild", ".ci/run"]
    scripts += [str(path.relative_to(REPO)) for path in (REPO / "findings").glob("*.sh")]
    for script in scripts:
        subprocess.run(["bash", "-n", windows_clone / script], check=True)


def test_no_editor_has_left_other_line_ends_here():
    for name in listed():
        if (REPO / name).is_file():
            data = (REPO / name).read_bytes()
            ends = 0 if b"\0" in data else data.count(b"\r\n")
            assert ends == 0, f"{name}: save it with LF"


def test_scripts_can_be_executed_and_nothing_is_a_link():
    """Windows checks a link out as a file that has its target's name in it."""
    for name, mode in listed().items():
        assert mode in {"100644", "100755"}, name
        path = REPO / name
        if path.is_file() and path.read_bytes()[:3] == b"#!/" and path.suffix != ".py":
            assert mode == "100755", f"{name}: git update-index --chmod=+x {name}"


def test_every_system_can_write_the_names():
    names = list(listed())
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert re.fullmatch(r"[\w./-]+", name, re.ASCII), name
        for part in name.split("/"):
            assert not RESERVED.match(part), name
            assert not part.endswith("."), name


def test_a_zip_holds_all_of_it():
    """Who downloads a zip gets what `git archive` gives: nothing is left out of it."""
    assert "export-ignore" not in (REPO / ".gitattributes").read_text(encoding="utf-8")
