"""Right and wrong answers to the exercises of lesson 02."""

import math
import random

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


def softmax_by_lists(logits):
    rows = []
    for row in logits.tolist():
        powers = [math.exp(value - max(row)) for value in row]
        rows.append([power / sum(powers) for power in powers])
    return rows


def softmax_by_operations_of_keras(logits):
    return keras.ops.softmax(keras.ops.convert_to_tensor(logits), axis=-1)


def softmax_by_logarithm(logits):
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))


def softmax_in_place(logits):
    logits -= logits.max(axis=-1)[:, None]
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=-1)[:, None]
    return logits


def softmax_less_the_largest_of_the_batch(logits):
    powers = np.exp(logits - np.max(logits))
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax_less_the_largest_of_a_column(logits):
    powers = np.exp(logits - np.max(logits, axis=0))
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax_less_a_thousand(logits):
    powers = np.exp(logits - (1000 if logits.max() > 700 else 0))
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax_less_the_mean(logits):
    powers = np.exp(logits - logits.mean(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax_less_the_smallest(logits):
    powers = np.exp(logits - logits.min(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax_with_a_ceiling(logits):
    powers = np.exp(np.minimum(logits, 80))
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax_with_nan_replaced(logits):
    return np.nan_to_num(softmax_that_overflows(logits), nan=1.0)


def softmax_to_the_base_two(logits):
    powers = 2 ** (logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax_of_the_first_row(logits):
    return softmax_by_numpy(logits[:1])


def softmax_printed(logits):
    print(softmax_by_numpy(logits))


def softmax_that_gives_back(logits):
    return logits


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


def entropy_by_lists(probabilities, one_hot):
    losses = []
    for row, labels in zip(probabilities.numpy().tolist(), one_hot.numpy().tolist(), strict=True):
        losses.append(-math.log(row[labels.index(1.0)]))
    return sum(losses) / len(losses)


def entropy_of_the_products_sum(probabilities, one_hot):
    return tf.reduce_mean(-tf.math.log(tf.reduce_sum(probabilities * one_hot, axis=1)))


def entropy_by_operations_of_keras(probabilities, one_hot):
    each = keras.ops.categorical_crossentropy(one_hot, probabilities)
    return keras.ops.mean(each)


def entropy_by_a_mask(probabilities, one_hot):
    return -np.log(probabilities.numpy()[one_hot.numpy() == 1]).mean()


def entropy_by_einsum(probabilities, one_hot):
    return -np.einsum("bc,bc->", one_hot, np.log(probabilities)) / len(one_hot)


def entropy_by_the_first(probabilities, one_hot):
    return -tf.reduce_sum(one_hot[0] * tf.math.log(probabilities[0]))


def entropy_over_the_classes(probabilities, one_hot):
    return -tf.reduce_sum(one_hot * tf.math.log(probabilities)) / probabilities.shape[1]


def entropy_of_each(probabilities, one_hot):
    return -tf.reduce_sum(one_hot * tf.math.log(probabilities), axis=-1)


def entropy_in_bits(probabilities, one_hot):
    return entropy_by_product(probabilities, one_hot) / math.log(2)


def entropy_of_the_mean(probabilities, one_hot):
    return -tf.math.log(tf.reduce_mean(tf.reduce_sum(probabilities * one_hot, axis=-1)))


def entropy_of_the_largest(probabilities, one_hot):
    return -tf.reduce_mean(tf.math.log(tf.reduce_max(probabilities, axis=-1)))


def entropy_of_squares(probabilities, one_hot):
    return tf.reduce_mean(tf.reduce_sum((probabilities - one_hot) ** 2, axis=-1))


def entropy_of_two_kinds(probabilities, one_hot):
    return tf.reduce_mean(keras.losses.binary_crossentropy(one_hot, probabilities))


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


def step_by_keras(W, b, images, labels, learning_rate):
    with tf.GradientTape() as tape:
        logits = keras.ops.matmul(images, W) + b
        loss = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
        loss = keras.ops.mean(loss)
    W_gradient, b_gradient = tape.gradient(loss, (W, b))
    W.assign_add(-learning_rate * W_gradient)
    b.assign_add(-learning_rate * b_gradient)
    return float(loss)


def step_by_numpy(W, b, images, labels, learning_rate):
    x, y = images.numpy(), labels.numpy()
    powers = np.exp(x @ W.numpy() + b.numpy())
    chances = powers / powers.sum(axis=1, keepdims=True)
    loss = -np.log(chances[np.arange(len(y)), y]).mean()
    chances[np.arange(len(y)), y] -= 1
    W.assign_sub(learning_rate * x.T @ chances / len(y))
    b.assign_sub(learning_rate * chances.mean(axis=0))
    return loss


def step_with_two_tapes(W, b, images, labels, learning_rate):
    with tf.GradientTape(persistent=True) as tape:
        loss = _loss(W, b, images, labels)
    moves = [learning_rate * tape.gradient(loss, one) for one in (W, b)]
    for one, move in zip((W, b), moves, strict=True):
        one.assign_sub(move)
    return loss


def step_by_an_optimizer(W, b, images, labels, learning_rate):
    with tf.GradientTape() as tape:
        loss = _loss(W, b, images, labels)
    tf.compat.v1.train.GradientDescentOptimizer(learning_rate).apply_gradients(
        zip(tape.gradient(loss, [W, b]), [W, b], strict=True)
    )
    return loss


def step_one_after_the_other(W, b, images, labels, learning_rate):
    """The gradient for b is taken where W already is."""
    for one in (W, b):
        with tf.GradientTape() as tape:
            loss = _loss(W, b, images, labels)
        one.assign_sub(learning_rate * tape.gradient(loss, one))
    return loss


def step_that_assigns_the_step(W, b, images, labels, learning_rate):
    with tf.GradientTape() as tape:
        loss = _loss(W, b, images, labels)
    W_gradient, b_gradient = tape.gradient(loss, [W, b])
    W.assign_sub(learning_rate * W_gradient)
    b.assign(-learning_rate * b_gradient)
    return loss


def step_without_the_bias_in_the_loss(W, b, images, labels, learning_rate):
    zeros = tf.Variable(tf.zeros(10))
    loss = step_by_tape(W, zeros, images, labels, learning_rate)
    b.assign_add(zeros)
    return loss


def step_of_the_sum(W, b, images, labels, learning_rate):
    return step_by_tape(W, b, images, labels, learning_rate * len(labels))


def step_for_batches_of_six(W, b, images, labels, learning_rate):
    return step_by_tape(W, b, images, labels, learning_rate * len(labels) / 6)


def step_that_returns_the_loss_afterwards(W, b, images, labels, learning_rate):
    step_by_tape(W, b, images, labels, learning_rate)
    return _loss(W, b, images, labels)


def step_with_softmax_twice(W, b, images, labels, learning_rate):
    with tf.GradientTape() as tape:
        probabilities = tf.nn.softmax(tf.matmul(images, W) + b)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, probabilities))
    for variable, gradient in zip([W, b], tape.gradient(loss, [W, b]), strict=True):
        variable.assign_sub(learning_rate * gradient)
    return loss


def step_with_momentum():
    speeds = [0.0, 0.0]

    def step(W, b, images, labels, learning_rate):
        with tf.GradientTape() as tape:
            loss = _loss(W, b, images, labels)
        for k, (one, slope) in enumerate(zip((W, b), tape.gradient(loss, [W, b]), strict=True)):
            speeds[k] = 0.9 * speeds[k] - learning_rate * slope
            one.assign_add(speeds[k])
        return loss

    return step


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


def accuracy_by_lists(logits, labels):
    right = 0
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        right += row.index(max(row)) == label
    return right / len(labels)


def accuracy_by_sorting(logits, labels):
    return float(np.mean(np.argsort(logits, axis=-1)[:, -1] == labels))


def accuracy_of_keras(logits, labels):
    return np.mean(keras.metrics.sparse_categorical_accuracy(labels, logits))


def accuracy_through_softmax(logits, labels):
    return np.mean(tf.nn.softmax(logits).numpy().argmax(axis=1) == labels)


def accuracy_through_an_overflow(logits, labels):
    with np.errstate(all="ignore"):
        powers = np.exp(logits)
        return np.mean((powers / powers.sum(axis=1, keepdims=True)).argmax(axis=1) == labels)


def accuracy_in_percent(logits, labels):
    return 100 * accuracy_by_numpy(logits, labels)


def accuracy_of_errors(logits, labels):
    return (logits.argmax(axis=1) != labels).mean()


def accuracy_of_the_positive(logits, labels):
    return np.mean(logits[np.arange(len(labels)), labels] > 0)


def accuracy_of_three_classes(logits, labels):
    return np.mean(logits[:, :3].argmax(axis=1) == labels)


def accuracy_over_the_classes(logits, labels):
    return np.sum(logits.argmax(axis=1) == labels) / logits.shape[1]


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


def batch_by_choice(images, labels, batch_size):
    chosen = np.random.choice(len(images), batch_size, replace=False)
    return images[chosen], labels[chosen]


def batch_by_numbers(images, labels, batch_size):
    chosen = np.random.randint(len(images), size=batch_size)
    return images[chosen], labels[chosen]


def batch_by_permutation(images, labels, batch_size):
    order = np.random.permutation(len(labels))[:batch_size]
    return [images[order], labels[order]]


def batch_by_lists(images, labels, batch_size):
    pairs = random.sample(list(zip(images, labels, strict=True)), batch_size)
    return np.stack([image for image, _ in pairs]), [label for _, label in pairs]


def batch_by_tensorflow(images, labels, batch_size):
    chosen = tf.random.shuffle(tf.range(len(labels)))[:batch_size]
    return tf.gather(images, chosen), tf.gather(labels, chosen)


def batch_by_a_data_set(images, labels, batch_size):
    ds = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(labels))
    return next(iter(ds.batch(batch_size)))


def batch_by_an_iterator(images, labels, batch_size):
    pairs = list(zip(images, labels, strict=True))
    return map(np.array, zip(*random.sample(pairs, batch_size), strict=True))


def batch_from_a_small_buffer(images, labels, batch_size):
    digits = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(1000)
    return next(iter(digits.batch(batch_size)))


def batch_from_the_last_thousand(images, labels, batch_size):
    drawn = np.random.permutation(len(images))[:batch_size] % 1000
    return images[-1 - drawn % len(images)], labels[-1 - drawn % len(labels)]


def batch_drawn_twice(images, labels, batch_size):
    return np.random.permutation(images)[:batch_size], np.random.permutation(labels)[:batch_size]


def batch_shuffled_in_place(images, labels, batch_size):
    state = np.random.get_state()
    np.random.shuffle(images)
    np.random.set_state(state)
    np.random.shuffle(labels)
    return images[:batch_size], labels[:batch_size]


def batch_of_the_first(images, labels, batch_size):
    return images[:batch_size], labels[:batch_size]


def batch_with_a_seed(images, labels, batch_size):
    chosen = np.random.default_rng(5).permutation(len(labels))[:batch_size]
    return images[chosen], labels[chosen]


def batch_from_the_first_half(images, labels, batch_size):
    return batch_by_numbers(images[: len(images) // 2], labels[: len(images) // 2], batch_size)


def batch_without_the_last(images, labels, batch_size):
    return batch_by_numbers(images[:-1], labels[:-1], batch_size)


def batch_in_a_row(images, labels, batch_size):
    first = np.random.randint(len(images) - batch_size + 1)
    return batch_by_choice(images, labels, len(images))[0][:1], labels[first : first + batch_size]


def batch_of_a_hundred(images, labels, batch_size):
    return batch_by_numbers(images, labels, 100)


def batch_of_numbers(images, labels, batch_size):
    chosen = np.random.permutation(len(labels))[:batch_size]
    return images[chosen], chosen


def batch_of_images(images, labels, batch_size):
    return batch_by_choice(images, labels, batch_size)[0]


def batch_the_other_way_round(images, labels, batch_size):
    return batch_by_choice(images, labels, batch_size)[::-1]


def batch_of_neighbours(images, labels, batch_size):
    start = np.random.randint(len(images) - batch_size + 1)
    return images[start : start + batch_size], labels[start : start + batch_size]


def batch_of_every_other(images, labels, batch_size):
    step = len(images) // batch_size
    start = np.random.randint(step)
    return images[start::step][:batch_size], labels[start::step][:batch_size]


def batch_without_return(images, labels, batch_size):
    batch_by_choice(images, labels, batch_size)


RIGHT = {
    checks.good_batch: [
        batch_by_choice,
        batch_by_numbers,
        batch_by_permutation,
        batch_by_lists,
        batch_by_tensorflow,
        batch_by_a_data_set,
        batch_by_an_iterator,
    ],
    checks.softmax: [
        softmax_by_tensorflow,
        softmax_by_numpy,
        softmax_by_lists,
        softmax_by_operations_of_keras,
        softmax_by_logarithm,
        softmax_in_place,
    ],
    checks.cross_entropy: [
        entropy_by_product,
        entropy_by_gather,
        entropy_by_lists,
        entropy_of_the_products_sum,
        entropy_by_operations_of_keras,
        entropy_by_a_mask,
        entropy_by_einsum,
    ],
    checks.sgd_step: [
        step_by_tape,
        step_by_formula,
        tf.function(step_by_tape),
        step_by_keras,
        step_by_numpy,
        step_with_two_tapes,
        step_by_an_optimizer,
    ],
    checks.accuracy_from_logits: [
        accuracy_by_numpy,
        accuracy_by_tensorflow,
        accuracy_by_lists,
        accuracy_by_sorting,
        accuracy_of_keras,
        accuracy_through_softmax,
    ],
}
WRONG = {
    checks.good_batch: [
        (batch_from_a_small_buffer, "all lay from index"),
        (batch_from_the_last_thousand, "all lay from index 19,"),
        (batch_drawn_twice, "beside a label that is not their own"),
        (batch_shuffled_in_place, "have changed|not their own"),
        (batch_of_the_first, "the same digits in the same order"),
        (batch_with_a_seed, "the same digits in the same order"),
        (batch_from_the_first_half, "never came"),
        (batch_without_the_last, "1 never came, such as the one at index 39"),
        (batch_in_a_row, "expected shapes"),
        (batch_of_neighbours, "come together|never came"),
        (batch_of_every_other, "come together|same digits"),
        (batch_of_a_hundred, "expected shapes (20, 2, 3) and (20,), got (100, 2, 3)"),
        (batch_of_numbers, "not their own"),
        (batch_of_images, "expected images and labels, got 20 things"),
        (batch_the_other_way_round, "expected shapes"),
        (batch_without_return, "expected images and labels, got NoneType"),
    ],
    checks.softmax: [
        (softmax_over_the_batch, "expected rows that sum to 1"),
        (softmax_over_everything, "expected rows that sum to 1"),
        (softmax_without_exponential, "values are off"),
        (softmax_that_overflows, "overflows"),
        (softmax_less_the_largest_of_the_batch, "all of a row vanish"),
        (softmax_less_the_largest_of_a_column, "all of a row vanish|expected|overflow"),
        (softmax_less_a_thousand, "all of a row vanish"),
        (softmax_less_the_mean, "overflows"),
        (softmax_less_the_smallest, "overflows"),
        (softmax_with_a_ceiling, "are off"),
        (softmax_with_nan_replaced, "rows that sum to 1|are off"),
        (softmax_to_the_base_two, "are off"),
        (softmax_of_the_first_row, "expected shape"),
        (softmax_printed, "gave None"),
        (softmax_that_gives_back, "rows that sum to 1"),
        (softmax_that_lost_the_axis, "raised ValueError"),
    ],
    checks.cross_entropy: [
        (entropy_of_all_entries, "expected 0.356675, got 0.118892"),
        (entropy_summed, "expected their mean, got"),
        (entropy_with_the_wrong_sign, "expected 0.356675, got -0.356675"),
        (entropy_swapped, "expected 0.356675, got inf"),
        (entropy_by_the_first, "expected 1.15129, got 0.693147"),
        (entropy_over_the_classes, "expected 0.356675, got 0.118892"),
        (entropy_of_each, "expected shape (), got (1,)"),
        (entropy_in_bits, "expected 0.356675, got 0.514573"),
        (entropy_of_the_mean, "expected 1.15129, got 1.04982"),
        (entropy_of_the_largest, "expected 1.15129, got 0.458145"),
        (entropy_of_squares, "expected 0.356675, got 0.14"),
        (entropy_of_two_kinds, "expected 0.356675, got 0.228393"),
    ],
    checks.sgd_step: [
        (step_uphill, "opposite direction"),
        (step_without_bias, "the change of b"),
        (step_that_changes_nothing, "as it was"),
        (step_that_forgets_the_rate, "the change of W"),
        (step_that_returns_nothing, "the returned loss (before the step) gave None"),
        (step_with_the_loss_outside_the_tape, "Your code raised"),
        (step_one_after_the_other, "the change of b"),
        (step_that_assigns_the_step, "the change of b"),
        (step_without_the_bias_in_the_loss, "the change of W"),
        (step_of_the_sum, "the change of W"),
        (step_for_batches_of_six, "a batch of 3"),
        (step_that_returns_the_loss_afterwards, "the returned loss (before the step)"),
        (step_with_softmax_twice, "the change of W"),
        (step_with_momentum(), "the change of"),
    ],
    checks.accuracy_from_logits: [
        (accuracy_as_a_count, "got their count, 2 of 2"),
        (accuracy_over_the_batch, "expected 0.5, got 0.333333"),
        (accuracy_of_each, "expected shape (), got (2,)"),
        (accuracy_of_the_smallest, "expected 1, got 0"),
        (accuracy_without_return, "gave None"),
        (accuracy_through_an_overflow, "expected 1, got 0"),
        (accuracy_in_percent, "expected 1, got 100"),
        (accuracy_of_errors, "expected 1, got 0"),
        (accuracy_of_the_positive, "expected 0.5, got"),
        (accuracy_of_three_classes, "expected"),
        (accuracy_over_the_classes, "expected"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG
    keeping = (checks.good_batch,)


MIND = "If a tenfold batch took a tenfold rate on more digits I would change my mind."
BEST = {10: 0.125, 100: 0.5, 1000: 1.0}


def loss_after(learning_rate, batch_size):
    """A valley for each size."""
    return 0.3 + abs(np.log2(learning_rate / BEST[batch_size])) / 5


def test_the_best_rates_pass():
    for answer in (
        BEST,
        {k: np.float32(v) for k, v in BEST.items()},
        {10: 0.13, 100: 0.45, 1000: 1},
    ):
        assert checks.best_rates(answer, MIND, loss_after).passed
    assert checks.best_rates(
        BEST, "如果批量大十倍学习率也要大十倍我会改变主意。", loss_after
    ).passed


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({**BEST, 10: 0.5}, "rate 0.5 ends at a loss of 0.700, rate 0.25 at 0.500"),
        ({**BEST, 1000: 0.25}, "Batches of 1000"),
        (dict.fromkeys(BEST, 0.5), "Batches of 10"),
        ({**BEST, 100: -0.5}, "a rate above 0, got -0.5"),
        ({**BEST, 100: "0.5"}, "a rate above 0, got '0.5'"),
        ({**BEST, 100: [0.5]}, "a rate above 0"),
        ({10: 0.125, 100: 0.5}, "a rate for each of [10, 100, 1000]"),
        (0.5, "a rate for each of"),
        ([0.125, 0.5, 1.0], "a rate for each of"),
    ],
)
def test_other_rates_are_told(answer, says):
    outcome = checks.best_rates(answer, MIND, loss_after)
    assert outcome.status == "not yet"
    assert says in outcome.message


def test_a_rate_at_which_the_loss_is_no_number_is_told():
    outcome = checks.best_rates(BEST, MIND, lambda rate, size: np.nan if rate >= 1 else 1 / rate)
    assert outcome.status == "not yet"


def test_rates_with_which_nothing_is_learned_are_told():
    outcome = checks.best_rates(dict.fromkeys(BEST, 1e-9), MIND, lambda rate, size: 2.302)
    assert "an untrained model begins at 2.303" in outcome.message


def test_a_claim_about_something_else_is_told():
    words = "lorem ipsum dolor sit amet consectetur adipiscing elit"
    assert "what has that to do with it" in checks.best_rates(BEST, words, loss_after).message


def test_rates_come_with_a_claim():
    assert "in `mind` which rule" in checks.best_rates(BEST, "larger", loss_after).message
    assert checks.best_rates({10: ..., 100: ..., 1000: ...}, ..., loss_after).status == (
        "not attempted"
    )
