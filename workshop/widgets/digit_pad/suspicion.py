"""Whether a model was trained on digits of another scale than those that the pad gives it."""

import time
from functools import cache
from importlib.resources import files

import numpy as np

from workshop.messages import say
from workshop.widgets.digit_pad.predict import CLASSES, ask, shape_for
from workshop.widgets.scales import SCALES, probabilities, reading

SHARE = 0.05  # of the time
PATIENCE_S = 1.0  # a model that takes longer for the sample would make the next stroke wait
GOOD = 0.97  # share of right answers: no other scale can be much better
COUNT = 300  # sample digits: their share of right answers is known to 2 %
# A model that reads less than this on a scale was not trained on it; the last scale is like others.
LEARNT, LEARNT_LAST = 0.5, 0.85
SPREADS = 3.0  # so much better is not by chance
# Equally good, but far too sure on the pad's scale, and as sure as it is right on the other.
TOO_SURE, AS_SURE, LOW_LOSS, TIMES = 0.05, 0.15, 1.0, 2.0


class Suspicion:
    """What is suspected of a model, which may be trained further.

    Args:
        model: as for `suspicion`; None where there is none.
    """

    def __init__(self, model):
        self._model, self._next = model, 0.0
        self.said = ""

    def look(self) -> bool:
        """Ask the model again, unless that would take more than a small share of the time.

        Returns:
            Whether `said` is another sentence now.
        """
        started = time.monotonic()
        if self._model is None or started < self._next:
            return False
        before, self.said = self.said, suspicion(self._model)
        self._next = started + (time.monotonic() - started) / SHARE
        return self.said != before


def suspicion(model) -> str:
    """Compare how a model reads sample digits on the pad's scale and on others.

    Args:
        model: any callable of images (n, 28, 28), as the pad has it.

    Returns:
        A sentence with what would put it right; empty where nothing is suspicious, where the model
        knows no digits yet, and where it can't be asked about many digits at once.
    """
    images, labels = samples()
    started = time.monotonic()
    here = _scores(model, images)
    if here is None or time.monotonic() - started > PATIENCE_S:
        return ""
    if reading(here, labels).right >= GOOD:
        return ""
    found = []
    for scale in SCALES[1:]:
        scores = _scores(model, scale.make(images).astype(np.float32))
        if scores is not None and _is_better(scores, here, labels, scale is SCALES[-1]):
            found.append((_badness(scores, labels, scale), scale.code, scores))
    if not found:
        return ""
    _, code, there = min(found, key=lambda one: one[0])
    shape = shape_for(model, images)
    if shape != images.shape:
        code = code.replace("images", f"images.reshape{(-1, *shape[1:])}")
    read = {"here": reading(here, labels), "there": reading(there, labels)}
    return say(
        "Of {count} sample digits this model reads {here.right:.0%} as the pad gives them (0 for "
        "the paper to 255 for the ink), {here.sure:.0%} sure, and {there.right:.0%} given as "
        "{code}, {there.sure:.0%} sure. It seems to be trained on that scale. Try: pad.model = "
        "lambda images: model({code})",
        **{"count": len(labels), "code": code, **read},
    )


@cache
def samples() -> tuple[np.ndarray, np.ndarray]:
    """Give digits of the packaged sample, float32 (n, 28, 28), 0..255, and their classes."""
    with (files("workshop") / "data" / "sample" / "digits.npz").open("rb") as file:
        arrays = np.load(file)
        return arrays["x_test"][:COUNT].astype(np.float32), arrays["y_test"][:COUNT]


def _scores(model, images):
    try:
        scores = np.asarray(ask(model, images), dtype=np.float32)
    except Exception:  # noqa: BLE001 - the learner's model; what it raises for one digit is shown
        return None
    if scores.shape != (len(images), CLASSES) or not np.isfinite(scores).all():
        return None
    return scores


def _is_better(there, here, labels, is_last):
    right, right_here = (probabilities(s).argmax(axis=1) == labels for s in (there, here))
    a, b = reading(there, labels), reading(here, labels)
    if a.right < (LEARNT_LAST if is_last else LEARNT):
        return False
    won, lost = np.sum(right & ~right_here), np.sum(right_here & ~right)
    if won > lost and won - lost >= SPREADS * np.sqrt(won + lost):
        return True
    is_calm = abs(a.sure - a.right) <= AS_SURE and a.loss < LOW_LOSS
    is_as_good = a.right >= b.right - 1 / np.sqrt(len(labels))
    return is_calm and is_as_good and b.sure - b.right > TOO_SURE and b.loss > TIMES * a.loss


def _badness(scores, labels, scale):
    read = reading(scores, labels)
    return read.loss * (1 if scale is SCALES[-1] else 0.7) + 3 * (1 - read.right)
