"""Right and wrong answers to the exercises of lesson 02b."""

import numpy as np
import pytest
from answers import Answers

from workshop.checks import in_keras as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
layers = keras.layers
MIND = "I would change my mind if more steps brought this model far above 95 %."


def confusions_by_loop(labels, predictions, classes):
    counts = np.zeros((classes, classes), int)
    for label, said in zip(labels, predictions, strict=True):
        counts[label, said] += 1
    return counts


def confusions_by_add_at(labels, predictions, classes):
    counts = np.zeros((classes, classes))
    np.add.at(counts, (labels, predictions), 1)
    return counts


def confusions_by_tensorflow(labels, predictions, classes):
    return tf.math.confusion_matrix(labels, predictions, num_classes=classes)


def confusions_by_lists(labels, predictions, classes):
    pairs = list(zip(labels.tolist(), predictions.tolist(), strict=True))
    return [[pairs.count((true, said)) for said in range(classes)] for true in range(classes)]


def confusions_by_bincount(labels, predictions, classes):
    numbers = labels * classes + predictions
    return np.bincount(numbers, minlength=classes**2).reshape(classes, classes)


def confusions_by_product(labels, predictions, classes):
    return np.eye(classes)[labels].T @ np.eye(classes)[predictions]


def confusions_exchanged(labels, predictions, classes):
    return confusions_by_loop(predictions, labels, classes)


def confusions_added_once(labels, predictions, classes):
    counts = np.zeros((classes, classes), int)
    counts[labels, predictions] += 1
    return counts


def confusions_of_ten(labels, predictions, classes):
    return confusions_by_loop(labels, predictions, 10)


def confusions_of_those_that_occur(labels, predictions, classes):
    return confusions_by_loop(labels, predictions, max(*labels, *predictions) + 1)


def confusions_as_shares(labels, predictions, classes):
    counts = confusions_by_loop(labels, predictions, classes)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def confusions_of_mistakes(labels, predictions, classes):
    counts = confusions_by_loop(labels, predictions, classes)
    np.fill_diagonal(counts, 0)
    return counts


def confusions_from_one(labels, predictions, classes):
    counts = np.ones((classes, classes), int)
    np.add.at(counts, (labels, predictions), 1)
    return counts


def confusions_of_the_right(labels, predictions, classes):
    return np.diag(np.bincount(labels[labels == predictions], minlength=classes))


def confusions_in_bytes(labels, predictions, classes):
    return confusions_by_loop(labels, predictions, classes).astype("uint8")


def confusions_printed(labels, predictions, classes):
    print(confusions_by_loop(labels, predictions, classes))


class TestAnswers(Answers):
    right = {  # noqa: RUF012
        checks.confusions: [
            confusions_by_loop,
            confusions_by_add_at,
            confusions_by_tensorflow,
            confusions_by_lists,
            confusions_by_bincount,
            confusions_by_product,
        ]
    }
    wrong = {  # noqa: RUF012
        checks.confusions: [
            (confusions_exchanged, "rows and columns are exchanged"),
            (confusions_added_once, "expected 2, got 1"),
            (confusions_of_ten, "expected shape (3, 3), got (10, 10)"),
            (confusions_of_those_that_occur, "expected shape (4, 4), got (3, 3)"),
            (confusions_as_shares, "expected 2, got 1"),
            (confusions_of_mistakes, "expected 1, got 0"),
            (confusions_from_one, "got"),
            (confusions_of_the_right, "expected 2, got 0"),
            (confusions_printed, "gave None"),
            (confusions_in_bytes, "confusions of 701 digits"),
        ]
    }


def linear(*last, before=(), loss="sparse_categorical_crossentropy", rate=0.2):
    model = keras.Sequential(
        [keras.Input((28, 28)), *(before or [layers.Rescaling(1 / 255)]), layers.Flatten(), *last]
    )
    model.compile(keras.optimizers.SGD(rate), loss, metrics=["accuracy"])
    return model


