"""Device placement, as lesson 13 does it: what the simulator foresees, beside two real processes.

    python benchmarks/placement.py [--rounds 3] [--record-to workshop/placement/recorded.json]

Runs the lesson's own cells: the network, its costs, the link, rules and searches. Thirteen
placements are then measured on two processes, each bound to a core, in rounds of random order; a
round is a pair of processes of its own, the median of the quiet rounds counts. First table:
milliseconds predicted without and with the factor for shared arithmetic units, and measured. Below
it, for both predictions: mean error, correlation (Pearson, and Spearman's of ranks), and how many
times as fast as one process the best placement is. Then the same for training steps, and what one
simulation takes.

It refuses a machine on which others work (exit status 2), before and after: a measurement beside
them says nothing of placements. The exit status is 1 where the machine was quiet and the mean
error with the factor is above 8 %, the correlation not above 0.9, the gain below 1.35 or a
simulation above 0.15 ms. About two minutes on a quiet machine. `--record-to` writes what the lesson
shows where nothing can be measured.
"""

import contextlib
import itertools
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from measure import command, machine

from workshop import placement
from workshop.checks import expect
from workshop.course.cells import run_cells, write_scripts
from workshop.placement.machine import BESIDE_THEM

CELLS = ("model", "costs", "link", "simulate", "rules", "search", "training", "products")
MOST_ERROR, LEAST_CORRELATION, LEAST_GAIN, MOST_MS = 0.08, 0.9, 1.35, 0.15
REFUSED, MISSED = 2, 1
LOOK_S = 2.0
IN_TRAINING = ("one process", "by layer", "hill climbing")
PRODUCTS = {
    "products, one process": {"left": 0, "right": 0},
    "products, two": {"left": 0, "right": 1},
}


def refuse_others(shares: dict[str, float]) -> None:
    """End the benchmark where others worked on our cores."""
    busy = {name: share for name, share in shares.items() if share > BESIDE_THEM}
    for name, share in busy.items():
        print(f"{name}: others took {share:.0%} of the two cores", file=sys.stderr)
    if busy:
        print("This machine is not quiet; nothing is judged. Try again later.", file=sys.stderr)
        raise SystemExit(REFUSED)


def look() -> float:
    """Give the share of the cores that others take now."""
    with placement.Others(placement.two_cores(), [os.getpid()]) as others:
        time.sleep(LOOK_S)
    return others.share


def lesson(folder: Path) -> dict:
    """Write the lesson's script to this folder and run its cells up to the real processes."""
    import keras
    import networkx as nx
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    write_scripts("13", folder)
    names = {"keras": keras, "nx": nx, "tf": tf, "np": np, "itertools": itertools, "runs": folder}
    names |= {"v1": tf.compat.v1, "layers": keras.layers, "defaultdict": defaultdict}
    names |= {"placement": placement, "expect": expect}
    with contextlib.redirect_stdout(sys.stderr):
        return run_cells("13", CELLS, names)


def more_placements(names: dict) -> dict[str, list[int]]:
    """Give the lesson's placements and some that nobody would choose."""
    groups, found = names["groups"], dict(names["placements"])
    draw = np.random.default_rng(0)
    found["the other process"] = [1] * len(groups)
    found["by turns"] = [int(group[-1] in "13") for group in groups]
    for number in range(4):
        found[f"random {number}"] = draw.integers(2, size=len(groups)).tolist()
    return found


