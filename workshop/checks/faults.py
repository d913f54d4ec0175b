"""Checks of lesson 08c: TF_CONFIG of many machines, a joined curve, what failures take."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from workshop.checks.engine import compare, exercise, not_yet

# The cluster of the last exercise.
MACHINES = 50
MACHINE_FAILS_S = 30 * 24 * 3600.0
SAVE_S, RESTART_S, NEW_MACHINE_S = 20.0, 60.0, 1800.0
CHOICES = ("wait", "fewer")
TOO_MUCH = 0.10


@exercise("8c-1")
def configs_of(answer: Callable) -> str:
    """Check a function that gives each machine its TF_CONFIG.

    Args:
        answer: function of the names of machines and a port, that returns a list of dicts, one a
            machine: all workers as "name:port", and which of them this one is.

    Returns:
        The outcome: one machine, three, and names of several kinds.
    """
    for hosts, port in (
        (["alpha", "beta", "gamma"], 2222),
        (["10.0.0.4"], 5000),
        (["node-7.example", "10.0.0.4"], 12345),
    ):
        came = answer(list(hosts), port)
        what = f"configs_of({hosts}, {port})"
        if not isinstance(came, Sequence) or isinstance(came, str):
            not_yet(f"{what} gave {came!r}; a list is needed, one dict for each machine.")
        if len(came) != len(hosts):
            not_yet(f"{what} gave {len(came)} entries; there are {len(hosts)} machines.")
        for index, config in enumerate(came):
            _judge_config(config, [f"{host}:{port}" for host in hosts], index, what)
    return "Each machine knows all addresses, and which of them is its own."


def _judge_config(config: object, places: list[str], index: int, what: str) -> None:
    """Hold one machine's configuration against the addresses and its place among them."""
    what = f"{what}[{index}]"
    if not isinstance(config, Mapping):
        not_yet(f"{what} is {config!r}; a dict is needed. (The text is made of it later.)")
    if set(config) != {"cluster", "task"}:
        not_yet(f'{what} has the keys {sorted(map(str, config))}; "cluster" and "task" are needed.')
    cluster, task = config["cluster"], config["task"]
    if not isinstance(cluster, Mapping) or set(cluster) != {"worker"}:
        not_yet(f'{what}["cluster"] is {cluster!r}; a dict with the one key "worker" is needed.')
    if list(cluster["worker"]) != places:
        not_yet(
            f'{what}["cluster"]["worker"] is {cluster["worker"]!r}; needed are the addresses of '
            f"all {len(places)} machines, name and port, in the order of the list."
        )
    if not isinstance(task, Mapping) or set(task) != {"type", "index"}:
        not_yet(f'{what}["task"] is {task!r}; a dict with "type" and "index" is needed.')
    if task["type"] != "worker":
        not_yet(f'{what}["task"]["type"] is {task["type"]!r}; the cluster has only "worker".')
    if task["index"] != index or isinstance(task["index"], str):
        not_yet(
            f'{what}["task"]["index"] is {task["index"]!r}; {index} is needed, a number. Is it '
            "the place in the list, from 0? Has each machine a dict of its own?"
        )


@exercise("8c-2")
def join(answer: Callable) -> str:
    """Check a function that joins two logs of a training that was killed and restarted.

    Args:
        answer: function of two dicts, step to loss: before the kill, after the restart. Returns
            the joined dict (of the first all steps before the restart, then the second) and how
            many steps of the first were lost.

    Returns:
        The outcome: steps done again, none, and a second training that was killed earlier.
    """
    for steps, restart, end in ((55, 41, 60), (40, 41, 50), (30, 1, 35), (57, 41, 45)):
        first = {step: 2.0 / step for step in range(1, steps + 1)}
        # Other numbers than in the first, so that one can tell which log a number is from.
        second = {step: 2.0 / step + 0.01 for step in range(restart, end + 1)}
        what = f"join(steps 1-{steps}, steps {restart}-{end})"
        came = answer(dict(first), dict(second))
        if came is None:
            not_yet(f"{what} gave None. Does every path of your function end in `return`?")
        if not isinstance(came, Sequence) or len(came) != 2 or not isinstance(came[0], Mapping):
            not_yet(f"{what} gave {str(came)[:80]}; two things are needed: a dict and a number.")
        _judge_joined(came[0], first, second, what)
        compare(came[1], max(0, steps - restart + 1), what=f"lost steps of {what}")
    return "Up to the restart the first, from there on the second, and the lost steps counted."


