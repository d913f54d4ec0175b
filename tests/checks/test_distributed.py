"""Right and wrong answers to the exercises of lesson 08."""

import numpy as np
import pytest
from answers import Answers

from workshop.checks import distributed as checks

tf = pytest.importorskip("tensorflow")


def batch_by_slices(examples, step, worker, workers, global_batch_size):
    shard = examples[worker::workers]
    size = global_batch_size // workers
    return shard[step * size : (step + 1) * size]


def batch_by_places(examples, step, worker, workers, global_batch_size):
    first = step * global_batch_size
    return [examples[k] for k in range(first + worker, first + global_batch_size, workers)]


def batch_of_the_global_batch(examples, step, worker, workers, global_batch_size):
    batch = examples[step * global_batch_size :][:global_batch_size]
    return batch[worker::workers]


def batch_of_global_size(examples, step, worker, workers, global_batch_size):
    shard = examples[worker::workers]
    return shard[step * global_batch_size : (step + 1) * global_batch_size]


def batch_from_blocks(examples, step, worker, workers, global_batch_size):
    shard = np.split(examples, workers)[worker]
    size = global_batch_size // workers
    return shard[step * size : (step + 1) * size]


def batch_that_is_the_same_for_all(examples, step, worker, workers, global_batch_size):
    size = global_batch_size // workers
    return examples[step * size : (step + 1) * size]


def batch_that_forgets_the_step(examples, step, worker, workers, global_batch_size):
    return examples[worker::workers][: global_batch_size // workers]


def batch_with_float_size(examples, step, worker, workers, global_batch_size):
    size = global_batch_size / workers
    return examples[worker::workers][step * size : (step + 1) * size]


def batch_printed(examples, step, worker, workers, global_batch_size):
    print(batch_by_slices(examples, step, worker, workers, global_batch_size))


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


RIGHT = {
    checks.batch_of: [batch_by_slices, batch_by_places, batch_of_the_global_batch],
    checks.replica_loss: [loss_by_sum, loss_in_a_loop, loss_in_one_variable],
    checks.ring_all_reduce: [ring_in_one_loop, ring_piece_by_piece],
}
WRONG = {
    checks.batch_of: [
        (batch_of_global_size, "got 4 examples, which is the batch of all workers together"),
        (
            batch_from_blocks,
            "0, 2, 4) with the examples 0, 1, ... 47 at index (1,): expected 2, got 1",
        ),
        (
            batch_that_is_the_same_for_all,
            "0, 2, 4) with the examples 0, 1, ... 47 at index (1,): expected 2, got 1",
        ),
        (
            batch_that_forgets_the_step,
            "1, 0, 1, 4) with the examples 0, 1, ... 47 at index (0,): expected 4, got 0",
        ),
        (batch_with_float_size, "TypeError"),
        (batch_printed, "gave None"),
    ],
    checks.replica_loss: [
        (loss_as_mean, "replicas with [4, 4] of 8"),
        (loss_as_sum, "replicas with [8] of 8"),
        (loss_as_mean_of_two_replicas, "of 8 examples: expected 2.25, got 1.125"),
        (loss_of_each_example, "expected shape (), got (8,)"),
        (loss_divided_twice, "of 8 examples: expected 2.25, got 0.28125"),
        (loss_printed, "gave None"),
    ],
    checks.ring_all_reduce: [
        (ring_without_gather, "2 workers (worker, piece, number) at index (0, 0, 1): expected"),
        (ring_that_adds_twice, "2 workers (worker, piece, number) at index (0, 0, 0): expected"),
        (
            ring_with_a_leader,
            "in a ring: expected worker 2 to|piece, number) at index (1, 0, 0): expected",
        ),
        (ring_of_whole_vectors, "one piece of shape (2,), got shape (2, 2)"),
        (ring_of_everything, "the sums are right. Expected each worker to send 4 pieces, got [6"),
        (ring_that_nobody_uses, "Expected each worker to send 2 pieces, got [0, 0]"),
        (
            ring_of_means,
            "2 workers (worker, piece, number) at index (0, 0, 0): expected 63, got 31.5",
        ),
        (ring_without_return, "gave None"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


WHY = "because that is how it would work best of all here"
GOOD = {"A": ("mirrored", WHY), "B": ("split", WHY), "C": ("servers", WHY)}


@pytest.mark.parametrize(
    "answer",
    [
        GOOD,
        GOOD | {"A": ("workers", WHY), "C": ("workers", WHY)},
        GOOD | {"B": ["servers", WHY]},
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
        (GOOD | {"B": ("mirrored", WHY)}, WHY, "does not fit"),
        (GOOD | {"B": ("workers", WHY)}, WHY, "does not fit"),
        (GOOD | {"C": ("mirrored", WHY)}, WHY, "one machine"),
        (
            GOOD | {"A": ("GPU", WHY)},
            WHY,
            "A: expected one of mirrored, workers, servers, split, got 'GPU'",
        ),
        (GOOD | {"A": "mirrored"}, WHY, "A: expected a pair (kind, reason), got 'mirrored'"),
        (
            GOOD | {"C": ("servers", "it is faster")},
            WHY,
            "Say why 'servers' for C. Expected 8 words or more, got 3",
        ),
        (GOOD, "nothing", "what would change your mind"),
        (GOOD, 7, "what would change your mind"),
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
