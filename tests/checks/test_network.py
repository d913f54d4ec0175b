"""Right and wrong answers to the exercises of lesson 08b."""

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
    return compute_ms + rounds * (2 * delay_ms + size / n / (125 * megabits_per_s))


def step_in_seconds_first(n, compute_ms, size, megabits_per_s, delay_ms):
    if n == 1:
        return compute_ms
    bytes_per_s = megabits_per_s * 1e6 / 8
    wire_s = 2 * (n - 1) / n * size / bytes_per_s
    return np.float64(compute_ms + 4 * (n - 1) * delay_ms + 1000 * wire_s)


def step_forgets_the_bits(n, compute_ms, size, megabits_per_s, delay_ms):
    return compute_ms + 4 * (n - 1) * delay_ms + 2 * (n - 1) / n * size / (1000 * megabits_per_s)


def step_stays_in_seconds(n, compute_ms, size, megabits_per_s, delay_ms):
    wire_s = 2 * (n - 1) / n * size * 8 / 1e6 / megabits_per_s
    return compute_ms + 4 * (n - 1) * delay_ms + wire_s


def step_has_one_delay_a_round(n, compute_ms, size, megabits_per_s, delay_ms):
    return step_by_rounds(n, compute_ms, size, megabits_per_s, delay_ms / 2)


def step_has_two_delays_in_all(n, compute_ms, size, megabits_per_s, delay_ms):
    return step_by_rounds(n, compute_ms, size, megabits_per_s, 0) + 2 * delay_ms


def step_sends_everything_each_round(n, compute_ms, size, megabits_per_s, delay_ms):
    return step_by_rounds(n, compute_ms, n * size, megabits_per_s, delay_ms)


def step_divides_the_computing(n, compute_ms, size, megabits_per_s, delay_ms):
    return step_by_rounds(n, compute_ms / n, size, megabits_per_s, delay_ms)


def step_returns_its_parts(n, compute_ms, size, megabits_per_s, delay_ms):
    return compute_ms, 4 * (n - 1) * delay_ms


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


RIGHT = {
    checks.ring_bytes: [ring_by_formula, ring_by_pieces, ring_in_whole_numbers],
    checks.ideal_step_ms: [step_by_rounds, step_in_seconds_first],
    checks.worth_it: [worth_by_a_list, worth_from_above, worth_with_numpy],
}
WRONG = {
    checks.ring_bytes: [
        (ring_sends_everything_each_round, "expected 50920, got 101840"),
        (ring_of_one_half, "expected 50920, got 25460"),
        (ring_counts_numbers, "expected 50920, got 12730"),
        (ring_has_always_four_bytes, "ring_bytes(3, 814092, 2)"),
        (ring_of_all_workers_together, "expected 50920, got 101840"),
        (ring_of_the_limit, "One worker alone|expected 50920, got 101840"),
        (ring_prints, "gave None"),
        (ring_needs_the_bytes, "missing 1 required"),
    ],
    checks.ideal_step_ms: [
        (step_forgets_the_bits, "expected 80, got 10"),
        (step_stays_in_seconds, "expected 80, got 0.08"),
        (step_has_one_delay_a_round, "expected 80, got 40"),
        (step_has_two_delays_in_all, "one worker talks to nobody"),
        (step_sends_everything_each_round, "expected 80, got 160"),
        (step_divides_the_computing, "computing is left"),
        (step_returns_its_parts, "expected shape (), got (2,)"),
    ],
    checks.worth_it: [
        (worth_stops_at_the_first_bad_one, "expected 4, whose efficiency is 0.78, got 2"),
        (worth_by_speed_up, "whose efficiency is"),
        (worth_is_the_fastest, "whose efficiency is"),
        (worth_in_weak_scaling, "whose efficiency is"),
        (worth_begins_with_two, "empty|whose efficiency"),
        (worth_leaves_out_the_last, "expected 16, whose efficiency is 1.00, got 15"),
        (worth_gives_the_efficiency, "0.5, 20): expected 4, got 0.5102"),
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
    [{"compute_ms": 3000}, {"link": 10_000}, {"size": 10_000_000, "workers": 20}],
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
        (
            PLAN | {"compute_ms": "300 ms"},
            REASON,
            "'compute_ms': expected a number above 0, got '300 ms'",
        ),
        (PLAN | {"link": 10_000}, "It is fast.", "Expected 12 words or more, got 3"),
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