def measured(names: dict, wanted: dict[str, list[int]], rounds: int) -> dict[str, dict]:
    """Measure in rounds; of each placement give the quiet round with the median step."""
    groups = names["groups"]
    in_training = {
        f"training, {name}": dict(zip(groups, wanted[name], strict=True)) for name in IN_TRAINING
    }
    found = defaultdict(list)
    for _ in range(rounds):
        order = random.sample(list(wanted), len(wanted))
        by_group = {name: dict(zip(groups, wanted[name], strict=True)) for name in order}
        results = placement.measure(
            names["runs"] / "pair.py",
            (names["forward"], by_group),
            (names["training"], in_training),
            (names["twice"], PRODUCTS),
        )
        for name, result in results.items():
            found[name].append(result)
    middle = {}
    for name, results in found.items():
        quiet = [result for result in results if result["others"] <= BESIDE_THEM] or results
        middle[name] = sorted(quiet, key=lambda result: result["ms"])[len(quiet) // 2]
    return middle


def simulators(names: dict, results: dict[str, dict]) -> dict[str, dict]:
    """Give, without and with the shared units, what simulates the forward pass and training."""
    one, two = (results[name]["ms"] for name in PRODUCTS)
    sharing = min(1.0, max(0.4, one / two / 2))  # as the lesson does
    print(f"two processes multiply {one / two:.2f} times as fast as one: sharing {sharing:.2f}")
    costs, link = names["costs"], names["link"]
    print(f"link: {link.ms:.2f} ms and {link.gigabytes:.1f} GB/s")
    return {
        key: {
            "forward": placement.Simulator(names["forward"], costs, link, sharing=factor),
            "training": placement.Simulator(
                names["training"], names["costs_of_training"], link, sharing=factor
            ),
        }
        for key, factor in (("predicted", 1.0), ("aware", sharing))
    }


def ranks(values: list[float]) -> np.ndarray:
    """Give the place of each value among all."""
    return np.argsort(np.argsort(values))


def report(results: dict, guesses: dict[str, dict[str, float]]) -> tuple[float, float, float]:
    """Print the table; give error and correlation of the last guess, and the gain."""
    names = list(next(iter(guesses.values())))
    print(f"\n{'':28}" + "".join(f"{key:>11}" for key in (*guesses, "measured")) + "     others")
    for name in sorted(names, key=lambda name: results[name]["ms"]):
        cells = [guess[name] for guess in guesses.values()] + [results[name]["ms"]]
        others = results[name]["others"]
        print(f"{name:28}" + "".join(f"{ms:11.1f}" for ms in cells) + f"{others:11.0%}")
    times = [results[name]["ms"] for name in names]
    for key, guess in guesses.items():
        foreseen = [guess[name] for name in names]
        error = float(np.mean(np.abs(np.array(foreseen) / times - 1)))
        pearson = float(np.corrcoef(foreseen, times)[0, 1])
        spearman = float(np.corrcoef(ranks(foreseen), ranks(times))[0, 1])
        print(f"{key}: error {error:.1%}, Pearson {pearson:.2f}, Spearman {spearman:.2f}")
    gain = times[0] / min(times)
    print(f"the best is {gain:.2f} times as fast as the first, one process")
    return error, pearson, gain


def one_simulation_ms(simulator: placement.Simulator) -> float:
    """Give the processor time of a simulation, over many placements; the best of five."""
    draw = np.random.default_rng(1)
    places = draw.integers(2, size=(400, len(simulator.groups))).tolist()
    taken = []
    for _ in range(5):
        start = time.process_time()
        for place in places:
            simulator.step_ms(place)
        taken.append((time.process_time() - start) / len(places) * 1000)
    return min(taken)


def record(file: Path, names: dict, results: dict, guesses: dict) -> None:
    """Write what the lesson shows where nothing can be measured."""
    to_and_fro = dict(names["result"])
    kept = {"to and fro": to_and_fro}
    shown = {*names["placements"], *PRODUCTS, *(name for name in results if "training" in name)}
    for name in sorted(shown):
        rows = placement.busy_rows(results[name]["spans"])
        spans = [
            ("busy", process, round(1000 * start, 2), round(1000 * end, 2))
            for process, row in enumerate(rows.values())
            for start, end in row
        ]
        own = {key: guess[name] for key, guess in guesses.items() if name in guess}
        kept[name] = results[name] | own | {"spans": spans if name == "hill climbing" else []}
    about = f"two cores, {platform.system()}, {machine().splitlines()[0].split(',')[0]}"
    if any(result["others"] > BESIDE_THEM for result in results.values()):
        about += ", beside other work"
    written = json.dumps({"machine": about, "results": kept}, separators=(",", ":"))
    file.write_text(written.replace('},"', '},\n"') + "\n", encoding="utf-8")
    print(f"recorded in {file}")


def main(rounds: int = 3, record_to: Path | None = None, beside_others: bool = False) -> None:
    """Measure all, judge, and print the tables; `--beside-others` only to try this script."""
    print(machine())
    if why := placement.hindrance():
        raise SystemExit(why)
    if not beside_others:
        refuse_others({"at the start": look()})
    with tempfile.TemporaryDirectory() as name:
        names = lesson(Path(name))
        if not beside_others:
            refuse_others({"after the costs": look()})
        wanted = more_placements(names)
        results = measured(names, wanted, rounds)
    pair = simulators(names, results)
    forward, training = {}, {}
    for key, both in pair.items():
        forward[key] = {name: both["forward"].step_ms(place) for name, place in wanted.items()}
        training[key] = {
            f"training, {name}": both["training"].step_ms(wanted[name]) for name in IN_TRAINING
        }
    error, correlation, gain = report(results, forward)
    report(results, training)
    took = one_simulation_ms(pair["aware"]["forward"])
    print(f"\none simulation: {took:.3f} ms of processor time")
    if not beside_others:
        refuse_others({name: result["others"] for name, result in results.items()})
    if record_to:
        record(record_to, names, results, {k: forward[k] | training[k] for k in forward})
    missed = [
        text
        for text, is_missed in (
            (f"mean error {error:.1%}, at most {MOST_ERROR:.0%}", error > MOST_ERROR),
            (f"correlation {correlation:.2f}, above 0.9", correlation <= LEAST_CORRELATION),
            (f"gain {gain:.2f}, at least {LEAST_GAIN}", gain < LEAST_GAIN),
            (f"simulation {took:.2f} ms, at most {MOST_MS}", took > MOST_MS),
        )
        if is_missed
    ]
    for text in missed:
        print("missed:", text)
    if missed and not beside_others:
        raise SystemExit(MISSED)


if __name__ == "__main__":
    command(main)
