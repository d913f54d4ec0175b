"""The habits that TPUs need, each measured on this machine: ms a step without and with it.

`python benchmarks/habits.py` trains the networks of lesson 09, read out of its cells, for one
epoch of 2,560 digits a turn: without a habit and with it, in a random order, in each round. A
turn's figure is the median time of its steps; the clock is the lesson's callback, so what
compiles is not in it. Printed are the medians of the turns, the smallest and the largest, and the
median, smallest and largest ratio of two turns of the same round: above 1, the habit is faster.

- *steps in a call*: `steps_per_execution` 10 and 20 beside 1;
- *XLA*: `jit_compile`, for the MLP and the CNN, alone and with 10 steps in a call;
- *bfloat16*: the policy `mixed_bfloat16`, without and with XLA;
- *batch*: 512 beside 32, as ms for 512 digits;
- *same shape*: six batches of 64, 64, 52, 64, 52, 30 digits beside six of 64, through a step
  compiled anew, as ms a batch; here compiling is what is measured.

Then the losses after the same digits (four epochs of 8,192, mean and range over the seeds) of batch
32, and of larger ones with the same and with the scaled learning rate.

Five rounds take about three minutes on two quiet cores.
"""

import statistics
import time
from pathlib import Path

import numpy as np
from measure import command, in_turns, machine, spread

from workshop.course.cells import run_cells
from workshop.data import load_mnist

LOSS = "sparse_categorical_crossentropy"
PLAIN = {"batch_size": 64, "policy": "float32", "jit_compile": False, "steps_per_execution": 1}
BF16 = {"policy": "mixed_bfloat16"}
HABITS = [
    ("MLP, 10 steps in a call", "mlp", {}, {"steps_per_execution": 10}),
    ("MLP, 20 steps in a call", "mlp", {}, {"steps_per_execution": 20}),
    ("CNN, 10 steps in a call", "cnn", {}, {"steps_per_execution": 10}),
    ("MLP, XLA", "mlp", {}, {"jit_compile": True}),
    ("MLP, XLA and 10 steps", "mlp", {}, {"jit_compile": True, "steps_per_execution": 10}),
    ("CNN, XLA", "cnn", {}, {"jit_compile": True}),
    ("MLP, bfloat16", "mlp", {}, BF16),
    ("CNN, bfloat16", "cnn", {}, BF16),
    ("MLP, bfloat16, both XLA", "mlp", {"jit_compile": True}, {"jit_compile": True} | BF16),
    ("CNN, bfloat16, both XLA", "cnn", {"jit_compile": True}, {"jit_compile": True} | BF16),
    ("MLP, batch 512, not 32", "mlp", {"batch_size": 32}, {"batch_size": 512}),
    ("CNN, batch 512, not 32", "cnn", {"batch_size": 32}, {"batch_size": 512}),
]
BATCHES = [(32, 0.02), (512, 0.02), (512, 0.32), (2048, 0.02), (2048, 1.28)]
CHANGING, STILL = (64, 64, 52, 64, 52, 30), (64,) * 6
EXAMPLES = 2560


def lesson() -> dict:
    """Run the cells of lesson 09 that are tagged `network` and `clock`; gives their names."""
    import keras

    return run_cells("09", ["network", "clock"], {"keras": keras, "time": time})


def trainer(names: dict, kind: str, settings: dict, digits: tuple):
    """Make a function that trains for one epoch and gives ms a step (or for 512 digits)."""
    import keras

    settings = PLAIN | settings
    model = names["build"](kind, settings["policy"])
    options = {name: settings[name] for name in ("jit_compile", "steps_per_execution")}
    model.compile(keras.optimizers.SGD(0.02), LOSS, **options)
    batch_size = settings["batch_size"]
    unit = 1 if batch_size == PLAIN["batch_size"] else 512 / batch_size
    # Two calls at least, or there is no time between them.
    epochs = 2 if settings["steps_per_execution"] * batch_size * 2 > EXAMPLES else 1
    images, labels = (np.concatenate([part[:EXAMPLES]] * epochs) for part in digits)

    def train() -> float:
        clock = names["Clock"]()
        model.fit(images, labels, batch_size=batch_size, verbose=0, callbacks=[clock])
        return unit * statistics.median(clock.ms)

    return train


def stepper(names: dict, sizes: tuple, digits: tuple):
    """Make a function that compiles a step anew and gives ms a batch of these sizes."""
    import keras
    import tensorflow as tf

    def run() -> float:
        network = names["build"]()

        @tf.function(jit_compile=True)
        def step(images, labels):
            with tf.GradientTape() as tape:
                losses = keras.losses.sparse_categorical_crossentropy(labels, network(images))
                loss = tf.reduce_mean(losses)
            return tape.gradient(loss, network.trainable_variables)

        start = time.perf_counter()
        for size in sizes:
            step(*(part[:size] for part in digits))[-1].numpy()
        return 1000 * (time.perf_counter() - start) / len(sizes)

    return run


def compare(name: str, pair: list, rounds: int) -> None:
    """Run both in turns, after one round that does not count; print a line."""
    in_turns(lambda contender: contender(), pair, 1)
    times = in_turns(lambda contender: contender(), pair, rounds).values()
    ratios = [before / after for before, after in zip(*times, strict=True)]
    cells = [f"{statistics.median(one):.2f} {spread(one, '.2f')}" for one in (*times, ratios)]
    print(f"{name:26}" + "".join(f"{cell:>26}" for cell in cells), flush=True)


def losses(names: dict, digits: tuple, held_out: tuple, seeds: int) -> None:
    """Print the validation losses after the same digits, for each batch and rate."""
    import keras

    print(f"\nLoss after four epochs of {len(digits[0]):,} digits, {seeds} seeds")
    for batch_size, rate in BATCHES:
        found = []
        for seed in range(1, seeds + 1):
            model = names["build"](seed=seed)
            model.compile(keras.optimizers.SGD(rate), LOSS, jit_compile=False)
            model.fit(*digits, batch_size=batch_size, epochs=4, verbose=0)
            found.append(model.evaluate(*held_out, batch_size=500, verbose=0))
        print(
            f"batch {batch_size:5}, rate {rate:4}: {np.mean(found):10.3g}   {spread(found, '.3g')}",
            flush=True,
        )


def main(rounds: int = 5, seeds: int = 3) -> None:
    """Print a line for each habit, then the losses of large batches."""
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")  # a step compiled anew in each round is the purpose here
    about = Path("/proc/cpuinfo")
    flags = about.read_text() if about.exists() else ""
    gpus = len(tf.config.list_physical_devices("GPU"))
    print(f"{machine()}\nunits for bfloat16: {'bf16' in flags}, GPUs: {gpus}")
    (x_train, y_train), _ = load_mnist()
    digits, held_out = (x_train[:8192], y_train[:8192]), (x_train[-2000:], y_train[-2000:])
    names = lesson()
    heads = "".join(f"{head:>26}" for head in ("ms before", "ms after", "times as fast"))
    print(f"{rounds} rounds: median (smallest to largest)\n{'':26}{heads}")
    for name, kind, before, after in HABITS:
        pair = [trainer(names, kind, settings, digits) for settings in (before, after)]
        compare(name, pair, rounds)
    shapes = [stepper(names, sizes, digits) for sizes in (CHANGING, STILL)]
    compare("MLP, shapes, compiling", shapes, rounds)
    losses(names, digits, held_out, seeds)


if __name__ == "__main__":
    command(main)
