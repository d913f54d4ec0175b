"""Checks of lesson 08b: bytes of an all-reduce, time of a step, workers worth it, a plan."""

from collections.abc import Callable, Mapping

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.messages import say

BYTES_A_MS = 125  # of a link of 1 Mbit/s
LEAST_SPEED_UP = 2.0
LEAST_EFFICIENCY = 0.5
FEWEST_WORDS = 12  # for three things: what, why so, and what would change it
NEEDED = ("workers", "compute_ms", "size", "link")


@exercise("8b-1")
def ring_bytes(answer: Callable) -> str:
    """Check the bytes that a worker sends in a ring all-reduce.

    answer: function of the number of workers, the number of parameters and the bytes of each (4 by
    default) to bytes.
    """
    for n, parameters, bytes_each in (
        (2, 12_730, 4),
        (1, 12_730, 4),
        (4, 1_000, 4),
        (3, 814_092, 2),
        (500, 23_900_000, 4),
    ):
        expected = 2 * (n - 1) / n * parameters * bytes_each
        what = f"ring_bytes({n}, {parameters}, {bytes_each})"
        came = answer(n, parameters, bytes_each)
        if n == 1 and came is not None and came != 0:
            not_yet(
                "{what}: expected 0, got {got!r}. One worker alone sends nothing.",
                **{"what": what, "got": came},
            )
        compare(came, expected, what=what, rtol=1e-3)
        if bytes_each == 4:  # it may be left out
            compare(answer(n, parameters), expected, what=f"ring_bytes({n}, {parameters})")
    return say("From 2 to 500 workers the bytes of each do not even double: the beauty of a ring.")


@exercise("8b-2")
def ideal_step_ms(answer: Callable) -> str:
    """Check the time of a step from its parts, with perfect software.

    answer: function of the number of workers, milliseconds of computing, bytes of all gradients,
    Mbit/s and milliseconds of delay to milliseconds.
    """
    for why, given in (
        (say("one worker talks to nobody"), (1, 5.0, 4e6, 100, 20)),
        (say("no delay and no bytes: computing is left"), (4, 5.0, 0, 100, 0)),
        (say("only the wire: each worker sends 1 MB at 12.5 MB/s"), (2, 0.0, 1e6, 100, 0)),
        (say("only the delay: two rounds, twice in each"), (2, 0.0, 0, 100, 20)),
        (say("six rounds"), (4, 0.0, 0, 1000, 5)),
        (say("three workers"), (3, 12.0, 3.2e6, 300, 8)),
        (say("twenty workers"), (20, 1000.0, 95.6e6, 10_000, 0.25)),
    ):
        n, compute_ms, size, megabits_per_s, delay_ms = given
        rounds = 2 * (n - 1)
        wire_ms = rounds / n * size / (BYTES_A_MS * megabits_per_s)
        expected = compute_ms + rounds * 2 * delay_ms + wire_ms
        compare(answer(*given), expected, what=f"ideal_step_ms{given} ({why})", rtol=1e-3)
    return say("Computing, delay, wire, in one unit: now you can do it on the back of an envelope.")


@exercise("8b-3")
def worth_it(answer: Callable) -> str:
    """Check how many workers reach an efficiency.

    answer: function of a function that gives the time of a step with `n` workers, of the lowest
    efficiency, and of the largest number of workers to the largest number from 1 on whose
    efficiency is not below it.
    """

    def slow(n: int) -> float:
        return 100 / n + 8 * (n - 1)

    def perfect(n: int) -> float:
        return 60 / n

    def useless(n: int) -> float:
        return 1.0 if n == 1 else 50.0 + n

    def dented(n: int) -> float:  # 3 do not divide the batch well
        return {1: 100, 2: 60, 3: 70, 4: 32, 5: 40}.get(n, 100)

    for name, step_ms, threshold, most in (
        ("100 / n + 8 (n - 1) ms", slow, 0.5, 20),
        ("100 / n + 8 (n - 1) ms", slow, 0.8, 20),
        ("60 / n ms", perfect, 0.9, 16),
        (say("1 ms alone, 50 + n ms together"), useless, 0.5, 10),
        (say("100, 60, 70, 32, 40 ms for 1 to 5"), dented, 0.7, 5),
    ):
        what = f"worth_it({name}, {threshold}, {most})"
        efficiency = {n: step_ms(1) / step_ms(n) / n for n in range(1, most + 1)}
        # Rounding may put 16 * (60 / 16) a hair beside 60.
        expected = max(n for n, one in efficiency.items() if one >= threshold - 1e-9)
        came = answer(step_ms, threshold, most)
        if isinstance(came, int | np.integer) and came != expected and came in efficiency:
            not_yet(
                "{what}: expected {expected}, whose efficiency is {wanted:.2f}, got {got}, whose "
                "efficiency is {reached:.2f}.",
                **{"what": what, "expected": expected, "wanted": efficiency[expected]},
                **{"got": came, "reached": efficiency[int(came)]},
            )
        compare(came, expected, what=what)
    return say("A slow link, a perfect one, a useless one: you know where to stop.")


@exercise("8b-4")
def my_plan(answer: Mapping, why: str, step_ms: Callable) -> str:
    """Check a plan for a training on several workers by a cost model (weak scaling).

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
    n, compute_ms, size, link = (answer[key] for key in NEEDED)
    if not isinstance(n, int) or n < 2:
        not_yet("'workers': expected a whole number from 2, to have a network; got {n!r}.", n=n)
    for key, value in (("compute_ms", compute_ms), ("size", size)):
        if not (isinstance(value, int | float) and value > 0 and np.isfinite(value)):
            not_yet("{key!r}: expected a number above 0, got {got!r}.", key=key, got=value)
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
            "{found} Expected at least {speed_up:g} and {efficiency:.0%}. What is most of the "
            "talking: rounds, delay, or bytes? That is what to change.",
            **{"found": found, "speed_up": LEAST_SPEED_UP, "efficiency": LEAST_EFFICIENCY},
        )
    reason(
        why,
        "{found} Now say in `reason` what you train, why so, and which measurement would change "
        "your mind.",
        least=FEWEST_WORDS,
        found=found,
    )
    return say(
        "{found} By a formula: measure two workers before you rent {workers}.",
        **{"found": found, "workers": n},
    )
