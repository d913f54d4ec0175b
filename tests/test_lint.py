"""The linter, the formatter and the type checker find nothing."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

REPO = Path(__file__).parent.parent
# The stubs of the newest NumPy are for the newer Pythons, not for the oldest that we allow.
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
CHECKS = {
    "ruff": [["check"], ["format", "--check"]],
    "ty": [["check", "--python", sys.prefix, "--python-version", PYTHON]],
}


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        pytest.param(tool, one, id=f"{tool} {one[0]}")
        for tool, many in CHECKS.items()
        for one in many
    ],
)
def test_nothing_is_found(tool, arguments):
    if f"{tool}=={version(tool)}" not in (REPO / "constraints.txt").read_text().splitlines():
        pytest.skip(f"{tool} {version(tool)} is not the version of constraints.txt: other rules")
    command = [sys.executable, "-m", tool, *arguments]
    said = subprocess.run(command, cwd=REPO, check=False, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
