"""The alarm for new versions: what its issue says, and that there is only one."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

REPO = Path(__file__).parent.parent.parent
REPORT = REPO / ".github" / "newest_report.py"
RESULTS = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" errors="1" failures="1" tests="3">
<testcase classname="tests.test_plots" name="test_lines[dark]">
<failure message="AssertionError: @somebody &lt;b&gt; ```">trace</failure></testcase>
<testcase classname="tests.test_data" name="test_sample" />
<testcase classname="" name="tests.test_cli"><error message="collection">E</error></testcase>
</testsuite></testsuites>
"""


@pytest.fixture
def newest():
    spec = importlib.util.spec_from_file_location("newest_report", REPORT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def results(tmp_path):
    (tmp_path / "newest.xml").write_text(RESULTS, encoding="utf-8")
    return tmp_path / "newest.xml"


@pytest.fixture
def workflow():
    text = (REPO / ".github" / "workflows" / "newest.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["jobs"]


def test_the_tests_that_fail_are_named(newest, results):
    count, failed = newest.failures(results)
    assert count == 3
    assert failed[0] == ("tests.test_plots::test_lines[dark]", "AssertionError: @somebody <b> ```")
    assert failed[1] == ("::tests.test_cli", "collection")


def test_versions_that_differ_are_named(newest, monkeypatch):
    from workshop.doctor import packages

    pins = packages.pins(REPO / "constraints.txt")
    pinned = {pin.name: str(pin.specifier).removeprefix("==") for pin in pins}

    def distributions():
        here = ("Keras", "3.99.0"), ("keras_nightly", "4.0"), ("rich", pinned["rich"])
        for name, version in here:
            yield type("Distribution", (), {"name": name, "version": version})

    monkeypatch.setattr(newest.metadata, "distributions", distributions)
    assert list(newest.differences()) == [
        ("keras", pinned["keras"], "3.99.0"),
        ("keras-nightly", "none", "4.0"),
    ]


def test_the_issue_names_package_version_and_test(newest, results, monkeypatch):
    monkeypatch.setattr(newest, "differences", lambda: iter([("keras", "3.15.1", "3.99.0")]))
    text = newest.report(results, results)
    assert "2 of 3 tests fail" in text
    assert "`tests.test_plots::test_lines[dark]`\n````text\nAssertionError: @somebody" in text
    assert "| keras | 3.15.1 | 3.99.0 |" in text
    assert newest.COMMAND in (REPO / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_without_results_the_end_of_the_log_is_shown(newest, tmp_path):
    lines = "\n".join(f"line {k}" for k in range(99))
    (tmp_path / "log").write_text(lines, encoding="utf-8")
    text = newest.report(tmp_path / "none", tmp_path / "log")
    assert "No test is known to fail" in text
    assert "line 98" in text
    assert "line 9\n" not in text
    assert "No test is known to fail" in newest.report(tmp_path / "none", tmp_path / "none")


def test_however_much_fails_github_takes_the_text(newest, tmp_path, monkeypatch):
    case = '<testcase classname="a" name="b"><failure message="{}">c</failure></testcase>'
    many = "".join(case.format("x" * 5000) for _ in range(500))
    (tmp_path / "newest.xml").write_text(f"<a>{many}</a>", encoding="utf-8")
    rows = [(f"package-{k}", "1.0.0", "2.0.0") for k in range(400)]
    monkeypatch.setattr(newest, "differences", lambda: iter(rows))
    text = newest.report(tmp_path / "newest.xml", tmp_path / "none")
    assert len(text) < 60_000
    assert "and 460 more" in text


def test_it_runs_without_the_course(results, tmp_path):
    """As where the installation failed: a bare Python has no package of ours."""
    command = [sys.executable, "-I", "-S", REPORT, results, tmp_path / "none"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "2 of 3 tests fail" in done.stdout
    assert "versions are others" not in done.stdout


def test_the_workflow_runs_the_command_and_may_write_issues_only(newest, workflow):
    (suite,) = (step for step in workflow["suite"]["steps"] if step.get("id") == "suite")
    assert newest.COMMAND in suite["run"]
    assert "permissions" not in workflow["suite"]
    assert workflow["issue"]["permissions"] == {"issues": "write"}
    assert not any("uses" in step for step in workflow["issue"]["steps"])


@pytest.mark.skipif(os.name == "nt", reason="bash")
@pytest.mark.parametrize(
    ("passed", "open_issue", "calls"),
    [
        ("true", "", ["issue list"]),
        ("true", "7", ["issue list", "issue close 7"]),
        ("false", "", ["issue list", "label create", "issue create"]),
        ("false", "7", ["issue list", "issue edit 7"]),
        ("", "7", ["issue list", "issue edit 7"]),
    ],
)
def test_there_is_one_issue(workflow, tmp_path, passed, open_issue, calls):
    (step,) = workflow["issue"]["steps"]
    log = tmp_path / "calls"
    (tmp_path / "gh").write_text(
        f'#!/bin/sh\necho "$@" >> "{log}"\n[ "$2" != list ] || echo "{open_issue}"\n'
    )
    (tmp_path / "gh").chmod(0o755)
    own = dict.fromkeys(step["env"], "x") | {"PASSED": passed, "REPORT": "found: @all $(id)"}
    environment = os.environ | own | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    lines = log.read_text().splitlines()
    assert len(lines) == len(calls)
    assert all(line.startswith(call) for line, call in zip(lines, calls, strict=True))
    if passed != "true":
        assert (tmp_path / "issue.md").read_text() == "found: @all $(id)\n\nThe run: x\n"
