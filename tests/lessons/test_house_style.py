"""The house style of the lessons: size, rhythm, exercises, ranges, words, saved outputs."""

import ast
import importlib
import re
import statistics
import subprocess
import sys

import pytest
from lesson_cells import bound, needed, tree_of

from workshop.course import lessons, solutions
from workshop.course.cells import scripts, write_scripts

LESSONS = lessons.paths()
ROOT = LESSONS[0].parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WELCOME = "00_welcome"
OTHER_WORDS = r"\b(simply|just|obviously)\b"
OTHER_NAMES = {"net", "lr", "cost", "iteration", "ground_truth"}
RANGE = r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)"


@pytest.fixture(params=LESSONS, ids=lambda path: path.stem)
def lesson(request):
    return request.param


@pytest.fixture
def cells(lesson):
    return lessons.read(lesson).cells


@pytest.fixture
def code(cells):
    return [cell for cell in cells if cell.cell_type == "code"]


@pytest.fixture
def text(cells):
    return [cell for cell in cells if cell.cell_type == "markdown"]


def tags(cell):
    return cell.metadata.get("tags", [])


def writes(cell):
    """Whether a cell writes a script, which counts apart."""
    return cell.source.startswith("%%writefile")


def lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def test_size(cells, code):
    sizes = sorted(len(lines(cell)) for cell in code if not writes(cell))
    assert len(cells) <= 60
    assert sum(sizes) <= 250
    assert statistics.median(sizes) <= 5
    assert sizes[int(0.9 * len(sizes)) - 1] <= 13
    assert sizes[-1] <= 20


