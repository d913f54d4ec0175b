"""An interactive classifier of two clouds of points, trained by the learner's own Keras model."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import anywidget
import traitlets

from workshop.widgets.playground import messages, still
from workshop.widgets.playground.choice import ACTIVATIONS, LEARNING_RATES, Choice, as_clouds
from workshop.widgets.playground.controls import Controls
from workshop.widgets.playground.state import frame_of
from workshop.widgets.playground.training import Training
from workshop.widgets.script import script

HERE = Path(__file__).parent
# Training runs in slices of so many seconds; between them the kernel hears buttons and cells.
SLICE = 0.05
# Evaluating and sending a picture may take this share of the time, and comes at most so often.
SHARE = 0.06
PERIOD = 0.1


class Playground(anywidget.AnyWidget):
    """Choose a cloud and a model, press Run, and watch the decision surface and the loss move.

    The model is the learner's: `build_model`, a function in a cell. Each step is one
    `model.train_on_batch` with all the points, in the kernel; other cells run in between. A
    changed setting, and Reset, build a new model, with new random weights. Without the controls,
    `choose`, `train` and `reset` do the same by code.

    The settings at the start (units 16 and 16, relu, learning rate 0.01), with Adam as in the
    Example, separate `workshop.data.spirals()` for each of five seeds within 200 steps, a second
    or two; 0.003 is slower to watch. The same units with sigmoid and 0.001 visibly fail: after
    3,000 steps the line is still almost straight.

    Where it shows what: live in JupyterLab and Notebook while its kernel runs, also after the page
    was reloaded. A picture of the last pause is saved beside it and seen where nothing can be
    live: on a web page made from the notebook, in a notebook from somebody else, and below the
    words "model not found" that JupyterLab puts in the place of any widget whose kernel is gone;
    running the cell brings the playground back. A plain terminal prints one line.

    Args:
        build_model: function of (hidden_units, a list; activation; learning_rate) that gives a
            compiled Keras model of points (batch, 2) with one sigmoid output, (batch, 1).
        clouds: for each name, points (n, 2) and labels 0 or 1, (n,), as `workshop.data.spirals`
            gives them. The first is chosen at the start.

    Raises:
        ValueError: clouds of other shapes or labels, or a model that is not as needed. What
            `build_model` raises passes through.

    Example:
        >>> import keras
        >>> from workshop.data import rings, two_lines
        >>> def build_model(hidden_units, activation, learning_rate):
        ...     model = keras.Sequential([keras.Input((2,))])
        ...     for units in hidden_units:
        ...         model.add(keras.layers.Dense(units, activation))
        ...     model.add(keras.layers.Dense(1, "sigmoid"))
        ...     model.compile(keras.optimizers.Adam(learning_rate), "binary_crossentropy")
        ...     return model
        >>> playground = Playground(build_model, {"two lines": two_lines(), "rings": rings()})
        >>> playground.choose(hidden_units=[4])
        >>> playground.train(20)
        >>> playground.step_count, playground.history["step"]
        (20, [1, 20])

    Source:
        The idea is that of D. Smilkov, S. Carter: A neural network playground, 2016; the code is
        new.
    """

    _esm = script(HERE / "widget.js")
    _css = HERE / "widget.css"

    _options = traitlets.Dict().tag(sync=True)
    # Everything that changes travels as one value, so that a view never mixes two models and a
    # reloaded page finds the last one.
    _frame = traitlets.Dict().tag(sync=True)

    def __init__(self, build_model: Callable, clouds: Mapping):
        if not callable(build_model):
            raise ValueError(
                f"build_model came as {type(build_model).__name__}; needed is a function of "
                "(hidden_units, activation, learning_rate) that gives a compiled Keras model."
            )
        self._build_model, self._clouds = build_model, as_clouds(clouds)
        self._choice = Choice(next(iter(self._clouds)))
        self._training = self._problem = self._still_later = None
        self._running = self._pause_asked = self._shown = self._at_end_of_cell = False
        self._next = 0.0
        self._controls = Controls(self)
        self._build()
        super().__init__(
            _options={
                "clouds": list(self._clouds),
                "activations": list(ACTIVATIONS),
                "learning_rates": list(LEARNING_RATES),
            }
        )
        self.on_msg(self._controls.hear)
        self._publish()

    # By code ------------------------------------------------------------------------------------

    def choose(
        self,
        *,
        cloud: str | None = None,
        hidden_units: list[int] | None = None,
        activation: str | None = None,
        learning_rate: float | None = None,
    ) -> None:
        """Change settings and build a new model; what is left out stays.

        Args:
            cloud: one of the names of the clouds.
            hidden_units: number of units of each hidden layer; [] for none.
            activation: of the hidden layers: relu, tanh, sigmoid or any other that Keras knows.
            learning_rate: above 0.

        Raises:
            ValueError: a setting that cannot be; nothing changes. What `build_model` raises
                passes through.
        """
        self._choice = self._choice.changed(
            self._clouds,
            cloud=cloud,
            hidden_units=hidden_units,
            activation=activation,
            learning_rate=learning_rate,
        )
        self.reset()

    def reset(self) -> None:
        """Build a new model with the same settings: step 0, new random weights.

        Raises:
            ValueError: the model is not as needed. What `build_model` raises passes through.
        """
        try:
            self._build()
        finally:
            self._publish()
            still.renew(self)

    def train(self, steps: int) -> None:
        """Take training steps, as the button Run does, and come back after the last.

        It ends earlier where Pause is pressed, or where the loss is NaN or infinite, which it
        prints.

        Args:
            steps: how many, 0 or more.

        Raises:
            ValueError: `steps` is below 0, or the loss has been NaN or infinite before. What
                Keras raises passes through.
        """
        if steps != int(steps) or steps < 0:
            raise ValueError(f"steps={steps}; needed is a whole number, 0 or more.")
        if self._training is None:
            self._build()  # raises again what it raised before
        if self._training.bad_step is not None:
            raise ValueError(
                f"{self._problem} By code: playground.choose(learning_rate=...), then train."
            )
        self._problem, was_running = None, self._running
        self._pause_asked, self._running = False, True
        last = self.step_count + int(steps)
        try:
            while self.step_count < last and self._running and not self._pause_asked:
                self._slice(last - self.step_count)
        finally:
            self._running = was_running and self._running and not self._pause_asked
            self._training.record()
            self._publish()
            still.renew(self)
        if self._problem:
            print(self._problem)

    @property
    def model(self):
        """The Keras model as it stands; None where `build_model` failed."""
        return self._training and self._training.model

    @property
    def step_count(self) -> int:
        """Number of training steps of this model."""
        return self._training.step_count if self._training else 0

    @property
    def history(self) -> dict[str, list]:
        """Lists "step", "loss", "accuracy": the first step, each 20th, and where it paused.

        The loss is the mean over all points in that step, as Keras gives it, before the step
        changed the weights; the accuracy is that of the model after the step. Copies.
        """
        kept = (
            self._training.history if self._training else {"step": [], "loss": [], "accuracy": []}
        )
        return {name: list(values) for name, values in kept.items()}

    def summary(self) -> str:
        """Say the settings and the newest numbers in one line.

        Returns:
            Such as "spirals, hidden units 16, 16 (relu), ... · step 300 · loss 0.021 · ...".
        """
        said = messages.settings(self._choice)
        if self._training is None:
            return f"{said} · no model: build_model failed"
        if self.step_count:
            said += f" · step {self.step_count} · loss {messages.number(self._training.loss)}"
        else:
            said += " · no step yet"
        return f"{said} · accuracy {self._training.accuracy:.3f}"

    def figure(self):
        """Draw the decision surface and the loss as a matplotlib figure.

        Returns:
            A `matplotlib.figure.Figure`; as the last line of a cell it is shown.

        Raises:
            ValueError: there is no model, because `build_model` failed.
        """
        from workshop.widgets.playground.figure import draw_playground

        if self._training is None:
            raise ValueError(f"There is no model to draw: {self._problem}")
        self._training.look()
        return draw_playground(
            self._training.surface,
            extent=self._training.extent,
            cloud=(self._training.points, self._training.labels),
            history=self._training.history,
            title=self.summary(),
        )

    def __repr__(self):
        return self.summary()

    def _ipython_display_(self):
        still.show(self)

    # For code and controls ----------------------------------------------------------------------

    def _build(self):
        self._training = self._problem = None
        try:
            self._training = Training(
                self._build_model, self._clouds[self._choice.cloud], self._choice
            )
        except Exception as error:
            self._fail(error)
            raise

    def _fail(self, error):
        self._running = False
        self._problem = messages.error(error, self._build_model)

    def _slice(self, steps):
        self._training.advance(steps, seconds=SLICE, until=lambda: self._pause_asked)
        if self._training.bad_step is not None:
            self._running = False
            self._problem = messages.not_a_number(
                self._training.bad_step, self._training.loss, self._choice
            )
        elif time.monotonic() >= self._next:
            self._publish()

    def _publish(self):
        started = time.monotonic()
        if self._training is not None:
            self._training.look()
        self._frame = frame_of(self)
        taken = time.monotonic() - started
        self._next = started + max(PERIOD, taken / SHARE)
