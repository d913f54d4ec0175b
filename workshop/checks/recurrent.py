"""Checks of lesson 06, recurrent networks."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import (
    accuracy,
    compare,
    exercise,
    not_yet,
    scores_of,
)
from workshop.checks.memory import remembers
from workshop.messages import say

if TYPE_CHECKING:
    import keras

MOST_PARAMETERS = 50_000
# Softmax on all pixels reads 0.86 to 0.90 after the same digits, on the sample and the full data.
LEAST_ACCURACY = 0.92
ABOUT = (
    "step|epoch|train|memor|unit|param|layer|gru|lstm|recurr|read|row|column|forget|remember|accura"
    "|digit|seed|conv|wide|deep|large|small|schicht|schritt|einheit|gedächtnis|genau|lern|couche"
    "|mémoire|entraîn|unité|réseau|précis|pas|capa|memoria|paso|entren"
)


@exercise("6-1")
def rnn_step(answer: Callable) -> str:
    """Check one step of a simple recurrent layer against `keras.layers.SimpleRNN`.

    answer: function of `x` `(batch, features)`, `state` `(batch, units)`, `kernel`
    `(features, units)`, `recurrent` `(units, units)` and `bias` `(units,)`, float32 tensors, to
    the new state `(batch, units)`.
    """
    import keras
    import tensorflow as tf

    random = np.random.default_rng()
    for batch, features, units in ((3, 5, 4), (1, 2, 3), (6, 4, 4)):
        x, full = (
            tf.constant(random.normal(size=(batch, n)), tf.float32) for n in (features, units)
        )
        shapes = (features, units), (units, units), (units,)
        weights = [(0.5 * random.normal(size=shape)).astype("float32") for shape in shapes]
        layer = keras.layers.SimpleRNN(units)
        layer.build((batch, 1, features))
        layer.set_weights(weights)
        weights = [tf.constant(array) for array in weights]
        for state, what in (
            (
                tf.zeros((batch, units)),
                say("one step of {batch} examples, the old state all zeros", batch=batch),
            ),
            (full, say("one step of {batch} examples, with an old state", batch=batch)),
        ):
            came = answer(x, state, *weights)
            if state is full:
                _uses_the_memory_well(came, x, full, weights)
            compare(came, layer(x[:, tf.newaxis], initial_state=state), what=what)
        came = tf.constant(np.asarray(came), tf.float32)
        twice = answer(x, came, *weights)
        expected = layer(tf.stack([x, x], axis=1), initial_state=full)
        compare(twice, expected, what=say("two steps in a row"), rtol=1e-3)
    return say(
        "It gives the same as Keras, also when your new state is the old state of the next step."
    )


def _uses_the_memory_well(came: object, x: object, state: object, weights: Sequence) -> None:
    if np.shape(came) != np.shape(state):
        return
    kernel, recurrent, bias = (np.asarray(array) for array in weights)
    seen, remembered = np.asarray(x) @ kernel, np.asarray(state) @ recurrent
    cases = (
        (
            np.tanh(seen + bias),
            say("The old state makes no difference to the result. Where does it go in?"),
        ),
        (
            seen + remembered + bias,
            say(
                "The sum is right, but it has values below -1 or above 1. Which function comes "
                "last?"
            ),
        ),
        (
            np.tanh(seen + np.asarray(state) @ recurrent.T + bias),
            say("The recurrent matrix was used transposed: which factor comes first?"),
        ),
        (np.tanh(seen + remembered), say("The bias is missing.")),
        (
            np.tanh(seen + bias) + remembered,
            say("The old state's part belongs inside tanh as well."),
        ),
        (np.tanh(seen + remembered) + bias, say("The bias belongs inside tanh as well.")),
    )
    for wrong, why in cases:
        if np.allclose(came, wrong, atol=1e-4):
            not_yet("{why}", why=why)


@exercise("6-2")
def gru_parameters(answer: Callable) -> str:
    """Check the number of parameters of a GRU against `keras.layers.GRU`.

    answer: function of the number of features and the number of units, to the number of parameters,
    with both biases (`reset_after`, as Keras has it).
    """
    import keras

    drawn = np.random.default_rng().integers(2, 90, size=(3, 2)).tolist()
    for features, units in ((1, 1), (28, 64), (64, 28), *drawn):
        layer = keras.layers.GRU(units)
        layer.build((None, 28, features))
        expected = layer.count_params()
        came = answer(features, units)
        what = f"gru_parameters({features}, {units})"
        if isinstance(came, str):
            not_yet("{what}: expected a number, got the text {got!r}.", what=what, got=came)
        if isinstance(came, int | float | np.number):
            fields = {"what": what, "got": came, "less": 3 * units}
            if came * 3 == expected:
                not_yet(
                    "{what} gave {got:g}: that is one block. How many blocks are the two gates and "
                    "the candidate?",
                    **fields,
                )
            if came * 3 == expected * 2:
                not_yet(
                    "{what} gave {got:g}: those are the two gates. Where is the candidate?",
                    **fields,
                )
            if came == expected - 3 * units:
                not_yet(
                    "{what} gave {got:g}, {less} too few. How many rows does the bias have?",
                    **fields,
                )
        compare(came, expected, what=what, rtol=0)
    return say(
        "The count grows with the features, but with the square of the units: the memory costs "
        "most."
    )


@exercise("6-5")
def both_ways(answer: Callable) -> str:
    """Check a sequence that is read from both ends against two recurrent layers.

    answer: function of a sequence `(batch, steps, features)`, float32, and two recurrent Keras
    layers with `return_sequences=True`, to `(batch, steps, units)`.
    """
    from keras import layers

    random = np.random.default_rng()
    for kind, shape, units in (
        (layers.GRU, (2, 5, 3), 4),
        (layers.LSTM, (3, 4, 2), 2),
        (layers.SimpleRNN, (1, 6, 5), 6),
    ):
        sequence = random.normal(size=shape).astype("float32")
        forward, backward = (kind(units, return_sequences=True) for _ in range(2))
        for layer in (forward, backward):
            layer.build(shape)
            layer.set_weights([random.normal(size=w.shape) for w in layer.weights])
        came = answer(sequence, forward, backward)
        down = np.asarray(forward(sequence))
        up = np.asarray(backward(sequence[:, ::-1].copy()))
        what = say("both_ways(...) of {shape} with {kind}", shape=shape, kind=kind.__name__)
        _meets_at_each_step(came, (sequence, forward, backward), (down, up), what)
        compare(came, down + up[:, ::-1], what=what, rtol=1e-3, atol=1e-4)
    return say("At each step it knows what came before and what comes after.")


def _meets_at_each_step(came: object, given: tuple, states: tuple, what: str) -> None:
    (sequence, forward, backward), (down, up) = given, states
    turned = up[:, ::-1]
    cases = (
        (
            down + up,
            say("the second reader's states come in its own reading order. Which is for step 0?"),
        ),
        (
            down + np.asarray(backward(sequence)),
            say("both readers begin at the same end. Reverse the steps for the second."),
        ),
        (
            np.concatenate([down, turned], axis=-1),
            say("expected the sum of the two, got them concatenated."),
        ),
        ((down + turned) / 2, say("expected the sum of the two, got their mean.")),
        (
            down + np.asarray(forward(sequence[:, ::-1].copy()))[:, ::-1],
            say("`forward` reads both times. Where is `backward`?"),
        ),
        (down, say("`backward` contributes nothing.")),
        (turned, say("`forward` contributes nothing.")),
        ((down + turned)[:, -1], say("expected the states of all steps, got one.")),
        (down[:, -1] + up[:, -1], say("expected the states of all steps, got the last ones.")),
    )
    for wrong, why in cases:
        if np.shape(came) == wrong.shape and np.allclose(came, wrong, atol=1e-4):
            not_yet("{what}: {why}", what=what, why=why)


@exercise("6-6")
def by_columns(answer: Callable) -> str:
    """Check that images become sequences of columns.

    answer: function of images `(batch, rows, columns)`, a NumPy array, to
    `(batch, columns, rows)`: step k is column k, from top to bottom.
    """
    random = np.random.default_rng()
    for shape in ((2, 3, 4), (3, 28, 28), (1, 5, 2), (103, 31, 29)):
        images = random.permutation(np.prod(shape)).reshape(shape)
        images = images if images.max() > 255 else images.astype("uint8")
        came = answer(images)
        expected = np.stack([[image[:, k] for k in range(shape[2])] for image in images])
        what = say("the columns of {shape}", shape=shape)
        if np.shape(came) == expected.shape:
            _are_columns(np.asarray(came), images, expected, what)
        compare(came, expected, what=what, rtol=0)
    return say("Step k is column k: the reader goes from left to right.")


def _are_columns(came: np.ndarray, images: np.ndarray, expected: np.ndarray, what: str) -> None:
    cases = (
        (
            images.reshape(expected.shape),
            say(
                "the shape is right, but its steps are not columns. `reshape` keeps the order of "
                "the numbers."
            ),
        ),
        (expected[:, ::-1], say("the first step is the last column.")),
        (expected[..., ::-1], say("a column is read from bottom to top.")),
    )
    for wrong, why in cases:
        if np.array_equal(came, wrong):
            not_yet("{what}: {why}", what=what, why=why)


@exercise("6-4")
def my_reader(answer: "keras.Model", mind: str, x_test: np.ndarray, y_test: np.ndarray) -> str:
    """Check a small recurrent reader that the learner trained, and what they claim about it.

    answer: Keras model of images `(batch, 28, 28)`, 0..255, with a recurrent layer, to
    `(batch, 10)`.
    mind: what limits it, and what would change the learner's mind.
    x_test: test images `(n, 28, 28)`, uint8.
    y_test: labels `(n,)`.
    It has to beat softmax on all pixels; how far it goes beyond is the learner's question.
    """
    scores = scores_of(answer, x_test)
    if not remembers(answer, x_test[:2]):
        not_yet(
            "Your model has no recurrent layer that reads several steps. Which one carries a state?"
        )
    if (size := answer.count_params()) > MOST_PARAMETERS:
        fields = {"most": MOST_PARAMETERS, "got": size}
        not_yet("Expected a model of at most {most:,} parameters, got {got:,}.", **fields)
    reached = accuracy(scores, y_test)
    if reached < LEAST_ACCURACY:
        not_yet(
            "Expected a test accuracy of at least {least}, a little more than softmax on all "
            "pixels reaches, got {got:.3f}. Does it take grey values 0..255? Did the loss fall?",
            **{"least": LEAST_ACCURACY, "got": reached},
        )
    asked = say(
        "Test accuracy {reached:.3f}. Now say in `mind` what limits it and which result would "
        "change your mind.",
        reached=reached,
    )
    claim(mind, asked, ABOUT)
    return say(
        "Test accuracy {reached:.3f} with {size:,} parameters. Compare with a neighbour's.",
        **{"reached": reached, "size": size},
    )
