"""The command `workshop` as a whole."""

import os
import re
import subprocess
import sys

import pytest

LEARNER = ("lab", "doctor", "data", "solve", "progress", "status", "update", "reset")
COMMANDS = (*LEARNER, "stick", "badge", "hub", "class", "book", "slides")


def test_help_names_each_command():
    env = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "workshop", "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=env,
        check=True,
    )
    for command in COMMANDS:
        assert re.search(rf"\b{command}\b +[A-Z]", done.stdout)
    assert "strip" not in done.stdout
    for heavy in ("tensorflow", "numpy", "nbformat", "jupyterlab"):
        assert not re.search(rf"\| +{heavy}\n", done.stderr)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(type_in, command):
    status, text = type_in(command, "--help")
    assert status == 0
    assert "Usage: " in text


def test_the_edition_is_named(type_in, course):
    assert type_in("--version") == (0, "tensorflow-workshop 1.0\n")
    assert "--no-version" not in type_in("--help")[1]
