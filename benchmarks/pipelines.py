"""Feeding MNIST: our TFRecord pipeline beside tf.data over arrays, Python feeds, and the limit.

    python benchmarks/pipelines.py [60000 6000000] [--repeats 3] [--patience 150]

The numbers are those of the examples. The contenders, each in a fresh process, in each round in a
random order:

- *TFRecord (ours)*: shards of images and labels, written and read by the cells of lesson 05b that
  are tagged `schema`, `writer` and `reader`; *4 features*: the shards of that lesson's whole
  schema, with a feature of variable length that is padded, and one with a default;
- *tf.data of arrays*: `Dataset.from_tensor_slices`, shuffled, in batches, with prefetch;
- *Python, from shards*: a loop in Python takes one record of the same shards after the other,
  parses and converts it, and stacks a hundred to a batch; not shuffled;
- *Python, from arrays*: a loop picks one example after the other out of the arrays, in a shuffled
  order, and stacks them; nothing is read and nothing parsed;
- *from_generator*: that loop gives its examples to tf.data, which makes the batches;
- *NumPy (limit)*: the bytes of the same shards, read a file at a time and copied a batch at a time,
  into the same memory. No record is parsed, no checksum compared, nothing shuffled.

All give the same batches of uint8 images and labels, and all but the limit are checked: the labels
must add up to those of the data. 6,000,000 examples are the 60,000 a hundred times over.
The clock starts when everything is imported and the data is there, and counts the building of the
pipeline. A contender that would take more than `--patience` seconds at a size, by its rate at the
size before, is left out there, and the table says so.

Prints medians: examples per second, CPU seconds (of both cores) for a million examples, peak memory
of the whole process and how it grows with the number of examples, and the fraction of the floor
that each reaches: the bytes of the shards at the rate at which this machine copies memory. Linux
and macOS. 8 to 15 minutes with the full MNIST (`workshop data`); with the sample it says so.
"""

import itertools
import json
import sys
import tempfile
import zlib
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import psutil
from measure import best, child, clocks, command, in_turns, machine, median, peak, spread
from typer import Argument

from workshop.course.cells import run_cells
from workshop.data import load_mnist

BATCH_SIZE = 100
BUFFER = 10_000
PLAIN, WHOLE = "two", "four"  # features of an example; and the folders of such shards
OURS, LIMIT = "TFRecord (ours)", "NumPy (limit)"


def lesson(folder: Path) -> dict:
    """Run the cells of lesson 05b that are tagged, with this as its folder; gives their names."""
    import tensorflow as tf

    names = {"json": json, "np": np, "partial": partial, "Path": Path, "tf": tf, "zlib": zlib}
    return run_cells("05b", ["schema", "writer", "reader"], names | {"runs": folder})


def write(where: str) -> None:
    """Write the shards of images and labels, and those of the lesson's whole schema."""
    folder = Path(where)
    (x_train, y_train), _ = load_mnist()
    names = lesson(folder)
    names["write_shards"](x_train, y_train, folder / PLAIN, two_of(names["schema"]))
    names["write_shards"](x_train, y_train, folder / WHOLE, names["schema"])


def two_of(schema: dict) -> dict:
    """Give the part of a schema that arrays have as well."""
    return {name: schema[name] for name in ("image", "label")}


def shards(folder: Path) -> list[Path]:
    """Give the files that the writer made."""
    return sorted(folder.glob("*.tfrecord"))


def ours(folder: Path, epochs: int, *, part: str = PLAIN):
    """The lesson's reader."""
    names = lesson(folder)
    schema = names["schema"] if part == WHOLE else two_of(names["schema"])
    files = shards(folder / part)
    dataset = names["read_shards"](files, schema, BATCH_SIZE, buffer=BUFFER).repeat(epochs)
    return ((batch["image"], batch["label"]) for batch in dataset)


def arrays(data, epochs: int):
    """`tf.data` over arrays in memory."""
    import tensorflow as tf

    dataset = tf.data.Dataset.from_tensor_slices(data).shuffle(BUFFER)
    return dataset.batch(BATCH_SIZE).prefetch(tf.data.AUTOTUNE).repeat(epochs)


