"""Checks of lesson 09b: systolic arrays, rooflines, meshes, hours from operations."""

import math
from collections.abc import Callable, Mapping

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.messages import say

SECONDS_AN_HOUR = 3600
BYTES = 2  # of a bfloat16
PARTS_OF_A_CHOICE = ("batch", "inputs", "units", "machine", "waits_for")
ANSWERS = ("memory", "multipliers")


@exercise("9b-1")
def cycles(answer: Callable) -> str:
    """Check the cycles of a product that a systolic array makes tile by tile.

    answer: function of m, k, n and size (an `(m, k)` matrix times a `(k, n)` one, on an array of
    `size` x `size` cells) to the number of cycles, all tiles one after the other.
    """
    for m, k, n, size in (
        (4, 4, 4, 4),
        (10, 4, 4, 4),
        (10, 8, 4, 4),
        (10, 4, 12, 4),
        (7, 5, 3, 4),
        (100, 784, 200, 128),
    ):
        needed = math.ceil(k / size) * math.ceil(n / size) * (m + 2 * size - 2)
        compare(answer(m, k, n, size), needed, what=f"cycles(m={m}, k={k}, n={n}, size={size})")
    return say("Every tile takes all rows, and the time to fill and to empty the array.")


@exercise("9b-2")
def dense_rate(answer: Callable) -> str:
    """Check the rate that a dense layer can reach below a roof.

    answer: function of batch, inputs, units, peak (operations/s) and bandwidth (bytes/s), with
    numbers of two bytes, to operations/s.
    """
    for batch, inputs, units in ((1, 784, 200), (128, 784, 200), (1, 4096, 4096), (4096,) * 3):
        for peak, bandwidth in ((45e12, 700e9), (1e11, 2e10)):
            operations = 2 * batch * inputs * units
            moved = BYTES * (batch * inputs + inputs * units + batch * units)
            reached = min(peak, operations / moved * bandwidth)
            what = f"dense_rate({batch}, {inputs}, {units}, {peak:.3g}, {bandwidth:.3g})"
            compare(answer(batch, inputs, units, peak, bandwidth), reached, what=what)
    return say("The lower of two limits: what the memory feeds, and what the multipliers take.")


@exercise("9b-3")
def shard_of(answer: Callable) -> str:
    """Check which part of a matrix a device of a mesh holds.

    answer: function of a device's number, the shape of a matrix, the mesh (a dict, name of an axis
    to its length) and a layout (for each dimension of the matrix None or the name of an axis) to
    two slices, of rows and columns.
    """
    cases = (
        ({"data": 2, "model": 4}, (784, 64), (None, "model")),
        ({"data": 2, "model": 4}, (64, 12), ("model", None)),
        ({"data": 2, "model": 4}, (256, 16), ("data", None)),
        ({"data": 2, "model": 4}, (8, 12), (None, None)),
        ({"data": 4, "model": 2}, (8, 12), ("data", "model")),
    )
    for mesh, shape, layout in cases:
        for device in range(math.prod(mesh.values())):
            came = answer(device, shape, mesh, layout)
            what = f"shard_of({device}, {shape}, {mesh}, {layout})"
            _check_slices(came, _spans(device, shape, mesh, layout), shape, what)
    return say("Each device knows its place in the mesh, and so its rows and columns.")


@exercise("9b-4")
def training_hours(answer: Callable) -> str:
    """Check the hours of a training, from its operations.

    answer: function of the multiply-adds of one picture forward, the pictures of an epoch, the
    epochs, the peak (operations/s) and the share of it that is reached to hours.
    """
    for madds, pictures, epochs, peak, share in (
        (4e9, 1_281_167, 90, 180e12, 0.2),
        (157_000, 55_000, 5, 1e11, 0.05),
        (4e9, 1_281_167, 90, 11.5e15, 1.0),
    ):
        seconds = madds * 2 * 3 * pictures * epochs / (peak * share)
        what = f"training_hours({madds:g}, {pictures}, {epochs}, {peak:.4g}, {share})"
        came = answer(madds, pictures, epochs, peak, share)
        compare(came, seconds / SECONDS_AN_HOUR, what=what, atol=0)
    return say("Two operations each, three passes, and only the share of the peak that is reached.")


