"""Right and wrong answers to the exercises of lesson 09."""

import math

import ml_dtypes
import numpy as np
import pytest
from answers import Answers

from workshop.checks import tpu as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")


def pad_by_np_pad(images, labels, size):
    missing = size - len(images)
    weights = np.zeros(size, "float32")
    weights[: len(images)] = size / len(images)
    return (
        np.pad(images, [(0, missing), (0, 0), (0, 0)]),
        np.pad(labels, [(0, missing)]),
        weights,
    )


def pad_by_filling(images, labels, size):
    all_images = np.zeros((size, 28, 28), images.dtype)
    all_labels = np.zeros(size, labels.dtype)
    all_images[: len(images)], all_labels[: len(labels)] = images, labels
    real = np.arange(size) < len(images)
    return [all_images, all_labels, np.float32(real * size / len(images))]


def pad_by_tensorflow(images, labels, size):
    missing = size - len(images)
    weights = tf.concat([tf.fill([len(images)], size / len(images)), tf.zeros(missing)], 0)
    return (
        tf.pad(images, [(0, missing), (0, 0), (0, 0)]),
        tf.pad(labels, [(0, missing)]),
        tf.cast(weights, tf.float32),
    )


def pad_with_weight_one(images, labels, size):
    images, labels, weights = pad_by_np_pad(images, labels, size)
    return images, labels, np.float32(weights > 0)


def pad_in_float(images, labels, size):
    images, labels, weights = pad_by_np_pad(images, labels, size)
    return images.astype("float32"), labels, weights


def pad_with_weights_in_float64(images, labels, size):
    images, labels, weights = pad_by_np_pad(images, labels, size)
    return images, labels, weights.astype("float64")


def pad_in_front(images, labels, size):
    return tuple(part[::-1] for part in pad_by_np_pad(images, labels, size))


def pad_by_too_much(images, labels, size):
    return pad_by_np_pad(images, labels, size + len(images))


def pad_with_weight_everywhere(images, labels, size):
    images, labels, weights = pad_by_np_pad(images, labels, size)
    return images, labels, np.ones_like(weights)


def pad_without_weights(images, labels, size):
    return pad_by_np_pad(images, labels, size)[:2]


def round_by_bits(values):
    bits = values.view(np.uint32)
    rounded = bits + np.uint32(0x7FFF) + ((bits >> 16) & np.uint32(1))
    return (rounded & np.uint32(0xFFFF0000)).view(np.float32)


def round_in_halves(values):
    bits = values.view(np.uint32)
    upper, lower = bits >> 16, bits & np.uint32(0xFFFF)
    up = (lower > 0x8000) | ((lower == 0x8000) & (upper % 2 == 1))
    return ((upper + up).astype(np.uint32) << 16).view(np.float32)


def round_by_tensorflow(values):
    return tf.cast(tf.cast(values, tf.bfloat16), tf.float32).numpy()


def round_toward_zero(values):
    return (values.view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)


def round_ties_up(values):
    bits = values.view(np.uint32) + np.uint32(0x8000)
    return (bits & np.uint32(0xFFFF0000)).view(np.float32)


def round_to_float16(values):
    with np.errstate(over="ignore"):
        return values.astype(np.float16).astype(np.float32)


def round_and_leave_the_bits(values):
    return round_by_bits(values).view(np.uint32)


def round_decimals(values):
    return np.round(values, 2)


def round_prints(values):
    print(round_by_bits(values))


def round_by_division(values):
    rounded = []
    for value in map(float, values):
        quantum = max(math.frexp(value)[1] - 8, -133) if math.isfinite(value) else 0
        is_whole = value == 0 or math.isinf(value)  # round() would lose the sign of -0.0
        near = value if is_whole else round(value / 2.0**quantum) * 2.0**quantum
        rounded.append(near)
    with np.errstate(over="ignore"):
        return np.array(rounded, np.float32)


def round_by_half_ulps(values):
    lower = (values.view(np.uint32) & 0xFFFF0000).astype(np.uint32)
    rest = values.view(np.uint32) & 0xFFFF
    odd = (lower >> 16) & 1
    lower[(rest + odd) > 0x8000] += np.uint32(0x10000)
    return lower.view(np.float32)


