"""Checks of lesson 09: fixed shapes, bfloat16, scaled rates, a script for TPUs, own settings."""

import time
from collections.abc import Callable, Mapping

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.checks.scalar import plain
from workshop.checks.tpu_script import judge
from workshop.messages import say

BASE_BATCH, WARM_UP_DIGITS = 32, 4096
CLASSES = 10
PLAIN = {
    "batch_size": 64,
    "learning_rate": 0.04,
    "steps_per_execution": 1,
    "jit_compile": False,
    "policy": "float32",
}
POLICIES = ("float32", "mixed_bfloat16", "mixed_float16", "bfloat16", "float16")
EPOCHS, ROUNDS = 2, 2
WORSE = 1.5
ABOUT = (  # what a sentence about such settings names
    "gpu|tpu|xla|float|network|model|layer|batch|rate|step|call|price|cost|fast|slow|speed|digit"
    "|loss|measur|machine|larg|small|netz|karte|schnell|langsam|réseau|carte|vite|lent|red|rápid"
)


@exercise("9-2")
def pad_batch(answer: Callable) -> str:
    """Check that a small batch is filled up, and that its loss, by Keras, stays what it was.

    answer: function of images `(n, 28, 28)`, labels `(n,)` and a size to both with `size` rows, in
    their dtypes, and weights `(size,)`, float32, with which the mean over `size` is the mean over
    the n real digits.
    """
    random = np.random.default_rng()
    for real, size, pixels, classes in (
        (52, 64, "uint8", "uint8"),
        (64, 64, "uint8", "uint8"),
        (1, 8, "uint8", "int64"),
        (int(random.integers(2, 31)), 32, "float32", "int32"),
    ):
        images = random.integers(1, 256, (real, 28, 28)).astype(pixels)
        labels = random.integers(1, CLASSES, real).astype(classes)
        sizes = {"real": real, "size": size}
        padded = _parts_of(answer(images, labels, size), (pixels, classes), **sizes)
        what = say("the real images, {real} digits padded to {size}", **sizes)
        compare(padded[0][:real], images, what=what)
        what = say("the real labels, {real} digits padded to {size}", **sizes)
        compare(padded[1][:real], labels, what=what)
        for part, name in ((padded[0], say("images")), (padded[1], say("labels"))):
            what = say(
                "the padding of the {name}, {real} digits padded to {size}", name=name, **sizes
            )
            compare(part[real:], np.zeros_like(part[real:]), what=what)
        what = say("the weights of the padding, {real} digits padded to {size}", **sizes)
        compare(padded[2][real:], np.zeros(size - real), what=what)
        what = say("the loss with your weights, {real} digits padded to {size}", **sizes)
        _compare_loss(padded, labels, what, random)
    return say("One shape for all batches, and the loss is that of the real digits.")


def _parts_of(came: object, dtypes: tuple, *, real: int, size: int) -> list[np.ndarray]:
    """Take a filled batch apart, and look at shapes and dtypes."""
    sizes = {"real": real, "size": size}
    wanted = (
        (say("images"), (size, 28, 28), dtypes[0]),
        (say("labels"), (size,), dtypes[1]),
        (say("weights"), (size,), "float32"),
    )
    if not isinstance(came, tuple | list):
        not_yet(
            "pad_batch, {real} digits to {size}: expected a tuple (images, labels, weights), got "
            "{kind}.",
            **{**sizes, "kind": type(came).__name__},
        )
    if (count := len(came)) != len(wanted):
        not_yet(
            "pad_batch, {real} digits to {size}: expected {expected} parts (images, labels, "
            "weights), got {got}.",
            **{**sizes, "expected": len(wanted), "got": count},
        )
    padded = [np.asarray(part) for part in came]
    for part, (name, shape, dtype) in zip(padded, wanted, strict=True):
        named = {**sizes, "name": name}
        if part.shape != shape:
            not_yet(
                "pad_batch, {real} digits to {size}: expected {name} of shape {expected}, got "
                "{got}.",
                **{**named, "expected": shape, "got": part.shape},
            )
        if part.dtype != dtype:
            not_yet(
                "pad_batch, {real} digits to {size}: expected {name} of dtype {expected}, got "
                "{got}.",
                **{**named, "expected": dtype, "got": part.dtype},
            )
    return padded


