"""The judge of the checks: what mutants it makes, and what it says of checks that are weak."""

import doctest
import sys
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from workshop.course import lessons, solutions

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))
PARTS = ("mutants", "cells", "judge", "lesson", "learner", "operators", "places", "room", "spy")
mutants, cells, judge, lesson, learner, *_ = (import_module(f"strength.{part}") for part in PARTS)
check_strength = import_module("check_strength")

CHECKS = """
import socket
from pathlib import Path
from workshop.checks.engine import compare, exercise, not_yet
from workshop.course import course_folder
seen = {"numbers": [1, 2, 5]}

@exercise("0-1")
def strong(answer):
    for x in seen["numbers"]:
        compare(answer(x), sum(range(2 * x)), what=f"f({x})")

@exercise("0-1")
def weak(answer):
    return f"{answer} is fine."

@exercise("0-1")
def half(answer):
    compare(answer(0), 0, what="f(0)")

@exercise("0-1")
def once(answer):
    if len(seen["numbers"]) > 4:
        not_yet("Somebody was here before.")
    compare(answer(3), 15, what="f(3)")

@exercise("0-1")
def nosy(answer):
    text = next((course_folder() / "solutions").glob("00_1_*")).read_text()

@exercise("0-1")
def online(answer):
    try:
        socket.create_connection(("192.0.2.1", 9), timeout=1)  # an address of no machine
    except OSError as error:
        not_yet(str(error))

@exercise("0-1")
def copying(answer):
    exec("def f(x):\\n\\n    total = 0\\n    for k in range(2 * x):\\n        total += k"
         "\\n    return total")
"""
SOLUTION = """def f(x):
    total = 0  # of what is below
    for k in range(2 * x):
        total += k
    return total
"""
ENDLESS = """def f(x):
    k = total = 0
    while k < 2 * x:
        total += k
        k += 1
    return total
"""
EXCUSED = {"before": "total += k", "after": ["total -= k"], "reason": "A test says so."}


def after(source, kind):
    return [mutant.after for mutant in mutants.mutants(source) if mutant.kind == kind]


@pytest.fixture
def judged(tmp_path, monkeypatch):
    """Judge the check of a lesson with one exercise."""
    for module in (lessons, solutions):
        monkeypatch.setattr(module, "course_folder", lambda: tmp_path)

    def judge_it(check, solution=SOLUTION, as_good=(), seconds=300):
        for name in ("notebooks", "solutions"):
            (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / "solutions" / "00_1_f.py").write_text(solution)
        exercise, answer = v4.new_code_cell("def f(x):\n    ..."), v4.new_code_cell(check)
        exercise.metadata.tags, answer.metadata.tags = ["exercise-0-1"], ["check-0-1"]
        path = tmp_path / "notebooks" / "00_one.ipynb"
        nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(CHECKS), exercise, answer]), path)
        [found] = check_strength.examine(path, seconds, {"0-1": list(as_good)})
        return found

    return judge_it


@pytest.mark.parametrize("part", PARTS)
def test_the_examples_of_its_parts_run(part):
    assert doctest.testmod(sys.modules[f"strength.{part}"]).failed == 0


