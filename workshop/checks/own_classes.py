"""Classes that the learner made: what belongs to each, and how well a mean tells them apart."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from workshop.checks.engine import not_yet

LEAST = 4  # pictures of a class


def groups_of(classes: Any, names: list[str], features: np.ndarray) -> list[np.ndarray]:
    """Give the features of each class, after a look at what belongs to it.

    Args:
        classes: what the learner gave: for each class names, or features `(k, d)`.
        names: of all pictures.
        features: of all pictures, `(n, d)`.

    Returns:
        An array `(k, d)` for each class, `k` at least 4.

    Raises:
        Exception: one that `exercise` turns into "not yet", where it is something else.
    """
    if not isinstance(classes, Mapping):
        not_yet("Expected a dict of classes, got {kind}.", kind=type(classes).__name__)
    if len(classes) < 2:
        not_yet("Expected two classes or more, got {count}.", count=len(classes))
    groups, used = [], {}
    for name, members in classes.items():
        if hasattr(members, "shape") and np.asarray(members).dtype.kind in "fiu":
            groups.append(_own_features(name, np.asarray(members), features.shape[1]))
        else:
            chosen = _chosen(name, members, names)
            for member in chosen:
                if member in used:
                    not_yet(
                        "{member!r} is in {first!r} and again in {second!r}.",
                        **{"member": member, "first": used[member], "second": name},
                    )
                used[member] = name
            groups.append(features[[names.index(member) for member in chosen]])
        if len(groups[-1]) < LEAST:
            not_yet(
                "Class {name!r}: expected {least} pictures or more, got {got}.",
                **{"name": name, "least": LEAST, "got": len(groups[-1])},
            )
    return groups


def _own_features(name: object, members: np.ndarray, wide: int) -> np.ndarray:
    if members.ndim != 2 or members.shape[1] != wide:
        not_yet(
            "Class {name!r}: expected features of shape (k, {wide}), got {got}.",
            **{"name": name, "wide": wide, "got": members.shape},
        )
    if not np.isfinite(members).all():
        not_yet("Class {name!r}: some of its features are NaN or infinite.", name=name)
    return members


def _chosen(name: object, members: Any, names: list[str]) -> list[str]:
    if isinstance(members, str) or not isinstance(members, Iterable):
        not_yet(
            "Class {name!r}: expected a list of names, or an array of features, got {kind}.",
            **{"name": name, "kind": type(members).__name__},
        )
    chosen = [str(member) for member in members]
    for member in chosen:
        if member not in names:
            not_yet(
                "Class {name!r}: no emoji has the name {member!r:.60}. `names` has them all, in "
                "small letters.",
                **{"name": name, "member": member},
            )
    return chosen


def score_of(groups: list[np.ndarray], n: int, rng: np.random.Generator) -> float:
    """Learn the mean of `n` of each class, and score the nearest mean on the others.

    Args:
        groups: features `(k, d)` of each class, `k` greater than `n`.
        n: how many of each class to learn from.
        rng: what draws them.

    Returns:
        Balanced accuracy, 0..1.

    Example:
        >>> groups = [np.zeros((4, 2)), np.ones((6, 2))]
        >>> score_of(groups, 2, np.random.default_rng(0))
        1.0
    """
    mixed = [group[rng.permutation(len(group))] for group in groups]
    means = np.array([group[:n].mean(axis=0) for group in mixed])
    shares = []
    for k, group in enumerate(mixed):
        apart = ((group[n:, None] - means) ** 2).sum(axis=-1)
        shares.append(np.mean(apart.argmin(axis=1) == k))
    return float(np.mean(shares))
