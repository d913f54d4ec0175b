"""Right and wrong answers to the exercises of lesson 03."""

import random

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


def slope_by_keras(z, slope):
    return keras.ops.where(z >= 0, keras.ops.ones_like(z), slope)


def slope_in_place(z, slope):
    slopes = np.ones(z.shape, "float64")
    slopes[np.array(z) < 0] = slope
    return slopes


def slope_in_plain_python(z, slope):
    def of(part):
        return [of(one) for one in part] if isinstance(part, list) else 1 if part > 0 else slope

    return of(np.asarray(z).tolist())


def slope_by_mask(z, slope):
    on = tf.cast(z > 0, z.dtype)
    return on + slope * (1 - on)


def slope_by_differences(z, slope):
    def leaky(x):
        return np.where(x > 0, x, slope * x)

    z = np.array(z, "float64")
    return (leaky(z + 1e-4) - leaky(z - 1e-4)) / 2e-4


def slope_of_relu(z, slope):
    return tf.cast(z > 0, tf.float32)


def leaky_relu_itself(z, slope):
    return tf.where(z > 0, z, slope * z)


def slope_swapped(z, slope):
    return tf.where(z > 0, slope, 1.0)


def slope_of_one_number(z, slope):
    return 1.0 if z > 0 else slope


def slope_of_the_shown_case(z, slope):
    return tf.where(z > 0, 1.0, 0.1)


def slope_uphill(z, slope):
    return tf.where(z > 0, 1.0, -slope)


def slope_from_one_on(z, slope):
    return tf.where(z > 1, 1.0, slope)


def slope_where_positive_alone(z, slope):
    return tf.where(z > 0, tf.ones_like(z), slope * z)


def slope_along_one_axis(z, slope):
    return np.array([1.0 if value > 0 else slope for value in np.ravel(z)])


def slope_softened(z, slope):
    return slope + (1 - slope) * tf.sigmoid(10 * z)


def slope_averaged(z, slope):
    return tf.reduce_mean(tf.where(z > 0, 1.0, slope))


def slope_printed(z, slope):
    print(tf.where(z > 0, 1.0, slope))


def input_itself(z, slope):
    return z


