"""Right and wrong answers to the exercises of lesson 14."""

import math

import numpy as np
import pytest
from answers import Answers

from workshop.checks import elsewhere as checks

tf = pytest.importorskip("tensorflow")

REASON = "It starts at once; a larger model or a GPU would change my mind."


def softmax(z):
    exp = np.exp(z - z.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def gradients_with_numpy(W, b, x, y, decay):
    p = softmax(x @ W + b)
    p[np.arange(len(y)), y] -= 1
    return x.T @ p / len(y) + decay * W, p.mean(axis=0)


def gradients_by_one_hot(W, b, x, y, decay):
    off = (softmax(x @ W + b) - np.eye(len(b))[y]) / len(x)
    return [np.einsum("nf,nc->fc", x, off) + decay * W, off.sum(axis=0)]


def gradients_with_tensorflow(W, b, x, y, decay):
    off = tf.nn.softmax(x @ W + b) - tf.one_hot(y, len(b), dtype=tf.float64)
    by_W = tf.matmul(x, off, transpose_a=True) / len(x) + decay * W
    return by_W, tf.reduce_mean(off, axis=0)


def gradients_in_plain_python(W, b, x, y, decay):
    by_W = [[decay * float(w) for w in row] for row in W]
    by_b = [0.0] * len(b)
    for row, label in zip(x, y, strict=True):
        z = [sum(v * w for v, w in zip(row, W[:, k], strict=True)) + b[k] for k in range(len(b))]
        exps = [math.exp(one - max(z)) for one in z]
        for k, exp in enumerate(exps):
            off = (exp / sum(exps) - (k == label)) / len(x)
            by_b[k] += off
            for j, value in enumerate(row):
                by_W[j][k] += off * value
    return by_W, by_b


def gradients_by_a_tape(W, b, x, y, decay):
    W, b = tf.Variable(W), tf.Variable(b)
    with tf.GradientTape() as tape:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, x @ W + b)
        loss = tf.reduce_mean(losses) + decay / 2 * tf.reduce_sum(W**2)
    return tape.gradient(loss, [W, b])


def gradients_of_plain_exponentials(W, b, x, y, decay):
    p = np.exp(x @ W + b)
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return x.T @ p / len(y) + decay * W, p.mean(axis=0)


def gradients_without_decay(W, b, x, y, decay):
    return gradients_with_numpy(W, b, x, y, 0)


def gradients_decay_doubled(W, b, x, y, decay):
    return gradients_with_numpy(W, b, x, y, 2 * decay)


def gradients_decay_on_b(W, b, x, y, decay):
    by_W, by_b = gradients_with_numpy(W, b, x, y, decay)
    return by_W, by_b + decay * b


def gradients_summed(W, b, x, y, decay):
    by_W, by_b = gradients_with_numpy(W, b, x, y, 0)
    return by_W * len(x) + decay * W, by_b * len(x)


def gradients_uphill(W, b, x, y, decay):
    return [-one for one in gradients_with_numpy(W, b, x, y, decay)]


def gradients_softmax_down_the_batch(W, b, x, y, decay):
    p = softmax((x @ W + b).T).T
    p[np.arange(len(y)), y] -= 1
    return x.T @ p / len(y) + decay * W, p.mean(axis=0)


def gradients_of_all_of_a_column(W, b, x, y, decay):
    p = softmax(x @ W + b)
    p[:, y] -= 1
    return x.T @ p / len(y) + decay * W, p.mean(axis=0)


def only_one_gradient(W, b, x, y, decay):
    return gradients_with_numpy(W, b, x, y, decay)[0]


def gradients_as_an_update(W, b, x, y, decay):
    W -= gradients_with_numpy(W, b, x, y, decay)[0]


def momentum_by_comprehension(parameters, velocity, gradients, rate, momentum):
    new = {n: momentum * velocity[n] - rate * gradients[n] for n in parameters}
    return {n: parameters[n] + new[n] for n in parameters}, new


def momentum_by_loop(parameters, velocity, gradients, rate, momentum):
    moved, faster = {}, {}
    for name, old in parameters.items():
        faster[name] = np.multiply(momentum, velocity[name]) - np.multiply(rate, gradients[name])
        moved[name] = np.add(old, faster[name])
    return [moved, faster]


