"""What a benchmark measured on another machine."""

import json
import textwrap
from pathlib import Path

from workshop.messages import say

FILES = Path(__file__).parent / "files"
WIDTH = 68  # letters of a line that a narrow page does not break


def recorded_measurements(name: str) -> dict:
    """Give what a benchmark measured, with where and how.

    For a lesson whose package is missing: it shows these in the place of its own, and says so.

    Args:
        name: the benchmark, such as `"mobile"`.

    Returns:
        The tables of the benchmark by name, new dicts of what JSON holds; under `"how"` a
        sentence with the command that made them, the machine and the versions, in short lines.

    Raises:
        KeyError: nothing was recorded under this name.

    Example:
        >>> recorded_measurements("mobile")["how"].split(":")[0]
        'recorded by python benchmarks/mobile.py'
    """
    path = FILES / f"{name}.json"
    if not path.is_file():
        names = ", ".join(sorted(file.stem for file in FILES.glob("*.json")))
        fields = {"name": name, "names": names}
        raise KeyError(say("Nothing is recorded of {name!r}, only of {names}.", **fields))
    found = json.loads(path.read_text(encoding="utf-8"))
    about = {part: found.pop(part) for part in ("command", "machine")}
    how = say("recorded by {command}: {machine}", **about)
    how = textwrap.fill(how, WIDTH, break_on_hyphens=False, break_long_words=False)
    return {"how": how, **found}