def round_by_ml_dtypes(values):
    return values.astype(ml_dtypes.bfloat16).astype(np.float32)


def round_by_keras(values):
    half = keras.ops.cast(values, "bfloat16")
    return keras.ops.convert_to_numpy(keras.ops.cast(half, "float32"))


def round_up(values):
    bits = values.view(np.uint32) + np.uint32(0xFFFF)
    return (bits & np.uint32(0xFFFF0000)).view(np.float32)


def round_to_the_odd(values):
    bits = values.view(np.uint32)
    rounded = bits + np.uint32(0x7FFF) + (~(bits >> 16) & np.uint32(1))
    return (rounded & np.uint32(0xFFFF0000)).view(np.float32)


def round_and_return_what_came(values):
    return values


def round_to_float64(values):
    return round_by_bits(values).astype("float64")


def round_the_size_alone(values):
    return round_by_bits(np.abs(values))


def round_a_byte(values):
    bits = values.view(np.uint32)
    rounded = bits + np.uint32(0x7F) + ((bits >> 8) & np.uint32(1))
    return (rounded & np.uint32(0xFFFFFF00)).view(np.float32)


def pad_by_concatenate(images, labels, size):
    missing = size - len(images)
    more = np.zeros((missing, *images.shape[1:]), images.dtype)
    weights = np.array([size / len(images)] * len(images) + [0.0] * missing, np.float32)
    filled = np.concatenate([images, more])
    return filled, np.append(labels, np.zeros(missing, labels.dtype)), weights


def pad_by_resize(images, labels, size):
    real = len(images)
    images, labels = np.resize(images, (size, 28, 28)), np.resize(labels, size)
    images[real:], labels[real:] = 0, 0
    weights = np.repeat(np.float32([size / real, 0]), [real, size - real])
    return images, labels, weights


def pad_by_keras(images, labels, size):
    missing = size - len(images)
    weights = keras.ops.concatenate(
        [keras.ops.full([len(images)], size / len(images)), keras.ops.zeros([missing])]
    )
    padding = [(0, missing), (0, 0), (0, 0)]
    return keras.ops.pad(images, padding), keras.ops.pad(labels, padding[:1]), weights


def pad_for_uint8(images, labels, size):
    images, labels, weights = pad_by_np_pad(images, labels, size)
    return images.astype("uint8"), labels.astype("uint8"), weights


def pad_by_repeating(images, labels, size):
    weights = pad_by_np_pad(images, labels, size)[2]
    return np.resize(images, (size, 28, 28)), np.resize(labels, size), weights


def pad_with_label_minus_1(images, labels, size):
    images, labels, weights = pad_by_np_pad(images, labels.astype(int), size)
    labels[weights == 0] = -1
    return images, labels, weights


def pad_with_the_share(images, labels, size):
    images, labels, weights = pad_by_np_pad(images, labels, size)
    return images, labels, np.float32(weights > 0) * np.float32(len(np.flatnonzero(weights)) / size)


def pad_to_64(images, labels, size):
    return pad_by_np_pad(images, labels, 64)


def pad_in_print(images, labels, size):
    print(pad_by_np_pad(images, labels, size))


class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, base, batch_size, optimizer):
        self.base, self.batch_size, self.optimizer = base, batch_size, optimizer

    def top(self):
        ratio = self.batch_size / 32
        return self.base * (ratio if self.optimizer == "sgd" else ratio**0.5)

    def share(self, step):
        step = keras.ops.cast(step, "float32")
        return keras.ops.minimum(step * self.batch_size / 4096, 1.0)

    def __call__(self, step):
        return self.base + (self.top() - self.base) * self.share(step)


class InTensorFlow(Schedule):
    def __call__(self, step):
        share = tf.minimum(1.0, tf.cast(step, tf.float32) / (4096 / self.batch_size))
        return (1 - share) * self.base + share * self.top()


class ByWhere(Schedule):
    def share(self, step):
        digits = keras.ops.cast(step, "float32") * self.batch_size
        return keras.ops.where(digits < 4096, digits / 4096, 1.0)


class ByClip(Schedule):
    def share(self, step):
        return keras.ops.clip(keras.ops.cast(step, "float32") / 4096 * self.batch_size, 0, 1)


