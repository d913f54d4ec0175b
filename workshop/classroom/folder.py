"""A class without a service: a folder into which the learners' progress files are copied."""

import json
from pathlib import Path

from workshop.classroom.roster import BadRecord, Roster

LARGEST = 200_000  # bytes of a record


def read_into(roster: Roster, folder: Path) -> dict[str, str]:
    """Read the files of a folder, and forget the learners whose file is gone.

    A file is named as its learner: `ada.json`; or it is `ada/progress.json`, or
    `ada/.workshop/progress.json`, as in a folder for each learner.

    Args:
        roster: the class.
        folder: where the files are.

    Returns:
        For each file that could not be read, the reason.
    """
    problems, found = {}, set()
    for path in [*folder.glob("*.json"), *folder.glob("*/progress.json"), *_hidden(folder)]:
        name = path.relative_to(folder).parts[0].removesuffix(".json")[:40]
        try:
            if path.stat().st_size > LARGEST:
                raise BadRecord(f"{path.stat().st_size} > {LARGEST} B")
            roster.take(name, json.loads(path.read_bytes()))
        except (OSError, ValueError, RecursionError) as error:
            problems[str(path.relative_to(folder))] = str(error)
        else:
            found.add(name)
    for name in set(roster.learners) - found:
        roster.drop(name)
    return problems


def _hidden(folder: Path) -> list[Path]:
    return list(folder.glob("*/.workshop/progress.json"))