def _compare_loss(padded: list[np.ndarray], labels: np.ndarray, what: str, random) -> None:
    """Compare the loss of the filled batch with that of the real digits, both by Keras."""
    import keras

    scores = random.random((len(padded[1]), CLASSES), dtype=np.float32)
    probabilities = scores / scores.sum(axis=1, keepdims=True)
    mean = keras.losses.SparseCategoricalCrossentropy()
    came = mean(padded[1], probabilities, sample_weight=padded[2])
    expected = mean(labels, probabilities[: len(labels)])
    compare(float(came), float(expected), what=what)


@exercise("9-3")
def to_bfloat16(answer: Callable) -> str:
    """Check rounding to bfloat16 against the conversion of ml_dtypes, which TensorFlow uses.

    answer: function of a float32 array `(n,)` to one of the same shape, float32, each value rounded
    to the nearest number that bfloat16 has; of two equally near, the one with an even last bit.
    """
    from ml_dtypes import bfloat16

    random = np.random.default_rng()
    step = 2.0**-7  # from 1 to the next number of bfloat16
    for name, values in (
        (say("close to 1"), [1, 1 + step, 1 + 0.4 * step, 1 + 0.6 * step, 1.001]),
        (say("ties"), [1 + 0.5 * step, 1 + 1.5 * step, 257, 259, -257, -259]),
        (say("zeros and infinities"), [0.0, -0.0, np.inf, -np.inf]),
        (say("small and large"), [1e-30, -1e-38, 70_000, 3.4e38]),
        (say("random"), random.normal(size=1000) * 10.0 ** random.integers(-20, 20, 1000)),
    ):
        given = np.array(values, np.float32)
        came = answer(given)
        dtype = getattr(came, "dtype", type(came).__name__)
        if came is not None and dtype != np.float32:
            not_yet(
                "to_bfloat16 ({name}): expected a float32 array, got {kind}.",
                **{"name": name, "kind": dtype},
            )
        expected = given.astype(bfloat16).astype(np.float32)
        if np.shape(came) == given.shape:
            off = np.flatnonzero((came != expected) | (np.signbit(came) != np.signbit(expected)))
            if len(off):
                first = off[0]
                not_yet(
                    "to_bfloat16({given:.8g}) ({name}): expected {expected:.8g}, got {got:.8g} "
                    "({off} of {size} values are off).",
                    **{"given": given[first], "expected": expected[first], "got": came[first]},
                    **{"name": name, "off": len(off), "size": len(given)},
                )
        what = say("to_bfloat16 ({name})", name=name)
        compare(came, expected, what=what, rtol=0, atol=0)
    return say("Nearest, ties to even: bit for bit what the hardware does.")


@exercise("9-7")
def warm_up(answer: type) -> str:
    """Check a schedule that scales the learning rate with the batch, and grows to it in a line.

    answer: class made with the rate for batches of 32, the batch size and the optimizer's name
    ("sgd", "adam", "rmsprop"); an instance is a Keras schedule. It goes from that rate to the
    scaled one over 4,096 digits, and stays there.
    """
    import keras
    import tensorflow as tf

    random = np.random.default_rng()
    for base, batch_size, optimizer in (
        (0.02, 512, "sgd"),
        (0.001, 512, "adam"),
        (0.02, 32, "sgd"),
        (0.001, 2048, "rmsprop"),
        (0.02, 16, "sgd"),
        (float(random.uniform(0.001, 0.1)), int(random.integers(33, 4096)), "sgd"),
        (float(random.uniform(0.001, 0.1)), int(random.integers(33, 4096)), "adam"),
    ):
        rate = answer(base, batch_size, optimizer)
        if not isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
            not_yet("Expected a schedule of Keras, got {kind}.", kind=type(rate).__name__)
        keras.optimizers.get({"class_name": optimizer, "config": {"learning_rate": rate}})
        ratio, steps = batch_size / BASE_BATCH, WARM_UP_DIGITS / batch_size
        top = base * (ratio if optimizer == "sgd" else ratio**0.5)
        in_fit = tf.function(rate, autograph=False)  # as Keras calls it
        for step in sorted({0, 1, int(steps / 2), int(steps), int(steps) + 1, 10_000}):
            expected = base + (top - base) * min(1.0, step / steps)
            what = f"WarmUp({base:.4g}, {batch_size}, {optimizer!r})({step})"
            compare(rate(step), expected, what=what, atol=1e-7)
            what = say("{call}, in a tf.function as in `fit`", call=what)
            compare(in_fit(tf.constant(step, tf.int64)), expected, what=what, atol=1e-7)
    return say(
        "It starts low for every batch size, reaches its rate after the same number of digits, "
        "and stays there."
    )


