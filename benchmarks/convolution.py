"""Seconds to 99 % and to 99.5 % of MNIST's test digits: lesson 04b beside two known examples.

`python benchmarks/convolution.py` trains, in turns and each in a process of its own, on the full
MNIST:

- *one epoch*: the network and the schedule of lesson 04b, once through the digits, no shifts;
- *recipe*: what lesson 04b trains; both are read out of the cells of the lesson;
- *both lessons*: 04b's network and shifts on 04c's straightened digits without a margin, with 04c's
  batches, rate and labels, ten times through the digits; read out of 04c's cells;
- *Keras example*: "Simple MNIST convnet" of the Keras documentation (F. Chollet): two 3 x 3
  convolutions of 32 and 64 filters with pooling, dropout 0.5, Adam, batches of 128, float images,
  15 epochs on 54,000 digits;
- *PyTorch example*: "mnist" of the PyTorch examples: two 3 x 3 convolutions of 32 and 64 filters,
  one pooling, 128 units, dropout 0.25 and 0.5, Adadelta with a rate of 1 that falls to 0.7 of it
  after each epoch, batches of 64, standardised images, 14 epochs on 60,000 digits. Its batches
  are slices of one tensor, which is faster than that example's loader. Without `torch` (`pip
  install torch`) it is left out.

The clocks count training only, with the tracing of the first step and the preparing of its digits:
they stand still while the 10,000 test digits are read, after each quarter of an epoch. One is on
the wall, one counts the processor seconds of all cores, which other programs disturb less. A
contender ends at 99.5 %, or after its own number of epochs. At the end stands the floor: the
floating-point operations of a step over the rate of a large matrix product on this machine, and
the fraction of it that we reach.

One round takes 10 to 25 minutes on two quiet cores; `--rounds 3 --until 0.99` is quicker.
`--seeds 10` compares lesson 04c with 04b's one epoch instead, in turns: processor seconds (of all
cores; tracing is counted, and 04c's preparing of the digits), seconds, and test accuracy after one
epoch, each with mean and spread. It takes about three minutes.
"""

import contextlib
import importlib.util
import math
import statistics
import sys
import time

import numpy as np
from measure import best, child, command, machine

from workshop.course.cells import run_cells
from workshop.data import load_mnist

TARGETS = (0.99, 0.995)
QUARTERS = 4


def lesson(x_train, number: str = "04b") -> dict:
    """Run the cells of a lesson that are tagged `recipe`; gives their names."""
    import keras
    import tensorflow as tf

    names = {"keras": keras, "layers": keras.layers, "x_train": x_train}
    names |= {"math": math, "np": np, "tf": tf}
    with contextlib.redirect_stdout(sys.stderr):  # what the lesson prints is no result
        return run_cells(number, ["recipe"], names)


def quarters(examples: int, epochs: int, seed: int):
    """Give the places of the examples of each quarter of an epoch, each epoch shuffled anew."""
    random = np.random.default_rng(seed)
    for _ in range(epochs):
        yield from np.array_split(random.permutation(examples), QUARTERS)


def by_keras(model, data, *, batch_size: int, epochs: int, seed: int):
    """Train a compiled model by quarters of epochs; gives, after each, how it predicts."""
    images, labels = data
    for part in quarters(len(images), epochs, seed):
        model.fit(images[part], labels[part], batch_size=batch_size, verbose=0)
        yield lambda test: model.predict(test, batch_size=500, verbose=0).argmax(axis=1)


