"""What happens in the playground, without a view: a choice, the training it led to, a problem."""

from collections.abc import Callable, Mapping

from workshop.messages import say
from workshop.widgets.playground import messages
from workshop.widgets.playground.choice import Choice, as_clouds
from workshop.widgets.playground.training import Training


class Session:
    """The settings, the model that was built from them, and whether it trains.

    Args:
        build_model: the learner's function of (hidden_units, activation, learning_rate).
        clouds: for each name, points (n, 2) and labels (n,); the first is chosen.

    Raises:
        ValueError: clouds of other shapes or labels, or a model that is not as needed. What
            `build_model` raises passes through.
    """

    def __init__(self, build_model: Callable, clouds: Mapping):
        self._build_model, self.clouds = build_model, as_clouds(clouds)
        self.choice = Choice(next(iter(self.clouds)))
        self.training: Training | None = None
        self.problem = ""  # what went wrong, in words for the learner
        self.is_running = False
        self.pause_asked = False
        self.build()

    @property
    def step_count(self) -> int:
        """Number of training steps of this model."""
        return self.training.step_count if self.training else 0

    @property
    def is_broken(self) -> bool:
        """Whether no step can be taken: there is no model, or its loss is no number."""
        return self.training is None or self.training.bad_step is not None

    def choose(self, **given) -> None:
        """Change settings, by name; None keeps what was. The model stays until `build`.

        Raises:
            ValueError: a setting that cannot be; nothing changes.
        """
        self.choice = self.choice.changed(self.clouds, **given)

    def build(self) -> None:
        """Build a new model of the choice.

        Raises:
            ValueError: the model is not as needed. What `build_model` raises passes through; both
                are the problem as well.
        """
        self.training, self.problem = None, ""
        try:
            self.training = Training(self._build_model, self.clouds[self.choice.cloud], self.choice)
        except Exception as error:
            self.fail(error)
            raise

    def advance(self, steps: int, *, seconds: float) -> None:
        """Take training steps, until a pause is asked for or the loss is no number.

        Args:
            steps: how many at most.
            seconds: for how long at most; at least one step is taken.

        Raises:
            RuntimeError: there is no model.
        """
        training = self.training
        if training is None:
            raise RuntimeError(say("expected a model to train, got none: build it first"))
        training.advance(steps, seconds=seconds, until=lambda: self.pause_asked)
        if training.bad_step is not None:
            self.is_running = False
            self.problem = messages.not_a_number(training.bad_step, training.loss, self.choice)

    def pause(self) -> None:
        """Stop a training and record where it stands."""
        self.is_running = self.pause_asked = False
        self.record()

    def record(self) -> None:
        """Keep the newest numbers of the training, where there is one."""
        if self.training is not None:
            self.training.record()

    def fail(self, error: Exception) -> None:
        """Stop, and say what an error of the learner's function means."""
        self.is_running = False
        self.problem = messages.error(error, self._build_model)

    def summary(self) -> str:
        """Say the settings and the newest numbers in one line."""
        settings, training = messages.settings(self.choice), self.training
        if training is None:
            return say("{settings} · no model: build_model failed", settings=settings)
        if not self.step_count:
            return say(
                "{settings} · no step yet · accuracy {accuracy:.3f}",
                **{"settings": settings, "accuracy": training.accuracy},
            )
        return say(
            "{settings} · step {step} · loss {loss} · accuracy {accuracy:.3f}",
            **{"settings": settings, "step": self.step_count, "accuracy": training.accuracy},
            loss=messages.number(training.loss),
        )
