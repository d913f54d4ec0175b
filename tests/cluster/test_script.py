"""Scripts in processes of their own: what they print, how they end, and that they always do."""

import signal
import sys
import threading

import psutil
import pytest
from processes import is_alive

from workshop.cluster import RunningScript, ScriptError, start_script

FOREVER = "import time\nprint('ready')\nwhile True: time.sleep(0.1)\n"


def test_a_script_gets_its_arguments_and_variables_and_gives_its_output(write):
    path = write(
        "import os, sys\nfrom beside import word\n"
        "print(word, sys.argv[1:], os.environ['COLOUR'], __name__)\nraise SystemExit(3)"
    )
    write("word = 'helped'", "beside.py")
    with start_script(path, 1, "two", environment={"COLOUR": "blue"}) as running:
        assert running.wait(30) == 3
        assert running.output == "helped ['1', 'two'] blue __main__\n"
        assert "failed (3)" in repr(running)


def test_a_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no script .*absent\.py.*Run the cell"):
        start_script(tmp_path / "absent.py")


def test_lines_are_waited_for(write):
    path = write("import time\ntime.sleep(0.3)\nprint('step 50 loss 0.5')\ntime.sleep(60)")
    with start_script(path) as running:
        assert running.wait_for("step 50", 30) == "step 50 loss 0.5"
        assert running.returncode is None
        with pytest.raises(
            ScriptError, match=r"did not print 'step 100' within 0.2 s.*\n.*step 50"
        ):
            running.wait_for("step 100", 0.2)
        with pytest.raises(ScriptError, match=r"is still running after 0.2 s"):
            running.wait(0.2)
    assert running.returncode is not None


def test_a_script_that_fails_shows_why(write):
    with (
        start_script(write("print('begun')\nraise ValueError('seven')")) as running,
        pytest.raises(ScriptError, match=r"(?s)ended \(1\).*begun.*ValueError: seven"),
    ):
        running.wait_for("never", 30)


DEEP = """
for step in range(20): print("step", step)
def down(n):
    if n: down(n - 1)
    raise KeyError("six")
try:
    down(30)
except KeyError as error:
    raise ValueError("seven") from error
"""


def test_a_long_traceback_leaves_what_was_printed_before_it(write):
    with start_script(write(DEEP)) as running:
        assert running.wait(30) == 1
    lines = running.last_lines().splitlines()
    assert lines[:5] == [f"step {k}" for k in range(15, 20)]
    assert lines[5] == "Traceback (most recent call last):"
    assert lines[6].endswith('script.py", line 7, in <module>')
    assert "  ..." in lines
    assert lines[-1] == "ValueError: seven"
    assert len(lines) == 5 + 3 + 1 + 15


def test_a_traceback_begins_in_the_script(write):
    with start_script(write("def f():\n    raise ValueError('seven')\n\nf()")) as running:
        running.wait(30)
    files = [line for line in running.output.splitlines() if line.startswith("  File")]
    assert [line.rpartition(", ")[2] for line in files] == ["in <module>", "in f"]


@pytest.mark.parametrize("source", ["raise ValueError('seven')", "def train(:\n    pass"])
def test_an_error_has_no_colours_where_the_kernel_asks_for_them(write, source, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    with start_script(write(source)) as running:
        running.wait(30)
    assert "Error: " in running.output
    assert "\x1b" not in running.output


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        (["one", "two"], ["one", "two"]),
        ([], ["(nothing)"]),
        ([f"{k}" for k in range(40)], [f"{k}" for k in range(25, 40)]),
        (
            ["before", "Traceback (most recent call last):", "ValueError: seven", "after"],
            ["before", "Traceback (most recent call last):", "ValueError: seven", "after"],
        ),
    ],
)
def test_the_last_lines(tmp_path, printed, shown):
    log = tmp_path / "script.log"
    log.write_text("\n".join(printed))
    assert RunningScript(None, None, log).last_lines().splitlines() == shown


def test_a_long_line_leaves_room_for_the_error(write):
    with start_script(write("print('9' * 9000)\nraise ValueError('seven')")) as running:
        running.wait(30)
    assert len(running.last_lines()) < 1500
    assert running.last_lines().endswith("ValueError: seven")


def test_what_was_printed_last_is_found_after_the_end(write):
    with start_script(write("print('last words')")) as running:
        running.wait(30)
        assert running.wait_for("last", 1) == "last words"


def test_start_up_lines_of_tensorflow_are_left_out(write):
    lines = [
        "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
        "I0000 00:00:1795257280.558323   12969 port.cc:153] oneDNN custom operations are on.",
        "2026-11-21 10:00:00.123456: I tensorflow/core/util/port.cc:153] oneDNN",
        "To enable the following instructions: AVX2, rebuild TensorFlow",
        "E0000 00:00:1795261206.190418    1261 node_def_util.cc:682] NodeDef mentions attribute a",
        "E0000 00:00:1795257280.558323   12969 real.cc:1] an error is kept",
        "E0000 00:00:1795767036.331160    1165 cuda_platform.cc:52] failed call to cuInit: "
        "INTERNAL: CUDA error: Failed call to cuInit: UNKNOWN ERROR (303)",
        "/job:worker/replica:0/task:1",
        "device_count {",
        '  key: "CPU"',
        "}",
        "experimental {",
        "}",
        "",
        "W is a matrix",
    ]
    with start_script(write(f"print({chr(10).join(lines)!r})")) as running:
        running.wait(30)
        assert running.output.splitlines() == [lines[5], lines[-1]]


def test_lines_that_are_json_objects_are_results(write):
    path = write("print('step 1'); print('{\"step\": 1, \"loss\": 0.5}'); print('{no json}')")
    with start_script(path) as running:
        running.wait(30)
        assert running.results == [{"step": 1, "loss": 0.5}]


def test_stop_ends_one_that_does_not_listen_and_its_children(write, monkeypatch):
    monkeypatch.setattr("workshop.cluster.script.GRACE_S", 2)
    path = write(
        "import signal, subprocess, sys\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(99)'])\n"
        "print('child', child.pid)\n" + FOREVER
    )
    running = start_script(path)
    child = psutil.Process(int(running.wait_for("child", 30).split()[1]))
    running.wait_for("ready", 30)
    running.stop()
    assert running.returncode != 0
    assert not is_alive(child)
    running.stop()  # a second time does nothing


def test_kill_is_a_power_cut(write):
    source = "import atexit\natexit.register(print, 'goodbye')\n" + FOREVER
    running = start_script(write(source))
    running.wait_for("ready", 30)
    running.kill()
    assert "goodbye" not in running.output
    if sys.platform != "win32":
        assert running.returncode == -signal.SIGKILL


def test_a_thread_that_asks_does_not_take_the_status_away(write):
    for _ in range(5):
        running = start_script(write("print('begun')\nimport time\ntime.sleep(99)"))
        running.wait_for("begun", 30)
        ended = threading.Event()

        def ask(running=running, ended=ended):
            while not ended.wait(0.0005):
                assert running.returncode != 0

        asking = threading.Thread(target=ask)
        asking.start()
        running.stop()
        ended.set()
        asking.join()
        assert running.returncode not in (None, 0)
