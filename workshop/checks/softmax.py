"""Checks of lesson 02, softmax on MNIST."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import accuracy, compare, exercise, keras_model, not_yet, scores_of
from workshop.messages import say

if TYPE_CHECKING:
    import keras

# Weights and biases of the linear classifier: 784 x 10 + 10.
PARAMETERS = 7_850
LEAST_ACCURACY = 0.83


@exercise("2-1")
def softmax(answer: Callable) -> str:
    """Check softmax of a batch against `tf.nn.softmax`.

    answer: function of logits `(batch, classes)` to probabilities of the same shape.
    """
    random = np.random.default_rng()
    batches = [[[1.0, 3.0, 0.0]], [[0.0, 1.0], [2.0, 2.0], [-1.0, 3.0]]]
    batches += [random.normal(scale=2, size=shape).round(1).tolist() for shape in ((4, 4), (7, 3))]
    for rows in batches:
        _like_tensorflow(answer, np.array(rows, "float32"), f"softmax({rows})")
    large = [[1000.0, 1001.0]], [[-1000.0, 1.0], [-1000.0, -1001.0], [900.0, 2500.0], [0.5, 1.0]]
    for rows in (*large, [[0.0, 2000.0, 0.0, 1999.0]]):
        _like_tensorflow(answer, np.array(rows, "float32"), f"softmax({rows})")
    _like_tensorflow(answer, random.normal(scale=3, size=(5, 10)), "softmax(random rows, float64)")
    return say("Each row sums to 1, also where exponentials alone would overflow.")


def _like_tensorflow(answer: Callable, logits: np.ndarray, what: str) -> None:
    import tensorflow as tf

    with np.errstate(all="ignore"):
        came = answer(logits)
    if came is not None and np.shape(came) == logits.shape:
        came = np.asarray(came, dtype=float)
        if not np.all(np.isfinite(came)):
            not_yet(
                "{what}: expected finite numbers, got {got}. An exponential overflows, or all of a "
                "row vanish. Which number suits each row?",
                **{"what": what, "got": came.tolist()},
            )
        _sum_to_one(came, what)
    compare(came, tf.nn.softmax(logits), what=what)


def _sum_to_one(probabilities: np.ndarray, what: str) -> None:
    sums = probabilities.sum(axis=-1)
    if not np.allclose(sums, 1, atol=1e-4):
        not_yet(
            "{what}: expected rows that sum to 1, got rows that sum to {sums}. Over which axis do "
            "you sum, and what do you subtract?",
            **{"what": what, "sums": np.round(sums, 3).tolist()},
        )


@exercise("2-2")
def cross_entropy(answer: Callable) -> str:
    """Check the mean cross-entropy of a batch against Keras.

    answer: function of probabilities and one-hot labels, both tensors `(batch, classes)`, float32,
    to one number.
    """
    import keras
    import tensorflow as tf

    batches = [
        ([[0.1, 0.7, 0.2]], [1]),
        ([[0.5, 0.5], [0.2, 0.8]], [0, 0]),
        ([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1], [0.3, 0.3, 0.4]], [2, 1, 0]),
    ]
    random = np.random.default_rng()
    for count, classes in ((5, 4), (2, 10)):
        rows = random.dirichlet(np.full(classes, 2.0), count).clip(0.001).round(3)
        rows /= rows.sum(axis=1, keepdims=True)
        batches.append((rows.tolist(), random.integers(classes, size=count).tolist()))
    for rows, labels in batches:
        probabilities = tf.constant(rows)
        one_hot = tf.one_hot(labels, depth=len(rows[0]))
        each = np.asarray(keras.losses.categorical_crossentropy(one_hot, probabilities))
        came = answer(probabilities, one_hot)
        if len(rows) > 1 and np.shape(came) == () and np.isclose(came, each.sum(), rtol=1e-4):
            not_yet(
                "For {count} examples: expected their mean, got {got:.4g}, their sum. A mean does "
                "not grow with the batch.",
                **{"count": len(rows), "got": float(came)},
            )
        compare(came, each.mean(), what=f"cross_entropy({rows}, one_hot({labels}))")
    return say("The mean of -log p of the true classes.")


@exercise("2-3")
def sgd_step(answer: Callable) -> str:
    """Check steps of gradient descent against the gradient in closed form.

    answer: function of `W` `(784, 10)`, `b` `(10,)` (variables), images `(batch, 784)`, labels
    `(batch,)` and a learning rate; changes the variables and returns the loss before the step.

    The gradient of the mean cross-entropy is `images.T @ (probabilities - one_hot) / batch`.
    """
    import tensorflow as tf

    random = np.random.default_rng()
    W, b = tf.Variable(tf.zeros((784, 10))), tf.Variable(tf.zeros(10))
    for count, rate in ((6, 0.5), (3, 0.1), (11, 0.25)):  # the third begins where the second ends
        if count == 3:
            W.assign(random.normal(scale=0.01, size=(784, 10)))
            b.assign(random.normal(size=10))
        images = random.random((count, 784), "float32")
        labels = random.integers(10, size=count)
        before = W.numpy(), b.numpy()
        loss = answer(W, b, tf.constant(images), tf.constant(labels), rate)
        probabilities = tf.nn.softmax(images @ before[0] + before[1]).numpy()
        error = (probabilities - np.eye(10)[labels]) / count
        _moved_downhill(W.numpy() - before[0], wanted := -rate * images.T @ error)
        fields = {"rate": rate, "count": count}
        what = say("the change of W with learning rate {rate} and a batch of {count}", **fields)
        compare(W.numpy() - before[0], wanted, what=what, rtol=1e-2)
        what = say("the change of b with learning rate {rate} and a batch of {count}", **fields)
        compare(b.numpy() - before[1], -rate * error.sum(axis=0), what=what, rtol=1e-2)
        expected = -np.log(probabilities[np.arange(count), labels]).mean()
        compare(loss, expected, what=say("the returned loss (before the step)"), rtol=1e-3)
    return say("Both variables moved against their gradients, and the loss was returned.")


def _moved_downhill(moved: np.ndarray, wanted: np.ndarray) -> None:
    if not np.any(moved):
        not_yet("W is as it was. Are the variables changed in place?")
    if np.allclose(moved, -wanted, rtol=1e-2, atol=1e-6):
        not_yet("W moved as far as it should, in the opposite direction: the loss grows.")


@exercise("2-4")
def accuracy_from_logits(answer: Callable) -> str:
    """Check the share of right predictions, computed from logits.

    answer: function of logits `(batch, classes)` and labels `(batch,)`, NumPy arrays, to one number
    in 0..1.
    """
    batches = [
        ([[2.0, 1.0, -3.0], [0.0, 5.0, 1.0]], [0, 1], 1.0),
        (
            [[-2.0, -1.0, -3.0], [9.0, 5.0, 1.0], [0.0, 0.5, 0.2], [7.0, 8.0, 9.0]],
            [1, 2, 1, 0],
            0.5,
        ),
        ([[1000.0, 2.0], [0.3, 0.1]], [1, 1], 0.0),
        ([[1000.0, 1001.0, 0.0]], [1], 1.0),
    ]
    random = np.random.default_rng()
    for count, classes in ((8, 5), (3, 10)):
        rows = random.permuted(np.arange(count * classes) - 20.0).reshape(count, classes)
        labels = np.where(random.random(count) < 0.6, rows.argmax(axis=1), rows.argmin(axis=1))
        share = np.mean(labels == rows.argmax(axis=1))
        batches.append((rows.tolist(), labels.tolist(), float(share)))
    for rows, labels, share in batches:
        came = answer(np.array(rows, "float32"), np.array(labels))
        is_number = came is not None and np.shape(came) == ()
        if is_number and share < len(labels) * share and np.isclose(came, share * len(labels)):
            not_yet(
                "Expected the share of right predictions, got their count, {count:g} of {size}.",
                **{"count": float(came), "size": len(labels)},
            )
        compare(came, share, what=f"accuracy_from_logits({rows}, {labels})")
    return say("The largest logit is the largest probability: no softmax needed.")


@exercise("2-5")
def my_model(answer: "keras.Model", x_test: np.ndarray, y_test: np.ndarray) -> str:
    """Check a linear classifier that the learner trained.

    answer: Keras model of images `(batch, 28, 28)`, 0..255, to `(batch, 10)`.
    x_test: test images `(n, 28, 28)`, uint8.
    y_test: labels `(n,)`.

    It has to beat the classifier that picks the nearest mean picture.
    """
    keras_model(answer)
    if (size := answer.count_params()) > PARAMETERS:
        not_yet("Expected at most {most:,} parameters, got {size:,}.", most=PARAMETERS, size=size)
    reached = accuracy(scores_of(answer, x_test), y_test)
    if reached < LEAST_ACCURACY:
        not_yet(
            "Expected a test accuracy of at least {least}, got {reached:.3f}: the nearest mean "
            "picture alone reads about four in five (0.78-0.83). Does your model take grey values "
            "0..255? Did the loss fall?",
            **{"least": LEAST_ACCURACY, "reached": reached},
        )
    return say("Test accuracy {reached:.3f} with {size:,} parameters.", reached=reached, size=size)
