"""How strong the checks are: wrong answers, made from the solutions, that a check lets pass.

    python benchmarks/check_strength.py [02 05b ...] [--least 95] [--seconds 100]

For each exercise of a lesson (of all, without a name) the solution is changed in one place at a
time: an operator, a comparison, a number, an axis, an argument, a function such as `mean`, a bound,
a condition, a sign, a statement, what is returned. A mutant is killed if the check does not pass
(*told*), if it raises (*raised*), or if it takes much longer than the solution or ends its process
(*too slow*). Any call would have ended those that raise: they say little of the check. What
survives is shown with its line: let the check see it, or, where it is as good as the solution, say
why in `strength/as_good.toml`. The last column is the share of the killed, those as good aside.

Before, it is proven that the solution passes, that the placeholder, an empty cell and a syntax
error don't, and that the check neither opens nor compiles a solution: the course that it runs in is
a copy with decoys for solutions, and Python's audit events are watched.

Answers run in a process of their own, on the packaged sample, after only those cells of the lesson
that the exercise needs. What they change in place is undone before the next one: dicts, lists, sets
and arrays; other objects, such as a model, are shared. A lesson has `--seconds`; cells and
proofs that take longer are not cut. Where an answer trains, as many mutants are judged as there is
time for, of all kinds and in an order that is always the same; the table says how many of how many.

The exit status is 1 where a proof fails, where the list has what is no survivor, and where a lesson
does not reach `--least` percent. A lesson takes ten seconds to two minutes on a quiet core.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

from measure import command
from strength.judge import KILLED, SURVIVED, VERDICTS, attack, excuse, prove
from strength.learner import Learner
from strength.lesson import Exercise, Lesson
from typer import Argument

from workshop.course import lessons

AS_GOOD = Path(__file__).parent / "strength" / "as_good.toml"


def examine(path: Path, seconds: float, as_good: dict[str, list[dict]]) -> list[Exercise]:
    """Judge the checks of a lesson.

    Args:
        path: the notebook.
        seconds: how long it may take.
        as_good: for each exercise the mutants that are as good, as `read_list` gives them.

    Returns:
        The exercises with what came of them.
    """
    end = time.monotonic() + seconds
    solutions = [file.name for file in (path.parent.parent / "solutions").glob("*.py")]
    with tempfile.TemporaryDirectory() as folder, Learner(Path(folder), solutions) as learner:
        lesson = Lesson(path, learner)
        for number, exercise in enumerate(lesson.exercises):
            if error := lesson.prepare(exercise):
                exercise.faults.append(error)
                continue
            took = prove(lesson, exercise)
            if took is None:
                continue
            # What the quick ones leave is for the slow ones, which come last in most lessons.
            now, waiting = time.monotonic(), len(lesson.exercises) - number
            attack(lesson, exercise, took, now + (end - now) / waiting)
            excuse(exercise, as_good.get(exercise.number, []))
    return lesson.exercises


def count(exercises: list[Exercise]) -> Counter:
    """Count the verdicts of some exercises."""
    return Counter(came for exercise in exercises for came in exercise.verdicts)


def percent(came: Counter) -> float:
    """Give the share of the mutants that were killed, those as good as the solution aside."""
    killed = sum(came[verdict] for verdict in KILLED)
    return 100 * killed / max(killed + came[SURVIVED], 1)


def row(name: str, exercises: list[Exercise]) -> str:
    """Write a line of the table."""
    came, made = count(exercises), sum(len(exercise.mutants) for exercise in exercises)
    numbers = "".join(f"{came[verdict]:>10}" for verdict in VERDICTS)
    return f"{name:28}{came.total():>6} of{made:>5}{numbers}{percent(came):>8.0f} %"


def report(name: str, exercises: list[Exercise], seconds: float) -> None:
    """Print the table of a lesson, what survived, and what is wrong."""
    heads = "".join(f"{verdict:>10}" for verdict in VERDICTS)
    print(f"\n{name + f', {seconds:.0f} s':28}{'judged':>6}{'made':>8}{heads}{'killed':>10}")
    for exercise in exercises:
        print(row(f"{exercise.number} {exercise.name}", [exercise]))
    print(row("together", exercises))
    for exercise in exercises:
        for mutant in exercise.judged(SURVIVED):
            print(f"{exercise.number} survives in line {mutant.line} ({mutant.kind}):")
            print(*(f"    - {line}" for line in mutant.before.splitlines()), sep="\n")
            print(*(f"    + {line}" for line in mutant.after.splitlines()), sep="\n")
        for fault in exercise.faults:
            print(f"{exercise.number} FAULT: {fault}")
    sys.stdout.flush()


def read_list(path: Path) -> dict[str, list[dict]]:
    """Read the mutants that are as good as the solution, by exercise: before, after, reason."""
    import tomllib  # Python has it since 3.11

    return tomllib.loads(path.read_text(encoding="utf-8"))


def main(names: list[str], seconds: float, least: float, as_good: Path = AS_GOOD) -> bool:
    """Judge the lessons with these names, or all; gives whether all is right."""
    entries, everything, right = read_list(as_good), [], True
    for path in map(lessons.find, names) if names else lessons.paths():
        start = time.monotonic()
        exercises = examine(path, seconds, entries)
        report(path.stem, exercises, time.monotonic() - start)
        everything += exercises
        right &= not any(exercise.faults for exercise in exercises)
        right &= percent(count(exercises)) >= least
    print("\n" + row("all", everything))
    return right


def judge(
    names: Annotated[list[str] | None, Argument()] = None, seconds: float = 100, least: float = 0
) -> None:
    """Let the exit status say whether all is right."""
    sys.exit(not main(names or [], seconds, least))


if __name__ == "__main__":
    command(judge)
