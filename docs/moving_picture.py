"""Make the moving picture at the top of the README: a network that learns, then reads a drawing.

`python docs/moving_picture.py` runs a real training in JupyterLab in headless Chromium, takes a
picture of each step that the dashboard draws, then draws on the digit pad with the pointer while
the same network answers. It writes docs/first_minute.webp, and the end of the training for those
whose system asks for less motion. About two minutes. Needs Chromium; the full MNIST
(`workshop data`) makes the network a better reader.
"""

import io
import math
import sys
import tempfile
from pathlib import Path

from PIL import Image

REPO = Path(__file__).parent.parent
sys.path[:0] = [str(REPO / "tests"), str(REPO / "tests" / "lessons")]

FILE, STILL = REPO / "docs" / "first_minute.webp", REPO / "docs" / "first_minute_still.webp"
MOST_BYTES = 1_000_000
SIZE, GROUND = (860, 590), "white"
TRAIN = """import time
import keras
from workshop.data import load_mnist, validation_split
from workshop.widgets import DigitPad, TrainingDashboard
keras.utils.set_random_seed(1)
(x_train, y_train), (x_val, y_val) = validation_split(*load_mnist()[0])
layers = keras.layers
model = keras.Sequential([
    keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Reshape((28, 28, 1)),
    layers.RandomTranslation(0.07, 0.07, fill_mode="constant"),
    layers.Conv2D(16, 4, strides=2, activation="relu"), layers.Conv2D(32, 3, activation="relu"),
    layers.MaxPooling2D(), layers.Conv2D(64, 3, activation="relu"), layers.Flatten(),
    layers.Dropout(0.2), layers.Dense(10, "softmax")])
model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")


class ForTheCamera(keras.callbacks.Callback):
    steps = 0

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1
        time.sleep(0.15 if self.steps < 100 else 0.002)


dashboard = TrainingDashboard(x_val[:400], y_val[:400])  # fewer are larger
display(dashboard)
history = model.fit(x_train[:20_000], y_train[:20_000], batch_size=64, epochs=4, verbose=0,
                    callbacks=[dashboard.callback(x_train, y_train), ForTheCamera()])"""
PAD = "DigitPad(model)"
THREE = [
    (0.5 + 0.22 * math.sin(a), 0.3 - 0.19 * math.cos(a)) for a in (k / 6 for k in range(-5, 19))
]
THREE += [
    (0.5 + 0.26 * math.sin(a), 0.7 - 0.21 * math.cos(a)) for a in (k / 6 for k in range(1, 25))
]
SEVEN = [(0.22, 0.2), (0.48, 0.2), (0.75, 0.2), (0.64, 0.42), (0.53, 0.64), (0.42, 0.86)]


class Film:
    """Pictures of a page, and how long each is seen."""

    def __init__(self):
        """Begin with none."""
        self.pictures, self.milliseconds = [], []
        self.still = None

    def take(self, element, milliseconds: int) -> None:
        """Take a picture of an element of the page."""
        shot = Image.open(io.BytesIO(element.screenshot())).convert("RGB")
        shot.thumbnail((SIZE[0], SIZE[1] - 20), Image.Resampling.LANCZOS)
        whole = Image.new("RGB", SIZE, GROUND)
        whole.paste(shot, ((SIZE[0] - shot.width) // 2, 10))
        self.pictures.append(whole)
        self.milliseconds.append(milliseconds)

    def write(self) -> None:
        """Write it in the best quality that is small enough."""
        first, *others = self.pictures
        for quality in (70, 50, 35, 20, 10):
            file = io.BytesIO()
            first.save(
                *(file, "WEBP"),
                **{"save_all": True, "append_images": others, "duration": self.milliseconds},
                **{"loop": 0, "quality": quality, "method": 4},
            )
            if file.tell() < MOST_BYTES:
                break
        FILE.write_bytes(file.getvalue())
        self.still.save(STILL, "WEBP", quality=80, method=6)
        seconds = sum(self.milliseconds) / 1000
        print(f"{len(self.pictures)} pictures, {seconds:.0f} s, quality {quality}: {file.tell()} B")


def film_training(page, film: Film) -> None:
    """Take the steps that the dashboard draws, later ones less often."""
    shown = page.wait_for_selector(".training-dashboard[data-step]")
    step = 0
    while not page.evaluate("window.allDone"):
        now = page.evaluate("Number(document.querySelector('.training-dashboard')?.dataset.step)")
        if now and now >= 1.35 * step:
            step = now
            film.take(shown, 350)
        page.wait_for_timeout(20)
    film.milliseconds[-1], film.still = 2500, film.pictures[-1]


def film_drawing(page, film: Film) -> None:
    """Draw two digits, and take a picture every few points."""
    pad = page.locator(".digit-pad").last
    for stroke in (THREE, SEVEN):
        pad.locator(".dp-clear").click()
        page.wait_for_timeout(500)
        box = pad.locator(".dp-ink").bounding_box()
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        each = max(1, len(places) // 6)
        for k, place in enumerate(places):
            page.mouse.move(*place, steps=4)
            if k % each == each - 1:
                page.wait_for_timeout(300)
                film.take(pad, 350)
        page.mouse.up()
        page.wait_for_timeout(800)
        film.take(pad, 2500)


def main() -> None:
    """Make the film."""
    from browser import RUN_ALL, SELECT, jupyterlab

    film = Film()
    with tempfile.TemporaryDirectory() as home, jupyterlab(Path(home)) as lab:
        path = lab.write("moving_picture.ipynb", TRAIN, PAD)
        with lab.open(path, width=SIZE[0] + 160, height=1300) as page:
            page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
            page.evaluate(RUN_ALL)
            film_training(page, film)
            page.evaluate(SELECT, 1)
            page.locator(".digit-pad[data-number]").last.scroll_into_view_if_needed()
            film_drawing(page, film)
    film.write()


if __name__ == "__main__":
    main()
