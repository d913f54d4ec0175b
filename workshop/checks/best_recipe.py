"""Checks of lesson 04b, from 99 to 99.4 percent."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, scores_of
from workshop.checks.residual_oracle import is_residual
from workshop.messages import say

if TYPE_CHECKING:
    import keras

# How far apart two probabilities are at least that come in an order of their own; and how far apart
# two answers about a digit are at most, on average, that are the same but for chance, or rounding.
LITTLE, SAME_ENOUGH, ROUNDED = 1e-4, 0.1, 2e-4
ABOUT = (
    "digit|read|model|luck|chance|seed|better|mistake|error|test|valid|mov|shift|answer|accura"
    "|ziffer|zufall|besser|fehler|chiffre|hasard|mieux|cifra|suerte|mejor"
)


@exercise("4b-1", sees_changes=True)
def move(answer: Callable) -> str:
    """Check a move by whole pixels that fills with zeros.

    answer: function of an image `(28, 28)`, uint8, which stays as it is, and two ints, down and
    right, to the moved image.
    """
    random = np.random.default_rng()
    image = random.integers(1, 256, (28, 28)).astype("uint8")
    others = [tuple(map(int, pair)) for pair in random.integers(-35, 36, (6, 2))]
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
        (-29, 0),
        (2, -28),
        *others,
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
            is_residual(model, shape)
        finally:  # layers that the learner has trained may be in it
            model.set_weights(kept)
    return say("With zero weights everything passes; with others, a change is added.")


@exercise("4b-3")
def centre_of_mass(answer: Callable) -> str:
    """Check the centre of mass of a picture.

    answer: function of an image `(height, width)`, uint8 or float, to row and column.
    """
    random = np.random.default_rng()
    single, two = np.zeros((28, 28), "uint8"), np.zeros((28, 28), "uint8")
    single[20, 3] = 255
    two[10, 4], two[10, 8] = 50, 150
    pictures = {
        say("one bright pixel at row 20, column 3"): single,
        say("two pixels in row 10: 50 at column 4, 150 at column 8"): two,
        say("a random picture of 28 x 28"): random.integers(0, 256, (28, 28)).astype("uint8"),
        say("a random picture of 10 x 40"): random.random((10, 40)).astype("float32"),
        say("a faint picture of 40 x 10"): (random.random((40, 10)) ** 3) / 100,
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
            even = np.mean(np.nonzero(ink), axis=1)
            for slip in (even, middle):
                if not np.allclose(slip, expected, atol=0.1) and np.allclose(came, slip):
                    not_yet(
                        "{what}: expected bright pixels to weigh more; in your answer all that "
                        "have ink weigh the same.",
                        what=what,
                    )
        compare(came, expected, what=what, rtol=1e-3, atol=1e-3)
    return say("Each pixel weighs as much as it is bright.")


@exercise("4b-4")
def read_better(
    answer: Callable, mind: str, model: "keras.Model", x_test: np.ndarray, y_test: np.ndarray
) -> str:
    """Check a reader that uses a trained model more cleverly.

    answer: function of images `(n, 28, 28)`, uint8, to probabilities `(n, 10)`.
    mind: a sentence.
    model: Keras model that the answer is compared with.
    x_test: test images `(n, 28, 28)`, uint8.
    y_test: labels `(n,)`.
    It has to be as good as the model alone, within what luck explains; whether it is better is the
    learner's question.
    """
    came = _probabilities(answer, x_test)
    alone = scores_of(model, x_test)
    if np.allclose(came, alone, atol=1e-5):
        not_yet("These are the model's own probabilities. What else can you ask it?")
    if not _ranks_otherwise(came, alone):
        not_yet(
            "Each digit's ten answers come in the model's own order, so none is read in another "
            "way. What else can you ask it?"
        )
    _is_each_by_itself(answer, came, x_test)
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
    asked = say("Now say in `mind` what would change your mind about whether yours is better.")
    claim(mind, asked, ABOUT)
    return say("Of {count:,} digits yours alone reads {won}, the model alone {lost}.", **counts)


def _probabilities(answer: Callable, images: np.ndarray) -> np.ndarray:
    came = np.asarray(answer(images))
    if came.shape != (wanted := (len(images), 10)):
        fields = {"count": len(images), "expected": wanted, "got": came.shape}
        not_yet("For {count} images: expected shape {expected}, got {got}.", **fields)
    sums = came.sum(axis=1)
    if np.any(came < 0) or not np.allclose(sums, 1, atol=1e-3):
        not_yet(
            "Expected rows of probabilities, none below 0, that sum to 1, got sums from {low:.3g} "
            "to {high:.3g}. Sum or mean?",
            **{"low": sums.min(), "high": sums.max()},
        )
    return came


def _ranks_otherwise(came: np.ndarray, alone: np.ndarray) -> bool:
    """Whether two of a digit's ten answers have exchanged their order, for any digit."""
    yours = came[:, :, np.newaxis] - came[:, np.newaxis]
    before = alone[:, :, np.newaxis] - alone[:, np.newaxis]
    return bool(np.any((yours > LITTLE) & (before < -LITTLE)))