class ByKeras(Schedule):
    def __call__(self, step):
        steps = 4096 / self.batch_size
        decay = keras.optimizers.schedules.PolynomialDecay(self.base, steps, self.top())
        return decay(step)


def by_factory(base, batch_size, optimizer):
    return Schedule(base, batch_size, optimizer)


class InSteps(Schedule):
    def share(self, step):
        return keras.ops.minimum(keras.ops.cast(step, "float32") / 4096, 1.0)


class WithoutAnEnd(Schedule):
    def share(self, step):
        return keras.ops.cast(step, "float32") * self.batch_size / 4096


class WithoutTheRoot(Schedule):
    def top(self):
        return self.base * self.batch_size / 32


class RootForAll(Schedule):
    def top(self):
        return self.base * (self.batch_size / 32) ** 0.5


class RootForAdamAlone(Schedule):
    def top(self):
        ratio = self.batch_size / 32
        return self.base * (ratio**0.5 if self.optimizer == "adam" else ratio)


class FromZero(Schedule):
    def __call__(self, step):
        return self.top() * self.share(step)


class WithoutAWarmUp(Schedule):
    def __call__(self, step):
        return self.top() + 0 * self.share(step)


class OfABase(Schedule):
    def __init__(self, base, batch_size, optimizer):
        super().__init__(0.02, batch_size, optimizer)