def one_epoch(x_train, y_train, seed: int):
    """The network and schedule of lesson 04b, once through the digits."""
    import keras

    names = lesson(x_train := x_train[5000:])
    model = names["build_model"]()
    optimizer = keras.optimizers.Adam(names["schedule"](-(-len(x_train) // 64)))
    model.compile(optimizer, "sparse_categorical_crossentropy", steps_per_execution=20)
    return by_keras(model, (x_train, y_train[5000:]), batch_size=64, epochs=1, seed=seed)


def recipe(x_train, y_train, seed: int):
    """The training of lesson 04b."""
    import keras

    names = lesson(x_train := x_train[5000:])
    y_train, model, epochs = y_train[5000:], names["build_model"](), names["epochs"]
    rate = names["schedule"](epochs * -(-len(x_train) // 64))
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    for part in quarters(len(x_train), epochs, seed):
        batches = names["shifted"](x_train[part], y_train[part])
        model.fit(batches, shuffle=False, verbose=0)
        yield lambda test: model.predict(test, batch_size=500, verbose=0).argmax(axis=1)


def both_lessons(x_train, y_train, seed: int):
    """What lessons 04b and 04c found, together."""
    import keras

    names = lesson(x_train := x_train[5000:], "04c")
    how, epochs, prepare = names["FAST"], 10, names["prepare"]
    upright = names["upright"](x_train)
    crops = np.lib.stride_tricks.sliding_window_view(upright, (24, 24), axis=(1, 2))
    labels = keras.utils.to_categorical(y_train[5000:], 10)
    model, random = names["with_norm"](24, **names["STANDARD"]), np.random.default_rng(seed)
    steps = epochs * QUARTERS * -(-len(x_train) // QUARTERS // how["batch"])
    warm = int(how["warm"] * steps)
    rate = keras.optimizers.schedules.CosineDecay(
        how["peak"] / 25, steps - warm, warmup_target=how["peak"], warmup_steps=warm
    )
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=how["smooth"])
    model.compile(keras.optimizers.Adam(rate, *how["betas"]), loss, steps_per_execution=20)
    for part in quarters(len(x_train), epochs, seed):
        down, right = random.integers(5, size=(2, len(part)))  # a shift of -2 to 2 pixels
        model.fit(crops[part, down, right], labels[part], how["batch"], shuffle=False, verbose=0)
        yield lambda test: model.predict(prepare(test), batch_size=500, verbose=0).argmax(axis=1)


def one_epoch_of(number: str, seed: int) -> dict[str, float]:
    """Train lesson 04b's or 04c's network once through the digits, by one call of `fit`."""
    import keras

    (x_train, y_train), (x_test, y_test) = load_mnist("full")
    x_train, y_train = x_train[5000:], y_train[5000:]
    names = lesson(x_train, number)
    keras.utils.set_random_seed(seed)
    processor, start = time.process_time(), time.perf_counter()
    if number == "04b":
        model = names["build_model"]()
        rate = names["schedule"](-(-len(x_train) // 64))
        model.compile(
            keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", steps_per_execution=20
        )
        model.fit(x_train, y_train, batch_size=64, verbose=0)
    else:
        model = names["small"](24, **names["STANDARD"])
        names["train"](model, names["prepare"](x_train), y_train, names["FAST"])
        x_test = names["prepare"](x_test)
    found = {"processor": time.process_time() - processor, "seconds": time.perf_counter() - start}
    said = model.predict(x_test, batch_size=500, verbose=0).argmax(axis=1)
    return {**found, "accuracy": float(np.mean(said == y_test))}


def compare_epochs(seeds: int) -> None:
    """Print what one epoch of lessons 04b and 04c costs and reads, over some seeds."""
    results: dict[str, list] = {"04b": [], "04c": []}
    for seed in range(seeds):
        for number, runs in results.items():
            runs.append(child(one_epoch_of, number, seed))
    for number, runs in results.items():
        said = [f"lesson {number}, one epoch:"]
        for key, form in (("processor", ".2f"), ("seconds", ".2f"), ("accuracy", ".4f")):
            values = [run[key] for run in runs]
            mean, spread = statistics.mean(values), statistics.pstdev(values)
            said.append(f"{key} {mean:{form}} ± {spread:{form}} ({min(values):{form}}-")
            said[-1] += f"{max(values):{form}})"
        print(*said)
    ratios = [
        quick["processor"] / slow["processor"]
        for slow, quick in zip(results["04b"], results["04c"], strict=True)
    ]
    print(
        f"ratio of processor seconds, seed by seed: {statistics.mean(ratios):.3f} ± "
        f"{statistics.pstdev(ratios):.3f} ({min(ratios):.3f}-{max(ratios):.3f})"
    )


def keras_example(x_train, y_train, seed: int):
    """Two convolutions with pooling, as in the documentation of Keras."""
    import keras
    from keras import layers

    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, activation="relu")(inputs)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(64, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Dropout(0.5)(layers.Flatten()(x))
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    images = x_train[:54_000, ..., np.newaxis].astype("float32") / 255
    labels = keras.utils.to_categorical(y_train[:54_000], 10)
    trained = by_keras(model, (images, labels), batch_size=128, epochs=15, seed=seed)
    for predict in trained:
        yield lambda test, predict=predict: predict(test[..., np.newaxis].astype("float32") / 255)


def pytorch_example(x_train, y_train, seed: int):
    """Two convolutions with one pooling, as in the examples of PyTorch."""
    import torch
    from torch import nn
    from torch.nn import functional

    torch.manual_seed(seed)
    model = nn.Sequential(
        *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Dropout2d(0.25), nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5)),
        *(nn.Linear(128, 10), nn.LogSoftmax(dim=1)),
    )
    optimizer = torch.optim.Adadelta(model.parameters(), lr=1.0)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.7)

    def standardised(images):
        return torch.from_numpy((images[:, np.newaxis] / np.float32(255) - 0.1307) / 0.3081).float()

    def predict(test):
        model.eval()
        with torch.no_grad():
            parts = [model(part).argmax(dim=1) for part in standardised(test).split(500)]
        return torch.cat(parts).numpy()

    images, labels = standardised(x_train), torch.from_numpy(y_train.astype("int64"))
    for number, part in enumerate(quarters(len(images), 14, seed), start=1):
        model.train()
        for batch in torch.from_numpy(part).split(64):
            optimizer.zero_grad()
            functional.nll_loss(model(images[batch]), labels[batch]).backward()
            optimizer.step()
        if number % QUARTERS == 0:
            scheduler.step()
        yield predict


CONTENDERS = {
    "one epoch": one_epoch,
    "recipe": recipe,
    "both lessons": both_lessons,
    "Keras example": keras_example,
    "PyTorch example": pytorch_example,
}


def train(name: str, seed: int, until: float) -> list[dict]:
    """Train one contender; gives seconds of both clocks and accuracy after each quarter."""
    (x_train, y_train), (x_test, y_test) = load_mnist("full")
    if name != "PyTorch example":
        import keras

        keras.utils.set_random_seed(seed)
    trained, points = CONTENDERS[name](x_train, y_train, seed), []
    clocks = {"seconds": time.perf_counter, "processor": time.process_time}
    spent = dict.fromkeys(clocks, 0.0)
    while not points or points[-1]["accuracy"] < until:
        start = {clock: now() for clock, now in clocks.items()}
        predict = next(trained, None)
        spent = {clock: spent[clock] + now() - start[clock] for clock, now in clocks.items()}
        if predict is None:
            break
        accuracy = float(np.mean(predict(x_test) == y_test))
        points.append({**spent, "accuracy": accuracy})
    return points


def floor() -> dict[str, float]:
    """Give operations and seconds of a step of lesson 04b, and the machine's rate."""
    import keras
    import tensorflow as tf

    (x_train, y_train), _ = load_mnist()
    model = lesson(x_train)["build_model"]()
    model.compile("adam", "sparse_categorical_crossentropy", steps_per_execution=20)
    operations = 64 * sum(step_operations(model))
    model.fit(x_train[:1280], y_train[:1280], batch_size=64, verbose=0)
    step = best(lambda: model.fit(x_train[:12800], y_train[:12800], batch_size=64, verbose=0), 5)
    side = 2048
    matrix = keras.random.normal((side, side))
    product = best(lambda: tf.matmul(matrix, matrix).numpy(), 20)
    return {"operations": operations, "step": step / 200, "rate": 2 * side**3 / product}


def step_operations(model):
    """Give the operations of a training step on one image, layer by layer.

    A product costs a multiplication and an addition; forward, for the kernel's gradient, and for
    the gradient of the input, which the first layer does not need. What is not a matrix product
    (batch normalisation, ReLU, pooling, Adam) is not counted.
    """
    times = 2
    for layer in model.layers:
        kernel = getattr(layer, "kernel", None)
        if kernel is None:
            continue
        positions = int(np.prod(layer.output.shape[1:-1]))
        yield times * 2 * positions * int(np.prod(kernel.shape))
        times = 3


def reached(points: list[dict], target: float, clock: str) -> float:
    """Give the seconds to the first reading at or above the target; infinity if never."""
    times = [point[clock] for point in points if point["accuracy"] >= target]
    return min(times, default=float("inf"))


def main(rounds: int = 1, until: float = TARGETS[-1], seeds: int = 0) -> None:
    """Run all contenders in turns, each round with another seed, then the floor."""
    print(machine())
    if seeds:
        compare_epochs(seeds)
        return
    results = {name: [] for name in CONTENDERS}
    if not importlib.util.find_spec("torch"):
        del results["PyTorch example"]
    for seed in range(rounds):
        for name, runs in results.items():
            runs.append(child(train, name, seed, until))
            last = runs[-1][-1]
            print(
                f"round {seed}: {name:16} {last['accuracy']:.4f} after "
                f"{last['seconds']:.0f} s, {last['processor']:.0f} processor s"
            )
    table(results)
    found = child(floor)
    least = found["operations"] / found["rate"]
    print(
        f"\nA step of 64 digits: {found['operations'] / 1e6:,.0f} million operations; a product of "
        f"2048 x 2048 matrices runs at {found['rate'] / 1e9:,.0f} GFLOP/s.\n"
        f"Floor {1e3 * least:.1f} ms, measured {1e3 * found['step']:.1f} ms (best of 5): "
        f"{least / found['step']:.0%} of the rate of a matrix product."
    )


def table(results: dict[str, list]) -> None:
    """Print the median seconds to each target, and how they compare with the Keras example."""
    for clock in ("seconds", "processor"):
        medians = {
            name: [statistics.median(reached(points, t, clock) for points in runs) for t in TARGETS]
            for name, runs in results.items()
        }
        heads = "".join(f"{f'to {target:.1%}':>12}{'ratio':>9}" for target in TARGETS)
        print(f"\n{clock:18}{heads}")
        base = medians["Keras example"][0]
        for name, found in medians.items():
            cells = (
                f"{one:12.0f}{one / base:9.2f}" if np.isfinite(one) else f"{'not':>12}{'':9}"
                for one in found
            )
            print(f"{name:18}{''.join(cells)}")
    print("ratio: over the seconds in which the Keras example reaches 99.0 %")


if __name__ == "__main__":
    command(main)
