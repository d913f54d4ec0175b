"""A cluster of worker processes beside one process with as many threads, and how long it starts.

    python benchmarks/cluster.py [1 2 3] [--repeats 5] [--steps 40]

The numbers are those of the workers.

Two models, the same training loop and the same global batch of 240 digits for all:

- *MLP*: 784-128-10, 407 kB of gradients and hardly any work;
- *convolution*: 16 and 32 filters of 5 x 5, 73 kB of gradients and much work.

The contenders, in each round in a random order:

- *1 process*: no strategy, with 1, 2, 3 threads (`TF_NUM_INTRAOP_THREADS`);
- *workers*: `start_cluster` with 1, 2, 3 processes of one thread each, and
  `MultiWorkerMirroredStrategy`.

A contender's figure in a round is the median time of a step, after 10 that don't count; the table
has the median over the rounds and its spread. Speed-up is over one process with one thread, and
efficiency the speed-up over the number of threads or workers. More of them than cores can't be
faster; the table says where. That all compute the same is checked: the losses after the last step
agree. The last table has the seconds from the call of `start_cluster` until the slowest worker has
made its first step, beside one process and its first step.

Linux, macOS, Windows. About 5 minutes on a quiet machine; other programs disturb it much.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

from measure import REPO, command, in_turns, machine, median, spread
from typer import Argument, BadParameter

from workshop.cluster import start_cluster, start_script
from workshop.machine import cores

BATCH_SIZE = 240  # all of 1, 2, 3, 4 divide it
UNCOUNTED = 10
PATIENCE_S = 300
MODELS = ("MLP", "convolution")
ALONE, TOGETHER = "1 process", "workers"
# Its logs lie beside it, in a folder of its own.
SCRIPT = f"""
import sys
sys.path.append({str(REPO / "benchmarks")!r})
import cluster
cluster.train(int(sys.argv[1]))
"""


def build(name: str):
    """Make one of the two models."""
    import keras
    from keras import layers

    hidden = {
        "MLP": [layers.Flatten(), layers.Dense(128, activation="relu")],
        "convolution": [
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(16, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 5, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(128, activation="relu"),
        ],
    }
    head = [keras.Input((28, 28)), layers.Rescaling(1 / 255)]
    return keras.Sequential([*head, *hidden[name], layers.Dense(10, activation="softmax")])


def make_step(strategy, name: str):
    """Make the function of one training step, as in lesson 08."""
    import keras
    import tensorflow as tf

    with strategy.scope():
        keras.utils.set_random_seed(0)
        model = build(name)
        optimizer = keras.optimizers.SGD(0.05)
        optimizer.build(model.trainable_variables)
    each = keras.losses.SparseCategoricalCrossentropy(reduction="none")

    def of_replica(images, labels):
        with tf.GradientTape() as tape:
            losses = each(labels, model(images, training=True))
            loss = tf.nn.compute_average_loss(losses, global_batch_size=BATCH_SIZE)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    @tf.function
    def step(images, labels):
        losses = strategy.run(of_replica, (images, labels))
        return strategy.reduce("SUM", losses, axis=None)

    return step


def train(steps: int) -> None:
    """Be a contender: train both models, and print what was found as JSON."""
    import tensorflow as tf

    from workshop.data import load_mnist

    distribute = tf.distribute
    together = "TF_CONFIG" in os.environ
    strategy = distribute.MultiWorkerMirroredStrategy() if together else distribute.get_strategy()
    (images, labels), _ = load_mnist("sample")

    def shard(context):
        workers, rank = context.num_input_pipelines, context.input_pipeline_id
        digits = tf.data.Dataset.from_tensor_slices((images, labels)).repeat()
        return digits.shard(workers, rank).batch(BATCH_SIZE // workers).prefetch(2)

    found = {}
    for name in MODELS:
        step = make_step(strategy, name)
        batches = iter(strategy.distribute_datasets_from_function(shard))
        loss = float(step(*next(batches)))
        found.setdefault("first", time.time())
        seconds = []
        for _ in range(UNCOUNTED + steps):
            start = time.perf_counter()
            loss = float(step(*next(batches)))
            seconds.append(time.perf_counter() - start)
        found[name] = {"step": statistics.median(seconds[UNCOUNTED:]), "loss": loss}
    print(json.dumps(found))


def measure(script: Path, kind: str, count: int, steps: int) -> dict:
    """Run a contender; gives the seconds to its first step, and the step and loss of each model."""
    start = time.time()
    if kind == ALONE:
        threads = {"TF_NUM_INTRAOP_THREADS": str(count)}
        with start_script(script, steps, environment=threads) as running:
            if running.wait(PATIENCE_S):
                sys.exit(running.last_lines())
            found = [running.results[-1]]
    else:
        with start_cluster(script, {"worker": count}, steps) as cluster:
            cluster.wait(PATIENCE_S, silence=PATIENCE_S, show=None)
            found = [cluster[task].results[-1] for task in cluster.returncodes]
    # All workers are done with a step at the same time, so any one speaks for all of them.
    result = found[0] | {"first": max(one["first"] for one in found) - start}
    print(f"{label(kind, count)}: {result}", file=sys.stderr)
    return result


def main(
    workers: Annotated[list[int], Argument()] = (1, 2, 3), repeats: int = 5, steps: int = 40
) -> None:
    """Measure all contenders and print the tables."""
    if wrong := [count for count in workers if count < 1 or BATCH_SIZE % count]:
        raise BadParameter(f"{wrong[0]} workers can't share a batch of {BATCH_SIZE}")
    print(machine())
    # One process with one thread is the base of all speed-ups.
    contenders = [(ALONE, count) for count in sorted({1, *workers})]
    contenders += [(TOGETHER, count) for count in sorted(set(workers))]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "contender.py"
        script.write_text(SCRIPT)
        results = in_turns(lambda one: measure(script, *one, steps), contenders, repeats)
    for name in MODELS:
        report(name, {one: [run[name] for run in runs] for one, runs in results.items()})
    report_starts(results)


def report(name: str, results: dict) -> None:
    """Print the table of a model, when all contenders have computed the same."""
    losses = [run["loss"] for runs in results.values() for run in runs]
    assert max(losses) - min(losses) < 1e-2, losses
    base = median(results[ALONE, 1], "step")
    print(f"\n{name}, {BATCH_SIZE} digits a step")
    titles = (("ms/step", 10), ("", 18), ("examples/s", 12), ("speed-up", 10), ("efficiency", 12))
    print(" " * 24 + "".join(f"{title:>{width}}" for title, width in titles))
    for (kind, count), runs in results.items():
        steps, step = [run["step"] * 1000 for run in runs], median(runs, "step")
        print(
            f"{label(kind, count):24}{step * 1000:10.1f}{spread(steps, '.1f'):>18}"
            f"{BATCH_SIZE / step:12,.0f}{base / step:9.2f}x{base / step / count:12.0%}"
            + "  more than cores"
            * (count > cores())
        )


def report_starts(results: dict) -> None:
    """Print the seconds to the first step."""
    print("\nSeconds from the start to the first step of the MLP")
    for (kind, count), runs in results.items():
        seconds = [run["first"] for run in runs]
        print(f"{label(kind, count):24}{median(runs, 'first'):10.1f}{spread(seconds, '.1f'):>18}")


def label(kind: str, count: int) -> str:
    """Name a contender."""
    if kind == ALONE:
        return f"1 process, {count} thread{'s' * (count > 1)}"
    return f"{count} worker{'s' * (count > 1)}"


if __name__ == "__main__":
    command(main)
