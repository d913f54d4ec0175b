"""Checks of lesson 08b: bytes of an all-reduce, time of a step, speed-ups, workers, a plan."""

from collections.abc import Callable, Iterator, Mapping
from numbers import Integral, Real

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.checks.scalar import plain
from workshop.messages import say

BYTES_A_MS = 125  # of a link of 1 Mbit/s
LEAST_SPEED_UP = 2.0
LEAST_EFFICIENCY = 0.5
FEWEST_WORDS = 12  # for three things: what, why so, and what would change it
NEEDED = ("workers", "compute_ms", "size", "link")
# What a sentence about a plan for several workers names.
ABOUT = (
    "model|net|train|worker|machine|gpu|card|link|bytes|gradient|delay|efficien|speed|fast|slow"
    "|measure|batch|rechner|karte|schnell|langsam|modèle|réseau|vite|lent|rápid|modelo|máquina"
)


@exercise("8b-1")
def ring_bytes(answer: Callable) -> str:
    """Check the bytes that a worker sends in a ring all-reduce.

    answer: function of the number of workers, the number of parameters and the bytes of each (4 by
    default) to bytes.
    """
    some = np.random.default_rng().integers((2, 1000, 1), (600, 1e8, 9), (3, 3)).tolist()
    for n, parameters, bytes_each in (
        (2, 12_730, 4),
        (1, 12_730, 4),
        (4, 1_000, 4),
        (3, 10, 4),
        (3, 814_092, 2),
        (500, 23_900_000, 4),
        *some,
    ):
        expected = 2 * (n - 1) / n * parameters * bytes_each
        what = f"ring_bytes({n}, {parameters}, {bytes_each})"
        came = answer(n, parameters, bytes_each)
        if n == 1 and came is not None and came != 0:
            not_yet(
                "{what}: expected 0, got {got!r}. One worker alone sends nothing.",
                **{"what": what, "got": came},
            )
        compare(came, expected, what=what, rtol=1e-3, atol=1)
        # The last argument may be left out.
        what, expected = f"ring_bytes({n}, {parameters})", expected / bytes_each * 4
        compare(answer(n, parameters), expected, what=what, rtol=1e-3, atol=1)
    return say(
        "From 2 to 500 workers, the bytes per worker do not even double: the beauty of a ring."
    )


@exercise("8b-2")
def ideal_step_ms(answer: Callable) -> str:
    """Check the time of a step from its parts, with perfect software: a delay per round.

    answer: function of the number of workers, milliseconds of computing, bytes of all gradients,
    Mbit/s and milliseconds of delay to milliseconds.
    """
    rng = np.random.default_rng()
    some = [(int(rng.integers(2, 60)), *rng.uniform((1, 1e5, 50, 0.1), (900, 1e8, 9e3, 30)))]
    for why, given in (
        (say("one worker talks to no one"), (1, 5.0, 4e6, 100, 20)),
        (say("no delay and no bytes: only computing is left"), (4, 5.0, 0, 100, 0)),
        (say("only the wire: each worker sends 1 MB at 12.5 MB/s"), (2, 0.0, 1e6, 100, 0)),
        (say("only the wire: ten bytes in three pieces"), (3, 0.0, 10, 0.001, 0)),
        (say("only the delay: two rounds, once in each"), (2, 0.0, 0, 100, 20)),
        (say("a short step"), (2, 0.75, 125, 1, 0.25)),
        (say("six rounds"), (4, 0.0, 0, 1000, 5)),
        (say("three workers"), (3, 12.0, 3.2e6, 300, 8)),
        (say("twenty workers"), (20, 1000.0, 95.6e6, 10_000, 0.25)),
        *((say("drawn at random"), tuple(round(value, 1) for value in one)) for one in some),
    ):
        n, compute_ms, size, megabits_per_s, delay_ms = given
        rounds = 2 * (n - 1)
        wire_ms = rounds / n * size / (BYTES_A_MS * megabits_per_s)
        expected = compute_ms + rounds * delay_ms + wire_ms
        compare(answer(*given), expected, what=f"ideal_step_ms{given} ({why})", rtol=1e-3)
    return say("Computing, delay, wire, in one unit: now you can do it on the back of an envelope.")


