"""Of lesson 11: models with a trap, a strict server, a folder of versions that is watched."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from workshop.checks.engine import not_yet
from workshop.messages import say


def models_with_a_trap() -> Iterator[tuple]:
    """Give small models with a layer of preprocessing in front, and inputs of each.

    Exported as they are, their batch normalisation takes mean and variance from the batch.

    Yields:
        A Keras model of inputs `(n, ...)`, and six inputs.

    Example:
        >>> next(models_with_a_trap())[1].shape
        (6, 6, 6, 1)
    """
    import keras
    from keras import layers

    rng = np.random.default_rng(11)
    for shape, front in (
        ((6, 6, 1), [layers.Resizing(4, 4)]),
        ((5, 7), [layers.Reshape((5, 7, 1)), layers.RandomTranslation(0.2, 0.2)]),
    ):
        behind = [layers.Flatten(), layers.Dense(5), layers.BatchNormalization(), layers.ReLU()]
        last = [layers.Dropout(0.5), layers.Dense(3)]
        model = keras.Sequential([keras.Input(shape), *front, *behind, *last])
        for weight in model.weights:
            if weight.dtype == "float32":  # not the state of a random layer
                weight.assign(rng.uniform(0.2, 1.5, weight.shape))  # above 0: some are variances
        yield model, rng.uniform(-1, 1, (6, *shape)).astype("float32")


class StrictServer:
    """Answers a request for predictions in TensorFlow Serving's words, and remembers its fault."""

    def __init__(self, images: np.ndarray, probabilities: np.ndarray):
        """Expect these images, and have an answer for them."""
        self._images, self._probabilities = images, probabilities
        self.asked, self._fault = False, ""

    def ask(self, body: object) -> tuple[int, str]:
        """Take a body, and give a status and a text."""
        self.asked = True
        self._fault = self._fault or self._fault_of(body)
        if self._fault:
            return 400, json.dumps({"error": self._fault})
        return 200, json.dumps({"predictions": self._probabilities.tolist()}, indent=4)

    def tell_fault(self) -> None:
        """End the check where something was wrong with a request."""
        if self._fault:
            not_yet("The server refused your request (400): {why}.", why=self._fault)

    def _fault_of(self, body: object) -> str:
        if not isinstance(body, str | bytes):
            return say("expected the body as text, got {kind}", kind=type(body).__name__)
        try:
            request = json.loads(body)
        except ValueError as error:
            return say("the body is no JSON: {why}", why=error)
        if not isinstance(request, dict) or set(request) - {"signature_name"} != {"instances"}:
            got = sorted(request) if isinstance(request, dict) else type(request).__name__
            return say('expected an object with the key "instances", got {got}', got=got)
        return self._fault_of_pixels(request["instances"])

    def _fault_of_pixels(self, instances: object) -> str:
        try:
            pixels = np.asarray(instances, dtype=float)
        except (TypeError, ValueError):
            return say('"instances": expected nested lists of numbers, of equal length')
        if pixels.shape != self._images.shape:
            return say(
                '"instances": expected shape {expected}, got {got}',
                **{"expected": self._images.shape, "got": pixels.shape},
            )
        if not np.allclose(pixels, self._images, rtol=0, atol=0.01):
            return say('"instances": expected the grey values as they are, got others')
        return ""


class WatchedFolder:
    """A folder of versions, looked at after each step of who adds one to it."""

    def __init__(self, place: Path, before: list[str]):
        """Make an export, and a folder that has these entries already."""
        self.export, self.base = place / "export", place / "digits"
        _write_model(self.export, "new")
        self.base.mkdir()
        for name in before:
            if name.endswith(".txt"):
                (self.base / name).touch()
            else:
                _write_model(self.base / name, name)
                if not name.isdigit():
                    (self.base / name / "rest").touch()
        self._new, self._before = contents(self.export), self.versions()
        self.number = max(map(int, self._before), default=0) + 1
        self.expected = self._before | {str(self.number): self._new}
        self.between: list[dict] = []  # what nobody may see

    def versions(self) -> dict[str, dict[str, bytes]]:
        """Give the contents of each version that a server would find now."""
        return {one.name: contents(one) for one in self.base.iterdir() if one.name.isdigit()}

    def is_untouched(self) -> bool:
        """Whether the export is still there, as it was."""
        return self.export.is_dir() and contents(self.export) == self._new

    def call(self, answer: Callable) -> object:
        """Call the answer, and look after each of its steps."""

        def look(_frame: object, event: str, _argument: object) -> None:
            if event == "c_return" and (now := self.versions()) not in (
                self._before,
                self.expected,
            ):
                self.between.append(now)

        before = sys.getprofile()
        sys.setprofile(look)
        try:
            return answer(self.export, self.base)
        finally:
            sys.setprofile(before)


def _write_model(folder: Path, text: str) -> None:
    """Write what looks like a SavedModel."""
    (folder / "variables").mkdir(parents=True)
    for name in ("saved_model.pb", "variables/variables.index", "variables/variables.data"):
        (folder / name).write_text(f"{name} {text}", encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Give the bytes of each file of a folder, by its path in it.

    Example:
        >>> "engine.py" in contents(Path(__file__).parent)
        True
    """
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
