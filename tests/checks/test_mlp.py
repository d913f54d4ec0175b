"""Right and wrong answers to the exercises of lesson 03."""

import numpy as np
import pytest
from answers import Answers

from workshop.checks import mlp as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")


def slope_by_where(z, slope):
    return tf.where(z > 0, 1.0, slope)


def slope_by_numpy(z, slope):
    return np.where(np.asarray(z) < 0, slope, 1)


def slope_by_tape(z, slope):
    with tf.GradientTape() as tape:
        tape.watch(z)
        values = tf.maximum(z, slope * z)
    return tape.gradient(values, z)


def slope_of_relu(z, slope):
    return tf.cast(z > 0, tf.float32)


def leaky_relu_itself(z, slope):
    return tf.where(z > 0, z, slope * z)


def slope_swapped(z, slope):
    return tf.where(z > 0, slope, 1.0)


def slope_of_one_number(z, slope):
    return 1.0 if z > 0 else slope


def merge_by_product(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2 + b2


def merge_by_probing(W1, b1, W2, b2):
    def both(x):
        return (x @ W1 + b1) @ W2 + b2

    bias = both(np.zeros(len(W1), "float32"))
    return [both(np.eye(len(W1), dtype="float32")) - bias, bias]


def merge_without_first_bias(W1, b1, W2, b2):
    return W1 @ W2, b2


def merge_with_added_biases(W1, b1, W2, b2):
    return W1 @ W2, b1 + b2


def merge_in_the_wrong_order(W1, b1, W2, b2):
    return W2 @ W1, b1 @ W2 + b2


def merge_kernel_alone(W1, b1, W2, b2):
    return W1 @ W2


def he_by_numpy(inputs, units):
    return np.random.default_rng().normal(0, np.sqrt(2 / inputs), (inputs, units))


def he_by_keras(inputs, units):
    return keras.initializers.HeNormal()((inputs, units))


def he_uniform(inputs, units):
    """Another shape of distribution with the spread that was asked for."""
    limit = np.sqrt(6 / inputs)
    return tf.random.uniform((inputs, units), -limit, limit)


def he_transposed(inputs, units):
    return he_by_numpy(inputs, units).T


def he_without_root(inputs, units):
    return np.random.normal(0, 2 / inputs, (inputs, units))


def glorot(inputs, units):
    return np.random.normal(0, np.sqrt(2 / (inputs + units)), (inputs, units))


def he_not_centred(inputs, units):
    return np.random.uniform(0, np.sqrt(24 / inputs), (inputs, units))


def he_frozen(inputs, units):
    return np.random.default_rng(0).normal(0, np.sqrt(2 / inputs), (inputs, units))


def he_without_return(inputs, units):
    he_by_numpy(inputs, units)


RIGHT = {
    checks.leaky_relu_derivative: [slope_by_where, slope_by_numpy, slope_by_tape],
    checks.merge_linear: [merge_by_product, merge_by_probing],
    checks.he_kernel: [he_by_numpy, he_by_keras, he_uniform],
}
WRONG = {
    checks.leaky_relu_derivative: [
        (slope_of_relu, "expected 0.1, got 0"),
        (leaky_relu_itself, "leaky ReLU itself"),
        (slope_swapped, "values are off"),
        (slope_of_one_number, "Your code raised"),
    ],
    checks.merge_linear: [
        (merge_without_first_bias, "b2 alone"),
        (merge_with_added_biases, "Your code raised"),
        (merge_in_the_wrong_order, "Your code raised"),
        (merge_kernel_alone, "expected two arrays, W and b, got ndarray"),
    ],
    checks.he_kernel: [
        (he_transposed, "expected shape (784, 200), got (200, 784)"),
        (he_without_root, "expected the standard deviation 0.0505"),
        (glorot, "expected the standard deviation 0.0505"),
        (he_not_centred, "expected a mean near 0"),
        (he_frozen, "the same numbers twice"),
        (he_without_return, "expected an array of numbers, got None"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


def _model(*layers):
    return keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), *layers])


@pytest.mark.parametrize("hidden", [(16,), (16, 12)])
def test_trained_small_network_passes(easy_digits, hidden):
    keras.utils.set_random_seed(0)
    units = [keras.layers.Dense(count, "relu") for count in hidden]
    model = _model(keras.layers.Rescaling(1 / 255), *units, keras.layers.Dense(10, "softmax"))
    model.compile(keras.optimizers.Adam(0.03), "sparse_categorical_crossentropy")
    model.fit(*easy_digits, epochs=8, verbose=0)
    outcome = checks.my_model(model, *easy_digits, 0.5)
    assert outcome.passed, outcome
    assert "0.500" in outcome.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            lambda: _model(keras.layers.Dense(10)),
            "above 0.900, that of the model without a hidden layer",
        ),
        (
            lambda: _model(keras.layers.Dense(30), keras.layers.Dense(10)),
            "at most 20,000 parameters, got 23,860",
        ),
        (lambda: _model(keras.layers.Dense(9)), "expected shape (500, 10), got (500, 9)"),
        (lambda: {"accuracy": 0.99}, "Expected a Keras model, got dict"),
    ],
)
def test_other_models_are_told_why(easy_digits, answer, says):
    keras.utils.set_random_seed(0)
    outcome = checks.my_model(answer(), *easy_digits, 0.9)
    assert outcome.status == "not yet"
    assert says in outcome.message


class Reader:
    """Stands for a model that reads so many of the digits."""

    def __init__(self, right, labels):
        self.scores = np.eye(10)[
            np.where(np.arange(len(labels)) < right, labels, (labels + 1) % 10)
        ]

    def predict(self, images, verbose):
        return self.scores

    def count_params(self):
        return 7850


@pytest.mark.parametrize("right", [333, 417, 451, 460, 463])
@pytest.mark.parametrize("kind", [float, np.float32])
def test_as_many_as_the_baseline_is_not_more_in_any_precision(easy_digits, right, kind):
    images, labels = easy_digits
    baseline = float(kind(right / len(labels)))
    assert not checks.my_model(Reader(right, labels), images, labels, baseline).passed
    assert checks.my_model(Reader(right + 1, labels), images, labels, baseline).passed


def test_no_model_is_not_attempted(easy_digits):
    assert checks.my_model(..., *easy_digits, 0.9).status == "not attempted"
