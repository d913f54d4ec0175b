"""benchmarks/classroom.py: three learners on a hub of their own; thirty are run by hand."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parent.parent


@pytest.fixture
def classroom(monkeypatch):
    monkeypatch.syspath_prepend(str(REPO / "benchmarks"))
    import classroom

    return classroom


@pytest.mark.skipif(sys.platform == "win32", reason="JupyterHub does not run on Windows")
@pytest.mark.skipif(not shutil.which("npm"), reason="the hub's proxy needs Node.js with npm")
def test_three_learners_begin_lesson_02(tmp_path):
    pytest.importorskip("jupyterhub", reason="needs the extra `hub`")
    figures = tmp_path / "figures.json"
    words = ["--learners", "3", "--every", "0", "--lesson", "02:0,1,5,22", "--sample"]
    words += ["--reserve", "0.5", "--figures", str(figures)]
    done = subprocess.run(
        [sys.executable, str(REPO / "benchmarks" / "classroom.py"), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    if "The hub is not installed" in done.stderr:
        pytest.skip("no hub could be installed: is there a network?")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(figures.read_text())
    assert found["whole"] == 3
    for learner in found["learners"]:
        assert learner["errors"] == []
        assert len(learner["cells"]) == 4
        for what in ("start", "kernel_start", "server_cpu", "kernel_cpu"):
            assert learner[what] > 0
        assert learner["kernel_pss"] > learner["server_pss"] > 0.03
        assert learner["forked"] == (sys.platform == "linux")
    assert "3 of 3 learners ran everything" in done.stdout


def test_a_message_with_buffers_is_read(classroom):
    text = b'{"msg_type": "comm_msg"}'
    frame = (3).to_bytes(4) + b"".join(n.to_bytes(4) for n in (16, 40, 42)) + text + b"abcde"
    assert classroom.message_in(frame) == {"msg_type": "comm_msg"}
    assert classroom.message_in('{"a": 1}') == {"a": 1}


def test_cells_are_chosen(classroom):
    every = classroom.code_of("02", REPO)
    assert classroom.code_of("02:0,2", REPO) == [every[0], every[2]]
    with pytest.raises(classroom.typer.BadParameter, match=r"no lesson 77"):
        classroom.code_of("77", REPO)


def test_the_guard_ends_it(classroom):
    guard = classroom.Guard(reserve=1e6)
    assert guard.over.wait(10)
    with pytest.raises(classroom.HubError, match=r"below 1000000.0 GB"):
        guard.check()
    learner = classroom.Learner("load1")
    classroom.attend(learner, "http://127.0.0.1:9", "x", ["1"], guard)
    assert "memory left" in learner.errors[0]
