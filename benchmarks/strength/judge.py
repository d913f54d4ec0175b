"""What a check says to a solution, to what is no answer, and to mutants."""

import ast
import time

from strength.learner import TOO_SLOW
from strength.lesson import Exercise, Lesson
from strength.mutants import mutants, split_magic

PROOF_S = 600
# A mutant may take so long, and so many times as long as the solution.
FAIR_S, FAIR_TIMES = 3, 3
TOLD, RAISED, SURVIVED, AS_GOOD = "told", "raised", "survived", "as good"
KILLED = (TOLD, RAISED, TOO_SLOW)
VERDICTS = (*KILLED, AS_GOOD, SURVIVED)


def prove(lesson: Lesson, exercise: Exercise) -> float | None:
    """Prove that a check lets the solution pass, nothing that is none, and takes no solution.

    The answer that has to pass is the solution with a `pass` in each of its blocks. So a check that
    asks for the text of the answer, as TensorFlow does, is not taken for one that has the
    solution's.

    Args:
        lesson: where the exercise is prepared.
        exercise: it gets the faults.

    Returns:
        The seconds that the solution and its check took; None where it does not pass.
    """
    magic, body = split_magic(exercise.solution)
    answers = {
        "The solution": magic + with_passes(body),
        "The placeholder": exercise.placeholder,
        "An empty cell": "",
        "A syntax error": exercise.placeholder + "\n)",
    }
    said = {
        name: lesson.answer(exercise, source, PROOF_S, body) for name, source in answers.items()
    }
    for name, came in said.items():
        exercise.faults += [f"The check takes the solution ({one})." for one in came["seen"]]
        if name != "The solution" and came["status"] == "passed":
            exercise.faults.append(f"{name} passes.")
    solved = said["The solution"]
    if solved["status"] == "passed":
        return solved["seconds"]
    why = solved["error"] or solved["message"] or solved["status"]
    exercise.faults.append(f"The solution does not pass: {why}")
    return None


def with_passes(source: str) -> str:
    """Write a text with `pass` as the first statement of each of its blocks.

    Example:
        >>> with_passes("def f(): return 1")
        'pass\\n\\ndef f():\\n    pass\\n    return 1'
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            node.body.insert(0, ast.Pass())
    return ast.unparse(tree)


def attack(lesson: Lesson, exercise: Exercise, took: float, until: float) -> None:
    """Have mutants judged, as many as there is time for.

    Args:
        lesson: where the exercise is prepared.
        exercise: it gets the mutants and the verdicts.
        took: seconds that the solution took.
        until: the end, by `time.monotonic`.
    """
    exercise.mutants = mutants(exercise.solution)
    fair = FAIR_S + FAIR_TIMES * took
    for mutant in exercise.mutants:
        left = until - time.monotonic()
        if left < took:
            return
        said = lesson.answer(exercise, mutant.source, min(left, fair))
        if said["status"] == TOO_SLOW and left < fair:
            return  # it might have come to an end
        exercise.verdicts.append(verdict(said))


def verdict(said: dict) -> str:
    """Say what became of a mutant by what its check said."""
    if said["status"] == TOO_SLOW:
        return TOO_SLOW
    if said["error"] or said["message"].startswith("Your code raised"):
        return RAISED
    return SURVIVED if said["status"] == "passed" else TOLD


def excuse(exercise: Exercise, entries: list[dict]) -> None:
    """Let survivors be as good as the solution; an entry that no survivor fits is a fault.

    Args:
        exercise: it gets the verdicts and the faults.
        entries: of mutants: `before`, `after` (a list: several may have one reason), `reason`.
    """
    for entry in entries:
        for after in entry["after"]:
            change = entry["before"], after
            fitting = [k for k, one in enumerate(exercise.mutants) if one.change == change]
            if not fitting:
                exercise.faults.append(f"As good, it says, and there is no such mutant: {after}")
            for place in fitting:
                if place >= len(exercise.verdicts):
                    continue  # it was not judged
                came = exercise.verdicts[place]
                if came == SURVIVED:
                    exercise.verdicts[place] = AS_GOOD
                else:
                    exercise.faults.append(f"As good, it says, and it is {came}: {after}")
