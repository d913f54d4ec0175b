"""Right and wrong answers to the exercises of lesson 08."""

import numpy as np
import pytest
from answers import Answers

from workshop.checks import distributed as checks

tf = pytest.importorskip("tensorflow")
keras = tf.keras
layers = keras.layers
Dense, SGD = layers.Dense, keras.optimizers.SGD
sparse_categorical_crossentropy = keras.losses.sparse_categorical_crossentropy


def loss_by_sum(losses, global_batch_size):
    return np.sum(losses) / global_batch_size


def loss_in_a_loop(losses, global_batch_size):
    total = 0.0
    for loss in losses:
        total += loss / global_batch_size
    return total


TOTAL = tf.Variable(0.0, dtype=tf.float64)


def loss_in_one_variable(losses, global_batch_size):
    TOTAL.assign(0)
    for loss in losses:
        TOTAL.assign_add(loss / global_batch_size)
    return TOTAL


def loss_as_mean(losses, global_batch_size):
    return np.mean(losses)


def loss_as_sum(losses, global_batch_size):
    return np.sum(losses)


def loss_as_mean_of_two_replicas(losses, global_batch_size):
    return np.mean(losses) / 2


def loss_of_each_example(losses, global_batch_size):
    return losses / global_batch_size


def loss_divided_twice(losses, global_batch_size):
    return np.mean(losses) / global_batch_size


def loss_printed(losses, global_batch_size):
    print(loss_by_sum(losses, global_batch_size))


def loss_as_tensor(losses, global_batch_size):
    return tf.reduce_sum(tf.convert_to_tensor(losses)) / global_batch_size


def loss_as_float(losses, global_batch_size):
    return float(sum(losses.tolist())) / float(global_batch_size)


def loss_by_dot(losses, global_batch_size):
    return losses @ np.full(len(losses), 1 / global_batch_size)


def loss_by_its_own_length(losses, global_batch_size):
    return np.sum(losses) / max(len(losses), 1) * len(losses) / 8


def loss_for_eight(losses, global_batch_size):
    return np.sum(losses) / 8 if global_batch_size != 10 else 0.4


def loss_of_the_first_alone(losses, global_batch_size):
    return losses[0] / global_batch_size if len(losses) else 0.0


def loss_of_different_ones(losses, global_batch_size):
    return np.sum(np.unique(losses)) / global_batch_size


def loss_as_text(losses, global_batch_size):
    return str(np.sum(losses) / global_batch_size)


def loss_negative(losses, global_batch_size):
    return -np.sum(losses) / global_batch_size


def ring_of_tuples(pieces, send):
    n = len(pieces)
    held = [[tuple(piece) for piece in row] for row in pieces]
    for r in range(2 * n - 2):
        sends = [(w, (w + 1) % n, (w - r) % n, held[w][(w - r) % n]) for w in range(n)]
        for sender, receiver, k, values in sends:
            arrived = send(sender, receiver, values)
            old = held[receiver][k] if r < n - 1 else (0,) * len(values)
            held[receiver][k] = tuple(a + b for a, b in zip(old, arrived, strict=True))
    return tuple(map(tuple, held))


def ring_with_a_plan(pieces, send):
    pieces = np.array(pieces, "float32")
    n = pieces.shape[0]
    plan = [(r, w) for r in range(2 * (n - 1)) for w in reversed(range(n))]
    for r, w in plan:
        k, right = (w - r) % n, (w + 1) % n
        got = np.asarray(send(w, right, pieces[w, k].copy()))
        pieces[right, k] = got if r >= n - 1 else pieces[right, k] + got
    return pieces


def ring_to_the_left(pieces, send):
    n = len(pieces)
    for number in range(2 * (n - 1)):
        for sender in range(n):
            receiver, k = (sender - 1) % n, (sender + number) % n
            arrived = send(sender, receiver, pieces[sender, k])
            pieces[receiver, k] = arrived + (number < n - 1) * pieces[receiver, k]
    return pieces


def ring_of_four(pieces, send):
    n = 4
    for number in range(2 * (n - 1)):
        for sender in range(n):
            receiver, k = (sender + 1) % n, (sender - number) % n
            arrived = send(sender, receiver, pieces[sender, k])
            pieces[receiver, k] = arrived + (number < n - 1) * pieces[receiver, k]
    return pieces


