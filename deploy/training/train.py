"""Train a classifier of digits on one or many workers; go on after a restart.

In a pod, `TF_CONFIG` comes from what Kubernetes says (task_config.py). By hand, as two workers on
one machine, each line in a terminal of its own:

    JOB_NAME=digits WORKERS=2 JOB_COMPLETION_INDEX=0 python train.py out --local-ports 5001 5002
    JOB_NAME=digits WORKERS=2 JOB_COMPLETION_INDEX=1 python train.py out --local-ports 5001 5002

The loop is that of lesson 08c. What is more here: a program that others start needs options, says
what is wrong with them, and leaves a model behind.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from task_config import task_config, wait_for_names

from workshop.cluster import past_proxies


def main(arguments: list[str] | None = None) -> None:
    """Find out which worker this is, then train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="for checkpoints and the model; all see it")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--batch-size", type=int, default=120, help="of all workers together")
    parser.add_argument("--save-every", type=int, default=100, help="steps between checkpoints")
    parser.add_argument("--examples", type=int, help="train on the first ones only")
    parser.add_argument("--local-ports", type=int, nargs="+", help="try it on one machine")
    options = parser.parse_args(arguments)
    try:
        config = task_config(os.environ, local_ports=options.local_ports)
        addresses = json.loads(config)["cluster"]["worker"]
        if options.batch_size % len(addresses):
            raise ValueError(
                f"A batch of {options.batch_size} can't be shared by {len(addresses)} workers; "
                "give --batch-size a multiple."
            )
        wait_for_names(addresses)
    except (ValueError, TimeoutError) as error:
        sys.exit(f"train.py: {error}")
    hosts = [address.rpartition(":")[0] for address in addresses]
    # TensorFlow reads them when the strategy is made; a proxy of the cluster knows no pod.
    os.environ.update({"TF_CONFIG": config} | past_proxies(os.environ, hosts))
    train(options)


def train(options: argparse.Namespace) -> None:
    """Train from the last checkpoint, or from the start, to the last step."""
    import tensorflow as tf

    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    rank = strategy.cluster_resolver.task_id
    checkpoint, train_step = prepare(strategy, options.batch_size)
    restore(checkpoint, options.folder)
    # Saving is done by all workers together, but only one may write to the common folder.
    own = options.folder if rank == 0 else options.folder / f"scratch_{rank}"
    manager = tf.train.CheckpointManager(checkpoint, own, max_to_keep=2)
    done = int(checkpoint.optimizer.iterations.numpy())
    say(rank, workers=strategy.num_replicas_in_sync, resumed_at=done)
    # One iterator for the whole training: a new one each epoch can stall for many seconds.
    batches = iter(
        strategy.distribute_datasets_from_function(lambda context: shard(context, options, done))
    )
    for step in range(done + 1, options.steps + 1):
        loss = train_step(*next(batches))
        if step % 10 == 0:
            say(rank, step=step, loss=round(float(loss), 6))
        if step % options.save_every == 0 or step == options.steps:
            manager.save(checkpoint_number=step)
    path = own / "model.keras"
    checkpoint.model.save(path)
    say(rank, saved=str(path))


def say(rank: int, **line: object) -> None:
    """Print a line of JSON: logs of pods are read by programs, too."""
    print(json.dumps({"worker": rank} | line), flush=True)


def prepare(strategy, batch_size: int):
    """Make the model, what is to be saved of it, and the function of one step."""
    import keras
    import tensorflow as tf
    from keras import layers

    with strategy.scope():
        keras.utils.set_random_seed(0)  # all workers begin with the same weights
        model = keras.Sequential(
            [
                keras.Input((28, 28)),
                layers.Rescaling(1 / 255),
                layers.Flatten(),
                layers.Dense(128, activation="relu"),
                layers.Dense(10, activation="softmax"),
            ]
        )
        optimizer = keras.optimizers.SGD(0.05, momentum=0.9)
        optimizer.build(model.trainable_variables)
    each = keras.losses.SparseCategoricalCrossentropy(reduction="none")

    def of_replica(images, labels):
        with tf.GradientTape() as tape:
            losses = each(labels, model(images, training=True))
            # The sum over workers is the mean over the whole batch.
            loss = tf.nn.compute_average_loss(losses, global_batch_size=batch_size)
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    @tf.function
    def train_step(images, labels):
        losses = strategy.run(of_replica, (images, labels))
        return strategy.reduce("SUM", losses, axis=None)

    return tf.train.Checkpoint(model=model, optimizer=optimizer), train_step


def restore(checkpoint, folder: Path) -> None:
    """Take the last checkpoint of the common folder, if there is one, and if it fits."""
    import tensorflow as tf

    path = tf.train.latest_checkpoint(str(folder))
    if path is None:
        return
    there = sorted(shape for _, shape in tf.train.list_variables(path) if shape)
    variables = [*checkpoint.model.variables, *checkpoint.optimizer.variables]
    here = sorted(list(variable.shape) for variable in variables if len(variable.shape))
    if there != here:
        sys.exit(
            f"train.py: {path} holds another model, with arrays of the shapes {there}; this one "
            f"has {here}. Train in a new folder, or with the program that saved it."
        )
    checkpoint.restore(path).assert_existing_objects_matched()


def shard(context, options: argparse.Namespace, done: int):
    """Give the batches of this worker: every worker takes other digits."""
    import tensorflow as tf

    from workshop.data import load_mnist

    (images, labels), _ = load_mnist()
    images, labels = images[: options.examples], labels[: options.examples]
    images, labels = tf.constant(images), tf.constant(labels)
    workers, rank = context.num_input_pipelines, context.input_pipeline_id
    # The order follows from the epoch: with other numbers of workers, and after a restart, the
    # same digits meet in the same batch. What was used is left out as numbers; no digit is read
    # for it, however long the training went on before.
    epoch, used = divmod(done * options.batch_size, len(images))

    def order(of_epoch):
        numbers = tf.random.experimental.stateless_shuffle(tf.range(len(images)), [0, of_epoch])
        return tf.data.Dataset.from_tensor_slices(numbers)

    numbers = tf.data.Dataset.range(epoch, 2**31).flat_map(order).skip(used)
    mine = numbers.shard(workers, rank).batch(options.batch_size // workers)
    return mine.map(lambda at: (tf.gather(images, at), tf.gather(labels, at))).prefetch(2)


if __name__ == "__main__":
    main()
