"""Ends a frozen script when the notebook's kernel ends.

`python -m workshop.cluster.guard PROCESS` waits beside a script that was frozen: that can't watch
its own parent (see watched.py). Standard input is a pipe whose other end the notebook holds; when
it closes, the script and what it started are killed. The guard ends with the script.
"""

import contextlib
import sys
import threading

import psutil


def kill_with_parent(process: psutil.Process) -> None:
    """Wait for the other end of standard input to close, then kill a process and its children."""
    sys.stdin.read()
    with contextlib.suppress(psutil.NoSuchProcess):
        for one in [*process.children(recursive=True), process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()


def main() -> None:
    """Guard the process whose number the first argument is."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(int(sys.argv[1]))
        threading.Thread(target=kill_with_parent, args=(process,), daemon=True).start()
        process.wait()


if __name__ == "__main__":
    main()
