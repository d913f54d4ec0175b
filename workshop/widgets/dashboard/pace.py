"""When a dashboard draws: each of the first steps, where the learning is, then what is cheap."""

import time

# The steps in which the learning is to be seen, and how long each of their pictures stays at least:
# an eye needs 40 ms, and the page a little to draw it.
FIRST, SEEN = 100, 0.05
# Afterwards evaluating and drawing may take this share of the time; slow models are drawn less
# often.
SHARE = 0.04
STILL = 0.75  # seconds without a picture, after which one is drawn whatever the scale says


class Pace:
    """Decides at which steps a training is drawn.

    Steps on a logarithmic scale: 1, 2, 3, ..., 16, 18, ..., 81, 91, then each an eighth after the
    last one. Of the first hundred each is drawn; later ones only as far as the time allows.

    Args:
        updates_per_second: how often to draw at most, after the first steps.
        stretch: draw the first steps whatever it costs, and slowly enough to be seen.

    Example:
        >>> pace = Pace(4, stretch=True)
        >>> drawn = []
        >>> for step in range(1, 101):
        ...     if pace.due(step, now=0.0):
        ...         pace.drew(step, started=0.0, seconds=0.01)
        ...         drawn.append(step)
        >>> drawn[::6], len(drawn)
        ([1, 7, 13, 22, 41, 81], 32)
    """

    def __init__(self, updates_per_second: float, *, stretch: bool):
        self._period, self._stretch = 1 / updates_per_second, stretch
        self._step = self._time = 0.0  # from which on the next picture may be drawn
        self._costs = []
        self._seen = 0.0  # until when the picture shown should stay

    def due(self, step: int, now: float) -> bool:
        """Tell whether to draw.

        Args:
            step: number of the training step.
            now: seconds of a clock that never goes back.
        """
        if self._stretch and step <= FIRST:
            return step >= self._step
        if now < self._time:
            return False
        return step >= self._step or now >= self._time + STILL

    def wait(self) -> float:
        """Sleep until the picture that is shown was there long enough to be seen.

        Returns:
            The seconds that it took.
        """
        seconds = max(0.0, self._seen - time.monotonic())
        time.sleep(seconds)
        return seconds

    def drew(self, step: int, started: float, seconds: float) -> None:
        """Take note of a picture.

        Args:
            step: that was drawn.
            started: when evaluating began.
            seconds: what evaluating and drawing took, without the wait.
        """
        # The first update traces the learner's functions and says nothing of the next ones; the
        # least of three is not the one that something else delayed.
        self._costs = [*self._costs[-3:], seconds]
        usual = min(self._costs[1:][-3:], default=0.0)
        self._time = started + max(self._period, usual / SHARE)
        self._step = step + max(1, step // 8)
        if self._stretch and step <= FIRST:
            self._seen = time.monotonic() + SEEN
