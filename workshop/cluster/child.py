"""What runs beside the notebook, and ends with its kernel, in whatever way that ends.

`python -m workshop.cluster.child SCRIPT ARGUMENTS` runs the script as `python SCRIPT ARGUMENTS`
would. `python -m workshop.cluster.child --guard PROCESS` waits beside a script that was frozen and
can't see by itself that the kernel has ended. The standard input of both is a pipe whose other end
the notebook holds: when it closes, the script ends, and what it started.
"""

import contextlib
import os
import runpy
import sys
import threading
from pathlib import Path
from types import TracebackType

PARENT_IS_GONE = 143  # as after SIGTERM


def leave_with_parent() -> None:
    """Wait for the other end of standard input to close, then end this process at once."""
    while os.read(0, 4096):
        pass
    os._exit(PARENT_IS_GONE)


def tell_errors_of(script: str) -> None:
    """Let tracebacks begin in the script, without our frames and those of runpy above it."""

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        while trace and trace.tb_frame.f_code.co_filename != script:
            trace = trace.tb_next
        sys.__excepthook__(kind, error.with_traceback(trace), trace)

    sys.excepthook = tell


def run() -> None:
    """Run the script that the first argument names."""
    threading.Thread(target=leave_with_parent, daemon=True).start()
    del sys.argv[0]
    script = sys.argv[0]
    sys.path[0] = str(Path(script).resolve().parent)
    tell_errors_of(script)
    runpy.run_path(script, run_name="__main__")


def guard(number: int) -> None:
    """Wait for a process to end; kill it and its children when the notebook's kernel ends."""
    import psutil

    def kill_with_parent() -> None:
        sys.stdin.read()
        with contextlib.suppress(psutil.NoSuchProcess):
            for one in [*process.children(recursive=True), process]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()

    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(number)
        threading.Thread(target=kill_with_parent, daemon=True).start()
        process.wait()


if __name__ == "__main__":
    if sys.argv[1] == "--guard":
        guard(int(sys.argv[2]))
    else:
        run()