@exercise("8b-3")
def worth_it(answer: Callable) -> str:
    """Check how many workers reach an efficiency.

    answer: function of a function that gives the time of a step with `n` workers, of the lowest
    efficiency, and of the largest number of workers to the largest number from 1 on whose
    efficiency is not below it.
    """
    for name, step_ms, threshold, most in _step_times():
        what = f"worth_it({name}, {threshold}, {most})"
        efficiency = {n: step_ms(1) / step_ms(n) / n for n in range(1, most + 1)}
        # Rounding may put 16 * (60 / 16) a hair beside 60.
        expected = max(n for n, one in efficiency.items() if one >= threshold - 1e-9)
        came = answer(step_ms, threshold, most)
        if isinstance(came, Integral) and came != expected and came in efficiency:
            fields = {"what": what, "expected": expected, "wanted": efficiency[expected]}
            not_yet(
                "{what}: expected {expected}, whose efficiency is {wanted:.3f}, got {got}, whose "
                "efficiency is {reached:.3f}.",
                **{**fields, "got": came, "reached": efficiency[int(came)]},
            )
        compare(came, expected, what=what)
    return say("A slow link, a perfect one, a useless one: you know where to stop.")


def _step_times() -> Iterator[tuple[str, Callable[[int], float], float, int]]:
    """Give names of step times, the times with `n` workers, an efficiency, the most workers."""

    def slow(n: int) -> float:
        return 100 / n + 8 * (n - 1)

    def useless(n: int) -> float:
        return 1.0 if n == 1 else 50.0 + n

    def dented(n: int) -> float:  # 3 do not divide the batch well
        return {1: 100, 2: 60, 3: 70, 4: 32, 5: 40}.get(n, 100)

    random = np.random.default_rng()
    # a / b is no n (n - 1): with such an n the efficiency would be 0.5 but for rounding.
    a, b = random.integers(500, 2000) / 10 + 0.05, random.integers(10, 60) / 10
    a, b = round(float(a), 2), float(b)
    last = int(random.choice([11, 13, 14, 15]))  # not a power of 2

    def close(n: int) -> float:  # a hair above 0.7, and one below that is rounded to it
        return 100 / n / {1: 1, 2: 0.72, last: 0.701, last + 1: 0.699}.get(n, 0.6)

    def some(n: int) -> float:
        return a / n + b * (n - 1)

    yield from (
        (f"{a} / n + {b} (n - 1) ms", some, 0.5, 30),
        ("100 / n + 8 (n - 1) ms", slow, 0.5, 20),
        ("100 / n + 8 (n - 1) ms", slow, 0.8, 20),
        ("60 / n ms", lambda n: 60 / n, 0.9, 16),
        (say("80 ms with any n"), lambda n: 80, 0.5, 4),
        (say("1 ms alone, 50 + n ms together"), useless, 0.5, 10),
        (say("100, 60, 70, 32, 40 ms for 1 to 5"), dented, 0.7, 5),
        (say("an efficiency near 0.7 with {n} and with one more", n=last), close, 0.7, 20),
        (f"{a} / n + {b} (n - 1) ms", some, 0.5, 1),
    )


