"""Placements on two real processes: asked of a script, judged beside a prediction, or recorded.

`recorded.json` was made by

    python benchmarks/placement.py --record-to workshop/placement/recorded.json
"""

import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workshop.cluster import ScriptError, start_cluster
from workshop.messages import say
from workshop.placement.graph import Graph
from workshop.placement.machine import BESIDE_THEM, hindrance, two_cores
from workshop.placement.simulator import Span

RECORDED = Path(__file__).with_name("recorded.json")
DEADLINE_S, POLL_S = 600.0, 0.1
CLIENT = "worker 0"  # that runs the graphs
# Shorter pauses can't be seen in a picture, and a trace has hundreds.
PAUSE_MS = 0.3
Wanted = tuple[Graph, Mapping[str, Mapping[str, int]]]


def measure(script: str | os.PathLike, *wanted: Wanted) -> dict[str, dict[str, Any]]:
    """Run placements of graphs on two processes, each bound to a core of its own.

    Where that can't be done, what another machine measured is given, and a line says so.

    Args:
        script: path of the script that both processes run. It finds in `sys.argv[1]` the path of
            a JSON file: `cores`, and `graphs`, each with its `file`, its `output` and its
            `placements`, name to operation to process. Process 0 prints a line of JSON for each
            placement, with its `name`, and ends.
        *wanted: graphs, each with placements: name to group to process, 0 or 1. Each name once.

    Returns:
        For each name what the script printed: `ms`, `others`, `value`, `spans`.

    Raises:
        ScriptError: the script failed.
    """
    names = [name for _, placements in wanted for name in placements]
    if why := hindrance():
        recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
        print(why)
        print(say("(recorded on another machine: {machine})", machine=recorded["machine"]))
        return {name: recorded["results"][name] for name in names}
    folder = Path(script).parent
    files = [folder / f"graph_{number}.pb" for number in range(len(wanted))]
    graphs = [_asked(file, *one) for file, one in zip(files, wanted, strict=True)]
    asked = folder / "asked.json"
    asked.write_text(json.dumps({"cores": two_cores(), "graphs": graphs}), encoding="utf-8")
    try:
        with start_cluster(script, {"worker": 2}, asked, deadline=DEADLINE_S) as cluster:
            ended: dict[str, int] = {}
            while not ended:  # process 1 would serve for ever; without it process 0 may wait so
                time.sleep(POLL_S)
                codes = cluster.returncodes
                ended = {name: code for name, code in codes.items() if code is not None}
            task, status = next(iter(ended.items()))
    finally:
        for file in files:
            file.unlink()
    if status or task != CLIENT:
        fields = {"task": task, "status": status, "lines": cluster[task].last_lines()}
        raise ScriptError(
            say(
                "The measurement failed: {task} ended with {status}. Its last lines:\n{lines}",
                **fields,
            )
        )
    return {result["name"]: result for result in cluster[CLIENT].results}


def judge(
    results: Mapping[str, Mapping[str, Any]],
    guesses: Mapping[str, float],
    *,
    of: str = "predicted",
) -> float:
    """Print predictions beside measurements, and whether these can be believed.

    Args:
        results: of `measure`.
        guesses: some of their names to the predicted milliseconds; the first is the placement on
            one process.
        of: the name under which a recorded result has the prediction that was made for it. That
            one counts, for its costs were measured on the same machine.

    Returns:
        The mean relative error of the predictions, 0.1 for 10 %.
    """
    print(f"{'':28}" + say("predicted, measured (ms)"))
    errors, times = [], []
    for name, own in guesses.items():
        result = results[name]
        ms, others, guess = result["ms"], result["others"], result.get(of, own)
        note = say("others took {share:.0%}", share=others) if others > BESIDE_THEM else ""
        print(f"{name:28}{guess:9.1f}{ms:10.1f}  {note}".rstrip())
        errors.append(abs(guess / ms - 1))
        times.append(ms)
    fields = {"error": np.mean(errors), "gain": times[0] / min(times)}
    print(say("mean error {error:.1%}; the fastest is {gain:.2f} times faster", **fields))
    if any(results[name]["others"] > BESIDE_THEM for name in guesses):
        print(say("The machine was not quiet: whether the predictions are good, this can't tell."))
    return float(np.mean(errors))


def busy_rows(spans: Sequence[Sequence]) -> dict[str, list[tuple[float, float]]]:
    """Make rows of a timeline: when each process worked.

    Args:
        spans: `(name, process, start, end)`, in milliseconds, as `Simulator.spans` and the traces
            of `measure` have them.

    Returns:
        "process 0" and "process 1" to `(start, end)` in seconds; pauses too short to be seen are
        closed.
    """
    rows: dict[str, list[tuple[float, float]]] = {"process 0": [], "process 1": []}
    for _, process, start, end in sorted((Span(*span) for span in spans), key=lambda s: s.start):
        row = rows[f"process {process}"]
        if row and start / 1000 - row[-1][1] < PAUSE_MS / 1000:
            row[-1] = (row[-1][0], max(row[-1][1], end / 1000))
        else:
            row.append((start / 1000, end / 1000))
    return rows


def _asked(file: Path, graph: Graph, placements: Mapping[str, Mapping[str, int]]) -> dict:
    """Write a graph to a file, and say what is to be done with it."""
    file.write_bytes(graph.definition.SerializeToString())
    process_of = {
        name: {one.name: groups[one.group] for one in graph.operations}
        for name, groups in placements.items()
    }
    return {"file": str(file.resolve()), "output": graph.output, "placements": process_of}