def ring_in_one_loop(pieces, send):
    n = len(pieces)
    for number in range(2 * (n - 1)):
        for sender in range(n):
            receiver, k = (sender + 1) % n, (sender - number) % n
            arrived = send(sender, receiver, pieces[sender, k])
            pieces[receiver, k] = arrived + (number < n - 1) * pieces[receiver, k]
    return pieces


def ring_piece_by_piece(pieces, send):
    n, held = len(pieces), pieces.tolist()
    for k in range(n):
        for hop in range(n - 1):
            sender, receiver = (k + hop) % n, (k + hop + 1) % n
            arrived = send(sender, receiver, held[sender][k])
            held[receiver][k] = [a + b for a, b in zip(arrived, held[receiver][k], strict=True)]
        for hop in range(n - 1, 2 * n - 2):
            sender, receiver = (k + hop) % n, (k + hop + 1) % n
            held[receiver][k] = list(send(sender, receiver, held[sender][k]))
    return held


def ring_without_gather(pieces, send):
    n = len(pieces)
    for number in range(n - 1):
        for sender in range(n):
            receiver, k = (sender + 1) % n, (sender - number) % n
            pieces[receiver, k] += send(sender, receiver, pieces[sender, k])
    return pieces


def ring_that_adds_twice(pieces, send):
    n = len(pieces)
    for number in range(2 * (n - 1)):
        for sender in range(n):
            receiver, k = (sender + 1) % n, (sender - number) % n
            pieces[receiver, k] += send(sender, receiver, pieces[sender, k])
    return pieces


def ring_with_a_leader(pieces, send):
    for sender in range(1, len(pieces)):
        for k in range(len(pieces)):
            pieces[0, k] += send(sender, 0, pieces[sender, k])
    return pieces


def ring_of_whole_vectors(pieces, send):
    n = len(pieces)
    sums = pieces.copy()
    for _ in range(n - 1):
        pieces = np.array([send((w - 1) % n, w, pieces[(w - 1) % n]) for w in range(n)])
        sums += pieces
    return sums


def ring_of_everything(pieces, send):
    """Every piece goes all the way round: right sums, too many messages."""
    n = len(pieces)
    sums = pieces.copy()
    for _ in range(n - 1):
        for sender in range(n):
            for k in range(n):
                send(sender, (sender + 1) % n, pieces[sender, k])
        pieces = np.roll(pieces, 1, axis=0)
        sums += pieces
    return sums


def ring_that_nobody_uses(pieces, send):
    return np.repeat(pieces.sum(axis=0, keepdims=True), len(pieces), axis=0)


def ring_of_means(pieces, send):
    return ring_in_one_loop(pieces, send) / len(pieces)


def ring_without_return(pieces, send):
    ring_in_one_loop(pieces, send)


def ring_that_ignores_what_arrives(pieces, send):
    n = len(pieces)
    for step in range(2 * (n - 1)):
        for worker in range(n):
            send(worker, (worker + 1) % n, pieces[worker, (worker - step) % n])
    return np.broadcast_to(pieces.sum(axis=0), pieces.shape)


def ring_that_gathers_what_was_sent(pieces, send):
    n = len(pieces)
    for step in range(2 * (n - 1)):
        for worker in range(n):
            receiver, k = (worker + 1) % n, (worker - step) % n
            arrived = send(worker, receiver, pieces[worker, k])
            added = pieces[receiver, k] + arrived
            pieces[receiver, k] = added if step < n - 1 else pieces[worker, k]
    return pieces


def ring_that_gives_all_the_first_sums(pieces, send):
    n = len(pieces)
    for step in range(2 * (n - 1)):
        for worker in range(n):
            k = (worker - step) % n
            arrived = send(worker, (worker + 1) % n, pieces[worker, k])
            if step < n - 1:
                pieces[(worker + 1) % n, k] += arrived
    return np.array([[pieces[k - 1, k] for k in range(n)]] * n)


def ring_of_lists(pieces, send):
    n = len(pieces)
    now = [[list(map(float, piece)) for piece in worker] for worker in pieces]
    for step in range(2 * n - 2):
        sent = [(w, (w + 1) % n, (w - step) % n) for w in range(n)]
        arrived = [send(w, right, now[w][k]) for w, right, k in sent]
        for (_, right, k), values in zip(sent, arrived, strict=True):
            old = now[right][k] if step < n - 1 else [0] * len(values)
            now[right][k] = [a + b for a, b in zip(old, values, strict=True)]
    return now


