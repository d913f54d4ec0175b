"""What the panels show, from what the learner hands over."""

import numpy as np

from workshop.messages import say
from workshop.widgets.dashboard.arrays import (
    as_classes,
    as_images,
    as_labels,
    as_pair,
    as_quantiles,
    check_lengths,
)

BATCH_EXAMPLES = 100


def read(given: dict, labels: np.ndarray, *, shown: int) -> tuple[dict, dict]:
    """Read what `TrainingDashboard.update` was given.

    Args:
        given: "batch", "loss", "val_predictions", "weights" and "biases", each None where missing.
        labels: uint8 (n,), the labels of all validation images.
        shown: how many of those, from the first, are drawn.

    Returns:
        The values of a row of the history that are known, and the arrays of the panels of digits.

    Raises:
        ValueError: wrong shapes, or lengths that differ.
    """
    row, digits = {}, {}
    if given["batch"] is not None:
        digits["batch"], row["train_accuracy"] = read_batch(given["batch"])
    if given["val_predictions"] is not None:
        digits["validation"], row["val_accuracy"] = read_validation(
            given["val_predictions"], labels, shown=shown
        )
    if given["loss"] is not None:
        row["train_loss"], row["val_loss"] = as_pair(given["loss"])
    for name in ("weights", "biases"):
        if given[name] is not None:
            quantiles = as_quantiles(given[name], name)
            row |= {f"{name}_{index}": value for index, value in enumerate(quantiles)}
    # A row may be completed by a second call: what was not given must not erase.
    return {name: value for name, value in row.items() if not np.isnan(value)}, digits


def read_batch(batch) -> tuple[dict[str, np.ndarray], float]:
    """Read (images, labels, predictions).

    Args:
        batch: three arrays or tensors of one length, in the forms that `arrays` reads.

    Returns:
        uint8 "images" (n, 28, 28), "labels" (n,), "predictions" (n,) of the first 100 examples;
        and the accuracy over all, NaN for an empty batch.

    Raises:
        ValueError: not three of them, wrong shapes, or lengths that differ.

    Example:
        >>> digits, accuracy = read_batch((np.zeros((4, 784)), [1, 2, 3, 4], [1, 2, 3, 9]))
        >>> digits["predictions"], accuracy
        (array([1, 2, 3, 9], dtype=uint8), 0.75)
    """
    if not isinstance(batch, (tuple, list)):
        got = type(batch).__name__
        raise ValueError(
            say("expected the batch as (images, labels, predictions), got {got}", got=got)
        )
    if len(batch) != 3:
        raise ValueError(
            say(
                "expected the batch as (images, labels, predictions), got a {kind} of length {n}",
                **{"kind": type(batch).__name__, "n": len(batch)},
            )
        )
    images, labels, classes = as_images(batch[0]), as_labels(batch[1]), as_classes(batch[2])
    check_lengths(images=images, labels=labels, predictions=classes)
    accuracy = float(np.mean(classes == labels)) if len(labels) else float("nan")
    shown = slice(BATCH_EXAMPLES)
    digits = {"images": images[shown], "labels": labels[shown], "predictions": classes[shown]}
    return digits, accuracy


def read_validation(predictions, labels, *, shown: int) -> tuple[dict[str, np.ndarray], float]:
    """Read predictions for the validation images and put the wrong ones first.

    Args:
        predictions: for the images that are shown, or for all; logits, probabilities or classes.
        labels: uint8 (n,), the labels of all.
        shown: how many, from the first, are shown.

    Returns:
        uint16 "order" and uint8 "predictions", (shown,); and the accuracy over all predictions.

    Raises:
        ValueError: neither number of predictions.

    Example:
        >>> validation, accuracy = read_validation([1, 9, 3], np.array([1, 2, 3]), shown=3)
        >>> validation["order"]
        array([1, 0, 2], dtype=uint16)
    """
    classes = as_classes(predictions, "val_predictions")
    if len(classes) not in {shown, len(labels)}:
        numbers = {"shown": shown, "all": len(labels), "got": len(classes)}
        if len(labels) == shown:
            raise ValueError(
                say(
                    "expected {shown} val_predictions, one for each image in dashboard.x_val, "
                    "got {got}",
                    **numbers,
                )
            )
        raise ValueError(
            say(
                "expected {shown} val_predictions, one for each image in dashboard.x_val, or "
                "all {all}, got {got}",
                **numbers,
            )
        )
    is_right = classes == labels[: len(classes)]
    # A stable sort puts the wrong ones first and leaves the rest in order.
    order = np.argsort(is_right[:shown], kind="stable").astype("<u2")
    return {"order": order, "predictions": classes[:shown]}, float(np.mean(is_right))