@exercise("8b-5")
def speed_ups(answer: Callable) -> str:
    """Check speed-ups of runs that compute different numbers of examples per step.

    answer: function of a list of dicts with "n" (workers), "examples" (of each worker) and "ms" (of
    a step), one of them with one worker, to as many speed-ups in examples per second, in the order
    of the runs.
    """
    rng = np.random.default_rng()
    weak = [{"n": n, "examples": 64, "ms": 50.0 + 5 * (n - 1)} for n in (1, 2, 4, 10)]
    strong = [{"n": n, "examples": 240 // n, "ms": 100 / n + 2 * n} for n in (1, 2, 4)]
    mixed = [
        {"n": int(n), "examples": int(rng.integers(8, 99)), "ms": float(rng.uniform(5, 99))}
        for n in (8, 3, 1, 2, 3)
    ]
    # One worker may be faster than some together.
    mixed = [*mixed, {"n": 3, "examples": 8, "ms": 10 * max(run["ms"] for run in mixed)}]
    cases = (say("weak scaling"), weak), (say("strong scaling"), strong), (say("mixed"), mixed)
    for name, runs in (*cases, (say("one worker last"), weak[::-1]), (say("one run"), weak[:1])):
        (one,) = [run for run in runs if run["n"] == 1]
        alone = one["examples"] / one["ms"]
        expected = [run["n"] * run["examples"] / run["ms"] / alone for run in runs]
        came = answer([dict(run, units=256, megabits=1000) for run in runs])
        compare(came, expected, what=say("speed_ups(runs), {name}", name=name), rtol=1e-3)
    return say(
        "Ten workers at 95 ms compute more than one at 50: what a step computes counts as well."
    )


@exercise("8b-4")
def my_plan(answer: Mapping, why: str, step_ms: Callable) -> str:
    """Check a plan for several workers by a cost model (weak scaling).

    answer: dict with "workers", "compute_ms" (of each worker's step), "size" (bytes of all
    gradients) and "link" (anything that `step_ms` takes for one).
    why: what is trained, why these workers, what would change the learner's mind.
    step_ms: function of workers, milliseconds of computing, bytes and link to the milliseconds of
    a step.
    """
    if not isinstance(answer, Mapping) or set(answer) != set(NEEDED):
        not_yet(
            "Expected a dict with the keys {expected}, got {got!r}.",
            expected=", ".join(NEEDED),
            got=list(answer) if isinstance(answer, Mapping) else answer,
        )
    n, compute_ms, size, link = (plain(answer)[key] for key in NEEDED)
    if not isinstance(n, Integral) or n < 2:
        not_yet("'workers': expected a whole number from 2, to have a network; got {n!r}.", n=n)
    for key, value in (("compute_ms", compute_ms), ("size", size)):
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        if not (is_number and value > 0 and np.isfinite(value)):
            not_yet("{key!r}: expected a number above 0, got {got!r}.", key=key, got=value)
    if size < 1:
        not_yet("'size': expected the bytes of all gradients, got {got!r} of a byte.", got=size)
    alone, together = step_ms(1, compute_ms, size, link), step_ms(n, compute_ms, size, link)
    efficiency = alone / together
    found = say(
        "{workers} workers, {size:.3g} MB of gradients: a step takes {step:,.0f} ms, "
        "{compute:,.0f} of them computing. Speed-up {speed_up:.1f}, efficiency {efficiency:.0%}.",
        **{"workers": n, "size": size / 1e6, "step": together, "compute": compute_ms},
        **{"speed_up": n * efficiency, "efficiency": efficiency},
    )
    if n * efficiency < LEAST_SPEED_UP or efficiency < LEAST_EFFICIENCY:
        not_yet(
            "{found} Expected at least {speed_up:g} and {efficiency:.0%}. What takes most of the "
            "time on the network: rounds, delay, or bytes? That is what to change.",
            **{"found": found, "speed_up": LEAST_SPEED_UP, "efficiency": LEAST_EFFICIENCY},
        )
    asked = say(
        "{found} Now say in `reason` what you train, why with this plan, and which measurement "
        "would change your mind.",
        found=found,
    )
    claim(why, asked, ABOUT, least=FEWEST_WORDS)
    return say(
        "{found} This is only a formula: measure two workers before you rent {workers}.",
        **{"found": found, "workers": n},
    )