def merge_by_product(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2 + b2


def merge_by_probing(W1, b1, W2, b2):
    def both(x):
        return (x @ W1 + b1) @ W2 + b2

    bias = both(np.zeros(len(W1), "float32"))
    return [both(np.eye(len(W1), dtype="float32")) - bias, bias]


def merge_by_tensorflow(W1, b1, W2, b2):
    return tf.matmul(W1, W2), tf.linalg.matvec(W2, b1, transpose_a=True) + b2


def merge_by_einsum(W1, b1, W2, b2):
    return np.einsum("ij,jk->ik", W1, W2), np.einsum("j,jk->k", b1, W2) + b2


def merge_in_plain_python(W1, b1, W2, b2):
    columns = list(zip(*W2.tolist(), strict=True))

    def through(row):
        return [sum(a * c for a, c in zip(row, column, strict=True)) for column in columns]

    return [through(row) for row in W1], [a + c for a, c in zip(through(b1), b2, strict=True)]


def merge_with_a_column_of_ones(W1, b1, W2, b2):
    both = np.vstack([W1, b1]) @ W2
    both[-1] += b2
    return both[:-1], both[-1]


def merge_in_double_precision(W1, b1, W2, b2):
    return np.float64(W1) @ W2, np.float64(b1) @ W2 + b2


def merge_without_first_bias(W1, b1, W2, b2):
    return W1 @ W2, b2


def merge_with_added_biases(W1, b1, W2, b2):
    return W1 @ W2, b1 + b2


def merge_in_the_wrong_order(W1, b1, W2, b2):
    return W2 @ W1, b1 @ W2 + b2


def merge_in_the_wrong_order_where_it_fits(W1, b1, W2, b2):
    square = W1.shape == W2.shape
    return (W2 @ W1 if square else W1 @ W2), b1 @ W2 + b2


def merge_without_second_bias(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2


def merge_with_negative_bias(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2 - b2


def merge_bias_with_rows(W1, b1, W2, b2):
    return W1 @ W2, (b1 @ W2 + b2)[np.newaxis]


def merge_transposed(W1, b1, W2, b2):
    return (W1 @ W2).T, b1 @ W2 + b2


def merge_summed_bias(W1, b1, W2, b2):
    return W1 @ W2, b1.sum() + b2


def merge_bias_first(W1, b1, W2, b2):
    return b1 @ W2 + b2, W1 @ W2


def merge_kernel_alone(W1, b1, W2, b2):
    return W1 @ W2


def he_by_numpy(inputs, units):
    return np.random.default_rng().normal(0, np.sqrt(2 / inputs), (inputs, units))


def he_by_keras(inputs, units):
    return keras.initializers.HeNormal()((inputs, units))


def he_by_tensorflow(inputs, units):
    return tf.random.normal((inputs, units), stddev=(2 / inputs) ** 0.5)


def he_scaled(inputs, units):
    return np.random.randn(inputs, units).astype("float32") * np.sqrt(2.0 / inputs)


def he_of_a_layer(inputs, units):
    layer = keras.layers.Dense(units, kernel_initializer="he_normal")
    layer.build((None, inputs))
    return layer.kernel


def he_in_half_precision(inputs, units):
    return he_by_numpy(inputs, units).astype("float16")


def he_of_pairs(inputs, units):
    return np.repeat(he_by_numpy(inputs, (units + 1) // 2), 2, axis=1)[:, :units]


def he_with_a_bias(inputs, units):
    return he_by_numpy(inputs, units), np.zeros(units)


def he_by_lists(inputs, units):
    draw = random.Random()
    return [[draw.gauss(0, (2 / inputs) ** 0.5) for _ in range(units)] for _ in range(inputs)]


def he_uniform(inputs, units):
    """Another distribution with the spread that was asked for."""
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


def he_of_signs(inputs, units):
    return np.random.choice([-1, 1], (inputs, units)) * np.sqrt(2 / inputs)


def he_of_the_units(inputs, units):
    return np.random.normal(0, np.sqrt(2 / units), (inputs, units))


def lecun(inputs, units):
    return np.random.normal(0, np.sqrt(1 / inputs), (inputs, units))


def he_with_the_bias_counted(inputs, units):
    return np.random.normal(0, np.sqrt(2 / (inputs + 1)), (inputs, units))


def he_of_root_two(inputs, units):
    return np.random.normal(0, np.sqrt(2) / inputs, (inputs, units))


def he_one_column_for_all(inputs, units):
    return np.repeat(np.random.normal(0, np.sqrt(2 / inputs), (inputs, 1)), units, axis=1)


def he_of_lesson_784(inputs, units):
    return np.random.normal(0, np.sqrt(2 / 784), (inputs, units))


def he_positive(inputs, units):
    return np.abs(np.random.normal(0, np.sqrt(2 / inputs), (inputs, units)))


def he_all_equal(inputs, units):
    return np.full((inputs, units), np.sqrt(2 / inputs))


def dead_by_any(outputs):
    return int((~outputs.any(axis=0)).sum())


def dead_by_largest(outputs):
    return np.sum(outputs.max(axis=0) == 0)


def dead_by_tensorflow(outputs):
    return tf.reduce_sum(tf.cast(tf.reduce_all(tf.equal(outputs, 0), axis=0), tf.int32))


def dead_by_keras(outputs):
    return keras.ops.sum(keras.ops.all(outputs <= 0, axis=0))


def dead_by_loops(outputs):
    count = 0
    for unit in zip(*outputs.tolist(), strict=True):
        if all(value == 0 for value in unit):
            count += 1
    return count


def dead_by_nonzero(outputs):
    return outputs.shape[1] - len(set(np.nonzero(outputs)[1]))


def dead_in_place(outputs):
    outputs[outputs > 0] = 1
    return float((outputs.sum(axis=0) == 0).sum())


def dead_which(outputs):
    return ~outputs.any(axis=0)


def dead_where(outputs):
    return np.flatnonzero(~outputs.any(axis=0))


def dead_share(outputs):
    return np.mean(~outputs.any(axis=0))


def dead_zeros(outputs):
    return np.sum(outputs == 0)


def dead_somewhere(outputs):
    return np.sum((outputs == 0).any(axis=0))


def dead_examples(outputs):
    return np.sum(~outputs.any(axis=1))


def dead_by_small_mean(outputs):
    return np.sum(outputs.mean(axis=0) < 0.01)


def dead_on_the_first_example(outputs):
    return np.sum(outputs[0] == 0)


def alive_units(outputs):
    return np.sum(outputs.any(axis=0))


def dead_of_half_zeros(outputs):
    return np.sum(np.median(outputs, axis=0) == 0)


def he_without_return(inputs, units):
    he_by_numpy(inputs, units)


def merge_by_an_iterator(W1, b1, W2, b2):
    return map(np.asarray, (W1 @ W2, b1 @ W2 + b2))


RIGHT = {
    checks.leaky_relu_derivative: [
        slope_by_where,
        slope_by_numpy,
        slope_by_tape,
        slope_by_keras,
        slope_in_place,
        slope_in_plain_python,
        slope_by_mask,
        slope_by_differences,
    ],
    checks.merge_linear: [
        merge_by_product,
        merge_by_probing,
        merge_by_tensorflow,
        merge_by_einsum,
        merge_in_plain_python,
        merge_with_a_column_of_ones,
        merge_in_double_precision,
        merge_by_an_iterator,
    ],
    checks.he_kernel: [
        he_by_numpy,
        he_by_keras,
        he_by_tensorflow,
        he_scaled,
        he_of_a_layer,
        he_by_lists,
        he_in_half_precision,
    ],
    checks.dead_units: [
        dead_by_any,
        dead_by_largest,
        dead_by_tensorflow,
        dead_by_keras,
        dead_by_loops,
        dead_by_nonzero,
        dead_in_place,
    ],
}


def dead_nearly(outputs):
    return np.sum(np.mean(outputs == 0, axis=0) > 0.9)


def merge_through_a_relu(W1, b1, W2, b2):
    return W1 @ W2, np.maximum(b1, 0) @ W2 + b2


WRONG = {
    checks.leaky_relu_derivative: [
        (slope_of_relu, "expected 0.1, got 0"),
        (leaky_relu_itself, "leaky ReLU itself"),
        (slope_swapped, "values are off"),
        (slope_of_one_number, "Your code raised"),
        (slope_of_the_shown_case, "expected 0.25, got 0.1"),
        (slope_uphill, "got -0.1"),
        (slope_from_one_on, "expected 1, got 0.1"),
        (slope_where_positive_alone, "values are off"),
        (slope_along_one_axis, "expected shape (2, 2), got (4,)"),
        (slope_softened, "values are off"),
        (slope_averaged, "expected shape (4,), got ()"),
        (slope_printed, "gave None"),
        (input_itself, "values are off"),
    ],
    checks.merge_linear: [
        (merge_through_a_relu, "the bias for 3 -> 5 -> 2"),
        (merge_without_first_bias, "b2 alone"),
        (merge_with_added_biases, "Your code raised"),
        (merge_in_the_wrong_order, "Your code raised"),
        (merge_in_the_wrong_order_where_it_fits, "the kernel for 3 -> 3 -> 3"),
        (merge_without_second_bias, "the bias for 3 -> 5 -> 2"),
        (merge_with_negative_bias, "the bias for 3 -> 5 -> 2"),
        (merge_bias_with_rows, "expected shape (2,), got (1, 2)"),
        (merge_transposed, "expected shape (3, 2), got (2, 3)"),
        (merge_summed_bias, "the bias for 3 -> 5 -> 2"),
        (merge_bias_first, "expected shape (3, 2), got (2,)"),
        (merge_kernel_alone, "expected two arrays, W and b, got ndarray"),
    ],
    checks.he_kernel: [
        (he_of_pairs, "many weights are equal"),
        (he_with_a_bias, "expected an array of numbers, got tuple"),
        (he_transposed, "expected shape (784, 200), got (200, 784)"),
        (he_without_root, "expected the standard deviation 0.0505"),
        (glorot, "expected the standard deviation 0.0505"),
        (he_not_centred, "expected a mean near 0"),
        (he_frozen, "the same numbers twice"),
        (he_without_return, "expected an array of numbers, got None"),
        (he_uniform, "not from a normal distribution"),
        (he_of_signs, "many weights are equal"),
        (he_of_the_units, "expected the standard deviation 0.0505"),
        (lecun, "expected the standard deviation 0.0505"),
        (he_with_the_bias_counted, "he_kernel(4, 30000)"),
        (he_of_root_two, "expected the standard deviation 0.0505"),
        (he_one_column_for_all, "expected a mean near 0|expected the standard|many weights are"),
        (he_of_lesson_784, "he_kernel(300, 400): expected the standard deviation"),
        (he_positive, "expected a mean near 0"),
        (he_all_equal, "expected a mean near 0"),
    ],
    checks.dead_units: [
        (dead_which, "expected shape ()"),
        (dead_where, "expected shape ()"),
        (dead_share, "units dead: expected"),
        (dead_zeros, "units dead: expected"),
        (dead_nearly, "units dead: expected"),
        (dead_somewhere, "units dead: expected"),
        (dead_examples, "units dead: expected"),
        (dead_by_small_mean, "units dead: expected"),
        (dead_on_the_first_example, "units dead: expected"),
        (alive_units, "units dead: expected"),
        (dead_of_half_zeros, "units dead: expected"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


CLAIM = "If a wide flat network beat a deep one over three seeds, I would choose width."


def fixed_by_list(units):
    hidden = [keras.layers.Dense(n, "relu", kernel_initializer="he_normal") for n in units]
    return _scaled(*hidden, keras.layers.Dense(10, "softmax"))


def fixed_by_loop(units):
    model = _scaled()
    for n in units:
        model.add(keras.layers.Dense(n, activation=tf.nn.tanh))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model


def fixed_functional(units):
    signal = inputs = keras.Input((28, 28))
    signal = keras.layers.Rescaling(1 / 255)(keras.layers.Flatten()(signal))
    for n in units:
        signal = keras.layers.LeakyReLU()(keras.layers.Dense(n)(signal))
    return keras.Model(inputs, keras.layers.Softmax()(keras.layers.Dense(10)(signal)))


def fixed_with_own_scale(units):
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Reshape((784,))])
    model.add(keras.layers.Lambda(lambda x: x / 127.5 - 1))
    for n in units:
        model.add(keras.layers.Dense(n, "gelu"))
    model.add(keras.layers.Dense(10, keras.activations.softmax))
    return model


def broken(units, **settings):
    settings = {"activation": None, "kernel_initializer": "zeros", "last": "relu"} | settings
    last = settings.pop("last")
    hidden = [keras.layers.Dense(n, **settings) for n in units]
    return _scaled(*hidden, keras.layers.Dense(10, last))


def _scaled(*layers):
    return keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten(), *layers]
    )


GOOD = {"activation": "relu", "kernel_initializer": "he_normal", "last": "softmax"}


@pytest.mark.parametrize(
    "answer", [fixed_by_list, fixed_by_loop, fixed_functional, fixed_with_own_scale]
)
def test_fixed_builders_pass(answer):
    keras.utils.set_random_seed(0)
    assert checks.fixed(answer).passed, checks.fixed(answer)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"activation": None}, "the logits are a straight line"),
        ({"kernel_initializer": "zeros"}, "get the same ten numbers"),
        ({"kernel_initializer": "ones"}, "a sound network|get the same ten"),
        ({"last": "relu"}, "expected ten probabilities"),
        ({"last": "sigmoid"}, "expected ten probabilities"),
        ({"last": None}, "expected ten probabilities"),
        ({"units": (30, 20)}, "parameters, as the broken one has"),
        ({"activation": "softmax"}, "a sound network"),
        ({"kernel_initializer": keras.initializers.Constant(0.01)}, "do all units start"),
    ],
)
def test_half_fixed_builders_are_told_what_is_left(change, says):
    keras.utils.set_random_seed(0)
    settings = GOOD | change
    fixed = settings.pop("units", None)
    outcome = checks.fixed(lambda units: broken(fixed or units, **settings))
    assert outcome.status == "not yet"
    assert any(part in outcome.message for part in says.split("|")), outcome


