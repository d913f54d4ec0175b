"""Checks of lesson 09b: systolic arrays, rooflines, meshes, a layout, a layer and its machine."""

import math
import re
from collections.abc import Callable, Mapping

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.checks.scalar import plain
from workshop.messages import say

BYTES = 2  # of a bfloat16
PARTS_OF_A_CHOICE = ("batch", "inputs", "units", "machine", "waits_for")
ANSWERS = ("memory", "multipliers")
ABOUT = (  # what a sentence about a layer and its machine names
    "machine|chip|gpu|tpu|memory|bandwidth|byte|multipl|batch|layer|input|unit|price|cost|cheap|rent"
    "|fast|slow|power|watt|measur|ridge|peak|rechner|speicher|preis|schicht|mémoire|prix|couche"
    "|memoria|precio|capa"
)


@exercise("9b-1")
def cycles(answer: Callable) -> str:
    """Check the cycles of a product that a systolic array makes tile by tile.

    answer: function of m, k, n and size (an `(m, k)` matrix times a `(k, n)` one, on an array of
    `size` x `size` cells) to the number of cycles, all tiles one after the other.
    """
    random = np.random.default_rng()
    for m, k, n, size in (
        (4, 4, 4, 4),
        (10, 4, 4, 4),
        (10, 8, 4, 4),
        (10, 4, 12, 4),
        (7, 5, 3, 4),
        (100, 784, 200, 128),
        (1, 128, 129, 128),
        tuple(int(number) for number in random.integers(1, [999, 999, 999, 99])),
    ):
        needed = math.ceil(k / size) * math.ceil(n / size) * (m + 2 * size - 2)
        compare(answer(m, k, n, size), needed, what=f"cycles(m={m}, k={k}, n={n}, size={size})")
    return say("Every tile takes a cycle per row, and the time to fill and to empty the array.")


@exercise("9b-2")
def dense_rate(answer: Callable) -> str:
    """Check the rate that a dense layer can reach below a roof.

    answer: function of batch, inputs, units, peak (FLOP/s) and bandwidth (bytes/s), with
    numbers of two bytes, to FLOP/s.
    """
    drawn = tuple(int(number) for number in np.random.default_rng().integers(1, 2000, 3))
    shapes = ((1, 784, 200), (128, 784, 200), (1, 4096, 4096), (4096,) * 3, drawn)
    for batch, inputs, units in shapes:
        for peak, bandwidth in ((45e12, 700e9), (1e11, 2e10), (1e18, 1e11)):
            operations = 2 * batch * inputs * units
            moved = BYTES * (batch * inputs + inputs * units + batch * units)
            reached = min(peak, operations / moved * bandwidth)
            what = f"dense_rate({batch}, {inputs}, {units}, {peak:.3g}, {bandwidth:.3g})"
            compare(answer(batch, inputs, units, peak, bandwidth), reached, what=what)
    return say(
        "The lower of two limits: what the memory can feed, and what the multipliers can take."
    )


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
        ({"data": 4, "model": 2}, (8, 12), ("model", "data")),
        ({"rows": 3, "columns": 5}, (15, 30), ("columns", "rows")),
        ({"all": 8}, (16, 24), (None, "all")),
    )
    for mesh, shape, layout in cases:
        for device in range(math.prod(mesh.values())):
            came = answer(device, shape, mesh, layout)
            what = f"shard_of({device}, {shape}, {mesh}, {layout})"
            _check_slices(came, _spans(device, shape, mesh, layout), shape, what)
    return say("Each device knows its place in the mesh, and so its rows and columns.")


@exercise("9b-6")
def layout_of(answer: Callable) -> str:
    """Check a layout of two dense layers, by what Keras cuts with it.

    answer: function of a mesh with the axes "data" and "model" to a `LayoutMap` that cuts the
    kernel and the bias of `d1` by units and the kernel of `d2` by inputs, in any model that has
    layers of these names, and nothing else.
    """
    from keras import distribution as dist

    wanted = {"d1/kernel": (None, "model"), "d1/bias": ("model",), "d2/kernel": ("model", None)}
    whole = (
        "d2/bias",
        "d11/kernel",
        "d2/kernel_scale",
        "embed/embeddings",
        "old_d1/bias",
        "old_d1/kernel",
        "old_d2/kernel",
    )
    for lengths in ((2, 4), (1, 2)):
        devices = [f"cpu:{number}" for number in range(math.prod(lengths))]
        mesh = dist.DeviceMesh(lengths, ["data", "model"], devices)
        came = answer(mesh)
        if not isinstance(came, dist.LayoutMap):
            not_yet("Expected a LayoutMap, got {kind}.", kind=type(came).__name__)
        if came.device_mesh is not mesh:
            not_yet("Expected a LayoutMap of the mesh that your function gets, got another mesh.")
        for model in ("sequential/", "my_model/block_3/", "sequential_7/"):
            for name in (*wanted, *whole):
                _judge_cut(came, f"{model}{name}", wanted.get(name))
    return say("The first layer is cut by units, the second by inputs: one sum joins the parts.")


