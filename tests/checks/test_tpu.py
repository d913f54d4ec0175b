"""Right and wrong answers to the exercises of lesson 09."""

import numpy as np
import pytest
from answers import Answers

from workshop.checks import tpu as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")


def choose_by_counting(machines):
    cores = sum(machine.count("TPU") for machine in machines)
    if cores:
        return "TPU", cores
    if len(machines) > 1:
        return "many machines", sum(max(1, machine.count("GPU")) for machine in machines)
    gpus = machines[0].count("GPU")
    return ("many GPUs", gpus) if gpus > 1 else ("default", 1)


def choose_by_lists(machines):
    everything = [device for machine in machines for device in machine]
    if "TPU" in everything:
        return ["TPU", len([device for device in everything if device == "TPU"])]
    gpus = [max(1, sum(device == "GPU" for device in machine)) for machine in machines]
    if len(gpus) > 1:
        return ["many machines", sum(gpus)]
    return ["default", 1] if gpus == [1] else ["many GPUs", gpus[0]]


def choose_counts_the_control(machines):
    cores = sum("TPU" in device for machine in machines for device in machine)
    return ("TPU", cores) if cores else choose_by_counting(machines)


def choose_counts_machines(machines):
    name, replicas = choose_by_counting(machines)
    return name, len(machines) if name == "many machines" else replicas


def choose_counts_gpus_alone(machines):
    name, replicas = choose_by_counting(machines)
    gpus = sum(machine.count("GPU") for machine in machines)
    return name, gpus if name == "many machines" else replicas


def choose_one_gpu_is_many(machines):
    if len(machines) == 1 and "GPU" in machines[0]:
        return "many GPUs", machines[0].count("GPU")
    return choose_by_counting(machines)


def choose_the_first_machine(machines):
    return choose_by_counting(machines[:1])


def choose_the_name_alone(machines):
    return choose_by_counting(machines)[0]


def choose_without_a_default(machines):
    name, replicas = choose_by_counting(machines)
    if name != "default":
        return name, replicas


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


def rate_by_share(step, batch_size):
    share = min(1, step / (4096 / batch_size))
    return 0.02 + (0.02 * batch_size / 32 - 0.02) * share


def rate_by_interp(step, batch_size):
    return np.interp(step * batch_size, [0, 4096], [0.02, 0.02 * batch_size / 32])


def rate_in_steps(step, batch_size):
    return np.interp(step, [0, 4096], [0.02, 0.02 * batch_size / 32])


def rate_from_zero(step, batch_size):
    return min(1, step * batch_size / 4096) * 0.02 * batch_size / 32


def rate_without_warm_up(step, batch_size):
    return 0.02 * batch_size / 32


def rate_by_the_root(step, batch_size):
    return np.interp(step * batch_size, [0, 4096], [0.02, 0.02 * (batch_size / 32) ** 0.5])


def rate_that_never_stops(step, batch_size):
    return 0.02 + (0.02 * batch_size / 32 - 0.02) * step * batch_size / 4096


RIGHT = {
    checks.choose: [choose_by_counting, choose_by_lists],
    checks.pad_batch: [pad_by_np_pad, pad_by_filling, pad_by_tensorflow],
    checks.to_bfloat16: [round_by_bits, round_in_halves, round_by_tensorflow],
    checks.scaled_rate: [rate_by_share, rate_by_interp],
}
WRONG = {
    checks.choose: [
        (choose_counts_the_control, "expected ('TPU', 8), got"),
        (choose_counts_machines, "expected ('many machines', 4), got"),
        (choose_counts_gpus_alone, "expected ('many machines', 3), got"),
        (choose_one_gpu_is_many, "expected ('default', 1), got"),
        (choose_the_first_machine, "expected ('many machines', 3), got"),
        (choose_the_name_alone, "expected a name and a number of replicas, got 'default'"),
        (choose_without_a_default, "gave None"),
    ],
    checks.pad_batch: [
        (pad_with_weight_one, "the loss with your weights"),
        (pad_in_float, "expected images of dtype uint8, got float32"),
        (pad_with_weights_in_float64, "expected weights of dtype float32, got float64"),
        (pad_in_front, "the real images"),
        (pad_by_too_much, "expected images of shape (64, 28, 28), got (116, 28, 28)"),
        (pad_with_weight_everywhere, "the filling's weights"),
        (pad_without_weights, "expected 3 parts (images, labels, weights), got 2"),
    ],
    checks.to_bfloat16: [
        (round_toward_zero, "(close to 1): expected 1.0078125, got 1 ("),
        (round_ties_up, "(ties): expected 1, got 1.0078125"),
        (round_to_float16, "(close to 1): expected 1, got 1.0029297"),
        (round_and_leave_the_bits, "expected a float32 array, got uint32"),
        (round_decimals, "(close to 1): expected 1.0078125, got 1.01 ("),
        (round_prints, "gave None"),
    ],
    checks.scaled_rate: [
        (rate_in_steps, "batch_size=512"),
        (rate_from_zero, "step=0"),
        (rate_without_warm_up, "step=0"),
        (rate_by_the_root, "batch_size=512): expected 0.0575, got 0.0275"),
        (rate_that_never_stops, "batch_size=512): expected 0.32, got 0.3575"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


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
        settings(policy="mixed_bfloat16", jit_compile="auto"),
    ],
)
def test_settings_pass_and_are_told_their_speed(own, digits):
    outcome = checks.my_settings(own, build, *digits)
    assert outcome.passed, outcome
    assert "times as fast" in outcome.message


@pytest.mark.parametrize(
    ("own", "says"),
    [
        (settings(batch_size=100, learning_rate=1e-6), "Does the rate fit the batch?"),
        (settings(learning_rate=float("inf")), "Does the rate fit the batch?"),
        (settings(batch_size=101), "from 1 to 100"),
        (settings(batch_size=64.0), "a whole number"),
        (settings(steps_per_execution=0), "a whole number"),
        (settings(learning_rate="0.1"), "a number above 0"),
        (settings(learning_rate=0), "a number above 0"),
        (settings(jit_compile="yes"), "True, False or 'auto'"),
        (settings(policy="bf16"), "mixed_bfloat16"),
        ({"batch_size": 64}, "a dict with the keys"),
        (64, "a dict with the keys"),
    ],
)
def test_other_settings_are_told_why(own, says, digits):
    outcome = checks.my_settings(own, build, *digits)
    assert outcome.status == "not yet", outcome
    assert says in outcome.message, outcome


def test_settings_that_are_left_open_are_not_attempted(digits):
    assert checks.my_settings(settings(policy=...), build, *digits).status == "not attempted"
