"""Checks of lesson 04c, the same in a quarter of the time."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import accuracy, compare, exercise, keras_model, not_yet, scores_of
from workshop.checks.expect import FULL_TRAINING_EXAMPLES
from workshop.messages import say

if TYPE_CHECKING:
    import keras

# Multiplications per digit that the last exercise allows: half of those of the lesson's network.
MOST = 184_160
# Without those for validation, MNIST has this many training digits for each test digit.
TRAINING_PER_TEST = 5.5
ABOUT = (
    "layer|conv|kernel|filter|stride|pool|multipl|accura|seed|cheap|first|second|half|network|map"
    "|schicht|genau|netz|faltung|couche|précis|réseau|capa|precis|red"
)


@exercise("4c-1")
def lean(answer: Callable) -> str:
    """Check how far a picture's ink moves to the right per row.

    answer: function of an image `(height, width)`, uint8 or float, to a number.
    """
    random = np.random.default_rng()
    upright, slash = np.zeros((28, 28), "uint8"), np.zeros((9, 9), "uint8")
    upright[4:24, 13:15] = 255
    slash[np.arange(9), 8 - np.arange(9)] = 200
    twice = np.zeros((8, 20), "uint8")
    twice[np.arange(8), 2 + 2 * np.arange(8)] = 90
    pictures = {
        say("an upright stroke"): upright,
        say("a stroke from the upper right to the lower left"): slash,
        say("a stroke that moves two columns per row"): twice,
        say("a random picture of 28 x 28"): random.integers(0, 256, (28, 28)).astype("uint8"),
        say("a random picture of 12 x 30"): random.random((12, 30)).astype("float32"),
        say("a faint picture of 30 x 12"): random.random((30, 12)) ** 4 / 100,
        say("a faint stroke like a backslash, of ink 0.001"): np.eye(9) / 1000,
        say("a dark stroke in a corner"): _stroke_in_a_corner(random),
    }
    for what, image in pictures.items():
        expected = _lean_of(image)
        came = answer(image)
        _name_the_slip(came, image, expected, what)
        compare(came, expected, what=what, rtol=1e-3, atol=1e-3)
    return say("A stroke's lean, whatever its place and its ink.")


def _stroke_in_a_corner(random: np.random.Generator) -> np.ndarray:
    image = np.zeros((28, 28), "uint8")
    slope = random.uniform(0.3, 0.9)
    for row in range(12):
        image[row, int(slope * row)] = random.integers(20, 60)
        image[row, int(slope * row) + 1] = random.integers(20, 60)
    return image


def _lean_of(image: np.ndarray, *, centred: bool = True) -> float:
    ink = image / image.sum(dtype=float)
    rows, columns = np.indices(image.shape).astype(float)
    if centred:
        rows -= (ink * rows).sum()
        columns -= (ink * columns).sum()
    return round(float((ink * rows * columns).sum() / (ink * rows**2).sum()), 12) + 0.0


def _name_the_slip(came: Any, image: np.ndarray, expected: float, what: str) -> None:
    """Tell a lean of the other sign, of the other axis, and one without means from other slips."""
    if np.shape(came) != () or came is None or came is ...:
        return

    def is_slip(other: float) -> bool:
        return not np.isclose(other, expected, atol=0.01) and np.isclose(came, other, atol=1e-3)

    if is_slip(-expected):
        not_yet("{what} leans the other way. Which sign does a stroke like \\ have?", what=what)
    if is_slip(_lean_of(image, centred=False)):
        not_yet("{what}: expected rows and columns to be counted from their means.", what=what)
    if is_slip(_lean_of(image.T)):
        not_yet("{what}: expected columns per row, got rows per column.", what=what)


@exercise("4c-2")
def warm_schedule(answer: Callable) -> str:
    """Check a learning rate that warms up and comes down.

    answer: function of how many images there are, the batch size, epochs (ints) and the peak of
    the rate to a function of the step, such as a Keras schedule.
    """
    random = np.random.default_rng()
    cases = [
        (2_500, 64, 1, 0.005),  # 40 steps, the last of them smaller
        (2_500, 64, 3, 0.02),
        (500, 100, 4, 1.0),  # no smaller one
        (int(random.integers(4, 9)) * 1_000 - 30, 100, 5, float(random.uniform(0.001, 0.1))),
    ]
    for images, batch_size, epochs, peak in cases:
        steps = epochs * math.ceil(images / batch_size)
        warmup = steps // 10
        rate = answer(images, batch_size, epochs, peak)
        if not callable(rate):
            kind = type(rate).__name__
            not_yet("Expected a schedule, or a function of the step, got {kind}.", kind=kind)
        case = {"images": images, "batch": batch_size, "epochs": epochs, "peak": peak}
        for step, factor in _wanted(steps, warmup):
            came = rate(step)
            what = say(
                "{images} images, batches of {batch}, epochs: {epochs}, peak: {peak:g}; the rate "
                "at step {step} of {steps}",
                **case,
                **{"step": step, "steps": steps},
            )
            compare(came, factor * peak, what=what, rtol=0, atol=0.01 * peak)
    return say("Up in the first tenth of all steps, and down to 0 at the end.")


def _wanted(steps: int, warmup: int) -> list[tuple[int, float]]:
    """Give some steps, and the share of the peak that belongs to each."""
    fall = steps - warmup
    places = {0: 0.0, warmup // 2: warmup // 2 / warmup, warmup: 1.0, steps: 0.0}
    for step in (warmup + fall // 4, warmup + fall // 2, steps - fall // 10, steps - 1):
        places[step] = (1 + math.cos(math.pi * (step - warmup) / fall)) / 2
    return sorted(places.items())


@exercise("4c-3")
def cheap_model(answer: "keras.Model", mind: str, images: np.ndarray, labels: np.ndarray) -> str:
    """Check a network of few multiplications that the learner trained.

    answer: Keras model of prepared images `(batch, 24, 24)` to `(batch, 10)`.
    mind: a sentence.
    images: prepared test images `(n, 24, 24)`, uint8.
    labels: `(n,)`.
    """
    keras_model(answer)
    if not hasattr(answer, "layers") or not getattr(answer, "built", True):
        not_yet("Expected a Keras model with layers and shapes. Begin it with keras.Input.")
    count = multiplications(answer)
    if count > MOST:
        not_yet(
            "Expected at most {most:,} multiplications per digit, got {got:,}.",
            **{"most": MOST, "got": count},
        )
    reached = accuracy(scores_of(answer, images), labels)
    is_full = TRAINING_PER_TEST * len(images) >= FULL_TRAINING_EXAMPLES
    if reached < (least := 0.985 if is_full else 0.93):
        not_yet(
            "Test accuracy: expected at least {least:g}, got {reached:.4f}. More epochs? Did it "
            "learn from what `prepare` gives?",
            **{"least": least, "reached": reached},
        )
    asked = say("Now say in `mind` what would change your mind about which layer to save on.")
    claim(mind, asked, ABOUT)
    return say(
        "Test accuracy {reached:.4f} with {count:,} multiplications per digit.",
        **{"reached": reached, "count": count},
    )


def multiplications(model: "keras.Model") -> int:
    """Count positions times weights of all kernels, in models within the model too."""
    total = 0
    for layer in model.layers:
        if hasattr(layer, "layers"):
            total += multiplications(layer)
            continue
        kernels = [weight for weight in layer.weights if len(weight.shape) > 1]
        # A recurrent layer uses its kernels at each step, also where it gives its last state alone.
        shape = (layer.input if hasattr(layer, "return_sequences") else layer.output).shape
        positions = math.prod(shape[1:-1])
        total += positions * sum(math.prod(kernel.shape) for kernel in kernels)
    return total