def _is_each_by_itself(answer: Callable, came: np.ndarray, images: np.ndarray) -> None:
    """Ask for some digits again: in another order, in half as large a company, and each alone.

    What moves digits at random gives nearly the same, and may.
    """
    some = np.random.default_rng().permutation(len(images))[:40]
    again, half = (_probabilities(answer, images[places]) for places in (some, some[:20]))
    alone = [_probabilities(answer, images[[k]]) for k in some[:5]]
    is_random = not np.allclose(half, _probabilities(answer, images[some[:20]]), atol=1e-6)
    most = SAME_ENOUGH if is_random else ROUNDED
    for got, places in ((again, some), (half, some[:20]), (np.concatenate(alone), some[:5])):
        if np.abs(got - came[places]).sum(axis=1).mean() / 2 > most:
            not_yet(
                "For {count} of the digits, asked for again on their own, your probabilities are "
                "different. Does a digit's answer depend on those beside it?",
                count=len(places),
            )


@exercise("4b-5")
def read_digits(answer: Callable) -> str:
    """Check a reader that uses a network as it is used after training.

    answer: function of a Keras model of images `(batch, 28, 28)`, uint8, to probabilities `(batch,
    10)`, and of images `(n, 28, 28)` to digits `(n,)`.
    """
    random = np.random.default_rng()
    model = _trained(random)
    kept, how = model.get_weights(), model.get_config()
    for count in (100, 237, 1, 40):
        images = random.integers(0, 256, (count, 28, 28)).astype("uint8")
        scores = model.predict(images, verbose=0)
        came = answer(model, images)
        if np.shape(came) == (count, 10):
            not_yet("Expected a digit for each image, got ten numbers.")
        if count > 100 and np.shape(came) in ((200,), (count // 100 * 100,)):
            not_yet("Of {count} images, the last ones got no answer.", count=count)
        if not all(map(np.array_equal, kept, model.get_weights())):
            not_yet("Reading changed the model's weights. Which ones does training move?")
        if model.get_config() != how:
            not_yet("Reading changed the model's layers or their settings. Leave it as it was.")
        what = say("the digits that the model reads in {count} images", count=count)
        _is_what_it_reads(came, scores, what)
    return say("The same digits as model.predict, whatever is beside them.")


def _trained(random: np.random.Generator) -> "keras.Model":
    """Make a network with batch normalisation and dropout, as if trained."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Rescaling(1 / 255),
            layers.Dense(30),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    weights = []
    for weight in model.get_weights():
        drawn = random.normal(size=weight.shape)
        # Columns that sum to little, not to 0: what is drawn decides, and how bright it is as well.
        centred = drawn - 0.8 * drawn.mean(axis=0)
        weights.append(centred if weight.ndim == 2 else np.abs(weight + drawn / 2))
    model.set_weights(weights)
    return model


def _is_what_it_reads(came: Any, scores: np.ndarray, what: str) -> None:
    """Compare digits with the largest scores; where two are as large, either will do."""
    expected = scores.argmax(axis=1)
    if np.shape(came) == expected.shape:
        digits = np.asarray(came, dtype=float)
        if np.isin(digits, range(10)).all():
            chosen = scores[np.arange(len(scores)), digits.astype(int)]
            expected = np.where(chosen >= scores.max(axis=1) - 1e-5, digits, expected)
    compare(came, expected, what=what)
