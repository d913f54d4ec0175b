"""Checks of lesson 08d: bytes of a device, a schedule of a pipeline, accumulation, a plan."""

from collections.abc import Callable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.checks.pipeline_oracle import Stuck, drawn, simulate
from workshop.checks.scalar import plain
from workshop.messages import say

FLOAT = 4  # bytes
FEWEST_WORDS = 12  # for what, why, and what would change it
NEEDED = ("parameters", "example_bytes", "batch", "devices", "stage", "card_gb")
ABOUT = (  # what a sentence about such a plan names
    "model|card|gpu|stage|memory|weight|gradient|state|link|batch|shard|fit|bits|param|activation"
    "|modell|karte|speicher|stufe|modèle|carte|mémoire|étape|modelo|tarjeta|memoria|etapa"
)


def _bytes_of(parameters: int, example_bytes: int, batch: int, devices: int, stage: int) -> float:
    """Give the bytes of a device: Adam's states, gradients and weights, sharded in this order."""
    states, gradients, weights = 2 * FLOAT, FLOAT, FLOAT
    each = [
        size / devices if stage > k else size for k, size in enumerate((states, gradients, weights))
    ]
    return parameters * sum(each) + example_bytes * batch / devices


@exercise("8d-1")
def device_bytes(answer: Callable) -> str:
    """Check the memory of one device: weights, gradients, Adam's states, activations.

    answer: function of the number of parameters, the bytes of an example's activations, the global
    batch size, the number of devices, and what is sharded (0 nothing, 1 states, 2 gradients as
    well, 3 weights as well) to bytes.
    """
    rng = np.random.default_rng()
    cases = [(1_000_000, 0, 64, 1, 0), (0, 1000, 64, 1, 0), (0, 1000, 64, 4, 0)]
    cases += [(1_000_000, 0, 64, 4, stage) for stage in range(4)]
    cases += [(1_000_000, 0, 64, 1, 3)]
    for stage in range(4):
        some = rng.integers((1e6, 1e3, 1, 2), (9e9, 9e6, 16, 9)).tolist()
        parameters, example_bytes, each, devices = some
        cases.append((parameters, example_bytes, each * devices, devices, stage))
    for case in cases:
        what = f"device_bytes{case}"
        compare(answer(*case), _bytes_of(*case), what=what, rtol=1e-6, atol=1)
    return say("Sixteen bytes per parameter, and each stage shares out some more of them.")


@exercise("8d-2")
def schedule(answer: Callable) -> str:
    """Check the order of work on each device of a pipeline: how long it takes, what it holds.

    answer: function of the numbers of devices and micro-batches to a list for each device, from the
    first, of `("F", k)` and `("B", k)`: forward and backward of micro-batch k from 0.
    """
    rng = np.random.default_rng()
    some = rng.integers((2, 1), (6, 12), (3, 2)).tolist()
    for devices, micro_batches in [(4, 8), (2, 5), (1, 3), (3, 1), (3, 2), *some]:
        what = f"schedule({devices}, {micro_batches})"
        orders = _orders(answer(devices, micro_batches), devices, micro_batches, what)
        try:
            spans = simulate(orders)
        except Stuck as stuck:
            not_yet(
                "{what}: device {device} waits forever for {kind}{number}, which comes later on "
                "the device that it waits for.",
                **{"what": what, "device": stuck.device, "kind": stuck.kind},
                number=stuck.number,
            )
        _judge_memory(orders, micro_batches, what, spans)
        took = max(end for device in spans for _, end in device.values())
        if took > (most := 3 * (micro_batches + devices - 1)):
            not_yet(
                "{what}: expected at most {most} units of time, got {took}.\n{picture}",
                **{"what": what, "most": most, "took": took, "picture": drawn(spans)},
            )
    shown = drawn(simulate(_orders(answer(4, 6), 4, 6, "schedule(4, 6)")))
    return say(
        "As fast as GPipe, with fewer micro-batches in memory. Yours for 4 devices and 6 "
        "micro-batches; a digit is forward, a letter backward (a for 0):\n{picture}",
        picture=shown,
    )


