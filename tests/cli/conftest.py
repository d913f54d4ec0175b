"""What the tests of the commands share."""

import pytest
from typer.testing import CliRunner

from workshop import cli


@pytest.fixture
def type_in(monkeypatch):
    """Give a function that runs the command: its exit status, and what it printed."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments):
        result = CliRunner().invoke(cli.app, list(arguments))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return run
