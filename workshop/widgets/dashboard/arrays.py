"""What a learner hands to the dashboard, turned into the small arrays that it draws."""

import numpy as np

from workshop.messages import say

CLASSES = 10
SIDE = 28
UNKNOWN = 255  # a prediction without a largest score, because one of the scores is NaN
# Whole range, nine values in ten, the middle half, the median.
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
# Quantiles of more values than these look the same and cost milliseconds.
MOST_VALUES = 20_000


def as_given(images, name: str = "images") -> np.ndarray:
    """Take images as they are, for a model: their scale is the one that it is trained on.

    Args:
        images: (n, 28, 28), (n, 28, 28, 1) or (n, 784), on any scale; array or tensor.
        name: what to call them in an error.

    Returns:
        The same values and shape; a view where an array was given.

    Raises:
        ValueError: another shape.

    Example:
        >>> as_given([[0.5] * 784]).max()
        np.float64(0.5)
    """
    pixels = np.asarray(images)
    if pixels.ndim < 2 or pixels.shape[1:] not in {(SIDE, SIDE), (SIDE, SIDE, 1), (SIDE * SIDE,)}:
        raise ValueError(
            say(
                "{name}: expected shape (n, 28, 28), (n, 28, 28, 1) or (n, 784), got {got}. For a "
                "single image add an axis: image[None].",
                **{"name": name, "got": pixels.shape},
            )
        )
    return pixels


def as_images(images, name: str = "images") -> np.ndarray:
    """Turn images of any usual form into bytes to draw.

    Args:
        images: (n, 28, 28), (n, 28, 28, 1) or (n, 784); 0..255, or floats 0..1; array or tensor.
        name: what to call them in an error.

    Returns:
        uint8 (n, 28, 28), 0..255; a view where the images already were that.

    Raises:
        ValueError: another shape.

    Example:
        >>> as_images(np.ones((2, 784))).shape, as_images(np.ones((2, 784))).max()
        ((2, 28, 28), np.uint8(255))
    """
    pixels = as_given(images, name).reshape(-1, SIDE, SIDE)
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype == bool:
        return pixels * np.uint8(255)
    pixels = np.nan_to_num(pixels.astype(np.float32))
    low, high = (pixels.min(), pixels.max()) if pixels.size else (0.0, 1.0)
    if low < 0:  # standardised pixels: only their contrast can be drawn
        pixels, high = pixels - low, high - low
    if low < 0 or high > 255:
        pixels = pixels * (255 / max(high, 1e-9))
    elif high <= 1:
        pixels = pixels * 255
    # Rounded, so that a last bit too few is not a grey level too few.
    return np.rint(pixels).astype(np.uint8)


def as_labels(labels, name: str = "labels") -> np.ndarray:
    """Turn labels, as classes or one-hot, into classes.

    Args:
        labels: classes 0..9 of shape (n,) or (n, 1), or one-hot (n, 10); array or tensor.
        name: what to call them in an error.

    Returns:
        uint8 (n,).

    Raises:
        ValueError: another shape, or a class outside 0..9.

    Example:
        >>> as_labels([7, 2]), as_labels([[0, 0, 0, 1, 0, 0, 0, 0, 0, 0]])
        (array([7, 2], dtype=uint8), array([3], dtype=uint8))
    """
    given = np.asarray(labels)
    if given.ndim == 2 and given.shape[1] == 1:
        given = given[:, 0]
    if given.ndim == 2 and given.shape[1] == CLASSES:
        given = given.argmax(axis=1)
    if given.ndim != 1:
        raise ValueError(
            say(
                "{name}: expected one class 0..9 per image, shape (n,), or one-hot, (n, 10), got "
                "shape {got}",
                **{"name": name, "got": given.shape},
            )
        )
    if given.size and not ((given >= 0) & (given < CLASSES)).all():
        raise ValueError(
            say(
                "{name}: expected classes 0..9, got values from {low} to {high}",
                **{"name": name, "low": given.min(), "high": given.max()},
            )
        )
    return given.astype(np.uint8)


