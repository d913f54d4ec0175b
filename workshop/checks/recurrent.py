"""Checks of lesson 06, recurrent networks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.engine import compare, exercise, not_yet, reason

if TYPE_CHECKING:
    import keras

MOST_PARAMETERS = 50_000
# Softmax on all pixels reads 0.87 to 0.91 after the same digits, on the sample and the full data.
LEAST_ACCURACY = 0.92


@exercise("6-1")
def rnn_step(answer: Callable) -> str:
    """Check one step of a simple recurrent layer against `keras.layers.SimpleRNN`.

    Args:
        answer: function of `x` `(batch, features)`, `state` `(batch, units)`, `kernel`
            `(features, units)`, `recurrent` `(units, units)` and `bias` `(units,)`, float32
            tensors, that returns the new state `(batch, units)`.

    Returns:
        The outcome: from an empty memory, with a memory, then two steps in a row.
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
    for state, memory in ((empty, "no memory"), (full, "a memory")):
        came = answer(x, state, kernel, recurrent, bias)
        expected = layer(x[:, tf.newaxis], initial_state=state)
        if memory == "a memory":
            _uses_the_memory_well(came, x, full, (kernel, recurrent, bias))
        compare(came, expected, what=f"one step of 3 examples with {memory}")
    twice = answer(x, answer(x, full, kernel, recurrent, bias), kernel, recurrent, bias)
    expected = layer(tf.stack([x, x], axis=1), initial_state=full)
    compare(twice, expected, what="two steps in a row", rtol=1e-3)
    return "The same as Keras, also when your new state is the next step's old one."


def _uses_the_memory_well(came: object, x: object, state: object, weights: tuple) -> None:
    if came is None or np.shape(came) != state.shape:
        return
    kernel, recurrent, bias = (np.asarray(array) for array in weights)
    seen, remembered = np.asarray(x) @ kernel + bias, np.asarray(state)
    if np.allclose(came, np.tanh(seen), atol=1e-4):
        not_yet("With a memory the same came as without one. Where does the old state go in?")
    if np.allclose(came, seen + remembered @ recurrent, atol=1e-4):
        not_yet("The sum is right; values beyond -1 and 1 came. What is the last move?")
    if np.allclose(came, np.tanh(seen + remembered @ recurrent.T), atol=1e-4):
        not_yet("The recurrent matrix came in transposed: which factor stands first?")


@exercise("6-2")
def gru_parameters(answer: Callable) -> str:
    """Check the number of parameters of a GRU against `keras.layers.GRU`.

    Args:
        answer: function of the number of features and the number of units that returns the number
            of parameters, with both biases (`reset_after`, as Keras has it).

    Returns:
        The outcome: four sizes, from one unit to the first layer of the stack.
    """
    import keras

    for features, units in ((1, 1), (28, 64), (64, 28), (28, 128)):
        layer = keras.layers.GRU(units)
        layer.build((None, 28, features))
        expected = layer.count_params()
        came = answer(features, units)
        what = f"gru_parameters({features}, {units})"
        if isinstance(came, int | float | np.number):
            if came * 3 == expected:
                not_yet(f"{what} gave {came:g}: that is one gate. How many are there?")
            if came == expected - 3 * units:
                not_yet(f"{what} gave {came:g}, {3 * units} too few. How many rows has the bias?")
        compare(came, expected, what=what, rtol=0)
    return "Features count once, units squared: the memory is what costs."


@exercise("6-3")
def mask_from_lengths(answer: Callable) -> str:
    """Check a mask against `tf.sequence_mask`.

    Args:
        answer: function of lengths `(batch,)`, a NumPy array of whole numbers, and the number of
            steps, that returns True where a step is real, `(batch, steps)`.

    Returns:
        The outcome: short, full and empty sequences, and a batch as large as the steps.
    """
    for lengths, steps in (([1, 3, 2], 4), ([4, 4], 4), ([0, 5], 5), ([2, 1, 3], 3)):
        came = answer(np.array(lengths), steps)
        expected = np.arange(steps) < np.array(lengths)[:, None]
        what = f"mask_from_lengths({lengths}, {steps})"
        if came is not None and came is not ... and np.shape(came) == expected.shape:
            _means_real_steps(np.asarray(came), expected, what)
        compare(came, expected, what=what)
        if np.asarray(came).dtype != bool:
            not_yet(f"{what}: numbers came ({np.asarray(came).dtype}); a mask is True or False.")
    return "True for the steps that count, False for the padding."


def _means_real_steps(came: np.ndarray, expected: np.ndarray, what: str) -> None:
    if (came == ~expected).all():
        not_yet(f"{what}: True came for the padding; it is needed for the steps that count.")
    extra = came.astype(bool).sum(axis=1) - expected.sum(axis=1)
    if (extra >= 0).all() and set(extra.tolist()) <= {0, 1} and extra.any():
        not_yet(f"{what}: a step too many is True. Steps are counted from 0.")


@exercise("6-4")
def my_reader(answer: "keras.Model", mind: str, x_test: np.ndarray, y_test: np.ndarray) -> str:
    """Check a small recurrent reader that the learner trained, and what they claim about it.

    It has to beat softmax on all pixels; how far it goes beyond is the learner's question.

    Args:
        answer: Keras model of images `(batch, 28, 28)`, 0..255, with a recurrent layer, that
            returns `(batch, 10)`.
        mind: what limits it, and what would change the learner's mind.
        x_test: test images `(n, 28, 28)`, uint8.
        y_test: labels `(n,)`.

    Returns:
        The outcome, with the accuracy reached.
    """
    if not callable(getattr(answer, "predict", None)):
        not_yet(f"A {type(answer).__name__} came; a Keras model is needed.")
    if not _has_memory(answer):
        not_yet("No recurrent layer was found in your model. Which layer carries a state?")
    if (size := answer.count_params()) > MOST_PARAMETERS:
        not_yet(f"Your model has {size:,} parameters; at most {MOST_PARAMETERS:,} are allowed.")
    scores = np.asarray(answer.predict(x_test, verbose=0))
    if scores.shape != (len(x_test), 10):
        not_yet(f"For {len(x_test)} images the shape {scores.shape} came, not ({len(x_test)}, 10).")
    reached = float(np.mean(scores.argmax(axis=1) == y_test))
    if reached < LEAST_ACCURACY:
        not_yet(
            f"Test accuracy {reached:.3f}; at least {LEAST_ACCURACY} is needed, a little more than "
            "softmax on all pixels reaches. Does it take grey values 0..255? Did the loss fall?"
        )
    now = "Now say in `mind` what limits your reader and which result would change your mind"
    reason(mind, f"Test accuracy {reached:.3f}. {now}")
    return f"Test accuracy {reached:.3f} with {size:,} parameters. Compare with a neighbour's."


def _has_memory(model: "keras.Model") -> bool:
    import keras

    kinds = (keras.layers.RNN, keras.layers.Bidirectional)
    return any(
        isinstance(layer, kinds) or (isinstance(layer, keras.Model) and _has_memory(layer))
        for layer in model.layers
    )
