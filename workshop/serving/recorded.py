"""Results of lesson 11: measured here, or, where a package is missing, recorded elsewhere.

`recorded.json` was made by a run of the lesson, of which it is the last file:

    jupyter execute notebooks/11_serving.ipynb
    cp notebooks/runs/11/measured.json workshop/serving/recorded.json
"""

import json
import os
import platform
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workshop import machine
from workshop.messages import say

RECORDED = Path(__file__).with_name("recorded.json")
NEEDED = ("fastapi", "httptools", "locust", "orjson", "uvicorn")


class Results:
    """What a lesson measures, by name, kept in a file; what it can't measure was recorded.

    Attributes:
        missing: the packages that servers and clients need and that are not installed.
    """

    def __init__(self, file: str | os.PathLike):
        """Look for what is needed; where something is missing, print the line that brings it.

        Args:
            file: where the results are kept, as JSON.
        """
        self.missing = [name for name in NEEDED if find_spec(name) is None]
        self._file = Path(file)
        self._results = {
            "machine": say(
                "{cores} cores, {system}, Python {python}",
                cores=machine.cores(),
                system=platform.system(),
                python=platform.python_version(),
            )
        }
        if self.missing:
            self._results = json.loads(RECORDED.read_text(encoding="utf-8"))
            names = ", ".join(self.missing)
            print(say("Missing: {names}. Bring it: python3 start.py --with serving", names=names))

    def take(self, name: str, measure: Callable[[], Any]) -> Any:
        """Measure, and keep the result; where something is missing, give the recorded one.

        Args:
            name: of the result.
            measure: called without arguments where nothing is missing; gives what JSON can hold.

        Returns:
            The result, as JSON gives it back.
        """
        if self.missing:
            print(say("(recorded on another machine: {machine})", machine=self._results["machine"]))
        else:
            self._results[name] = measure()
            text = json.dumps(self._results, indent=1)
            self._results = json.loads(text)
            self._file.write_text(text + "\n", encoding="utf-8")
        return self._results[name]
