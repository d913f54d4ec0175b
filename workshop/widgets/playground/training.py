"""The training behind the playground: the learner's own Keras model, one step after another."""

import math
import time
from collections.abc import Callable

import numpy as np

from workshop.messages import say
from workshop.widgets.playground.choice import Choice
from workshop.widgets.playground.clouds import Cloud
from workshop.widgets.playground.network import Network, keras_code

SIDE = 60  # values of the decision surface along each axis
EVERY = 20  # a row of the history after so many steps
# A training is over when its loss has been below LOW for so many steps, or has not fallen by the
# share LEAST for so many, or after so many.
LOW, LOW_FOR = 1e-3, 500
LEAST, SETTLED = 0.01, 2000
LONG = 10_000


class Ending:
    """Notices that a training has nothing more to show, so that nobody has to press Pause.

    Args:
        step: from which step on it looks.
    """

    def __init__(self, step: int = 0):
        self.start = self._best_at = self._high_at = self.last = step
        self._best = math.inf

    def see(self, step: int, loss: float) -> None:
        """Take note of a step's loss."""
        self.last = step
        if loss >= LOW:
            self._high_at = step
        if loss < self._best * (1 - LEAST):
            self._best, self._best_at = loss, step

    @property
    def stale(self) -> int:
        """Number of steps since the loss was plainly better than ever before."""
        return self.last - self._best_at

    @property
    def why(self) -> str:
        """The reason to stop: "converged", "settled", "long", or "" where there is none."""
        if self.last - self._high_at >= LOW_FOR:
            return "converged"
        if self.stale >= SETTLED:
            return "settled"
        return "long" if self.last - self.start >= LONG else ""


class Training:
    """One model on one cloud of points, from its first step on.

    Every step is one `model.train_on_batch` with all the points that are not for testing. On the
    spiral this needs as few steps as mini-batches of 50 or 100 do, a step takes as long, and the
    loss curve is smooth.

    Args:
        build_model: function of (hidden_units, activation, learning_rate), gives a compiled model.
        cloud: the points.
        choice: the settings.

    Raises:
        ValueError: what `build_model` gave is not such a model. What `build_model` raises itself
            passes through.
    """

    def __init__(self, build_model: Callable, cloud: Cloud, choice: Choice):
        self.step_count = 0
        self.history = {"step": [], "loss": [], "accuracy": []}
        if choice.testing:
            self.history |= {"test_loss": [], "test_accuracy": []}
        self.loss = math.nan  # of the last step, once there was one
        self.bad_step = None  # the step whose loss was NaN or infinite
        self.first, self.peak = math.nan, (0, 0.0)  # first loss; the step of the highest, and that
        self.ending = Ending()
        self.model = build_model(list(choice.hidden_units), choice.activation, choice.learning_rate)
        _check_model(self.model)
        self.cloud = cloud
        self._take(cloud)
        outputs = np.asarray(self.model(self._inputs))
        _check_outputs(outputs, len(self._inputs))
        self._network = Network(self.model, cloud.extent)
        self.left_out, self.code = self._network.left_out, keras_code(self.model, choice)
        self.columns = self._network.columns()
        self._see(outputs)

    def take(self, cloud: Cloud) -> None:
        """Go on with other points; the model stays."""
        self._take(cloud)
        self.ending = Ending(self.step_count)
        self.look()

    def _take(self, cloud):
        self.cloud = cloud
        self._points, labels = cloud.to_train
        self._targets = labels[:, None].astype(np.float32)
        x, y = (np.linspace(low, high, SIDE, dtype=np.float32) for low, high in cloud.extent)
        grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        self._inputs = np.concatenate([cloud.points, grid])

    @property
    def has_points(self) -> bool:
        """Whether there is anything to train on."""
        return len(self._points) > 0

    def _see(self, outputs):
        known, self.surface = np.split(outputs.reshape(-1), [len(self.cloud.points)])
        self.surface = self.surface.reshape(SIDE, SIDE)
        self._judge(known)

    def _judge(self, probabilities):
        # NaN is on neither side of one half: wrong, also for the points of class 0.
        is_right = ((probabilities > 0.5) == self.cloud.labels) & ~np.isnan(probabilities)
        tested = self.cloud.tested
        self.accuracy = _share(is_right[~tested])
        self.test_accuracy = _share(is_right[tested])
        self._tested_outputs = probabilities[tested]

    @property
    def test_loss(self) -> float:
        """The loss on the points for testing, as Keras computes it; NaN where there are none."""
        if not self.cloud.tested.any():
            return math.nan
        outputs = self._tested_outputs[:, None].astype(np.float32)
        targets = self.cloud.labels[self.cloud.tested][:, None].astype(np.float32)
        if hasattr(self.model, "compute_loss"):
            return float(self.model.compute_loss(None, targets, outputs, training=False))
        inside = np.clip(outputs, 1e-7, 1 - 1e-7)
        return float(-np.mean(np.log(np.where(targets == 1, inside, 1 - inside))))

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
        logs = self.model.train_on_batch(self._points, self._targets, return_dict=True)
        self.step_count += 1
        self.loss = float(logs["loss"])
        if self.step_count == 1:
            self.first = self.loss
        if self.loss > self.peak[1]:
            self.peak = (self.step_count, self.loss)
        self.ending.see(self.step_count, self.loss)
        if not math.isfinite(self.loss):
            self.bad_step = self.step_count

    def record(self) -> None:
        """Add a row to the history: this step, its loss, and the accuracy after it."""
        if not self.step_count or self.history["step"][-1:] == [self.step_count]:
            return
        self._judge(np.asarray(self.model(self.cloud.points)).reshape(-1))
        row = {"step": self.step_count, "loss": self.loss, "accuracy": self.accuracy}
        row |= {"test_loss": self.test_loss, "test_accuracy": self.test_accuracy}
        for name, values in self.history.items():
            values.append(row[name])

    def look(self) -> None:
        """Evaluate the decision surface, the units, and the accuracy of this step."""
        self._see(np.asarray(self.model(self._inputs)))
        self.columns = self._network.columns()


def _share(are_right):
    return float(np.mean(are_right)) if len(are_right) else math.nan


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