def one_by_one(data, epochs: int):
    """Pick and convert one example after the other, as a loop in Python does."""
    images, labels = data
    order = np.random.default_rng(0)
    for _ in range(epochs):
        for place in order.permutation(len(images)):
            yield images[place], int(labels[place])


def stacked(examples):
    """Stack examples to batches of tensors."""
    import tensorflow as tf

    while some := list(itertools.islice(examples, BATCH_SIZE)):
        images, labels = zip(*some, strict=True)
        yield tf.constant(np.stack(images)), tf.constant(labels)


def python_feed(data, epochs: int):
    """Batches made by a loop in Python."""
    return stacked(one_by_one(data, epochs))


def parsed(folder: Path, epochs: int):
    """Take apart and convert one record of the lesson's shards after the other."""
    import tensorflow as tf

    records = tf.data.TFRecordDataset(shards(folder / PLAIN)).repeat(epochs)
    for record in records.as_numpy_iterator():
        feature = tf.train.Example.FromString(record).features.feature
        pixels = np.frombuffer(feature["image"].bytes_list.value[0], "uint8")
        yield pixels.reshape(28, 28), feature["label"].int64_list.value[0]


def python_reader(folder: Path, epochs: int):
    """The lesson's shards, read by a loop in Python."""
    return stacked(parsed(folder, epochs))


def generator(data, epochs: int):
    """The same loop, batches made by `tf.data`."""
    import tensorflow as tf

    image, label = tf.TensorSpec((28, 28), tf.uint8), tf.TensorSpec((), tf.int64)
    dataset = tf.data.Dataset.from_generator(
        lambda: one_by_one(data, epochs), output_signature=(image, label)
    )
    return dataset.batch(BATCH_SIZE).prefetch(tf.data.AUTOTUNE)


FROM_ARRAYS = {
    "tf.data of arrays": arrays,
    "Python, from arrays": python_feed,
    "from_generator": generator,
}
FROM_FILES = {
    OURS: ours,
    "TFRecord, 4 features": partial(ours, part=WHOLE),
    "Python, from shards": python_reader,
}
CONTENDERS = (*FROM_FILES, *FROM_ARRAYS, LIMIT)


def consume(batches) -> tuple[int, int]:
    """Take all batches; gives how many examples they have, and the sum of the labels."""
    examples = total = 0
    for images, labels in batches:
        assert images.shape[1:] == (28, 28) and images.dtype == "uint8"
        examples += len(labels)
        total += int(np.asarray(labels).sum())
    return examples, total


