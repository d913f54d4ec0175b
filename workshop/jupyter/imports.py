"""What libraries import for a case that doesn't arise here, left out: each process starts faster.

TensorFlow and Keras look whether JAX and SciPy are there, for models that somebody else made with
them. So `import tensorflow` brings both: a fifth of its time, 0.12 GB. Jupyter's server makes the
parser of a grammar while it starts, to know one kind of address: half of its time. Who asks for one
of these later gets it: a lesson that imports JAX has JAX.
"""

import gc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

# The library, and the files whose wish for it is declined; each goes on without it.
DECLINED = {
    "jax": ("tensorflow/lite/python/util.py", "keras/src/callbacks/orbax_checkpoint.py"),
    "scipy": ("tensorflow/python/keras/engine/",),
    "rfc3987_syntax": ("jsonschema/_format.py",),
}


class _Decliner:
    """Stands before the finders of Python; it finds nothing, and sometimes says so at once."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        for file in DECLINED.get(name, ()):
            if file in _who_asks():
                raise ModuleNotFoundError(f"{name} is not needed here", name=name)
        return None


def leave_out() -> None:
    """Decline these imports from now on, in this process.

    Example:
        >>> before = list(sys.meta_path)
        >>> leave_out()
        >>> leave_out()  # once is enough
        >>> [type(finder).__name__ for finder in sys.meta_path].count("_Decliner")
        1
        >>> sys.meta_path[:] = before
    """
    if not any(isinstance(finder, _Decliner) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Decliner())


def look_for_garbage_later(shell) -> None:
    """Keep Python from looking for garbage amid TensorFlow's imports, and at them ever after.

    They make a million objects that all stay. To look through them time and again takes a third of
    the seconds of the import, and some of each figure that is drawn later.

    Args:
        shell: an `IPython.core.interactiveshell.InteractiveShell`.
    """
    usual = gc.get_threshold()
    gc.set_threshold(100 * usual[0], *usual[1:])

    def once_it_is_there(*_) -> None:
        if "tensorflow" in sys.modules:
            shell.events.unregister("post_run_cell", once_it_is_there)
            gc.freeze()
            gc.set_threshold(*usual)

    shell.events.register("post_run_cell", once_it_is_there)


def _who_asks() -> str:
    """Name the file of the import statement."""
    frame = sys._getframe(2)  # noqa: SLF001 - Python's own way
    while frame and "importlib" in frame.f_code.co_filename:
        frame = frame.f_back
    return frame.f_code.co_filename.replace("\\", "/") if frame else ""
