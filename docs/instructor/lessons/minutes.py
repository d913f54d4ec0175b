"""Write the minutes of each section into the pages for instructors.

    python docs/instructor/lessons/minutes.py

computes the table under `## Minutes` of each page from its lesson. The rule is the one of the
lessons' openings: 160 words per minute, 45 seconds for a cell of code, a minute for a guess, seven
for an exercise and fifteen for the last one, two for the machine.
`tests/test_instructor_pages.py` compares pages and lessons.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from workshop.course import lessons

PAGES = Path(__file__).parent
TABLE = re.compile(r"(?<=^## Minutes\n)\|.*\n(?:\|.*\n)+", re.M)
WELCOME = "00_welcome"  # its only exercise is a sum


@dataclass
class Section:
    """Part of a lesson: its heading, the minutes to read and run it, those of each exercise."""

    title: str
    reading: float = 0.0
    exercises: dict[str, int] = field(default_factory=dict)


def sections(lesson: Path) -> list[Section]:
    """Split a lesson at its `##` headings, and count the minutes of each part."""
    numbers = lessons.exercises(lesson)
    found = [Section("Opening", reading=2)]
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


def table(lesson: Path) -> str:
    """Write the table of a lesson; its rows add up to the last one."""
    rows = ["| section | read and run | exercises |", "| --- | --- | --- |"]
    before, exercises = 0.0, 0
    for section in sections(lesson):
        after = before + section.reading
        named = ", ".join(f"{number}: {minutes}" for number, minutes in section.exercises.items())
        rows.append(f"| {section.title} | {round(after) - round(before)} | {named} |")
        before = after
        exercises += sum(section.exercises.values())
    whole = f"**{round(before) + exercises} minutes in all**"
    rows.append(f"| {whole} | {round(before)} | {exercises} |")
    return "\n".join(rows) + "\n"


def pages() -> dict[Path, Path]:
    """Pair the page of each lesson with the lesson."""
    return {PAGES / f"{lesson.stem}.md": lesson for lesson in lessons.paths()}


def main() -> None:
    """Bring the tables of all pages up to date."""
    for page, lesson in pages().items():
        text = page.read_text(encoding="utf-8")
        new, tables = TABLE.subn(lambda _, lesson=lesson: table(lesson), text)
        if tables != 1:
            raise SystemExit(f"{page} needs one table under '## Minutes', and has {tables}.")
        if new != text:
            page.write_text(new, encoding="utf-8")
            print("written:", page.name)


if __name__ == "__main__":
    main()