def from_logits():
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def by_function():
    inputs = keras.Input((28, 28))
    outputs = layers.Dense(10)(layers.Flatten()(inputs / 255))
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.SGD(0.2), from_logits())
    return model


def by_an_operation(labels, logits):
    labels = tf.cast(tf.reshape(labels, [-1]), tf.int32)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)


GOOD = {
    "probabilities": lambda: linear(layers.Dense(10, "softmax")),
    "logits": lambda: linear(layers.Dense(10), loss=from_logits()),
    "softmax layer": lambda: linear(layers.Dense(10), layers.Softmax()),
    "activation": lambda: linear(layers.Dense(10), layers.Activation("softmax")),
    "functional": by_function,
    "operation": lambda: linear(layers.Dense(10), loss=by_an_operation),
    "loss object": lambda: linear(
        layers.Dense(10, "softmax"), loss=keras.losses.SparseCategoricalCrossentropy()
    ),
}


def with_momentum():
    model = linear(layers.Dense(10, "softmax"))
    optimizer = keras.optimizers.SGD(0.2, momentum=0.9)
    model.compile(optimizer, "sparse_categorical_crossentropy")
    return model


MADE = linear(layers.Dense(10, "softmax"))


def scaled_by_256():
    return linear(layers.Dense(10, "softmax"), before=[layers.Rescaling(1 / 256)])


BAD = {
    "made before": (lambda: MADE, "Two calls gave one and the same model"),
    "scale of 256": (scaled_by_256, "the change of the kernel in step 1"),
    "momentum": (with_momentum, "the change of the kernel in step 2"),
    "logits as probabilities": (
        lambda: linear(layers.Dense(10)),
        "the loss of a model that ends in logits",
    ),
    "sigmoid": (lambda: linear(layers.Dense(10, "sigmoid")), "neither logits nor probabilities"),
    "probabilities as logits": (
        lambda: linear(layers.Dense(10, "softmax"), loss=from_logits()),
        "applies softmax, and the loss is told that it gets logits",
    ),
    "relu before the loss": (
        lambda: linear(layers.Dense(10, "relu"), loss=from_logits()),
        "all outputs lie between 0 and",
    ),
    "tanh before the loss": (
        lambda: linear(layers.Dense(10, "tanh"), loss=from_logits()),
        "Logits have no bounds",
    ),
    "relu": (lambda: linear(layers.Dense(10, "relu"), loss="mse"), "Logits have no bounds"),
    "squares": (lambda: linear(layers.Dense(10, "softmax"), loss="mse"), "no one-hot rows"),
    "one-hot": (
        lambda: linear(layers.Dense(10, "softmax"), loss="categorical_crossentropy"),
        "no one-hot rows",
    ),
    "hidden": (
        lambda: linear(layers.Dense(32, "relu"), layers.Dense(10, "softmax")),
        "Expected 7,850 parameters",
    ),
    "eleven": (lambda: linear(layers.Dense(11, "softmax")), "expected shape (8, 10)"),
    "not compiled": (
        lambda: keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10)]),
        "compile",
    ),
    "no rate": (
        lambda: linear(layers.Dense(10), loss=from_logits(), rate=0.0),
        "the change of the",
    ),
    "other rate": (lambda: linear(layers.Dense(10), loss=from_logits(), rate=0.1), "the change of"),
    "other scale": (
        lambda: linear(layers.Dense(10), before=[layers.Rescaling(1 / 100)], loss=from_logits()),
        "the change of the kernel",
    ),
    "nothing": (lambda: None, "Expected a Keras model, got NoneType"),
}


@pytest.mark.parametrize("answer", GOOD.values(), ids=GOOD)
def test_a_loss_that_fits_passes(answer):
    outcome = checks.good_model(answer)
    assert outcome.passed, outcome