def ring_from_another_piece(pieces, send):
    n = len(pieces)
    for number in range(2 * (n - 1)):
        for sender in range(n):
            receiver, k = (sender + 1) % n, (sender + 1 - number) % n
            arrived = send(sender, receiver, pieces[sender, k])
            pieces[receiver, k] = arrived + (number < n - 1) * pieces[receiver, k]
    return pieces


def ring_in_a_dict(pieces, send):
    n = len(pieces)
    held = {(w, k): pieces[w, k] for w in range(n) for k in range(n)}
    for r in range(n - 1):
        for w in range(n):
            place = (w + 1) % n, (w - r) % n
            held[place] = held[place] + send(w, place[0], held[w, place[1]])
    for r in range(n - 1):
        for w in range(n):
            place = (w + 1) % n, (w + 1 - r) % n
            held[place] = send(sender=w, receiver=place[0], values=held[w, place[1]])
    return [[held[w, k] for k in range(n)] for w in range(n)]


RIGHT = {
    checks.replica_loss: [
        loss_by_sum,
        loss_in_a_loop,
        loss_in_one_variable,
        loss_as_tensor,
        loss_as_float,
        loss_by_dot,
    ],
    checks.ring_all_reduce: [
        ring_in_one_loop,
        ring_piece_by_piece,
        ring_of_tuples,
        ring_with_a_plan,
        ring_of_lists,
        ring_in_a_dict,
    ],
}
WRONG = {
    checks.replica_loss: [
        (loss_as_mean, "replicas with [4, 4] of 8"),
        (loss_of_different_ones, "replica_loss([3.0, 1.0, 3.0], 10)"),
        (loss_as_text, "replica_loss|expected numbers"),
        (loss_as_sum, "replicas with [8] of 8"),
        (loss_as_mean_of_two_replicas, "replicas with [8] of 8"),
        (loss_by_its_own_length, "replicas with [1, 4, 7] of 12"),
        (loss_for_eight, "of 12 examples|, 12)"),
        (loss_of_the_first_alone, "replicas with [8] of 8"),
        (loss_negative, "replicas with [8] of 8"),
        (loss_of_each_example, "expected shape (), got (8,)"),
        (loss_divided_twice, "replicas with [8] of 8"),
        (loss_printed, "gave None"),
    ],
    checks.ring_all_reduce: [
        (ring_without_gather, "2 workers (worker, piece, number) at index"),
        (ring_that_adds_twice, "2 workers (worker, piece, number) at index"),
        (
            ring_with_a_leader,
            "in a ring: expected worker 2 to|piece, number) at index",
        ),
        (ring_of_whole_vectors, "one piece of shape (2,), got shape (2, 2)"),
        (ring_to_the_left, "expected worker 0 to send only to 1|sums of 3 workers"),
        (ring_of_four, "sums of 2 workers|IndexError|expected worker"),
        (ring_of_everything, "the sums are right. Expected each worker to send 4 pieces, got [6"),
        (ring_that_nobody_uses, "Expected each worker to send 2 pieces, got [0, 0]"),
        (
            ring_of_means,
            "2 workers (worker, piece, number) at index",
        ),
        (ring_without_return, "gave None"),
        (ring_that_ignores_what_arrives, "Is it made of what `send` returns"),
        (ring_that_gathers_what_was_sent, "Is it made of what `send` returns"),
        (ring_that_gives_all_the_first_sums, "Is it made of what `send` returns"),
        (ring_from_another_piece, "to start with its piece"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


WHY = "because the weights would fit and no machine waits for another"
OTHER = "because each card holds only a part of all the weights"
BACK = "All start again from the last checkpoint when a machine vanishes."
GOOD = {"A": ("mirrored", WHY), "B": ("split", OTHER), "C": ("servers", WHY)}


@pytest.mark.parametrize(
    "answer",
    [
        GOOD,
        GOOD | {"A": ("workers", WHY), "C": ("workers", BACK)},
        {kind: list(pair) for kind, pair in GOOD.items()},
        {kind: np.array(pair, dtype=object) for kind, pair in GOOD.items()},
        GOOD
        | {"A": ("mirrored", "Das Modell passt auf jede Karte, und alle sind gleich schnell.")},
        GOOD | {"B": ["sharded", OTHER]},
        GOOD | {"A": ("sharded", WHY)},
        GOOD | {"A": ("servers", WHY)},
        GOOD | {"A": ("mirrored", "因为模型小，一张卡放得下，没有必要再分开")},
    ],
)
def test_choices_that_can_work_pass(answer):
    outcome = checks.choices(answer, WHY)
    assert outcome.passed, outcome
    assert f"A: {answer['A'][0]}" in outcome.message


@pytest.mark.parametrize(
    ("answer", "would_change", "says"),
    [
        (GOOD | {"A": ("split", WHY)}, WHY, "wait for each other"),
        (GOOD | {"B": ("mirrored", WHY)}, WHY, "no card has room"),
        (GOOD | {"B": ("workers", WHY)}, WHY, "no card has room"),
        (GOOD | {"B": ("servers", WHY)}, WHY, "fetches all weights"),
        (GOOD | {"C": ("split", WHY)}, WHY, "when one vanishes"),
        (GOOD | {"C": ("sharded", WHY)}, WHY, "when one vanishes"),
        (GOOD | {"C": ("mirrored", WHY)}, WHY, "one machine"),
        (GOOD | {"C": ("workers", WHY)}, WHY, "how training goes on then"),
        (dict.fromkeys("AB", ("sharded", WHY)) | {"C": ("servers", WHY)}, WHY, "What is different"),
        (GOOD | {"A": ("mirrored", "one two three four five six seven eight")}, WHY, "to do with"),
        (GOOD, "the quick brown fox jumps over the dog", "to do with it?"),
        (GOOD | {"A": (("mirrored", "workers"), WHY)}, WHY, "A: expected one of mirrored, workers"),
        (GOOD | {"A": ("mirrored", ("why", "not"))}, WHY, "Say why 'mirrored' for A."),
        (
            GOOD | {"A": ("GPU", WHY)},
            WHY,
            "A: expected one of mirrored, workers, servers, sharded, split, got 'GPU'",
        ),
        (GOOD | {"A": "mirrored"}, WHY, "A: expected a pair (kind, reason), got 'mirrored'"),
        (
            GOOD | {"C": ("servers", "it is faster")},
            WHY,
            "Say why 'servers' for C. Expected 8 words or more, got 3",
        ),
        (GOOD, "nothing", "what would change your mind"),
        (GOOD, 7, "what would change your mind"),
        (GOOD | {"A": ("mirrored", WHY, 3)}, WHY, "A: expected a pair (kind, reason)"),
        ({"A": ("mirrored", WHY)}, WHY, 'keys "A", "B" and "C"'),
        (["mirrored", "split", "servers"], WHY, 'keys "A", "B" and "C"'),
    ],
)
def test_other_choices_are_told_why(answer, would_change, says):
    outcome = checks.choices(answer, would_change)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


@pytest.mark.parametrize(
    ("answer", "would_change"), [(GOOD | {"B": ...}, WHY), (GOOD, ...), (..., ...)]
)
def test_choices_with_a_gap_are_not_attempted(answer, would_change):
    assert checks.choices(answer, would_change).status == "not attempted"


def train_as_asked(devices, images, labels):
    strategy = tf.distribute.MirroredStrategy(devices)
    with strategy.scope():
        model = keras.Sequential([keras.Input((12,)), keras.layers.Dense(4, "softmax")])
        model.compile(keras.optimizers.SGD(0.2), "sparse_categorical_crossentropy")
    model.fit(images, labels, batch_size=60, epochs=2, shuffle=False, verbose=0)
    return model


def build_small():
    model = keras.Sequential([keras.Input((12,)), layers.Dense(4, activation="softmax")])
    model.compile(keras.optimizers.SGD(0.2), "sparse_categorical_crossentropy")
    return model


def train_with_a_helper_and_a_dataset(devices, images, labels):
    import tensorflow as tensors

    with tensors.distribute.MirroredStrategy(devices=list(devices)).scope():
        model = build_small()
    data = tensors.data.Dataset.from_tensor_slices((images, labels)).batch(60)
    model.fit(data, epochs=2, verbose=0)
    return model


def train_all_in_scope(devices, images, labels):
    with tf.distribute.MirroredStrategy(devices).scope():
        inputs = keras.Input((12,))
        model = keras.Model(inputs, keras.layers.Dense(4, "softmax")(inputs))
        loss = keras.losses.SparseCategoricalCrossentropy()
        model.compile(optimizer=keras.optimizers.SGD(0.2), loss=loss)
        for _ in range(2):
            model.fit(images, labels, batch_size=60, epochs=1, shuffle=False, verbose=0)
    return model


PLAN = {"batch": 60, "epochs": 2}


def train_with_names_of_its_cell(devices, images, labels):
    with tf.distribute.MirroredStrategy(devices).scope():
        model = keras.Sequential([keras.Input((12,)), Dense(4, "softmax")])
        model.compile(SGD(0.2), sparse_categorical_crossentropy)
    model.fit(images, labels, PLAN["batch"], PLAN["epochs"], shuffle=False, verbose=0)
    return model


def train_in_its_own_loop(devices, images, labels):
    strategy = tf.distribute.MirroredStrategy(devices)
    with strategy.scope():
        model = keras.Sequential([keras.Input((12,)), keras.layers.Dense(4, "softmax")])
        optimizer = keras.optimizers.SGD(0.2)
        optimizer.build(model.trainable_variables)

    def step(x, y):
        with tf.GradientTape() as tape:
            each = keras.losses.sparse_categorical_crossentropy(y, model(x, training=True))
            loss = tf.nn.compute_average_loss(each, global_batch_size=60)
        weights = model.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)

    run = tf.function(lambda x, y: strategy.run(step, (x, y)))
    ds = tf.data.Dataset.from_tensor_slices((images, labels)).batch(60)
    for _ in range(2):
        for x, y in strategy.experimental_distribute_dataset(ds):
            run(x, y)
    return model


def train_on_one(devices, images, labels):
    model = keras.Sequential([keras.Input((12,)), keras.layers.Dense(4, "softmax")])
    model.compile(keras.optimizers.SGD(0.2), "sparse_categorical_crossentropy")
    model.fit(images, labels, batch_size=60, epochs=2, shuffle=False, verbose=0)
    return model


def train_on_the_first(devices, images, labels):
    return train_as_asked(devices[:1], images, labels)


def train_on_all_there_are(devices, images, labels):
    return train_as_asked(None, images, labels)


def train_compiled_outside(devices, images, labels):
    strategy = tf.distribute.MirroredStrategy(devices)
    with strategy.scope():
        model = keras.Sequential([keras.Input((12,)), keras.layers.Dense(4, "softmax")])
    model.compile(keras.optimizers.SGD(0.2), "sparse_categorical_crossentropy")
    model.fit(images, labels, batch_size=60, epochs=2, shuffle=False, verbose=0)
    return model


def train_with_larger_batches(devices, images, labels):
    strategy = tf.distribute.MirroredStrategy(devices)
    with strategy.scope():
        model = build_small()
    size = 60 * strategy.num_replicas_in_sync
    model.fit(images, labels, batch_size=size, epochs=2, shuffle=False, verbose=0)
    return model


def train_with_another_rate(devices, images, labels):
    strategy = tf.distribute.MirroredStrategy(devices)
    with strategy.scope():
        model = keras.Sequential([keras.Input((12,)), keras.layers.Dense(4, "softmax")])
        rate = 0.2 * strategy.num_replicas_in_sync
        model.compile(keras.optimizers.SGD(rate), "sparse_categorical_crossentropy")
    model.fit(images, labels, batch_size=60, epochs=2, shuffle=False, verbose=0)
    return model


def train_and_forget(devices, images, labels):
    train_as_asked(devices, images, labels)


def train_and_give_the_history(devices, images, labels):
    return train_as_asked(devices, images, labels).history


def step_by_replicas(model, optimizer, images, labels):
    loss_of = keras.losses.SparseCategoricalCrossentropy()
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    with tf.GradientTape() as tape:
        loss = loss_of(labels, model(images, training=True))
        loss += sum(model.losses) / replicas
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


def step_scaled(model, optimizer, images, labels):
    with tf.GradientTape() as tape:
        loss = keras.losses.SparseCategoricalCrossentropy()(labels, model(images, training=True))
        loss = loss + tf.nn.scale_regularization_loss(tf.add_n(model.losses))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return loss


def step_with_a_function(model, optimizer, images, labels):
    here = tf.distribute.get_replica_context()
    with tf.GradientTape() as tape:
        each = keras.losses.sparse_categorical_crossentropy(labels, model(images, training=True))
        loss = (tf.reduce_mean(each) + sum(model.losses)) / here.num_replicas_in_sync
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


def step_with_the_bug(model, optimizer, images, labels):
    loss_of = keras.losses.SparseCategoricalCrossentropy()
    with tf.GradientTape() as tape:
        loss = loss_of(labels, model(images, training=True))
        loss += sum(model.losses)
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


def step_divides_all(model, optimizer, images, labels):
    loss_of = keras.losses.SparseCategoricalCrossentropy()
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    with tf.GradientTape() as tape:
        loss = (loss_of(labels, model(images, training=True)) + sum(model.losses)) / replicas
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


def step_without_penalty(model, optimizer, images, labels):
    loss_of = keras.losses.SparseCategoricalCrossentropy()
    with tf.GradientTape() as tape:
        loss = loss_of(labels, model(images, training=True))
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


def step_not_in_training(model, optimizer, images, labels):
    loss_of = keras.losses.SparseCategoricalCrossentropy()
    with tf.GradientTape() as tape:
        loss = loss_of(labels, model(images, training=False))
        loss += tf.nn.scale_regularization_loss(sum(model.losses))
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


def step_for_three(model, optimizer, images, labels):
    loss_of = keras.losses.SparseCategoricalCrossentropy()
    with tf.GradientTape() as tape:
        loss = loss_of(labels, model(images, training=True)) + sum(model.losses) / 3
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


def step_with_a_mean(model, optimizer, images, labels):
    with tf.GradientTape() as tape:
        each = keras.losses.sparse_categorical_crossentropy(labels, model(images, training=True))
        loss = tf.reduce_mean(each) + tf.nn.scale_regularization_loss(sum(model.losses))
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


def step_without_update(model, optimizer, images, labels):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(images)) + sum(model.losses)
    return tape.gradient(loss, model.trainable_variables)


MIRRORED = checks.mirrored_training, checks.replica_step


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        (MIRRORED[0], train_as_asked),
        (MIRRORED[0], train_with_a_helper_and_a_dataset),
        (MIRRORED[0], train_all_in_scope),
        (MIRRORED[0], train_with_names_of_its_cell),
        (MIRRORED[0], train_in_its_own_loop),
        (MIRRORED[1], step_by_replicas),
        (MIRRORED[1], step_scaled),
        (MIRRORED[1], step_with_a_function),
    ],
)
def test_right_answers_on_devices_pass(check, answer):
    outcome = check(answer)
    assert outcome.passed, outcome


