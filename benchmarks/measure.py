"""What the scripts share: their command line, the machine, turns, processes, spreads, clocks."""

import contextlib
import importlib
import inspect
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import time
import timeit
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path

import numpy as np
import typer

REPO = Path(__file__).resolve().parent.parent
PACKAGES = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "jax", "torch")


def command(main: Callable) -> None:
    """Call a script's `main` with the command line's options; --help shows its docstring."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    # A paragraph keeps its lines where it follows a \b.
    app.command(help=inspect.getmodule(main).__doc__.replace("\n\n", "\n\n\b\n"))(main)
    app()


def machine() -> str:
    """Say what this runs on, and how busy it is."""
    import psutil

    from workshop.machine import cores, memory

    about = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", about.read_text()) if about.exists() else []
    versions = {one.name.replace("_", "-"): one.version for one in metadata.distributions()}
    packages = [f"{name} {versions[name]}" for name in PACKAGES if name in versions]
    return (
        f"{names[0] if names else platform.machine()}, {cores()} cores, "
        f"{memory().total / 1e9:.0f} GB, load {psutil.getloadavg()[0]:.1f} at start\n"
        f"{platform.system()}, Python {platform.python_version()}, {', '.join(packages)}"
    )


def in_turns(measure: Callable, contenders: Iterable, rounds: int) -> dict:
    """Measure contenders in turns, so that a machine that warms up or slows down favours none.

    Args:
        measure: gives what is measured of a contender.
        contenders: what `measure` is called with.
        rounds: how often; each in a random order of its own.

    Returns:
        For each contender what was measured, round by round.
    """
    found = {one: [] for one in contenders}
    for _ in range(rounds):
        for one in random.sample(list(found), len(found)):
            found[one].append(measure(one))
    return found


def child(
    function: Callable,
    *arguments: object,
    folder: str | None = None,
    limit: float | None = None,
    variables: dict[str, str] | None = None,
):
    """Call a function in a process of its own.

    Args:
        function: of a script beside this one; what it prints is shown only where it fails.
        *arguments: what JSON can hold; paths arrive as text.
        folder: to run in, if not in this one.
        limit: seconds.
        variables: of the environment, beside those of this process.

    Returns:
        What the function returns, as JSON holds it.

    Raises:
        subprocess.CalledProcessError: it raised something, or the process was ended.
        subprocess.TimeoutExpired: it took longer than `limit`.
    """
    names = Path(inspect.getfile(function)).stem, function.__name__
    done = subprocess.run(
        [sys.executable, __file__, *names, json.dumps(arguments, default=str)],
        cwd=folder,
        env=os.environ | (variables or {}),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=limit,
        check=False,
    )
    if done.returncode or not done.stdout:
        error = subprocess.CalledProcessError(done.returncode, done.args, stderr=done.stderr)
        error.add_note(done.stderr)
        raise error
    return json.loads(done.stdout.splitlines()[-1])


def median(runs: Iterable[dict], field: str) -> float:
    """Give the median of a figure over some runs."""
    return statistics.median(run[field] for run in runs)


def spread(values: Iterable[float], form: str) -> str:
    """Write the smallest and the largest of some values."""
    return f"({min(values):{form}} to {max(values):{form}})"


def best(call: Callable, rounds: int) -> float:
    """Give the seconds of the fastest of some calls: the one that nothing disturbed."""
    return min(timeit.repeat(call, number=1, repeat=rounds))


def clocks() -> np.ndarray:
    """Read the clocks of this process: seconds, and seconds that it has worked on a core."""
    return np.array([time.perf_counter(), time.process_time()])


def peak() -> float:
    """Give the largest memory that this process has had, in MB; Linux and macOS."""
    status = Path("/proc/self/status")
    if status.exists():  # what `resource` says on Linux begins with the memory of the parent
        return int(re.search(r"VmHWM:\s*(\d+) kB", status.read_text())[1]) * 1024 / 1e6
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most * (1 if sys.platform == "darwin" else 1024) / 1e6


def tell(widget, content: dict, *buffers: bytes) -> None:
    """Hand a message to a widget, as its page does."""
    data = {"method": "custom", "content": content}
    widget.comm.handle_msg({"content": {"data": data}, "buffers": [*map(memoryview, buffers)]})


if __name__ == "__main__":  # the process that `child` starts
    with contextlib.redirect_stdout(sys.stderr):
        function = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])
        result = function(*json.loads(sys.argv[3]))
    print(json.dumps(result))