def _judge_cut(layout, path: str, expected: tuple | None) -> None:
    """Ask as Keras does how a variable is cut."""
    try:
        found = layout[path]
    except ValueError as error:  # two keys match
        not_yet("{path}: {error}", path=path, error=str(error)[:300])
    except re.error as error:
        not_yet(
            "A key is a regular expression (`.*` is any text), but one of yours is none: {error}.",
            error=error,
        )
    came = None if found is None else tuple(getattr(found, "axes", found))
    came = None if came is None or not any(came) else came
    if came == expected:
        return
    if came is None:
        not_yet(
            "{path}: expected it to be cut, but it is not. Does a key match the whole path?",
            path=path,
        )
    if expected is None:
        not_yet("{path}: expected it not to be cut, but it is cut as {got}.", path=path, got=came)
    not_yet(
        "{path}: expected a cut along other axes or dimensions than {got}. The second layer's "
        "inputs are the first one's units.",
        **{"path": path, "got": came},
    )


@exercise("9b-5")
def my_choice(choice: Mapping, why: str, machines: Mapping) -> str:
    """Check a layer and a machine that the learner chose, against the machine's ridge point.

    choice: a dict with "batch", "inputs" and "units" of a dense layer, "machine", a name out of
    `machines`, and "waits_for", "memory" or "multipliers".
    why: why this machine, and what would change the learner's mind.
    machines: for each name, FLOP/s and bytes/s, with bfloat16.
    """
    if not isinstance(choice, Mapping) or set(PARTS_OF_A_CHOICE) - set(choice):
        not_yet(
            "Expected a dict with the keys {expected}, got {got!r}.",
            **{"expected": ", ".join(PARTS_OF_A_CHOICE), "got": choice},
        )
    choice = plain(choice)
    sizes = [choice[name] for name in ("batch", "inputs", "units")]
    if not all(
        isinstance(size, int | np.integer) and not isinstance(size, bool) and size > 0
        for size in sizes
    ):
        not_yet("batch, inputs and units: expected whole numbers from 1, got {got}.", got=sizes)
    if choice["machine"] not in list(machines):
        not_yet(
            "machine: expected one of {machines}, got {got!r}.",
            **{"machines": ", ".join(machines), "got": choice["machine"]},
        )
    if choice["waits_for"] not in ANSWERS:
        not_yet(
            'waits_for: expected "memory" or "multipliers", got {got!r}.', got=choice["waits_for"]
        )
    batch, inputs, units = (int(size) for size in sizes)
    moved = BYTES * (batch * inputs + inputs * units + batch * units)
    intensity = 2 * batch * inputs * units / moved
    peak, bandwidth = machines[choice["machine"]]
    fields = {"intensity": intensity, "ridge": peak / bandwidth, "machine": choice["machine"]}
    if choice["waits_for"] != ("multipliers" if intensity > fields["ridge"] else "memory"):
        not_yet(
            "The layer makes {intensity:.3g} FLOP with each byte (of bfloat16), and the ridge "
            "point of {machine} is at {ridge:.3g}. On which side is the layer?",
            **fields,
        )
    asked = say("Say in `reason` why this machine, and what would change your mind.")
    claim(why, asked, ABOUT)
    return say(
        "{intensity:.3g} FLOP per byte, the ridge point is at {ridge:.3g}: {share:.0%} of the "
        "peak of {machine} at best. Which would be cheaper to change, the batch or the machine?",
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
        try:
            first, last, step = part.indices(length)
        except TypeError:
            not_yet(
                "{what}: expected whole numbers in the slice of the {name}, got {got!r}.",
                **{"what": what, "name": name, "got": part},
            )
        if (first, last) != span or step != 1:
            not_yet(
                "{what}: got the {name} {first} to {last}. Look again at device and axis.",
                **{"what": what, "name": name, "first": first, "last": last},
            )
