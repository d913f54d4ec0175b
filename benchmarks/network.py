"""The slow link and the cost model of lesson 08b: what an all-reduce reaches, how far a guess is.

    python benchmarks/network.py [--rounds 3] [--workers 3]

First table: two workers add vectors of several sizes with `MultiWorkerMirroredStrategy`, through
links of several rates and without one. Each figure is the time that the link alone would need for
the bytes that each worker sends, over the time that was measured: what is reached of the rate.
Median of the rounds, each the median of five additions in a cluster of its own; below it the
lowest and highest of the rounds. Without a link it is the rate itself, in Mbit/s.

Second table: the scripts and the formula of lesson 08b, read from its cells. The formula is fitted
to the links and models that the lesson fits it to, and asked for others: other links, models,
batches, and more workers, up to `--workers`. Error of the formula beside that of a naive one,
computing plus bytes over bandwidth, on the same measurements; each round fits and asks anew. Then
the median and the largest error, apart for workers that have a core each and for more workers than
cores.

Takes three to four minutes a round on two quiet cores, twice that beside other work. The clusters
of a round run in a random order.
"""

import contextlib
import json
import random
import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
from measure import command, in_turns, machine, spread
from scipy.optimize import nnls

from workshop.cluster import SlowLink, start_cluster
from workshop.course.cells import run_cells, write_scripts
from workshop.machine import cores

RATES = (None, 50, 100, 300, 1000)  # Mbit/s; None is no link
MEGABYTES = (0.1, 1, 4, 16)
TIMEOUT_S = 300
ALL_REDUCE = """
import json, statistics, sys, time
import tensorflow as tf
strategy = tf.distribute.MultiWorkerMirroredStrategy()
for megabytes in json.loads(sys.argv[1]):
    values = tf.ones(int(megabytes * 250_000))
    @tf.function
    def add():
        here = tf.distribute.get_replica_context()
        return tf.reduce_sum(here.all_reduce("SUM", values))
    ends = []
    for _ in range(8):
        total = float(strategy.run(add))
        ends.append(time.perf_counter())
    assert total == 2 * int(megabytes * 250_000), total
    taken = [later - sooner for sooner, later in zip(ends[2:], ends[3:])]
    print(json.dumps({"megabytes": megabytes, "seconds": statistics.median(taken)}))
"""
FLOAT = "float32"
THREE = [(16, 64, FLOAT), (256, 64, FLOAT), (1024, 64, FLOAT)]
BIG = (1024, 1024, FLOAT)
# As the lesson fits it: Mbit/s, ms of delay, models of (units, digits on each worker, dtype).
FITTED = ((1000, 0, [*THREE, BIG]), (100, 0, THREE), (1000, 20, THREE))
OTHER_MODELS = [(64, 32, FLOAT), (512, 64, FLOAT), (128, 256, FLOAT), (512, 1024, FLOAT)]
OTHER_LINKS = ((50, 2), (300, 8), (600, 40))
OTHER_LINK_OF_MORE = (300, 5)  # for more than two workers


def lesson(folder: Path) -> dict:
    """Write the lesson's scripts to this folder and run its cells of the formula."""
    names = {"json": json, "np": np, "nnls": nnls, "runs": folder, "start_cluster": start_cluster}
    write_scripts("08b", folder)
    return run_cells("08b", ["measure", "formula"], names)


def all_reduces(script: Path, rate: float | None) -> dict[float, float]:
    """Give the seconds of an all-reduce of each size through a link of this rate."""
    link = SlowLink(rate) if rate else None
    sizes = json.dumps(MEGABYTES)
    with start_cluster(script, {"worker": 2}, sizes, link=link, deadline=TIMEOUT_S) as cluster:
        cluster.wait(TIMEOUT_S, silence=TIMEOUT_S, show=None)
        return {one["megabytes"]: one["seconds"] for one in cluster["worker 0"].results}


def measured(names: dict, most: int) -> tuple[list[dict], list[dict]]:
    """Measure what the formula is fitted to, and what it is not."""
    others = [(*link, 2, OTHER_MODELS) for link in OTHER_LINKS]
    others += [(*OTHER_LINK_OF_MORE, n, OTHER_MODELS) for n in range(3, most + 1)]
    clusters = [(True, rate, delay, 2, models) for rate, delay, models in FITTED]
    clusters += [(False, *other) for other in others]
    found = {True: [], False: []}
    for is_fitted, rate, delay, n, models in random.sample(clusters, len(clusters)):
        with contextlib.redirect_stdout(sys.stderr):  # the lesson says what it measured
            found[is_fitted] += names["measure"](SlowLink(rate, delay), n, *models)
    return found[True], found[False]


