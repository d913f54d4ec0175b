"""The pages for instructors say of each lesson what is true of it today."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest

from workshop.course import lessons

PAGES = Path(__file__).parents[1] / "docs" / "instructor" / "lessons"
HEADINGS = ["Minutes", "Misconceptions", "On the board", "Before each run", "Errors and cures"]
HEADINGS.append("Exercises")


def load_minutes():
    spec = importlib.util.spec_from_file_location("minutes", PAGES / "minutes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


minutes = load_minutes()


@pytest.fixture(params=lessons.paths(), ids=lambda path: path.stem)
def lesson(request):
    return request.param


@pytest.fixture
def page(lesson):
    return (PAGES / f"{lesson.stem}.md").read_text(encoding="utf-8")


def part(page, heading):
    return re.split(r"^## .*\n", page, flags=re.M)[1 + HEADINGS.index(heading)]


def rows(page, heading):
    """The rows of a table below its head, a list of cells each."""
    lines = [line for line in part(page, heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def plain(text):
    return " ".join(text.split())


@cache
def text_by_section(lesson):
    """What the text cells say, by the number of their section, and which cells ask for a guess."""
    said, guesses, section = {}, [], ""
    for cell in lessons.read(lesson).cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if found := re.match(r"## (\d+) ", line):
                    section = found[1]
                said[section] = said.get(section, "") + line + "\n"
            if "your guess" in cell.source.lower():
                guesses.append(plain(cell.source))
    return {number: plain(text) for number, text in said.items()}, guesses


def test_each_lesson_has_its_page_and_the_index_names_it():
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    names = [lesson.stem for lesson in lessons.paths()]
    assert sorted(path.stem for path in PAGES.glob("*.md")) == sorted([*names, "README"])
    assert re.findall(r"\]\((\w+)\.md\)", index) == names


def test_title_and_headings(lesson, page):
    assert page.splitlines()[0] == lessons.read(lesson).cells[0].source.splitlines()[0]
    assert re.findall(r"^## (.*)$", page, re.M) == HEADINGS
    assert all(part(page, heading).strip() for heading in HEADINGS)
    assert re.search(r"^\*\*Aim\*\*: .+\.$", page, re.M)
    assert re.search(r"^\*\*Cut first\*\*: .+\.$", page, re.M)


def test_the_table_of_minutes_is_that_of_the_lesson(lesson, page):
    assert minutes.TABLE.findall(page) == [minutes.table(lesson)], (
        "Run python docs/instructor/lessons/minutes.py"
    )


def test_minutes_are_those_of_the_lesson_s_opening(lesson):
    """The rule is the one that the openings are held to, within its rounding."""
    found = minutes.sections(lesson)
    exercises = sum(sum(section.exercises.values()) for section in found)
    whole = sum(section.reading for section in found) + exercises
    opening = lessons.read(lesson).cells[0].source
    said = re.search(r"\*\*Time\*\*: (\d+) minutes \((\d+) for exercises\)", opening)
    assert [int(number) for number in said.groups()] == pytest.approx([whole, exercises], abs=8)


def test_rows_of_the_table_add_up(lesson, page):
    *parts, (whole, reading, exercises) = rows(page, "Minutes")
    assert sum(int(minutes) for _, minutes, _ in parts) == int(reading)
    named = [int(each) for _, _, cell in parts for each in re.findall(r": (\d+)", cell)]
    assert sum(named) == int(exercises)
    assert int(re.search(r"\d+", whole)[0]) == int(reading) + int(exercises)


def test_questions_are_the_lesson_s_own_guesses(lesson, page):
    said, guesses = text_by_section(lesson)
    asked = rows(page, "Before each run")
    assert len(asked) >= 3
    for number, question, room, true in asked:
        words = question.lower()  # a sentence may begin in the middle of one
        assert words in said[number].lower(), question
        assert any(words in guess.lower() for guess in guesses), question
        assert room
        assert true


def test_exercises_are_all_there(lesson, page):
    found = rows(page, "Exercises")
    assert [row[0] for row in found] == lessons.exercises(lesson)
    for _, difficulty, wrong, hint in found:
        assert difficulty in {"1", "2", "3"}
        assert wrong
        assert hint


def test_what_a_page_names_exists(lesson, page):
    """Sections, exercises, ranges and links."""
    ours = re.sub(r"lesson \d\d[a-z]?(?:,|'s)? sections? \d+|lesson \d\d[a-z]?", "", page)
    said, _ = text_by_section(lesson)
    for numbers in re.findall(r"[Ss]ections? (\d+(?:(?:, | and | to )\d+)*)", ours):
        assert set(re.findall(r"\d+", numbers)) <= set(said), numbers
    every = {number for path in lessons.paths() for number in lessons.exercises(path)}
    prose = page.replace(part(page, "Minutes").split("**Cut first**")[0], "")
    assert (
        set(re.findall(r"(?<![\d.-])\d{1,2}[a-d]?-\d(?![\d.])(?= (?!times)|,|\.|;|\))", prose))
        <= every
    )
    whole = " ".join(cell.source for cell in lessons.read(lesson).cells)
    for low, high in re.findall(r"(\d+\.\d+)-(\d+(?:\.\d+)?)", prose):
        assert re.search(rf"{re.escape(low)}(?:-| to |, ){re.escape(high)}", whole), (low, high)


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.md")), ids=lambda path: path.stem)
def test_no_link_is_broken(path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_a_page_is_one_sheet(page):
    words = [word for word in page.split() if re.search(r"\w", word)]
    assert 350 <= len(words) <= 720
