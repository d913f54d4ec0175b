"""Checks of lesson 08c: TF_CONFIG of many machines, a joined curve, what failures take, a file."""

import math
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.messages import say

# The cluster of the last exercise.
MACHINES = 50
MACHINE_FAILS_S = 30 * 24 * 3600.0
SAVE_S, RESTART_S, NEW_MACHINE_S = 20.0, 60.0, 1800.0
CHOICES = ("wait", "fewer")
TOO_MUCH = 0.10
ABOUT = (  # what a sentence about such a plan names
    "machine|sav|fail|warn|fit|restart|interval|wait|few|checkpoint|cost|price|time|lost|lose|model"
    "|maschine|rechner|speicher|warn|modell|sauve|panne|modèle|fallo|guard|máquina"
)


@exercise("8c-1")
def configs_of(answer: Callable) -> str:
    """Check a function that gives each machine its TF_CONFIG.

    answer: function of the names of machines and a port, to a list of dicts, one per machine: all
    workers as "name:port", and which of them this one is.
    """
    random = np.random.default_rng()
    many = [f"node-{number}" for number in random.permutation(100)[:12]]
    for hosts in (["alpha", "beta", "gamma"], ["10.0.0.4"], ["node-7.example", "10.0.0.4"], many):
        port = int(random.integers(2000, 60_000))
        came = answer(hosts, port)
        what = f"configs_of({hosts}, {port})"
        if not isinstance(came, Sequence) or isinstance(came, str):
            not_yet(
                "{what}: expected a list with a dict for each machine, got {got}.",
                **{"what": what, "got": f"{came!r:.100}"},
            )
        if len(came) != len(hosts):
            not_yet(
                "{what}: expected as many entries as machines ({expected}), got {got}.",
                **{"what": what, "expected": len(hosts), "got": len(came)},
            )
        for index, config in enumerate(came):
            _judge_config(config, [f"{host}:{port}" for host in hosts], index, what)
    return say("Each machine knows all addresses, and which of them is its own.")


def _judge_config(config: object, places: list[str], index: int, what: str) -> None:
    """Hold one machine's configuration against the addresses and its place among them."""
    what = f"{what}[{index}]"
    if not isinstance(config, Mapping):
        not_yet(
            "{what}: expected a dict, got {got}. (The text is made of it later.)",
            **{"what": what, "got": f"{config!r:.100}"},
        )
    if set(config) != {"cluster", "task"}:
        not_yet(
            '{what}: expected the keys "cluster" and "task", got {got}.',
            **{"what": what, "got": sorted(map(str, config))},
        )
    cluster, task = config["cluster"], config["task"]
    if not isinstance(cluster, Mapping) or set(cluster) != {"worker"}:
        not_yet(
            '{what}["cluster"]: expected a dict with the one key "worker", got {got!r}.',
            **{"what": what, "got": cluster},
        )
    workers = cluster["worker"]
    if not isinstance(workers, list | tuple) or list(workers) != places:
        not_yet(
            '{what}["cluster"]["worker"]: expected a list: the addresses of all machines '
            "({count}), name and port, in their order, got {got!r}.",
            **{"what": what, "count": len(places), "got": workers},
        )
    _judge_task(task, index, what)


def _judge_task(task: object, index: int, what: str) -> None:
    if not isinstance(task, Mapping) or set(task) != {"type", "index"}:
        not_yet(
            '{what}["task"]: expected a dict with "type" and "index", got {got!r}.',
            **{"what": what, "got": task},
        )
    if task["type"] != "worker":
        not_yet(
            '{what}["task"]["type"]: expected "worker", the one kind in the cluster, got {got!r}.',
            **{"what": what, "got": task["type"]},
        )
    is_whole = isinstance(task["index"], int | np.integer) and not isinstance(task["index"], bool)
    if not is_whole or task["index"] != index:
        not_yet(
            '{what}["task"]["index"]: expected {expected}, a whole number, got {got!r}. Is it the '
            "place in the list, from 0? Does each machine have its own dict?",
            **{"what": what, "expected": index, "got": task["index"]},
        )


