"""Checks of lesson 08: a mirrored script, a replica's loss and step, a ring, a kind to take."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from workshop.checks.claim import ANYTHING_ELSE, claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.checks.replicas import STEPS, on_devices, where
from workshop.messages import say

KINDS = ("mirrored", "workers", "servers", "sharded", "split")
# What a sentence about a choice of machines names.
ABOUT = (
    "card|gpu|machine|device|worker|server|weight|memory|model|layer|batch|gradient|link|network"
    "|wait|slow|fast|pace|vanish|fail|fit|cost|price|speed|travel|send|sent|copy|copies|karte"
    "|rechner|gerät|gewicht|speicher|modell|langsam|schnell|carte|appareil|poids|mémoire|modèle|lent|rapide|tarjeta|máquina|peso|rápid"
)
# What lets training go on where one of many equal workers is gone.
COMES_BACK = (
    "checkpoint|sav(e|ing)|restor|restart|resum|back ?up|elastic|replac|snapshot|spare|speicher"
    "|sicher|neustart|sauvegard|relanc|repren|guard|reanud|reinici|copia|punto de control"
)


@exercise("8-5")
def mirrored_training(answer: Callable) -> str:
    """Check a training script of one device that has become one of several.

    answer: function of names of devices, images `(n, 12)` and labels `(n,)` to the trained model:
    on each of the devices a copy of its weights, after the steps and with the weights that one
    device has.
    """
    for devices, found in on_devices(answer, "train").items():
        what = where(devices)
        if "kind" in found:
            not_yet("Expected the trained Keras model, got {kind}.", kind=found["kind"])
        if found["on"] != found["given"] or found["copies"] != len(found["given"]):
            not_yet(
                "{what}: expected copies of all weights on {expected}, got {got}. Which devices "
                "does the strategy get, and what is created in its scope?",
                **{"what": what, "expected": found["given"], "got": found["on"]},
            )
        if found["steps"] != STEPS:
            not_yet(
                "{what}: expected {expected} steps, as on one device, but the optimizer counted "
                "{got}. Is it created in the scope, and is the batch still the global one?",
                **{"what": what, "expected": STEPS, "got": found["steps"]},
            )
        _compare_weights(found, what)
    return say("On one device and on three: the same steps and the same weights.")


@exercise("8-6")
def replica_step(answer: Callable) -> str:
    """Check a replica's step whose penalty does not grow with the number of replicas.

    answer: function of a model with a penalty, its optimizer, and a replica's images and labels;
    it changes the weights.
    """
    for devices, found in on_devices(answer, "step").items():
        _compare_weights(found, where(devices))
        if not all(found["in_training"]):
            not_yet("The weights are right. But the model was called without `training=True`.")
    return say("The penalty counts once, however many replicas there are.")


def _compare_weights(found: Mapping, what: str) -> None:
    for name, came, alone in zip(("kernel", "bias"), found["came"], found["alone"], strict=True):
        where = say("The {name} after {steps} steps {what}", name=name, steps=STEPS, what=what)
        compare(came, alone, what=where, rtol=1e-3, atol=1e-4)


@exercise("8-2")
def replica_loss(answer: Callable) -> str:
    """Check the loss that a replica computes before all of them are summed.

    answer: function of the losses of the replica's examples `(n,)` and the global batch size to a
    number; summed over the replicas it is the mean over all examples.
    """
    rng = np.random.default_rng()
    for shares in ([8], [4, 4], [2, 2, 2, 2], [6, 2], [7, 1], [3, 5], [8, 0], [1, 4, 7]):
        losses = rng.choice(np.arange(25, 600), sum(shares), replace=False).astype("float32") / 100
        parts = np.split(losses, np.cumsum(shares)[:-1])
        came = 0.0
        for part in parts:
            one = answer(part, len(losses))
            if one is None or np.shape(one) != ():
                compare(one, part.sum() / len(losses), what=f"replica_loss({part}, {len(losses)})")
            came += float(one)
        what = say(
            "the sum over replicas with {shares} of {count} examples",
            **{"shares": shares, "count": len(losses)},
        )
        compare(came, losses.mean(), what=what)
        for part in parts:  # each its own part, not all of it by one of them
            what = f"replica_loss({part.tolist()}, {len(losses)})"
            compare(answer(part, len(losses)), part.sum() / len(losses), what=what)
    # What is left of an epoch is no full batch, and still divided by the full one.
    what = "replica_loss([3.0, 1.0, 3.0], 10)"
    compare(answer(np.array([3.0, 1.0, 3.0]), 10), 0.7, what=what)
    return say("However the examples are shared out, the sum is the mean of the whole batch.")


@exercise("8-3")
def ring_all_reduce(answer: Callable) -> str:
    """Check an all-reduce in a ring: the sums, who sends to whom, and how often.

    answer: function of pieces `(workers, workers, size)`, worker first, and of `send(sender,
    receiver, values)`, which gives what arrives at the receiver, to `(workers, workers, size)`,
    where every worker has the sum of each piece.
    """
    for workers, size in ((2, 2), (3, 2), (5, 3), (1, 2)):
        pieces = np.random.default_rng().integers(1, 50, (workers, workers, size))
        sent: list[list] = [[] for _ in range(workers)]
        came = answer(pieces.astype(float), _ring_of(sent, size))
        sums = np.broadcast_to(pieces.sum(axis=0), pieces.shape)
        what = say("the sums of {workers} workers (worker, piece, number)", workers=workers)
        compare(came, sums, what=what)
        if set(counts := [len(values) for values in sent]) != {each := 2 * (workers - 1)}:
            not_yet(
                "{workers} workers: the sums are right. Expected each worker to send {expected} "
                "pieces, got {got}.",
                **{"workers": workers, "expected": each, "got": counts},
            )
        _starts_with_its_own(sent, pieces)
    _is_made_of_what_arrived(answer)
    return say(
        "Every worker has every sum after sending 2 (n - 1) pieces of 1/n each: less than twice "
        "the data."
    )


def _starts_with_its_own(sent: list[list], pieces: np.ndarray) -> None:
    """Look for piece w, as it was, among what worker w of several sent."""
    for worker, values in enumerate(sent):
        if values and not any(np.array_equal(one, pieces[worker, worker]) for one in values):
            not_yet(
                "{workers} workers: the sums are right. Expected worker {worker} to start with its "
                "piece {worker}, but it never sent that.",
                **{"workers": len(sent), "worker": worker},
            )


def _is_made_of_what_arrived(answer: Callable) -> None:
    """Let each piece change a little on its way, and look that the result is made of it.

    What arrives is larger by a power of 1/2 of its own, so that the sums tell which pieces they
    are made of: n - 1 in the first sum of a piece, one more at each worker that gets it.
    """
    workers, size = 3, 2
    pieces = np.random.default_rng().integers(1, 50, (workers, workers, size))
    send, ways = _ring_of([[] for _ in range(workers)], size), []

    def changed(sender: int, receiver: int, values: object) -> Any:
        ways.append((sender, receiver))
        return send(sender, receiver, values) + 0.5 ** len(ways)

    came = np.array(answer(pieces.astype(float), changed), float)
    more = np.round((came - pieces.sum(axis=0)) * 2.0 ** len(ways)).astype(int)
    parts = np.array([one.bit_count() for one in more.ravel().tolist()]).reshape(more.shape)
    expected = np.arange(workers - 1, 2 * workers - 1)[:, np.newaxis, np.newaxis]
    if not (np.sort(parts, axis=0) == expected).all():
        not_yet(
            "{workers} workers: the sums are right, but when a value changes on its way, the "
            "result does not. Is it made of what `send` returns, and of nothing else?",
            workers=workers,
        )


def _ring_of(sent: list[list], size: int) -> Callable[[int, int, object], Any]:
    """Make a `send` that lets pieces go to the right neighbour only, and keeps them by sender."""
    workers = len(sent)

    def send(sender: int, receiver: int, values: object) -> object:
        if (neighbour := (sender + 1) % workers) != receiver:
            not_yet(
                "{workers} workers in a ring: expected worker {sender} to send only to "
                "{expected}, got {got}.",
                **{"workers": workers, "sender": sender, "expected": neighbour, "got": receiver},
            )
        if np.shape(values) != (size,):
            not_yet(
                "{workers} workers: expected worker {sender} to send one piece of shape "
                "{expected}, got shape {got}.",
                **{"workers": workers, "sender": sender, "expected": (size,)},
                got=np.shape(values),
            )
        sent[sender].append(np.array(values))
        return np.array(values)

    return send


@exercise("8-4")
def choices(answer: Mapping[str, tuple[str, str]], would_change: str) -> str:
    """Check that three choices can work and come with reasons; what can is the learner's to argue.

    answer: for each of the situations "A", "B", "C" a kind, of "mirrored", "workers", "servers",
    "sharded", "split", and the reason.
    would_change: what would change the learner's mind.
    """
    if not isinstance(answer, Mapping) or set(answer) != {"A", "B", "C"}:
        got = f"{answer!r:.100}"
        not_yet('Expected a dict with the keys "A", "B" and "C", got {got}.', got=got)
    for situation, choice in answer.items():
        if not isinstance(choice, tuple | list | np.ndarray) or len(choice) != 2:
            not_yet(
                "{situation}: expected a pair (kind, reason), got {got}.",
                **{"situation": situation, "got": f"{choice!r:.100}"},
            )
        kind, said = choice
        if not isinstance(kind, str) or kind not in KINDS:
            not_yet(
                "{situation}: expected one of {kinds}, got {got!r}.",
                **{"situation": situation, "kinds": ", ".join(KINDS), "got": kind},
            )
        _refuse_what_cannot_work(situation, kind)
        claim(said, say("Say why {kind!r} for {situation}.", kind=kind, situation=situation), ABOUT)
        if (situation, kind) == ("C", "workers"):
            _refuse_what_stops(said)
    if len({" ".join(said.split()) for _, said in answer.values()}) == 1:
        not_yet("The same reason for all three. What is different in each of the situations?")
    claim(would_change, say("Say in `would_change` what would change your mind."), ABOUT)
    return say(
        "A: {a}, B: {b}, C: {c}. Each of these can work. Compare with someone who chose "
        "differently.",
        **{situation.lower(): kind for situation, (kind, _) in answer.items()},
    )


def _refuse_what_cannot_work(situation: str, kind: str) -> None:
    """Say why, of what can't work; all else is for the learner to argue."""
    if (situation, kind) == ("A", "split"):
        not_yet(
            "A with 'split': The model fits on each card. If it is split, the cards wait for each "
            "other. Think again?"
        )
    if situation == "B" and kind in ("mirrored", "workers"):
        not_yet(
            "B with {kind!r}: Each worker or card holds all weights, and no card has room for "
            "them. Think again?",
            kind=kind,
        )
    if (situation, kind) == ("B", "servers"):
        not_yet(
            "B with 'servers': A worker fetches all weights for its step, and no card has room "
            "for them. Think again?"
        )
    if (situation, kind) == ("C", "mirrored"):
        not_yet(
            "C with 'mirrored': A mirrored strategy sees only the devices of one machine. Think "
            "again?"
        )
    if situation == "C" and kind in ("split", "sharded"):
        not_yet(
            "C with {kind!r}: Each machine holds a part of the model that no other has. What "
            "happens when one vanishes? Think again?",
            kind=kind,
        )


def _refuse_what_stops(said: str) -> None:
    """Let equal workers on machines that vanish pass where the reason says what comes then."""
    if not re.search(f"{COMES_BACK}|{ANYTHING_ELSE}", said, re.IGNORECASE):
        not_yet(
            "C with 'workers': All wait for the slowest, and stop when one vanishes. Say in the "
            "reason how training goes on then, or think again."
        )
