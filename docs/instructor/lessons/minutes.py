"""Write into the pages for instructors what is counted, measured or kept elsewhere.

    python docs/instructor/lessons/minutes.py

computes the table under `## Minutes` of each page from its lesson. The rule is the one of the
lessons' openings: 160 words per minute, 45 seconds for a cell of code, a minute for a guess, seven
for an exercise and fifteen for the last one, two for the machine. It also writes the difficulty of
each exercise (`workshop/checks/difficulty.py`) into the pages and into the README's table, and the
seconds that the cells of each section run, from `seconds.json`.

    workshop book --sample 02 03
    python docs/instructor/lessons/minutes.py --ran .workshop/book --data sample --machine "2 cores"

reads these seconds from the lessons that `workshop book` has run, into `seconds.json`.
`tests/test_instructor_pages.py` compares pages and lessons.
"""

import argparse
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nbformat

from workshop.checks.difficulty import DIFFICULTY
from workshop.course import lessons

PAGES = Path(__file__).parent
SECONDS = PAGES / "seconds.json"
TABLE = re.compile(r"(?<=^## Minutes\n)\|.*\n(?:\|.*\n)+", re.MULTILINE)
LEVEL = re.compile(r"^(\| (\d+[a-d]?-\d+) \| )\d( \|)", re.MULTILINE)
INDEX = re.compile(r"^\| lesson \| page \|.*\n(?:\|.*\n)+", re.MULTILINE)
WELCOME = "00_welcome"  # its only exercise is a sum
OPENING = "Opening"


@dataclass
class Section:
    """Part of a lesson: its heading, the minutes to read and run it, those of each exercise."""

    title: str
    reading: float = 0.0
    exercises: dict[str, int] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """Its number, or its title where it has none."""
        number = self.title.partition(" ")[0]
        return number if number.isdigit() else self.title


def sections(lesson: Path) -> list[Section]:
    """Split a lesson at its `##` headings, and count the minutes of each part."""
    numbers = lessons.exercises(lesson)
    found = [Section(OPENING, reading=2)]
    for cell in lessons.read(lesson).cells:
        if cell.cell_type == "code":
            found[-1].reading += 0.75
            if number := lessons.exercise_number(cell):
                found[-1].exercises[number] = _minutes_of(number, numbers, lesson)
            continue
        guessed = False
        for line in cell.source.splitlines():
            if line.startswith("## "):
                found.append(Section(line.removeprefix("## ")))
            found[-1].reading += len(line.split()) / 160
            if "your guess" in line.lower() and not guessed:
                guessed = True
                found[-1].reading += 1
    return found


def _minutes_of(number: str, numbers: list[str], lesson: Path) -> int:
    if lesson.stem == WELCOME:
        return 5
    return 15 if number == numbers[-1] else 7


def measured() -> dict[str, dict]:
    """Give of each lesson the seconds of its sections, and where, when and on what they ran."""
    return json.loads(SECONDS.read_text(encoding="utf-8")) if SECONDS.is_file() else {}


def table(lesson: Path, seconds: dict[str, float]) -> str:
    """Write the table of a lesson; its rows add up to the last one."""
    rows = ["| section | read and run | cells run for | exercises |", "| --- | --- | --- | --- |"]
    before, run, exercises = 0.0, 0, 0
    for section in sections(lesson):
        after = before + section.reading
        named = ", ".join(f"{number}: {minutes}" for number, minutes in section.exercises.items())
        took = round(seconds[section.mark])
        ran = f"{took or '<1'} s" if seconds[section.mark] else ""
        rows.append(f"| {section.title} | {round(after) - round(before)} | {ran} | {named} |")
        before = after
        run += took
        exercises += sum(section.exercises.values())
    whole = f"**{round(before) + exercises} minutes in all**"
    rows.append(f"| {whole} | {round(before)} | {run} s | {exercises} |")
    return "\n".join(rows) + "\n"