def _orders(came: Any, devices: int, micro_batches: int, what: str) -> list[list[tuple]]:
    """Look at the form of a schedule: all that is to be done, each thing once, F before B."""
    if came is None:
        not_yet("{what} gave None. Does every path of your function end in `return`?", what=what)
    rows = list(came) if isinstance(came, Sequence | np.ndarray) else []
    if len(rows) != devices or not all(isinstance(row, Sequence | np.ndarray) for row in rows):
        not_yet(
            "{what}: expected {devices} lists, one for each device, got {got}.",
            **{"what": what, "devices": devices, "got": f"{came!r:.100}"},
        )
    orders = []
    for device, row in enumerate(rows):
        order = [_task(task, what, device) for task in row]
        fields = {"what": what, "device": device, "count": micro_batches}
        for kind in "FB":
            if sorted(number for name, number in order if name == kind) != [*range(micro_batches)]:
                not_yet(
                    "{what}, device {device}: expected {kind} of each of the {count} micro-batches "
                    "once, got {got}.",
                    **{**fields, "kind": kind, "got": [n for name, n in order if name == kind]},
                )
        orders.append(order)
    return orders


def _task(task: Any, what: str, device: int) -> tuple[str, int]:
    if isinstance(task, str | Mapping) or np.shape(task) != (2,):
        fields = {"what": what, "device": device, "got": task}
        not_yet('{what}, device {device}: expected pairs such as ("F", 0), got {got!r}.', **fields)
    kind, number = task
    is_whole = isinstance(number, Integral) or str(number).isdigit()  # NumPy makes texts of both
    if kind not in ("F", "B") or not is_whole:
        fields = {"what": what, "device": device, "got": task}
        not_yet('{what}, device {device}: expected pairs such as ("F", 0), got {got!r}.', **fields)
    return str(kind), int(number)


def _judge_memory(
    orders: list[list[tuple]], micro_batches: int, what: str, spans: list[dict]
) -> None:
    """Device s of p may hold p - s micro-batches: forward is done, backward not yet."""
    for device, order in enumerate(orders):
        held = np.cumsum([1 if kind == "F" else -1 for kind, _ in order]).max()
        if held > (most := min(len(orders) - device, micro_batches)):
            not_yet(
                "{what}: device {device} holds the activations of {held} micro-batches at once, "
                "expected at most {most}.\n{picture}",
                **{"what": what, "device": device, "held": held, "most": most},
                picture=drawn(spans),
            )


@exercise("8d-3")
def accumulated(answer: Callable) -> str:
    """Check gradients of a batch that were gathered from parts of it.

    answer: function of a model that gives logits, images `(n, ...)`, labels `(n,)` and the largest
    number of examples that fit into memory to the gradients of the mean loss over all n.
    """
    import keras
    import tensorflow as tf

    rng = np.random.default_rng()
    for count, size in ((12, 12), (12, 4), (12, 5), (7, 1), (5, 8), (11, 3)):
        model, seen = _watched()
        images = rng.normal(size=(count, 4)).astype("float32")
        labels = np.argmax(images[:, :3], axis=1)
        loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        with tf.GradientTape() as tape:
            loss = loss_of(labels, model(images))
        expected = tape.gradient(loss, model.trainable_variables)
        before = model.get_weights()
        seen.clear()
        came = answer(model, images, labels, size)
        what = say("{count} examples, {size} at a time", count=count, size=size)
        _judge_gradients(came, expected, what)
        _judge_calls(seen, size, what)
        for was, now in zip(before, model.get_weights(), strict=True):
            if not np.array_equal(was, now):
                not_yet(
                    "{what}: the weights have changed; only the gradients are asked for.", what=what
                )
    return say("Whatever fits into memory, the gradients are those of the whole batch.")


