"""Checks of lesson 02b, the same in Keras."""

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import (
    accuracy,
    compare,
    exercise,
    keras_model,
    not_yet,
    scores_of,
)
from workshop.messages import say

if TYPE_CHECKING:
    import keras

# Weights and biases of the linear classifier: 784 x 10 + 10.
PARAMETERS = 7_850
LEAST_ACCURACY = 0.83
RATE = 0.2
ABOUT = (
    "linear|weight|pixel|layer|step|rate|train|accura|param|class|line|model|form|feature|data"
    "|gewicht|schicht|schritt|genau|poids|couche|pas|précis|peso|capa|paso|modelo|precis"
)


@exercise("2b-1")
def my_model(answer: "keras.Model", mind: str, x_test: np.ndarray, y_test: np.ndarray) -> str:
    """Check a linear classifier that the learner trained.

    answer: Keras model of images `(batch, 28, 28)`, 0..255, to `(batch, 10)`.
    mind: what limits this model, and what would change the learner's mind.
    x_test: test images `(n, 28, 28)`, uint8.
    y_test: labels `(n,)`.

    It has to beat the classifier that picks the nearest mean picture.
    """
    keras_model(answer)
    size = sum(int(np.prod(one.shape)) for one in answer.trainable_variables)
    if size > PARAMETERS:
        not_yet(
            "Expected at most {most:,} trainable parameters, got {size:,}.",
            **{"most": PARAMETERS, "size": size},
        )
    kernels = sum(len(one.shape) > 1 for one in answer.trainable_variables)
    if kernels > 1:
        not_yet(
            "Expected one layer with a kernel, from the pixels to the ten classes, got {count}: "
            "all but the last are hidden layers.",
            count=kernels,
        )
    reached = accuracy(scores_of(answer, x_test), y_test)
    _no_hidden_layer(answer, x_test)
    if reached < LEAST_ACCURACY:
        not_yet(
            "Expected a test accuracy of at least {least}, got {reached:.3f}: the nearest mean "
            "picture alone reads about four in five (0.78-0.83). Does your model take grey values "
            "0..255? Did the loss fall?",
            **{"least": LEAST_ACCURACY, "reached": reached},
        )
    asked = say(
        "Test accuracy {reached:.3f}. Now say in `mind` what limits this model, and which result "
        "would change your mind.",
        reached=reached,
    )
    claim(mind, asked, ABOUT)
    return say("Test accuracy {reached:.3f} with {size:,} parameters.", reached=reached, size=size)


def _no_hidden_layer(model: "keras.Model", images: np.ndarray) -> None:
    """Without one, the logits halfway between two pictures are halfway between theirs."""
    grey = np.mean(images[:500], axis=0)
    ends = grey + 0.5 * (images[:40].astype("float32") - grey)
    between = (ends[:20] + ends[20:40]) / 2
    both = np.concatenate([ends, between]).astype("float32")
    came = np.asarray(model(both, training=False), dtype=float)
    kinds = [came]
    if came.min() >= 0 and came.max() <= 1:  # of softmax, of sigmoids
        with np.errstate(divide="ignore", invalid="ignore"):
            kinds = [np.log(came), np.log(came / (1 - came))]
        kinds[0][came < 1e-30] = kinds[1][(came < 1e-30) | (came > 1 - 1e-4)] = np.nan
    for scores in kinds:
        for logits in (scores, scores - scores[:, :1], scores - scores[:, 1:2]):
            bent = logits[40:] - (logits[:20] + logits[20:40]) / 2
            known = np.isfinite(bent)
            if known.sum() > 20 and np.abs(bent[known]).max() < 2e-3 * np.nanmax(np.abs(logits)):
                return
    not_yet(
        "Halfway between two pictures your model's logits are not halfway between theirs, so there "
        "is a hidden layer with an activation, or a scale that depends on the picture."
    )


@exercise("2b-2")
def good_model(answer: Callable) -> str:
    """Check that a model's loss fits what its last layer gives, and that a step is the right one.

    answer: function that builds and compiles a Keras model of images `(batch, 28, 28)`, 0..255, to
    logits or probabilities `(batch, 10)`.
    """
    model = answer()
    keras_model(model)
    if answer() is model:
        not_yet("Two calls gave one and the same model. Expected a new one from each call.")
    random = np.random.default_rng()
    some, classes = random.integers(0, 256, (8, 28, 28)), random.integers(0, 10, 8)
    scores = scores_of(model, some)
    if not getattr(model, "compiled", False):
        not_yet("Your model is not compiled. Which line of `bad_model` names optimizer and loss?")
    if (size := model.count_params()) != PARAMETERS:
        not_yet("Expected {most:,} parameters, got {size:,}.", most=PARAMETERS, size=size)
    kernel, bias = model.get_weights()
    model.set_weights([random.normal(scale=0.1, size=kernel.shape), random.normal(size=bias.shape)])
    scores = np.asarray(scores_of(model, some), dtype=float)
    are_shares = _are_probabilities(scores)
    if are_shares:
        expected = -np.log(np.clip(scores, 1e-7, 1))
    else:
        expected = np.logaddexp.reduce(scores, axis=1)[:, None] - scores
    expected = expected[np.arange(8), classes].mean()
    came = _loss(model, some, classes)
    ends = say("probabilities") if are_shares else say("logits")
    what = say("the loss of a model that ends in {ends}", ends=ends)
    # Where Keras finds the logits behind a softmax, it clips no probability.
    if not (are_shares and came > expected and np.isclose(scores, 0, atol=1e-7).any()):
        compare(came, expected, what=what, rtol=1e-2)
    _two_steps(model, some, classes)
    return say("The last layer and the loss fit each other, and a step goes the right way.")


