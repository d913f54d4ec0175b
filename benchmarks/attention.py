"""Attention beside a GRU and beside counting: lesson 06c's race, over seeds and for longer.

`python benchmarks/attention.py` runs the cells of lesson 06c that race (equal parameters, equal
seconds of the processor), once for each seed, with attention whose positions aren't told as a
third; with `--longer 2`, two of the seeds once more with four times the steps. `--keep FILE`
writes the table as JSON, and the lesson shows it:

    python benchmarks/attention.py --keep workshop/data/recorded/files/attention.json

Takes about 10 minutes on two cores, `--longer 2` as long again.
"""

import json
import os
import time
from collections import Counter
from pathlib import Path

import numpy as np
from measure import command, machine

from workshop.course.cells import run_cells

COMMAND = "python benchmarks/attention.py"
STEPS, LONGER = 250, 4


def lesson() -> dict:
    """Run the cells of lesson 06c that count and that define the race; gives their names."""
    import keras
    from keras import layers

    from workshop.checks import expect
    from workshop.data import load_text

    names = {"keras": keras, "layers": layers, "np": np, "time": time, "Counter": Counter}
    names |= {"expect": expect, "load_text": load_text}
    run_cells("06c", ["waves"], names, only=["waves"])
    return run_cells("06c", ["recorded"], names)


def race(names: dict, contenders: list[str], steps: int, seed: int) -> dict:
    """Let models of one seed race; gives for each its steps, seconds and bits per character."""
    names["keras"].utils.set_random_seed(seed)
    makers = {
        "GRU": names["gru_model"],
        "attention": names["attention_model"],
        "no positions": lambda: names["attention_model"](positions=0.0),
    }
    models = {name: makers[name]() for name in contenders}
    losses, spent = names["race"](models, steps=steps, seed=seed)
    return {
        name: (len(losses[name]), spent[name], names["bits_of"](model))
        for name, model in models.items()
    }


def row(found: list[tuple[int, float, float]]) -> dict:
    """Put the runs of several seeds in a row of the table."""
    steps, seconds, bits = zip(*found, strict=True)
    return {
        "steps": round(np.mean(steps)),
        "seconds": round(np.mean(seconds)),
        "bits": [round(one, 2) for one in bits],
    }


def main(seeds: int = 4, longer: int = 0, keep: Path | None = None) -> None:
    """Print the table, and keep it as it grows.

    `--seeds` says how many race, `--longer` how many of them take four times the steps too.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    about = machine()
    print(about)
    names, table = lesson(), {}
    for contenders, steps, rounds, what in (
        (["GRU", "attention", "no positions"], STEPS, seeds, ""),
        (["GRU", "attention"], LONGER * STEPS, longer, f", {LONGER} times as long"),
    ):
        found = []
        for seed in range(rounds):
            found.append(race(names, contenders, steps, seed))
            for name in contenders:
                table[name + what] = row([one[name] for one in found])
                print(f"{name + what:32}", *table[name + what].values(), flush=True)
            if keep:
                write(keep, about, table)


def write(keep: Path, about: str, table: dict) -> None:
    """Keep the table, with the command and the machine."""
    kept = {"command": COMMAND, "machine": about.replace(" at start\n", ", "), "race": table}
    keep.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    command(main)
