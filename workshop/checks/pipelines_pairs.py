"""Batches of images and labels from a generator: what the check of exercise 5-1 looks at."""

import numpy as np

from workshop.checks.engine import not_yet


def numbered(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Images of random bytes, and a label for each that no other has and that is no index."""
    random = np.random.default_rng()
    images = random.integers(0, 256, (count, 2, 3), "uint8")
    return images, 100 + random.permutation(count)


def shuffled_one_by_one(order: np.ndarray) -> None:
    """Look for neighbours that stayed neighbours, and for examples that never come far."""
    steps, times = np.unique(np.diff(order), return_counts=True)
    if times.max() > len(order) // 3:
        not_yet(
            "{times} of {count} times, an example is followed by the one {step} further on. "
            "Expected single examples to be shuffled, not batches, and not a rotation.",
            **{"times": times.max(), "count": len(order) - 1, "step": steps[times.argmax()]},
        )
    if np.max(order - np.arange(len(order))) < len(order) // 2:
        not_yet(
            "No example came from far behind: expected all examples to be shuffled together, not "
            "in parts."
        )


def read_pairs(came: object, what: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Batches of images and labels that a generator gives, as they were when they came."""
    if not hasattr(came, "__iter__"):
        not_yet(
            "{what}: expected a generator, got {got!r}. Is there a `yield`?",
            **{"what": what, "got": came},
        )
    read = []
    for element in came:
        if not (isinstance(element, tuple | list) and len(element) == 2):
            not_yet(
                "{what}: expected a pair (images, labels), got {kind}.",
                **{"what": what, "kind": type(element).__name__},
            )
        for part in element:
            if not isinstance(part, np.ndarray | np.generic):
                not_yet(
                    "{what}: expected pairs of NumPy arrays, got {kind}.",
                    **{"what": what, "kind": type(part).__name__},
                )
        read.append((np.array(element[0]), np.array(element[1])))
        if len(read) > 200:
            not_yet("{what}: got more than 200 batches. When does it end?", what=what)
    for images, labels in read:
        if images.ndim != 3 or labels.shape != images.shape[:1]:
            not_yet(
                "{what}: expected shapes (batch, height, width) and (batch,), got {images} and "
                "{labels}.",
                **{"what": what, "images": images.shape, "labels": labels.shape},
            )
    return read


def each_once(read: list, given: tuple[np.ndarray, np.ndarray], what: str) -> np.ndarray:
    """The order `(n,)` in which the examples came: each once, and with its own label."""
    images, labels = given
    came = np.concatenate([part for _, part in read])
    place = {label: k for k, label in enumerate(labels.tolist())}
    strange = [label for label in came.tolist() if label not in place]
    if strange:
        not_yet(
            "{what}: got the label {label}, which no example has.",
            **{"what": what, "label": strange[0]},
        )
    order = np.array([place[label] for label in came.tolist()])
    times = np.bincount(order, minlength=len(labels))
    if times.max() > 1:
        not_yet(
            "{what}: expected each example once, got example {example} {times} times.",
            **{"what": what, "example": times.argmax(), "times": times.max()},
        )
    if times.min() < 1:
        not_yet(
            "{what}: expected each example once, but example {example} is missing.",
            **{"what": what, "example": times.argmin()},
        )
    pictures = np.concatenate([part for part, _ in read])
    if pictures.shape != images.shape:
        not_yet(
            "{what}: expected images of shape {expected}, got {got}.",
            **{"what": what, "expected": images.shape[1:], "got": pictures.shape[1:]},
        )
    off = np.any(pictures != images[order], axis=(1, 2))
    if off.any():
        not_yet(
            "{what}: the label of image {example} comes with another image, or the image has "
            "changed.",
            **{"what": what, "example": order[off.argmax()]},
        )
    return order
