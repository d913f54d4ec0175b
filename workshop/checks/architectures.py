"""Checks of lesson 12: parameters of a word, aging evolution, the best of equals, an own search."""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.messages import say

SIDE, KERNELS, CLASSES = 14, 12, 10
DRAWS = 600
# A mean of 5,000 draws is off by 0.014 of the noise; four times that is no accident.
NEAR = 0.06
LETTERS, PLACES, BUDGET = "csrpn-", 4, 60
LANDSCAPES, NOISE = 60, 0.015
# What the own search has to reach over all: 0 is what chance does, 1 the best word of each.
ENOUGH = 0.15
FEWEST_WORDS = 10


@exercise("12-1")
def parameters(answer: Callable) -> str:
    """Check how many parameters the network of a word has.

    answer: function of a word to the number of `model.count_params()`, for digits `(14, 14, 1)`,
    with Flatten and Dense(10) at the end.
    """
    for why, words in (
        (say("no layer but the last"), ("", "----")),
        (say("a layer without weights"), ("r", "-r--")),
        (say("a convolution"), ("c", "cc")),
        (say("half the side"), ("p", "s", "sc")),
        (say("half of 7, rounded up"), ("pp", "ss", "pppp", "ssss")),
        (say("batch normalization"), ("n", "cn", "nc", "pnsn")),
        (say("all together"), ("cpnr", "crcp", "s--r", "nspc", "prcn")),
    ):
        for word in words:
            what = say("{why}: parameters({word!r})", why=why, word=word)
            compare(answer(word), _parameters(word), what=what, rtol=0, atol=0)
    return say("Most of them lie between the last picture and the ten classes.")


