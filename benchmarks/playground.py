"""What the playground costs: the same training by code, by `train`, and by the button Run.

`python benchmarks/playground.py` trains the model of the playground's start on the spiral, in
turns as a plain loop of `train_on_batch` with all the points, by `playground.train(steps)`, and by
the messages of its button on an event loop, as a kernel has one. Seconds, CPU seconds, and ratios
to the plain loop of the same round. The first 500 steps of each model are not in the figures:
TensorFlow traces in the first one, and the button takes 400 slowly, so that they can be seen. The
rate is a tenth of the start's, or the training would end before it is measured. The browser's own
drawing is not in them either. About a minute.
"""

import asyncio

import keras
import numpy as np
from measure import clocks, command, in_turns, machine, spread, tell

from workshop.data import spirals
from workshop.widgets import Playground

RATE = 0.001
BEFORE = 500  # steps that are not in the figures


def build_model(hidden_units, activation, learning_rate):
    """Build the model that a lesson has in a cell."""
    model = keras.Sequential([keras.Input((2,))])
    for units in hidden_units:
        model.add(keras.layers.Dense(units, activation))
    model.add(keras.layers.Dense(1, "sigmoid"))
    model.compile(keras.optimizers.Adam(learning_rate), "binary_crossentropy")
    return model


def by_loop(steps: int) -> np.ndarray:
    """Train without the playground; gives seconds and CPU seconds."""
    points, labels = spirals()
    targets = labels[:, None].astype("float32")
    model = build_model([16, 16], "relu", RATE)
    for _ in range(BEFORE):
        model.train_on_batch(points, targets, return_dict=True)
    start = clocks()
    for _ in range(steps):
        model.train_on_batch(points, targets, return_dict=True)
    return clocks() - start


def warm() -> Playground:
    """Make a playground that has traced and is past its slow start."""
    playground = Playground(build_model, {"spirals": spirals()})
    playground.choose(learning_rate=RATE)
    playground.train(BEFORE)
    return playground


def by_train(steps: int) -> np.ndarray:
    """Train by code; gives seconds and CPU seconds."""
    playground = warm()
    start = clocks()
    playground.train(steps)
    return clocks() - start


def by_run(steps: int) -> np.ndarray:
    """Train as the button does; gives seconds and CPU seconds, for exactly so many steps."""

    async def press():
        playground = warm()
        start = clocks()
        tell(playground, {"do": "run"})
        while playground.step_count < BEFORE + steps:
            await asyncio.sleep(0.02)
        share = steps / (playground.step_count - BEFORE)  # it stops between two slices
        taken = clocks() - start
        tell(playground, {"do": "pause"})
        await asyncio.sleep(0.2)
        return taken * share

    return asyncio.run(press())


def main(rounds: int = 5, steps: int = 2000):
    """Measure in turns and print medians and ratios."""
    print(machine())
    kinds = {"loop": by_loop, "train": by_train, "run": by_run}
    in_turns(lambda kind: kinds[kind](50), kinds, 1)  # the first imports and traces
    taken = in_turns(lambda kind: kinds[kind](steps), kinds, rounds)
    print(f"{steps} steps of 400 points, {rounds} rounds, medians")
    print(
        f"{'':8}{'seconds':>9}{'ms/step':>9}{'ratio':>8}{'its range':>18}{'CPU s':>8}{'ratio':>8}"
    )
    for kind, runs in taken.items():
        (seconds, worked), ratios = np.median(runs, axis=0), np.divide(runs, taken["loop"])
        ratio, cpu = np.median(ratios, axis=0)
        print(
            f"{kind:8}{seconds:9.2f}{1000 * seconds / steps:9.2f}{ratio:8.3f}"
            f"{spread(ratios[:, 0], '.3f'):>18}{worked:8.2f}{cpu:8.3f}"
        )


if __name__ == "__main__":
    command(main)