def _watched() -> tuple[Any, list[tuple[int, bool | None]]]:
    """Make a model that gives logits, and the list of its calls: examples, whether in training.

    A call's way back is in the list as well, with None in place of the second.
    """
    import keras
    import tensorflow as tf

    seen: list[tuple[int, bool | None]] = []

    class Watched(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(3)

        def call(self, inputs: Any, training: bool = False) -> Any:
            count, backwards = inputs.shape[0] or 0, []
            seen.append((count, bool(training)))

            @tf.custom_gradient
            def noted(logits: Any) -> tuple:
                def back(upstream: Any) -> Any:
                    if not backwards:  # one by one the gradients take the same way again
                        seen.append((count, None))
                    backwards.append(count)
                    return upstream

                return tf.identity(logits), back

            return noted(self.dense(inputs))

    return Watched(), seen


def _judge_calls(seen: list[tuple[int, bool | None]], size: int, what: str) -> None:
    most = held = 0
    for count, training in seen:  # those that go back together were kept together
        held = held + count if training is None else 0
        most = max(most, held, count)
    if most > size:
        not_yet(
            "{what}: {got} examples were in memory at once, which is too many. A tape keeps "
            "everything that it has seen until the gradients are taken.",
            **{"what": what, "got": most},
        )
    if False in [training for _, training in seen]:
        not_yet("{what}: the model was called without training=True.", what=what)


def _judge_gradients(came: Any, expected: list, what: str) -> None:
    if came is None:
        not_yet("{what}: got None. Does every path of your function end in `return`?", what=what)
    if not isinstance(came, list | tuple) or len(came) != len(expected):
        kind = type(came).__name__
        not_yet("{what}: expected a list of {n} gradients, got {kind}.", what=what, kind=kind, n=2)
    for name, one, want in zip(("kernel", "bias"), came, expected, strict=True):
        where = say("{what}: the gradient of the {name}", what=what, name=name)
        compare(one, np.asarray(want), what=where, rtol=1e-3, atol=1e-5)


@exercise("8d-4")
def my_plan(answer: Mapping, why: str) -> str:
    """Check a plan for a model that is too large for one card.

    answer: dict with the numbers that `device_bytes` takes, by their names ("parameters",
    "example_bytes", "batch", "devices", "stage"), and "card_gb".
    why: what it is, why so, and what would change the learner's mind.
    """
    *numbers, card_gb = _numbers_of(answer)
    alone, each = (_bytes_of(*n) / 1e9 for n in ((*numbers[:3], 1, 0), numbers))
    devices = numbers[3]
    if alone <= card_gb:
        not_yet(
            "One card needs {alone:.3g} GB and has {card:g} GB: it fits. Take a larger model, or a "
            "smaller card.",
            **{"alone": alone, "card": card_gb},
        )
    if each > card_gb:
        not_yet(
            "Each of {devices} cards needs {each:.3g} GB and has {card:g}. What takes up most of "
            "it?",
            **{"devices": devices, "each": each, "card": card_gb},
        )
    found = say(
        "One card would need {alone:.3g} GB, each of {devices} needs {each:.3g} of its {card:g}.",
        **{"alone": alone, "devices": devices, "each": each, "card": card_gb},
    )
    asked = say(
        "{found} Now say in `reason` what model it is, why this stage, and what would change your "
        "mind.",
        found=found,
    )
    claim(why, asked, ABOUT, least=FEWEST_WORDS)
    return say(
        "{found} Leave a tenth of the memory free: this count leaves out buffers.", found=found
    )


def _numbers_of(answer: Any) -> list:
    """Look at the form of a plan, and give its numbers."""
    if not isinstance(answer, Mapping) or set(answer) != set(NEEDED):
        not_yet(
            "Expected a dict with the keys {expected}, got {got!r}.",
            expected=", ".join(NEEDED),
            got=list(answer) if isinstance(answer, Mapping) else answer,
        )
    answer = plain(answer)
    for key in NEEDED:
        value, least = answer[key], 0 if key in ("stage", "example_bytes") else 1e-9
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        if not (is_number and least <= value < np.inf):
            fields = {"key": key, "got": value}
            not_yet("{key!r}: expected a number above 0 ('stage' may be 0), got {got!r}.", **fields)
    batch, devices, stage = (answer[key] for key in ("batch", "devices", "stage"))
    if stage not in range(4):
        not_yet("'stage': expected 0, 1, 2 or 3, got {got!r}.", got=stage)
    if devices != int(devices) or batch != int(batch) or batch % devices:
        not_yet(
            "Expected whole numbers, and a batch that the devices can share evenly; got a batch "
            "of {batch} on {devices} devices.",
            **{"batch": batch, "devices": devices},
        )
    return [answer[key] for key in NEEDED]