def _judge_joined(joined: Mapping, first: Mapping, second: Mapping, what: str) -> None:
    restart = min(second)
    expected = {step: loss for step, loss in first.items() if step < restart} | dict(second)
    if missing := sorted(expected.keys() - joined.keys()):
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        not_yet(f"The curve of {what} lacks step {missing[0]}{more}.")
    if surplus := sorted(joined.keys() - expected.keys()):
        not_yet(
            f"The curve of {what} has step {surplus[0]}. The second went on from step "
            f"{restart}: what the first did from there on is in no model any more."
        )
    for step, loss in expected.items():
        compare(joined[step], loss, what=f"the loss of step {step} in {what}")


@exercise("8c-3")
def lost_share(answer: Callable) -> str:
    """Check the share of time that saves and failures take from a cluster.

    Args:
        answer: function of the seconds between saves, of a save, of a restart, from one failure of
            one machine to its next (mean), and of the number of machines, that returns the
            expected share of time lost: saves, and at each failure half an interval and a restart.

    Returns:
        The outcome: one machine and many, with and without a restart.

    Source:
        J. W. Young, A first order approximation to the optimum checkpoint interval, Communications
        of the ACM, 1974: half an interval is lost at a failure.
    """
    for interval_s, save_s, restart_s, machine_s, machines in (
        (600.0, 6.0, 0.0, 86_400.0, 1),
        (600.0, 6.0, 0.0, 86_400.0, 10),
        (600.0, 6.0, 120.0, 86_400.0, 10),
        (1440.0, 20.0, 60.0, 2_592_000.0, 50),
    ):
        came = answer(interval_s, save_s, restart_s, machine_s, machines)
        failure_s = machine_s / machines
        expected = save_s / interval_s + (interval_s / 2 + restart_s) / failure_s
        what = f"lost_share({interval_s:g}, {save_s:g}, {restart_s:g}, {machine_s:g}, {machines})"
        compare(came, expected, what=what, rtol=1e-3, atol=1e-7)
    return "Saves, half an interval and a restart at each failure: and many machines fail often."


@exercise("8c-4")
def my_plan(interval_s: float, choice: str) -> str:
    """Check a plan for 50 machines by the share of their time that it loses.

    Args:
        interval_s: seconds from one save to the next.
        choice: "wait" for a new machine after each failure, or go on with "fewer" until it comes.

    Returns:
        The outcome, with the shares that saves, repeated work and missing machines take.
    """
    try:
        interval = float(interval_s)
    except (TypeError, ValueError):
        not_yet(f"{interval_s!r} came; a number of seconds is needed.")
    if choice not in CHOICES:
        not_yet(f"{choice!r} came; choose one of {CHOICES}.")
    if not interval > SAVE_S:
        not_yet(f"{interval:g} s came; a save alone takes {SAVE_S:g} s, so nothing gets trained.")
    failure_s = MACHINE_FAILS_S / MACHINES
    missing = {
        "wait": NEW_MACHINE_S + RESTART_S,
        "fewer": NEW_MACHINE_S / MACHINES + 2 * RESTART_S,  # one to leave it, one to take it in
    }[choice]
    parts = np.array([SAVE_S / interval, interval / 2 / failure_s, missing / failure_s])
    shares = (
        f"A failure every {failure_s / 3600:.1f} hours. Of the time, {parts[0]:.2%} goes into "
        f"saves, {parts[1]:.2%} into work done again, {parts[2]:.2%} into the missing machine"
    )
    if parts.sum() > TOO_MUCH:
        worst = ("saves", "work done again", "the missing machine")[int(parts.argmax())]
        not_yet(f"{shares}: {parts.sum():.1%} together, most of it {worst}. Get below 10 %.")
    return f"{shares}: {parts.sum():.2%} together."