@pytest.mark.parametrize(("answer", "says"), BAD.values(), ids=BAD)
def test_a_loss_that_does_not_fit_is_told(answer, says):
    outcome = checks.good_model(answer)
    assert outcome.status == "not yet", outcome
    assert any(part in outcome.message for part in says.split("|")), outcome


def fitted(digits, *last, before=(), loss=None, epochs=4):
    keras.utils.set_random_seed(1)
    model = linear(*last, before=before, loss=loss or from_logits(), rate=0.1)
    model.fit(*digits, epochs=epochs, verbose=0)
    return model


def normalised(digits):
    normalise = layers.Normalization(axis=None)
    normalise.adapt(digits[0])
    return fitted(digits, layers.Dense(10), before=[normalise])


def convolved(digits):
    first = [layers.Rescaling(1 / 255), layers.Reshape((28, 28, 1)), layers.Conv2D(10, 28)]
    return fitted(digits, before=first)


LINEAR = {
    "logits": lambda digits: fitted(digits, layers.Dense(10)),
    "softmax": lambda digits: fitted(
        digits, layers.Dense(10, "softmax"), loss="sparse_categorical_crossentropy"
    ),
    "sigmoid": lambda digits: fitted(
        digits, layers.Dense(10, "sigmoid"), loss="sparse_categorical_crossentropy"
    ),
    "normalised": normalised,
    "convolved": convolved,
    "around zero": lambda digits: fitted(
        digits, layers.Dense(10), before=[layers.Rescaling(1 / 127.5, offset=-1)]
    ),
    "no bias": lambda digits: fitted(digits, layers.Dense(10, use_bias=False)),
}
OTHER = {
    "hidden": (lambda d: fitted(d, layers.Dense(9, "relu"), layers.Dense(10)), "hidden layer"),
    "fixed and hidden": (
        lambda d: fitted(d, layers.Dense(300, "tanh", trainable=False), layers.Dense(10)),
        "hidden layer",
    ),
    "straight and hidden": (
        lambda d: fitted(d, layers.Dense(9), layers.Dense(10)),
        "got 2: all but the last are hidden layers",
    ),
    "untrained": (lambda d: fitted(d, layers.Dense(10), epochs=0), "Did the loss fall"),
    "too large": (
        lambda d: fitted(d, layers.Dense(11)),
        "at most 7,850 trainable parameters, got 8,635",
    ),
    "nine": (lambda d: fitted(d, layers.Dense(9), epochs=0), "expected shape (500, 10)"),
    "a class": (lambda d: keras.Sequential, "got the class Sequential itself"),
    "a dict": (lambda d: {"accuracy": 0.99}, "Expected a Keras model, got dict"),
    "pooled": (
        lambda d: fitted(
            d,
            layers.Dense(10),
            before=[layers.Rescaling(1 / 255), layers.Reshape((28, 28, 1)), layers.MaxPool2D(2)],
        ),
        "hidden layer",
    ),
}


@pytest.mark.parametrize("answer", LINEAR.values(), ids=LINEAR)
def test_linear_models_pass(easy_digits, answer):
    outcome = checks.my_model(answer(easy_digits), MIND, *easy_digits)
    assert outcome.passed, outcome


@pytest.mark.parametrize(("answer", "says"), OTHER.values(), ids=OTHER)
def test_other_models_are_told_why(easy_digits, answer, says):
    outcome = checks.my_model(answer(easy_digits), MIND, *easy_digits)
    assert outcome.status == "not yet"
    assert says in outcome.message


def test_a_model_comes_with_a_claim(easy_digits):
    model = LINEAR["logits"](easy_digits)
    outcome = checks.my_model(model, "it is small", *easy_digits)
    assert "say in `mind` what limits" in outcome.message
    assert checks.my_model(
        model, "如果更多的步骤能超过百分之九十五我就会改变主意。", *easy_digits
    ).passed
    assert checks.my_model(..., MIND, *easy_digits).status == "not attempted"
    assert checks.good_model(...).status == "not attempted"
