"""Right and wrong answers to the exercises of lesson 09b."""

import math

import numpy as np
import pytest
from answers import Answers

from workshop.checks import matrix_unit as checks

REASON = "It is the smallest that I can rent; a lower price of another would change my mind."
MACHINES = {"TPU v2": (45e12, 700e9), "laptop": (1e11, 2e10)}
CHOICE = {
    "batch": 128,
    "inputs": 784,
    "units": 200,
    "machine": "TPU v2",
    "waits_for": "multipliers",
}


def cycles_by_formula(m, k, n, size):
    return math.ceil(k / size) * math.ceil(n / size) * (m + 2 * size - 2)


def cycles_by_loop(m, k, n, size):
    total = 0
    for _ in range(0, k, size):
        for _ in range(0, n, size):
            total += m + size + size - 2
    return np.int64(total)


def cycles_of_one_tile(m, k, n, size):
    return m + k + n - 2


def cycles_of_whole_tiles(m, k, n, size):
    return max(1, k // size) * max(1, n // size) * (m + 2 * size - 2)


def cycles_with_tiles_of_rows(m, k, n, size):
    tiles = math.ceil(m / size) * math.ceil(k / size) * math.ceil(n / size)
    return tiles * (3 * size - 2)


def cycles_without_filling(m, k, n, size):
    return math.ceil(k / size) * math.ceil(n / size) * m


def cycles_one_too_many(m, k, n, size):
    return math.ceil(k / size) * math.ceil(n / size) * (m + 2 * size - 1)


def rate_by_minimum(batch, inputs, units, peak, bandwidth):
    operations = 2 * batch * inputs * units
    moved = 2 * (batch * inputs + inputs * units + batch * units)
    return min(peak, operations / moved * bandwidth)


def rate_by_times(batch, inputs, units, peak, bandwidth):
    operations = 2 * batch * inputs * units
    numbers = sum((batch * inputs, inputs * units, batch * units))
    return operations / np.maximum(operations / peak, 2 * numbers / bandwidth)


def rate_in_float32(batch, inputs, units, peak, bandwidth):
    return rate_by_minimum(batch, inputs, units, peak, bandwidth / 2)


def rate_of_multiply_adds(batch, inputs, units, peak, bandwidth):
    moved = 2 * (batch * inputs + inputs * units + batch * units)
    return min(peak, batch * inputs * units / moved * bandwidth)


def rate_by_maximum(batch, inputs, units, peak, bandwidth):
    operations = 2 * batch * inputs * units
    moved = 2 * (batch * inputs + inputs * units + batch * units)
    return max(peak, operations / moved * bandwidth)


def rate_of_the_kernel_alone(batch, inputs, units, peak, bandwidth):
    return min(peak, batch * bandwidth)


def rate_without_a_peak(batch, inputs, units, peak, bandwidth):
    return rate_by_minimum(batch, inputs, units, math.inf, bandwidth)


def shard_by_index(device, shape, mesh, layout):
    place = dict(zip(mesh, np.unravel_index(device, tuple(mesh.values())), strict=True))
    parts = []
    for length, axis in zip(shape, layout, strict=True):
        size = length if axis is None else length // mesh[axis]
        first = 0 if axis is None else place[axis] * size
        parts.append(slice(first, first + size))
    return tuple(parts)


def shard_by_division(device, shape, mesh, layout):
    (first, _), (second, many) = mesh.items()
    place = {first: device // many, second: device % many}

    def part(length, axis):
        if axis is None:
            return slice(None)
        size = length // mesh[axis]
        return slice(place[axis] * size, (place[axis] + 1) * size)

    return [part(length, axis) for length, axis in zip(shape, layout, strict=True)]


def shard_column_by_column(device, shape, mesh, layout):
    lengths = list(mesh.values())
    place = dict(zip(mesh, (device % lengths[0], device // lengths[0]), strict=True))
    numbers = place["data"] * mesh["model"] + place["model"]
    return shard_by_division(numbers, shape, mesh, layout)


def shard_over_all_devices(device, shape, mesh, layout):
    count = math.prod(mesh.values())
    parts = []
    for length, axis in zip(shape, layout, strict=True):
        size = length // count
        parts.append(slice(None) if axis is None else slice(device * size, (device + 1) * size))
    return tuple(parts)


def shard_as_numbers(device, shape, mesh, layout):
    return tuple((part.start, part.stop) for part in shard_by_index(device, shape, mesh, layout))


def shard_transposed(device, shape, mesh, layout):
    return shard_by_index(device, shape, mesh, layout)[::-1]


def shard_of_rows_only(device, shape, mesh, layout):
    return shard_by_index(device, shape, mesh, layout)[0]


def hours_in_one_line(madds, pictures, epochs, peak, share):
    return 6 * madds * pictures * epochs / (peak * share * 3600)


def hours_step_by_step(madds, pictures, epochs, peak, share):
    forward = 2 * madds
    operations = (forward + 2 * forward) * pictures * epochs
    return np.float64(operations) / peak / share / 60 / 60


def hours_of_multiply_adds(madds, pictures, epochs, peak, share):
    return hours_in_one_line(madds / 2, pictures, epochs, peak, share)


def hours_forward_only(madds, pictures, epochs, peak, share):
    return hours_in_one_line(madds / 3, pictures, epochs, peak, share)


def hours_in_seconds(madds, pictures, epochs, peak, share):
    return hours_in_one_line(madds, pictures, epochs, peak, share) * 3600


def hours_at_the_peak(madds, pictures, epochs, peak, share):
    return hours_in_one_line(madds, pictures, epochs, peak, 1)


def hours_times_the_share(madds, pictures, epochs, peak, share):
    return hours_at_the_peak(madds, pictures, epochs, peak, share) * share


RIGHT = {
    checks.cycles: [cycles_by_formula, cycles_by_loop],
    checks.dense_rate: [rate_by_minimum, rate_by_times],
    checks.shard_of: [shard_by_index, shard_by_division],
    checks.training_hours: [hours_in_one_line, hours_step_by_step],
}
WRONG = {
    checks.cycles: [
        (cycles_of_one_tile, "k=8, n=4"),
        (cycles_of_whole_tiles, "k=5, n=3"),
        (cycles_with_tiles_of_rows, "m=10, k=4"),
        (cycles_without_filling, "expected 10, got 4"),
        (cycles_one_too_many, "expected 10, got 11"),
    ],
    checks.dense_rate: [
        (rate_in_float32, "dense_rate(1, 784, 200"),
        (rate_of_multiply_adds, "dense_rate(1, 784, 200"),
        (rate_by_maximum, "dense_rate(1, 784, 200"),
        (rate_of_the_kernel_alone, "expected 6.95635e+11, got 7e+11"),
        (rate_without_a_peak, "dense_rate(128, 784, 200"),
    ],
    checks.shard_of: [
        (shard_column_by_column, "got the columns 0 to 16"),
        (shard_over_all_devices, "got the columns 0 to 8"),
        (shard_as_numbers, "expected a slice such as slice(0, 8) for the rows"),
        (shard_transposed, "got the rows 0 to 16"),
        (shard_of_rows_only, "expected two slices (rows, columns), got slice("),
    ],
    checks.training_hours: [
        (hours_of_multiply_adds, "expected 21.3528, got 10.6764"),
        (hours_forward_only, "expected 21.3528, got 7.11759"),
        (hours_in_seconds, "expected 21.3528, got 76870"),
        (hours_at_the_peak, "0.2)"),
        (hours_times_the_share, "0.2)"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"batch": 1, "waits_for": "memory"},
        {"machine": "laptop", "inputs": np.int64(4096)},
    ],
)
def test_a_choice_on_the_right_side_of_the_corner_passes(more):
    outcome = checks.my_choice(CHOICE | more, REASON, MACHINES)
    assert outcome.passed, outcome
    assert "of the peak of" in outcome.message


@pytest.mark.parametrize(
    ("more", "reason", "says"),
    [
        ({"waits_for": "memory"}, REASON, "On which side"),
        ({"batch": 1}, REASON, "On which side"),
        ({"machine": "TPU v99"}, REASON, "expected one of TPU v2, laptop, got 'TPU v99'"),
        ({"waits_for": "the network"}, REASON, '"memory" or "multipliers"'),
        ({"batch": 0}, REASON, "expected whole numbers from 1"),
        ({"units": "many"}, REASON, "expected whole numbers from 1"),
        ({}, "It is fast.", "what would change your mind"),
    ],
)
def test_other_choices_are_told_why(more, reason, says):
    outcome = checks.my_choice(CHOICE | more, reason, MACHINES)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_a_choice_without_all_its_parts_is_told_which():
    outcome = checks.my_choice({"batch": 128}, REASON, MACHINES)
    assert "keys batch, inputs, units, machine, waits_for, got" in outcome.message
    assert checks.my_choice([128], REASON, MACHINES).status == "not yet"


def test_a_choice_with_a_placeholder_is_not_attempted():
    assert checks.my_choice(CHOICE | {"batch": ...}, REASON, MACHINES).status == "not attempted"
    assert checks.my_choice(CHOICE, ..., MACHINES).status == "not attempted"
