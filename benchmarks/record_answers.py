"""Record what lesson 10 asks its network and what that says, for those who do not have it.

    python benchmarks/record_answers.py

Runs the lesson, solved, with EfficientNet-Lite0 (`start.py --with recognition`), and writes
workshop/recognition/recorded.npz: the mean colours of 49 squares of each picture that was asked
about, the 30 largest probabilities, and the Grad-CAMs. Run it again when the lesson asks about
something new; a test says so.
"""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from measure import command

from workshop.course import lessons, progress, solutions
from workshop.recognition.recorded import FILE, KEPT, parts_of


class Notes:
    """What a model was asked and what it said, each picture once."""

    def __init__(self) -> None:
        self.pictures: dict[bytes, np.ndarray] = {}
        self.answers: dict[bytes, np.ndarray] = {}
        self.cams: dict[tuple[bytes, int], np.ndarray] = {}

    def of_answers(self, predict: Callable) -> Callable:
        """Wrap a model's `predict`, so that it takes notes."""

        def noted(x: np.ndarray, *given: object, **options: object) -> np.ndarray:
            answers = predict(x, *given, **options)
            for picture, answer in zip(x, answers, strict=True):
                self.answers[self._key(picture)] = answer
            return answers

        return noted

    def of_cams(self, grad_cam: Callable) -> Callable:
        """Wrap the lesson's `grad_cam` likewise."""

        def noted(pictures: np.ndarray, classes: list[int]) -> np.ndarray:
            cams = grad_cam(pictures, classes)
            for picture, k, cam in zip(pictures, classes, cams, strict=True):
                self.cams[self._key(picture), k] = cam
            return cams

        return noted

    def _key(self, picture: np.ndarray) -> bytes:
        part = parts_of(np.asarray(picture)[None])[0].astype(np.float16)
        self.pictures[part.tobytes()] = part
        return part.tobytes()

    def write(self, path: Path) -> None:
        """Write them all to a file."""
        keys = list(self.answers)
        answers = np.array([self.answers[key] for key in keys])
        largest = np.argsort(-answers, axis=1)[:, :KEPT]
        np.savez_compressed(
            path,
            pictures=np.array([self.pictures[key] for key in keys]),
            classes=largest.astype(np.uint16),
            probabilities=np.take_along_axis(answers, largest, axis=1),
            cams=np.array(
                [[keys.index(key), k, *cam.ravel()] for (key, k), cam in self.cams.items()],
                dtype=np.float32,
            ),
        )


def run(notes: Notes) -> dict:
    """Run lesson 10, solved, with a model that takes notes; give the names that it binds."""
    names: dict = {}
    for cell in solutions.solve(lessons.find("10")).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, cell.id, "exec"), names)
            if "efficientnet_lite0()" in cell.source:
                names["model"].predict = notes.of_answers(names["model"].predict)
            elif "def grad_cam" in cell.source:
                names["grad_cam"] = notes.of_cams(names["grad_cam"])
    return names


def main() -> None:
    """Run the lesson, ask a little more, and write."""
    os.environ["WORKSHOP_STRICT"] = "1"
    progress.record_nothing()
    import matplotlib as mpl

    mpl.use("Agg")
    notes = Notes()
    names = run(notes)
    # Each photograph in each frame and with each change: something to play with.
    framed = [
        frame(x).numpy() for x in names["photos"].values() for frame in names["frames"].values()
    ]
    changed = [change(x) for x in names["framed"].values() for change in names["changes"].values()]
    names["ask"](framed + changed)
    notes.write(FILE)
    print(f"{len(notes.answers)} answers, {FILE.stat().st_size / 1000:.0f} kB: {FILE}")


if __name__ == "__main__":
    command(main)