def _are_probabilities(scores: np.ndarray) -> bool:
    """Tell probabilities from logits, and both from what other activations leave."""
    sums = scores.sum(axis=1)
    if scores.min() >= 0 and np.allclose(sums, 1, atol=1e-3):
        return True
    if scores.min() >= 0 and scores.max() <= 1:
        not_yet(
            "For one picture the ten outputs lie between 0 and 1 and add up to {sum:.2f}, so they "
            "are neither logits nor probabilities of ten classes. Which activation gives those?",
            sum=sums[0],
        )
    if scores.min() >= 0 or np.abs(scores).max() <= 1:
        not_yet(
            "For eight random pictures all outputs lie between {low:.2g} and {high:.2g}. Logits "
            "have no bounds: which activation is left in the last layer?",
            **{"low": scores.min(), "high": scores.max()},
        )
    return False


def _two_steps(model: "keras.Model", images: np.ndarray, labels: np.ndarray) -> None:
    """Two steps of SGD with rate 0.2 on digits in 0..1, from small weights."""
    random = np.random.default_rng()
    kernel = random.normal(scale=0.01, size=(784, 10))
    model.set_weights([kernel.reshape(model.get_weights()[0].shape), np.zeros(10)])
    x = images.reshape(len(images), 784) / 255
    bias = np.zeros(10)
    for step in (1, 2):
        powers = np.exp(x @ kernel + bias)
        error = powers / powers.sum(axis=1, keepdims=True) - np.eye(10)[labels]
        model.train_on_batch(images, labels)
        after = [np.reshape(one, (-1, 10)) for one in model.get_weights()]
        what = say(
            "the change of the kernel in step {n} of the optimizer, SGD(0.2), on digits in 0..1",
            n=step,
        )
        wanted = -RATE * x.T @ error / len(images)
        compare(after[0] - kernel, wanted, what=what, rtol=1e-3, atol=1e-5)
        kernel, bias = after[0], after[1][0]


def _loss(model: "keras.Model", images: np.ndarray, labels: np.ndarray) -> float:
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            loss = model.evaluate(images, labels, verbose=0, return_dict=True)["loss"]
    except Exception as error:  # noqa: BLE001 - the learner's choice of a loss
        not_yet(
            "Neither the loss nor the metrics could be computed for labels such as 3 (sparse, no "
            "one-hot rows), after `compile`: {error}",
            error=str(error).strip().splitlines()[-1][:200],
        )
    if any("from_logits=True" in str(one.message) for one in said):
        not_yet(
            "The last layer applies softmax, and the loss is told that it gets logits. Keras "
            "warns, and corrects it on TensorFlow only. Which of the two do you change?"
        )
    return loss


@exercise("2b-3")
def confusions(answer: Callable) -> str:
    """Check a table that counts which class is taken for which.

    answer: function of labels `(n,)`, predictions `(n,)` and the number of classes to counts
    `(classes, classes)`, a row per true class.
    """
    random = np.random.default_rng()
    cases = [([0, 1, 1, 2], [0, 2, 2, 2], 3), ([1], [0], 2), ([2, 2, 0], [2, 2, 1], 4)]
    for count, classes in ((50, 4), (30, 10)):
        labels = random.integers(classes, size=count)
        said = np.where(random.random(count) < 0.5, labels, random.integers(classes, size=count))
        cases.append((labels.tolist(), said.tolist(), classes))
    cases.append(([1] * 700 + [0], [0] * 400 + [1] * 301, 2))  # more than a byte can count
    for labels, said, classes in cases:
        expected = np.zeros((classes, classes), int)
        np.add.at(expected, (labels, said), 1)
        came = answer(np.array(labels), np.array(said), classes)
        what = f"confusions({labels}, {said}, {classes})"
        if len(labels) > 10:
            fields = {"count": len(labels), "classes": classes}
            what = say("confusions of {count} digits in {classes} classes", **fields)
        turned = np.shape(came) == expected.shape and np.array_equal(came, expected.T)
        if turned and not np.array_equal(expected, expected.T):
            not_yet(
                "{what}: rows and columns are exchanged. Expected a row per true class.", what=what
            )
        compare(came, expected, what=what)
    return say("A row per true class, a column per answer; the right ones on the diagonal.")
