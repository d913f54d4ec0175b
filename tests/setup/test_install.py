"""pip for real: from a stick with no network, through a connection that breaks, and in words."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workshop.setup.install import Pip, install

PREPARE = "import start; print('python:', start.prepare('cpu', []))"


def prepare(course, variables):
    """Let start.py make and fill the environment of a course."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARE],
        cwd=course,
        env=variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_stick_needs_no_network_and_no_setting(tiny_course, outside, write_wheel):
    wheel = write_wheel(tiny_course / "wheels")
    status, text = prepare(tiny_course, outside)
    assert status == 0, text
    assert "without the network" in text
    python = text.rsplit("python: ", 1)[1].strip()
    place = subprocess.check_output(
        [python, "-c", "import small; print(small.__file__)"], text=True
    )
    assert Path(place).is_relative_to(tiny_course / ".venv")
    # the next start needs the stick no more
    shutil.rmtree(wheel.parent)
    assert prepare(tiny_course, outside)[0] == 0


def test_a_stick_beside_the_course_is_found_too(tiny_course, outside, write_wheel):
    write_wheel(tiny_course.parent / "wheels")
    assert prepare(tiny_course, outside)[0] == 0


def test_what_a_stick_lacks_comes_from_the_network(tiny_course, outside, index):
    (tiny_course / "wheels").mkdir()
    (tiny_course / "wheels" / "other-1-cp36-none-win32.whl").touch()
    status, text = prepare(tiny_course, {**outside, "PIP_INDEX_URL": index, "no_proxy": "*"})
    assert status == 0, text
    assert "does not have everything for this machine" in text


def test_without_network_the_proxy_is_named(tiny_course, outside):
    status, text = prepare(tiny_course, outside)
    assert status == 1
    assert "The course is not installed. The proxy http://127.0.0.1:9 does not answer" in text
    assert "files that had arrived whole are in pip's cache" in text
    assert "Traceback" not in text


def test_a_connection_that_breaks_is_taken_up_again(tiny_course, outside, index, the_index):
    the_index.breaks = 1
    status, text = prepare(tiny_course, {**outside, "PIP_INDEX_URL": index, "no_proxy": "*"})
    assert status == 0, text
    assert sum(".whl" in path for path in the_index.asked) == 2


def test_one_that_breaks_always_is_named(tiny_course, outside, index, the_index):
    the_index.breaks = 1000
    variables = {**outside, "PIP_INDEX_URL": index, "no_proxy": "*", "PIP_RESUME_RETRIES": "1"}
    status, text = prepare(tiny_course, variables)
    assert status == 1
    assert "Once more (3 of 3)" in text
    assert "The connection to 127.0.0.1 breaks" in text


def test_settings_for_other_installations_do_no_harm(tiny_course, outside, write_wheel, tmp_path):
    write_wheel(tiny_course / "wheels")
    elsewhere = dict.fromkeys(["PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"], str(tmp_path / "elsewhere"))
    status, text = prepare(tiny_course, {**outside, **elsewhere, "PIP_DRY_RUN": "1"})
    assert status == 0, text
    assert list(tiny_course.glob(".venv/**/small.py"))


def played(tmp_path, *, statuses=(0,), log="", version="pip 26.3 from", config=""):
    """A pip that ends with these statuses and writes this into its log; `calls` has them."""
    waiting = list(statuses)

    def run(command, **variables):
        pip.calls.append((command, variables))
        status = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        pip.log.write_text(log if status else "", encoding="utf-8")
        return status

    def output(command):
        return {"config": config, "--version": version, "cache": "/cache"}[command[3]]

    pip = Pip("python", tmp_path / "pip.log", run=run, output=output)
    pip.calls = []
    return pip


def test_it_has_more_patience_than_pip(tmp_path):
    pip = played(tmp_path)
    assert install(pip, ["-e", "."], None) == ""
    ((command, variables),) = pip.calls
    assert command[:4] == ["python", "-m", "pip", "install"]
    assert command[-2:] == ["-e", "."]
    assert float(variables["PIP_TIMEOUT"]) > 15
    assert int(variables["PIP_RETRIES"]) > 5
    assert int(variables["PIP_RESUME_RETRIES"]) > 5
    assert variables["PIP_USER"] == "0"


@pytest.mark.parametrize(
    "config",
    [
        "global.timeout='5'\nglobal.retries='1'\ninstall.resume-retries='2'",
        ":env:.default-timeout='5'\n:env:.retries='1'\n:env:.resume-retries='2'",
    ],
)
def test_what_the_user_has_set_stays(tmp_path, config):
    pip = played(tmp_path, config=config)
    assert not {"PIP_TIMEOUT", "PIP_RETRIES", "PIP_RESUME_RETRIES"} & pip.variables.keys()


def test_a_log_of_their_own_is_read(tmp_path):
    theirs = tmp_path / "their.log"
    pip = played(tmp_path, config=f"global.log='{theirs}'", statuses=(1,), log="[Errno 28] x")
    assert pip.log == theirs


def test_an_old_pip_is_replaced_before_it_loses_a_file(tmp_path):
    pip = played(tmp_path, version="pip 23.2.1 from /x (python 3.11)")
    install(pip, ["-e", "."], None)
    assert [command[-1] for command, _ in pip.calls] == ["pip>=25.2", "."]


def test_an_index_without_a_newer_pip_does_no_harm(tmp_path):
    log = "ERROR: No matching distribution found for pip>=25.2"
    pip = played(tmp_path, version="pip 23.2.1 from", statuses=(1, 0), log=log)
    assert install(pip, ["-e", "."], None) == ""


def test_a_cache_that_is_off_keeps_nothing(tmp_path):
    pip = played(tmp_path, statuses=(1,), log="ReadTimeoutError: Read timed out.")
    assert "files that had arrived whole are in pip's cache" in install(pip, ["."], None)
    pip.output = lambda command: None  # `pip cache dir` fails where PIP_NO_CACHE_DIR is set
    assert "from the beginning" in install(pip, ["."], None)


def test_a_full_disk_is_not_blamed_on_the_stick(tmp_path):
    log = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
    pip = played(tmp_path, statuses=(1,), log=log)
    assert "disk is full" in install(pip, ["-e", "."], tmp_path)
    assert len(pip.calls) == 1
