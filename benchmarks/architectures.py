"""All networks of lesson 12, three seeds each; what an evaluation costs, and what searches reach.

`python benchmarks/architectures.py` measures, in turns, the evaluation of lesson 12 beside `fit`
(seconds of the processor, one thread), then replays the searches of the lesson on the table that
was recorded, beside Optuna, and what KerasTuner costs per trial, where these are installed. `--keep
FILE` writes a table; `--all` trains all 633 networks anew (full MNIST, two processes; what is done
is kept in FILE.partial, and a second start goes on from there):

    python benchmarks/architectures.py --all --keep workshop/data/recorded/files/architectures.json

Takes about 4 minutes on two cores, with `--all` 12.
"""

import itertools
import json
import os
import random
import runpy
import tempfile
import time
from pathlib import Path

import numpy as np
from measure import child, command, in_turns, machine

from workshop.course.cells import run_cells, write_scripts
from workshop.data import load_mnist, recorded_measurements
from workshop.search import Workers, replays, shortest

COMMAND = "python benchmarks/architectures.py --all"
LETTERS, PLACES, SEEDS, EPOCHS = "csrpn-", 4, 3, 3
KEPT = (0, EPOCHS - 1)  # the first epoch and the last
WORDS = ("cpnr", "ccnr", "crcp", "s--r", "nrcn", "----", "ssss", "cncn", "prcr", "ccrp")
RUNS = {"RandomSearch": 400, "Evolution": 400, "Controller": 200, "Optuna": 40}
CLOSED = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": "1", "TF_ENABLE_ONEDNN_OPTS": "1"}


def main(rounds: int = 3, all: bool = False, keep: Path | None = None) -> None:
    """Print what is asked for, and keep it."""
    os.environ.update(CLOSED)
    about = machine()
    print(about)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_scripts("12", folder)
        digits(folder / "digits.npz")
        beside_fit(folder, rounds)
        if all:
            networks = everything(folder, keep)
        else:
            networks = recorded_measurements("architectures")["networks"]
    found = searches(networks)
    if keep:
        write(keep, about, networks, found)


def digits(path: Path) -> None:
    """Write the digits of the lesson: 2,000 to train on and 2,000 to judge by, at half the size."""
    (x, y), _ = load_mnist("full")
    x = x[:4000].reshape(-1, 14, 2, 14, 2).mean((2, 4), dtype="float32")[..., None] / 255
    y = y[:4000].astype("int32")
    np.savez(path, x_train=x[:2000], y_train=y[:2000], x_val=x[2000:], y_val=y[2000:])


def everything(folder: Path, keep: Path | None) -> dict[str, list[int]]:
    """Train all networks; give for each word its parameters, and the errors by seed and epoch."""
    words = {shortest("".join(word)) for word in itertools.product(LETTERS, repeat=PLACES)}
    partial = Path(f"{keep}.partial") if keep else folder / "partial"
    partial.touch()
    lines = map(json.loads, partial.read_text(encoding="utf-8").splitlines())
    errors = {(word, seed): wrong for word, seed, wrong in lines}
    jobs = [(word, seed) for seed in range(SEEDS) for word in sorted(words)]
    jobs = [job for job in jobs if job not in errors]
    evaluate = folder / "evaluate.py"
    with (
        Workers(evaluate, folder / "digits.npz") as workers,
        partial.open("a", encoding="utf-8") as file,
    ):
        for job, accuracies in workers.evaluate(jobs):
            errors[job] = [round(2000 * (1 - accuracy)) for accuracy in accuracies]
            print(json.dumps([*job, errors[job]]), file=file, flush=True)
    network = runpy.run_path(str(evaluate))["network"]
    return {
        word: [
            network(word).count_params(),
            *(errors[word, seed][epoch] for seed in range(SEEDS) for epoch in KEPT),
        ]
        for word in sorted(words, key=lambda word: (len(word), word))
    }