@exercise("9-6")
def prepare(answer: Callable) -> str:
    """Check a training script that was made ready for a TPU, with strategies made up on the CPU.

    answer: function of images `(n, 28, 28)`, labels `(n,)` and a strategy to a compiled model and a
    tf.data.Dataset of one epoch.
    """
    judge(answer)
    return say(
        "Scope, fixed shapes, a scaled rate, bfloat16, several steps per call: the script is ready."
    )


@exercise("9-5")
def my_settings(
    settings: Mapping, mind: str, build: Callable, images: np.ndarray, labels: np.ndarray
) -> str:
    """Check settings for this machine: train with them, in turns with the plain ones.

    settings: "batch_size", "learning_rate", "steps_per_execution", "jit_compile", "policy".
    build: function of the kind of network, the policy and the seed to a model.
    images: digits to train on, `(examples, 28, 28)`.
    labels: their classes, `(examples,)`.
    Any speed passes; the loss after the same digits must stay within 1.5 times.
    """
    settings = plain(settings)
    _check_settings(settings, len(images))
    claim(mind, say("Now say in `my_mind` what would change your mind."), ABOUT)
    usual, own = _train_in_turns([PLAIN, settings], build, images, labels)
    found = say(
        "{plain:,.0f} digits/s with the plain settings, {own:,.0f} with yours ({times:.2f} times "
        "as fast). Losses: {plain_loss:.3g} and {own_loss:.3g}.",
        **{"plain": usual[0], "own": own[0], "times": own[0] / usual[0]},
        **{"plain_loss": usual[1], "own_loss": own[1]},
    )
    if not own[1] <= WORSE * usual[1]:
        not_yet(
            "{found} Your loss after the same number of digits is too high. Does the learning "
            "rate fit the batch size?",
            found=found,
        )
    return found


def _check_settings(settings: Mapping, examples: int) -> None:
    if not isinstance(settings, Mapping) or set(settings) != set(PLAIN):
        not_yet(
            "Expected a dict with the keys {expected}, got {got!r}.",
            **{"expected": ", ".join(PLAIN), "got": settings},
        )
    for name, most in (("batch_size", examples // 4), ("steps_per_execution", examples // 4)):
        value = settings[name]
        is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not is_whole or not 1 <= value <= most:
            not_yet(
                "{name}: expected a whole number from 1 to {most:,}, got {got!r}.",
                **{"name": name, "most": most, "got": value},
            )
    rate, compiled, policy = (settings[k] for k in ("learning_rate", "jit_compile", "policy"))
    is_number = isinstance(rate, int | float | np.number) and not isinstance(rate, bool)
    if not is_number or not rate > 0:
        not_yet("learning_rate: expected a number above 0, got {got!r}.", got=rate)
    if not isinstance(compiled, bool | np.bool_) and compiled != "auto":
        not_yet("jit_compile: expected True, False or 'auto', got {got!r}.", got=compiled)
    if policy not in POLICIES:
        not_yet(
            "policy: expected one of {policies}, got {got!r}.",
            **{"policies": ", ".join(POLICIES), "got": policy},
        )


def _train_in_turns(choices, build, images, labels) -> list[tuple[float, float]]:
    """Train once with each choice, an epoch at a time; gives digits per second and the loss."""
    import keras

    models, seconds = [], [[] for _ in choices]
    for chosen in choices:
        model = build(policy=chosen["policy"])
        model.compile(
            keras.optimizers.SGD(float(chosen["learning_rate"])),
            "sparse_categorical_crossentropy",
            steps_per_execution=chosen["steps_per_execution"],
            jit_compile="auto" if chosen["jit_compile"] == "auto" else bool(chosen["jit_compile"]),
        )
        models.append(model)
    for _ in range(EPOCHS + ROUNDS):
        for model, chosen, times in zip(models, choices, seconds, strict=True):
            start = time.perf_counter()
            model.fit(images, labels, batch_size=chosen["batch_size"], verbose=0)
            times.append(time.perf_counter() - start)
    losses = [model.evaluate(images, labels, batch_size=500, verbose=0) for model in models]
    # The first epoch compiles.
    speeds = [len(images) / np.median(times[1:]) for times in seconds]
    return list(zip(speeds, losses, strict=True))