@pytest.mark.parametrize("bent", [0, 1])
@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu", "leaky_relu", "sigmoid"])
def test_each_hidden_layer_needs_an_activation(bent, activation):
    def one_of_two(units):
        kinds = [activation, None][:: 1 - 2 * bent] if len(units) == 2 else [activation]
        hidden = [keras.layers.Dense(n, kind) for n, kind in zip(units, kinds, strict=True)]
        return _scaled(*hidden, keras.layers.Dense(10, "softmax"))

    outcome = checks.fixed(one_of_two)
    assert outcome.status == "not yet"
    assert f"hidden layer {2 - bent} has no activation" in outcome.message


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_logits_have_no_bounds(activation):
    def bounded(units):
        model = broken(units, **GOOD | {"last": activation})
        return keras.Sequential([*model.layers, keras.layers.Softmax()])

    assert "so something bounds the logits" in checks.fixed(bounded).message


@pytest.mark.parametrize("activation", ["hard_sigmoid", "hard_tanh"])
def test_activations_that_are_straight_in_the_middle_pass(activation):
    keras.utils.set_random_seed(0)
    settings = {"activation": activation, "kernel_initializer": "glorot_uniform"}
    assert checks.fixed(lambda units: broken(units, **GOOD | settings)).passed


def test_the_broken_builder_is_told_and_the_untouched_cell_not_attempted():
    assert checks.fixed(broken).status == "not yet"
    assert checks.fixed(lambda units: fixed_by_list(units[:1])).status == "not yet"
    assert checks.fixed(lambda units: None).status == "not yet"
    assert checks.fixed(...).status == "not attempted"


