"""What lesson 04's checks compare with: maps of kernels, and the slips that people make."""

from typing import Any

import numpy as np

from workshop.checks.engine import not_yet

# How far the map of a kernel that was learned may be from the true one, as a share of its length.
NEAR_ENOUGH = 0.1
TELLING = 0.4  # of a map's length, what a wrong kernel changes at least


def name_the_slip(came: Any, expected: np.ndarray, image: np.ndarray, kernels: np.ndarray) -> None:
    """Tell mirrored kernels, padded maps and channels that were not added from other slips."""
    import tensorflow as tf

    shape = np.shape(came)
    if shape == (*expected.shape[:2], image.shape[-1], expected.shape[-1]):
        not_yet(
            "Expected maps of shape {expected}, got {got}: the axis of the input channels "
            "({channels}) is left. What happens to the input channels of a patch?",
            **{"expected": expected.shape, "got": shape, "channels": image.shape[-1]},
        )
    if shape == (*image.shape[:2], expected.shape[-1]) != expected.shape:
        not_yet(
            "Expected maps of shape {expected}, got {got}, as large as the image. Without padding "
            "a kernel of {height} x {width} fits in fewer places.",
            **{"expected": expected.shape, "got": shape},
            **{"height": kernels.shape[0], "width": kernels.shape[1]},
        )
    if shape != expected.shape:
        return
    mirrored = tf.nn.conv2d(image[np.newaxis], kernels[::-1, ::-1], strides=1, padding="VALID")
    first = tf.nn.conv2d(image[np.newaxis, ..., :1], kernels[:, :, :1], strides=1, padding="VALID")

    def is_slip(other: np.ndarray) -> bool:
        return not np.allclose(other, expected, atol=1e-3) and np.allclose(came, other, atol=1e-3)

    if is_slip(mirrored[0]):
        not_yet("Your kernels are mirrored; in this field a kernel is laid on as it is.")
    if is_slip(first[0]):
        not_yet("Only the first input channel counts in your maps; all of them should.")


def two_digits(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Give two digits of enough ink, in float32, 0..1."""
    inked = np.flatnonzero(images.mean(axis=(1, 2)) > np.median(images.mean(axis=(1, 2))))
    return images[random.choice(inked, 2, replace=False)].astype("float32") / 255


def map_of(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Slide a kernel over an image with one channel; gives its map."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("hwij,ij->hw", windows, kernel)


def telling_kernel(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draw a kernel `(3, 3)` whose map has both signs, and which is another one when turned.

    Else a kernel that is found wrongly could pass, or be told what is wrong with another one.
    """
    while True:
        kernel = random.normal(size=(3, 3)).astype("float32")
        edges = map_of(image, kernel)
        parts = np.linalg.norm(np.maximum(edges, 0)), np.linalg.norm(np.minimum(edges, 0))
        turned = [kernel.T, kernel[::-1, ::-1], kernel.T[::-1, ::-1]]
        far = [np.linalg.norm(map_of(image, other) - edges) for other in turned]
        if min(*parts, *far) > TELLING * np.linalg.norm(edges):
            return kernel


def is_near(found: np.ndarray, kernel: np.ndarray, image: np.ndarray) -> None:
    """Compare the maps of two kernels, and tell a kernel that is turned from others."""
    wanted = map_of(image, kernel)

    def distance(other: np.ndarray) -> float:
        return float(np.linalg.norm(map_of(image, other) - wanted) / np.linalg.norm(wanted))

    if (far := distance(found)) <= NEAR_ENOUGH:
        return
    if distance(found[::-1, ::-1]) <= NEAR_ENOUGH:
        not_yet("Your kernel is mirrored; in this field a kernel is laid on as it is.")
    if distance(found.T) <= NEAR_ENOUGH:
        not_yet("Your kernel has rows and columns exchanged.")
    not_yet(
        "On another digit your kernel's map is {far:.0%} of its length away from the true one; "
        "expected at most {near:.0%}. Does the loss fall to nearly 0? Can what you compare with "
        "the map be negative, as the map is?",
        **{"far": far, "near": NEAR_ENOUGH},
    )
