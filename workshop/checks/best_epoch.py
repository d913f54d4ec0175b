"""Whose weights a model has after some epochs: what exercise 7-5 looks at."""

from typing import Any

import numpy as np

from workshop.checks.engine import not_yet


def with_statistics() -> Any:
    """Give a small model that has weights which no gradient moves.

    Example:
        >>> model = with_statistics()
        >>> len(model.weights), len(model.trainable_weights)
        (6, 4)
    """
    import keras

    return keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(3), keras.layers.BatchNormalization()]
    )


def evaluated_after(seen: list, asked: list, what: str) -> None:
    """Ask for an evaluation after each epoch, not before it.

    Args:
        seen: the weights after each epoch.
        asked: those at each evaluation.
        what: names the call.

    Raises:
        Exception: one that `exercise` turns into "not yet", where they differ.
    """
    for epoch, (weights, others) in enumerate(zip(seen, asked, strict=True), start=1):
        if not all(map(np.array_equal, weights, others)):
            not_yet(
                "{what}: evaluation {epoch} did not see the weights that epoch {epoch} left.",
                **{"what": what, "epoch": epoch},
            )


def left_at(best: int, left: list, seen: list, what: str) -> None:
    """Ask for the weights of one epoch, and say whose there are instead.

    Args:
        best: which epoch, from 0.
        left: the weights at the end.
        seen: those after each epoch.
        what: names the call.

    Raises:
        Exception: one that `exercise` turns into "not yet", where they are others.
    """
    for epoch, weights in enumerate(seen):
        if all(np.array_equal(a, b) for a, b in zip(left, weights, strict=True)):
            if epoch != best:
                fields = {"what": what, "best": best + 1, "epoch": epoch + 1}
                not_yet(
                    "{what}: expected the weights of epoch {best} at the end, got those of epoch "
                    "{epoch}.",
                    **fields,
                )
            return
    right = sum(np.array_equal(a, b) for a, b in zip(left, seen[best], strict=True))
    not_yet(
        "{what}: {right} of the {count} arrays in `model.weights` are those of the best epoch.",
        **{"what": what, "count": len(left), "right": right},
    )
