"""From stroke to bars: how long the digit pad takes, as a whole and in the kernel alone.

`python benchmarks/digit_pad.py` trains the first convolutional network of the course for a moment,
shows a pad with it in JupyterLab in headless Chromium, draws sevens with the pointer, and prints
medians: from the end of a stroke to the changed bars, to their first painted frame, and what of
it the kernel works (preprocessing, model, all). The whole takes about a minute. Needs Chromium.
"""

import itertools
import os
import statistics
import sys
import tempfile
import timeit
from pathlib import Path

import numpy as np
from measure import REPO, command, machine, tell

sys.path[:0] = [str(REPO / "tests"), str(REPO / "tests" / "lessons")]

MODEL = """import keras
from workshop.data import load_mnist
from workshop.widgets import DigitPad
keras.utils.set_random_seed(0)
(x_train, y_train), _ = load_mnist("sample")
layers = keras.layers
model = keras.Sequential([
    keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Reshape((28, 28, 1)),
    layers.Conv2D(16, 4, strides=2, use_bias=False), layers.BatchNormalization(momentum=0.9),
    layers.ReLU(),
    layers.Conv2D(32, 3, use_bias=False), layers.BatchNormalization(momentum=0.9), layers.ReLU(),
    layers.MaxPooling2D(), layers.Conv2D(64, 3, activation="relu"), layers.Flatten(),
    layers.Dropout(0.2), layers.Dense(10, "softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(x_train, y_train, batch_size=64, epochs=2, verbose=0)"""
SEVEN = [(0.22, 0.2), (0.75, 0.2), (0.42, 0.85)]


def report(name: str, times: list[float]) -> None:
    """Print the median and the range in which nine of ten lie."""
    low, high = np.percentile(times, [5, 95])
    median = statistics.median(times)
    print(f"{name:48}{median:8.1f} ms   ({low:.1f} to {high:.1f})", flush=True)


def measure_kernel(rounds: int) -> None:
    """Time the steps of the kernel in this process."""
    from PIL import Image, ImageDraw

    from workshop.digits.ink import digit_from_ink
    from workshop.widgets.digit_pad.predict import read_digit

    told = {}
    exec(MODEL, told)  # what the notebook of the browser runs
    image = Image.new("L", (280, 280))
    points = [(280 * x, 280 * y) for x, y in SEVEN]
    ImageDraw.Draw(image).line(points, fill=255, width=24, joint="curve")
    pad, turns = told["DigitPad"](told["model"]), itertools.count()
    pad.load(image)
    # As it travels, also to a page: that of the pad's values which holds ink.
    sent = [value for value in pad.get_state().values() if isinstance(value, dict)]
    [packed] = [one["ink"] for one in sent if "ink" in one]
    drawing = {"kind": "drawing", "author": "benchmark"}
    steps = {
        "kernel: preprocessing": lambda: digit_from_ink(pad.ink),
        "kernel: model(x, training=False)": lambda: read_digit(told["model"], pad.digit),
        "kernel: all, from ink to what is sent": lambda: tell(
            pad, drawing | {"number": next(turns)}, packed
        ),
    }
    print(f"a drawing of 280 x 280 pixels travels as {len(packed):,} bytes")
    for name, step in steps.items():
        times = timeit.repeat(step, number=1, repeat=rounds + 3)
        report(name, [1e3 * seconds for seconds in times[3:]])  # the first ones warm the caches


def measure_browser(rounds: int) -> None:
    """Time strokes in Chromium, by the browser's own clock."""
    from browser import CHROMIUM, RUN_ALL, jupyterlab

    if not CHROMIUM:
        sys.exit("no Chromium on this machine: the strokes were not measured")
    changed, painted = [], []
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as lab:
        path = lab.write("pad.ipynb", MODEL, "pad = DigitPad(model)\npad")
        with lab.open(path) as page:
            page.evaluate(RUN_ALL)
            page.locator(".digit-pad[data-number]").scroll_into_view_if_needed(timeout=120_000)
            box = page.locator(".dp-ink").bounding_box()
            first, *others = [
                (box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN
            ]
            for turn in range(rounds + 2):
                page.locator(".dp-clear").click()
                page.wait_for_timeout(300)
                page.evaluate("delete document.querySelector('.digit-pad').dataset.painted")
                page.mouse.move(*first)
                page.mouse.down()
                for place in others:
                    page.mouse.move(*place, steps=12)
                page.wait_for_timeout(7 * turn % 120)  # what is drawn is sent every 120 ms as well
                page.mouse.up()
                page.wait_for_timeout(400)  # asking the page for its state would hold it up
                page.locator(".digit-pad[data-painted]").wait_for()
                if turn > 1:
                    changed.append(float(page.locator(".digit-pad").get_attribute("data-ms")))
                    painted.append(float(page.locator(".digit-pad").get_attribute("data-painted")))
    report("Chromium: end of the stroke to changed bars", changed)
    report("Chromium: end of the stroke to painted bars", painted)


def main(rounds: int = 40) -> None:
    """Measure and print."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    print(machine())
    measure_kernel(5 * rounds)
    measure_browser(rounds)


if __name__ == "__main__":
    command(main)
