"""What can be chosen in the playground: clouds of points, and the settings of a model."""

import operator
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

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
        raise ValueError(f"cloud={name!r} is not there; choose one of {', '.join(clouds)}.")
    return name


def _hidden_units(units):
    wrong = ValueError(
        f"hidden_units={units!r}; needed is a list with the number of units of each hidden layer, "
        "whole numbers from 1, such as [16, 16], or [] for no hidden layer."
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
            f"activation={name!r}; needed is a name that Keras knows, such as "
            f"{', '.join(ACTIVATIONS)}."
        )
    return name


def _learning_rate(rate):
    try:
        number = float(rate)
    except (TypeError, ValueError):
        number = -1.0
    if not (number > 0 and np.isfinite(number)):
        raise ValueError(f"learning_rate={rate!r}; needed is a number above 0, such as 0.01.")
    return number


def as_clouds(clouds: Mapping) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Hold clouds of points to what the playground can train on and draw.

    Args:
        clouds: for each name, points (n, 2) and labels 0 or 1, (n,) or (n, 1); arrays or tensors.

    Returns:
        For each name, points float32 (n, 2) and labels uint8 (n,).

    Raises:
        ValueError: something else came.

    Example:
        >>> points, labels = as_clouds({"two": ([[0, 0], [1, 1]], [0, 1])})["two"]
        >>> points.shape, labels
        ((2, 2), array([0, 1], dtype=uint8))
    """
    if not isinstance(clouds, Mapping) or not clouds:
        came = "empty" if isinstance(clouds, Mapping) else type(clouds).__name__
        raise ValueError(
            f'clouds came as {came}; needed is a dict such as {{"rings": rings()}}: for each name, '
            "points (n, 2) and labels (n,)."
        )
    return {str(name): _as_cloud(name, cloud) for name, cloud in clouds.items()}


def _as_cloud(name, cloud):
    if not isinstance(cloud, (tuple, list)) or len(cloud) != 2:
        raise ValueError(
            f"The cloud {name!r} came as {type(cloud).__name__}; needed is a pair: points (n, 2) "
            "and labels (n,)."
        )
    points, labels = np.asarray(cloud[0]), np.asarray(cloud[1])
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise ValueError(
            f"The points of the cloud {name!r} have the shape {points.shape}; needed is (n, 2), "
            "two coordinates a point, and at least two points."
        )
    points = points.astype(np.float32)
    if not np.isfinite(points).all():
        raise ValueError(f"The cloud {name!r} has points that are NaN or infinite; take them out.")
    if labels.shape not in {(len(points),), (len(points), 1)}:
        raise ValueError(
            f"The labels of the cloud {name!r} have the shape {labels.shape}; needed is one a "
            f"point: ({len(points)},)."
        )
    labels = labels.ravel()
    if not np.isin(labels, (0, 1)).all():
        others = sorted({str(label) for label in labels.tolist() if label not in (0, 1)})
        raise ValueError(
            f"The labels of the cloud {name!r} contain {', '.join(others[:4])}; needed are 0 "
            "(orange) and 1 (blue)."
        )
    return points, labels.astype(np.uint8)