@exercise("8c-2")
def join(answer: Callable) -> str:
    """Check a function that joins two logs of a training run that was killed and restarted.

    answer: function of two dicts, step to loss (some steps, in any order), before the kill and
    after the restart, to the joined dict (of the first all steps before the restart, then the
    second) and how many steps of the first were lost.
    """
    random = np.random.default_rng()
    again, more = (int(number) for number in random.integers(2, 40, 2))
    for first, second in (
        (range(1, 56), range(41, 61)),
        (range(1, 41), range(41, 51)),
        (range(1, 31), range(1, 36)),
        (range(1, 58), range(41, 46)),
        (range(61, 62 + again + more), range(61 + again, 201)),  # it went on from a checkpoint
        # A step in so many is logged, and some came late.
        ([n * again for n in (3, 1, 5, 2, 6)], [n * again for n in (7, 3, 9, 5)]),
    ):
        _judge_join(answer, first, second)
    return say("Up to the restart the first, from there on the second, and the lost steps counted.")


def _judge_join(answer: Callable, before: Iterable, after: Iterable) -> None:
    """Let it join two logs of these steps."""
    random = np.random.default_rng()
    what = f"join(steps {_short(before)}, steps {_short(after)})"
    first = {step: 2.0 / step for step in before}
    # Other numbers than in the first, so that one can tell which log a number is from.
    second = {step: 2.0 / step + random.uniform(0.01, 1) for step in after}
    came = answer(first, second)
    if came is None:
        not_yet("{what} gave None. Does every path of your function end in `return`?", what=what)
    if not isinstance(came, Sequence) or len(came) != 2 or not isinstance(came[0], Mapping):
        not_yet(
            "{what}: expected two things, a dict and a number, got {got:.80}.",
            **{"what": what, "got": str(came)},
        )
    _judge_joined(came[0], first, second, what)
    what = say("the lost steps of {call}", call=what)
    compare(came[1], sum(step >= min(second) for step in first), what=what)


def _short(steps: Any) -> str:
    return f"{steps[0]}-{steps[-1]}" if isinstance(steps, range) else str(steps)


def _judge_joined(joined: Mapping, first: Mapping, second: Mapping, what: str) -> None:
    restart = min(second)
    expected = {step: loss for step, loss in first.items() if step < restart} | dict(second)
    if missing := sorted(expected.keys() - joined.keys()):
        fields = {"what": what, "step": missing[0], "more": len(missing) - 1}
        if len(missing) > 1:
            not_yet("The curve of {what} lacks step {step} and {more} more.", **fields)
        not_yet("The curve of {what} lacks step {step}.", **fields)
    if surplus := sorted(joined.keys() - expected.keys()):
        not_yet(
            "The curve of {what} has step {step}. The second went on from step {restart}: what "
            "the first did from there on is lost.",
            **{"what": what, "step": surplus[0], "restart": restart},
        )
    for step, loss in expected.items():
        of_step = say("the loss of step {step} in {call}", step=step, call=what)
        compare(joined[step], loss, what=of_step)


@exercise("8c-3")
def lost_share(answer: Callable) -> str:
    """Check the share of time that saves and failures take from a cluster.

    answer: function of the seconds between saves, of a save, of a restart, from one failure of one
    machine to its next (mean), and of the number of machines, to the expected share of time lost:
    saves, and at each failure half an interval and a restart.
    Half an interval is lost at a failure: J. W. Young, A first order approximation to the optimum
    checkpoint interval, Communications of the ACM, 1974.
    """
    random = np.random.default_rng()
    drawn = (*random.uniform(300, 900, 1), *random.uniform(3, 30, 2), *random.uniform(1e5, 1e7, 1))
    for interval_s, save_s, restart_s, machine_s, machines in (
        (600.0, 6.0, 0.0, 86_400.0, 1),
        (600.0, 6.0, 0.0, 86_400.0, 10),
        (600.0, 6.0, 120.0, 86_400.0, 10),
        (1440.0, 20.0, 60.0, 2_592_000.0, 50),
        (5.0, 0.5, 2.0, 3600.0, 40),
        (*drawn, int(random.integers(2, 100))),
    ):
        came = answer(interval_s, save_s, restart_s, machine_s, machines)
        expected = save_s / interval_s + (interval_s / 2 + restart_s) * machines / machine_s
        what = f"lost_share({interval_s:g}, {save_s:g}, {restart_s:g}, {machine_s:g}, {machines})"
        compare(came, expected, what=what, rtol=1e-3, atol=1e-7)
    return say("Saves, and half an interval and a restart per failure: many machines fail often.")