def as_classes(predictions, name: str = "predictions") -> np.ndarray:
    """Turn predictions (logits, probabilities or classes) into classes.

    Args:
        predictions: logits or probabilities (n, 10), or classes (n,); array or tensor.
        name: what to call them in an error.

    Returns:
        uint8 (n,); `UNKNOWN` where a score is NaN.

    Raises:
        ValueError: another shape, or a class outside 0..9.

    Example:
        >>> as_classes([[0.1] * 9 + [0.9], [np.nan] * 10])
        array([  9, 255], dtype=uint8)
    """
    scores = np.asarray(predictions)
    if scores.ndim != 2:
        return as_labels(scores, name)
    if scores.shape[1] != CLASSES:
        raise ValueError(
            say(
                "{name}: expected 10 scores per image (logits or probabilities), shape (n, 10), or "
                "one class per image, (n,), got shape {got}",
                **{"name": name, "got": scores.shape},
            )
        )
    classes = scores.argmax(axis=1).astype(np.uint8)
    classes[np.isnan(scores).any(axis=1)] = UNKNOWN
    return classes


def as_pair(loss) -> tuple[float, float]:
    """Turn a loss, or the losses of training and validation, into two floats.

    Args:
        loss: a number, or a pair (training, validation), either of them None; numbers or tensors.

    Returns:
        Training, validation: NaN where not given, infinity where what was given is not finite.

    Raises:
        ValueError: neither a number nor a pair of numbers.

    Example:
        >>> as_pair(0.5), as_pair((None, 0.25)), as_pair((float("nan"), 1))
        ((0.5, nan), (nan, 0.25), (inf, 1.0))
    """
    pair = loss if isinstance(loss, (tuple, list)) else (loss, None)
    sizes = [np.size(np.asarray(value)) for value in pair]
    if len(pair) != 2 or any(size != 1 for size in sizes):
        raise ValueError(
            say(
                "loss: expected (training, validation), two numbers, one of which may be None, got "
                "values of sizes {sizes}. Take the mean over the batch first.",
                sizes=sizes,
            )
        )
    training, validation = pair
    return _given(training), _given(validation)


def _given(value) -> float:
    if value is None:
        return float("nan")
    number = float(np.asarray(value).item())
    # NaN already says "not given", so a loss that is NaN travels as infinity.
    return number if np.isfinite(number) else float("inf")


def as_quantiles(values, name: str = "weights") -> np.ndarray:
    """Summarise parameters by the quantiles that the bands are drawn from.

    Args:
        values: an array, a tensor or a variable, or a list of them (all layers).
        name: what to call them in an error.

    Returns:
        float64 (7,): the quantiles of `QUANTILES`; infinity where a value is NaN; NaN for an
        empty list.

    Raises:
        ValueError: something that is not numbers.

    Example:
        >>> as_quantiles([np.zeros((3, 2)), np.ones(4)])[[0, 3, 6]]
        array([0., 0., 1.])
    """
    parts = values if isinstance(values, (list, tuple)) else [values]
    try:
        flat = [np.asarray(part, dtype=np.float64).ravel() for part in parts]
    except (TypeError, ValueError) as error:
        raise ValueError(
            say(
                "{name}: expected an array of numbers, or a list of arrays, one per layer, got "
                "{got}",
                **{"name": name, "got": type(values).__name__},
            )
        ) from error
    flat = [part[:: -(-part.size // MOST_VALUES)] for part in flat if part.size]
    if not flat:
        return np.full(len(QUANTILES), np.nan)
    every = np.concatenate(flat)
    if not np.isfinite(every).all():
        return np.full(len(QUANTILES), np.inf)
    return np.quantile(every, QUANTILES)


def check_lengths(**arrays) -> None:
    """Hold arrays that belong together to one length.

    Args:
        **arrays: name and array; all need the same length.

    Raises:
        ValueError: they differ.

    Example:
        >>> check_lengths(images=[1, 2], labels=[7])
        Traceback (most recent call last):
        ValueError: expected arrays of one length, got images: 2, labels: 1
    """
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        got = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise ValueError(say("expected arrays of one length, got {got}", got=got))
