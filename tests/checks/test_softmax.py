"""Right and wrong answers to the exercises of lesson 02."""

import numpy as np
import pytest
from answers import Answers

from workshop.checks import softmax as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")


def softmax_by_tensorflow(logits):
    return tf.nn.softmax(logits)


def softmax_by_numpy(logits):
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def softmax_over_the_batch(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=0)


def softmax_over_everything(logits):
    return np.exp(logits) / np.exp(logits).sum()


def softmax_without_exponential(logits):
    return logits / logits.sum(axis=1, keepdims=True)


def softmax_that_overflows(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def softmax_that_lost_the_axis(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1)


def entropy_by_product(probabilities, one_hot):
    return -tf.reduce_mean(tf.reduce_sum(one_hot * tf.math.log(probabilities), axis=1))


def entropy_by_gather(probabilities, one_hot):
    rows = np.arange(len(probabilities))
    return -np.log(np.asarray(probabilities)[rows, np.argmax(one_hot, axis=1)]).mean()


def entropy_of_all_entries(probabilities, one_hot):
    return -tf.reduce_mean(one_hot * tf.math.log(probabilities))


def entropy_summed(probabilities, one_hot):
    return -tf.reduce_sum(one_hot * tf.math.log(probabilities))


def entropy_with_the_wrong_sign(probabilities, one_hot):
    return tf.reduce_mean(tf.reduce_sum(one_hot * tf.math.log(probabilities), axis=1))


def entropy_swapped(probabilities, one_hot):
    return -tf.reduce_mean(tf.reduce_sum(probabilities * tf.math.log(one_hot), axis=1))


def _loss(W, b, images, labels):
    logits = tf.matmul(images, W) + b
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))


def step_by_tape(W, b, images, labels, learning_rate):
    with tf.GradientTape() as tape:
        loss = _loss(W, b, images, labels)
    for variable, gradient in zip([W, b], tape.gradient(loss, [W, b]), strict=True):
        variable.assign_sub(learning_rate * gradient)
    return loss


def step_by_formula(W, b, images, labels, learning_rate):
    loss = _loss(W, b, images, labels)
    error = (tf.nn.softmax(images @ W + b) - tf.one_hot(labels, 10)) / len(labels)
    W.assign(W - learning_rate * tf.transpose(images) @ error)
    b.assign(b - learning_rate * tf.reduce_sum(error, axis=0))
    return loss


def step_uphill(W, b, images, labels, learning_rate):
    return step_by_tape(W, b, images, labels, -learning_rate)


def step_without_bias(W, b, images, labels, learning_rate):
    return step_by_tape(W, tf.Variable(b), images, labels, learning_rate)


def step_that_changes_nothing(W, b, images, labels, learning_rate):
    return step_by_tape(tf.Variable(W), tf.Variable(b), images, labels, learning_rate)


def step_that_forgets_the_rate(W, b, images, labels, learning_rate):
    return step_by_tape(W, b, images, labels, 1.0)


def step_that_returns_nothing(W, b, images, labels, learning_rate):
    step_by_tape(W, b, images, labels, learning_rate)


def step_with_the_loss_outside_the_tape(W, b, images, labels, learning_rate):
    loss = _loss(W, b, images, labels)
    with tf.GradientTape() as tape:
        pass
    gradient = tape.gradient(loss, W)
    W.assign_sub(learning_rate * gradient)
    return loss


def accuracy_by_numpy(logits, labels):
    return (logits.argmax(axis=1) == labels).mean()


def accuracy_by_tensorflow(logits, labels):
    hits = tf.equal(tf.argmax(logits, axis=1), labels)
    return tf.reduce_mean(tf.cast(hits, tf.float32))


def accuracy_as_a_count(logits, labels):
    return np.sum(logits.argmax(axis=1) == labels)


def accuracy_without_return(logits, labels):
    accuracy_by_numpy(logits, labels)


def accuracy_over_the_batch(logits, labels):
    return np.mean(logits.argmax(axis=0)[: len(labels)] == labels[: logits.shape[1]])


def accuracy_of_each(logits, labels):
    return logits.argmax(axis=1) == labels


def accuracy_of_the_smallest(logits, labels):
    return (logits.argmin(axis=1) == labels).mean()


RIGHT = {
    checks.softmax: [softmax_by_tensorflow, softmax_by_numpy],
    checks.cross_entropy: [entropy_by_product, entropy_by_gather],
    checks.sgd_step: [step_by_tape, step_by_formula, tf.function(step_by_tape)],
    checks.accuracy_from_logits: [accuracy_by_numpy, accuracy_by_tensorflow],
}
WRONG = {
    checks.softmax: [
        (softmax_over_the_batch, "expected rows that sum to 1"),
        (softmax_over_everything, "expected rows that sum to 1"),
        (softmax_without_exponential, "values are off"),
        (softmax_that_overflows, "overflows"),
        (softmax_that_lost_the_axis, "raised ValueError"),
    ],
    checks.cross_entropy: [
        (entropy_of_all_entries, "expected 0.356675, got 0.118892"),
        (entropy_summed, "expected their mean, got"),
        (entropy_with_the_wrong_sign, "expected 0.356675, got -0.356675"),
        (entropy_swapped, "expected 0.356675, got inf"),
    ],
    checks.sgd_step: [
        (step_uphill, "opposite direction"),
        (step_without_bias, "the change of b"),
        (step_that_changes_nothing, "as it was"),
        (step_that_forgets_the_rate, "the change of W"),
        (step_that_returns_nothing, "the returned loss (before the step) gave None"),
        (step_with_the_loss_outside_the_tape, "Your code raised"),
    ],
    checks.accuracy_from_logits: [
        (accuracy_as_a_count, "got their count, 2 of 2"),
        (accuracy_over_the_batch, "expected 0.5, got 0.333333"),
        (accuracy_of_each, "expected shape (), got (2,)"),
        (accuracy_of_the_smallest, "expected 1, got 0"),
        (accuracy_without_return, "gave None"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


def _linear_model(*layers):
    return keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), *layers])


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_trained_linear_model_passes(easy_digits, optimizer):
    model = _linear_model(keras.layers.Rescaling(1 / 255), keras.layers.Dense(10))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer, loss)
    model.optimizer.learning_rate = 0.1
    model.fit(*easy_digits, epochs=5, verbose=0)
    outcome = checks.my_model(model, *easy_digits)
    assert outcome.passed, outcome


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda: _linear_model(keras.layers.Dense(10)), "Did the loss fall"),
        (lambda: _linear_model(keras.layers.Dense(11)), "at most 7,850 parameters, got 8,635"),
        (lambda: _linear_model(keras.layers.Dense(9)), "expected shape (500, 10), got (500, 9)"),
        (lambda: {"accuracy": 0.99}, "Expected a Keras model, got dict"),
    ],
)
def test_other_models_are_told_why(easy_digits, answer, says):
    keras.utils.set_random_seed(0)
    outcome = checks.my_model(answer(), *easy_digits)
    assert outcome.status == "not yet"
    assert says in outcome.message
