"""How a command speaks."""

import os
import re
import subprocess
import sys

import pytest

from workshop.cli import words


def test_help_can_be_read_where_output_is_not_unicode():
    env = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    env["WORKSHOP_PROGRESS"] = os.devnull
    for command in ("--help", "progress"):
        said = subprocess.run(
            [sys.executable, "-m", "workshop", command], env=env, check=True, capture_output=True
        )
    assert re.search(rb"\n> \d\d.* 0 of \d  -+", said.stdout)


def test_an_error_that_was_foreseen_ends_a_command_with_its_words(capsys):
    from workshop.course.lessons import LessonError

    with pytest.raises(words.typer.Exit), words.in_words():
        raise LessonError("[no] such lesson")
    assert capsys.readouterr().err == "[no] such lesson\n"
