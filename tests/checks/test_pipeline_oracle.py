"""When the devices of a pipeline work, by the rules that make it one."""

import itertools

import pytest

from workshop.checks.pipeline_oracle import Stuck, drawn, simulate

SIZES = [(1, 1), (1, 3), (2, 1), (2, 4), (4, 3), (4, 8)]


def all_forward_first(devices, micro_batches):
    return [[(kind, k) for kind in "FB" for k in range(micro_batches)] for _ in range(devices)]


@pytest.mark.parametrize(("devices", "micro_batches"), SIZES)
def test_the_bubble_is_as_large_as_the_formula_says(devices, micro_batches):
    spans = simulate(all_forward_first(devices, micro_batches))
    last = max(end for device in spans for _, end in device.values())
    assert last == 3 * (micro_batches + devices - 1)
    busy = sum(end - start for device in spans for start, end in device.values())
    assert 1 - busy / devices / last == pytest.approx((devices - 1) / (micro_batches + devices - 1))


@pytest.mark.parametrize(("devices", "micro_batches"), SIZES)
def test_nothing_starts_before_what_it_needs(devices, micro_batches):
    spans = simulate(all_forward_first(devices, micro_batches))
    for one, behind in itertools.pairwise(spans):
        for k in range(micro_batches):
            assert behind["F", k][0] >= one["F", k][1]
            assert one["B", k][0] >= behind["B", k][1]
    for device in spans:
        for (_, end), (start, _) in itertools.pairwise(sorted(device.values())):
            assert start >= end
        assert all(device["B", k][0] >= device["F", k][1] for k in range(micro_batches))


def test_a_device_that_waits_for_ever_is_named():
    with pytest.raises(Stuck) as stuck:
        simulate([[("B", 0), ("F", 0)], [("F", 0), ("B", 0)]])
    assert (stuck.value.device, stuck.value.kind, stuck.value.number) == (0, "B", 0)


def test_it_is_drawn_in_letters():
    lines = drawn(simulate(all_forward_first(2, 2))).splitlines()
    assert lines == ["device 0  01...aabb", "device 1  .01aabb.."]


def test_nothing_is_drawn_of_nothing():
    assert drawn([{}]) == "device 0  "
