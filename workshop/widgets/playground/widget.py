"""An interactive classifier of two clouds of points, trained by the learner's own Keras model."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import anywidget
import traitlets

from workshop.messages import say
from workshop.widgets.playground.choice import ACTIVATIONS, LEARNING_RATES, NOISES, presets
from workshop.widgets.playground.clouds import OWN
from workshop.widgets.playground.controls import Controls
from workshop.widgets.playground.session import Session
from workshop.widgets.playground.state import as_message, state_of
from workshop.widgets.script import script, style
from workshop.widgets.still import Still, png

HERE = Path(__file__).parent
# A training by code looks up so often: at Pause, and to send a picture.
SLICE = 0.05
# Evaluating and sending a picture may take this share of the time, and comes at most so often.
SHARE = 0.06
PERIOD = 0.1
# A learner who pauses often goes on at once: the picture, a third of a second, can wait.
PICTURE_AFTER = 1.5


class Playground(anywidget.AnyWidget):
    """Choose a cloud and a model, press Run, and watch the decision surface and the loss move.

    The model is the learner's: `build_model`, a function in a cell. Each step is one
    `model.train_on_batch` with all the points, in the kernel; other cells run in between. A
    changed setting, and Reset, build a new model, with new random weights. Run stops by itself
    when the loss stays below 0.001 for 500 steps, when it has found no better one for 2,000, or
    after 10,000 steps. Without the controls, `choose`, `train` and `reset` do the same by code.

    The network's picture has a small map of what each unit gives at each place of the plane; lines
    are weights. One more cloud, "your own", is drawn in the surface by pointer or keys.

    The settings at the start (units 16 and 16, relu, learning rate 0.01), with Adam as in the
    Example, separate `workshop.data.spirals()` for each of five seeds within 200 steps, a second
    or two; 0.003 is slower to watch. The same units with sigmoid and 0.001 visibly fail: after
    3,000 steps the line is still almost straight.

    Where it shows what: live in JupyterLab and Notebook while its kernel runs, also after the page
    was reloaded. A picture of the last pause is saved beside it and seen where nothing can be
    live: on a web page made from the notebook, in a notebook from somebody else, and in the place
    of any playground whose kernel is gone; running the cell brings it back. A plain terminal
    prints one line.

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
    _css = style(HERE / "widget.css")

    _options = traitlets.Dict().tag(sync=True)
    # Everything that changes travels as one value, so that a view never mixes two models and a
    # reloaded page finds the last one.
    _state = traitlets.Dict().tag(sync=True)

    def __init__(self, build_model: Callable, clouds: Mapping):
        if not callable(build_model):
            raise ValueError(
                say(
                    "Expected build_model to be a function of (hidden_units, activation, "
                    "learning_rate) that gives a compiled Keras model, got {got}.",
                    got=type(build_model).__name__,
                )
            )
        self._session = Session(build_model, clouds)
        self._controls = Controls(self._session, publish=self._publish, renew=self._renew_later)
        self._still = Still(self, name="workshop-playground", draw=self._picture)
        self._next = 0.0
        super().__init__(
            _options={
                "clouds": list(self._session.clouds),
                "activations": list(ACTIVATIONS),
                "learning_rates": list(LEARNING_RATES),
                "noises": list(NOISES),
                "own": OWN,
                "presets": [
                    preset._asdict() | {"choice": as_message(preset.choice)}
                    for preset in presets(self._session.clouds)
                ],
            }
        )
        self.on_msg(self._controls.handle_message)
        self._publish()

    # By code ------------------------------------------------------------------------------------

    def choose(
        self,
        *,
        cloud: str | None = None,
        hidden_units: list[int] | None = None,
        activation: str | None = None,
        learning_rate: float | None = None,
        noise: float | None = None,
        testing: bool | None = None,
    ) -> None:
        """Change settings and build a new model; what is left out stays.

        Args:
            cloud: one of the names of the clouds.
            hidden_units: number of units of each hidden layer; [] for none.
            activation: of the hidden layers: relu, tanh, sigmoid or any other that Keras knows.
            learning_rate: above 0.
            noise: standard deviation of what is added to the points, as a share of half the
                cloud's width; the learner's own points stay as they were drawn.
            testing: whether every second point is kept from the training, to test with.

        Raises:
            ValueError: a setting that cannot be; nothing changes. What `build_model` raises
                passes through.
        """
        self._session.choose(
            cloud=cloud,
            hidden_units=hidden_units,
            activation=activation,
            learning_rate=learning_rate,
            noise=noise,
            testing=testing,
        )
        self.reset()

    def reset(self) -> None:
        """Build a new model with the same settings: step 0, new random weights.

        Raises:
            ValueError: the model is not as needed. What `build_model` raises passes through.
        """
        try:
            self._session.build()
        finally:
            self._publish()
            self._still.renew_at_end_of_cell()

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
            raise ValueError(
                say("Expected steps to be a whole number, 0 or more, got {got}.", got=steps)
            )
        session = self._session
        if session.training is None:
            session.build()  # raises again what it raised before
        if session.is_broken:
            raise ValueError(
                say(
                    "{problem} By code: playground.choose(learning_rate=...), then train.",
                    problem=session.problem,
                )
            )
        session.problem, was_running = "", session.is_running
        session.pause_asked, session.is_running = False, True
        last = self.step_count + int(steps)
        try:
            while self.step_count < last and session.is_running and not session.pause_asked:
                session.advance(last - self.step_count, seconds=SLICE)
                self._publish(only_if_due=True)
        finally:
            session.is_running = was_running and session.is_running and not session.pause_asked
            session.record()
            self._publish()
            self._still.renew_at_end_of_cell()
        if session.problem:  # ty: ignore[redundant-condition] - a step may have met one
            print(session.problem)

    @property
    def model(self):
        """The Keras model as it stands; None where `build_model` failed."""
        return self._session.training and self._session.training.model

    @property
    def step_count(self) -> int:
        """Number of training steps of this model."""
        return self._session.step_count

    @property
    def history(self) -> dict[str, list]:
        """Lists "step", "loss", "accuracy": the first step, each 20th, and where it paused.

        The loss is the mean over the points in that step, as Keras gives it, before the step
        changed the weights; the accuracy is that of the model after the step. While half of the
        points are for testing, also "test_loss" and "test_accuracy", after the step. Copies.
        """
        training = self._session.training
        kept = training.history if training else {"step": [], "loss": [], "accuracy": []}
        return {name: list(values) for name, values in kept.items()}

    def summary(self) -> str:
        """Say the settings and the newest numbers in one line.

        Returns:
            Such as "spirals, hidden units 16, 16 (relu), ... · step 300 · loss 0.021 · ...".
        """
        return self._session.summary()

    def figure(self):
        """Draw the decision surface, the loss and the network as a matplotlib figure.

        Returns:
            A `matplotlib.figure.Figure`; as the last line of a cell it is shown.

        Raises:
            ValueError: there is no model, because `build_model` failed.
        """
        from workshop.widgets.playground.figure import draw_playground

        training = self._session.training
        if training is None:
            problem = self._session.problem
            raise ValueError(say("There is no model to draw: {problem}", problem=problem))
        training.look()
        return draw_playground(
            training.surface,
            cloud=training.cloud,
            history=training.history,
            columns=training.columns,
            title=self.summary(),
        )

    def __repr__(self):
        return self.summary()

    def _ipython_display_(self):
        self._still.show()

    def _publish(self, *, only_if_due=False):
        started = time.monotonic()
        if only_if_due and started < self._next:
            return
        if self._session.training is not None:
            self._session.training.look()
        controls = self._controls
        self._state = state_of(self._session, heard=controls.heard, refused=controls.refused)
        self._next = started + max(PERIOD, (time.monotonic() - started) / SHARE)

    def _picture(self):
        if self.model is None or self._session.is_running:
            return None  # the picture of the last model, or of the last pause, stays
        text = say(
            "Picture of the playground: the decision surface over the two clouds of points, the "
            "loss curve, and what each unit sees. {summary}. Run the cell to play.",
            summary=self.summary(),
        )
        return png(self.figure()), text

    def _renew_later(self, loop):
        self._still.renew_later(loop, PICTURE_AFTER)