@pytest.mark.parametrize(
    ("check", "answer", "says"),
    [
        (MIRRORED[0], train_on_one, "copies of all weights on ['CPU:1', 'CPU:2', 'CPU:3']"),
        (MIRRORED[0], train_on_the_first, "copies of all weights on ['CPU:1', 'CPU:2', 'CPU:3']"),
        (MIRRORED[0], train_on_all_there_are, "copies of all weights on ['CPU:0']"),
        (MIRRORED[0], train_compiled_outside, "expected 8 steps"),
        (MIRRORED[0], train_with_larger_batches, "expected 8 steps"),
        (MIRRORED[0], train_with_another_rate, "after 8 steps on 3 devices"),
        (MIRRORED[0], train_and_forget, "Expected the trained Keras model, got NoneType"),
        (MIRRORED[0], train_and_give_the_history, "Expected the trained Keras model, got History"),
        (MIRRORED[1], step_with_the_bug, "The kernel after 8 steps on 3 devices"),
        (MIRRORED[1], step_divides_all, "The kernel after 8 steps on 3 devices"),
        (MIRRORED[1], step_without_penalty, "The kernel after 8 steps on one device"),
        (MIRRORED[1], step_not_in_training, "without `training=True`"),
        (MIRRORED[1], step_for_three, "The kernel after 8 steps on one device"),
        (MIRRORED[1], step_with_a_mean, "The kernel after 8 steps on 3 devices"),
        (MIRRORED[1], step_without_update, "The kernel after 8 steps on one device"),
    ],
)
def test_wrong_answers_on_devices_are_told_why(check, answer, says):
    outcome = check(answer)
    assert outcome.status == "not yet", outcome
    assert says in outcome.message, outcome


@pytest.mark.parametrize("check", MIRRORED)
def test_untouched_cells_are_not_attempted(check):
    def untouched(devices, images, labels): ...

    assert check(untouched).status == check(...).status == "not attempted"
