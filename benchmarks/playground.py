"""What the playground costs: the same training by code, by `train`, and by the button Run.

`python benchmarks/playground.py` trains the model of the playground's start on the spiral, in
turns as a plain loop of `train_on_batch` with all the points, by `playground.train(steps)`, and by
the messages of its button on an event loop, as a kernel has one. Seconds, CPU seconds, and ratios
to the plain loop of the same round; the first step of each model, in which TensorFlow traces, is
not in the figures. The browser's own drawing is not in them either. About a minute.
"""

import asyncio
import statistics
import time

import keras
import typer

from workshop.data import spirals
from workshop.widgets import Playground

KINDS = ("loop", "train", "run")


def build_model(hidden_units, activation, learning_rate):
    """Build the model that a lesson has in a cell."""
    model = keras.Sequential([keras.Input((2,))])
    for units in hidden_units:
        model.add(keras.layers.Dense(units, activation))
    model.add(keras.layers.Dense(1, "sigmoid"))
    model.compile(keras.optimizers.Adam(learning_rate), "binary_crossentropy")
    return model


def by_loop(steps: int) -> tuple[float, float]:
    """Train without the playground; gives seconds and CPU seconds."""
    points, labels = spirals()
    targets = labels[:, None].astype("float32")
    model = build_model([16, 16], "relu", 0.01)
    model.train_on_batch(points, targets)
    started, worked = time.perf_counter(), time.process_time()
    for _ in range(steps):
        model.train_on_batch(points, targets, return_dict=True)
    return time.perf_counter() - started, time.process_time() - worked


def by_train(steps: int) -> tuple[float, float]:
    """Train by code; gives seconds and CPU seconds."""
    playground = Playground(build_model, {"spirals": spirals()})
    playground.train(1)
    started, worked = time.perf_counter(), time.process_time()
    playground.train(steps)
    return time.perf_counter() - started, time.process_time() - worked


def by_run(steps: int) -> tuple[float, float]:
    """Train as the button does; gives seconds and CPU seconds, for exactly so many steps."""

    async def press():
        playground = Playground(build_model, {"spirals": spirals()})
        playground.train(1)
        started, worked = time.perf_counter(), time.process_time()
        playground._controls.handle_message(None, {"do": "run"}, [])  # noqa: SLF001 - as a button
        while playground.step_count < steps:
            await asyncio.sleep(0.02)
        share = steps / (playground.step_count - 1)  # it stops between two slices
        taken = time.perf_counter() - started, time.process_time() - worked
        playground._controls.handle_message(None, {"do": "pause"}, [])  # noqa: SLF001 - as a button
        await asyncio.sleep(0.2)
        return tuple(seconds * share for seconds in taken)

    return asyncio.run(press())


def main(rounds: int = 5, steps: int = 2000):
    """Measure in turns and print medians and ratios."""
    measure = {"loop": by_loop, "train": by_train, "run": by_run}
    for kind in KINDS:
        measure[kind](50)
    taken = {kind: [] for kind in KINDS}
    for turn in range(rounds):
        # Alternating order, so that a machine that warms up or slows down favours none.
        for kind in KINDS if turn % 2 == 0 else KINDS[::-1]:
            taken[kind].append(measure[kind](steps))
    print(f"{steps} steps of 400 points, {rounds} rounds, medians")
    print(
        f"{'':8}{'seconds':>9}{'ms/step':>9}{'ratio':>8}{'its range':>16}{'CPU s':>8}{'ratio':>8}"
    )
    for kind in KINDS:
        seconds, worked = (statistics.median(column) for column in zip(*taken[kind], strict=True))
        pairs = list(zip(taken[kind], taken["loop"], strict=True))
        ratios, cpu = ([mine[k] / plain[k] for mine, plain in pairs] for k in (0, 1))
        spread = f"{min(ratios):.3f} to {max(ratios):.3f}"
        print(
            f"{kind:8}{seconds:9.2f}{1000 * seconds / steps:9.2f}{statistics.median(ratios):8.3f}"
            f"{spread:>16}{worked:8.2f}{statistics.median(cpu):8.3f}"
        )


if __name__ == "__main__":
    typer.run(main)
