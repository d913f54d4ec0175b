"""Checks of lesson 08: a worker's shard, the loss of a replica, a ring, and which kind to take."""

from collections.abc import Callable, Mapping

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.messages import say

KINDS = ("mirrored", "workers", "servers", "split")


@exercise("8-1")
def batch_of(answer: Callable) -> str:
    """Check which digits one worker takes at one step.

    answer: function of the examples `(n, ...)`, the step from 0, the worker from 0, the number of
    workers and the global batch size (a multiple of it) to the worker's part of the step's batch
    `(global_batch_size / workers, ...)`: of its shard, which is every `workers`-th example from its
    own number on, the next ones in order.
    """
    examples = np.arange(48)
    for workers, size in ((1, 4), (2, 4), (3, 6), (4, 4), (2, 12)):
        for step in (0, 1, 3):
            for worker in range(workers):
                what = f"batch_of(examples, {step}, {worker}, {workers}, {size})"
                came = answer(examples, step, worker, workers, size)
                places = step * size + worker + workers * np.arange(size // workers)
                if np.size(came) == size != len(places):
                    not_yet(
                        "{what}: expected shape {expected}, got {got} examples, which is the batch "
                        "of all workers together.",
                        **{"what": what, "expected": places.shape, "got": size},
                    )
                what = say("{call} with the examples 0, 1, ... 47", call=what)
                compare(came, examples[places], what=what)
    images = np.random.default_rng(0).integers(0, 256, (12, 2, 2))
    what = say("batch_of with images (12, 2, 2), step 1, worker 1 of 2")
    compare(answer(images, 1, 1, 2, 4), images[[5, 7]], what=what)
    return say("Each digit has one worker, and together they see the batch of one machine.")


@exercise("8-2")
def replica_loss(answer: Callable) -> str:
    """Check the loss that a replica computes before all of them are summed.

    answer: function of the losses of the replica's examples `(n,)` and the global batch size to a
    number; summed over the replicas it is the mean over all examples.
    """
    losses = np.array([2.0, 1.0, 4.0, 0.5, 3.0, 1.5, 0.25, 5.75])
    for shares in ([8], [4, 4], [2, 2, 2, 2], [6, 2], [7, 1], [3, 5], [8, 0]):
        came = 0.0
        for part in np.split(losses, np.cumsum(shares)[:-1]):
            one = answer(part, len(losses))
            if one is None or np.shape(one) != ():
                compare(one, part.sum() / len(losses), what=f"replica_loss({part}, {len(losses)})")
            came += float(one)
        what = say(
            "the sum over replicas with {shares} of {count} examples",
            **{"shares": shares, "count": len(losses)},
        )
        compare(came, losses.mean(), what=what)
    return say("However the examples are shared out, the sum is the mean of the whole batch.")


@exercise("8-3")
def ring_all_reduce(answer: Callable) -> str:
    """Check an all-reduce in a ring: the sums, who sends to whom, and how often.

    answer: function of pieces `(workers, workers, size)`, worker first, and of `send(sender,
    receiver, values)`, which gives what arrives at the receiver, to `(workers, workers, size)`,
    where every worker has the sum of each piece.
    """
    for workers in (2, 3, 5):
        pieces = np.random.default_rng(workers).integers(1, 50, (workers, workers, 2))
        sent = np.zeros(workers, int)
        came = answer(pieces.astype(float), _ring_of(sent))
        sums = np.broadcast_to(pieces.sum(axis=0), pieces.shape)
        what = say("the sums of {workers} workers (worker, piece, number)", workers=workers)
        compare(came, sums, what=what)
        if not (sent == (each := 2 * (workers - 1))).all():
            not_yet(
                "{workers} workers: the sums are right. Expected each worker to send {expected} "
                "pieces, got {got}.",
                **{"workers": workers, "expected": each, "got": sent.tolist()},
            )
    return say(
        "Every worker has every sum, after 2 (n - 1) pieces of 1/n each: less than twice it all."
    )


def _ring_of(sent: np.ndarray) -> Callable[[int, int, object], object]:
    """Make a `send` that lets pieces go to the right neighbour only, and counts them."""
    workers = len(sent)

    def send(sender: int, receiver: int, values: object) -> object:
        if (neighbour := (sender + 1) % workers) != receiver:
            not_yet(
                "{workers} workers in a ring: expected worker {sender} to send to {expected} "
                "alone, got {got}.",
                **{"workers": workers, "sender": sender, "expected": neighbour, "got": receiver},
            )
        if np.shape(values) != (2,):
            not_yet(
                "{workers} workers: expected worker {sender} to send one piece of shape (2,), got "
                "shape {got}.",
                **{"workers": workers, "sender": sender, "got": np.shape(values)},
            )
        sent[sender] += 1
        return np.array(values)

    return send


@exercise("8-4")
def choices(answer: Mapping[str, tuple[str, str]], would_change: str) -> str:
    """Check that three choices can work and come with reasons; what can is the learner's to argue.

    answer: for each of the situations "A", "B", "C" a kind, of "mirrored", "workers", "servers",
    "split", and the reason.
    would_change: what would change the learner's mind.
    """
    if not isinstance(answer, Mapping) or set(answer) != {"A", "B", "C"}:
        not_yet('Expected a dict with the keys "A", "B" and "C", got {got!r}.', got=answer)
    for situation, choice in answer.items():
        if isinstance(choice, str) or np.shape(choice) != (2,):
            not_yet(
                "{situation}: expected a pair (kind, reason), got {got!r}.",
                **{"situation": situation, "got": choice},
            )
        kind, said = choice
        if kind not in KINDS:
            not_yet(
                "{situation}: expected one of {kinds}, got {got!r}.",
                **{"situation": situation, "kinds": ", ".join(KINDS), "got": kind},
            )
        _refuse_what_cannot_work(situation, kind)
        reason(said, "Say why {kind!r} for {situation}.", kind=kind, situation=situation)
    reason(would_change, "Say in `would_change` what would change your mind.")
    return say(
        "A: {a}, B: {b}, C: {c}. All three can work. Argue it with somebody who chose otherwise.",
        **{situation.lower(): kind for situation, (kind, _) in answer.items()},
    )


def _refuse_what_cannot_work(situation: str, kind: str) -> None:
    """Say why, of what can't work; all else is for the learner to argue."""
    if (situation, kind) == ("A", "split"):
        not_yet(
            "A with 'split': The model fits on each card. Split, the cards wait for each other. "
            "Think again?"
        )
    if (situation, kind) == ("B", "mirrored"):
        not_yet(
            "B with 'mirrored': Each replica holds the whole model, and it does not fit on a card. "
            "Think again?"
        )
    if (situation, kind) == ("B", "workers"):
        not_yet(
            "B with 'workers': Each worker holds the whole model, and it does not fit on a card. "
            "Think again?"
        )
    if (situation, kind) == ("C", "mirrored"):
        not_yet(
            "C with 'mirrored': A mirrored strategy sees the devices of one machine. Think again?"
        )
