"""A lesson whose cells run as far as its exercises need them."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from strength.cells import names_read, needed
from strength.learner import TOO_SLOW, Learner
from strength.mutants import Mutant, split_magic
from workshop.course import lessons, solutions

CELLS_S = 600  # for the cells before an exercise
GRACE_S = 2  # from the interrupt of an answer to the end of its process


@dataclass
class Exercise:
    """An exercise, and what came of it.

    Args:
        number: such as "2-1".
        name: that of its check.
        place: of its cell among the code cells of the lesson.
        placeholder: the text of its cell.
        solution: the text that fills it.
        check: the text of the check's cell.
        faults: what was not as it has to be, in sentences.
        mutants: all that were made.
        verdicts: what became of the first of them, which were judged.
    """

    number: str
    name: str
    place: int
    placeholder: str
    solution: str
    check: str
    faults: list[str] = field(default_factory=list)
    mutants: list[Mutant] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)

    def judged(self, verdict: str) -> list[Mutant]:
        """Give the mutants with a verdict."""
        pairs = zip(self.mutants, self.verdicts, strict=False)
        return [mutant for mutant, came in pairs if came == verdict]


class Lesson:
    """The exercises of a lesson, and its cells in a process.

    Args:
        path: the notebook.
        learner: the process.
    """

    def __init__(self, path: Path, learner: Learner):
        """Read the lesson and find out what each exercise needs."""
        self.exercises, self._cells = read(path)
        self._learner, self._done = learner, set()
        self._needs = {
            one.number: needed(
                self._cells[: one.place],
                names_read(split_magic(one.solution)[1]) | names_read(one.check),
            )
            for one in self.exercises
        }

    def prepare(self, exercise: Exercise) -> str | None:
        """Run the cells before an exercise that it and later ones need; gives what went wrong."""
        later = [one for one in self.exercises if one.place >= exercise.place]
        chosen = {place for one in later for place in self._needs[one.number][0]}
        places = sorted(place for place in chosen - self._done if place < exercise.place)
        cells, needs = [self._cells[k] for k in places], sorted(self._needs[exercise.number][1])
        said = self._learner.ask(CELLS_S, "lesson", cells=cells, needs=needs)
        self._done.update(places)
        return said["error"] if said else self._lost("The cells before the exercise")

    def answer(self, exercise: Exercise, source: str, limit: float, solution: str = "") -> dict:
        """Have an answer judged; after one that got stuck the lesson is prepared anew.

        Args:
            exercise: a prepared one.
            source: the text of the answer.
            limit: seconds for it and its check.
            solution: a text that the check must not take.

        Returns:
            What `Room.answer` gives.
        """
        what = {"source": source, "check": exercise.check, "limit": limit, "solution": solution}
        if said := self._learner.ask(limit + GRACE_S, "answer", **what):
            return said
        error = self._lost("The answer")
        self.prepare(exercise)
        return {"status": TOO_SLOW, "message": "", "error": error, "seen": [], "seconds": limit}

    def _lost(self, what: str) -> str:
        self._done.clear()
        return f"{what} ended the process, or did not come to an end."


def read(path: Path) -> tuple[list[Exercise], list[str]]:
    """Read a lesson.

    Args:
        path: the notebook.

    Returns:
        Its exercises, and the texts of its code cells, "" for those of exercises and checks.
    """
    filled = [cell.source for cell in solutions.solve(path).cells if cell.cell_type == "code"]
    cells = [cell for cell in lessons.read(path).cells if cell.cell_type == "code"]
    exercises, sources = [], [cell.source for cell in cells]
    for place, cell in enumerate(cells):
        for tag in cell.metadata.get("tags", []):
            if match := lessons.EXERCISE_TAG.fullmatch(tag):
                check = cells[place + 1].source
                name = re.match(r"(?:\w+\.)*(\w+)", check)[1]
                texts = cell.source, filled[place], check
                exercises.append(Exercise(match[1], name, place, *texts))
                sources[place] = sources[place + 1] = ""
    return exercises, sources
