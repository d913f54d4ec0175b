"""Runs a learner's function in a process of its own, on one logical device and on three."""

import base64
import importlib
import inspect
import json
import marshal
import operator
import os
import subprocess
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from typing import Any

from workshop.checks.engine import not_yet
from workshop.checks.raised import NOT_SAID
from workshop.messages import say

PLAIN = (bool, int, float, str, bytes, tuple, list, dict, set, type(None))
LIBRARIES = ("keras", "numpy", "tensorflow")
RESULT = "result of the jobs: "
SECONDS = 240
EXAMPLES, BATCH, PIXELS, CLASSES, STEPS = 240, 60, 12, 4, 8
PENALTY, RATE = 0.03, 0.2


def on_devices(answer: Callable, job: str) -> dict:
    """Run a function of the learner on one logical CPU, and on three others.

    The kernel of the lesson has no TensorFlow, and devices can't be cut up once it has started. The
    function finds `tf`, `keras`, `np`, and what its own cell defines.

    Args:
        answer: a plain function.
        job: what it is run for: `"train"` or `"step"`.

    Returns:
        For `"1"` and `"3"` devices what the job found, as a dict.

    Raises:
        Exception: one that `exercise` turns into "not yet", where it is no function, or raised.
    """
    answer = inspect.unwrap(getattr(answer, "python_function", answer))
    if not inspect.isfunction(answer):
        not_yet("Expected a function, got {kind}.", kind=type(answer).__name__)
    packed = base64.b64encode(marshal.dumps(_packed(answer))).decode()
    quiet = {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONUTF8": "1"}
    quiet |= {"KERAS_BACKEND": "tensorflow"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "workshop.checks.replicas", job],
            **{"input": packed, "capture_output": True, "text": True, "encoding": "utf-8"},
            **{"errors": "replace", "timeout": SECONDS, "env": os.environ | quiet},
            check=False,
        )
    except subprocess.TimeoutExpired:
        not_yet("Your function had not finished after {seconds} s.", seconds=SECONDS)
    lines = [line for line in done.stdout.splitlines() if line.startswith(RESULT)]
    if not lines:
        not_yet(
            "Your function ended its process ({status}): {said}",
            **{"status": done.returncode, "said": done.stderr.strip()[-300:]},
        )
    found = json.loads(lines[-1].removeprefix(RESULT))
    for devices, one in found.items():
        if error := one.get("error"):
            not_yet(
                "Your code, {where}, raised {error}",
                **{"where": where(devices), "error": error},
            )
    return found


def where(devices: str) -> str:
    """Say on how many devices something ran.

    Example:
        >>> where("1"), where("3")
        ('on one device', 'on 3 devices')
    """
    return say("on one device") if devices == "1" else say("on {n} devices", n=devices)


def _packed(function: Callable, known: tuple = ()) -> tuple:
    """Give the code of a function and of those of its cell that it calls, as `marshal` takes it."""
    inner: dict[str, tuple] = {}
    for name in _names(function.__code__):
        if name not in function.__globals__:
            continue
        value = function.__globals__[name]
        if isinstance(value, types.ModuleType):
            inner[name] = "module", value.__name__
        elif hasattr(value, "__qualname__") and value.__module__.split(".")[0] in LIBRARIES:
            inner[name] = "part", (value.__module__, value.__qualname__)
        elif inspect.isfunction(value) and name not in known:
            inner[name] = "function", _packed(value, (*known, name, function.__name__))
        elif type(value) in PLAIN:
            inner[name] = "value", value
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    return function.__code__, function.__defaults__, function.__kwdefaults__, inner, cells


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _unpacked(packed: tuple, names: dict) -> Callable:
    code, defaults, named, inner, cells = packed
    found = dict(names)
    for name, (kind, value) in inner.items():
        if kind == "module":
            value = importlib.import_module(value)  # noqa: PLW2901 - what it stands for
        if kind == "part":  # such as a layer that the learner's cell imports by its name
            home, path = value
            value = operator.attrgetter(path)(importlib.import_module(home))  # noqa: PLW2901
        found[name] = _unpacked(value, names) if kind == "function" else value
    closure = tuple(types.CellType(value) for value in cells) or None
    function = types.FunctionType(code, found, code.co_name, defaults, closure)
    function.__kwdefaults__ = named
    found[code.co_name] = found.get(code.co_name, function)
    return function