def index() -> str:
    """Write the README's table: each lesson's page, and its exercises by difficulty."""
    rows = ["| lesson | page | 1 | 2 | 3 |", "| --- | --- | --- | --- | --- |"]
    for lesson in lessons.paths():
        number, _, title = lessons.read(lesson).cells[0].source.splitlines()[0][2:].partition(" ")
        own = lessons.exercises(lesson)
        levels = [", ".join(one for one in own if DIFFICULTY[one] == level) for level in (1, 2, 3)]
        rows.append(f"| {number} | [{title}]({lesson.stem}.md) | {' | '.join(levels)} |")
    return "\n".join(rows) + "\n"


def page_of(text: str, lesson: Path, seconds: dict[str, float]) -> str:
    """Give a page with the tables of today."""
    new, tables = TABLE.subn(lambda _: table(lesson, seconds), text)
    if tables != 1:
        raise SystemExit(
            f"The page of {lesson.stem} needs one table under '## Minutes', and has {tables}."
        )
    return LEVEL.sub(lambda row: f"{row[1]}{DIFFICULTY[row[2]]}{row[3]}", new)


def pages() -> dict[Path, Path]:
    """Pair the page of each lesson with the lesson."""
    return {PAGES / f"{lesson.stem}.md": lesson for lesson in lessons.paths()}


def seconds_of(executed: nbformat.NotebookNode) -> dict[str, float]:
    """Add up how long the cells of each section ran, as an executed lesson tells."""
    section = Section(OPENING)
    found = {section.mark: 0.0}
    for cell in executed.cells:
        if cell.cell_type == "code":
            found[section.mark] += _took(cell)
            continue
        for line in cell.source.splitlines():
            if line.startswith("## "):
                section = Section(line.removeprefix("## "))
                found[section.mark] = 0.0
    return {mark: round(seconds, 1) for mark, seconds in found.items()}


def _took(cell: nbformat.NotebookNode) -> float:
    if not cell.source.strip():
        return 0.0
    times = cell.metadata.get("execution", {})
    try:
        begin, end = times["iopub.execute_input"], times["shell.execute_reply"]
    except KeyError:
        raise SystemExit(
            f"Cell {cell.id} has no times: it was not run by 'workshop book'."
        ) from None
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


def measure(folder: Path, data: str, machine: str) -> dict:
    """Read the seconds of those lessons that `workshop book` has run and keeps in a folder."""
    found = {}
    for lesson in lessons.paths():
        copies = list(folder.glob(f"{lesson.stem}-*.ipynb"))
        if len(copies) > 1:
            raise SystemExit(f"{folder} has {len(copies)} copies of {lesson.stem}. Keep one.")
        for copy in copies:
            executed = nbformat.read(copy, as_version=4)
            seconds = seconds_of(executed)
            first = next(cell for cell in executed.cells if cell.cell_type == "code")
            day = first.metadata.execution["iopub.execute_input"][:10]
            run = {"machine": machine, "data": data, "date": day, "seconds": seconds}
            found[lesson.stem] = run
    if not found:
        raise SystemExit(f"No executed lesson is in {folder}. Run: workshop book --sample")
    return found


def main() -> None:
    """Bring all tables up to date."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--ran", type=Path, metavar="FOLDER", help="with executed lessons")
    parser.add_argument("--data", choices=["full", "sample"], help="what they ran on")
    parser.add_argument("--machine", help="where they ran, such as '2 cores, otherwise idle'")
    given = parser.parse_args()
    if given.ran:
        if not (given.data and given.machine):
            parser.error("--ran needs --data and --machine: the pages name both")
        runs = measured() | measure(given.ran, given.data, given.machine)
        runs = {lesson.stem: runs[lesson.stem] for lesson in lessons.paths() if lesson.stem in runs}
        SECONDS.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    runs = measured()
    for page, lesson in pages().items():
        if lesson.stem not in runs:
            raise SystemExit(
                f"seconds.json lacks {lesson.stem}. Run it by 'workshop book', then --ran."
            )
        text = page.read_text(encoding="utf-8")
        if (new := page_of(text, lesson, runs[lesson.stem]["seconds"])) != text:
            page.write_text(new, encoding="utf-8")
            print("written:", page.name)
    readme = PAGES / "README.md"
    text = readme.read_text(encoding="utf-8")
    if (new := INDEX.sub(lambda _: index(), text)) != text:
        readme.write_text(new, encoding="utf-8")
        print("written:", readme.name)


if __name__ == "__main__":
    main()
