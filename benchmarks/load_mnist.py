"""Loading MNIST: from the workshop's cache beside Keras' own loader from its own cache.

    python benchmarks/load_mnist.py [--rounds 7]

Needs the full MNIST on this machine (`workshop data` fetches it) and TensorFlow with Keras. Both
caches are made anew in a temporary folder. Each measurement is a fresh process that has imported
everything before the clock starts; in each round the two run in a random order. Both verify what
they read by SHA-256: Keras the packed file, we the unpacked bytes.

"Keras" in the table does what `keras.datasets.mnist.load_data()` of Keras 3.15 does, by the public
functions that it calls: `keras.utils.get_file` and `numpy.load`. It can't be called itself: our
mnist.npz is packed here, and it accepts only the digest of the published file.

Prints medians of the first call in a process and of later calls, the ratio, and by how much the
peak memory of the process grew in the first call (Linux only). About a minute.
"""

import hashlib
import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from measure import child, command, in_turns, machine, peak, spread

LOADERS = ("workshop", "keras")
CALLS = 5
PEAK = Path("/proc/self/clear_refs")  # Linux has it: the peak starts anew from here


def prepare(folder: Path) -> dict[str, str]:
    """Fill both caches; return the variables that point at them."""
    from workshop.data import cache, load_mnist

    (x_train, y_train), (x_test, y_test) = load_mnist("full")
    arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    cache.store(folder / "workshop" / "mnist", arrays)
    (folder / "keras" / "datasets").mkdir(parents=True)
    np.savez_compressed(folder / "keras" / "datasets" / "mnist.npz", **arrays)
    return {
        "WORKSHOP_DATA": "",
        "WORKSHOP_CACHE": str(folder / "workshop"),
        "KERAS_HOME": str(folder / "keras"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def loader(name: str):
    """Import one loader and return it as a function without arguments."""
    if name == "workshop":
        from workshop.data import load_mnist

        return load_mnist
    import keras

    content = (Path(os.environ["KERAS_HOME"]) / "datasets" / "mnist.npz").read_bytes()
    digest = hashlib.sha256(content).hexdigest()

    def load_data():
        path = keras.utils.get_file("mnist.npz", "https://nowhere.invalid", file_hash=digest)
        with np.load(path) as arrays:
            splits = [(arrays[f"x_{part}"], arrays[f"y_{part}"]) for part in ("train", "test")]
        return tuple(splits)

    return load_data


def measure(name: str) -> dict:
    """Time one loader in this process."""
    load = loader(name)
    seconds = []
    before, grown = psutil.Process().memory_info().rss / 1e6, None
    if PEAK.exists():
        PEAK.write_text("5")
    for call in range(CALLS):
        start = time.perf_counter()
        splits = load()
        seconds.append(time.perf_counter() - start)
        if call == 0 and PEAK.exists():
            grown = peak() - before
    digest = hashlib.sha256(b"".join(array.tobytes() for split in splits for array in split))
    return {
        "first": seconds[0],
        "later": statistics.median(seconds[1:]),
        "grown": grown,
        "digest": digest.hexdigest(),
    }


def main(rounds: int = 7) -> None:
    """Measure both loaders in turn and print the table."""
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        caches = prepare(Path(folder))
        results = in_turns(lambda name: child(measure, name, variables=caches), LOADERS, rounds)
    digests = {result["digest"] for one in results.values() for result in one}
    assert len(digests) == 1, "the two loaders gave different arrays"
    report(results, rounds)


def report(results: dict[str, list[dict]], rounds: int) -> None:
    """Print medians, ranges and ratios."""
    print(f"\nMedian of {rounds} fresh processes each (smallest to largest); the arrays are equal")
    for key, title, unit, scale in (
        ("first", "first call in a process", "ms", 1000),
        ("later", "later calls", "ms", 1000),
        ("grown", "peak memory grew by", "MB", 1),
    ):
        medians = []
        for name in LOADERS:
            values = [one[key] * scale for one in results[name] if one[key] is not None]
            if not values:
                print(f"{title:24} {name:9} not measured on this system")
                continue
            medians.append(statistics.median(values))
            print(f"{title:24} {name:9} {medians[-1]:6.0f} {unit} {spread(values, '.0f')}")
        if len(medians) == len(LOADERS):
            print(f"{'':24} ratio     {medians[0] / medians[1]:6.2f}")


if __name__ == "__main__":
    command(main)
