"""Checks of lesson 08: a worker's shard, the loss of a replica, a ring, and which kind to take."""

from collections.abc import Callable, Mapping

import numpy as np

from workshop.checks.engine import compare, exercise, not_yet, reason

KINDS = ("mirrored", "workers", "servers", "split")
# What can't work, and why; all else is for the learner to argue.
CANNOT = {
    ("A", "split"): "The model fits on each card. Split, the cards wait for each other",
    ("B", "mirrored"): "Each replica holds the whole model, and it does not fit on a card",
    ("B", "workers"): "Each worker holds the whole model, and it does not fit on a card",
    ("C", "mirrored"): "A mirrored strategy sees the devices of one machine",
}


@exercise("8-1")
def batch_of(answer: Callable) -> str:
    """Check a function that picks the digits of one worker at one step.

    Args:
        answer: function of the examples `(n, ...)`, the step from 0, the worker from 0, the number
            of workers and the global batch size (a multiple of it), that returns the worker's part
            of the step's batch `(global_batch_size / workers, ...)`: of its shard, which is every
            `workers`-th example from its own number on, the next ones in order.

    Returns:
        The outcome: one to four workers; all parts of a step together are the batch of one machine.
    """
    examples = np.arange(48)
    for workers, size in ((1, 4), (2, 4), (3, 6), (4, 4), (2, 12)):
        for step in (0, 1, 3):
            for worker in range(workers):
                what = f"batch_of(examples, {step}, {worker}, {workers}, {size})"
                came = answer(examples, step, worker, workers, size)
                if came is not None and np.size(came) == size != size // workers:
                    not_yet(f"{what} gave {size} examples; {size} are for all workers together.")
                places = step * size + worker + workers * np.arange(size // workers)
                compare(came, examples[places], what=f"{what}, where examples is 0, 1, ... 47")
    images = np.random.default_rng(0).integers(0, 256, (12, 2, 2))
    came = answer(images, 1, 1, 2, 4)
    compare(came, images[[5, 7]], what="batch_of with images (12, 2, 2), step 1, worker 1 of 2,")
    return "Each digit has one worker, and together they see the batch of one machine."


@exercise("8-2")
def replica_loss(answer: Callable) -> str:
    """Check the loss that a replica computes before all of them are summed.

    Args:
        answer: function of the losses of the replica's examples `(n,)` and the global batch size,
            that returns a number; summed over the replicas it is the mean over all examples.

    Returns:
        The outcome: equal shares, unequal ones, a replica with nothing.
    """
    losses = np.array([2.0, 1.0, 4.0, 0.5, 3.0, 1.5, 0.25, 5.75])
    for shares in ([8], [4, 4], [2, 2, 2, 2], [6, 2], [7, 1], [3, 5], [8, 0]):
        parts = np.split(losses, np.cumsum(shares)[:-1])
        came = [answer(part, len(losses)) for part in parts]
        for part, one in zip(parts, came, strict=True):
            if one is None or np.shape(one) != ():
                compare(one, part.sum() / len(losses), what=f"replica_loss({part}, {len(losses)})")
        what = f"the sum over replicas with {shares} of {len(losses)} examples"
        compare(np.sum([float(one) for one in came]), losses.mean(), what=what)
    return "However the examples are shared out, the sum is the mean of the whole batch."


@exercise("8-3")
def ring_all_reduce(answer: Callable) -> str:
    """Check an all-reduce in a ring: the sums, who sends to whom, and how often.

    Args:
        answer: function of pieces `(workers, workers, size)`, worker first, and of
            `send(sender, receiver, values)`, which gives what arrives at the receiver. Afterwards
            every worker has the sum of each piece; the answer returns `(workers, workers, size)`.

    Returns:
        The outcome: two to five workers, sent to the right neighbour only, `2 * (n - 1)` times
        by each.
    """
    for workers in (2, 3, 5):
        pieces = np.random.default_rng(workers).integers(1, 50, (workers, workers, 2))
        sent = np.zeros(workers, int)

        def send(sender: int, receiver: int, values: object, *, n=workers, sent=sent) -> object:
            if (sender + 1) % n != receiver:
                not_yet(
                    f"{n} workers: {sender} sent to {receiver}; in a ring it may send to "
                    f"{(sender + 1) % n} alone."
                )
            if np.shape(values) != (2,):
                not_yet(
                    f"{n} workers: {sender} sent the shape {np.shape(values)}; one piece is (2,)."
                )
            sent[sender] += 1
            return np.array(values)

        came = answer(pieces.astype(float), send)
        sums = np.broadcast_to(pieces.sum(axis=0), pieces.shape)
        compare(came, sums, what=f"{workers} workers, (worker, piece, number)")
        if not (sent == 2 * (workers - 1)).all():
            not_yet(
                f"{workers} workers: the sums are right, and they sent {sent.tolist()} pieces; "
                f"{2 * (workers - 1)} each are enough."
            )
    return "Every worker has every sum, after 2 (n - 1) pieces of 1/n each: less than twice it all."


@exercise("8-4")
def choices(answer: Mapping[str, tuple[str, str]], would_change: str) -> str:
    """Check that three choices can work and come with reasons.

    Args:
        answer: for each of the situations "A", "B", "C" a kind, of "mirrored", "workers",
            "servers", "split", and the reason.
        would_change: what would change the learner's mind.

    Returns:
        The outcome: it refuses what can't work; what can is the learner's to argue.
    """
    if not isinstance(answer, Mapping) or set(answer) != {"A", "B", "C"}:
        not_yet(f'{answer!r} came; a dict with the keys "A", "B" and "C" is needed.')
    for situation, choice in answer.items():
        if isinstance(choice, str) or np.shape(choice) != (2,):
            not_yet(f"{situation}: {choice!r} came; a pair is needed, (kind, reason).")
        kind, said = choice
        if kind not in KINDS:
            not_yet(f"{situation}: the kind {kind!r} is none of {', '.join(KINDS)}.")
        if why := CANNOT.get((situation, kind)):
            not_yet(f"{situation} with {kind!r}: {why}. Think again?")
        reason(said, f"Say why {kind!r} for {situation}")
    reason(would_change, "Say in `would_change` what would change your mind")
    kinds = ", ".join(f"{situation}: {answer[situation][0]}" for situation in sorted(answer))
    return f"{kinds}. All three can work. Argue it with somebody who chose otherwise."
