"""Loading MNIST: from the workshop's cache beside Keras' own loader from its own cache.

    python benchmarks/load_mnist.py [--rounds 7]

Needs the full MNIST on this machine (`workshop data` fetches it) and TensorFlow with Keras. Both
caches are made anew in a temporary folder. Each measurement is a fresh process that has imported
everything before the clock starts; in each round the two come in a random order. Both verify what
they read by SHA-256: Keras the packed file, we the unpacked bytes. Our mnist.npz is packed here, so
Keras is given the digest of this file in place of the published one, and does the same work.

Prints medians of the first call in a process and of later calls, the ratio, and by how much the
peak memory of the process grew in the first call (Linux only). "Keras" in the table is
`keras.datasets.mnist.load_data()`.
"""

import argparse
import contextlib
import hashlib
import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

LOADERS = ("workshop", "keras")
CALLS = 5
MEMORY = Path("/proc/self/status")


def prepare(folder: Path) -> dict[str, str]:
    """Fill both caches; return the environment that points at them."""
    from workshop.data import download, load_mnist

    (x_train, y_train), (x_test, y_test) = load_mnist("full")
    arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    download.store(folder / "workshop" / "mnist", arrays)
    (folder / "keras" / "datasets").mkdir(parents=True)
    np.savez_compressed(folder / "keras" / "datasets" / "mnist.npz", **arrays)
    return {
        **{name: value for name, value in os.environ.items() if name != "WORKSHOP_DATA"},
        "WORKSHOP_CACHE": str(folder / "workshop"),
        "KERAS_HOME": str(folder / "keras"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def loader(name: str):
    """Import one loader and return it as a function without arguments."""
    if name == "workshop":
        from workshop.data import load_mnist

        return load_mnist
    from keras.src.datasets import mnist
    from keras.src.utils.file_utils import get_file

    content = (Path(os.environ["KERAS_HOME"]) / "datasets" / "mnist.npz").read_bytes()
    digest = hashlib.sha256(content).hexdigest()

    def get_ours(*args, **kwargs):
        return get_file(*args, **kwargs | {"file_hash": digest})

    mnist.get_file = get_ours
    return mnist.load_data


def measure(name: str) -> dict:
    """Time one loader in this process."""
    load = loader(name)
    seconds = []
    before = memory("VmRSS")
    if before is not None:
        Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew from here
    for call in range(CALLS):
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            splits = load()
        seconds.append(time.perf_counter() - start)
        if call == 0:
            peak = memory("VmHWM")
    digest = hashlib.sha256(b"".join(array.tobytes() for split in splits for array in split))
    grown = None if before is None else peak - before
    return {
        "first": seconds[0],
        "later": statistics.median(seconds[1:]),
        "grown": grown,
        "digest": digest.hexdigest(),
    }


def memory(field: str) -> float | None:
    """Read one figure of this process in MB, where the system gives it."""
    if not MEMORY.exists():
        return None
    line = next(line for line in MEMORY.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024 / 1e6


def compare(rounds: int) -> None:
    """Measure both loaders in turn and print the table."""
    results = {name: [] for name in LOADERS}
    with tempfile.TemporaryDirectory() as folder:
        environment = prepare(Path(folder))
        for _ in range(rounds):
            for name in random.sample(LOADERS, len(LOADERS)):
                command = [sys.executable, __file__, "--measure", name]
                child = subprocess.run(
                    command, env=environment, capture_output=True, text=True, check=False
                )
                if child.returncode:
                    sys.exit(child.stderr)
                results[name].append(json.loads(child.stdout))
    digests = {result["digest"] for one in results.values() for result in one}
    assert len(digests) == 1, "the two loaders gave different arrays"
    report(results, rounds)


def report(results: dict[str, list[dict]], rounds: int) -> None:
    """Print medians, ranges and ratios."""
    print(f"\nMedian of {rounds} fresh processes each (smallest to largest); the same arrays came")
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
            spread = f"({min(values):.0f} to {max(values):.0f})"
            print(f"{title:24} {name:9} {medians[-1]:6.0f} {unit} {spread}")
        if len(medians) == len(LOADERS):
            print(f"{'':24} ratio     {medians[0] / medians[1]:6.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--measure", choices=LOADERS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
    else:
        compare(arguments.rounds)