def copy_all(folder: Path, epochs: int) -> int:
    """Read the shards and copy them a batch at a time; gives the bytes copied."""
    files, copied = shards(folder / PLAIN), 0
    content = np.empty(max(file.stat().st_size for file in files), "uint8")
    batch = np.empty_like(content)
    for file in files * epochs:
        with file.open("rb", buffering=0) as opened:
            size = opened.readinto(content)
        for piece in np.array_split(content[:size], 1000 // BATCH_SIZE):
            np.copyto(batch[: piece.size], piece)
            copied += piece.size
    return copied


def measure(name: str, where: str, epochs: int) -> dict:
    """Run one contender in this process."""
    folder = Path(where)
    if name != LIMIT:
        import tensorflow as tf

        tf.constant(0)  # starts its threads
    source = load_mnist()[0] if name in FROM_ARRAYS else folder
    memory, start = psutil.Process().memory_info().rss / 1e6, clocks()
    if name == LIMIT:
        found = {"bytes": copy_all(folder, epochs)}
    else:
        examples, labels = consume((FROM_FILES | FROM_ARRAYS)[name](source, epochs))
        found = {"examples": examples, "labels": labels}
    seconds, cpu = clocks() - start
    return found | {"seconds": seconds, "cpu": cpu, "peak": peak(), "grown": peak() - memory}


def copy_rate() -> float:
    """Give the bytes a second at which one core copies memory: the best of ten copies."""
    source = np.ones(2**27, "uint8")
    target = np.empty_like(source)
    return source.size / best(lambda: np.copyto(target, source), 10)


def main(
    sizes: Annotated[list[int], Argument()] = (60_000, 6_000_000),
    repeats: int = 3,
    patience: float = 150,
) -> None:
    """Measure all contenders at all sizes and print the tables."""
    print(machine())
    (x_train, y_train), _ = load_mnist()
    examples, labels = len(x_train), int(y_train.sum())
    results = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        child(write, folder)
        size, whole = (
            sum(file.stat().st_size for file in shards(folder / part)) for part in (PLAIN, WHOLE)
        )
        print(
            f"{len(shards(folder / PLAIN))} shards, {size / examples:.0f} bytes an example; with "
            f"all features {whole / examples:.0f}\n"
        )
        for epochs in sorted({max(1, round(number / examples)) for number in sizes}):
            expected = {"examples": epochs * examples, "labels": epochs * labels}
            measure_one = partial(measured, folder, epochs, expected, {"bytes": epochs * size})
            results[epochs] = in_turns(measure_one, patient(results, epochs, patience), repeats)
    report(results, examples, size)


def measured(folder: Path, epochs: int, expected: dict, copied: dict, name: str) -> dict:
    """Measure a contender in a new process, and see that it has done all of its work."""
    found = child(measure, name, folder, epochs, variables={"TF_CPP_MIN_LOG_LEVEL": "3"})
    expected = copied if name == LIMIT else expected
    assert found.items() >= expected.items(), (name, found, expected)
    print(f"{epochs} epochs, {name}: {found['seconds']:.2f} s", file=sys.stderr)
    return found


def patient(results: dict, epochs: int, patience: float) -> list[str]:
    """Name the contenders that will not take too long at this size."""
    if not results:
        return list(CONTENDERS)
    last = max(results)
    took = {name: median(runs, "seconds") * epochs / last for name, runs in results[last].items()}
    for name, estimate in took.items():
        if estimate > patience:
            print(f"{name} is left out: {epochs} epochs would take {estimate:.0f} s")
    return [name for name, estimate in took.items() if estimate <= patience]


def report(results: dict[int, dict[str, list]], examples: int, size: int) -> None:
    """Print a table for each size, then the memory at all sizes side by side."""
    rate = copy_rate()
    for epochs, found in results.items():
        print(f"\n{epochs * examples:,} examples ({epochs} x {examples:,})")
        titles = (("examples/s", 12), ("", 26), ("CPU s/million", 15), ("time", 9), ("floor", 9))
        print(" " * 22 + "".join(f"{title:>{width}}" for title, width in titles))
        base = median(found[OURS], "seconds")
        for name, runs in found.items():
            count, middle = epochs * examples, median(runs, "seconds")
            rates = spread([count / run["seconds"] for run in runs], ",.0f")
            print(
                f"{name:22}{count / middle:12,.0f}{rates:>26}"
                f"{median(runs, 'cpu') / count * 1e6:15.2f}{middle / base:8.2f}x"
                f"{epochs * size / rate / middle:9.2%}"
            )
    print("\ntime: over ours; floor: the share of the floor's rate that is reached")
    print("\nPeak memory in MB (of it since the clock started)")
    print(f"{'':22}" + "".join(f"{epochs * examples:>20,}" for epochs in results) + f"{'ratio':>8}")
    for name in CONTENDERS:
        runs = [found[name] for found in results.values() if name in found]
        peaks = [median(one, "peak") for one in runs]
        cells = [f"{p:,.0f} ({median(o, 'grown'):,.0f})" for p, o in zip(peaks, runs, strict=True)]
        ratio = f"{peaks[-1] / peaks[0]:8.2f}" if len(peaks) > 1 else ""
        print(f"{name:22}" + "".join(f"{cell:>20}" for cell in cells) + ratio)
    print(
        f"\nFloor: {size / examples:.0f} bytes an example; a core of this machine copies "
        f"{rate / 1e9:.1f} GB/s (best of 10): {rate / size * examples:,.0f} examples/s"
    )


if __name__ == "__main__":
    command(main)
