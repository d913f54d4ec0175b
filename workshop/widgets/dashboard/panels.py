"""What the two panels of digits show, from what the learner hands over."""

import numpy as np

from workshop.messages import say
from workshop.widgets.dashboard.arrays import as_classes, as_images, as_labels, check_lengths

BATCH_EXAMPLES = 100


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


def read_test(predictions, labels, *, shown: int) -> tuple[dict[str, np.ndarray], float]:
    """Read predictions for the test images and put the wrong ones first.

    Args:
        predictions: for the images that are shown, or for all; logits, probabilities or classes.
        labels: uint8 (n,), the labels of all.
        shown: how many, from the first, are shown.

    Returns:
        uint16 "order" and uint8 "predictions", (shown,); and the accuracy over all predictions.

    Raises:
        ValueError: neither number of predictions.

    Example:
        >>> test, accuracy = read_test([1, 9, 3], np.array([1, 2, 3]), shown=3)
        >>> test["order"]
        array([1, 0, 2], dtype=uint16)
    """
    classes = as_classes(predictions, "test_predictions")
    if len(classes) not in {shown, len(labels)}:
        numbers = {"shown": shown, "all": len(labels), "got": len(classes)}
        if len(labels) == shown:
            raise ValueError(
                say(
                    "expected {shown} test_predictions, one for each image in dashboard.x_test, "
                    "got {got}",
                    **numbers,
                )
            )
        raise ValueError(
            say(
                "expected {shown} test_predictions, one for each image in dashboard.x_test, or "
                "all {all}, got {got}",
                **numbers,
            )
        )
    is_right = classes == labels[: len(classes)]
    # A stable sort puts the wrong ones first and leaves the rest in order.
    order = np.argsort(is_right[:shown], kind="stable").astype("<u2")
    return {"order": order, "predictions": classes[:shown]}, float(np.mean(is_right))
