"""Seconds to start: the package alone, and to a first trained and drawn model.

Run `python benchmarks/startup.py` in the environment of the course. Each line is the median of
some starts of a new Python (after one that is not counted); a bare start of Python stands beside
the import of the package, a bare import of TensorFlow beside the model.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

MODEL = """
import matplotlib
matplotlib.use("agg")
import keras
from workshop.data import load_mnist
from workshop.plots import weight_images

(x_train, y_train), _ = load_mnist("sample")
model = keras.Sequential([
    keras.Input((28, 28)),
    keras.layers.Rescaling(1 / 255),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=100, epochs=1, verbose=0)
weight_images(model.layers[-1].kernel.numpy()).canvas.draw()
"""
PROGRAMS = {
    "a bare Python": "pass",
    "import workshop": "import workshop, sys; assert 'tensorflow' not in sys.modules",
    "import its data, plots, widgets, checks": (
        "import workshop.data, workshop.plots, workshop.widgets, workshop.checks, sys; "
        "assert 'tensorflow' not in sys.modules"
    ),
    "import tensorflow": "import tensorflow",
    "a trained and drawn model": MODEL,
}


def seconds(program: str) -> float:
    """Time a new Python that runs the program."""
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], env=clean, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print a line for each program."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=5)
    starts = parser.parse_args().starts
    for name, program in PROGRAMS.items():
        seconds(program)
        times = [seconds(program) for _ in range(starts)]
        spread = f"{min(times):.2f} to {max(times):.2f}"
        print(f"{name:45} {statistics.median(times):6.2f} s  ({spread})", flush=True)


if __name__ == "__main__":
    main()
