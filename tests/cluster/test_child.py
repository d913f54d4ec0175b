"""A script ends with the process that started it."""

import os
import signal
import subprocess
import sys

import psutil
import pytest
from processes import is_alive, until

FOREVER = "import time\nprint('ready')\nwhile True: time.sleep(0.1)\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
@pytest.mark.parametrize("then", ["", "running.suspend()", "running.suspend(); running.resume()"])
def test_a_script_ends_with_the_process_that_started_it(write, then):
    path = write(FOREVER)
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\nfrom workshop.cluster import start_script\n"
            "running = start_script(sys.argv[1])\nrunning.wait_for('ready', 30)\n"
            f"{then}\nprint(running.pid, flush=True)\ntime.sleep(99)",
            str(path),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    script = psutil.Process(int(parent.stdout.readline()))
    assert script.is_running()
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until(lambda: not is_alive(script), "the script outlived the process that started it")
