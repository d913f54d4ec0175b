"""What can be chosen in the playground, the settings of a model, and choices worth a look."""

import operator
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from workshop.messages import say

# What the controls offer; by code, any activation that Keras knows and any rate above 0.
ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu", "linear")
LEARNING_RATES = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0, 100.0)
NOISES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)


class Choice(NamedTuple):
    """The settings that a model is built from; the values here are those of the start."""

    cloud: str
    hidden_units: tuple[int, ...] = (16, 16)
    activation: str = "relu"
    learning_rate: float = 0.01
    noise: float = 0.0
    testing: bool = False

    def changed(self, clouds: Mapping, **given) -> "Choice":
        """Change some of the settings.

        Args:
            clouds: the clouds there are, by name.
            **given: settings by name; None keeps what was.

        Returns:
            A new choice.

        Raises:
            ValueError: a setting that no model can be built from.

        Example:
            >>> Choice("rings").changed({"rings": None}, hidden_units=[], activation=None)[:3]
            ('rings', (), 'relu')
        """
        check: dict[str, Callable] = {
            "cloud": lambda name: _cloud_name(name, clouds),
            "hidden_units": _hidden_units,
            "activation": _activation,
            "learning_rate": _learning_rate,
            "noise": _noise,
            "testing": bool,
        }
        return self._replace(
            **{name: check[name](value) for name, value in given.items() if value is not None}
        )


class Preset(NamedTuple):
    """A choice worth a look: its name, the choice, and what there is to see."""

    name: str
    choice: Choice
    reason: str


def presets(clouds: Mapping) -> list[Preset]:
    """Give the choices worth a look.

    Args:
        clouds: the clouds there are, by name; a preset of another one is left out.

    Returns:
        The presets, in the order in which they tell their story.

    Example:
        >>> [preset.name for preset in presets({"two lines": None})]
        []
    """
    found = _of_units() + _of_training()
    return [preset for preset in found if preset.choice.cloud in clouds]


def _of_units():
    return [
        Preset(
            say("rings, no hidden layer"),
            Choice("rings", (), "relu", 0.1),
            say(
                "Why it can't: without a hidden layer the border is one straight line, and no "
                "straight line parts a ring from what it holds."
            ),
        ),
        Preset(
            say("rings, 2 units"),
            Choice("rings", (2,), "relu", 0.03),
            say(
                "Each unit bends the border once: look at their two maps. Two bends leave a side "
                "of the ring open. Then give it 3 units, or 4."
            ),
        ),
        Preset(
            say("rings, two linear layers"),
            Choice("rings", (16, 16), "linear", 0.01),
            say(
                "32 units and no activation: each map is a plane, and a sum of planes is a plane. "
                "The border stays straight. Then choose relu."
            ),
        ),
    ]


def _of_training():
    return [
        Preset(
            say("overfitting"),
            Choice("rings", (64, 64), "relu", 0.01, noise=0.2, testing=True),
            say(
                "Many units on few noisy points: the training loss goes on falling, and the test "
                "loss (dashed) parts from it and climbs. The border winds around single points."
            ),
        ),
        Preset(
            say("rate too high"),
            Choice("spirals", (16, 16), "relu", 10.0),
            say(
                "The first steps throw the weights so far that most units are off on all points "
                "(white maps) and get no gradient any more. Then choose 0.01."
            ),
        ),
        Preset(
            say("six sigmoid layers"),
            Choice("spirals", (8, 8, 8, 8, 8, 8), "sigmoid", 0.001),
            say(
                "For hundreds of steps nothing moves: each sigmoid passes at most a quarter of the "
                "gradient on, and the last layers give nearly the same everywhere. Then choose "
                "tanh."
            ),
        ),
    ]


def _cloud_name(name, clouds):
    if not isinstance(name, str) or name not in clouds:
        raise ValueError(
            say(
                "Expected cloud to be one of {names}, got {got!r}.",
                **{"names": ", ".join(clouds), "got": name},
            )
        )
    return name


def _hidden_units(units):
    wrong = ValueError(
        say(
            "Expected hidden_units to be a list with the number of units of each hidden layer, "
            "whole numbers from 1, such as [16, 16], or [] for no hidden layer, got {got!r}.",
            got=units,
        )
    )
    try:
        numbers = tuple(operator.index(number) for number in units)
    except TypeError:
        raise wrong from None
    if any(number < 1 for number in numbers):
        raise wrong
    return numbers


def _activation(name):
    if not isinstance(name, str) or not name:
        raise ValueError(
            say(
                "Expected activation to be a name that Keras knows, such as {names}, got {got!r}.",
                **{"names": ", ".join(ACTIVATIONS), "got": name},
            )
        )
    return name


def _learning_rate(rate):
    if not (number := _number(rate)) > 0:
        raise ValueError(
            say(
                "Expected learning_rate to be a number above 0, such as 0.01, got {got!r}.",
                got=rate,
            )
        )
    return number


def _noise(noise):
    if not (number := _number(noise)) >= 0:
        raise ValueError(
            say("Expected noise to be a number, 0 or more, such as 0.1, got {got!r}.", got=noise)
        )
    return number


def _number(value):
    try:
        number = float(value)
    except (TypeError, ValueError):
        return -1.0
    return number if np.isfinite(number) else -1.0
