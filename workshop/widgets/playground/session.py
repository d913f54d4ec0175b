"""What happens in the playground, without a view: a choice, the training it led to, a problem."""

from collections.abc import Callable, Mapping

from workshop.messages import say
from workshop.widgets.playground import messages
from workshop.widgets.playground.choice import Choice
from workshop.widgets.playground.clouds import EMPTY, OWN, Cloud, as_clouds, cloud_of, drawn
from workshop.widgets.playground.training import Ending, Training


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
        self.clouds.setdefault(OWN, EMPTY)
        self.training: Training | None = None
        self.problem = ""  # what went wrong, in words for the learner
        self.ended = ""  # why it stopped by itself, likewise
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
        self.training, self.problem, self.ended = None, "", ""
        try:
            self.training = Training(self._build_model, self._cloud(), self.choice)
        except Exception as error:
            self.fail(error)
            raise

    def _cloud(self) -> Cloud:
        choice = self.choice
        return cloud_of(
            self.clouds[choice.cloud],
            noise=choice.noise,
            testing=choice.testing,
            is_own=choice.cloud == OWN,
        )

    def draw(self, points: list, label: int) -> None:
        """Add points to the learner's own cloud. Where that is chosen, the model goes on with them.

        Args:
            points: pairs of numbers.
            label: of these, 0 or 1.

        Raises:
            ValueError: they are something else.
        """
        self._renew_own(drawn(self.clouds[OWN], points, label))

    def take_back(self, count: int | None = None) -> None:
        """Take back the newest points of the learner's own cloud: so many, or all."""
        left = 0 if count is None else max(0, len(self.clouds[OWN][1]) - count)
        points, labels = self.clouds[OWN]
        self._renew_own((points[:left], labels[:left]))

    def _renew_own(self, own):
        self.clouds[OWN] = own
        if self.choice.cloud == OWN and self.training is not None:
            self.problem = self.ended = ""
            self.training.take(self._cloud())

    def start(self) -> None:
        """Begin to run: what made the last run stop by itself counts from here on anew."""
        self.problem, self.ended, self.is_running = "", "", True
        if self.training is not None:
            self.training.ending = Ending(self.step_count)

    def stop_at_end(self) -> None:
        """Stop a training that has nothing more to show, and say why."""
        if self.training is not None and self.is_running and self.training.ending.why:
            self.is_running = False
            self.ended = messages.ended(self.training, self.choice)

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
        if not training.has_points:
            self.is_running = False
            self.problem = say(
                "There are no points to train on yet. Click or drag in the decision surface to "
                "draw some."
            )
            return
        self.ended = ""
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
                "{settings} · no step yet · accuracy {accuracy}",
                **{"settings": settings, "accuracy": messages.share(training.accuracy)},
            )
        numbers = {
            "settings": settings,
            "step": self.step_count,
            "loss": messages.number(training.loss),
            "accuracy": messages.share(training.accuracy),
            "test_loss": messages.test_loss(training),
            "test_accuracy": messages.share(training.test_accuracy),
        }
        if self.choice.testing:
            return say(
                "{settings} · step {step} · loss {loss}, test {test_loss} · accuracy {accuracy}, "
                "test {test_accuracy}",
                **numbers,
            )
        return say("{settings} · step {step} · loss {loss} · accuracy {accuracy}", **numbers)
