"""Checks of lesson 04b, from 99 to 99.4 percent."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, scores_of
from workshop.messages import say

if TYPE_CHECKING:
    import keras

KERNEL_AXES = 4  # of a convolution: height, width, channels in, channels out
# Weights beside kernels, and the values with which they change nothing; others stay as they are.
NEUTRAL = {"gamma": 1, "beta": 0, "moving_mean": 0, "moving_variance": 1, "bias": 0, "alpha": 0}


@exercise("4b-1", sees_changes=True)
def move(answer: Callable) -> str:
    """Check a move by whole pixels that fills with zeros.

    answer: function of an image `(28, 28)`, uint8, which stays as it is, and two ints, down and
    right, to the moved image.
    """
    image = np.random.default_rng(3).integers(1, 256, (28, 28)).astype("uint8")
    for down, right in (
        (0, 0),
        (1, 0),
        (0, 2),
        (-3, 0),
        (0, -1),
        (5, -4),
        (-2, 7),
        (27, 0),
        (30, 1),
    ):
        kept = image.copy()
        came = answer(kept, down, right)
        what = f"move(image, {down}, {right})"
        expected = _moved(image, down, right)
        if not np.array_equal(kept, image):
            not_yet("{what} changed the image that it was given. Work on a copy.", what=what)
        if np.array_equal(came, np.roll(image, (down, right), (0, 1))) and (down or right):
            not_yet(
                "{what}: expected zeros to come in, got what left on the other side.", what=what
            )
        if np.shape(came) == (28, 28) and (down or right):
            _name_the_direction(np.asarray(came), image, down, right)
        compare(came, expected, what=what)
    return say("Moved in all directions, with zeros behind.")


def _moved(image: np.ndarray, down: int, right: int) -> np.ndarray:
    far = 40  # more than any move that is asked
    padded = np.pad(image, far)
    return padded[far - down : far - down + 28, far - right : far - right + 28]


def _name_the_direction(came: np.ndarray, image: np.ndarray, down: int, right: int) -> None:
    expected = _moved(image, down, right)

    def went(*other: int) -> bool:
        elsewhere = _moved(image, *other)
        return np.array_equal(came, elsewhere) and not np.array_equal(elsewhere, expected)

    fields = {"down": down, "right": right}
    if went(-down, -right):
        not_yet("move(image, {down}, {right}) went the opposite way.", **fields)
    if went(right, down):
        not_yet("move(image, {down}, {right}) went with down and right exchanged.", **fields)


@exercise("4b-2")
def residual_block(answer: Callable) -> str:
    """Check a residual block through its properties.

    answer: function of a symbolic tensor `(batch, height, width, channels)` to one of the same
    shape.
    With all weights zero, it has to give `relu(inputs)`; with kernels at random, what the formula
    gives with the same kernels. A batch normalisation may stand in it.
    """
    import keras

    for shape in ((7, 9, 4), (12, 12, 3)):
        inputs = keras.Input(shape)
        outputs = answer(inputs)
        if getattr(outputs, "shape", None) != inputs.shape:
            came = getattr(outputs, "shape", type(outputs).__name__)
            not_yet(
                "For inputs of shape {expected}: expected the same shape, got {got}.",
                **{"expected": inputs.shape, "got": came},
            )
        model = keras.Model(inputs, outputs)
        kept = model.get_weights()
        try:
            _two_convolutions(model)
            _lets_pass(model, shape)
            _is_the_formula(model, shape)
        finally:  # layers that the learner has trained may be in it
            model.set_weights(kept)
    return say("With zero weights everything passes; with others, a change is added.")


def _two_convolutions(model: "keras.Model") -> None:
    kernels = [w for w in model.weights if len(w.shape) == KERNEL_AXES]
    if len(kernels) != 2 or any(tuple(k.shape[:2]) != (3, 3) for k in kernels):
        sizes = [tuple(k.shape[:2]) for k in kernels]
        not_yet("Expected two kernels of 3 x 3, got sizes {got}.", got=sizes)


def _lets_pass(model: "keras.Model", shape: tuple) -> None:
    inputs = np.random.default_rng(0).normal(size=(2, *shape)).astype("float32")
    kept = model.get_weights()
    model.set_weights([np.zeros_like(weights) for weights in kept])
    came = model(inputs, training=False)
    if np.allclose(came, 0):
        not_yet("With all weights zero, nothing comes out; the inputs have to be added.")
    if np.allclose(came, inputs):
        not_yet("With all weights zero, negative values pass; a last ReLU is missing.")
    compare(came, np.maximum(inputs, 0), what=say("the block with all weights zero"))
    model.set_weights(kept)


def _is_the_formula(model: "keras.Model", shape: tuple) -> None:
    """Compare with `relu(inputs + change)`: kernels at random, and nothing else does anything."""
    random = np.random.default_rng(1)
    names = [weight.name for weight in model.weights]
    weights = [
        random.normal(scale=0.3, size=kept.shape).astype("float32")
        if kept.ndim == KERNEL_AXES
        else np.full_like(kept, NEUTRAL.get(name, kept))
        for name, kept in zip(names, model.get_weights(), strict=True)
    ]
    model.set_weights(weights)
    inputs = random.normal(size=(1, *shape)).astype("float32")
    came = np.asarray(model(inputs, training=False))
    # Batch normalisation divides by a little more than 1, of which the formula knows nothing.
    near = {"rtol": 1e-3, "atol": 0.01 * np.abs(came).max() if "moving_variance" in names else 1e-4}
    one, two = (weight for weight in weights if weight.ndim == KERNEL_AXES)
    # A layer may have made its second convolution first.
    orders = [pair for pair in ((one, two), (two, one)) if _fit(*pair, channels=shape[-1])]
    if not orders:
        not_yet(
            "Expected the kernels of two Conv2D layers, got shapes {first} and {second}.",
            **{"first": one.shape, "second": two.shape},
        )
    for order in orders:
        for slip, change in _changes(inputs, *order):
            if np.allclose(came, np.maximum(inputs + change, 0), **near):
                _name_the_slip(slip)
                return
    if names.count("gamma") > names.count("moving_variance"):
        not_yet("The block normalises each picture by itself. Try it without, or over the batch.")
    _, change = next(_changes(inputs, *orders[0]))
    expected = np.maximum(inputs + change, 0)
    compare(came, expected, what=say("the block with random kernels"), **near)


def _fit(first: np.ndarray, second: np.ndarray, *, channels: int) -> bool:
    """Whether the second convolution takes what the first gives, and gives back the channels."""
    inner = first.shape[-1]
    return first.shape[2:] == (channels, inner) and second.shape[2:] == (inner, channels)


def _changes(
    inputs: np.ndarray, first: np.ndarray, second: np.ndarray
) -> Iterator[tuple[str, np.ndarray]]:
    """Give the right change, and wrong ones that people write, each with its name."""
    import tensorflow as tf

    def convolved(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        return tf.nn.conv2d(x, kernel, 1, "SAME").numpy()

    def relu(x: np.ndarray) -> np.ndarray:
        return np.maximum(x, 0)

    one = convolved(inputs, first)
    change = convolved(relu(one), second)
    yield "", change
    yield "relu before the sum", relu(change)
    yield "no relu between", convolved(one, second)
    if first.shape == second.shape:
        other = convolved(inputs, second)
        for beside in (one + other, relu(one) + other, relu(one) + relu(other), relu(one + other)):
            yield "side by side", beside


def _name_the_slip(slip: str) -> None:
    if slip == "relu before the sum":
        not_yet("A ReLU stands before the sum; expected it after: relu(inputs + change).")
    if slip == "no relu between":
        not_yet("Between the two convolutions a ReLU is missing.")
    if slip == "side by side":
        not_yet("Both convolutions take the inputs; the second has to take what the first gives.")


@exercise("4b-3")
def centre_of_mass(answer: Callable) -> str:
    """Check the centre of mass of a picture.

    answer: function of an image `(height, width)`, uint8 or float, to row and column.
    """
    random = np.random.default_rng(5)
    single, two = np.zeros((28, 28), "uint8"), np.zeros((28, 28), "uint8")
    single[20, 3] = 255
    two[10, 4], two[10, 8] = 50, 150
    pictures = {
        say("one bright pixel at row 20, column 3"): single,
        say("two pixels in row 10: 50 at column 4, 150 at column 8"): two,
        say("a random picture of 28 x 28"): random.integers(0, 256, (28, 28)).astype("uint8"),
        say("a random picture of 10 x 40"): random.random((10, 40)).astype("float32"),
    }
    for what, image in pictures.items():
        ink = image.astype(float)
        rows, columns = (np.arange(size) for size in image.shape)
        expected = [
            (ink.sum(axis=1) * rows).sum() / ink.sum(),
            (ink.sum(axis=0) * columns).sum() / ink.sum(),
        ]
        came = answer(image)
        if np.shape(came) == (2,) and not np.allclose(expected[0], expected[1], atol=0.1):
            if np.allclose(came, expected[::-1], atol=1e-3):
                not_yet("{what}: expected row, then column, got column, then row.", what=what)
            box = [np.flatnonzero(ink.sum(axis=axis)) for axis in (1, 0)]
            middle = [(where[0] + where[-1]) / 2 for where in box]
            if not np.allclose(middle, expected, atol=0.1) and np.allclose(came, middle):
                not_yet(
                    "{what}: expected bright pixels to weigh more, got the middle of the box "
                    "around all of them.",
                    what=what,
                )
        compare(came, expected, what=what, rtol=1e-3, atol=1e-3)
    return say("Each pixel weighs as much as it is bright.")


@exercise("4b-4")
def read_better(
    answer: Callable, model: "keras.Model", x_test: np.ndarray, y_test: np.ndarray
) -> str:
    """Check a reader that uses a trained model more cleverly.

    answer: function of images `(n, 28, 28)`, uint8, to probabilities `(n, 10)`.
    model: Keras model that the answer is compared with.
    x_test: test images `(n, 28, 28)`, uint8.
    y_test: labels `(n,)`.
    It has to be as good as the model alone, within what luck explains; whether it is better is the
    learner's question.
    """
    came = np.asarray(answer(x_test))
    if came.shape != (wanted := (len(x_test), 10)):
        fields = {"count": len(x_test), "expected": wanted, "got": came.shape}
        not_yet("For {count} images: expected shape {expected}, got {got}.", **fields)
    sums = came.sum(axis=1)
    if np.any(came < 0) or not np.allclose(sums, 1, atol=1e-3):
        not_yet(
            "Expected rows of probabilities, none below 0, that sum to 1, got sums from {low:.3g} "
            "to {high:.3g}. Sum or mean?",
            **{"low": sums.min(), "high": sums.max()},
        )
    alone = scores_of(model, x_test)
    if np.allclose(came, alone, atol=1e-5):
        not_yet("These are the model's own probabilities. What else can you ask it?")
    yours, before = came.argmax(axis=1) == y_test, alone.argmax(axis=1) == y_test
    won, lost = int((yours & ~before).sum()), int((before & ~yours).sum())
    counts = {"count": len(x_test), "won": won, "lost": lost}
    # A coin thrown won + lost times is this far from even once in some hundred times.
    if lost - won > 3 * np.sqrt(won + lost + 1):
        not_yet(
            "Of {count:,} digits yours alone reads {won}, the model alone {lost}. That is worse by "
            "more than luck. Do the moved digits stay whole?",
            **counts,
        )
    return say("Of {count:,} digits yours alone reads {won}, the model alone {lost}.", **counts)
