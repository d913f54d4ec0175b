"""The widgets' scripts and style sheets: a linter finds nothing in them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).parent.parent
WIDGETS = REPO / "workshop" / "widgets"
# One version for this test and for the hook: another one may know other rules.
BIOME = re.search(
    r"@biomejs/biome@([\d.]+)", (REPO / ".pre-commit-config.yaml").read_text(encoding="utf-8")
)[1]
INSTALL = f"npm install --global @biomejs/biome@{BIOME}"


def run(*command):
    return subprocess.run(
        command, cwd=REPO, capture_output=True, text=True, encoding="utf-8", check=False
    )


def biome():
    """Find the linter, or skip: a test brings nothing from the network."""
    if not shutil.which("node"):
        pytest.skip("no Node on this machine, so no Biome either")
    local = str(REPO / "node_modules" / ".bin")
    found = shutil.which("biome") or shutil.which("biome", path=local)
    if not found:
        pytest.skip(f"no Biome on this machine: `{INSTALL}` brings it")
    said = run(found, "--version").stdout
    if BIOME not in said.split():
        pytest.skip(f"another Biome on this machine, {said.strip()}: `{INSTALL}` brings ours")
    return found


def test_the_linter_finds_nothing():
    ran = run(biome(), "lint", "--error-on-warnings")
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    checked = re.search(r"Checked (\d+) files", said)
    assert int(checked[1]) >= len([*WIDGETS.rglob("*.js"), *WIDGETS.rglob("*.css")])
