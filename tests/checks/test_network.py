"""Right and wrong answers to the exercises of lesson 08b."""

from fractions import Fraction

import numpy as np
import pytest
from answers import Answers

from workshop.checks import network as checks


def ring_by_formula(n, parameters, bytes_each=4):
    return 2 * (n - 1) / n * parameters * bytes_each


def ring_by_pieces(n, parameters, bytes_each=4):
    piece = parameters * bytes_each / n
    return sum(piece for _ in range(2 * (n - 1)))


def ring_in_whole_numbers(n, parameters, bytes_each=4):
    if n == 1:
        return 0
    return np.int64(2 * (n - 1) * (parameters * bytes_each) // n)


def ring_sends_everything_each_round(n, parameters, bytes_each=4):
    return 2 * (n - 1) * parameters * bytes_each


def ring_of_one_half(n, parameters, bytes_each=4):
    return (n - 1) / n * parameters * bytes_each


def ring_counts_numbers(n, parameters, bytes_each=4):
    return 2 * (n - 1) / n * parameters


def ring_has_always_four_bytes(n, parameters, bytes_each=4):
    return 2 * (n - 1) / n * parameters * 4


def ring_of_all_workers_together(n, parameters, bytes_each=4):
    return 2 * (n - 1) * parameters * bytes_each if n > 1 else 0


def ring_of_the_limit(n, parameters, bytes_each=4):
    return 2 * parameters * bytes_each


def ring_prints(n, parameters, bytes_each=4):
    print(ring_by_formula(n, parameters, bytes_each))


def ring_needs_the_bytes(n, parameters, bytes_each):
    return ring_by_formula(n, parameters, bytes_each)


def step_by_rounds(n, compute_ms, size, megabits_per_s, delay_ms):
    rounds = 2 * (n - 1)
    return compute_ms + rounds * (delay_ms + size / n / (125 * megabits_per_s))


def step_in_seconds_first(n, compute_ms, size, megabits_per_s, delay_ms):
    if n == 1:
        return compute_ms
    bytes_per_s = megabits_per_s * 1e6 / 8
    wire_s = 2 * (n - 1) / n * size / bytes_per_s
    return np.float64(compute_ms + 2 * (n - 1) * delay_ms + 1000 * wire_s)


def step_forgets_the_bits(n, compute_ms, size, megabits_per_s, delay_ms):
    return compute_ms + 2 * (n - 1) * delay_ms + 2 * (n - 1) / n * size / (1000 * megabits_per_s)


def step_stays_in_seconds(n, compute_ms, size, megabits_per_s, delay_ms):
    wire_s = 2 * (n - 1) / n * size * 8 / 1e6 / megabits_per_s
    return compute_ms + 2 * (n - 1) * delay_ms + wire_s


def step_has_two_delays_per_round(n, compute_ms, size, megabits_per_s, delay_ms):
    return step_by_rounds(n, compute_ms, size, megabits_per_s, 2 * delay_ms)


def step_has_two_delays_in_all(n, compute_ms, size, megabits_per_s, delay_ms):
    return step_by_rounds(n, compute_ms, size, megabits_per_s, 0) + 2 * delay_ms


def step_sends_everything_each_round(n, compute_ms, size, megabits_per_s, delay_ms):
    return step_by_rounds(n, compute_ms, n * size, megabits_per_s, delay_ms)


def step_divides_the_computing(n, compute_ms, size, megabits_per_s, delay_ms):
    return step_by_rounds(n, compute_ms / n, size, megabits_per_s, delay_ms)


def step_returns_its_parts(n, compute_ms, size, megabits_per_s, delay_ms):
    return compute_ms, 2 * (n - 1) * delay_ms


def step_in_a_loop(n, compute_ms, size, megabits_per_s, delay_ms):
    total = compute_ms
    for _ in range(n - 1):
        for _ in ("reduce-scatter", "all-gather"):
            total += delay_ms + 8 * (size / n) / (1000 * megabits_per_s)
    return total


def step_by_fractions(n, compute_ms, size, megabits_per_s, delay_ms):
    rounds = Fraction(2 * (n - 1))
    wire = rounds / n * Fraction(size) * 8 / Fraction(megabits_per_s) / 1000
    return float(Fraction(compute_ms) + rounds * Fraction(delay_ms) + wire)


def step_in_float32(n, compute_ms, size, megabits_per_s, delay_ms):
    return np.float32(step_by_rounds(n, compute_ms, size, megabits_per_s, delay_ms))


def step_as_list_of_one(n, compute_ms, size, megabits_per_s, delay_ms):
    parts = np.array([compute_ms, 2 * (n - 1) * delay_ms, 0.0])
    parts[2] = 2 * (n - 1) / n * size / 125 / megabits_per_s
    return parts.sum()


def step_with_n_rounds(n, compute_ms, size, megabits_per_s, delay_ms):
    wire = size / n / (125 * megabits_per_s)
    return compute_ms + (2 * n - 1 if n > 1 else 0) * (delay_ms + wire)


def step_overlaps(n, compute_ms, size, megabits_per_s, delay_ms):
    talk = step_by_rounds(n, 0, size, megabits_per_s, delay_ms)
    return max(compute_ms, talk)


def step_ignores_the_size(n, compute_ms, size, megabits_per_s, delay_ms):
    return compute_ms + 2 * (n - 1) * delay_ms


def speed_ups_by_rates(runs):
    rates = [run["n"] * run["examples"] / run["ms"] for run in runs]
    alone = [run["n"] for run in runs].index(1)
    return [rate / rates[alone] for rate in rates]


def speed_ups_with_numpy(runs):
    n, examples, ms = (np.array([run[key] for run in runs]) for key in ("n", "examples", "ms"))
    rate = n * examples / ms
    return rate / rate[n == 1]


def speed_ups_in_a_loop(runs):
    for run in runs:
        if run["n"] == 1:
            one = run
    came = []
    for run in runs:
        examples = run["n"] * run["examples"]
        came += [one["ms"] / run["ms"] * examples / one["examples"]]
    return came


def speed_ups_as_tuple(runs):
    one = next(run for run in runs if run["n"] == 1)
    whole = [run["examples"] * run["n"] / one["examples"] for run in runs]
    return tuple(w * one["ms"] / run["ms"] for w, run in zip(whole, runs, strict=True))


def speed_ups_by_minimum(runs):
    one = min(runs, key=lambda run: run["n"])
    each = {id(run): run["ms"] / (run["n"] * run["examples"]) for run in runs}
    return [each[id(one)] / each[id(run)] for run in runs]


def speed_ups_in_place(runs):
    for run in runs:
        run["rate"] = run["n"] * run["examples"] / run["ms"]
    alone = [run["rate"] for run in runs if run["n"] == 1][0]  # noqa: RUF015
    return np.float32([run["rate"] / alone for run in runs])


def speed_ups_with_the_bug(runs):
    one = runs[0]
    return [one["ms"] / run["ms"] for run in runs]


def speed_ups_from_the_first(runs):
    rates = [run["n"] * run["examples"] / run["ms"] for run in runs]
    return [rate / rates[0] for rate in rates]


def speed_ups_without_examples(runs):
    one = next(run for run in runs if run["n"] == 1)
    return [run["n"] * one["ms"] / run["ms"] for run in runs]


def speed_ups_without_workers(runs):
    one = next(run for run in runs if run["n"] == 1)
    alone = one["examples"] / one["ms"]
    return [run["examples"] / run["ms"] / alone for run in runs]


def speed_ups_as_efficiency(runs):
    return [came / run["n"] for came, run in zip(speed_ups_by_rates(runs), runs, strict=True)]


def speed_ups_sorted(runs):
    return sorted(speed_ups_by_rates(runs))


def speed_ups_upside_down(runs):
    return [1 / came for came in speed_ups_by_rates(runs)]


def speed_ups_of_the_others(runs):
    pairs = zip(speed_ups_by_rates(runs), runs, strict=True)
    return [came for came, run in pairs if run["n"] > 1]


def speed_ups_as_dict(runs):
    return {run["n"]: came for came, run in zip(speed_ups_by_rates(runs), runs, strict=True)}


def speed_ups_printed(runs):
    print(speed_ups_by_rates(runs))


def ring_by_halves(n, parameters, bytes_each=4):
    scatter = (n - 1) * parameters / n * bytes_each
    return np.float64(scatter + scatter)


def ring_for_floats(n, parameters, bytes_each=4.0):
    return int(round(parameters * bytes_each * (2 - 2 / n)))  # noqa: RUF046


def ring_in_a_loop(n, parameters, bytes_each=4):
    sent = 0
    for _ in range(n - 1):
        sent += 2 * parameters * bytes_each / n
    return sent


def ring_with_one_round_more(n, parameters, bytes_each=4):
    return (2 * n - 1) / n * parameters * bytes_each if n > 1 else 0


def ring_in_bits(n, parameters, bytes_each=4):
    return 8 * ring_by_formula(n, parameters, bytes_each)


def ring_from_n(n, parameters, bytes_each=4):
    return 2 * n / (n + 1) * parameters * bytes_each if n > 1 else 0


def worth_in_a_dict(step_ms, threshold, most):
    each = {n: step_ms(1) / (n * step_ms(n)) for n in range(1, most + 1)}
    good = [n for n, one in each.items() if one > threshold or abs(one - threshold) < 1e-9]
    return float(good[-1])


def worth_by_recursion(step_ms, threshold, most):
    if most == 1 or step_ms(1) / step_ms(most) / most >= threshold - 1e-12:
        return np.int64(most)
    return worth_by_recursion(step_ms, threshold, most - 1)


def worth_with_reversed(step_ms, threshold, most):
    alone = step_ms(1)
    return next(
        n for n in reversed(range(1, most + 1)) if alone / step_ms(n) >= n * threshold - 1e-12
    )


def worth_at_half(step_ms, threshold, most):
    return worth_by_a_list(step_ms, 0.5, most)


def worth_of_a_hundred(step_ms, threshold, most):
    return worth_by_a_list(step_ms, threshold, 100)


def worth_counts_the_good(step_ms, threshold, most):
    return sum(step_ms(1) / step_ms(n) / n >= threshold for n in range(1, most + 1))


def worth_by_a_list(step_ms, threshold, most):
    return max(n for n in range(1, most + 1) if step_ms(1) / step_ms(n) / n >= threshold - 1e-12)


def worth_from_above(step_ms, threshold, most):
    for n in range(most, 1, -1):
        if step_ms(1) >= (threshold - 1e-9) * n * step_ms(n):
            return n
    return 1


def worth_with_numpy(step_ms, threshold, most):
    n = np.arange(1, most + 1)
    times = np.array([step_ms(int(k)) for k in n])
    return n[times[0] / times / n >= threshold - 1e-12][-1]


def worth_stops_at_the_first_bad_one(step_ms, threshold, most):
    n = 1
    while n < most and step_ms(1) / step_ms(n + 1) / (n + 1) >= threshold:
        n += 1
    return n


def worth_by_speed_up(step_ms, threshold, most):
    return max(n for n in range(1, most + 1) if step_ms(1) / step_ms(n) >= threshold)


def worth_is_the_fastest(step_ms, threshold, most):
    return min(range(1, most + 1), key=step_ms)


def worth_in_weak_scaling(step_ms, threshold, most):
    efficient = [n for n in range(1, most + 1) if step_ms(1) / step_ms(n) >= threshold]
    return efficient[-1]


def worth_begins_with_two(step_ms, threshold, most):
    return max(n for n in range(2, most + 1) if step_ms(1) / step_ms(n) / n >= threshold)


def worth_leaves_out_the_last(step_ms, threshold, most):
    return max(n for n in range(1, most) if step_ms(1) / step_ms(n) / n >= threshold - 1e-12)


def worth_gives_the_efficiency(step_ms, threshold, most):
    n = worth_by_a_list(step_ms, threshold, most)
    return step_ms(1) / step_ms(n) / n


def ring_bytes_of_whole_pieces(n, parameters, bytes_each=4):
    return 2 * (n - 1) * (parameters // n) * bytes_each


def ring_as_text(n, parameters, bytes_each=4):
    return str(ring_by_formula(n, parameters, bytes_each))


def step_of_whole_bytes(n, compute_ms, size, megabits_per_s, delay_ms):
    return step_by_rounds(n, compute_ms, size // n * n, megabits_per_s, delay_ms)


def step_of_whole_computing(n, compute_ms, size, megabits_per_s, delay_ms):
    return step_by_rounds(n, int(compute_ms), size, megabits_per_s, delay_ms)


def step_of_whole_ms(n, compute_ms, size, megabits_per_s, delay_ms):
    return round(step_by_rounds(n, compute_ms, size, megabits_per_s, delay_ms))


def step_in_numpy(n, compute_ms, size, megabits_per_s, delay_ms):
    per_round = np.array([delay_ms, np.divide(size, n) * 8 / (megabits_per_s * 1e3)])
    return np.float64(compute_ms) + 2 * (n - 1) * per_round.sum()


def worth_of_powers_of_2(step_ms, threshold, most):
    return max(n for n in worth_all(step_ms, threshold, most) if n & (n - 1) == 0)


def worth_all(step_ms, threshold, most):
    return [n for n in range(1, most + 1) if step_ms(1) / step_ms(n) / n >= threshold]


def worth_generously(step_ms, threshold, most):
    return max(worth_all(step_ms, threshold - 0.01, most))


def worth_as_text(step_ms, threshold, most):
    return str(max(worth_all(step_ms, threshold, most)))


def worth_by_products(step_ms, threshold, most):
    best, one = 1, step_ms(1)
    for n in range(2, most + 1):
        if one >= threshold * n * step_ms(n):
            best = n
    return best


def worth_as_numpy_number(step_ms, threshold, most):
    efficiency = [step_ms(1) / step_ms(n) / n for n in range(1, most + 1)]
    return np.flatnonzero(np.array(efficiency) >= threshold)[-1] + 1


def worth_in_rounded_numbers(step_ms, threshold, most):
    efficiency = {n: round(step_ms(1) / step_ms(n) / n, 2) for n in range(1, most + 1)}
    return max(n for n, one in efficiency.items() if one >= threshold)


def worth_by_a_generator(step_ms, threshold, most):
    down = range(most, 0, -1)
    return next(n for n in down if step_ms(1) / (n * step_ms(n)) >= threshold)


def speed_ups_from_the_slowest(runs):
    rates = [run["n"] * run["examples"] / run["ms"] for run in runs]
    return [rate / min(rates) for rate in rates]


def ring_in_megabytes(n, parameters, bytes_each=4):
    return ring_by_formula(n, parameters, bytes_each) / 1e6


def ring_by_a_share(n, parameters, bytes_each=4):
    return np.float64(2 * parameters * bytes_each) * (1 - 1 / n)


RIGHT = {
    checks.ring_bytes: [
        ring_by_formula,
        ring_by_pieces,
        ring_in_whole_numbers,
        ring_by_halves,
        ring_for_floats,
        ring_in_a_loop,
        ring_by_a_share,
    ],
    checks.ideal_step_ms: [
        step_by_rounds,
        step_in_seconds_first,
        step_in_a_loop,
        step_by_fractions,
        step_in_float32,
        step_as_list_of_one,
        step_in_numpy,
    ],
    checks.worth_it: [
        worth_by_a_list,
        worth_from_above,
        worth_with_numpy,
        worth_in_a_dict,
        worth_by_recursion,
        worth_with_reversed,
        worth_by_products,
        worth_as_numpy_number,
        worth_by_a_generator,
    ],
    checks.speed_ups: [
        speed_ups_by_rates,
        speed_ups_with_numpy,
        speed_ups_in_a_loop,
        speed_ups_as_tuple,
        speed_ups_by_minimum,
        speed_ups_in_place,
    ],
}
WRONG = {
    checks.ring_bytes: [
        (ring_sends_everything_each_round, "expected 50920, got 101840"),
        (ring_of_one_half, "expected 50920, got 25460"),
        (ring_counts_numbers, "expected 50920, got 12730"),
        (ring_has_always_four_bytes, "ring_bytes(3, 814092, 2)"),
        (ring_of_all_workers_together, "expected 50920, got 101840"),
        (ring_of_the_limit, "One worker alone|expected 50920, got 101840"),
        (ring_with_one_round_more, "expected 50920, got 76380"),
        (ring_in_bits, "expected 50920, got 407360"),
        (ring_from_n, "expected 50920, got 67893.3"),
        (ring_prints, "gave None"),
        (ring_needs_the_bytes, "missing 1 required"),
        (ring_bytes_of_whole_pieces, "ring_bytes(3, 10, 4)"),
        (ring_as_text, "expected numbers, got '50920"),
        (ring_in_megabytes, "expected 50920, got 0.05092"),
    ],
    checks.ideal_step_ms: [
        (step_forgets_the_bits, "expected 80, got 10"),
        (step_stays_in_seconds, "expected 80, got 0.08"),
        (step_has_two_delays_per_round, "expected 40, got 80"),
        (step_has_two_delays_in_all, "one worker talks to no one"),
        (step_sends_everything_each_round, "expected 80, got 160"),
        (step_divides_the_computing, "computing is left"),
        (step_with_n_rounds, "expected 80, got 120"),
        (step_overlaps, "a short step"),
        (step_ignores_the_size, "expected 80, got 0"),
        (step_returns_its_parts, "expected shape (), got (2,)"),
        (step_of_whole_bytes, "ten bytes in three pieces"),
        (step_of_whole_computing, "a short step"),
        (step_of_whole_ms, "expected 106.667, got 107"),
    ],
    checks.worth_it: [
        (worth_stops_at_the_first_bad_one, "expected 4, whose efficiency is 0.781, got 2"),
        (worth_by_speed_up, "whose efficiency is"),
        (worth_is_the_fastest, "whose efficiency is"),
        (worth_in_weak_scaling, "whose efficiency is"),
        (worth_begins_with_two, "empty|whose efficiency"),
        (worth_leaves_out_the_last, "expected 16, whose efficiency is 1.000, got 15"),
        (worth_gives_the_efficiency, "expected"),
        (worth_at_half, "whose efficiency is"),
        (worth_of_a_hundred, "expected"),
        (worth_counts_the_good, "expected 4, whose efficiency is 0.781, got 3"),
        (worth_of_powers_of_2, "whose efficiency is"),
        (worth_generously, "whose efficiency is"),
        (worth_as_text, "expected numbers, got"),
        (worth_in_rounded_numbers, "whose efficiency is"),
    ],
    checks.speed_ups: [
        (speed_ups_with_the_bug, "speed_ups(runs), weak scaling at index"),
        (speed_ups_from_the_first, "speed_ups(runs), mixed at index"),
        (speed_ups_without_examples, "speed_ups(runs), strong scaling at index"),
        (speed_ups_without_workers, "speed_ups(runs), weak scaling at index"),
        (speed_ups_as_efficiency, "speed_ups(runs), weak scaling at index"),
        (speed_ups_sorted, "speed_ups(runs), mixed at index|one worker last|strong scaling"),
        (speed_ups_upside_down, "speed_ups(runs), weak scaling at index"),
        (speed_ups_of_the_others, "expected shape (4,), got (3,)"),
        (speed_ups_as_dict, "expected numbers, got {1"),
        (speed_ups_printed, "gave None"),
        (speed_ups_from_the_slowest, "speed_ups(runs), mixed at index"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


PLAN = {"workers": 4, "compute_ms": 300.0, "size": 1e8, "link": 1000}
REASON = "Four machines of the office for a ResNet; if two gave less than 80 %, I would not."


def step_ms(n, compute_ms, size, link):
    return step_by_rounds(n, compute_ms, size, link, 0.2)


@pytest.mark.parametrize(
    "changes",
    [
        {"compute_ms": 3000},
        {"link": 10_000},
        {"size": 10_000_000, "workers": 20},
        {"link": 10_000, "workers": np.int64(4), "compute_ms": np.float32(300)},
    ],
)
def test_a_plan_passes_and_is_told_what_comes_of_it(changes):
    outcome = checks.my_plan(PLAN | changes, REASON, step_ms)
    assert outcome.passed, outcome
    assert "Speed-up" in outcome.message
    assert "before you rent" in outcome.message


@pytest.mark.parametrize(
    ("plan", "reason", "says"),
    [
        (PLAN, REASON, "That is what to change"),
        (PLAN | {"link": 10_000, "workers": 1}, REASON, "to have a network; got 1"),
        (PLAN | {"link": 10_000, "workers": 2.5}, REASON, "a whole number from 2"),
        (PLAN | {"link": 10_000, "workers": 2}, REASON, "Speed-up 1."),
        (PLAN | {"size": 0}, REASON, "'size': expected a number above 0, got 0"),
        (PLAN | {"size": 0.1}, REASON, "the bytes of all gradients, got 0.1 of a byte"),
        (
            PLAN | {"compute_ms": "300 ms"},
            REASON,
            "'compute_ms': expected a number above 0, got '300 ms'",
        ),
        (PLAN | {"link": 10_000}, "It is fast.", "Expected 12 words or more, got 3"),
        (
            PLAN | {"link": 10_000},
            "the quick brown fox jumps over a lazy dog and a sleepy old cat",
            "what has that to do with it?",
        ),
        (PLAN | {"link": 10_000}, None, "Expected a text of 12 words or more, got NoneType"),
        ({"workers": 4}, REASON, "a dict with the keys workers, compute_ms, size, link, got"),
        (4, REASON, "a dict with the keys"),
    ],
)
def test_other_plans_are_told_why(plan, reason, says):
    outcome = checks.my_plan(plan, reason, step_ms)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_no_plan_is_not_attempted():
    untouched = dict.fromkeys(PLAN, ...)
    assert checks.my_plan(untouched, ..., step_ms).status == "not attempted"
    assert checks.my_plan(PLAN, ..., step_ms).status == "not attempted"