def beside_fit(folder: Path, rounds: int) -> None:
    """Measure ten networks by the lesson's script and by `fit`, in a process each, in turns."""

    def measure(way: str) -> list:
        return child(one_way, way, folder, variables=CLOSED)

    found = in_turns(measure, ("evaluate", "fit"), rounds)
    seconds = {way: np.median([run[0] for run in runs]) for way, runs in found.items()}
    accuracy = {way: np.mean([run[1] for run in runs]) for way, runs in found.items()}
    for way in found:
        print(
            f"{way:9}{seconds[way]:7.2f} s of the processor for ten, accuracy {accuracy[way]:.3f}"
        )
    ratios = [one[0] / other[0] for one, other in zip(found["evaluate"], found["fit"], strict=True)]
    print(f"evaluate / fit: {np.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def one_way(way: str, folder: str) -> tuple[float, float]:
    """Train ten networks; give seconds of the processor, and their mean accuracy."""
    import keras
    import tensorflow as tf

    names = runpy.run_path(str(Path(folder, "evaluate.py")))
    with np.load(Path(folder, "digits.npz")) as file:
        x_train, y_train, x_val, y_val = map(tf.constant, file.values())
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    evaluate = names["evaluate"]
    evaluate.__globals__.update(
        x_train=x_train, y_train=y_train, x_val=x_val, y_val=y_val, loss_of=loss_of,
        accuracy_of=keras.metrics.sparse_categorical_accuracy,
    )  # fmt: skip

    def fit(word: str, seed: int) -> list[float]:
        keras.utils.set_random_seed(seed)
        model = names["network"](word)
        model.compile(keras.optimizers.Adam(3e-3), loss_of, metrics=["accuracy"])
        history = model.fit(
            x_train, y_train, batch_size=50, epochs=EPOCHS, verbose=0,
            validation_data=(x_val, y_val),
        )  # fmt: skip
        return history.history["val_accuracy"]

    run = {"evaluate": evaluate, "fit": fit}[way]
    run("c", 0)  # what TensorFlow does once
    start = time.process_time()
    accuracies = [run(word, 1)[-1] for word in WORDS]
    return time.process_time() - start, float(np.mean(accuracies))


def searches(networks: dict[str, list[int]]) -> dict[str, list[float]]:
    """Replay the searches of the lesson; give for each its true accuracy after 100 evaluations."""
    table = {
        word: 1 - np.reshape(row[1:], (SEEDS, len(KEPT))) / 2000 for word, row in networks.items()
    }
    kinds = lesson()
    found = {}
    for name, runs in RUNS.items():
        if name not in kinds:
            continue
        random.seed(0)
        replays({kinds[name]: 1}, table, evaluations=20)  # what is done once
        start = time.perf_counter()
        _, true = replays({kinds[name]: runs}, table)
        each = (time.perf_counter() - start) / runs
        low, middle, high = np.quantile(true[name][:, 99], (0.1, 0.5, 0.9))
        found[name] = [*np.round((low, middle, high), 4).tolist(), runs]
        print(
            f"{name:13}{1000 * each:8.1f} ms a replay of 200; after 100:", *found[name], flush=True
        )
    if "Optuna" in kinds:
        print(f"KerasTuner: {keras_tuner_ms():.1f} ms a trial of its own work")
    return found


def lesson() -> dict:
    """Run the cells of lesson 12 that define its searches; give their names."""
    import keras
    import tensorflow as tf

    names = {name: getattr(random, name) for name in ("choice", "choices", "randrange", "sample")}
    names |= {"keras": keras, "tf": tf, "np": np, "LETTERS": LETTERS, "PLACES": PLACES}
    tags = ["search", "controller"]
    try:
        import optuna
    except ImportError:
        print("Optuna is not here: pip install optuna")
    else:
        names["optuna"] = optuna
        tags.append("optuna")
    return run_cells("12", tags, names)


def keras_tuner_ms(trials: int = 50) -> float:
    """Give the milliseconds of a trial of KerasTuner beside its training; NaN without it."""
    try:
        import keras_tuner
    except ImportError:
        return float("nan")

    class Nothing(keras_tuner.RandomSearch):
        def run_trial(self, trial, *args, **kwargs):
            return {"accuracy": random.random()}

    def build(hp: "keras_tuner.HyperParameters") -> None:
        for k in range(PLACES):
            hp.Choice(f"letter {k}", list(LETTERS))

    with tempfile.TemporaryDirectory() as place:
        objective = keras_tuner.Objective("accuracy", "max")
        tuner = Nothing(build, objective=objective, max_trials=trials, directory=place)
        start = time.perf_counter()
        tuner.search(verbose=0)
        return 1000 * (time.perf_counter() - start) / trials


def write(keep: Path, about: str, networks: dict, found: dict) -> None:
    """Keep the table, a line a network, with the command and the machine."""
    head = {"command": COMMAND, "machine": about.replace(" at start\n", ", "), "replays": found}
    rows = ",\n".join(json.dumps(word) + json.dumps(row, separators=(",", ":")).join([":", ""])
                      for word, row in networks.items())  # fmt: skip
    text = json.dumps(head, indent=1)[:-2] + ',\n "networks": {\n' + rows + "\n}}\n"
    keep.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    command(main)
