"""In the kernel of a lesson under test: an exercise proven unsolved, then solved, then taken back.

After its check has passed, all that the answer did is undone: names have the placeholder's values
again, files that it wrote are gone. So the cells below run as they do for a learner who left the
exercise out, and fail where they need the answer. What the answer changed in place can't be
undone, and fails at once.
"""

import collections
import os
import pathlib
import sys
import zlib

import numpy as np

STRICT = "WORKSHOP_STRICT"
NOT_THE_LEARNERS = {"In", "Out", "exit", "quit", "get_ipython", "open"}
CONTAINERS = (list, tuple, set, frozenset, collections.deque)


class Leaf:
    """The state of the lesson around its exercises."""

    def __init__(self, names: dict):
        """Take the kernel's names, which stay its own; files count in the folder of the kernel."""
        self._names, self._folder = names, pathlib.Path.cwd()
        self._kept = []  # answers stay in memory, as a learner's do

    def exercise(self) -> None:
        """Let the next check say what it finds, and not raise."""
        os.environ[STRICT] = "0"

    def left_out(self, number: str, outcome: object) -> None:
        """Hold that the placeholder was not attempted, and remember the state before the answer."""
        assert (outcome.exercise, outcome.status) == (number, "not attempted"), outcome
        os.environ[STRICT] = "1"
        self._before = self._learners()
        self._digests = {name: digest(value) for name, value in self._before.items()}
        self._files = self._stamps()

    def take_back(self, below: list[str]) -> None:
        """Undo what the answer did; raise where it changed a file or what the cells below use."""
        answers = self._learners()
        self._kept.append(answers)
        changed = [
            name
            for name, was in self._digests.items()
            if name in below and digest(self._before[name]) != was
        ]
        files = self._stamps()
        changed += [str(path) for path, was in self._files.items() if files.get(path) != was]
        assert not changed, f"the answer changes what is the lesson's: {', '.join(changed)}"
        for name in answers.keys() - self._before.keys():
            del self._names[name]
        self._names.update(self._before)
        for path in sorted(files.keys() - self._files.keys(), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

    def _learners(self):
        return {
            name: value
            for name, value in self._names.items()
            if not name.startswith("_") and name not in NOT_THE_LEARNERS
        }

    def _stamps(self):
        """Size and time of each file, and nothing of a folder but that it is there."""
        stamps = {}
        for path in self._folder.rglob("*"):
            state = path.stat()
            stamps[path] = None if path.is_dir() else (state.st_size, state.st_mtime_ns)
        return stamps


def digest(value: object, depth: int = 8) -> object:
    """What a value holds, in a form that keeps none of it; of what can't change, its identity."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        flat = np.ascontiguousarray(value).reshape(-1).view(np.uint8)
        return value.shape, str(value.dtype), zlib.crc32(flat)
    if isinstance(value, bytearray):
        return bytes(value)
    parts = parts_of(value) if depth else None
    return id(value) if parts is None else [digest(part, depth - 1) for part in parts]


def parts_of(value: object) -> list | None:
    """What a value is made of and may change; None where it is one piece."""
    if isinstance(value, dict):
        return [part for key, each in value.items() for part in (key, each)]
    if isinstance(value, CONTAINERS):
        return list(value)
    if isinstance(value, np.ndarray):
        return value.ravel().tolist()
    if (arrays := arrays_of(value)) is not None:
        return arrays
    if type(value).__module__ == "__main__" and hasattr(value, "__dict__"):
        return parts_of(vars(value))
    return None


def arrays_of(value: object) -> list | None:
    """The numbers of a TensorFlow or Keras object that holds some; None of others."""
    keras, tf = sys.modules.get("keras"), sys.modules.get("tensorflow")
    if keras and isinstance(value, keras.Layer):
        return [np.asarray(weight) for weight in value.weights]
    if keras and isinstance(value, keras.optimizers.Optimizer):
        return [np.asarray(variable) for variable in value.variables]
    if (keras and isinstance(value, keras.Variable)) or (tf and isinstance(value, tf.Variable)):
        return [np.asarray(value)]
    return None
