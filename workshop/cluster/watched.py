"""What a started process runs: the learner's script, and a watch on the one who started it.

`python -m workshop.cluster.watched SCRIPT ARGUMENTS` runs the script as `python SCRIPT ARGUMENTS`
would. Its standard input is a pipe whose other end the notebook holds. When the notebook's kernel
ends, in whatever way, the pipe closes and this process ends too.
"""

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


def main() -> None:
    """Run the script that the first argument names."""
    threading.Thread(target=leave_with_parent, daemon=True).start()
    del sys.argv[0]
    script = sys.argv[0]
    sys.path[0] = str(Path(script).resolve().parent)
    tell_errors_of(script)
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
