"""Judges lesson 09's training script: what it makes for one replica, and for several."""

import contextlib
from collections.abc import Callable, Iterator

import numpy as np

from workshop.checks.engine import compare, keras_model, not_yet
from workshop.messages import say

EACH, RATE = 64, 0.04  # digits of a replica and step, and the rate for so many
STEPS, CLASSES = 10, 10


def judge(answer: Callable) -> None:
    """Let it prepare a training run for one replica and for four, and look at what it made.

    Args:
        answer: function of images, labels and a strategy to a compiled model and a data set.

    Raises:
        Exception: one that `exercise` turns into "not yet", where something is not ready.
    """
    random = np.random.default_rng()
    for replicas, rest in ((4, 30), (1, 23)):
        count = 2 * EACH * replicas + rest
        images = random.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        images[:, 0, 0], images[:, 0, 1] = np.divmod(np.arange(count), 256)  # its number
        labels = random.integers(0, 10, count, dtype=np.uint8)
        what = say("with {replicas} replicas", replicas=replicas)
        with _pretended(replicas) as strategy:
            came = answer(images, labels, strategy)
            if not isinstance(came, tuple | list) or len(came) != 2:
                not_yet(
                    "{what}: expected two things, a model and a data set, got {got}.",
                    **{"what": what, "got": type(came).__name__},
                )
            model, digits = came
            keras_model(model)
            _judge_model(model, strategy, what)
            _judge_digits(digits, images, labels, EACH * replicas, what)
        rate = float(np.asarray(model.optimizer.learning_rate))
        compare(rate, RATE * replicas, what=say("the learning rate {what}", what=what))
        _judge_loss(model, what)
    model.fit(digits, verbose=0, shuffle=False)  # the one replica's: it has to run as well


@contextlib.contextmanager
def _pretended(replicas: int) -> Iterator:
    """A strategy on the CPU that says it has so many replicas."""
    import tensorflow as tf

    class Pretended(tf.distribute.MirroredStrategy):
        @property
        def num_replicas_in_sync(self) -> int:
            return replicas

    logger = tf.get_logger()
    before = logger.level
    logger.setLevel("ERROR")  # it would rather have GPUs
    try:
        yield Pretended(["CPU:0"])
    finally:
        logger.setLevel(before)


def _judge_model(model, strategy, what: str) -> None:
    if not getattr(model, "compiled", False):
        not_yet("{what}: expected a compiled model.", what=what)
    is_in_scope = strategy.extended.variable_created_in_scope
    if not all(is_in_scope(variable.value) for variable in model.variables):
        not_yet("{what}: the model was not created in the strategy's scope.", what=what)
    if not is_in_scope(model.optimizer.iterations.value):
        not_yet(
            "{what}: the optimizer has variables, too. It was not created in the strategy's scope.",
            what=what,
        )
    computed = {layer.compute_dtype for layer in model.layers if layer.weights}
    if "bfloat16" not in computed:
        not_yet(
            "{what}: expected layers that compute in bfloat16, got {got}.",
            **{"what": what, "got": ", ".join(sorted(computed))},
        )
    if kept := {str(v.dtype) for v in model.trainable_variables} - {"float32"}:
        not_yet(
            "{what}: expected weights that stay in float32, got {got}. What did section 6 show?",
            **{"what": what, "got": ", ".join(kept)},
        )
    if model.outputs[0].dtype != "float32":
        not_yet("{what}: expected probabilities in float32, got bfloat16.", what=what)
    if model.run_eagerly:
        not_yet("{what}: a TPU runs compiled programs only, no Python. See `compile`.", what=what)
    _judge_rule(model, what)
    if (steps := model.steps_per_execution) != STEPS:
        not_yet(
            "{what}: expected {expected} steps per call, got {got}.",
            **{"what": what, "expected": STEPS, "got": steps},
        )


def _judge_rule(model, what: str) -> None:
    rule = type(model.optimizer).__name__, float(getattr(model.optimizer, "momentum", 0))
    if rule != ("SGD", 0.0):
        fields = {"what": what, "name": rule[0], "momentum": rule[1]}
        not_yet(
            "{what}: expected the script's optimizer, SGD without momentum, got {name} (momentum "
            "{momentum:g}). Another optimizer needs another rate.",
            **fields,
        )


def _judge_loss(model, what: str) -> None:
    """Hold the loss against the cross-entropy of labels that are whole numbers."""
    random = np.random.default_rng()
    probabilities = random.dirichlet(np.ones(CLASSES), EACH).astype("float32")
    labels = random.integers(0, CLASSES, EACH, dtype=np.uint8)
    try:
        came = float(model.compute_loss(y=labels, y_pred=probabilities))
    except Exception:  # noqa: BLE001 - Keras and TensorFlow have several for it
        not_yet("{what}: the loss takes no labels that are whole numbers.", what=what)
    expected = -np.mean(np.log(probabilities[np.arange(EACH), labels]))
    compare(came, expected, what=say("the loss {what}, of probabilities", what=what), rtol=1e-3)


def _judge_digits(digits, images, labels, batch_size: int, what: str) -> None:
    """Hold the batches of an epoch against the digits that were given."""
    spec = getattr(digits, "element_spec", None)
    if not isinstance(spec, tuple) or len(spec) != 2:
        not_yet(
            "{what}: expected a tf.data.Dataset of (images, labels), got {got}.",
            **{"what": what, "got": type(digits).__name__ if spec is None else spec},
        )
    shape = tuple(spec[0].shape)
    if shape != (batch_size, 28, 28):
        not_yet(
            "{what}: expected batches whose shape is known to be {expected}, got {got}. Each "
            "replica gets {each}; what happens to the last, smaller batch?",
            **{"what": what, "expected": (batch_size, 28, 28), "got": shape, "each": EACH},
        )
    most = len(images) // batch_size
    batches = [[np.asarray(part) for part in batch] for batch in digits.take(most + 1)]
    if len(batches) != most:
        not_yet(
            "{what}: expected the {most} full batches of one epoch, got {got}.",
            **{"what": what, "most": most, "got": len(batches) if len(batches) < most else "more"},
        )
    seen = [
        batch[0][:, 0, 0].astype(int) * 256 + batch[0][:, 0, 1].astype(int) for batch in batches
    ]
    numbers = np.concatenate(seen)
    is_whole = all(np.array_equal(batch[0], np.round(batch[0])) for batch in batches)
    if not is_whole or not set(numbers.tolist()) <= set(range(len(images))):
        not_yet("{what}: expected the pixels as they are; the model rescales them.", what=what)
    if len(set(numbers.tolist())) < len(numbers):
        not_yet("{what}: some digits come twice in an epoch.", what=what)
    for batch, at in zip(batches, seen, strict=True):
        compare(batch[0], images[at], what=say("the images {what}", what=what))
        compare(batch[1], labels[at], what=say("the labels {what}", what=what))
    if any(np.ptp(at) < len(at) for at in seen):
        not_yet(
            "{what}: the digits of a batch are neighbours in the data. Are they shuffled?",
            what=what,
        )
    _mixed(numbers, what, len(images))


def _mixed(numbers: np.ndarray, what: str, count: int) -> None:
    # From a buffer of b, a digit moves forward by less than b places.
    if (forward := int(np.max(numbers - np.arange(len(numbers))))) < count // 2:
        not_yet(
            "{what}: of {count} digits none moved forward by more than {forward} places. How many "
            "does the shuffle buffer hold?",
            **{"what": what, "count": count, "forward": forward},
        )
