"""The versions of a model: a folder that is watched, and what of it is served."""

import math
import re
import threading
from pathlib import Path

from workshop.messages import say
from workshop.serving.model import Refused, Version

POLL_S = 1.0
TRY_AGAIN = 10  # polls after a version that could not be loaded
NOT_READY = Exception


class Versions:
    """What is served of a folder with versions 1/, 2/, ...: the newest that is complete."""

    def __init__(self, name: str, folder: Path):
        """Look at the folder once; nothing is loaded before the second look."""
        self.name, self.folder = name, folder
        self.states: dict[int, tuple[str, str]] = {}
        self._served: dict[int, Version] = {}
        self._seen: dict[int, dict] = {}
        self._failed: dict[int, int] = {}
        self.poll()

    def find(self, name: str, number: int | None) -> tuple[int, Version]:
        """Give a version that is served, the newest without a number."""
        served = self._served
        number_ = max(served, default=None) if number is None else number
        if name != self.name or number_ not in served:
            which = f"Latest({name})" if number is None else f"Specific({name}, {number})"
            raise Refused(404, f"Servable not found for request: {which}")
        return number_, served[number_]

    def status(self, name: str, number: int | None) -> dict:
        """Give the states of all versions, or of one."""
        chosen = [one for one in sorted(self.states) if number in (None, one)]
        if name != self.name or not chosen:
            what = f"version {number}" if number is not None else "any versions"
            raise Refused(404, f"Could not find {what} of model {name}")
        return {"model_version_status": [self._state(one) for one in chosen]}

    def _state(self, number: int) -> dict:
        state, message = self.states[number]
        code = "UNKNOWN" if message and state == "END" else "OK"
        status = {"error_code": code, "error_message": message}
        return {"version": str(number), "state": state, "status": status}

    def watch(self) -> None:
        """Look at the folder each second, in a thread of its own."""

        def watch() -> None:
            while not threading.Event().wait(POLL_S):
                self.poll()

        threading.Thread(target=watch, daemon=True).start()

    def poll(self) -> None:
        """Serve the newest version whose folder is complete and has not changed since last time."""
        try:
            folders = [
                one for one in self.folder.iterdir() if re.fullmatch("[0-9]{1,18}", one.name)
            ]
        except OSError:
            return
        there = {int(one.name): one for one in folders}
        for number in sorted(there, reverse=True):
            if number in self._served or self._serve(number, there[number]):
                break

    def _serve(self, number: int, folder: Path) -> bool:
        files, before = _files(folder), self._seen.get(number)
        self._seen[number] = files
        self._failed[number] = self._failed.get(number, 0) - 1 if files == before else 0
        if files != before or self._failed[number] > 0:
            return False
        try:
            _hold(folder)
            self.states[number] = ("LOADING", "")
            version = Version(folder)
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the old version serves on
            self._failed[number] = TRY_AGAIN
            self.states[number] = ("END", str(error))
            print(
                say(
                    "{name} {number} can't be served yet: {why}",
                    name=self.name,
                    number=number,
                    why=error,
                ),
                flush=True,
            )
            return False
        old = self._served
        self._served = {number: version}
        self.states |= {one: ("END", "") for one in old} | {number: ("AVAILABLE", "")}
        print(say("{name} {number} is served", name=self.name, number=number), flush=True)
        return True


def _files(folder: Path) -> dict:
    found = {}
    for path in folder.rglob("*"):
        try:
            about = path.stat()
        except OSError:
            continue
        found[path] = about.st_size, about.st_mtime_ns
    return found


def _hold(folder: Path) -> None:
    """Refuse a folder that is not complete: its files, and the size of its weights."""
    import tensorflow as tf

    prefix = folder / "variables" / "variables"
    for path in (folder / "saved_model.pb", prefix.with_suffix(".index")):
        if not path.is_file():
            raise FileNotFoundError(say("{path} is missing", path=path.relative_to(folder.parent)))
    reader = tf.train.load_checkpoint(str(prefix))
    kinds = reader.get_variable_to_dtype_map()
    least = sum(
        math.prod(shape) * kinds[name].size
        for name, shape in reader.get_variable_to_shape_map().items()
    )
    size = sum(path.stat().st_size for path in prefix.parent.glob("variables.data-*"))
    if size < least:
        raise ValueError(say("its weights have {size} of {least} bytes", size=size, least=least))