@exercise("8c-5")
def newest(answer: Callable) -> str:
    """Check which of a folder's saved weights a training run resumes from.

    answer: function of a folder (a Path) to the Path of the complete file with the largest number,
    `step-NUMBER.weights.h5`, or None where there is none.
    """
    random = np.random.default_rng()
    other = ("best.weights.h5", "log-999.csv", "optimizer-99000.weights.h5", "step-100.txt")
    first, second = (int(number) for number in random.integers(10, 90, 2))
    for steps, half, others in (
        ([20, 80, 60, 40], None, ()),
        ([20, 40, 60, 80, 100], None, ()),
        ([first, 100 * second, 10 * second], None, other),
        ([20, 40], 60, ()),
        ([900, 1000, 50], 2000, other),
        ([0], None, ()),
        ([], 20, ()),
        ([], None, other),
        ([], None, ()),
    ):
        names = [f"step-{step}.weights.h5" for step in steps]
        names += [f"step-{half}.weights.h5.tmp"] if half else []
        expected = f"step-{max(steps)}.weights.h5" if steps else None
        _judge_newest(answer, [*names, *others], expected)
    return say("The largest number of a complete file, and None where there is nothing yet.")


def _judge_newest(answer: Callable, names: Sequence[str], expected: str | None) -> None:
    """Let it choose in a folder of such files, each of them older than the one before."""
    with tempfile.TemporaryDirectory() as folder:
        for age, name in enumerate(names):
            file = Path(folder, name)
            file.write_bytes(b"weights")
            os.utime(file, (10**9 - age, 10**9 - age))
        (older := Path(folder, "older")).mkdir()
        (older / "step-70000.weights.h5").write_bytes(b"weights")
        came = answer(Path(folder))
        what = say("newest, in a folder with {files}", files=", ".join([*names, "older/"]))
        left = sorted(file.name for file in Path(folder).iterdir())
        if left != sorted([*names, older.name]) or not any(older.iterdir()):
            not_yet("{what}: expected all files as they were, found {left}.", what=what, left=left)
        if came is None and expected is None:
            return
        fields = {"what": what, "expected": expected, "got": came}
        if not isinstance(came, str | Path) or expected is None:
            not_yet("{what}: expected {expected}, got {got!r}.", **fields)
        if Path(came).name != expected:
            not_yet("{what}: expected {expected}, got {got}.", **{**fields, "got": Path(came).name})
        if not Path(came).is_file():
            not_yet("{what}: expected a Path with its folder, got {got!r}.", **fields)


@exercise("8c-4")
def my_plan(interval_s: float, choice: str, mind: str) -> str:
    """Check a plan for 50 machines by the share of their time that it loses.

    interval_s: seconds from one save to the next.
    choice: "wait" for a new machine after each failure, or go on with "fewer" until it comes.
    mind: what would change the learner's mind.
    """
    try:
        interval = math.nan if isinstance(interval_s, str) else float(interval_s)
    except (TypeError, ValueError):
        interval = math.nan
    if math.isnan(interval):
        not_yet("Expected a number of seconds, got {got!r}.", got=interval_s)
    if choice not in CHOICES:
        not_yet("Expected one of {choices}, got {got!r}.", choices=CHOICES, got=choice)
    if not interval > SAVE_S:
        not_yet(
            "Expected more than the {save:g} s of a save, got {got:g} s: no time is left to train.",
            **{"save": SAVE_S, "got": interval},
        )
    failure_s = MACHINE_FAILS_S / MACHINES
    missing = {
        "wait": NEW_MACHINE_S + RESTART_S,
        "fewer": NEW_MACHINE_S / MACHINES + 2 * RESTART_S,  # one to leave it, one to take it in
    }[choice]
    parts = np.array([SAVE_S / interval, interval / 2 / failure_s, missing / failure_s])
    shares = say(
        "A failure every {hours:.1f} hours. Of the time, {saves:.2%} goes into saves, {again:.2%} "
        "into repeated work and {missing:.2%} into the missing machine.",
        hours=failure_s / 3600,
        **dict(zip(("saves", "again", "missing"), parts, strict=True)),
    )
    if parts.sum() > TOO_MUCH:
        _name_the_worst(parts, shares)
    asked = say("{shares} Now say in `my_mind` what would change your mind.", shares=shares)
    claim(mind, asked, ABOUT)
    return say("{shares} It is {lost:.2%} together.", shares=shares, lost=parts.sum())


def _name_the_worst(parts: np.ndarray, shares: str) -> None:
    not_yet(
        "{shares} It is {lost:.1%} together, most of it {worst}. Get below {most:.0%}.",
        **{"shares": shares, "lost": parts.sum(), "most": TOO_MUCH},
        worst=(say("saves"), say("repeated work"), say("the missing machine"))[parts.argmax()],
    )
