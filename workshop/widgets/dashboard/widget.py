"""The live picture of a training: six panels that watch and never drive."""

import time
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from workshop.messages import say
from workshop.widgets.dashboard import summary
from workshop.widgets.dashboard.arrays import (
    as_given,
    as_images,
    as_labels,
    as_pair,
    as_quantiles,
    check_lengths,
)
from workshop.widgets.dashboard.history import History
from workshop.widgets.dashboard.output import Output
from workshop.widgets.dashboard.panels import read_batch, read_test
from workshop.widgets.script import script, style

HERE = Path(__file__).parent
# Evaluating and drawing may take this share of the time; slow models are drawn less often.
SHARE = 0.04


def _to_bytes(value, _widget):
    # The browser's bytes arrive as memoryview, which traitlets.Bytes refuses without a word.
    return bytes(value)


class TrainingDashboard(anywidget.AnyWidget):
    """Six live panels: this batch, test digits, loss, accuracy, spread of weights and biases.

    Show it in a cell, then hand it what your training loop knows anyway. When a cell that updated
    it ends, a still picture takes the place of the live one, so that the saved notebook shows the
    training anywhere. Its Stop button only sets `stopped`; interrupting the kernel (`except
    KeyboardInterrupt` around the loop) stops a training in every notebook program.

    Args:
        x_test: test images, (n, 28, 28), (n, 28, 28, 1) or (n, 784), on the scale that your model
            is trained on: 0..255, or floats such as 0..1.
        y_test: their labels, (n,) or one-hot (n, 10).
        test_examples: how many of them, from the first, to draw.
        updates_per_second: how often to draw at most.

    Raises:
        ValueError: images or labels of another shape, or of different lengths.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> x_test, y_test = rng.integers(0, 256, (50, 28, 28)), rng.integers(0, 10, 50)
        >>> dashboard = TrainingDashboard(x_test, y_test)
        >>> for step in range(1000):
        ...     images, labels, loss = x_test[:8], y_test[:8], 2.0  # your training step
        ...     if dashboard.due():
        ...         dashboard.update(
        ...             step,
        ...             batch=(images, labels, labels),
        ...             loss=(loss, 2.5),
        ...             test_predictions=y_test,
        ...         )
        ...         break
        >>> dashboard
        step 0 · loss: training 2.000, test 2.500 · accuracy: training 1.000, test 1.000

    Source:
        The six panels are those of M. Görner's "Learn TensorFlow and deep learning, without a
        Ph.D." (Apache 2.0); the code is new.
    """

    _esm = script(HERE / "widget.js")
    _css = style(HERE / "widget.css")

    _test_images = traitlets.Bytes().tag(sync=True, from_json=_to_bytes)
    _test_labels = traitlets.Bytes().tag(sync=True, from_json=_to_bytes)
    # Everything that changes travels as one value, so that a view never mixes two steps and a
    # reloaded page finds the last one.
    _state = traitlets.Dict().tag(sync=True)
    # True after the Stop button, until the next cell starts.
    stopped = traitlets.Bool(False).tag(sync=True)

    def __init__(self, x_test, y_test, *, test_examples: int = 1000, updates_per_second: float = 4):
        images, labels = as_given(x_test, "x_test"), as_labels(y_test, "y_test")
        check_lengths(x_test=images, y_test=labels)
        if updates_per_second <= 0 or test_examples < 1:
            raise ValueError(
                say(
                    "expected test_examples of at least 1 and updates_per_second above 0, got "
                    "{examples} and {updates}",
                    **{"examples": test_examples, "updates": updates_per_second},
                )
            )
        self._labels = labels
        # As they were handed in, for a model; copies, since the owner may go on working with them.
        self.x_test = images[:test_examples].copy()
        self.y_test = np.array(y_test[:test_examples])
        self._drawn = as_images(self.x_test), labels[:test_examples]
        self.doubt = ""  # of the callback: whether these digits are what the training gets
        super().__init__(
            _test_images=self._drawn[0].tobytes(),
            _test_labels=self._drawn[1].tobytes(),
        )
        self._period = 1 / updates_per_second
        self._output = Output(self)
        self._restart()

    def _restart(self):
        self._history = History()
        self._batch = self._test = self._waiting = self._asked = None
        self._costs = []
        self._next = 0.0
        self.stopped = False

    def due(self) -> bool:
        """Ask whether an update would be drawn now, to evaluate only when it will.

        Returns:
            True at the first call, and when enough time has passed since the last update: a part
            of a second, or longer where evaluating and drawing take long, so that they never
            take more than a small share of the training's time.
        """
        now = time.monotonic()
        if now < self._next:
            return False
        self._asked = now
        return True

    def update(
        self, step: int, *, batch=None, loss=None, test_predictions=None, weights=None, biases=None
    ) -> None:
        """Draw this step. What is left out keeps its last picture.

        Called more often than `due`, it keeps the newest values and draws them when the cell ends.
        A step that is smaller than the last one starts a new training with empty curves.

        Args:
            step: number of the training step, 0 or more.
            batch: (images, labels, predictions) of this batch; predictions are logits or
                probabilities (n, 10) or classes (n,). The first 100 are drawn.
            loss: (training, test), two numbers; either may be None. A single number is training.
            test_predictions: for the test images that are drawn (`dashboard.x_test`), or for all
                that the dashboard was made with.
            weights: array or list of arrays, any shapes.
            biases: the same for the biases.

        Raises:
            ValueError: wrong shapes, lengths that differ, classes outside 0..9.
        """
        given = {
            "batch": batch,
            "loss": loss,
            "test_predictions": test_predictions,
            "weights": weights,
            "biases": biases,
        }
        started = time.monotonic() if self._asked is None else self._asked
        if started < self._next:
            self._waiting = (step, given)
            return
        self._draw(step, given)
        self._asked = self._waiting = None
        self._pace(started, time.monotonic() - started)

    def _pace(self, started, seconds):
        # The first update traces the learner's functions and says nothing of the next ones; the
        # least of three is not the one that something else delayed.
        self._costs = [*self._costs[-3:], seconds]
        usual = min(self._costs[1:][-3:], default=0.0)
        self._next = started + max(self._period, usual / SHARE)

    def _draw(self, step, given):
        step = int(step)
        if self._history.last_step is not None and step < self._history.last_step:
            self._restart()
        self._history.add(step, **self._read(given))
        self._output.watch()
        self._publish(running=True)

    def _read(self, given):
        row = {}
        if given["batch"] is not None:
            self._batch, row["train_accuracy"] = read_batch(given["batch"])
        if given["test_predictions"] is not None:
            self._test, row["test_accuracy"] = read_test(
                given["test_predictions"], self._labels, shown=len(self.y_test)
            )
        if given["loss"] is not None:
            row["train_loss"], row["test_loss"] = as_pair(given["loss"])
        for name in ("weights", "biases"):
            if given[name] is not None:
                quantiles = as_quantiles(given[name], name)
                row |= {f"{name}_{index}": value for index, value in enumerate(quantiles)}
        # A row may be completed by a second call: what was not given must not erase.
        return {name: value for name, value in row.items() if not np.isnan(value)}

    def _publish(self, *, running):
        self._state = {
            "step": self._history.last_step,
            "running": running,
            "text": self.summary(),
            "note": self.note(),
            "batch": _as_buffers(self._batch),
            "test": _as_buffers(self._test),
            "history": self._history.as_bytes(),
        }

    def summary(self) -> str:
        """Say the newest numbers in one line.

        Returns:
            Such as "step 500 · loss: training 0.311, test 0.330 · accuracy: ...".
        """
        return summary.summary(self._history)

    def note(self) -> str:
        """Say what is wrong with what was handed in; empty when all is well."""
        warning = summary.warning(self._history, self._batch, self._test)
        return "\n".join(filter(None, [warning, self.doubt]))

    def figure(self):
        """Draw the six panels as a matplotlib figure, for a script or a file.

        Returns:
            A `matplotlib.figure.Figure`; save it with `figure.savefig("training.png")`.
        """
        from workshop.widgets.dashboard.figure import draw_dashboard

        images, labels = self._drawn
        test = self._test and {"images": images, "labels": labels, **self._test}
        title = "\n".join(filter(None, [self.summary(), self.note()]))
        return draw_dashboard(self._history.as_dict(), batch=self._batch, test=test, title=title)

    def finish(self) -> None:
        """Draw the last values and leave a still picture where the dashboard is shown.

        The end of a cell that updated the dashboard does this by itself, also when the cell was
        interrupted; call it to have it earlier.
        """
        if self._waiting is not None:
            (step, given), self._waiting = self._waiting, None
            self._draw(step, given)
        if len(self._history):
            self._publish(running=False)
        self._output.leave()

    def callback(self, x_train, y_train, *, examples: int = 1000):
        """Make a Keras callback that shows a training by `model.fit`.

        Keras does not hand its batches to callbacks. So the panels of the batch and the training
        curves show the same first `examples` training images each time, evaluated as the test
        images are: as `model.evaluate` would, with the images on the scale on which they were
        handed in, and the loss that the model was compiled with. The model gives logits or
        probabilities. Hand in what `fit` gets: where the loss of the training and that of these
        images tell of two scales, the dashboard says so.

        Args:
            x_train: training images, of the shapes and the scale of `x_test`.
            y_train: their labels.
            examples: how many of them to evaluate; the first 100 are drawn.

        Returns:
            A `keras.callbacks.Callback`: `model.fit(..., callbacks=[callback])`.

        Raises:
            ValueError: images or labels of another shape, of different lengths, or on another
                scale than the test images.
        """
        from workshop.widgets.dashboard.keras_callback import make_callback

        return make_callback(self, x_train, y_train, examples=examples)

    def __repr__(self):
        return self.summary()

    def _ipython_display_(self):
        self._output.show()


def _as_buffers(arrays):
    return arrays and {name: array.tobytes() for name, array in arrays.items()}
