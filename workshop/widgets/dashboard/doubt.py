"""Whether the dashboard got digits on another scale than `fit`.

Keras shows callbacks no data. But it tells the loss of the training: where the same model has a
far larger one on the digits of the dashboard, and that very one on another scale, it is the scale.
"""

from collections.abc import Callable

import numpy as np

from workshop.messages import say
from workshop.widgets.dashboard.arrays import as_images, as_labels
from workshop.widgets.scales import SCALES, reading, words

FEWEST, MOST = 20, 200  # digits that are asked on each scale
# How many times another loss: suspicious, certain, and the same.
SUSPICIOUS, CERTAIN, SAME = 1.5, 5.0, 1.3
# Batch normalisation lags behind its training: so much larger, where the one shown is far larger.
LAGGING, FAR = 3.0, 10.0
LEARNT = 0.5  # share of right answers: who knows nothing has no scale
AS_GOOD = 0.02  # of that share
UNSURE = 1.5  # cross-entropy of a model that is right, but asked on a scale far too small
RARER = 0.7  # the last scale resembles others: it must explain the loss so much better
LARGE_OR_SMALL = SCALES[:2]  # a loss that looks too good is for these two only


class Doubt:
    """Compares what the training tells with what the dashboard shows.

    Args:
        images: training digits as they were handed in, (n, ...).
        labels: their labels, (n,) or one-hot.
    """

    def __init__(self, images: np.ndarray, labels: np.ndarray):
        given = images[:MOST]
        pixels = as_images(given).astype(np.float32)
        pixels = 255 - pixels if pixels.size and pixels.mean() > 127 else pixels
        made = {scale: scale.make(pixels).reshape(given.shape) for scale in SCALES}
        self._others = {
            scale: there
            for scale, there in made.items()
            if not np.allclose(np.asarray(given, np.float32), there, atol=0.02)
        }
        self._labels, self._classes = labels[:MOST], as_labels(labels[:MOST])
        self._looks = 0
        self.said = ""  # a sentence while there is reason to doubt

    def look(
        self, told: float, shown: float, scores: np.ndarray, evaluate: Callable, *, last: bool
    ) -> None:
        """Look whether another scale explains the loss better, and set `said`.

        Args:
            told: the loss that the training tells.
            shown: the loss of the digits that were handed in.
            scores: what the model says of them, (n, 10).
            evaluate: gives scores and loss of other images and their labels.
            last: the training has ended; until then a loss can be behind for other reasons.
        """
        is_apart = shown > (SUSPICIOUS if last else CERTAIN) * told
        is_apart = is_apart or (last and told > SUSPICIOUS * shown)
        if len(self._labels) < FEWEST or not (told > 0 and is_apart):
            self.said = ""
            return
        self._looks += 1
        # A model can have other reasons to be worse here, so it is not asked each time.
        if last or self.said or not self._looks & (self._looks - 1):
            self.said = self._explain(told, shown, reading(scores[:MOST], self._classes), evaluate)

    def _explain(self, told, shown, here, evaluate):
        limit = np.inf if shown > CERTAIN * told else UNSURE
        found = []
        for scale, images in self._others.items():
            scores, loss = evaluate(images, self._labels)
            there = reading(scores, self._classes)
            is_good = there.right >= max(here.right - AS_GOOD, LEARNT) and there.loss <= limit
            if is_good and _explains(scale, loss, told, shown):
                found.append((loss * (RARER if scale != SCALES[-1] else 1), loss, scale))
        if not found:
            return ""
        _, loss, scale = min(found, key=lambda one: one[0])
        return say(
            "The loss of the training is {told:.3f}, but on the digits that the dashboard was "
            "given it is {shown:.3f}, and with values from {scale} it would be {there:.3f}. Give "
            "TrainingDashboard and its callback the digits as fit gets them.",
            **{"told": told, "shown": shown, "there": loss, "scale": words(scale)},
        )


def _explains(scale, loss, told, shown):
    if shown < told:
        return scale in LARGE_OR_SMALL and told / SAME <= loss <= told * SAME
    return loss <= SAME * told or (loss <= LAGGING * told and loss * FAR <= shown)