def momentum_with_jax(parameters, velocity, gradients, rate, momentum):
    jax = pytest.importorskip("jax")
    new = jax.tree.map(lambda v, g: momentum * v - rate * g, velocity, gradients)
    return jax.tree.map(lambda p, v: p + v, parameters, new), new


def momentum_with_tensorflow(parameters, velocity, gradients, rate, momentum):
    new = {n: momentum * tf.constant(velocity[n]) - rate * gradients[n] for n in velocity}
    return {n: tf.add(parameters[n], new[n]) for n in new}, new


def momentum_in_copies(parameters, velocity, gradients, rate, momentum):
    parameters = {name: value.copy() for name, value in parameters.items()}
    velocity = {name: value.copy() for name, value in velocity.items()}
    for name, gradient in gradients.items():
        velocity[name] *= momentum
        velocity[name] -= rate * gradient
        parameters[name] += velocity[name]
    return parameters, velocity


def momentum_in_place(parameters, velocity, gradients, rate, momentum):
    for name in parameters:
        velocity[name] *= momentum
        velocity[name] -= rate * gradients[name]
        parameters[name] += velocity[name]
    return parameters, velocity


def momentum_in_a_shallow_copy(parameters, velocity, gradients, rate, momentum):
    return momentum_in_place(dict(parameters), dict(velocity), gradients, rate, momentum)


def momentum_in_the_dicts(parameters, velocity, gradients, rate, momentum):
    for name in parameters:
        velocity[name] = momentum * velocity[name] - rate * gradients[name]
        parameters[name] = parameters[name] + velocity[name]
    return parameters, velocity


REMEMBERED = {}


def momentum_remembered(parameters, velocity, gradients, rate, momentum):
    for name in parameters:
        old = REMEMBERED.get(name, velocity[name])
        REMEMBERED[name] = momentum * old - rate * gradients[name]
    return {n: parameters[n] + REMEMBERED[n] for n in parameters}, dict(REMEMBERED)


def momentum_by_the_old_velocity(parameters, velocity, gradients, rate, momentum):
    _, new = momentum_by_comprehension(parameters, velocity, gradients, rate, momentum)
    return {n: parameters[n] + velocity[n] for n in parameters}, new


def momentum_uphill(parameters, velocity, gradients, rate, momentum):
    return momentum_by_comprehension(parameters, velocity, gradients, -rate, momentum)


def momentum_averaged(parameters, velocity, gradients, rate, momentum):
    share = rate * (1 - momentum)
    return momentum_by_comprehension(parameters, velocity, gradients, share, momentum)


def momentum_swapped(parameters, velocity, gradients, rate, momentum):
    return momentum_by_comprehension(parameters, velocity, gradients, rate, momentum)[::-1]


def momentum_parameters_only(parameters, velocity, gradients, rate, momentum):
    return momentum_by_comprehension(parameters, velocity, gradients, rate, momentum)[0]


def momentum_as_lists(parameters, velocity, gradients, rate, momentum):
    came = momentum_by_comprehension(parameters, velocity, gradients, rate, momentum)
    return [list(one.values()) for one in came]


def momentum_of_one_name(parameters, velocity, gradients, rate, momentum):
    came = momentum_by_comprehension(parameters, velocity, gradients, rate, momentum)
    return [{"W": one["W"]} for one in came]


def parts_by_counting(parameters, backward, batches, parts, rate):
    for i, batch in enumerate(batches, 1):
        backward(batch)
        if i % parts == 0:
            for p in parameters:
                p.data -= rate * p.grad / parts
                p.grad = None


def parts_by_slices(parameters, backward, batches, parts, rate):
    for first in range(0, len(batches), parts):
        for p in parameters:
            p.grad = np.zeros_like(p.data)
        for batch in batches[first : first + parts]:
            backward(batch)
        for p in parameters:
            p.data = p.data - rate * (p.grad / parts)
            p.grad = np.zeros_like(p.data)


