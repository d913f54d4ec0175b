"""Right and wrong answers to the exercises of lesson 08d."""

import numpy as np
import pytest
from answers import Answers

from workshop.checks import too_large as checks

tf = pytest.importorskip("tensorflow")
keras = tf.keras


def bytes_in_terms(parameters, example_bytes, batch, devices, stage):
    states = 8 / devices if stage >= 1 else 8
    gradients = 4 / devices if stage >= 2 else 4
    weights = 4 / devices if stage >= 3 else 4
    return parameters * (states + gradients + weights) + example_bytes * batch / devices


def bytes_by_a_table(parameters, example_bytes, batch, devices, stage):
    whole = [16, 8, 4, 0][stage]
    return whole * parameters + ((16 - whole) * parameters + example_bytes * batch) / devices


def bytes_with_numpy(parameters, example_bytes, batch, devices, stage):
    sizes = np.array([8.0, 4.0, 4.0])
    sizes[:stage] /= devices
    return np.float64(sizes.sum() * parameters + batch // devices * example_bytes)


def bytes_in_a_loop(parameters, example_bytes, batch, devices, stage):
    total = 0
    for k, size in enumerate((8, 4, 4), 1):
        total += parameters * size / (devices if k <= stage else 1)
    return round(total + example_bytes * (batch / devices))


def bytes_as_tensor(parameters, example_bytes, batch, devices, stage):
    sizes = tf.where(tf.range(3) < stage, [8, 4, 4] / tf.constant(devices), [8.0, 4.0, 4.0])
    total = tf.cast(tf.reduce_sum(tf.cast(sizes, "float64")), "float64")
    return total * parameters + example_bytes * batch / devices


def bytes_by_match(parameters, example_bytes, batch, devices, stage):
    shared = {0: 0, 1: 8, 2: 12, 3: 16}[stage]
    mine = (16 - shared) + shared / devices
    return mine * parameters + example_bytes * (batch // devices)


def bytes_without_gradients(parameters, example_bytes, batch, devices, stage):
    return bytes_in_terms(parameters, example_bytes, batch, devices, stage) - 4 * parameters


def bytes_with_one_state(parameters, example_bytes, batch, devices, stage):
    whole = [12, 8, 4, 0][stage]
    return whole * parameters + ((12 - whole) * parameters + example_bytes * batch) / devices


def bytes_of_the_whole_batch(parameters, example_bytes, batch, devices, stage):
    return bytes_in_terms(parameters, example_bytes * devices, batch, devices, stage)


def bytes_of_one_example(parameters, example_bytes, batch, devices, stage):
    return bytes_in_terms(parameters, example_bytes, devices, devices, stage)


def bytes_all_shared(parameters, example_bytes, batch, devices, stage):
    return bytes_in_terms(parameters, example_bytes, batch, devices, 3)


def bytes_never_shared(parameters, example_bytes, batch, devices, stage):
    return bytes_in_terms(parameters, example_bytes, batch, devices, 0)


def bytes_weights_first(parameters, example_bytes, batch, devices, stage):
    whole = [16, 12, 8, 0][stage]
    return whole * parameters + ((16 - whole) * parameters + example_bytes * batch) / devices


def bytes_off_by_a_stage(parameters, example_bytes, batch, devices, stage):
    return bytes_in_terms(parameters, example_bytes, batch, devices, stage + 1)


def bytes_in_half(parameters, example_bytes, batch, devices, stage):
    return bytes_in_terms(parameters, example_bytes, batch, devices, stage) / 2


def bytes_of_all_devices(parameters, example_bytes, batch, devices, stage):
    return devices * bytes_in_terms(parameters, example_bytes, batch, devices, stage)


def bytes_printed(parameters, example_bytes, batch, devices, stage):
    print(bytes_in_terms(parameters, example_bytes, batch, devices, stage))


def one_f_one_b(p, m):
    orders = []
    for device in range(p):
        ahead = min(p - device, m)
        order = [("F", k) for k in range(ahead)]
        for k in range(m):
            order.append(("B", k))
            if k + ahead < m:
                order.append(("F", k + ahead))
        orders.append(order)
    return orders


def one_f_one_b_as_tuples(p, m):
    return tuple(tuple(order) for order in one_f_one_b(p, m))


def one_f_one_b_in_lists(p, m):
    return [[[kind, np.int64(k)] for kind, k in order] for order in one_f_one_b(p, m)]


def backward_from_the_last(p, m):
    """Micro-batches may be numbered the other way round."""
    return [[(kind, m - 1 - k) for kind, k in order] for order in one_f_one_b(p, m)]


def by_a_simulation(p, m):
    """Each device goes back as soon as it may, and forward while it has room."""
    done, orders = set(), [[] for _ in range(p)]
    forward, backward = [0] * p, [0] * p
    while any(b < m for b in backward):
        for s in reversed(range(p)):
            behind = s == p - 1 or ("B", s + 1, backward[s]) in done
            if backward[s] < forward[s] and behind:
                done.add(("B", s, backward[s]))
                orders[s].append(("B", backward[s]))
                backward[s] += 1
                continue
            before = s == 0 or ("F", s - 1, forward[s]) in done
            if before and forward[s] < m and forward[s] - backward[s] < p - s:
                done.add(("F", s, forward[s]))
                orders[s].append(("F", forward[s]))
                forward[s] += 1
    return orders


def by_concatenation(p, m):
    def order(s):
        warm = min(p - s, m)
        steady = [t for k in range(m - warm) for t in (("B", k), ("F", warm + k))]
        rest = [("B", k) for k in range(m - warm, m)]
        return [("F", k) for k in range(warm)] + steady + rest

    return list(map(order, range(p)))


def all_forward_first(p, m):
    return [[(kind, k) for kind in "FB" for k in range(m)] for _ in range(p)]


def one_at_a_time(p, m):
    return [[(kind, k) for k in range(m) for kind in "FB"] for _ in range(p)]


def backward_first(p, m):
    return [[(kind, k) for k in range(m) for kind in "BF"] for _ in range(p)]


def for_four_devices(p, m):
    return one_f_one_b(4, m)


def for_eight_micro_batches(p, m):
    return one_f_one_b(p, 8)


def forwards_alone(p, m):
    return [[("F", k) for k in range(m)] for _ in range(p)]


def counted_from_one(p, m):
    return [[(kind, k + 1) for kind, k in order] for order in one_f_one_b(p, m)]


def one_fewer_ahead(p, m):
    orders = []
    for device in range(p):
        ahead = max(1, min(p - device - 1, m))
        order = [("F", k) for k in range(ahead)]
        for k in range(m):
            order += [("B", k)] + [("F", k + ahead)] * (k + ahead < m)
        orders.append(order)
    return orders


def devices_turned_round(p, m):
    return one_f_one_b(p, m)[::-1]


def a_flat_list(p, m):
    return [task for order in one_f_one_b(p, m) for task in order]


def in_texts(p, m):
    return [[f"{kind}{k}" for kind, k in order] for order in one_f_one_b(p, m)]


def schedule_printed(p, m):
    print(one_f_one_b(p, m))


def loss_object(model, images, labels):
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        loss = loss_of(labels, model(images, training=True))
    return tape.gradient(loss, model.trainable_variables)


def gradients_by_share(model, images, labels, size):
    total = [0.0 for _ in model.trainable_variables]
    for start in range(0, len(images), size):
        some, theirs = images[start : start + size], labels[start : start + size]
        share = len(some) / len(images)
        gradients = loss_object(model, some, theirs)
        total = [t + share * g for t, g in zip(total, gradients, strict=True)]
    return total


def gradients_of_sums(model, images, labels, size):
    weights = model.trainable_variables
    total = [tf.zeros(w.shape) for w in weights]
    for start in range(0, len(images), size):
        part = slice(start, start + size)
        with tf.GradientTape() as tape:
            losses = keras.losses.sparse_categorical_crossentropy(
                labels[part], model(images[part], training=True), from_logits=True
            )
            loss = tf.reduce_sum(losses)
        gradients = tape.gradient(loss, weights)
        total = [t + g for t, g in zip(total, gradients, strict=True)]
    return [t / len(images) for t in total]


def gradients_as_arrays(model, images, labels, size):
    came = gradients_by_share(model, list(images) and images, labels, size)
    return tuple(np.asarray(one, "float64") for one in came)


def gradients_one_by_one(model, images, labels, size):
    total = None
    for k in range(len(images)):
        came = [g / len(images) for g in loss_object(model, images[k : k + 1], labels[k : k + 1])]
        total = came if total is None else [t + g for t, g in zip(total, came, strict=True)]
    return total


def gradients_in_variables(model, images, labels, size):
    total = [tf.Variable(tf.zeros(w.shape)) for w in model.trainable_variables]
    data = tf.data.Dataset.from_tensor_slices((images, labels)).batch(size)
    for x, y in data:
        for one, gradient in zip(total, loss_object(model, x, y), strict=True):
            one.assign_add(gradient * (len(x) / len(images)))
    return [one.numpy() for one in total]


def gradients_of_the_mean_loss(model, images, labels, size):
    came = gradients_by_share(model, images, labels, max(1, size // 2))
    return [tf.identity(one) for one in came]


def gradients_with_the_bug(model, images, labels, size):
    total = [0.0 for _ in model.trainable_variables]
    for start in range(0, len(images), size):
        part = slice(start, start + size)
        gradients = loss_object(model, images[part], labels[part])
        total = [t + g for t, g in zip(total, gradients, strict=True)]
    return total


def gradients_by_number_of_parts(model, images, labels, size):
    parts = -(-len(images) // size)
    return [t / parts for t in gradients_with_the_bug(model, images, labels, size)]


def gradients_by_full_parts(model, images, labels, size):
    came = gradients_with_the_bug(model, images, labels, size)
    return [t * size / len(images) for t in came]


def gradients_at_once(model, images, labels, size):
    return loss_object(model, images, labels)


def gradients_of_the_last_part(model, images, labels, size):
    start = (len(images) - 1) // size * size
    return loss_object(model, images[start:], labels[start:])


def gradients_without_the_rest(model, images, labels, size):
    full = max(len(images) // size * size, min(size, len(images)))
    return gradients_by_share(model, images[:full], labels[:full], size)


def gradients_and_an_update(model, images, labels, size):
    came = gradients_by_share(model, images, labels, size)
    keras.optimizers.SGD(0.1).apply_gradients(zip(came, model.trainable_variables, strict=True))
    return came


def gradient_of_the_kernel(model, images, labels, size):
    return gradients_by_share(model, images, labels, size)[:1]


def gradients_as_in_use(model, images, labels, size):
    with tf.GradientTape() as tape:
        loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")
        parts = range(0, len(images), size)
        losses = [loss_of(labels[k : k + size], model(images[k : k + size])) for k in parts]
        loss = sum(losses) / len(images)
    return tape.gradient(loss, model.trainable_variables)


def gradients_negative(model, images, labels, size):
    return [-g for g in gradients_by_share(model, images, labels, size)]


def gradients_forgotten(model, images, labels, size):
    gradients_by_share(model, images, labels, size)


def gradients_of_one_tape(model, images, labels, size):
    with tf.GradientTape() as tape:
        parts = range(0, len(images), size)
        logits = [model(images[k : k + size], training=True) for k in parts]
        loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        loss = loss_of(labels, tf.concat(logits, 0))
    return tape.gradient(loss, model.trainable_variables)


def gradients_of_one_weight_at_a_time(model, images, labels, size):
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")
    total = [0.0, 0.0]
    for k in range(0, len(images), size):
        with tf.GradientTape(persistent=True) as tape:
            logits = model(images[k : k + size], training=True)
            loss = loss_of(labels[k : k + size], logits) / len(images)
        weights = model.trainable_variables
        total = [old + tape.gradient(loss, one) for old, one in zip(total, weights, strict=True)]
    return total


RIGHT = {
    checks.device_bytes: [
        bytes_in_terms,
        bytes_by_a_table,
        bytes_with_numpy,
        bytes_in_a_loop,
        bytes_as_tensor,
        bytes_by_match,
    ],
    checks.schedule: [
        one_f_one_b,
        one_f_one_b_as_tuples,
        one_f_one_b_in_lists,
        backward_from_the_last,
        by_a_simulation,
        by_concatenation,
    ],
    checks.accumulated: [
        gradients_by_share,
        gradients_of_sums,
        gradients_as_arrays,
        gradients_one_by_one,
        gradients_in_variables,
        gradients_of_the_mean_loss,
        gradients_of_one_weight_at_a_time,
    ],
}
WRONG = {
    checks.device_bytes: [
        (bytes_without_gradients, "device_bytes(1000000, 0, 64, 1, 0): expected 1.6e+07"),
        (bytes_with_one_state, "expected 1.6e+07, got 1.2e+07"),
        (bytes_of_the_whole_batch, "device_bytes(0, 1000, 64, 4, 0): expected 16000, got 64000"),
        (bytes_of_one_example, "device_bytes(0, 1000, 64, 1, 0): expected 64000, got 1000"),
        (bytes_all_shared, "device_bytes(1000000, 0, 64, 4, 0): expected 1.6e+07, got 4e+06"),
        (bytes_never_shared, "device_bytes(1000000, 0, 64, 4, 1): expected 1e+07, got 1.6e+07"),
        (bytes_weights_first, "device_bytes(1000000, 0, 64, 4, 1): expected 1e+07, got 1.3e+07"),
        (bytes_off_by_a_stage, "device_bytes(1000000, 0, 64, 4, 0)"),
        (bytes_in_half, "expected 1.6e+07, got 8e+06"),
        (bytes_of_all_devices, "device_bytes(0, 1000, 64, 4, 0): expected 16000, got 64000"),
        (bytes_printed, "gave None"),
    ],
    checks.schedule: [
        (all_forward_first, "device 0 holds the activations of 8 micro-batches at once"),
        (one_at_a_time, "expected at most 33 units of time, got 96"),
        (backward_first, "device 0 waits forever for B0"),
        (for_four_devices, "schedule(2, 5): expected 2 lists"),
        (for_eight_micro_batches, "expected F of each of the 5 micro-batches once"),
        (forwards_alone, "expected B of each of the 8 micro-batches once, got []"),
        (counted_from_one, "expected F of each of the 8 micro-batches once"),
        (one_fewer_ahead, "expected at most 33 units of time"),
        (devices_turned_round, "holds the activations|waits forever|units of time"),
        (a_flat_list, "expected 4 lists, one for each device"),
        (in_texts, 'expected pairs such as ("F", 0)'),
        (schedule_printed, "gave None"),
    ],
    checks.accumulated: [
        (gradients_with_the_bug, "12 examples, 4 at a time: the gradient of the"),
        (gradients_by_number_of_parts, "12 examples, 5 at a time: the gradient of the"),
        (gradients_by_full_parts, "12 examples, 5 at a time: the gradient of the"),
        (gradients_at_once, "12 examples, 4 at a time: 12 examples were in memory at once"),
        (gradients_of_the_last_part, "12 examples, 4 at a time: the gradient of the"),
        (gradients_without_the_rest, "12 examples, 5 at a time: the gradient of the"),
        (gradients_and_an_update, "12 examples, 12 at a time: the weights have changed"),
        (gradient_of_the_kernel, "expected a list of 2 gradients, got list"),
        (gradients_as_in_use, "called without training=True"),
        (gradients_negative, "12 examples, 12 at a time: the gradient of the"),
        (gradients_forgotten, "got None"),
        (gradients_of_one_tape, "12 examples were in memory at once"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


PLAN = {
    "parameters": 7e9,
    "example_bytes": 1e9,
    "batch": 64,
    "devices": 8,
    "stage": 3,
    "card_gb": 80,
}
WHY = "A language model on eight cards with a fast link; a slower link would change my mind."


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, WHY),
        ({"stage": 2}, WHY),
        ({"parameters": 7_000_000_000, "batch": np.int64(64)}, WHY),
        ({}, "一个语言模型，八张卡之间连接很快，如果连接慢一些我就会改变主意并选择别的方法。"),
    ],
)
def test_plans_that_fit_pass(changes, why):
    outcome = checks.my_plan(PLAN | changes, why)
    assert outcome.passed, outcome
    assert "One card would need 176 GB" in outcome.message


@pytest.mark.parametrize(
    ("plan", "why", "says"),
    [
        (PLAN | {"parameters": 1e9, "batch": 8}, WHY, "it fits. Take a larger model"),
        (PLAN | {"stage": 0}, WHY, "Each of 8 cards needs 120 GB and has 80"),
        (PLAN | {"devices": 1}, WHY, "Each of 1 cards needs 176 GB"),
        (PLAN | {"batch": 60}, WHY, "a batch that the devices can share evenly"),
        (
            PLAN | {"stage": -1},
            WHY,
            "'stage': expected a number above 0 ('stage' may be 0), got -1",
        ),
        (PLAN | {"stage": 4}, WHY, "'stage': expected 0, 1, 2 or 3, got 4"),
        (
            PLAN | {"devices": "8"},
            WHY,
            "'devices': expected a number above 0 ('stage' may be 0), got '8'",
        ),
        (
            PLAN | {"card_gb": 0},
            WHY,
            "'card_gb': expected a number above 0 ('stage' may be 0), got 0",
        ),
        (PLAN, "It is large.", "Expected 12 words or more, got 3"),
        (
            PLAN,
            "the quick brown fox jumps over a lazy dog and a sleepy old cat",
            "what has that to do with it?",
        ),
        (PLAN, 7, "Expected a text of 12 words or more"),
        ({"devices": 8}, WHY, "Expected a dict with the keys parameters"),
        (80, WHY, "Expected a dict with the keys"),
    ],
)
def test_other_plans_are_told_why(plan, why, says):
    outcome = checks.my_plan(plan, why)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_a_plan_with_a_gap_is_not_attempted():
    assert checks.my_plan(PLAN | {"stage": ...}, WHY).status == "not attempted"
    assert checks.my_plan(PLAN, ...).status == "not attempted"
