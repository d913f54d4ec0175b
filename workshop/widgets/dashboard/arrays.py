"""What a learner hands to the dashboard, turned into the small arrays that it draws."""

import numpy as np

CLASSES = 10
SIDE = 28
UNKNOWN = 255  # a prediction without a largest score, because one of the scores is NaN
# Whole range, nine values in ten, the middle half, the median.
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
# Quantiles of more values than these look the same and cost milliseconds.
MOST_VALUES = 20_000


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
    pixels = np.asarray(images)
    if pixels.ndim < 2 or pixels.shape[1:] not in {(SIDE, SIDE), (SIDE, SIDE, 1), (SIDE * SIDE,)}:
        raise ValueError(
            f"{name} came with shape {pixels.shape}; needed is (n, 28, 28), (n, 28, 28, 1) or "
            "(n, 784). For a single image add an axis: image[None]."
        )
    pixels = pixels.reshape(-1, SIDE, SIDE)
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
            f"{name} came with shape {given.shape}; needed is one class 0..9 an image, (n,), or "
            "one-hot, (n, 10)."
        )
    if given.size and not ((given >= 0) & (given < CLASSES)).all():
        raise ValueError(
            f"{name} came with values from {given.min()} to {given.max()}; needed are classes 0..9."
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
            f"{name} came with shape {scores.shape}; needed are 10 scores an image (logits or "
            "probabilities), (n, 10), or one class an image, (n,)."
        )
    classes = scores.argmax(axis=1).astype(np.uint8)
    classes[np.isnan(scores).any(axis=1)] = UNKNOWN
    return classes


def as_pair(loss) -> tuple[float, float]:
    """Turn a loss, or the losses of training and test, into two floats.

    Args:
        loss: a number, or a pair (training, test), either of them None; numbers or tensors.

    Returns:
        Training, test: NaN where not given, infinity where what came is not finite.

    Raises:
        ValueError: neither a number nor a pair of numbers.

    Example:
        >>> as_pair(0.5), as_pair((None, 0.25)), as_pair((float("nan"), 1))
        ((0.5, nan), (nan, 0.25), (inf, 1.0))
    """
    pair = loss if isinstance(loss, (tuple, list)) else (loss, None)
    sizes = [np.size(value) for value in pair]
    if len(pair) != 2 or any(size != 1 for size in sizes):
        raise ValueError(
            f"loss came as {len(pair)} values of sizes {sizes}; needed is (training, test), two "
            "numbers (one of them may be None). Take the mean over the batch first."
        )
    return tuple(
        float("nan") if value is None else _finite_or_bad(float(np.asarray(value).item()))
        for value in pair
    )


def _finite_or_bad(value: float) -> float:
    # NaN already says "not given", so a loss that is NaN travels as infinity.
    return value if np.isfinite(value) else float("inf")


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
            f"{name} came as {type(values).__name__}, which is not numbers; needed is an array or "
            "a list of arrays, one a layer."
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
        ValueError: lengths differ: 2 images, 1 labels; needed is one of each an example.
    """
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{length} {name}" for name, length in lengths.items())
        raise ValueError(f"lengths differ: {said}; needed is one of each an example.")