def parts_cleared_in_place(parameters, backward, batches, parts, rate):
    waiting = 0
    for batch in batches:
        backward(batch)
        waiting += 1
        if waiting == parts:
            waiting = 0
            for p in parameters:
                p.data[:] -= rate / parts * p.grad
                p.grad[:] = 0


def parts_with_tensorflow(parameters, backward, batches, parts, rate):
    for first in range(0, len(batches), parts):
        any(backward(batch) for batch in batches[first : first + parts])
        for p in parameters:
            p.data = (tf.constant(p.data) - rate * tf.constant(p.grad) / parts).numpy()
            p.grad = None


def parts_that_return(parameters, backward, batches, parts, rate):
    parts_by_counting(parameters, backward, batches, parts, rate)
    return parameters


def parts_never_cleared(parameters, backward, batches, parts, rate):
    for i, batch in enumerate(batches, 1):
        backward(batch)
        if i % parts == 0:
            for p in parameters:
                p.data -= rate * p.grad / parts


def parts_cleared_before_each(parameters, backward, batches, parts, rate):
    for i, batch in enumerate(batches, 1):
        for p in parameters:
            p.grad = None
        backward(batch)
        if i % parts == 0:
            for p in parameters:
                p.data -= rate * p.grad / parts
                p.grad = None


def parts_summed(parameters, backward, batches, parts, rate):
    parts_by_counting(parameters, backward, batches, parts, rate * parts)


def parts_each_at_once(parameters, backward, batches, parts, rate):
    parts_by_counting(parameters, backward, batches, 1, rate)


def parts_off_by_one(parameters, backward, batches, parts, rate):
    for i, batch in enumerate(batches):
        backward(batch)
        if i % parts == 0:
            for p in parameters:
                p.data -= rate * p.grad / parts
                p.grad = None


def parts_uphill(parameters, backward, batches, parts, rate):
    parts_by_counting(parameters, backward, batches, parts, -rate)


def parts_only_the_first_parameter(parameters, backward, batches, parts, rate):
    for i, batch in enumerate(batches, 1):
        backward(batch)
        if i % parts == 0:
            parameters[0].data -= rate * parameters[0].grad / parts
            parameters[0].grad = None


def parts_of_one_batch(parameters, backward, batches, parts, rate):
    parts_by_counting(parameters, backward, batches[:1] * len(batches), parts, rate)


def parts_of_joined_batches(parameters, backward, batches, parts, rate):
    for first in range(0, len(batches), parts):
        backward(np.concatenate(batches[first : first + parts]))


def parts_cleared_before_the_update(parameters, backward, batches, parts, rate):
    for i, batch in enumerate(batches, 1):
        if i % parts == 1 or parts == 1:
            for p in parameters:
                p.grad = None
        backward(batch)
        if i % parts == 0:
            for p in parameters:
                p.data -= rate * p.grad / parts


def parts_not_moved(parameters, backward, batches, parts, rate):
    for batch in batches:
        backward(batch)
    for p in parameters:
        p.grad = None


def loss_by_log_sum_exp(logits, labels):
    top = logits.max(axis=1)
    sums = np.exp(logits - top[:, None]).sum(axis=1)
    return np.mean(np.log(sums) + top - logits[np.arange(len(labels)), labels])


def loss_with_scipy(logits, labels):
    from scipy.special import log_softmax

    return -log_softmax(logits, axis=1)[np.arange(len(labels)), labels].mean()


def loss_with_tensorflow(logits, labels):
    each = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    return tf.reduce_mean(each)


def loss_by_logaddexp(logits, labels):
    whole = np.logaddexp.reduce(logits, axis=1)
    return (whole - np.take_along_axis(logits, labels[:, None], 1)[:, 0]).mean()


def loss_in_plain_python(logits, labels):
    losses = []
    for row, label in zip(logits.tolist(), labels, strict=True):
        top = max(row)
        losses.append(math.log(sum(math.exp(z - top) for z in row)) + top - row[label])
    return sum(losses) / len(losses)


def loss_of_probabilities(logits, labels):
    return -np.log(softmax(logits)[np.arange(len(labels)), labels]).mean()


