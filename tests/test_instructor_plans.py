"""The plans for a class add up, name what there is, and leave time for the cells to run."""

import re
from functools import cache

import pytest
from test_instructor_pages import PAGES, minutes

from workshop.course import lessons

PLANS = PAGES.parent / "plans.md"
HEAD = "| at | minutes | lesson | sections | exercises | in the room |"


def plans():
    """The rows of each plan, by its heading."""
    found = {}
    for part in PLANS.read_text(encoding="utf-8").split("\n## ")[1:]:
        if HEAD in part:
            lines = part.split(HEAD)[1].splitlines()
            rows = [line.strip("|").split("|") for line in lines if line.startswith("| ")][1:]
            found[part.splitlines()[0]] = [[cell.strip() for cell in row] for row in rows]
    return found


each_plan = pytest.mark.parametrize("title", plans())


@cache
def parts_of(number):
    """The sections of a lesson by number, and the seconds of each."""
    lesson = lessons.find(number)
    found = {section.mark: section for section in minutes.sections(lesson)}
    return found, minutes.measured()[lesson.stem]["seconds"]


def named(sections):
    """`2, 4 to 6` as a list of numbers."""
    found = []
    for part in sections.split(", "):
        first, _, last = part.partition(" to ")
        found += [str(k) for k in range(int(first), int(last or first) + 1)]
    return found


def test_there_are_four():
    assert [re.search(r"(\d+) minutes", title)[1] for title in plans()] == [
        "180",
        "450",
        "450",
        "90",
    ]


@each_plan
def test_minutes_add_up(title):
    total = 0
    for at, row_minutes, *_ in plans()[title]:
        assert at == f"{total // 60}:{total % 60:02}"
        total += int(row_minutes)
    assert total == int(re.search(r"(\d+) minutes", title)[1])


@each_plan
def test_a_class_takes_less_than_the_whole_lesson(title):
    readme = (PAGES.parents[2] / "README.md").read_text(encoding="utf-8")
    plan = plans()[title]
    for lesson in {row[2] for row in plan if row[2]}:
        (whole,) = re.findall(rf"^\| {lesson} \|.*?\| (\d+) \|", readme, re.M)
        taken = sum(int(row[1]) for row in plan if row[2] == lesson)
        assert taken <= int(whole), lesson


@each_plan
def test_sections_and_exercises_exist(title):
    for _, _, lesson, sections, exercises, what in plans()[title]:
        assert what
        if not lesson:
            assert not sections
            assert not exercises
            continue
        found, _ = parts_of(lesson)
        assert set(named(sections)) <= set(found), lesson
        inside = {one for section in named(sections) for one in found[section].exercises}
        assert set(filter(None, exercises.split(", "))) <= inside, lesson


@each_plan
def test_no_row_is_faster_than_its_cells(title):
    """All cells of a lesson up to the row's last section run, unless an earlier row ran them."""
    ran = {}
    for _, row_minutes, lesson, sections, *_ in plans()[title]:
        if lesson:
            found, seconds = parts_of(lesson)
            marks = list(found)
            end = marks.index(named(sections)[-1]) + 1
            begin = min(ran.get(lesson, 0), marks.index(named(sections)[0]))
            assert sum(seconds[mark] for mark in marks[begin:end]) <= 60 * int(row_minutes), lesson
            ran[lesson] = end


@pytest.mark.parametrize(
    ("title", "least", "mean"),
    list(zip(plans(), (0.7, 0.8, 0.8, 0.5), (0.8, 0.95, 0.95, 0.6), strict=True)),
)
def test_rows_are_not_much_shorter_than_what_one_reader_needs(title, least, mean):
    shares = []
    for _, row_minutes, lesson, sections, exercises, what in plans()[title]:
        if lesson and "only start" not in what:
            found, _ = parts_of(lesson)
            alone = sum(found[mark].reading for mark in named(sections))
            alone += 7 * len(list(filter(None, exercises.split(", "))))
            shares.append(int(row_minutes) / alone)
            assert shares[-1] >= least, (lesson, sections)
    assert sum(shares) / len(shares) > mean


@each_plan
def test_nobody_sits_longer_than_two_hours(title):
    sat = 0
    for _, row_minutes, lesson, _, _, what in plans()[title]:
        sat = 0 if not lesson and what in {"break", "lunch"} else sat + int(row_minutes)
        assert sat <= 120
