"""Splitting a training set into what is learned from and what is only looked at."""

import numpy as np

from workshop.messages import say

Split = tuple[np.ndarray, np.ndarray]


def validation_split(
    x_train: np.ndarray, y_train: np.ndarray, *, size: int | None = None
) -> tuple[Split, Split]:
    """Set the first part of the training data aside for validation.

    Choices are made on the validation part, so that the test set can be used once. The full MNIST
    comes apart as 55,000 / 5,000 (and 10,000), the packaged sample as 4,125 / 375 (and 500). It is
    the first part as in TensorFlow's first tutorials: image 6 of the 55,000 is their 8.

    Args:
        x_train: inputs (examples, ...).
        y_train: labels (examples, ...).
        size: examples to set aside; by default one of twelve.

    Returns:
        `(x_train, y_train), (x_val, y_val)`: views of the arrays, not copies.

    Raises:
        ValueError: the arrays differ in length, or `size` leaves one part empty.

    Example:
        >>> images, labels = np.zeros((60_000, 28, 28), np.uint8), np.zeros(60_000, np.uint8)
        >>> (x_train, y_train), (x_val, y_val) = validation_split(images, labels)
        >>> len(x_train), len(y_val)
        (55000, 5000)
    """
    examples = len(x_train)
    if len(y_train) != examples:
        raise ValueError(
            say(
                "expected one label per input, got {inputs:,} inputs and {labels:,} labels",
                inputs=examples,
                labels=len(y_train),
            )
        )
    size = examples // 12 if size is None else size
    if not 0 < size < examples:
        raise ValueError(
            say(
                "size: expected more than 0 and less than {examples:,}, got {size:,}: set at "
                "least 1 aside and leave at least 1 to train on",
                examples=examples,
                size=size,
            )
        )
    return (x_train[size:], y_train[size:]), (x_train[:size], y_train[:size])