@exercise("9b-5")
def my_choice(choice: Mapping, why: str, machines: Mapping) -> str:
    """Check a layer and a machine that the learner chose, against the machine's corner.

    choice: a dict with "batch", "inputs" and "units" of a dense layer, "machine", a name out of
    `machines`, and "waits_for", "memory" or "multipliers".
    why: why this machine, and what would change the learner's mind.
    machines: for each name, operations per second and bytes per second.
    """
    if not isinstance(choice, Mapping) or set(PARTS_OF_A_CHOICE) - set(choice):
        not_yet(
            "Expected a dict with the keys {expected}, got {got!r}.",
            **{"expected": ", ".join(PARTS_OF_A_CHOICE), "got": choice},
        )
    sizes = [choice[name] for name in ("batch", "inputs", "units")]
    if not all(isinstance(size, int | np.integer) and size > 0 for size in sizes):
        not_yet("batch, inputs and units: expected whole numbers from 1, got {got}.", got=sizes)
    if choice["machine"] not in machines:
        not_yet(
            "machine: expected one of {machines}, got {got!r}.",
            **{"machines": ", ".join(machines), "got": choice["machine"]},
        )
    if choice["waits_for"] not in ANSWERS:
        not_yet(
            'waits_for: expected "memory" or "multipliers", got {got!r}.', got=choice["waits_for"]
        )
    batch, inputs, units = sizes
    moved = BYTES * (batch * inputs + inputs * units + batch * units)
    intensity = 2 * batch * inputs * units / moved
    peak, bandwidth = machines[choice["machine"]]
    fields = {"intensity": intensity, "corner": peak / bandwidth, "machine": choice["machine"]}
    if choice["waits_for"] != ("multipliers" if intensity > fields["corner"] else "memory"):
        not_yet(
            "The layer makes {intensity:.3g} operations with each byte (of bfloat16), and the "
            "corner of {machine} is at {corner:.3g}. On which side does it lie?",
            **fields,
        )
    reason(why, "Say in `reason` why this machine, and what would change your mind.")
    return say(
        "{intensity:.3g} operations per byte, the corner is at {corner:.3g}: {share:.0%} of the "
        "peak of {machine} at best. Would the batch or the machine be cheaper to change?",
        **{**fields, "share": min(1, intensity * bandwidth / peak)},
    )


def _spans(device, shape, mesh, layout):
    """First and one after the last, of each dimension of the part that a device holds."""
    place = dict(zip(mesh, np.unravel_index(device, tuple(mesh.values())), strict=True))
    spans = []
    for length, axis in zip(shape, layout, strict=True):
        size = length if axis is None else length // mesh[axis]
        first = 0 if axis is None else int(place[axis]) * size
        spans.append((first, first + size))
    return spans


def _check_slices(came, spans, shape, what):
    if not isinstance(came, tuple | list) or len(came) != 2:
        not_yet(
            "{what}: expected two slices (rows, columns), got {got!r}.",
            **{"what": what, "got": came},
        )
    names = say("rows"), say("columns")
    for name, part, span, length in zip(names, came, spans, shape, strict=True):
        if not isinstance(part, slice):
            not_yet(
                "{what}: expected a slice such as slice(0, 8) for the {name}, got {got!r}.",
                **{"what": what, "name": name, "got": part},
            )
        first, last, step = part.indices(length)
        if (first, last) != span or step != 1:
            not_yet(
                "{what}: got the {name} {first} to {last}. Look again at device and axis.",
                **{"what": what, "name": name, "first": first, "last": last},
            )