def _parameters(word: str) -> int:
    side, channels, total = SIDE, 1, 0
    for letter in word:
        if letter in "sp":
            side = -(-side // 2)
        if letter in "cs":
            total += (9 * channels + 1) * KERNELS
            channels = KERNELS
        if letter == "n":
            total += 4 * channels
    return total + (side * side * channels + 1) * CLASSES


@exercise("12-2")
def aging(answer: Callable) -> str:
    """Check a step of aging evolution.

    answer: function of accuracies `(n,)`, the oldest first, how many to draw, and a NumPy
    generator, to two places: the parent, the best of those drawn, and the one that dies.
    E. Real et al., Regularized evolution for image classifier architecture search, 2018.
    """
    for accuracies, count in (
        ([0.9, 0.8, 0.7], 3),
        ([0.1, 0.5, 0.9, 0.3], 4),
        ([0.2, 0.9, 0.4, 0.6, 0.1], 2),
        ([0.5, 0.1, 0.3, 0.4], 1),
        ([0.4, 0.6, 0.2, 0.8, 0.9, 0.1, 0.3, 0.7], 5),
    ):
        n = len(accuracies)
        fields = {"accuracies": accuracies, "count": count}
        parents = np.zeros(n)
        for seed in range(DRAWS):
            parent, dies = _pair(answer(np.array(accuracies), count, _generator(seed)), n, fields)
            if dies != 0:
                not_yet(
                    "aging({accuracies}, {count}, rng): place {dies} dies, expected 0, the oldest.",
                    **{**fields, "dies": dies},
                )
            parents[parent] += 1
        _judge_parents(parents / DRAWS, accuracies, count)
    fields = {"accuracies": accuracies, "count": 1}
    first, again = (
        [_pair(answer(np.array(accuracies), 1, rng), n, fields)[0] for _ in range(20)]
        for rng in (_generator(0), _generator(0))
    )
    if first != again:
        not_yet("Two generators of the same seed gave {first} and {again}. Draw by `rng`.",
                first=first, again=again)  # fmt: skip
    return say("No network lives forever, however lucky the first measurement was.")


def _generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _pair(came: object, n: int, fields: dict) -> tuple[int, int]:
    try:
        places = [float(place) for place in came]  # ty: ignore[not-iterable]
    except (TypeError, ValueError):
        places = []
    if len(places) != 2:
        not_yet(
            "aging({accuracies}, {count}, rng): expected two places, got {got!r:.80}.",
            **{**fields, "got": came},
        )
    if not set(places) <= set(range(n)):
        not_yet(
            "aging({accuracies}, {count}, rng): expected two places, whole numbers from 0 below "
            "{n}, got {got}.",
            **{**fields, "n": n, "got": tuple(places)},
        )
    return int(places[0]), int(places[1])


def _judge_parents(shares: np.ndarray, accuracies: list[float], count: int) -> None:
    """Hold how often each was the parent to how often it is the best of `count` different ones."""
    n = len(accuracies)
    order = np.argsort(accuracies)
    below = np.cumprod([1.0, *((n - count - k) / (n - k) for k in range(n - 1))])
    none_better = below[::-1]  # by rank: that nobody better is drawn
    expected = np.zeros(n)
    expected[order] = np.diff([0.0, *none_better])
    for place in np.argsort(-np.abs(shares - expected))[:1]:
        if abs(shares[place] - expected[place]) > 0.1 or (shares[place] and not expected[place]):
            not_yet(
                "aging({accuracies}, {count}, rng), {draws} times: place {place} was the parent in "
                "{got:.0%}, expected about {expected:.0%}: the best of {count} different ones.",
                **{"accuracies": accuracies, "count": count, "draws": DRAWS, "place": int(place)},
                **{"got": shares[place], "expected": expected[place]},
            )
    for place in np.flatnonzero((expected == 0) & (shares > 0)):
        not_yet(
            "aging({accuracies}, {count}, rng): place {place} was the parent, but among {count} "
            "different ones there is always a better one.",
            **{"accuracies": accuracies, "count": count, "place": int(place)},
        )


@exercise("12-3")
def looks_like(answer: Callable) -> str:
    """Check what the best of some equals looks like, on average.

    answer: function of the accuracy of all, the standard deviation of the noise and how many there
    are, to the mean of the largest measurement.
    """
    for accuracy, noise, count in (
        (0.9, 0.0, 5),
        (0.9, 0.01, 1),
        (0.9, 0.01, 2),
        (0.8, 0.01, 10),
        (0.9, 0.02, 10),
        (0.5, 0.04, 40),
        (0.7, 0.05, 200),
    ):
        expected = accuracy + noise * _best_of(count)
        what = say(
            "looks_like({accuracy:g}, {noise:g}, {count})",
            **{"accuracy": accuracy, "noise": noise, "count": count},
        )
        compare(
            answer(accuracy, noise, count), expected, what=what, rtol=0, atol=NEAR * noise + 1e-6
        )
    return say("Nothing is better than the others, and yet the best looks better: by twice the "
               "noise among 40, by nearly three times among 200.")  # fmt: skip


def _best_of(count: int) -> float:
    """Give the mean of the largest of some standard normal numbers: the integral of 1 - F."""
    z = np.linspace(-9, 9, 20_001)
    largest = ndtr(z) ** count
    return float(np.sum(np.heaviside(z, 0.5) - largest) * (z[1] - z[0]))


@exercise("12-4")
def my_search(search: Callable, mind: str) -> str:
    """Check a search by what its words are truly worth, on landscapes that it has not seen.

    search: function of `evaluate` (a word to a noisy accuracy), the letters, the number of places
    and how often it may evaluate, to a word.
    mind: why it should win, and what would change that.
    """
    came, chance, best = np.zeros((3, LANDSCAPES))
    for number in range(LANDSCAPES):
        random = _generator(number)
        worth = random.normal(0, 0.02, (PLACES, len(LETTERS)))
        came[number] = _searched(search, worth, random)
        chance[number] = np.mean([_by_chance(worth, random) for _ in range(20)])
        best[number] = 0.85 + worth.max(axis=1).sum()
    gained = (came - chance).sum() / (best - chance).sum()
    fields = {"came": came.mean(), "chance": chance.mean(), "best": best.mean(), "gained": gained}
    told = say(
        "{budget} evaluations on {n} landscapes: your words are worth {came:.4f}, those of chance "
        "{chance:.4f}, the best {best:.4f}: {gained:.0%} of the way.",
        **{"budget": BUDGET, "n": LANDSCAPES, **fields},
    )
    if gained < ENOUGH:
        not_yet(
            "{told} Expected {enough:.0%} or more. What do good words have in common? Was the "
            "best one only lucky?",
            **{"told": told, "enough": ENOUGH},
        )
    reason(
        mind,
        "Now say in `mind` why your search should win, and what would change your mind.",
        least=FEWEST_WORDS,
    )
    return told


def _value(worth: np.ndarray, word: str) -> float:
    return 0.85 + sum(worth[k, LETTERS.index(letter)] for k, letter in enumerate(word))


def _searched(search: Callable, worth: np.ndarray, random: np.random.Generator) -> float:
    """Let the learner search one landscape; give the true worth of the word."""
    asked = []

    def evaluate(word: str) -> float:
        _judge_word(word, say("evaluate"))
        asked.append(word)
        return _value(worth, word) + random.normal(0, NOISE)

    word = search(evaluate, LETTERS, PLACES, BUDGET)
    if len(asked) > BUDGET:
        not_yet("Your search asked {n} times, and had {budget}.", n=len(asked), budget=BUDGET)
    _judge_word(word, say("my_search gave"))
    return _value(worth, word)


def _judge_word(word: object, where: str) -> None:
    if not isinstance(word, str) or len(word) != PLACES or not set(word) <= set(LETTERS):
        not_yet(
            "{where}: expected a word of {places} letters of {letters!r}, got {got!r:.80}.",
            **{"where": where, "places": PLACES, "letters": LETTERS, "got": word},
        )


def _by_chance(worth: np.ndarray, random: np.random.Generator) -> float:
    """Draw words, believe the one that looks best; give its true worth."""
    words = random.integers(len(LETTERS), size=(BUDGET, PLACES))
    true = 0.85 + worth[np.arange(PLACES), words].sum(axis=1)
    return float(true[np.argmax(true + random.normal(0, NOISE, BUDGET))])
