"""The training behind the playground: the learner's own Keras model, one step after another."""

import math
import time
from collections.abc import Callable

import numpy as np

from workshop.messages import say
from workshop.widgets.playground.choice import Choice

SIDE = 60  # values of the decision surface along each axis
EVERY = 20  # a row of the history after so many steps


class Training:
    """One model on one cloud of points, from its first step on.

    Every step is one `model.train_on_batch` with all the points. On the spiral this needs as few
    steps as mini-batches of 50 or 100 do, a step takes as long, and the loss curve is smooth.

    Args:
        build_model: function of (hidden_units, activation, learning_rate), gives a compiled model.
        cloud: points float32 (n, 2) and labels uint8 (n,).
        choice: the settings.

    Raises:
        ValueError: what `build_model` gave is not such a model. What `build_model` raises itself
            passes through.
    """

    def __init__(self, build_model: Callable, cloud: tuple, choice: Choice):
        self.points, self.labels = cloud
        self.step_count = 0
        self.history = {"step": [], "loss": [], "accuracy": []}
        self.loss = math.nan  # of the last step, once there was one
        self.bad_step = None  # the step whose loss was NaN or infinite
        self._targets = self.labels[:, None].astype(np.float32)
        self.extent = _extent(self.points)
        x, y = (np.linspace(low, high, SIDE, dtype=np.float32) for low, high in self.extent)
        grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        self._inputs = np.concatenate([self.points, grid])
        self.model = build_model(list(choice.hidden_units), choice.activation, choice.learning_rate)
        _check_model(self.model)
        outputs = np.asarray(self.model(self._inputs))
        _check_outputs(outputs, len(self._inputs))
        self._see(outputs)

    def _see(self, outputs):
        probabilities = outputs.reshape(-1)
        known, self.surface = np.split(probabilities, [len(self.points)])
        self.surface = self.surface.reshape(SIDE, SIDE)
        self.accuracy = self._accuracy(known)

    def _accuracy(self, probabilities):
        # NaN is on neither side of one half: wrong, also for the points of class 0.
        is_right = (probabilities > 0.5) == self.labels
        return float(np.mean(is_right & ~np.isnan(probabilities)))

    def advance(self, steps: int, *, seconds: float, until: Callable) -> None:
        """Take training steps.

        Args:
            steps: how many, unless one of the next two ends it earlier, or the loss is no number.
            seconds: for how long at most; at least one step is taken.
            until: asked before each step; true stops here.
        """
        end = time.perf_counter() + seconds
        last = self.step_count + steps
        while self.step_count < last and self.bad_step is None and not until():
            is_last = self.step_count + 1 == last or time.perf_counter() >= end
            is_row = self.step_count == 0 or (self.step_count + 1) % EVERY == 0
            self._step(exact=is_row or is_last)
            if is_row or self.bad_step is not None:
                self.record()
            if is_last:
                break

    def _step(self, *, exact):
        if exact and hasattr(self.model, "reset_metrics"):
            # Older versions of Keras return the mean loss of all steps since the last reset.
            self.model.reset_metrics()
        logs = self.model.train_on_batch(self.points, self._targets, return_dict=True)
        self.step_count += 1
        self.loss = float(logs["loss"])
        if not math.isfinite(self.loss):
            self.bad_step = self.step_count

    def record(self) -> None:
        """Add a row to the history: this step, its loss, and the accuracy after it."""
        if not self.step_count or self.history["step"][-1:] == [self.step_count]:
            return
        self.accuracy = self._accuracy(np.asarray(self.model(self.points)).reshape(-1))
        row = {"step": self.step_count, "loss": self.loss, "accuracy": self.accuracy}
        for name, value in row.items():
            self.history[name].append(value)

    def look(self) -> None:
        """Evaluate the decision surface and the accuracy of this step."""
        self._see(np.asarray(self.model(self._inputs)))


def _extent(points):
    # A square, so that the unit is the same along both axes.
    low, high = points.min(axis=0), points.max(axis=0)
    half = max(float((high - low).max()) * 0.55, 1e-3)
    return [(float(middle) - half, float(middle) + half) for middle in (low + high) / 2]


def _check_model(model):
    if not callable(model) or not hasattr(model, "train_on_batch"):
        raise ValueError(
            say(
                "Expected build_model to give a compiled Keras model, got {got}. End the function "
                "with `return model`.",
                got=type(model).__name__,
            )
        )
    if not getattr(model, "compiled", True):
        raise ValueError(
            say(
                "Expected build_model to give a compiled Keras model, got one that is not "
                'compiled. Call model.compile(optimizer, "binary_crossentropy") before `return '
                "model`."
            )
        )


def _check_outputs(outputs, count):
    if outputs.shape not in {(count, 1), (count,)}:
        raise ValueError(
            say(
                "Expected the model to give one probability per point, shape {expected} for "
                "{count} points, got {got}. End it with "
                'keras.layers.Dense(1, activation="sigmoid").',
                **{"expected": (count, 1), "count": count, "got": outputs.shape},
            )
        )
    known = outputs[~np.isnan(outputs)]
    if known.size and (known.min() < 0 or known.max() > 1):
        raise ValueError(
            say(
                "Expected the model to give probabilities, 0 to 1, got values from {low:.2f} to "
                '{high:.2f}. End it with keras.layers.Dense(1, activation="sigmoid").',
                **{"low": known.min(), "high": known.max()},
            )
        )