@pytest.mark.parametrize(
    ("kind", "source", "expected"),
    [
        ("operator", "y = a @ b", {"y = a * b"}),
        ("operator", "y //= 2", {"y /= 2"}),
        ("comparison", "y = a < b", {"y = a <= b", "y = a >= b"}),
        ("number", "y = 3", {"y = 4", "y = 2", "y = 0", "y = 6"}),
        ("number", "y = f(padding='same')", {"y = f(padding='valid')"}),
        ("number", "y = 'a text'", set()),
        ("axis", "y = f(x, axis=-1)", {"y = f(x, axis=0)", "y = f(x, axis=None)"}),
        ("number", "y = f(x, axis=-1)", set()),
        ("sign", "y = f(x, axis=-1)", set()),
        ("sign", "y = -x", {"y = x"}),
        ("argument", "y = f(a, b)", {"y = f(b, a)", "y = f(b)", "y = f(a)"}),
        ("argument", "y = f(a)", set()),
        ("argument", "y = np.maximum(a, b)", {"y = np.maximum(b)", "y = np.maximum(a)"}),
        ("argument", "y = f(k=a)", {"y = f()"}),
        (
            "function",
            "y = np.mean(a) + max(b)",
            {"y = np.sum(a) + max(b)", "y = np.mean(a) + min(b)"},
        ),
        ("bound", "y = a[i:]", {"y = a[:]", "y = a[i + 1:]", "y = a[i - 1:]"}),
        ("bound", "for _ in range(n): f()", {"for _ in range(n + 1):", "for _ in range(n - 1):"}),
        ("logic", "y = a and not b", {"y = a or not b", "y = a and b"}),
        ("logic", "y = a if b else True", {"y = a if not b else True", "y = a if b else False"}),
        ("statement", "a()\nb()", {""}),
        ("statement", "for a in b: c()", {"", "pass"}),
        ("statement", "@b\ndef f(): return a", {""}),
        ("axis", "y = f(x, axis=-k)", set()),
        ("result", "def f(): return a, b", {"return None", "return (b, a)"}),
    ],
)
def test_each_operator_does_what_it_says(kind, source, expected):
    assert set(after(source, kind)) == expected


def test_what_is_printed_stays_and_nothing_comes_twice():
    source = 'def f(x):\n    """Adds."""\n    print(x + 1)\n    return fit(x + 1, verbose=0)'
    made = mutants.mutants(source)
    texts = [mutant.source for mutant in made]
    assert len(texts) == len(set(texts)) > 3
    assert all("print(x + 1)" in text and text != source for text in texts)
    assert sum("verbose=0" in text for text in texts) == len(texts) - 1
    assert {mutant.line for mutant in made} == {4}


def test_the_first_mutants_are_of_all_kinds():
    source = "y = f(-a < b + 1, axis=0)\nz = y[i:] and max(y, 2)"
    made = mutants.mutants(source)
    kinds = {mutant.kind for mutant in made}
    assert {mutant.kind for mutant in made[: len(kinds)]} == kinds >= {"axis", "bound", "sign"}
    assert made == mutants.mutants(source)


def test_a_cell_that_writes_a_file_keeps_its_first_line():
    made = mutants.mutants("%%writefile a.py\nx = 1")
    assert {mutant.source for mutant in made} >= {"%%writefile a.py\nx = 2"}
    assert {mutant.line for mutant in made} == {2}


@pytest.mark.parametrize(
    ("before", "wanted", "chosen"),
    [
        (["import a", "x = 1", "y = x", "z = 3"], {"y"}, [0, 1, 2]),
        (["import a", "x = 1", "x = 2"], {"x"}, [0, 2]),
        (["import a", "x = []", "x[0].b = 2", "x.sort()", "x.index(1)"], {"x"}, [0, 1, 2, 3]),
        (["import a", "m = a.M()", "t = a.T([m])", "t.fit()"], {"m"}, [0, 1, 2, 3]),
        (["import a", "def f(p): p.fit()", "m = 1", "f(m)"], {"m"}, [0, 1, 2, 3]),
        (["import a", "def f(p): return p.b", "m = 1", "f(m)"], {"m"}, [0, 2]),
        (["import a", "def f(): return late", "late = 1", "other = 2"], {"f"}, [0, 1, 2]),
        (["import a", "%%writefile b.py\nx = 1", "for x in y: pass"], set(), [0, 1]),
        (["import a", "runs = 1", "x = 2", "%%writefile {runs}/b.py\nx = 1"], set(), [0, 1, 3]),
        (["import a", "for n in 1, 2: b = n", "n = 3", "b = 4"], {"b"}, [0, 3]),
    ],
)
def test_the_cells_that_an_exercise_needs(before, wanted, chosen):
    places = cells.needed(before, wanted)[0]
    assert set(chosen) <= set(places)
    assert places == chosen


def test_a_strong_check_kills_all_and_proves_all(judged):
    found = judged("strong(f)")
    assert found.faults == []
    assert found.judged("survived") == []
    assert found.verdicts.count("told") > 5
    assert found.verdicts.count("raised") > 0


