"""Checks of lesson 06, recurrent networks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import (
    accuracy,
    compare,
    exercise,
    keras_model,
    not_yet,
    reason,
    scores_of,
)
from workshop.messages import say

if TYPE_CHECKING:
    import keras

MOST_PARAMETERS = 50_000
# Softmax on all pixels reads 0.87 to 0.91 after the same digits, on the sample and the full data.
LEAST_ACCURACY = 0.92


@exercise("6-1")
def rnn_step(answer: Callable) -> str:
    """Check one step of a simple recurrent layer against `keras.layers.SimpleRNN`.

    answer: function of `x` `(batch, features)`, `state` `(batch, units)`, `kernel`
    `(features, units)`, `recurrent` `(units, units)` and `bias` `(units,)`, float32 tensors, to
    the new state `(batch, units)`.
    """
    import keras
    import tensorflow as tf

    random = np.random.default_rng(6)
    x = tf.constant(random.normal(size=(3, 5)), tf.float32)
    empty = tf.zeros((3, 4))
    full = tf.constant(random.normal(size=(3, 4)), tf.float32)
    arrays = [0.5 * random.normal(size=shape) for shape in ((5, 4), (4, 4), (4,))]
    kernel, recurrent, bias = (tf.constant(array, tf.float32) for array in arrays)
    layer = keras.layers.SimpleRNN(4)
    layer.build((3, 1, 5))
    layer.set_weights(arrays)
    for state, what in (
        (empty, say("one step of 3 examples without a memory")),
        (full, say("one step of 3 examples with a memory")),
    ):
        came = answer(x, state, kernel, recurrent, bias)
        expected = layer(x[:, tf.newaxis], initial_state=state)
        if state is full:
            _uses_the_memory_well(came, x, full, (kernel, recurrent, bias))
        compare(came, expected, what=what)
    twice = answer(x, answer(x, full, kernel, recurrent, bias), kernel, recurrent, bias)
    expected = layer(tf.stack([x, x], axis=1), initial_state=full)
    compare(twice, expected, what=say("two steps in a row"), rtol=1e-3)
    return say("The same as Keras, also when your new state is the next step's old one.")


def _uses_the_memory_well(came: object, x: object, state: object, weights: tuple) -> None:
    if np.shape(came) != state.shape:
        return
    kernel, recurrent, bias = (np.asarray(array) for array in weights)
    seen, remembered = np.asarray(x) @ kernel + bias, np.asarray(state)
    if np.allclose(came, np.tanh(seen), atol=1e-4):
        not_yet("The result is the same with a memory as without. Where does the old state go in?")
    if np.allclose(came, seen + remembered @ recurrent, atol=1e-4):
        not_yet("The sum is right, but it has values beyond -1 and 1. What is the last move?")
    if np.allclose(came, np.tanh(seen + remembered @ recurrent.T), atol=1e-4):
        not_yet("The recurrent matrix went in transposed: which factor stands first?")


@exercise("6-2")
def gru_parameters(answer: Callable) -> str:
    """Check the number of parameters of a GRU against `keras.layers.GRU`.

    answer: function of the number of features and the number of units, to the number of parameters,
    with both biases (`reset_after`, as Keras has it).
    """
    import keras

    for features, units in ((1, 1), (28, 64), (64, 28), (28, 128)):
        layer = keras.layers.GRU(units)
        layer.build((None, 28, features))
        expected = layer.count_params()
        came = answer(features, units)
        what = f"gru_parameters({features}, {units})"
        if isinstance(came, int | float | np.number):
            fields = {"what": what, "got": came, "less": 3 * units}
            if came * 3 == expected:
                not_yet("{what} gave {got:g}: that is one gate. How many are there?", **fields)
            if came == expected - 3 * units:
                not_yet(
                    "{what} gave {got:g}, {less} too few. How many rows has the bias?", **fields
                )
        compare(came, expected, what=what, rtol=0)
    return say("Features count once, units squared: the memory is what costs.")


@exercise("6-3")
def mask_from_lengths(answer: Callable) -> str:
    """Check a mask against `tf.sequence_mask`.

    answer: function of lengths `(batch,)`, a NumPy array of whole numbers, and the number of steps,
    to `(batch, steps)`, True where a step is real.
    """
    for lengths, steps in (([1, 3, 2], 4), ([4, 4], 4), ([0, 5], 5), ([2, 1, 3], 3)):
        came = answer(np.array(lengths), steps)
        expected = np.arange(steps) < np.array(lengths)[:, None]
        what = f"mask_from_lengths({lengths}, {steps})"
        if np.shape(came) == expected.shape:
            _means_real_steps(np.asarray(came), expected, what)
        compare(came, expected, what=what)
        if np.asarray(came).dtype != bool:
            not_yet(
                "{what}: expected type bool, got {kind}. A mask is True or False.",
                **{"what": what, "kind": np.asarray(came).dtype},
            )
    return say("True for the steps that count, False for the padding.")


def _means_real_steps(came: np.ndarray, expected: np.ndarray, what: str) -> None:
    if (came == ~expected).all():
        not_yet(
            "{what}: expected True for the steps that count, got it for the padding.", what=what
        )
    extra = came.astype(bool).sum(axis=1) - expected.sum(axis=1)
    if (extra >= 0).all() and set(extra.tolist()) <= {0, 1} and extra.any():
        not_yet("{what}: a step too many is True. Steps are counted from 0.", what=what)


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
    keras_model(answer)
    if not _has_memory(answer):
        not_yet("No recurrent layer was found in your model. Which layer carries a state?")
    if (size := answer.count_params()) > MOST_PARAMETERS:
        fields = {"most": MOST_PARAMETERS, "got": size}
        not_yet("Expected a model of at most {most:,} parameters, got {got:,}.", **fields)
    reached = accuracy(scores_of(answer, x_test), y_test)
    if reached < LEAST_ACCURACY:
        not_yet(
            "Expected a test accuracy of at least {least}, a little more than softmax on all "
            "pixels reaches, got {got:.3f}. Does it take grey values 0..255? Did the loss fall?",
            **{"least": LEAST_ACCURACY, "got": reached},
        )
    reason(
        mind,
        "Test accuracy {reached:.3f}. Now say in `mind` what limits it and which result would "
        "change your mind.",
        reached=reached,
    )
    return say(
        "Test accuracy {reached:.3f} with {size:,} parameters. Compare with a neighbour's.",
        **{"reached": reached, "size": size},
    )


def _has_memory(model: "keras.Model") -> bool:
    import keras

    kinds = (keras.layers.RNN, keras.layers.Bidirectional)
    return any(
        isinstance(layer, kinds) or (isinstance(layer, keras.Model) and _has_memory(layer))
        for layer in model.layers
    )