@pytest.mark.parametrize(
    ("mind", "says"),
    [
        ("deep", "Expected 8 words or more|Expected a sentence"),
        (None, "Expected a text of 8 words"),
        ("my dog likes to eat some green apples today", "what would change|which result would"),
    ],
)
def test_a_claim_is_asked_for(easy_digits, mind, says):
    images, labels = easy_digits
    outcome = checks.my_model(Reader(480, labels), mind, images, labels, 0.9)
    assert outcome.status == "not yet"
    assert any(part in outcome.message for part in says.split("|")), outcome


def test_a_claim_may_be_in_another_language(easy_digits):
    images, labels = easy_digits
    for mind in (
        "如果更宽的网络在三个种子上都更好,我就会改变主意。",
        "もっと浅いネットワークのほうが良い結果を出せば考えを変えます。",
        "Wenn ein flaches Netz mit gleich vielen Einheiten genauer wäre, dann ja.",
    ):
        assert checks.my_model(Reader(480, labels), mind, images, labels, 0.9).passed


def _model(*layers):
    return keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), *layers])


@pytest.mark.parametrize("hidden", [(16,), (16, 12)])
def test_trained_small_network_passes(easy_digits, hidden):
    keras.utils.set_random_seed(0)
    units = [keras.layers.Dense(count, "relu") for count in hidden]
    model = _model(keras.layers.Rescaling(1 / 255), *units, keras.layers.Dense(10, "softmax"))
    model.compile(keras.optimizers.Adam(0.03), "sparse_categorical_crossentropy")
    model.fit(*easy_digits, epochs=8, verbose=0)
    outcome = checks.my_model(model, CLAIM, *easy_digits, 0.5)
    assert outcome.passed, outcome
    assert "0.500" in outcome.message


