"""What can be chosen in the playground: clouds of points, and the settings of a model."""

import operator
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from workshop.messages import say

# What the controls offer; by code, any activation that Keras knows and any rate above 0.
ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu", "linear")
LEARNING_RATES = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0, 100.0)


class Choice(NamedTuple):
    """The settings that a model is built from; the values here are those of the start."""

    cloud: str
    hidden_units: tuple[int, ...] = (16, 16)
    activation: str = "relu"
    learning_rate: float = 0.01

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
            >>> Choice("rings").changed({"rings": None}, hidden_units=[], activation=None)
            Choice(cloud='rings', hidden_units=(), activation='relu', learning_rate=0.01)
        """
        check = {
            "cloud": lambda name: _cloud_name(name, clouds),
            "hidden_units": _hidden_units,
            "activation": _activation,
            "learning_rate": _learning_rate,
        }
        return self._replace(
            **{name: check[name](value) for name, value in given.items() if value is not None}
        )


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
    try:
        number = float(rate)
    except (TypeError, ValueError):
        number = -1.0
    if not (number > 0 and np.isfinite(number)):
        raise ValueError(
            say(
                "Expected learning_rate to be a number above 0, such as 0.01, got {got!r}.",
                got=rate,
            )
        )
    return number


def as_clouds(clouds: Mapping) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Hold clouds of points to what the playground can train on and draw.

    Args:
        clouds: for each name, points (n, 2) and labels 0 or 1, (n,) or (n, 1); arrays or tensors.

    Returns:
        For each name, points float32 (n, 2) and labels uint8 (n,).

    Raises:
        ValueError: something else.

    Example:
        >>> points, labels = as_clouds({"two": ([[0, 0], [1, 1]], [0, 1])})["two"]
        >>> points.shape, labels
        ((2, 2), array([0, 1], dtype=uint8))
    """
    if not isinstance(clouds, Mapping) or not clouds:
        raise ValueError(
            say(
                'Expected clouds to be a dict such as {{"rings": rings()}}, for each name points '
                "(n, 2) and labels (n,), got {got}.",
                got="{}" if isinstance(clouds, Mapping) else type(clouds).__name__,
            )
        )
    return {str(name): _as_cloud(name, cloud) for name, cloud in clouds.items()}


def _as_cloud(name, cloud):
    if not isinstance(cloud, (tuple, list)) or len(cloud) != 2:
        raise ValueError(
            say(
                "Cloud {name!r}: expected a pair, points (n, 2) and labels (n,), got {got}.",
                **{"name": name, "got": type(cloud).__name__},
            )
        )
    points = _as_points(name, np.asarray(cloud[0]))
    return points, _as_labels(name, np.asarray(cloud[1]), len(points))


def _as_points(name, points):
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise ValueError(
            say(
                "Cloud {name!r}: expected at least two points, shape (n, 2), got {got}.",
                **{"name": name, "got": points.shape},
            )
        )
    points = points.astype(np.float32)
    if not np.isfinite(points).all():
        raise ValueError(
            say(
                "Cloud {name!r}: expected finite points, got some that are NaN or infinite. Take "
                "them out.",
                name=name,
            )
        )
    return points


def _as_labels(name, labels, count):
    if labels.shape not in {(count,), (count, 1)}:
        raise ValueError(
            say(
                "Cloud {name!r}: expected one label per point, shape {expected}, got {got}.",
                **{"name": name, "expected": (count,), "got": labels.shape},
            )
        )
    labels = labels.ravel()
    if not np.isin(labels, (0, 1)).all():
        others = sorted({str(label) for label in labels.tolist() if label not in (0, 1)})
        raise ValueError(
            say(
                "Cloud {name!r}: expected labels 0 (orange) and 1 (blue), got {others} as well.",
                **{"name": name, "others": ", ".join(others[:4])},
            )
        )
    return labels.astype(np.uint8)