def errors(names: dict, seen: list[dict], unseen: list[dict]) -> list[tuple[dict, float, float]]:
    """Give for each unseen run the relative error of the formula and that of a naive one."""
    fit, compute, exchange = (names[name] for name in ("fit", "compute_parts", "exchange_parts"))
    computing = fit([compute(run) for run in seen], [run["compute_ms"] for run in seen])
    talking = fit([exchange(run) for run in seen], [run["ms"] - run["compute_ms"] for run in seen])
    print(
        "handling {:.2f} ms, delay x {:.2f}, wire x {:.2f}, copying {:.2f} ms/MB".format(*talking)
    )
    judged = []
    for run in unseen:
        compute_ms = float(compute(run) @ computing)
        whole = compute_ms + float(exchange(run) @ talking)
        naive = compute_ms + float(exchange(run)[2])
        judged.append((run, whole / run["ms"] - 1, naive / run["ms"] - 1))
    return judged


def report_rates(found: dict[float | None, list[dict[float, float]]]) -> None:
    """Print what share of a link's rate an all-reduce of two workers reaches."""
    print(f"\nAll-reduce of two workers: reached of the link's rate\n{'':14}", end="")
    print("".join(f"{size:>15} MB" for size in MEGABYTES))
    for rate, runs in found.items():
        # Each of two workers sends half of the bytes twice.
        shares = [[8 * size / run[size] / (rate or 1) for run in runs] for size in MEGABYTES]
        form = ".0%" if rate else ",.0f"
        cells = [f"{statistics.median(one):{form}}" for one in shares]
        print(f"{f'{rate} Mbit/s' if rate else 'no link':14}" + "".join(f"{c:>18}" for c in cells))
        cells = [spread(one, form) for one in shares]
        print(f"{'' if rate else '  in Mbit/s':14}" + "".join(f"{c:>18}" for c in cells))


def report_errors(rounds: list[list[tuple[dict, float, float]]]) -> None:
    """Print the errors of each configuration, then those of all."""
    by_configuration: dict[tuple, list] = {}
    keys = ("n", "megabits", "delay_ms", "units", "examples")
    for run, error, naive in (one for judged in rounds for one in judged):
        by_configuration.setdefault(tuple(run[key] for key in keys), []).append(
            (run["ms"], error, naive)
        )
    print("\nThe cost model where it was not fitted: predicted over measured, less 1")
    titles = ("workers", "Mbit/s", "delay", "units", "digits", "measured", "error", "naive")
    print("".join(f"{title:>10}" for title in titles))
    for configuration, runs in sorted(by_configuration.items()):
        ms, error, naive = (statistics.median(column) for column in zip(*runs, strict=True))
        print(
            "".join(f"{one:>10g}" for one in configuration)
            + f"{ms:>7,.0f} ms{error:>+10.0%}{naive:>+10.0%}"
        )
    for kind, has_cores in (("with a core each", True), ("more than cores", False)):
        chosen = [one for key, one in by_configuration.items() if (key[0] <= cores()) == has_cores]
        pairs = [(abs(error), abs(naive)) for runs in chosen for _, error, naive in runs]
        if pairs:
            (middle, worst), (naive, naive_worst) = (
                (statistics.median(column), max(column)) for column in zip(*pairs, strict=True)
            )
            print(
                f"workers {kind}: error {middle:.0%} in the median, {worst:.0%} at most; "
                f"naive {naive:.0%} and {naive_worst:.0%}"
            )


def main(rounds: int = 3, workers: int = 3) -> None:
    """Measure all, in rounds, and print the tables."""
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "all_reduce.py"
        script.write_text(ALL_REDUCE)
        names = lesson(folder)
        reached = in_turns(partial(all_reduces, script), RATES, rounds)
        judged = [errors(names, *measured(names, workers)) for _ in range(rounds)]
    report_rates(reached)
    report_errors(judged)


if __name__ == "__main__":
    command(main)
