"""The versions of a model: a folder that is watched, and the newest one of it that is complete."""

import math
import re
import time
from pathlib import Path

from workshop.messages import say
from workshop.serving.model import Refused, Version

POLL_S, TRY_AGAIN_S = 1.0, 10.0


class Versions:
    """What is served of a folder with the versions 1/, 2/, ... of a model."""

    def __init__(self, name: str, folder: Path):
        """Look at the folder a first time; nothing is loaded before the second look."""
        self._name, self._folder = name, folder
        self._served: dict[int, Version] = {}
        self._states: dict[int, tuple[str, str]] = {}
        self._seen: dict[int, dict] = {}
        self._not_before: dict[int, float] = {}
        self.poll()

    def find(self, name: str, number: int | None) -> tuple[int, Version]:
        """Give a version that is served; without a number the newest."""
        served = self._served if name == self._name else {}
        chosen = max(served, default=-1) if number is None else number
        if chosen not in served:
            which = f"Latest({name})" if number is None else f"Specific({name}, {number})"
            raise Refused(404, f"Servable not found for request: {which}")
        return chosen, served[chosen]

    def status(self, name: str, number: int | None) -> dict:
        """Give the states of all versions, or of one, as TensorFlow Serving tells them."""
        states = self._states if name == self._name else {}
        chosen = [one for one in sorted(states, reverse=True) if number in (None, one)]
        if not chosen:
            what = "any versions" if number is None else f"version {number}"
            raise Refused(404, f"Could not find {what} of model {name}")
        told = []
        for one in chosen:
            state, why = states[one]
            status = {"error_code": "FAILED_PRECONDITION" if why else "OK", "error_message": why}
            told.append({"version": str(one), "state": state, "status": status})
        return {"model_version_status": told}

    def watch(self) -> None:
        """Look at the folder each second."""
        while True:
            time.sleep(POLL_S)
            self.poll()

    def poll(self) -> None:
        """Serve the newest version that is complete; one that is served goes when it is there."""
        there = {
            int(p.name): p for p in self._folder.glob("*") if re.fullmatch("[0-9]{1,18}", p.name)
        }
        for number in sorted(there, reverse=True):
            if number in self._served or self._serve(number, there[number]):
                break

    def _serve(self, number: int, folder: Path) -> bool:
        """Load a version whose files are as they were a second ago; tell whether it is served."""
        before, files = self._seen.get(number), _files(folder)
        self._seen[number] = files
        if files != before:
            self._not_before.pop(number, None)
        if files != before or time.monotonic() < self._not_before.get(number, 0):
            return False
        try:
            check_complete(folder)
            self._tell(number, "LOADING")
            version = Version(folder)
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the old one serves on
            self._not_before[number] = time.monotonic() + TRY_AGAIN_S
            self._tell(number, "START", str(error))
            return False
        old, self._served = self._served, {number: version}
        self._tell(number, "AVAILABLE")
        for one in old:
            self._tell(one, "END")
        return True

    def _tell(self, number: int, state: str, why: str = "") -> None:
        if self._states.get(number) != (state, why):
            print(self._name, number, state, why, flush=True)
        self._states = self._states | {number: (state, why)}


def check_complete(folder: Path) -> None:
    """Raise where a SavedModel lacks a file, or its weights are shorter than its index says."""
    import tensorflow as tf

    prefix = folder / "variables" / "variables"
    for path in (folder / "saved_model.pb", prefix.with_suffix(".index")):
        if not path.is_file():
            raise FileNotFoundError(say("{file} is missing", file=path.relative_to(folder)))
    reader = tf.train.load_checkpoint(str(prefix))
    kinds, shapes = reader.get_variable_to_dtype_map(), reader.get_variable_to_shape_map()
    least = sum(math.prod(shapes[k]) * kinds[k].size for k in shapes if kinds[k] != tf.string)
    size = sum(path.stat().st_size for path in prefix.parent.glob("variables.data-*"))
    if size < least:
        said = {"size": size, "least": least}
        raise ValueError(say("the variables have {size} bytes of at least {least}", **said))


def _files(folder: Path) -> dict[Path, tuple[int, int]]:
    abouts = {path: path.stat() for path in folder.rglob("*")}
    return {path: (about.st_size, about.st_mtime_ns) for path, about in abouts.items()}
