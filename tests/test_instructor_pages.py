"""The pages for instructors say of each lesson what is true of it today."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from workshop.course import lessons

PAGES = Path(__file__).parents[1] / "docs" / "instructor" / "lessons"
HEADINGS = ["Minutes", "Misconceptions", "On the board", "Before each run", "Errors and cures"]
HEADINGS.append("Exercises")
WRITE = "Run python docs/instructor/lessons/minutes.py"


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
    assert minutes.INDEX.findall(index) == [minutes.index()], WRITE


def test_title_and_headings(lesson, page):
    assert page.splitlines()[0] == lessons.read(lesson).cells[0].source.splitlines()[0]
    assert re.findall(r"^## (.*)$", page, re.M) == HEADINGS
    assert all(part(page, heading).strip() for heading in HEADINGS)
    assert re.search(r"^\*\*Aim\*\*: .+\.$", page, re.M)
    assert re.search(r"^\*\*Cut first\*\*: .+\.$", page, re.M)


def test_the_tables_are_those_of_the_lesson(lesson, page):
    assert page == minutes.page_of(page, lesson, minutes.measured()[lesson.stem]["seconds"]), WRITE


def test_each_section_has_its_seconds(lesson):
    """Read from a run of the lesson with the sections of today."""
    found = minutes.measured()[lesson.stem]
    assert found["data"] in {"full", "sample"}
    assert found["machine"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found["date"])
    seconds = found["seconds"]
    assert list(seconds) == [section.mark for section in minutes.sections(lesson)], (
        "Run workshop book, then docs/instructor/lessons/minutes.py --ran"
    )
    code = [cell for cell in lessons.read(lesson).cells if cell.cell_type == "code"]
    assert 0 < sum(seconds.values()) < 600
    assert all(0 <= each < 60 * len(code) for each in seconds.values())


def executed(*cells):
    """A notebook as `workshop book` keeps it; each code cell took as many seconds as it says."""
    made = v4.new_notebook(cells=[v4.new_markdown_cell("# 02 A"), *cells])
    for cell in made.cells:
        if cell.cell_type == "code" and cell.source:
            end = f"2026-11-29T03:03:{float(cell.source):09.6f}Z"
            cell.metadata.execution = {"iopub.execute_input": "2026-11-29T03:03:00.000000Z"}
            cell.metadata.execution["shell.execute_reply"] = end
    return made


def test_seconds_are_added_up_by_section():
    code, text = v4.new_code_cell, v4.new_markdown_cell
    cells = [code("1.5"), text("## 1 B\n\nb"), code("2"), code("3.25"), code(""), text("### c")]
    run = executed(*cells, code("0.25"), text("## What we saw"))
    assert minutes.seconds_of(run) == {"Opening": 1.5, "1": 5.5, "What we saw": 0.0}
    del run.cells[1].metadata["execution"]
    with pytest.raises(SystemExit, match="was not run"):
        minutes.seconds_of(run)


def test_lessons_that_were_run_replace_their_old_seconds(tmp_path):
    nbformat.write(executed(v4.new_code_cell("2.5")), tmp_path / "02_softmax-0a1b.ipynb")
    nbformat.write(executed(v4.new_code_cell("9")), tmp_path / "02_softmax_of_mine-0a1b.ipynb")
    found = minutes.measure(tmp_path, "sample", "2 cores")
    run = {
        "machine": "2 cores",
        "data": "sample",
        "date": "2026-11-29",
        "seconds": {"Opening": 2.5},
    }
    assert found == {"02_softmax": run}
    nbformat.write(executed(v4.new_code_cell("3")), tmp_path / "02_softmax-2c3d.ipynb")
    with pytest.raises(SystemExit, match="2 copies of 02_softmax"):
        minutes.measure(tmp_path, "sample", "2 cores")


def test_a_folder_without_a_run_is_named(tmp_path):
    with pytest.raises(SystemExit, match="No executed lesson"):
        minutes.measure(tmp_path, "sample", "here")


def test_minutes_are_those_of_the_lesson_s_opening(lesson):
    """The rule is the one that the openings are held to, within its rounding."""
    found = minutes.sections(lesson)
    exercises = sum(sum(section.exercises.values()) for section in found)
    whole = sum(section.reading for section in found) + exercises
    opening = lessons.read(lesson).cells[0].source
    said = re.search(r"\*\*Time\*\*: (\d+) minutes \((\d+) for exercises\)", opening)
    assert [int(number) for number in said.groups()] == pytest.approx([whole, exercises], abs=8)


def test_rows_of_the_table_add_up(lesson, page):
    *parts, (whole, reading, run, exercises) = rows(page, "Minutes")
    assert sum(int(minutes) for _, minutes, *_ in parts) == int(reading)
    ran = [int(each) for _, _, cell, _ in parts for each in re.findall(r"(?<!<)\b(\d+) s", cell)]
    assert sum(ran) == int(run.removesuffix(" s"))
    named = [int(each) for *_, cell in parts for each in re.findall(r": (\d+)", cell)]
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


def anchors(path):
    """The headings of a page as a link names them."""
    found = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in found}


@pytest.mark.parametrize("path", sorted(PAGES.parent.rglob("*.md")), ids=lambda path: path.stem)
def test_no_link_is_broken(path):
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        assert (path.parent / name).exists(), target
        if anchor:
            page = path if not name else path.parent / name
            assert anchor in anchors(page), target


def test_the_index_names_each_page():
    index = (PAGES.parent / "README.md").read_text(encoding="utf-8")
    for page in {path.name for path in PAGES.parent.glob("*.md")} - {"README.md"}:
        assert f"]({page})" in index


def test_a_page_is_one_sheet(page):
    words = [word for word in page.split() if re.search(r"\w", word)]
    assert 350 <= len(words) <= 720
