"""What the network said of the lesson's own pictures, for those who do not have it."""

from pathlib import Path
from types import MappingProxyType

import numpy as np

from workshop.messages import say

FILE = Path(__file__).parent / "recorded.npz"
SIDE, CLASSES, PARTS = 224, 1000, 7
KEPT = 30  # classes of each answer
NEAR = 1 / 255  # of a picture's brightest part, that one which is the same may be off


class NotRecorded(LookupError):
    """A picture that the network was not asked about."""


class RecordedAnswers:
    """Stands in for the network: looks up what `efficientnet_lite0` said when it was asked.

    Of each answer the 30 largest probabilities are kept; the other classes share the rest evenly.
    `recorded.npz` is made by `python benchmarks/record_answers.py`, which runs lesson 10 with the
    network and keeps what it was asked and what it said.

    Attributes:
        name: as a Keras model has it; it says that nothing is computed here.
        input_shape: of the pixels, 0..255, as the network has it.
        output_shape: of the probabilities.

    Example:
        >>> RecordedAnswers().name, RecordedAnswers().output_shape
        ('recorded answers', (None, 1000))
    """

    name = "recorded answers"
    input_shape = (None, SIDE, SIDE, 3)
    output_shape = (None, CLASSES)

    def __init__(self) -> None:
        with np.load(FILE) as file:
            arrays = MappingProxyType({name: file[name] for name in file.files})
        self._pictures = arrays["pictures"].astype(np.float32)
        self._classes, self._probabilities = arrays["classes"], arrays["probabilities"]
        self._cams = arrays["cams"]

    def predict(self, x: np.ndarray, batch_size: int | None = None, **options: object):
        """Look the answers up.

        Args:
            x: pixels `(n, 224, 224, 3)`, 0..255.
            batch_size: taken as Keras's `predict` takes it, without a use here.
            **options: likewise.

        Returns:
            Probabilities `(n, 1000)`, float32, a new array.

        Raises:
            NotRecorded: it was not asked about one of the pictures.
            ValueError: the pixels have another shape.
        """
        found = [self._find(part) for part in parts_of(x)]
        answers = np.zeros((len(found), CLASSES), np.float32)
        for answer, place in zip(answers, found, strict=True):
            largest = self._probabilities[place].astype(np.float32)
            answer[:] = max(1 - largest.sum(), 0) / (CLASSES - KEPT)
            answer[self._classes[place]] = largest
        return answers

    def grad_cam(self, pictures: np.ndarray, classes: list[int]) -> np.ndarray:
        """Look up the lesson's Grad-CAMs.

        Args:
            pictures: pixels `(n, 224, 224, 3)`, 0..255.
            classes: one per picture, numbers of 0..999.

        Returns:
            `(n, 7, 7)`, float32, a new array.

        Raises:
            NotRecorded: one was not made, for this picture and class.
        """
        cams = {(row, k): cam for row, k, *cam in self._cams}
        asked = [(self._find(part), k) for part, k in zip(parts_of(pictures), classes, strict=True)]
        if missing := [k for place, k in asked if (place, k) not in cams]:
            raise NotRecorded(
                say("Grad-CAM was not recorded for class {k} of this picture.", k=missing[0])
            )
        return np.array([cams[one] for one in asked], np.float32).reshape(-1, PARTS, PARTS)

    def _find(self, part: np.ndarray) -> int:
        off = np.abs(self._pictures - part).max((1, 2, 3))
        place = int(off.argmin())
        if not off[place] <= NEAR * max(np.abs(self._pictures[place]).max(), 1e-6):
            raise NotRecorded(
                say(
                    "The network is not here, and this picture is none of those for which its "
                    "answers were recorded. This brings it (17 MB): python3 start.py --with "
                    "recognition"
                )
            )
        return place


def parts_of(x: np.ndarray) -> np.ndarray:
    """Give the mean of each of 49 squares of pictures, by which they are told apart.

    Args:
        x: pixels `(n, 224, 224, 3)`.

    Returns:
        float32 `(n, 7, 7, 3)`, a new array.

    Raises:
        ValueError: the pixels have another shape.
    """
    x = np.asarray(x, dtype=np.float32)
    if x.shape[1:] != (SIDE, SIDE, 3):
        raise ValueError(say("expected pixels of shape (n, 224, 224, 3), got {got}", got=x.shape))
    size = SIDE // PARTS
    return x.reshape(-1, PARTS, size, PARTS, size, 3).mean((2, 4))
