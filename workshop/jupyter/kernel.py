"""Loaded by every kernel of the environment at its start: settings of its own, ipykernel mended.

What another course left in the environment would change lessons or break them; it is set aside
before anybody imports TensorFlow, Keras or matplotlib. Scripts that a lesson starts inherit that.

In ipykernel 7.1 to 7.3 replies are sent on the socket behind the back of the stream that reads
requests from it. A request that arrives at that moment is never seen, nor any after it: cells stay
at `[*]` while the kernel is idle. With the stream in the socket's place replies go through the
stream, which is how ipykernel 7.4.0 mends it.
"""

import os
import sys
import warnings
from pathlib import Path
from threading import Thread

from workshop.course import CourseNotFound, course_folder
from workshop.jupyter import environment, figures, imports, outdated
from workshop.update import bases

# As in start.py, for whoever starts the kernel in another way.
CARD = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "NVIDIA_TF32_OVERRIDE": "0"}
# TensorFlow's builds for x86 have oneDNN, and use it of themselves on processors with VNNI only. On
# others, too, convolutions then take a third of the time.
PROCESSOR = {"TF_ENABLE_ONEDNN_OPTS": "1"}
QUIET = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


def load_ipython_extension(shell) -> None:
    """Set what TensorFlow reads before it starts; let the stream that reads requests also reply.

    Args:
        shell: the kernel's `ipykernel.zmqshell.ZMQInteractiveShell`.
    """
    before_tensorflow()
    imports.look_for_garbage_later(shell)
    figures.install(shell)
    outdated.install(shell)
    _draw_inline(shell)
    Thread(target=bases.keep, daemon=True).start()  # it reads all lessons, once an edition
    if thread := getattr(shell.kernel, "shell_channel_thread", None):  # ipykernel 6 has none
        socket = shell.kernel.shell_stream
        thread.manager._shell_socket = socket  # noqa: SLF001 - there is no public way


def before_tensorflow() -> None:
    """Set what TensorFlow, Keras and matplotlib read while they are imported, in this process."""
    for name, value in (CARD | PROCESSOR | _from_a_stick()).items():
        os.environ.setdefault(name, value)
    foreign = [Path(entry).absolute() for entry in environment.shadows(os.environ)]
    sys.path[:] = [entry for entry in sys.path if not entry or Path(entry) not in foreign]
    if "error" in os.environ.get("PYTHONWARNINGS", ""):
        _warn_as_python_does()
    environment.mend(os.environ)
    imports.leave_out()


def _warn_as_python_does() -> None:
    """A warning would end a cell; Keras gives some that are for its developers."""
    warnings.resetwarnings()
    for category in QUIET:
        warnings.simplefilter("ignore", category)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")


def _draw_inline(shell) -> None:
    """Before the first cell undo what a profile or a file in the working folder did to matplotlib.

    Either loads it, or its settings, before or after this extension and whatever MPLBACKEND says.
    """
    if Path("matplotlibrc").exists():
        import matplotlib  # noqa: F401 - now, so that its settings can be undone

    def before_the_first_cell(*_) -> None:
        shell.events.unregister("pre_run_cell", before_the_first_cell)
        if matplotlib := sys.modules.get("matplotlib"):
            matplotlib.rcdefaults()
            matplotlib.rc_file(environment.LOOK)
            shell.enable_matplotlib("inline")

    shell.events.register("pre_run_cell", before_the_first_cell)


def _from_a_stick() -> dict[str, str]:
    """Find the MNIST that came with the course on a stick, as start.py does."""
    try:
        folder = course_folder() / "mnist"
    except CourseNotFound:
        return {}
    found = any(next(folder.glob(name), None) for name in ("train-images-idx3-ubyte*", "mnist.npz"))
    return {"WORKSHOP_DATA": str(folder)} if found else {}