def test_scripts_are_short_files_that_a_linter_likes(lesson, tmp_path):
    """They are what a learner takes away; an import may have to wait until the devices are set."""
    written = scripts(lesson.stem)
    assert {name: n for name, text in written.items() if (n := len(text.splitlines())) > 60} == {}
    write_scripts(lesson.stem, tmp_path)
    lint = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "."]
    lint += ["--line-length", "80", "--select", "E,F,I", "--ignore", "E402"]
    said = subprocess.run(lint, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr


def test_code_is_at_most_80_columns(code):
    assert [line for cell in code for line in lines(cell) if len(line) > 80] == []


def test_no_line_ends_within_code(text):
    """JupyterLab keeps a line's end within `<code>`; Markdown's own backticks have none there."""
    assert [cell.id for cell in text if re.search(r"<code>[^<]*\n", cell.source)] == []


def test_text_is_at_most_120_words(text):
    assert [cell.id for cell in text if len(cell.source.split()) > 120] == []


def test_code_is_led_by_text(cells):
    kinds = "".join("c" if cell.cell_type == "code" else "t" for cell in cells)
    assert "ccc" not in kinds
    assert kinds.count("tc") >= 0.7 * kinds.count("c")


def test_opening(cells, code):
    opening = cells[0].source
    assert re.match(r"# \d\d[a-z]? ", opening)
    assert 3 <= len(re.findall(r"^- ", opening, re.M)) <= 5
    assert re.search(r"\bneed\b", opening)
    assert "import" in code[0].source


def minutes_needed(lesson, code, text):
    """Estimate what a learner needs, as docs/instructor/plans.md says: in all, for exercises."""
    words = sum(len(cell.source.split()) for cell in text)
    guesses = sum("your guess" in cell.source.lower() for cell in text)
    read_and_run = words / 160 + 0.75 * len(code) + guesses + 2
    exercises = 7 * (len(lessons.exercises(lesson)) - 1) + 15
    if lesson.stem == WELCOME:  # its only one is a sum
        exercises = 5
    return read_and_run + exercises, exercises


def test_time_is_what_a_learner_needs(lesson, cells, code, text):
    said = re.search(r"\*\*Time\*\*: (\d+) minutes \((\d+) for exercises\)", cells[0].source)
    assert said, "the opening says no time"
    needed = minutes_needed(lesson, code, text)
    assert [int(minutes) for minutes in said.groups()] == pytest.approx(needed, abs=8)
    (row,) = re.findall(rf"^\|.*\]\(notebooks/{lesson.name}\).*$", README, re.M)
    assert row.split("|")[3].strip() == said[1]


def test_imports_stand_in_the_first_cell(code):
    for cell in code[1:]:
        if writes(cell):  # a script has imports of its own
            continue
        found = [n for n in ast.walk(tree_of(cell)) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert not found, cell.id


def test_a_lesson_has_the_checks_of_its_name(lesson, code):
    topic = lesson.stem.partition("_")[2]
    imports = [line.strip() for line in code[0].source.splitlines()]
    assert f"from workshop.checks import {topic} as checks" in imports


def test_closing(text):
    closing = text[-1].source
    assert "## What we saw" in closing
    points = re.findall(r"^- .*(?:\n  .*)*", closing, re.M)
    assert 1 <= len(points) <= 5
    assert all("section" in point for point in points)
    assert len(re.findall(r"\]\(", closing)) == 1


def test_links_lead_somewhere(lesson, text):
    for cell in text:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", cell.source):
            if "://" not in target:
                assert (lesson.parent / target).exists(), target


def test_learners_guess(lesson, text):
    guesses = sum("your guess" in cell.source.lower() for cell in text)
    assert guesses >= (1 if lesson.stem == WELCOME else 5)


def test_exercises(lesson, cells):
    numbers = lessons.exercises(lesson)
    low, high = (1, 1) if lesson.stem == WELCOME else (3, 6)
    assert low <= len(numbers) <= high
    for position, cell in enumerate(cells):
        for tag in tags(cell):
            if not tag.startswith("exercise-"):
                continue
            number = tag.removeprefix("exercise-")
            assert "..." in cell.source
            assert tags(cells[position + 1]) == [f"check-{number}"]
            led = cells[position - 1].source
            assert "<details>" in led
            check = re.match(r"checks\.(\w+)\(", cells[position + 1].source)[1]
            assert f"checks.{check}.solution()" in led
            assert solution_of(lesson, check).exercise == number
    if lesson.stem != WELCOME:
        assert "what would change your mind" in "".join(c.source for c in cells).lower()


def solution_of(lesson, check):
    """What a lesson's check says when it is asked for the solution."""
    module = importlib.import_module(f"workshop.checks.{lesson.stem.partition('_')[2]}")
    return getattr(module, check).solution()


def test_check_belongs_to_its_exercise(code):
    for cell in code:
        for tag in tags(cell):
            if tag.startswith("check-"):
                assert re.match(r"checks\.\w+\(", cell.source), cell.source


def test_no_cell_needs_an_answer(lesson, cells):
    """An exercise is a leaf: what it or its solution binds is used by its check alone.

    What an answer changes in place or writes to a file is seen where the lessons are run.
    """
    solved = solutions.solve(lesson).cells
    for position, solution in enumerate(solved):
        if not lessons.exercise_number(solution):
            continue
        given = bound(tree_of(cells[position])) | bound(tree_of(solution))
        for later in range(position + 2, len(cells)):
            if cells[later].cell_type == "code":
                for cell in (cells[later], solved[later]):
                    assert not given.intersection(needed(cell)), cell.source
                given -= bound(tree_of(cells[later]))


def test_words(text):
    for cell in text:
        assert not re.search(OTHER_WORDS, cell.source, re.I), cell.source


def test_names(code):
    for cell in code:
        names = {n.id for n in ast.walk(tree_of(cell)) if isinstance(n, ast.Name)}
        names |= {n.arg for n in ast.walk(tree_of(cell)) if isinstance(n, ast.arg | ast.keyword)}
        assert not names & OTHER_NAMES, cell.source


def test_ranges_in_the_text_are_the_ranges_that_runs_hold(code, text):
    """`expect(...)` raises outside its range in a solved run, so text and result agree."""
    held = set()
    for cell in code:
        for node in ast.walk(tree_of(cell)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "expect":
                given = {k.arg: k.value for k in node.keywords}
                ranges = node.args[2:] or [given["full"], given["sample"]]
                held |= {ast.literal_eval(one) for one in ranges}
    said = set()
    for cell in text:
        for sentence in re.findall(r"[Ee]xpect\s+\d[^.]*(?:\.\d[^.]*)*", cell.source):
            said |= {(float(low), float(high)) for low, high in re.findall(RANGE, sentence)}
    assert said == held


def test_saved_outputs_are_compared(code):
    for cell in code:
        if "nbval-check-output" in tags(cell):
            assert cell.outputs
        else:
            assert not cell.outputs, f"{cell.id}: saved outputs that nothing compares"
            assert cell.execution_count is None


def test_figures_come_with_a_computed_line(code):
    for cell in code:
        draws = any(name in cell.source for name in ("plots.", "plt.subplots"))
        if draws and "import" not in cell.source:
            assert any(call in cell.source for call in ("print(", "expect(")), cell.source


def test_images_have_alt_text(text):
    for cell in text:
        assert not re.search(r"!\[\s*\]\(|<img(?![^>]*alt=)", cell.source), cell.source
