"""The versions of a model: a folder that is watched, and the newest of it that can be served."""

import contextlib
import re
import time
from pathlib import Path

from workshop.messages import say
from workshop.serving.model import Refused, Signature, load

POLL_S, TRY_AGAIN_S = 1.0, 10.0
PARTS = "saved_model.pb", "variables/variables.index"


class Versions:
    """What is served of a folder with the versions 1/, 2/, ... of a model."""

    def __init__(self, name: str, folder: Path):
        """Look at the folder a first time; nothing is loaded before the second look."""
        self._name, self._folder = name, folder
        self._served: dict[int, dict[str, Signature]] = {}
        self._states: dict[int, dict] = {}
        self._seen: dict[int, tuple[dict, float]] = {}  # files, and when to try them again
        self.poll()

    def find(self, name: str, number: int | None) -> tuple[int, dict[str, Signature]]:
        """Give the signatures of a version that is served; without a number of the newest."""
        served = self._served if name == self._name else {}
        chosen = max(served, default=-1) if number is None else number
        if chosen not in served:
            which = f"Latest({name})" if number is None else f"Specific({name}, {number})"
            raise Refused(404, f"Servable not found for request: {which}")
        return chosen, served[chosen]

    def status(self, name: str, number: int | None) -> list[dict]:
        """Give the states of all versions, or of one, the newest first."""
        states = self._states if name == self._name else {}
        chosen = [states[one] for one in sorted(states, reverse=True) if number in (None, one)]
        if not chosen:
            what = "any versions" if number is None else f"version {number}"
            raise Refused(404, f"Could not find {what} of model {name}")
        return chosen

    def watch(self) -> None:
        """Look at the folder each second."""
        while True:
            time.sleep(POLL_S)
            with contextlib.suppress(OSError):  # a file went meanwhile: look again later
                self.poll()

    def poll(self) -> None:
        """Serve the newest version that is complete; the old one goes when the new one is there."""
        found = [p for p in self._folder.glob("*") if re.fullmatch("[0-9]{1,18}", p.name)]
        for folder in sorted(found, key=lambda path: int(path.name), reverse=True):
            if int(folder.name) in self._served or self._serve(int(folder.name), folder):
                break

    def _serve(self, number: int, folder: Path) -> bool:
        """Load a version whose files are as they were at the last look; tell whether it serves."""
        stats = ((path, path.stat()) for path in folder.rglob("*"))
        files = {path: (stat.st_size, stat.st_mtime_ns) for path, stat in stats}
        before, again = self._seen.get(number, ({}, 0.0))
        self._seen[number] = files, again if files == before else 0.0
        if files != before or time.monotonic() < again:
            return False
        try:
            for part in PARTS:
                if not (folder / part).is_file():
                    raise FileNotFoundError(say("{part} is missing", part=part))
            version = load(folder)  # TensorFlow holds each weight to its checksum
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the old one serves on
            self._seen[number] = files, time.monotonic() + TRY_AGAIN_S
            self._tell(number, "START", " ".join(str(error).split())[:300])
            return False
        old, self._served = self._served, {number: version}
        self._tell(number, "AVAILABLE")
        for one in old:
            self._tell(one, "END")
        return True

    def _tell(self, number: int, state: str, why: str = "") -> None:
        status = {"error_code": "FAILED_PRECONDITION" if why else "OK", "error_message": why}
        told = {"version": str(number), "state": state, "status": status}
        if self._states.get(number) != told:
            print(say("Version {n}: {state} {why}", n=number, state=state, why=why), flush=True)
        self._states = self._states | {number: told}
