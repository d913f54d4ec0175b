"""Seconds to start: the package alone, and to a first trained and drawn model.

Run `python benchmarks/startup.py` in the environment of the course. Each line is the median of
some starts of a new Python (after one that is not counted); a bare start of Python stands beside
the import of the package, a bare import of TensorFlow beside the model. One to two minutes.
"""

import os
import statistics
import subprocess
import sys
import time

from measure import command, machine, spread

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


def main(starts: int = 5) -> None:
    """Print a line for each program."""
    print(machine())
    for name, program in PROGRAMS.items():
        seconds(program)
        times = [seconds(program) for _ in range(starts)]
        middle = statistics.median(times)
        print(f"{name:45} {middle:6.2f} s  {spread(times, '.2f')}", flush=True)


if __name__ == "__main__":
    command(main)
