"""The live picture of a training: six panels that watch and never drive."""

import time
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from workshop.messages import say
from workshop.widgets import still
from workshop.widgets.dashboard import summary
from workshop.widgets.dashboard.arrays import (
    as_given,
    as_images,
    as_labels,
    check_lengths,
)
from workshop.widgets.dashboard.history import History
from workshop.widgets.dashboard.pace import Pace
from workshop.widgets.dashboard.panels import read
from workshop.widgets.script import script, style

HERE = Path(__file__).parent


def _to_bytes(value, _widget):
    # The browser's bytes arrive as memoryview, which traitlets.Bytes refuses without a word.
    return bytes(value)


class TrainingDashboard(anywidget.AnyWidget):
    """Six live panels: this batch, validation digits, loss, accuracy, spread of weights and biases.

    Show it in the cell of your training loop, and hand it what the loop knows anyway. A picture of
    its last state stays in the notebook, and is the view where no kernel runs. Its Stop button only
    sets `stopped`; interrupting the kernel (`except KeyboardInterrupt` around the loop) stops a
    training in every notebook program.

    Args:
        x_val: validation images, (n, 28, 28), (n, 28, 28, 1) or (n, 784), on the scale that your
            model is trained on: 0..255, or floats such as 0..1.
        y_val: their labels, (n,) or one-hot (n, 10).
        val_examples: how many of them, from the first, to draw.
        updates_per_second: how often to draw at most, after the first steps.
        stretch: draw about thirty of the first hundred steps, each for at least 40 ms, so that the
            learning is seen: one to two seconds more. False for a training at its own speed.

    Raises:
        ValueError: images or labels of another shape, or of different lengths.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> x_val, y_val = rng.integers(0, 256, (50, 28, 28)), rng.integers(0, 10, 50)
        >>> dashboard = TrainingDashboard(x_val, y_val)
        >>> for step in range(1, 1001):
        ...     images, labels, loss = x_val[:8], y_val[:8], 2.0  # your training step
        ...     if dashboard.due(step):
        ...         dashboard.update(
        ...             step,
        ...             batch=(images, labels, labels),
        ...             loss=(loss, 2.5),
        ...             val_predictions=y_val,
        ...         )
        ...         break
        >>> dashboard
        step 1 · loss: training 2.000, validation 2.500 · accuracy: training 1.000, validation 1.000

    Source:
        The six panels are those of M. Görner's "Learn TensorFlow and deep learning, without a
        Ph.D." (Apache 2.0); the code is new.
    """

    _esm = script(HERE / "widget.js")
    _css = style(HERE / "widget.css")

    _val_images = traitlets.Bytes().tag(sync=True, from_json=_to_bytes)
    _val_labels = traitlets.Bytes().tag(sync=True, from_json=_to_bytes)
    # Everything that changes travels as one value, so that a view never mixes two steps and a
    # reloaded page finds the last one.
    _state = traitlets.Dict().tag(sync=True)
    # Whether this kernel hears the button while a cell runs.
    _hears = traitlets.Bool().tag(sync=True)
    # True after the Stop button, until the next cell starts.
    stopped = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        x_val,
        y_val,
        *,
        val_examples: int = 1000,
        updates_per_second: float = 4,
        stretch: bool = True,
    ):
        images, labels = as_given(x_val, "x_val"), as_labels(y_val, "y_val")
        check_lengths(x_val=images, y_val=labels)
        if updates_per_second <= 0 or val_examples < 1:
            raise ValueError(
                say(
                    "expected val_examples of at least 1 and updates_per_second above 0, got "
                    "{examples} and {updates}",
                    **{"examples": val_examples, "updates": updates_per_second},
                )
            )
        self._labels = labels
        # As they were handed in, for a model; copies, since the owner may go on working with them.
        self.x_val = images[:val_examples].copy()
        self.y_val = np.array(y_val[:val_examples])
        self._drawn = as_images(self.x_val), labels[:val_examples]
        self.doubt = ""  # of the callback: whether these digits are what the training gets
        super().__init__(
            _val_images=self._drawn[0].tobytes(),
            _val_labels=self._drawn[1].tobytes(),
            _hears=still.hears_buttons(),
        )
        self._updates_per_second, self._stretch = updates_per_second, stretch
        self._still = still.Still(self, name="training-dashboard", draw=self._picture)
        self._take_back = None  # while a cell updates the dashboard
        self._restart()

    def _restart(self):
        self._history = History()
        self._pace = Pace(self._updates_per_second, stretch=self._stretch)
        self._digits = {"batch": None, "validation": None}
        self._waiting = self._asked = None
        self.stopped = False

    def due(self, step: int) -> bool:
        """Ask whether an update would be drawn now, to evaluate only when it will.

        Args:
            step: number of the training step, from 1 on.

        Returns:
            True at the first call, at about thirty of the first hundred steps and, later, when
            enough time has passed since the last update, so that evaluating and drawing never take
            more than a small share of the training's time.
        """
        now = time.monotonic()
        is_due = self._is_due(step, now)
        self._asked = now if is_due else None
        return is_due

    def _is_due(self, step, now):
        return self._is_new(step) or self._pace.due(step, now)

    def _is_new(self, step):
        return self._history.last_step is not None and step < self._history.last_step

    def update(
        self, step: int, *, batch=None, loss=None, val_predictions=None, weights=None, biases=None
    ) -> None:
        """Draw this step. What is left out keeps its last picture.

        Called more often than `due`, it keeps the newest values and draws them when the cell ends.
        A step that is smaller than the last one starts a new training.

        Args:
            step: number of the training step, 0 or more.
            batch: (images, labels, predictions) of this batch; predictions are logits or
                probabilities (n, 10) or classes (n,). The first 100 are drawn.
            loss: (training, validation), two numbers; either may be None. A single number is that
                of the training.
            val_predictions: for the validation images that are drawn (`dashboard.x_val`), or for
                all that the dashboard was made with.
            weights: array or list of arrays, any shapes.
            biases: the same for the biases.

        Raises:
            ValueError: wrong shapes, lengths that differ, classes outside 0..9.
        """
        given = {
            "batch": batch,
            "loss": loss,
            "val_predictions": val_predictions,
            "weights": weights,
            "biases": biases,
        }
        now = time.monotonic()
        if self._asked is None and not self._is_due(step, now):
            self._waiting = (step, given)
            return
        started, self._asked, self._waiting = self._asked or now, None, None
        waited = self._draw(step, given)
        self._pace.drew(step, started, time.monotonic() - started - waited)

    def _draw(self, step, given):
        step = int(step)
        if self._is_new(step):
            self._restart()
        row, digits = read(given, self._labels, shown=len(self.y_val))
        self._history.add(step, **row)
        self._digits |= digits
        if self._take_back is None:
            self._take_back = still.at_end_of_cell(self.finish)
        waited = self._pace.wait()
        self._publish(running=True)
        return waited

    def _publish(self, *, running):
        words = {"text": self.summary(), "note": self.note()}
        self._state = {
            **words,
            "step": self._history.last_step,
            "running": running,
            **{name: _as_buffers(arrays) for name, arrays in self._digits.items()},
            "history": self._history.as_bytes(),
        }

    def summary(self) -> str:
        """Say the newest numbers in one line.

        Returns:
            Such as "step 500 · loss: training 0.311, validation 0.330 · accuracy: ...".
        """
        return summary.summary(self._history)

    def note(self) -> str:
        """Say what is wrong with what was handed in; empty when all is well."""
        warning = summary.warning(self._history, *self._digits.values())
        return "\n".join(filter(None, [warning, self.doubt]))

    def figure(self):
        """Draw the six panels as a matplotlib figure, for a script or a file.

        Returns:
            A `matplotlib.figure.Figure`; save it with `figure.savefig("training.png")`.
        """
        from workshop.widgets.dashboard.figure import draw_dashboard

        images, labels = self._drawn
        drawn = self._digits["validation"]
        validation = drawn and {"images": images, "labels": labels, **drawn}
        title = "\n".join(filter(None, [self.summary(), self.note()]))
        return draw_dashboard(
            self._history.as_dict(), batch=self._digits["batch"], validation=validation, title=title
        )

    def finish(self) -> None:
        """Draw the last values, and the picture that stays in the notebook.

        The end of a cell that updated the dashboard does this by itself, also after an interrupt.
        """
        if self._waiting is not None:
            (step, given), self._waiting = self._waiting, None
            self._draw(step, given)
        if self._take_back is None:
            return  # no cell updated it since the last picture
        self._take_back()
        self._take_back = None
        self._publish(running=False)
        # Some kernels deliver the button only after its cell: the next training must not stop.
        still.at_start_of_next_cell(lambda: self.set_trait("stopped", False))
        if self._still.is_shown:
            self._still.renew()
            print("\n".join(filter(None, [self.summary(), self.note()])))

    def _picture(self):
        if not len(self._history):
            return None
        text = say("Six panels of a training run, {summary}", summary=self.summary())
        text = " ".join(filter(None, [text, self.note()]))
        return still.png(self.figure(), dpi=144), text

    def callback(self, x_train, y_train, *, examples: int = 1000):
        """Make a Keras callback that shows a training by `model.fit`.

        Keras does not hand its batches to callbacks. So the panels of the batch and the training
        curves show the same first `examples` training images each time, evaluated as the validation
        images are: as `model.evaluate` would, with the images on the scale on which they were
        handed in, and the loss that the model was compiled with. The model gives logits or
        probabilities. Hand in what `fit` gets: where the loss of the training and that of these
        images tell of two scales, the dashboard says so.

        Args:
            x_train: training images, of the shapes and the scale of `x_val`.
            y_train: their labels.
            examples: how many of them to evaluate; the first 100 are drawn.

        Returns:
            A `keras.callbacks.Callback`: `model.fit(..., callbacks=[callback])`.

        Raises:
            ValueError: another shape, different lengths, or another scale than that of `x_val`.
        """
        from workshop.widgets.dashboard.keras_callback import make_callback

        return make_callback(self, x_train, y_train, examples=examples)

    def __repr__(self):
        return self.summary()

    def _ipython_display_(self):
        self._still.show()


def _as_buffers(arrays):
    return arrays and {name: array.tobytes() for name, array in arrays.items()}