def _jobs(packed: tuple, job: str) -> dict:
    """In the other process: run the job on device 0, then on devices 1 to 3."""
    import keras
    import numpy as np
    import tensorflow as tf

    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 4
    )
    places = [device.name for device in tf.config.list_logical_devices("CPU")]
    answer = _unpacked(packed, {"tf": tf, "keras": keras, "np": np, "layers": keras.layers})
    rng, found = np.random.default_rng(), {}
    images = rng.normal(size=(EXAMPLES, PIXELS)).astype("float32")
    labels = np.argmax(images[:, :CLASSES], axis=1)
    # Two strategies of different sizes may not share a device.
    for devices in (places[:1], places[1:]):
        keras.utils.set_random_seed(7)
        try:
            found[str(len(devices))] = JOBS[job](answer, devices, images.copy(), labels.copy())
        except Exception as error:  # noqa: BLE001 - the learner's code
            said = NOT_SAID.sub("", str(error)).strip().splitlines() or [""]
            found[str(len(devices))] = {"error": f"{type(error).__name__}: {said[-1]:.300}"}
            traceback.print_exc()
    return found


def model_of(penalty: float = 0.0, *before: Any) -> Any:
    """Build the small network of the jobs, with a penalty on its kernel and one on its bias."""
    import keras

    rule = keras.regularizers.L2(penalty) if penalty else None
    rules = {"kernel_regularizer": rule, "bias_regularizer": rule}
    dense = keras.layers.Dense(CLASSES, "softmax", **rules)
    return keras.Sequential([keras.Input((PIXELS,)), *before, dense])


def _noting(seen: list[bool]) -> Any:
    """Make a layer that does nothing, and notes of each call whether it is one in training."""
    import keras

    class Noting(keras.layers.Layer):
        def call(self, inputs: Any, training: bool | None = None) -> Any:
            seen.append(bool(training))
            return inputs

    return Noting()


def _train(answer: Callable, devices: list[str], images: Any, labels: Any) -> dict:
    """Let the answer train, and hold its weights to those of one device."""
    import keras
    import numpy as np

    model = answer(devices, images, labels)
    if not isinstance(model, keras.Model):
        return {"kind": type(model).__name__}
    copies = [list(getattr(one.value, "values", [one.value])) for one in model.weights]
    came, optimizer = model.get_weights(), getattr(model, "optimizer", None)
    keras.utils.set_random_seed(7)
    alone = model_of()
    alone.compile(keras.optimizers.SGD(RATE), "sparse_categorical_crossentropy")
    alone.fit(images, labels, batch_size=BATCH, epochs=2, shuffle=False, verbose=0)
    return {
        "copies": min(map(len, copies)),
        "on": sorted({_short(copy.device) for one in copies for copy in one}),
        "given": sorted(map(_short, devices)),
        "came": [one.tolist() for one in came],
        "alone": [one.tolist() for one in alone.get_weights()],
        # Of a loop without `compile` the weights have to tell.
        "steps": int(np.asarray(optimizer.iterations)) if optimizer else STEPS,
    }


def _step(answer: Callable, devices: list[str], images: Any, labels: Any) -> dict:
    """Let the answer make steps on each replica, and hold the weights to those of one device."""
    import keras
    import tensorflow as tf

    seen: list[bool] = []

    def born() -> tuple:
        keras.utils.set_random_seed(7)
        model, optimizer = model_of(PENALTY, _noting(seen)), keras.optimizers.SGD(RATE)
        optimizer.build(model.trainable_variables)
        return model, optimizer

    strategy = tf.distribute.MirroredStrategy(devices)
    with strategy.scope():
        model, optimizer = born()
    data = tf.data.Dataset.from_tensor_slices((images, labels)).batch(BATCH)
    run = tf.function(lambda x, y: strategy.run(answer, (model, optimizer, x, y)))
    seen.clear()  # what building it was
    for batch in strategy.experimental_distribute_dataset(data.repeat(2)):
        run(*batch)
    in_training = [*seen]
    alone, its_optimizer = born()
    loss_of = keras.losses.SparseCategoricalCrossentropy()
    for x, y in data.repeat(2):
        with tf.GradientTape() as tape:
            loss = loss_of(y, alone(x, training=True)) + sum(alone.losses)
        weights = alone.trainable_variables
        its_optimizer.apply(tape.gradient(loss, weights), weights)
    return {
        "came": [one.tolist() for one in model.get_weights()],
        "alone": [one.tolist() for one in alone.get_weights()],
        "in_training": in_training,
    }


def _short(device: str) -> str:
    return device.rpartition("device:")[2]


JOBS = {"train": _train, "step": _step}

if __name__ == "__main__":
    asked = marshal.loads(base64.b64decode(sys.stdin.read()))
    print(RESULT + json.dumps(_jobs(asked, sys.argv[1])))
