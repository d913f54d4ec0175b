"""The runs of lessons themselves: what is broken is caught, and a neighbour changes no memory."""

import contextlib
import subprocess
import sys

import lesson_runs
import numpy as np
import psutil
import pytest
from lesson_memory import IS_MEASURED, Watch
from processes import is_alive, until
from small_course import code, save

from workshop.course import lessons, solutions

# The first cell of each; the check is one of the course's own kind.
OPENING = """
from workshop.checks.engine import exercise, not_yet

@exercise("{number}")
def check(answer):
    if answer != 42:
        not_yet("It is not 42.")

numbers = [1, 2]
"""
UNTIL_SEEN = f"import time; time.sleep({Watch.LOOK_EVERY_S + 0.5})"  # the files, too
FILE = "from pathlib import Path; Path('answer.txt')"
# The exercise's cell, its solution, a cell below, and what must be said of the lesson.
LESSONS = {
    "is_a_leaf": ("x = ...", "x = 42", f"assert x is ...; {UNTIL_SEEN}", ""),
    "needs_the_answer": ("x = ...", "x = 42", "x + 1", "TypeError"),
    "needs_a_file": (
        "x = ...",
        f"x = 42; {FILE}.write_text('42')",
        f"{FILE}.read_text()",
        "FileNotFoundError",
    ),
    "takes_300_MiB": (
        "x = ...",
        "x = 42",
        f"big = b'1' * (300 * 2**20); {UNTIL_SEEN}",
        "",
    ),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """These lessons, run as the course's are."""
    course, folder = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("runs")
    (course / "notebooks").mkdir()
    (course / "solutions").mkdir()
    chosen = []
    for number, (name, (placeholder, solution, below, _)) in enumerate(LESSONS.items()):
        opening = code(OPENING.format(number=f"{number}-1"))
        exercise = code(placeholder, f"exercise-{number}-1"), code("check(x)", f"check-{number}-1")
        (course / "solutions" / f"{number:02}_1_x.py").write_text(f"{solution}\n")
        save(
            path := course / "notebooks" / f"{number:02}_{name}.ipynb",
            opening,
            *exercise,
            code(below),
        )
        chosen.append((path, lesson_runs.BINDER))
    with pytest.MonkeyPatch.context() as patch:
        for module in (lessons, solutions):
            patch.setattr(module, "course_folder", lambda: course)
        running = lesson_runs.LessonRuns(folder, chosen)
    yield {name: (path, kind, running) for name, (path, kind) in zip(LESSONS, chosen, strict=True)}
    running.end()


@pytest.fixture
def result(runs):
    def result(name):
        path, kind, running = runs[name]
        return running.result(path.stem, kind)

    return result


@pytest.mark.parametrize("name", LESSONS)
def test_what_is_said_of_a_lesson(name, result):
    said, expected = result(name)["said"], LESSONS[name][3]
    assert expected in said
    assert bool(said) == bool(expected), said


@pytest.mark.skipif(not IS_MEASURED, reason="memory is measured on Linux")
def test_a_lesson_over_its_memory_is_caught(result, monkeypatch):
    small, large = result("is_a_leaf"), result("takes_300_MiB")
    assert 295 * 2**20 <= large["peak"] - small["peak"] <= 310 * 2**20
    assert lesson_runs.fault(large, lesson_runs.BINDER) == ""
    monkeypatch.setattr(lesson_runs, "BINDER_MEMORY", small["peak"] + 150 * 2**20)
    assert "MiB" in lesson_runs.fault(large, lesson_runs.BINDER)
    assert lesson_runs.fault(small, lesson_runs.BINDER) == ""


def test_runs_that_are_ended_early_leave_no_process(tmp_path):
    save(tmp_path / "00_endless.ipynb", code("while True: pass"))
    with pytest.MonkeyPatch.context() as patch:
        for module in (lessons, solutions):
            patch.setattr(module, "course_folder", lambda: tmp_path)
        running = lesson_runs.LessonRuns(
            tmp_path / "runs", [(tmp_path / "00_endless.ipynb", lesson_runs.SAMPLE)]
        )
    runner = psutil.Process(running.process.pid)
    try:
        until(
            lambda: any("ipykernel_launcher" in command(child) for child in family(runner)),
            "no kernel",
            120,
        )
        started = family(runner)
    finally:
        running.end()
    until(lambda: not any(map(is_alive, started)), f"left: {started}")


def command(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        return str(process.cmdline())
    return ""


def family(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        return [child for child in process.children(recursive=True) if is_alive(child)]
    return []


MAPS = """
import mmap, sys
with open(sys.argv[1], "rb") as file:
    pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
print(sum(pages[::4096]), flush=True)  # a byte of each page
own = bytearray(b"1" * (20 * 2**20))
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not IS_MEASURED, reason="memory is measured on Linux")
def test_a_neighbour_that_maps_the_same_files_changes_nothing(tmp_path):
    file = tmp_path / "library"
    file.write_bytes(np.random.default_rng(0).bytes(64 * 2**20))

    def start():
        command = [sys.executable, "-c", MAPS, str(file)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        assert process.stdout.readline()
        assert process.stdout.readline() == "ready\n"
        return process

    def charged(*processes):
        watch = Watch()
        for process in processes:
            watch.add(process.pid, itself=True)
        return watch.now()

    with start() as one:
        alone = charged(one)
        with start() as neighbour:
            beside, both = charged(one), charged(one, neighbour)
            neighbour.stdin.close()
        one.stdin.close()
    assert 84 * 2**20 < alone < 110 * 2**20
    assert abs(beside - alone) < 2**20
    assert 20 * 2**20 < both - alone < 40 * 2**20  # its own pages; the file's were there