@pytest.mark.parametrize("hidden", [[], [keras.layers.Dense(16)]])
@pytest.mark.parametrize("last", ["softmax", None])
def test_a_linear_model_is_not_asked_for(easy_digits, hidden, last):
    keras.utils.set_random_seed(0)
    model = _model(keras.layers.Rescaling(1 / 255), *hidden, keras.layers.Dense(10, last))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=last is None)
    model.compile(keras.optimizers.Adam(0.03), loss)
    model.fit(*easy_digits, epochs=4, verbose=0)
    outcome = checks.my_model(model, CLAIM, *easy_digits, 0.5)
    assert outcome.status == "not yet"
    assert "linear in the pixels" in outcome.message


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
    outcome = checks.my_model(answer(), CLAIM, *easy_digits, 0.9)
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

    def __call__(self, images):
        return self.scores[: len(images)]

    def count_params(self):
        return 7850


@pytest.mark.parametrize("right", [333, 417, 451, 460, 463])
@pytest.mark.parametrize("kind", [float, np.float32])
def test_as_many_as_the_baseline_is_not_more_in_any_precision(easy_digits, right, kind):
    images, labels = easy_digits
    baseline = float(kind(right / len(labels)))
    assert not checks.my_model(Reader(right, labels), CLAIM, images, labels, baseline).passed
    assert checks.my_model(Reader(right + 1, labels), CLAIM, images, labels, baseline).passed


def test_no_model_is_not_attempted(easy_digits):
    assert checks.my_model(..., CLAIM, *easy_digits, 0.9).status == "not attempted"
