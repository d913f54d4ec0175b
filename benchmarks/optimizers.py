"""All of lesson 12b's rules, the best of them again, and known and found ones on three tasks.

    python benchmarks/optimizers.py [--keep workshop/data/recorded/files/optimizers.json]

Runs the lesson's own cells. First every rule of its space, a seed each, how many learn, and the
lesson's two searches a hundred times with these scores. Then the 24 best once more, over eight
fresh seeds. Last the known rules and the best four of those on the lesson's digits (eight seeds
fresh again), on two spirals (1.5 turns, and 2; eight) and with the lesson's convolutional network
on other digits (four); each at its best rate of that task. `--keep` writes what the lesson shows.

About 15 minutes; needs the full MNIST (`workshop data`).
"""

import contextlib
import io
import itertools
import json
import os
import sys
from collections import namedtuple
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the lesson

import numpy as np
from measure import command, machine

from workshop.course.cells import run_cells
from workshop.data import load_mnist, spirals

COMMAND = "python benchmarks/optimizers.py"
CELLS = ("rules", "digits", "network", "tuned", "space", "keras", "spirals")
SEEDS, FRESH, CNN_SEEDS = range(1, 9), range(11, 19), range(1, 5)
WIDE = 10 ** np.arange(-4, 1.5, 0.5, dtype="float32")
FINE = 10 ** np.arange(-3.5, 1.25, 0.25, dtype="float32")
AGAIN, FOUND, REPLAYS = 24, 4, 100
LEARNS = 0.5


def lesson() -> dict:
    """Run the lesson's cells that define rules, tasks and training; gives their names."""
    import keras
    from keras import layers

    names = {"np": np, "keras": keras, "layers": layers, "product": itertools.product}
    names |= {"namedtuple": namedtuple, "pairwise": pairwise}
    names |= {"load_mnist": load_mnist, "spirals": spirals}
    with contextlib.redirect_stdout(sys.stderr):
        run_cells("12b", CELLS, names)
        return run_cells("12b", ["cnn"], names, only=["cnn"])


def every_rule(names: dict) -> dict[str, float]:
    """Give each different rule's accuracy at its best rate, with the search's seed."""
    found = {}
    for number, same in enumerate(names["classes"].values()):
        rule = names["formula"](same[0])
        found[rule] = float(names["score"](rule))
        if number % 100 == 0:
            print(f"{number} of {len(names['classes'])} rules", file=sys.stderr, flush=True)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def row(rate: float, values: np.ndarray) -> list[float]:
    """Put a mean, the spread of the seeds and the rate in a row of a table."""
    return [
        round(float(values.mean()), 4),
        round(float(values.std(ddof=1)), 4),
        float(f"{rate:.3g}"),
    ]


def replays(names: dict, scores: dict[str, float]) -> dict[str, list[float]]:
    """Run the lesson's two searches many times, with scores looked up instead of trained."""
    known = {names["fingerprint"](rule): value for rule, value in scores.items()}
    own = names | {"score": lambda rule: known[names["fingerprint"](rule)]}
    best: dict[str, list[float]] = {"by_random": [], "by_evolution": []}
    for seed in range(REPLAYS):
        own["random"] = np.random.default_rng(seed)
        with contextlib.redirect_stdout(io.StringIO()):
            run_cells("12b", ["search"], own)
        for name, found in best.items():
            found.append(max(own[name].values()))
    return best


def on_cnn(names: dict, rule: str) -> list[float]:
    """Give the row of a rule on the lesson's convolutional network; traced once for all runs."""
    keras = names["keras"]
    starts = [names["cnn"]("sgd", seed).get_weights() for seed in CNN_SEEDS]
    model = names["cnn"](names["Searched"](rule, 0.01), 0)
    found = np.zeros((len(WIDE), len(starts)))
    for (i, rate), (j, start) in itertools.product(enumerate(WIDE), enumerate(starts)):
        keras.utils.set_random_seed(j)
        model.set_weights(start)
        for variable in model.optimizer.variables:
            variable.assign(np.zeros(variable.shape))
        model.optimizer.learning_rate = rate
        model.fit(*names["other"], batch_size=64, epochs=3, verbose=0)
        found[i, j] = model.evaluate(*names["judge"], verbose=0)[1]
    best = found.mean(1).argmax()
    return row(WIDE[best], found[best])


def main(keep: Path | None = None) -> None:
    """Print the tables, and keep them as they grow."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    about, names = machine(), lesson()
    print(about)
    scores = every_rule(names)
    values = np.array(list(scores.values()))
    learn = float(np.mean(values > LEARNS))
    print(f"{len(values)} rules, {learn:.1%} learn, the best {values.max():.4f}")
    tables: dict = {"space": {"rules": len(values), "learn": round(learn, 3)}}
    bests = replays(names, scores)
    tables["replays"] = {name: round(float(np.mean(found)), 4) for name, found in bests.items()}
    ahead = np.array(bests["by_evolution"]) > np.array(bests["by_random"])
    tables["replays"]["evolution ahead"] = float(ahead.mean())
    print(tables["replays"])
    tuned, digits = names["tuned"], names["digits"]
    again = {rule: row(*tuned(rule, digits, SEEDS)[:2]) for rule in list(scores)[:AGAIN]}
    tables["again"] = {rule: [round(scores[rule], 4), *again[rule]] for rule in again}
    for rule, cells in tables["again"].items():
        print(f"{rule:28}", *cells)
    found = sorted(again, key=lambda rule: -again[rule][0])[:FOUND]
    rules = names["KNOWN"] | {rule: rule for rule in found}
    tasks = {
        "digits": lambda rule: row(*tuned(rule, digits, FRESH)[:2]),
        "spirals, 1.5 turns": lambda rule: row(
            *tuned(rule, names["spiral_task"](1.5), SEEDS, FINE)[:2]
        ),
        "spirals, 2 turns": lambda rule: row(
            *tuned(rule, names["spiral_task"](2), SEEDS, FINE)[:2]
        ),
        "convolutions": lambda rule: on_cnn(names, rule),
    }
    for task, judge in tasks.items():
        table = tables[task] = {}
        for name, rule in rules.items():
            table[name] = judge(rule)
            print(f"{task:24}{name:28}", *table[name], flush=True)
        if keep:
            write(keep, about, tables)


def write(keep: Path, about: str, tables: dict) -> None:
    """Keep the tables, with the command and the machine."""
    kept = {"command": COMMAND, "machine": about.replace(" at start\n", ", "), **tables}
    keep.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    command(main)
