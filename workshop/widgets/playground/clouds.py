"""Clouds of points: those that were given, noise on them, those to test with, the learner's own."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from workshop.messages import say

OWN = "your own"  # the name of the cloud that is drawn by hand
OWN_EXTENT = [(-1.2, 1.2), (-1.2, 1.2)]  # stays while points come
MOST = 1000  # points of it
EMPTY = (np.zeros((0, 2), np.float32), np.zeros(0, np.uint8))


class Cloud(NamedTuple):
    """Points (n, 2), labels (n,), which are for testing (n,), and the square (2, 2) around them."""

    points: np.ndarray
    labels: np.ndarray
    tested: np.ndarray
    extent: list

    @property
    def to_train(self) -> tuple[np.ndarray, np.ndarray]:
        """Points and labels that the model sees."""
        return self.points[~self.tested], self.labels[~self.tested]


def cloud_of(given: tuple, *, noise: float, testing: bool, is_own: bool = False) -> Cloud:
    """Make the cloud that a model meets.

    Args:
        given: points float32 (n, 2) and labels uint8 (n,).
        noise: standard deviation of what is added to each point, as a share of the cloud's half
            width. The same points get the same pushes, so more noise pushes them further.
        testing: whether every second point of each class is kept for testing.
        is_own: drawn by hand: no noise, and a square that stays.

    Returns:
        The cloud; points in the order that was given.

    Example:
        >>> cloud = cloud_of((np.eye(2, dtype="f4"), np.array([1, 1])), noise=0.0, testing=True)
        >>> cloud.tested.tolist(), len(cloud.to_train[0])
        ([False, True], 1)
    """
    points, labels = given
    if noise and not is_own:
        pushes = np.random.default_rng(0).normal(size=points.shape)
        points = (points + pushes * noise * _half(points)).astype(np.float32)
    tested = np.zeros(len(labels), bool)
    if testing:
        for label in (0, 1):
            tested[np.flatnonzero(labels == label)[1::2]] = True
    return Cloud(points, labels, tested, OWN_EXTENT if is_own else _extent(points))


def drawn(own: tuple, points: list, label: int) -> tuple[np.ndarray, np.ndarray]:
    """Add points that were drawn to the learner's own; the oldest go where there are too many.

    Args:
        own: points (n, 2) and labels (n,).
        points: pairs of numbers; those outside of the picture are left out.
        label: of these, 0 or 1.

    Returns:
        Points and labels, new arrays.

    Raises:
        ValueError: what came is not pairs, or the label is another.

    Example:
        >>> drawn(EMPTY, [(0.5, 0.5), (7, 0)], 1)[1].tolist()
        [1]
    """
    more = np.asarray(points, np.float32)
    if more.ndim != 2 or more.shape[1] != 2 or label not in (0, 1):
        raise ValueError(
            say(
                "Expected points as pairs with a label of 0 or 1, got shape {got} and {label!r}.",
                **{"got": more.shape, "label": label},
            )
        )
    low, high = np.transpose(OWN_EXTENT)
    more = more[((more >= low) & (more <= high)).all(axis=1)]
    labels = np.full(len(more), label, np.uint8)
    return np.concatenate([own[0], more])[-MOST:], np.concatenate([own[1], labels])[-MOST:]


def _half(points):
    return max(float((points.max(axis=0) - points.min(axis=0)).max()) / 2, 1e-3)


def _extent(points):
    # A square, so that the unit is the same along both axes.
    half = 1.1 * _half(points)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return [(float(at) - half, float(at) + half) for at in middle]


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
