"""docs/elsewhere.md and .devcontainer: what they name is here, and the first cell does its work."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPO = Path(__file__).parent.parent.parent
PAGE = (REPO / "docs" / "elsewhere.md").read_text(encoding="utf-8")
README = (REPO / "README.md").read_text(encoding="utf-8")
DEVCONTAINER = json.loads((REPO / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
PROGRAMS = ("JupyterLab", "Notebook 7", "VS Code", "Codespaces", "Colab", "Kaggle", "Binder", "hub")
(CELL,) = re.findall(r"```python\n(.+?)```", PAGE, re.S)
# A shell that has no kernel: pip and cd are noted, the rest of the cell runs.
RUN = """
import os, sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
asked = []
shell.register_magic_function(lambda line: asked.append(line), "line", "pip")
for _ in range(2):
    shell.run_cell(sys.argv[1]).raise_error()
print(*asked, sep="\\n")
print(os.getcwd())
"""


def test_each_program_has_a_row_that_says_whether_it_was_tried():
    rows = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| ")][1:]
    rows = [row for row in rows if not set(row[0]) <= set(" -")]
    assert len(rows) == len(PROGRAMS)
    for row, name in zip(rows, PROGRAMS, strict=True):
        assert len(row) == 5
        assert name in row[0]
        assert re.match(r" (not )?tried", row[4])


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
@pytest.mark.skipif(sys.platform == "win32", reason="Colab and Kaggle are Linux")
def test_the_first_cell_brings_the_course_once_and_goes_to_its_lessons(tmp_path):
    there, home = tmp_path / "the repository", tmp_path / "a home"
    (there / "notebooks").mkdir(parents=True)
    (there / "notebooks" / "00_welcome.ipynb").touch()
    home.mkdir()
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "All"]):
        subprocess.run([*git, *command], cwd=there, check=True)
    address = "https://github.com/OWNER/tensorflow-workshop"
    assert CELL.count(address) == 1
    cell = CELL.replace(address, f'"{there.as_uri()}"')
    said = subprocess.check_output(
        [sys.executable, "-c", RUN, cell],
        cwd=tmp_path,
        env={"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "IPYTHONDIR": str(home)},
        text=True,
    )
    place = home / "tensorflow-workshop"
    *asked, here = said.splitlines()[-3:]
    assert asked == [f'install --quiet "{place}"'] * 2
    assert Path(here) == place / "notebooks"
    assert (place / "notebooks" / "00_welcome.ipynb").exists()


def test_the_container_starts_the_course_as_readme_does():
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = DEVCONTAINER["image"].rsplit(":", 1)[1]
    first, end = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", project["requires-python"]).groups()
    assert int(first) <= int(version.removeprefix("3.")) < int(end)
    assert DEVCONTAINER["postCreateCommand"] == "python3 start.py doctor"
    own = DEVCONTAINER["customizations"]["vscode"]
    assert "ms-toolsai.jupyter" in own["extensions"]
    python = own["settings"]["python.defaultInterpreterPath"]
    assert python == "${containerWorkspaceFolder}/.venv/bin/python"
    assert own["settings"]["jupyter.widgetScriptSources"] == []
    for file in DEVCONTAINER["customizations"]["codespaces"]["openFiles"]:
        assert (REPO / file).is_file()


@pytest.mark.parametrize(
    "host", ["mybinder.org/v2", "colab.research.google.com/github", "kaggle.com/kernels"]
)
def test_a_badge_opens_a_lesson_that_exists(host):
    (address,) = re.findall(rf"\]\((https://{host}[^)]+)\)", README)
    assert "OWNER/tensorflow-workshop" in address
    assert (REPO / "notebooks" / address.rsplit("notebooks/", 1)[1]).is_file()


def test_a_badge_opens_a_codespace():
    assert "](https://codespaces.new/OWNER/tensorflow-workshop)" in README