def test_a_check_that_sees_half_is_reported_with_its_survivors(judged, capsys):
    found = judged("half(f)", as_good=[EXCUSED])
    assert not found.faults
    assert [mutant.after for mutant in found.judged("as good")] == ["total -= k"]
    assert "for k in range(3 * x):" in [mutant.after for mutant in found.judged("survived")]
    assert 0 < check_strength.percent(check_strength.count([found])) < 80
    check_strength.report("00_one", [found], 1.0)
    said = capsys.readouterr().out
    assert "0-1 survives in line 3 (number):" in said
    assert "    + for k in range(3 * x):" in said
    assert "total -= k" not in said


def test_a_check_that_takes_anything_fails_the_proof(judged):
    found = judged("weak(1)")
    assert {"The placeholder passes.", "An empty cell passes."} <= set(found.faults)
    assert set(found.verdicts) <= {"survived", "raised"}


@pytest.mark.parametrize("check", ["nosy(f)", "copying(f)"])
def test_a_check_that_takes_the_solution_fails_the_proof(judged, check):
    found = judged(check, seconds=0)
    assert any("takes the solution" in fault for fault in found.faults), found.faults


def test_a_solution_that_does_not_pass_is_a_fault(judged):
    found = judged("strong(f)", SOLUTION.replace("2", "3"))
    assert found.faults == ["The solution does not pass: f(1): expected 1, got 3."]
    assert not found.verdicts


def test_checks_are_judged_without_a_network(judged):
    [fault] = judged("online(f)", seconds=0).faults
    assert "no network in this test" in fault


def test_an_entry_that_fits_no_survivor_is_a_fault(judged):
    entry = EXCUSED | {"after": ["total -= k", "total @= k"]}
    assert judged("strong(f)", as_good=[entry]).faults == [
        "As good, it says, and it is told: total -= k",
        "As good, it says, and there is no such mutant: total @= k",
    ]


def test_endless_mutants_end(judged, monkeypatch):
    monkeypatch.setattr(judge, "FAIR_S", 0.3)
    found = judged("strong(f)", ENDLESS)
    assert found.verdicts.count("too slow") >= 2
    assert len(found.verdicts) == len(found.mutants)
    assert not found.faults


def test_what_an_answer_changes_in_place_does_not_reach_the_next(judged):
    found = judged("once(f)", "seen['numbers'].append(3)\n" + SOLUTION)
    assert not found.faults
    survived = [mutant.after for mutant in found.judged("survived")]
    assert "seen['numbers'].append(4)" in survived
    assert len(survived) < 6


def test_a_process_that_is_stuck_is_replaced(tmp_path):
    asleep = {"source": "import time; time.sleep(60)", "check": "", "limit": 0.1}
    with learner.Learner(tmp_path, []) as somebody:
        assert somebody.ask(1.5, "answer", **asleep) is None
        assert somebody.ask(30, "lesson", cells=["x = 1"], needs=["x"]) == {"error": None}
        error = somebody.ask(30, "lesson", cells=["x / 0"], needs=[])["error"]
        assert error.startswith("ZeroDivisionError")


@pytest.mark.parametrize(
    ("verdicts", "faults", "least", "right"),
    [
        ("told told survived", [], 60, True),
        ("told told survived", [], 70, False),
        ("told raised survived", ["The placeholder passes."], 0, False),
    ],
)
def test_the_command_says_whether_all_is_right(
    monkeypatch, tmp_path, verdicts, faults, least, right
):
    changes = mutants.mutants("y = 3")[: len(verdicts.split())]
    found = lesson.Exercise("0-1", "add", 1, "", "", "", faults, changes, verdicts.split())
    monkeypatch.setattr(check_strength, "examine", lambda *_: [found])
    (tmp_path / "none.toml").write_text("")
    assert check_strength.main(["00"], 1, least, tmp_path / "none.toml") is right


def test_the_list_of_those_as_good_can_be_read():
    entries = check_strength.read_list(check_strength.AS_GOOD)
    known = {number for path in lessons.paths() for number in lessons.exercises(path)}
    assert entries.keys() <= known
    for entry in (entry for group in entries.values() for entry in group):
        assert entry.keys() == {"before", "after", "reason"}
        assert len(entry["reason"].split()) > 4