def loss_of_plain_exponentials(logits, labels):
    return np.mean(np.log(np.exp(logits).sum(1)) - logits[np.arange(len(labels)), labels])


def loss_with_64_bits(logits, labels):
    return loss_of_plain_exponentials(logits.astype(float), labels)


def loss_clipped(logits, labels):
    p = np.clip(softmax(logits), 1e-7, 1)
    return -np.log(p[np.arange(len(labels)), labels]).mean()


def loss_shifted_by_the_largest_of_all(logits, labels):
    z = logits - logits.max()
    return np.mean(np.log(np.exp(z).sum(1) + 1e-30) - z[np.arange(len(labels)), labels])


def loss_without_the_top(logits, labels):
    return loss_by_log_sum_exp(logits, labels) - logits.max(axis=1).mean()


def loss_summed(logits, labels):
    return loss_by_log_sum_exp(logits, labels) * len(labels)


def losses_not_averaged(logits, labels):
    top = logits.max(axis=1)
    sums = np.exp(logits - top[:, None]).sum(axis=1)
    return np.log(sums) + top - logits[np.arange(len(labels)), labels]


def loss_of_another_sign(logits, labels):
    return -loss_by_log_sum_exp(logits, labels)


def loss_that_warns(logits, labels):
    np.log(np.zeros(1))
    return loss_by_log_sum_exp(logits, labels)