class InWholeSteps(Schedule):
    def share(self, step):
        steps = max(1, 4096 // self.batch_size)
        return keras.ops.minimum(keras.ops.cast(step, "float32") / steps, 1.0)


class InPython(Schedule):
    def share(self, step):
        return 1 if step > 4096 / self.batch_size else float(step) * self.batch_size / 4096


class NeverBelow(Schedule):
    def top(self):
        return max(self.base, super().top())


def plain_function(base, batch_size, optimizer):
    return Schedule(base, batch_size, optimizer).__call__


RIGHT = {
    checks.pad_batch: [
        pad_by_np_pad,
        pad_by_filling,
        pad_by_tensorflow,
        pad_by_concatenate,
        pad_by_resize,
        pad_by_keras,
    ],
    checks.to_bfloat16: [
        round_by_bits,
        round_in_halves,
        round_by_tensorflow,
        round_by_division,
        round_by_half_ulps,
        round_by_ml_dtypes,
        round_by_keras,
    ],
    checks.warm_up: [Schedule, InTensorFlow, ByWhere, ByClip, ByKeras, by_factory],
}
WRONG = {
    checks.pad_batch: [
        (pad_with_weight_one, "the loss with your weights"),
        (pad_in_float, "expected images of dtype uint8, got float32"),
        (pad_with_weights_in_float64, "expected weights of dtype float32, got float64"),
        (pad_in_front, "the real images"),
        (pad_by_too_much, "expected images of shape (64, 28, 28), got (116, 28, 28)"),
        (pad_with_weight_everywhere, "the weights of the padding"),
        (pad_without_weights, "expected 3 parts (images, labels, weights), got 2"),
        (pad_for_uint8, "expected labels of dtype int64, got uint8"),
        (pad_by_repeating, "the padding of the images"),
        (pad_with_label_minus_1, "labels of dtype uint8|the padding of the labels"),
        (pad_with_the_share, "the loss with your weights"),
        (pad_to_64, "expected images of shape (8, 28, 28), got (64, 28, 28)"),
        (pad_in_print, "got NoneType"),
    ],
    checks.to_bfloat16: [
        (round_toward_zero, "(close to 1): expected 1.0078125, got 1 ("),
        (round_ties_up, "(ties): expected 1, got 1.0078125"),
        (round_to_float16, "(close to 1): expected 1, got 1.0029297"),
        (round_and_leave_the_bits, "expected a float32 array, got uint32"),
        (round_decimals, "(close to 1): expected 1.0078125, got 1.01 ("),
        (round_prints, "gave None"),
        (round_up, "(close to 1): expected 1, got 1.0078125"),
        (round_to_the_odd, "(ties): expected 1, got 1.0078125"),
        (round_and_return_what_came, "(close to 1): expected 1, got 1.003125"),
        (round_to_float64, "expected a float32 array, got float64"),
        (round_the_size_alone, "(ties): expected -256, got 256"),
        (round_a_byte, "(close to 1): expected"),
    ],
    checks.warm_up: [
        (InSteps, "WarmUp(0.02, 512, 'sgd')(1)"),
        (WithoutAnEnd, "WarmUp(0.02, 512, 'sgd')(9): expected 0.32, got 0.3575"),
        (WithoutTheRoot, "WarmUp(0.001, 512, 'adam')(1)"),
        (RootForAll, "WarmUp(0.02, 512, 'sgd')(1)"),
        (RootForAdamAlone, "WarmUp(0.001, 2048, 'rmsprop')(1)"),
        (FromZero, "(0): expected 0.02, got 0"),
        (WithoutAWarmUp, "(0): expected 0.02, got 0.32"),
        (OfABase, "WarmUp(0.001, 512, 'adam')(0): expected 0.001, got 0.02"),
        (InWholeSteps, "WarmUp(0."),
        (InPython, "OperatorNotAllowedInGraphError|Expected int64"),
        (NeverBelow, "WarmUp(0.02, 16, 'sgd')(1)"),
        (plain_function, "Expected a schedule of Keras, got method"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


MIND = "A GPU: there I would measure XLA and bfloat16 again, and take larger batches."


def build(kind="mlp", policy="float32", seed=7):
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Rescaling(1 / 255, dtype=policy),
            keras.layers.Flatten(),
            keras.layers.Dense(10, "softmax", dtype="float32"),
        ]
    )


def settings(**changes):
    return checks.PLAIN | changes


@pytest.fixture(scope="module")
def digits():
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, 400, dtype=np.uint8)
    images = np.zeros((400, 28, 28), np.uint8)
    images[np.arange(400), labels] = 255  # the row tells the class
    return images, labels


@pytest.mark.parametrize(
    "own",
    [
        settings(),
        settings(batch_size=50, steps_per_execution=4),
        settings(batch_size=np.int64(50), learning_rate=np.float32(0.05)),
        settings(batch_size=tf.constant(50), learning_rate=tf.constant(0.05)),
        settings(learning_rate=np.array(0.05), policy="mixed_bfloat16", jit_compile="auto"),
        settings(jit_compile=np.bool_(False)),
    ],
)
def test_settings_pass_and_are_told_their_speed(own, digits):
    outcome = checks.my_settings(own, MIND, build, *digits)
    assert outcome.passed, outcome
    assert "times as fast" in outcome.message


@pytest.mark.parametrize(
    ("own", "says"),
    [
        (settings(batch_size=100, learning_rate=1e-6), "Does the learning rate fit"),
        (settings(learning_rate=float("inf")), "Does the learning rate fit"),
        (settings(batch_size=101), "from 1 to 100"),
        (settings(batch_size=64.0), "a whole number"),
        (settings(steps_per_execution=0), "a whole number"),
        (settings(learning_rate="0.1"), "a number above 0"),
        (settings(learning_rate=0), "a number above 0"),
        (settings(learning_rate=True), "a number above 0"),
        (settings(jit_compile=1), "True, False or 'auto'"),
        (settings(batch_size=True), "a whole number"),
        (settings(jit_compile="yes"), "True, False or 'auto'"),
        (settings(policy="bf16"), "mixed_bfloat16"),
        ({"batch_size": 64}, "a dict with the keys"),
        (64, "a dict with the keys"),
    ],
)
def test_other_settings_are_told_why(own, says, digits):
    outcome = checks.my_settings(own, MIND, build, *digits)
    assert outcome.status == "not yet", outcome
    assert says in outcome.message, outcome


def test_settings_that_are_left_open_are_not_attempted(digits):
    assert checks.my_settings(settings(policy=...), MIND, build, *digits).status == (
        "not attempted"
    )
    assert checks.my_settings(settings(), ..., build, *digits).status == "not attempted"


@pytest.mark.parametrize(
    "mind", ["", "A GPU.", "a b c d e f g h", "the quick brown fox jumps over the dog"]
)
def test_settings_need_a_sentence(mind, digits):
    outcome = checks.my_settings(settings(), mind, build, *digits)
    assert "Now say in `my_mind`" in outcome.message
