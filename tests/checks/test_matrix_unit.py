"""Right and wrong answers to the exercises of lesson 09b."""

import math

import numpy as np
import pytest
from answers import Answers

from workshop.checks import matrix_unit as checks

dist = pytest.importorskip("keras").distribution

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
    *first, (second, many) = mesh.items()
    place = {axis: device // many for axis, _ in first} | {second: device % many}

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


def cycles_by_negative_division(m, k, n, size):
    return -(-k // size) * -(-n // size) * (m + 2 * (size - 1))


def cycles_by_simulation(m, k, n, size):
    rows, columns = len(range(0, k, size)), len(range(0, n, size))
    each = max(i + j + row for i in (0, size - 1) for j in (0, size - 1) for row in (0, m - 1)) + 1
    return float(rows * columns * each)


def cycles_by_ceil(m, k, n, size):
    return int(np.prod(np.ceil(np.array([k, n]) / size))) * (m + size + size - 2)


def cycles_by_adding(m, k, n, size):
    tiles = ((k + size - 1) // size) * ((n + size - 1) // size)
    return sum(m + 2 * size - 2 for _ in range(tiles))


def cycles_of_tiles_that_fit(m, k, n, size):
    tiles = math.ceil(k / size) * math.ceil(n / size)
    return tiles * (m + min(k, size) + min(n, size) - 2)


def cycles_of_all_in_a_row(m, k, n, size):
    return math.ceil(k / size) * math.ceil(n / size) * m + 2 * size - 2


def cycles_of_tiles_in_k(m, k, n, size):
    return math.ceil(k / size) * (m + 2 * size - 2)


def cycles_of_one_more_tile(m, k, n, size):
    return (k // size + 1) * (n // size + 1) * (m + 2 * size - 2)


def cycles_rounded(m, k, n, size):
    return round(k / size) * round(n / size) * (m + 2 * size - 2)


def cycles_in_print(m, k, n, size):
    print(cycles_by_formula(m, k, n, size))


def rate_by_if(batch, inputs, units, peak, bandwidth):
    intensity = batch * inputs * units / (batch * inputs + inputs * units + batch * units)
    return peak if intensity > peak / bandwidth else intensity * bandwidth


def rate_by_harmonic_mean(batch, inputs, units, peak, bandwidth):
    return np.minimum(peak, bandwidth / (1 / batch + 1 / inputs + 1 / units))


def rate_by_sorting(batch, inputs, units, peak, bandwidth):
    shapes = [(batch, inputs), (inputs, units), (batch, units)]
    moved = 2 * sum(map(math.prod, shapes))
    return sorted([float(peak), 2 * math.prod((batch, inputs, units)) / moved * bandwidth])[0]


def rate_in_float64(batch, inputs, units, peak, bandwidth):
    batch, inputs, units = np.float64([batch, inputs, units])
    moved = 2 * (batch * inputs + inputs * units + batch * units)
    return np.array([peak, 2 * batch * inputs * units * bandwidth / moved]).min()


def rate_without_outputs(batch, inputs, units, peak, bandwidth):
    return min(peak, 2 * batch * inputs * units / (2 * inputs * (batch + units)) * bandwidth)


def rate_with_outputs_of_one(batch, inputs, units, peak, bandwidth):
    moved = 2 * (batch * inputs + inputs * units + units)
    return min(peak, 2 * batch * inputs * units / moved * bandwidth)


def rate_of_the_peak(batch, inputs, units, peak, bandwidth):
    return peak


def rate_of_one_input(batch, inputs, units, peak, bandwidth):
    return rate_by_minimum(1, inputs, units, peak, bandwidth)


def rate_of_its_time(batch, inputs, units, peak, bandwidth):
    return 2 * batch * inputs * units / rate_by_minimum(batch, inputs, units, peak, bandwidth)


def rate_with_a_bias(batch, inputs, units, peak, bandwidth):
    operations = 2 * batch * inputs * units + batch * units
    moved = 2 * (batch * inputs + inputs * units + batch * units + units)
    return min(peak, operations / moved * bandwidth)


def shard_by_a_grid(device, shape, mesh, layout):
    grid = np.arange(math.prod(mesh.values())).reshape(list(mesh.values()))
    place = dict(zip(mesh, map(int, np.argwhere(grid == device)[0]), strict=True))
    sizes = [n // mesh[a] if a else n for n, a in zip(shape, layout, strict=True)]
    starts = [place[a] * s if a else 0 for s, a in zip(sizes, layout, strict=True)]
    return tuple(slice(b, b + s, 1) for b, s in zip(starts, sizes, strict=True))


def shard_by_peeling(device, shape, mesh, layout):
    place = {}
    for axis in reversed(mesh):
        device, place[axis] = divmod(device, mesh[axis])
    parts = [slice(None), slice(None)]
    for k in (0, 1):
        if layout[k] is not None:
            size = shape[k] // mesh[layout[k]]
            parts[k] = slice(place[layout[k]] * size, place[layout[k]] * size + size)
    return parts


def shard_by_splitting(device, shape, mesh, layout):
    place = dict(zip(mesh, np.unravel_index(device, list(mesh.values())), strict=True))
    parts = []
    for length, axis in zip(shape, layout, strict=True):
        numbers = np.arange(length)
        if axis is not None:
            numbers = np.split(numbers, mesh[axis])[place[axis]]
        parts.append(slice(numbers[0], numbers[-1] + 1))
    return tuple(parts)


def shard_to_the_end(device, shape, mesh, layout):
    rows, columns = shard_by_index(device, shape, mesh, layout)
    ends = [None if s.stop == n else s.stop for s, n in zip((rows, columns), shape, strict=True)]
    return slice(rows.start, ends[0]), slice(columns.start, ends[1])


def shard_of_two_axes_named(device, shape, mesh, layout):
    place = {"data": device // mesh["model"], "model": device % mesh["model"]}
    return shard_by_index(place["data"] * mesh["model"] + place["model"], shape, mesh, layout)


def shard_of_2_x_4(device, shape, mesh, layout):
    place = dict(zip(mesh, np.unravel_index(device, (2, 4)[: len(mesh)]), strict=True))
    parts = []
    for length, axis in zip(shape, layout, strict=True):
        size = length if axis is None else length // mesh[axis]
        parts.append(slice(0, length) if axis is None else slice(place[axis] * size, None))
    return tuple(parts)


def shard_with_the_last_left_out(device, shape, mesh, layout):
    rows, columns = shard_by_index(device, shape, mesh, layout)
    return slice(rows.start, rows.stop - 1), slice(columns.start, columns.stop - 1)


def shard_that_steps(device, shape, mesh, layout):
    rows, columns = shard_by_index(device, shape, mesh, layout)
    return slice(rows.start, rows.stop, 2), columns


def shard_in_print(device, shape, mesh, layout):
    print(shard_by_index(device, shape, mesh, layout))


KEYS = {".*/d1/kernel": (None, "model"), ".*/d1/bias": ("model",), ".*/d2/kernel": ("model", None)}


def laid_out(keys):
    def layout_of(mesh):
        layout = dist.LayoutMap(mesh)
        for key, axes in keys.items():
            layout[key] = axes
        return layout

    return layout_of


def layout_by_paths(mesh):
    layout = dist.LayoutMap(mesh)
    layout[r"(.+/)?d1/kernel$"] = dist.TensorLayout([None, "model"])
    layout[r"(.+/)?d1/bias$"] = dist.TensorLayout(["model"], mesh)
    layout[r"(.+/)?d2/kernel$"] = dist.TensorLayout(("model", None), mesh)
    layout[r"(.+/)?d2/bias$"] = (None,)
    return layout


def layout_by_update(mesh):
    layout = dist.LayoutMap(device_mesh=mesh)
    layout.update({"[a-z0-9_/]*/" + key[3:]: axes for key, axes in KEYS.items()})
    return layout


def layout_of_the_last_axis(mesh):
    model = mesh.axis_names[-1]
    layout = dist.LayoutMap(mesh)
    layout[".*/d1/(kernel)"] = (None, model)
    layout["^.*/d1/bias$"] = (model,)
    layout[".*/d2/kernel"] = (model, None)
    return layout


def layout_in_a_loop(mesh):
    layout = dist.LayoutMap(mesh)
    for name, place in (("d1/kernel", 1), ("d1/bias", 0), ("d2/kernel", 0)):
        axes = [None] * (2 if "kernel" in name else 1)
        axes[place] = "model"
        layout[f".*/{name}"] = tuple(axes)
    return layout


def changed(change, left_out=()):
    return laid_out({k: v for k, v in (KEYS | change).items() if k not in left_out})


def layout_of_another_mesh(mesh):
    return laid_out(KEYS)(dist.DeviceMesh((1, 1), ["data", "model"], ["cpu:0"]))


def shard_in_floats(device, shape, mesh, layout):
    return tuple(
        slice(one.start, one.stop / 1) for one in shard_by_index(device, shape, mesh, layout)
    )


def shard_by_a_list(device, shape, mesh, layout):
    place = {}
    for axis in reversed(mesh):
        device, place[axis] = divmod(device, mesh[axis])
    held = []
    for length, axis in zip(shape, layout, strict=True):
        parts = np.split(np.arange(length), mesh.get(axis, 1))
        mine = parts[place.get(axis, 0)]
        held.append(slice(mine[0], mine[-1] + 1))
    return held


def rate_by_reciprocals(batch, inputs, units, peak, bandwidth):
    return min(bandwidth / (1 / batch + 1 / inputs + 1 / units), peak)


def cycles_by_ranges(m, k, n, size):
    return sum(m + 2 * size - 2 for _ in range(0, k, size) for _ in range(0, n, size))


RIGHT = {
    checks.cycles: [
        cycles_by_formula,
        cycles_by_loop,
        cycles_by_negative_division,
        cycles_by_simulation,
        cycles_by_ceil,
        cycles_by_adding,
        cycles_by_ranges,
    ],
    checks.dense_rate: [
        rate_by_minimum,
        rate_by_times,
        rate_by_if,
        rate_by_harmonic_mean,
        rate_by_sorting,
        rate_in_float64,
        rate_by_reciprocals,
    ],
    checks.shard_of: [
        shard_by_index,
        shard_by_division,
        shard_by_a_grid,
        shard_by_peeling,
        shard_by_splitting,
        shard_to_the_end,
        shard_by_a_list,
    ],
    checks.layout_of: [
        laid_out(KEYS),
        layout_by_paths,
        layout_by_update,
        layout_of_the_last_axis,
        layout_in_a_loop,
        laid_out(dict(reversed(KEYS.items()))),
    ],
}
WRONG = {
    checks.cycles: [
        (cycles_of_one_tile, "k=8, n=4"),
        (cycles_of_whole_tiles, "k=5, n=3"),
        (cycles_with_tiles_of_rows, "m=10, k=4"),
        (cycles_without_filling, "expected 10, got 4"),
        (cycles_one_too_many, "expected 10, got 11"),
        (cycles_of_tiles_that_fit, "k=5, n=3"),
        (cycles_of_all_in_a_row, "k=8, n=4"),
        (cycles_of_tiles_in_k, "k=4, n=12"),
        (cycles_of_one_more_tile, "expected 10, got 40"),
        (cycles_rounded, "k=5, n=3"),
        (cycles_in_print, "gave None"),
    ],
    checks.dense_rate: [
        (rate_in_float32, "dense_rate(1, 784, 200"),
        (rate_of_multiply_adds, "dense_rate(1, 784, 200"),
        (rate_by_maximum, "dense_rate(1, 784, 200"),
        (rate_of_the_kernel_alone, "expected 6.95635e+11, got 7e+11"),
        (rate_without_a_peak, "dense_rate(128, 784, 200"),
        (rate_without_outputs, "dense_rate(1, 784, 200"),
        (rate_with_outputs_of_one, "dense_rate(128, 784, 200, 1e+18"),
        (rate_of_the_peak, "dense_rate(1, 784, 200"),
        (rate_of_one_input, "dense_rate(128, 784, 200"),
        (rate_of_its_time, "dense_rate(1, 784, 200"),
        (rate_with_a_bias, "dense_rate(1, 784, 200"),
    ],
    checks.shard_of: [
        (shard_column_by_column, "got the columns 0 to 16"),
        (shard_over_all_devices, "got the columns 0 to 8"),
        (shard_as_numbers, "expected a slice such as slice(0, 8) for the rows"),
        (shard_transposed, "got the rows 0 to 16"),
        (shard_of_rows_only, "expected two slices (rows, columns), got slice("),
        (shard_of_two_axes_named, "KeyError"),
        (shard_of_2_x_4, "Look again|ValueError"),
        (shard_with_the_last_left_out, "got the rows 0 to 783"),
        (shard_that_steps, "got the rows 0 to 784"),
        (shard_in_print, "got None"),
        (shard_in_floats, "expected whole numbers in the slice of the rows"),
    ],
    checks.layout_of: [
        (
            laid_out({"d1/kernel": (None, "model"), "d1/bias": ("model",)}),
            "to be cut, but it is not",
        ),
        (laid_out({k[2:]: axes for k, axes in KEYS.items()}), "to be cut, but it is not"),
        (laid_out({k[3:] + ".*": axes for k, axes in KEYS.items()}), "to be cut, but it is not"),
        (
            laid_out({k.replace(".*", "sequential"): a for k, a in KEYS.items()}),
            "to be cut, but it is not",
        ),
        (laid_out({k.replace("/", "", 1): a for k, a in KEYS.items()}), "old_d1/bias: expected"),
        (laid_out({k.replace("kernel", "ker.*"): a for k, a in KEYS.items()}), "kernel_scale: exp"),
        (changed({".*/d2/kernel": (None, "model")}), "d2/kernel: expected a cut along other axes"),
        (changed({".*/d1/kernel": ("model", None)}), "d1/kernel: expected a cut along other axes"),
        (changed({".*/d1/kernel": (None, "data")}), "d1/kernel: expected a cut along other axes"),
        (
            changed({".*/d1/kernel": ("data", "model")}),
            "d1/kernel: expected a cut along other axes",
        ),
        (changed({".*/d2/bias": ("model",)}), "d2/bias: expected it not to be cut"),
        (changed({}, [".*/d1/bias"]), "d1/bias: expected it to be cut"),
        (changed({".*d1.*": (None, "model")}), "matches multiple layout"),
        (lambda mesh: None, "Expected a LayoutMap, got NoneType"),
        (lambda mesh: KEYS, "Expected a LayoutMap, got dict"),
        (layout_of_another_mesh, "got another mesh"),
        (
            laid_out({k.replace(".*", "*"): axes for k, axes in KEYS.items()}),
            "A key is a regular expression",
        ),
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
        ({}, "a b c d e f g h", "what would change your mind"),
        ({}, "the quick brown fox jumps over the dog", "what has that to do with it?"),
        ({"machine": ["TPU v2"]}, REASON, "expected one of TPU v2, laptop, got ['TPU v2']"),
        ({"batch": True, "waits_for": "memory"}, REASON, "expected whole numbers from 1"),
        ({"batch": 128.0}, REASON, "expected whole numbers from 1"),
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