RIGHT = {
    checks.penalised_gradients: [
        gradients_with_numpy,
        gradients_by_one_hot,
        gradients_with_tensorflow,
        gradients_in_plain_python,
        gradients_by_a_tape,
    ],
    checks.stable_loss: [
        loss_by_log_sum_exp,
        loss_with_scipy,
        loss_with_tensorflow,
        loss_by_logaddexp,
        loss_in_plain_python,
    ],
    checks.momentum_step: [
        momentum_by_comprehension,
        momentum_by_loop,
        momentum_with_jax,
        momentum_with_tensorflow,
        momentum_in_copies,
    ],
}
WRONG = {
    checks.penalised_gradients: [
        (gradients_of_plain_exponentials, "got nan|overflow"),
        (gradients_without_decay, "decay=0.5"),
        (gradients_decay_doubled, "decay=0.5"),
        (gradients_decay_on_b, "gradient by b"),
        (gradients_summed, "gradient by W"),
        (gradients_uphill, "gradient by W"),
        (gradients_softmax_down_the_batch, "gradient by W"),
        (gradients_of_all_of_a_column, "gradient by W"),
        (only_one_gradient, "expected two results, got ndarray"),
        (gradients_as_an_update, "expected two results, got NoneType"),
    ],
    checks.stable_loss: [
        (loss_of_probabilities, "expected 120, got inf"),
        (loss_of_plain_exponentials, "inf|nan"),
        (loss_with_64_bits, "inf|nan"),
        (loss_clipped, "expected 120, got 16.1"),
        (loss_shifted_by_the_largest_of_all, "stable_loss(logits"),
        (loss_without_the_top, "stable_loss(logits"),
        (loss_summed, "of shape (5, 4)"),
        (losses_not_averaged, "expected shape (), got (1,)"),
        (loss_of_another_sign, "expected 2.30259, got -2.30259"),
        (loss_that_warns, "right, with a warning: divide by zero"),
    ],
    checks.momentum_step: [
        (momentum_in_place, "changed what it was given: parameters['W']"),
        (momentum_in_a_shallow_copy, "changed what it was given: parameters['W']"),
        (momentum_in_the_dicts, "changed what it was given: parameters['W']"),
        (momentum_remembered, "'W' in the velocity"),
        (momentum_by_the_old_velocity, "'W' in the parameters"),
        (momentum_uphill, "'W' in the velocity"),
        (momentum_averaged, "momentum=0.9"),
        (momentum_swapped, "'W' in the velocity"),
        (momentum_parameters_only, "expected two results, got dict"),
        (momentum_as_lists, "expected a dict, got list"),
        (momentum_of_one_name, "expected the names ['W', 'b', 'scale'], got ['W']"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG
    keeping = (checks.momentum_step,)


@pytest.mark.parametrize(
    "answer",
    [
        parts_by_counting,
        parts_by_slices,
        parts_cleared_in_place,
        parts_with_tensorflow,
        parts_that_return,
    ],
)
def test_right_trainings_in_parts_pass(answer):
    assert checks.train_in_parts(answer).passed, checks.train_in_parts(answer)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (parts_never_cleared, "parameters[0].data after"),
        (parts_cleared_before_each, "parameters[0].data after"),
        (parts_summed, "parts=2"),
        (parts_each_at_once, "parts=2"),
        (parts_off_by_one, "parts=2"),
        (parts_uphill, "parameters[0].data after"),
        (parts_only_the_first_parameter, "parameters[1].data after"),
        (parts_of_joined_batches, "something else than one of the batches"),
        (parts_of_one_batch, "once for each batch in order, got [0, 0, 0]"),
        (parts_cleared_before_the_update, "cleared after the last update"),
        (parts_not_moved, "parameters[0].data after"),
        (lambda *given: None, "once for each batch in order, got []"),
        (lambda parameters, *_: parameters[0].grad.sum(), "AttributeError"),
    ],
)
def test_wrong_trainings_in_parts_are_told_why(answer, says):
    outcome = checks.train_in_parts(answer)
    assert outcome.status == "not yet", outcome
    assert says in outcome.message, outcome


def to_write(parameters, backward, batches, parts, rate): ...


@pytest.mark.parametrize("answer", [..., to_write])
def test_an_untouched_training_is_not_attempted(answer):
    assert checks.train_in_parts(answer).status == "not attempted"


ROWS = {
    "early": {"start s": 1.0, "first ms": 0.0, "step ms": 0.4},
    "late": {"start s": 5.0, "first ms": 1000.0, "step ms": 0.2},
    "best": {"start s": 0.5, "first ms": 0.0, "step ms": 0.1},
}


@pytest.mark.parametrize(
    ("mine", "other", "steps"),
    [
        ("late", "early", 25_000),
        ("late", "early", np.float32(24_500)),
        ("early", "late", np.inf),
        ("best", "early", 0),
        ("best", "late", 0.0),
        ("late", "best", float("inf")),
    ],
)
def test_a_choice_that_was_reckoned_passes(mine, other, steps):
    outcome = checks.my_choice(mine, other, steps, REASON, ROWS)
    assert outcome.passed, outcome
    assert mine in outcome.message
    assert ("never gets ahead" in outcome.message) == np.isinf(steps)


@pytest.mark.parametrize(
    ("mine", "other", "steps", "why", "says"),
    [
        (
            "late",
            "early",
            20_000,
            REASON,
            "the start of late takes +4.00 s and its step -0.2000 ms",
        ),
        ("late", "early", 25, REASON, "At 25 steps "),
        ("late", "early", np.inf, REASON, "At inf steps "),
        ("early", "late", 0, REASON, "At 0 steps "),
        ("early", "late", 25_000, REASON, "its step +0.2000 ms"),
        ("best", "early", 100, REASON, "At 100 steps "),
        ("late", "late", 0, REASON, "are the same: late"),
        ("Theano", "late", 0, REASON, "`mine`: expected one of early, late, best, got 'Theano'"),
        ("late", ["early"], 0, REASON, "`other`: expected one of early, late, best, got ['early']"),
        ("late", 3, 0, REASON, "`other`: expected one of"),
        ("late", "early", -1, REASON, "expected a number, 0 or more, got -1"),
        ("late", "early", np.nan, REASON, "expected a number"),
        ("late", "early", "many", REASON, "expected a number, 0 or more, got 'many'"),
        ("late", "early", 25_000, "It is fast.", "Now say in `my_reason`"),
    ],
)
def test_other_choices_are_told_why(mine, other, steps, why, says):
    outcome = checks.my_choice(mine, other, steps, why, ROWS)
    assert outcome.status == "not yet", outcome
    assert says in outcome.message, outcome


@pytest.mark.parametrize("place", range(4))
def test_what_is_left_open_is_not_attempted(place):
    given = ["late", "early", 25_000, REASON]
    given[place] = ...
    assert checks.my_choice(*given, ROWS).status == "not attempted"
