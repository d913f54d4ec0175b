"""The lessons on other back ends: which cells of pure Keras run, and what comes of them.

    python benchmarks/backends.py [02 04b ...] [--backend jax] [--sample] [--limit 900]

runs the cells of each lesson, or of those named, that use Keras and NumPy and no TensorFlow, in a
process of its own, on every back end that is installed, or on those named: tensorflow, jax, torch.
What uses TensorFlow or starts scripts is left out, and so is what needs that: statement by
statement, so a cell may run in part. JAX and PyTorch take a GPU where they find one; its name is
printed. `--sample` takes the packaged digits; a lesson has `--limit` seconds.

For each lesson it prints the seconds, the results that the lesson expects to lie in a range, and
why a cell did not run. TensorFlow need not be there: `--to FILE` keeps the results of a machine,
`--beside FILE` shows them beside those of another.
"""

import ast
import contextlib
import importlib.util
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from measure import REPO, child, command
from pure_cells import Part, statements
from typer import Argument, Option

Backend = StrEnum("Backend", ["tensorflow", "jax", "torch"])
FULL = 55_000  # training digits of the full data
LEFT_OUT = {"tensorflow": "uses TensorFlow", "workshop.cluster": "starts scripts"}


class Screen:
    """Stands for what `IPython.display.display` gives: a picture that can be renewed."""

    def update(self, *_: object) -> None:
        """Show nothing."""


class Lesson:
    """Runs the cells of a lesson that can run, and keeps what came of it."""

    def __init__(self):
        """Start with nothing."""
        self.names = {"__name__": "__main__"}
        self.spoiled = {}  # name: the cause why it isn't there, or isn't what it should be
        self.modules, self.uses, self.trainers = set(), {}, set()
        self.ran, self.not_run, self.results = [], {}, {}

    def expect(self, name, value, always=None, *, full=None, sample=None, trained_on=0):
        """Take the place of `workshop.checks.expect`: keep the result with its range."""
        self.results[name] = [float(value), *(always or (full if trained_on >= FULL else sample))]

    def bring(self, statement: ast.Import | ast.ImportFrom) -> None:
        """Import as a lesson does, but for what belongs to TensorFlow or to IPython."""
        origin = getattr(statement, "module", None) or statement.names[0].name
        bound = [alias.asname or alias.name.split(".")[0] for alias in statement.names]
        why = LEFT_OUT.get(origin)
        if not why and origin != "IPython.display":
            try:
                exec(ast.unparse(statement), self.names)
            except ImportError as error:
                why = str(error)
        if why:
            self.spoiled |= dict.fromkeys(bound, why)
            self.modules.update(bound)
        own = {"expect": self.expect, "display": lambda *_, **__: Screen()}
        self.names |= {name: own[name] for name in bound if name in own}

    def reason(self, part: Part) -> tuple[str, str]:
        """Say why a part can't run, and what the cause of it is; two empty texts where it can."""
        found, waiting = set(part.needs), sorted(part.needs)
        for name in waiting:  # it grows: a function needs what its body needs
            more = sorted(self.uses.get(name, set()) - found)
            found.update(more)
            waiting += more
        causes = {name: self.spoiled[name] for name in waiting if name in self.spoiled}
        for name, cause in causes.items():
            if name in self.modules and name in part.needs:
                return cause, cause
        for cause in causes.values():
            return f"needs {'that' if cause in LEFT_OUT.values() else cause}", cause
        return "", ""

    def run(self, number: str, source: str) -> None:
        """Run what can run of a cell; keep why the first of the rest is left out or has failed."""
        whys = ["writes a script"] if source.startswith("%%") else []
        start, done = time.perf_counter(), 0
        for statement in statements(source):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                self.bring(statement)
            elif why := self.attempt(number, Part([statement])):
                whys.append(why)
            else:
                done += 1
        if whys:
            self.not_run[number] = whys[0] if not done else f"in part: {whys[0]}"
        if done:
            self.ran.append([number, round(time.perf_counter() - start, 2)])

    def attempt(self, number: str, part: Part) -> str:
        """Run a statement, or say why it did not run."""
        why, cause = self.reason(part)
        self.uses |= part.binds
        self.trainers |= part.trainers(self.trainers)
        if not why:
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    code = compile(ast.Module(part.body, []), f"cell {number}", "exec")
                    exec(code, self.names)
            except Exception as error:  # noqa: BLE001 - what a back end can't do is a result
                place = traceback.extract_tb(error.__traceback__)[-1]
                said = (str(error).strip() or "-").splitlines()[0][:140]
                why = f"{type(error).__name__}: {said} ({Path(place.filename).name}:{place.lineno})"
                cause = f"what cell {number} makes"
        if why:
            self.spoil(part, cause)
        else:
            self.spoiled = {n: w for n, w in self.spoiled.items() if n not in part.binds}
        return why

    def spoil(self, part: Part, cause: str) -> None:
        """Remember what a part that did not run would have bound, or changed in place."""
        import keras

        kinds = (keras.layers.Layer, keras.optimizers.Optimizer, list, dict)
        here = {n for n in part.changed(self.trainers) if isinstance(self.names.get(n), kinds)}
        self.spoiled |= dict.fromkeys(part.binds.keys() | here, cause)


def cells(path: Path):
    """Give number and text of the cells that run, without exercises and their checks."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for number, cell in enumerate(notebook["cells"]):
        tags = cell["metadata"].get("tags", [])
        if cell["cell_type"] == "code" and not any(
            t.startswith(("exercise-", "check-")) for t in tags
        ):
            yield f"{number:02}", "".join(cell["source"])


def device() -> str:
    """Name what the back end of this process computes on."""
    import keras

    if keras.backend.backend() == "torch":
        import torch

        return torch.cuda.get_device_name(0) if torch.cuda.is_available() else "CPU"
    if keras.backend.backend() == "jax":
        import jax

        return jax.devices()[0].device_kind.replace("cpu", "CPU")
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    details = tf.config.experimental.get_device_details
    return details(gpus[0]).get("device_name", "GPU") if gpus else "CPU"


def run_here(path: str) -> dict:
    """Run a lesson in this process; gives what became of it."""
    warnings.simplefilter("ignore")
    lesson, start = Lesson(), time.perf_counter()
    on = device()
    started = time.perf_counter() - start
    for number, source in cells(Path(path)):
        lesson.run(number, source)
        if plt := sys.modules.get("matplotlib.pyplot"):
            plt.close("all")
    found = {"device": on, "started": started, "seconds": sum(s for _, s in lesson.ran)}
    return found | {"ran": lesson.ran, "not_run": lesson.not_run, "results": lesson.results}


def run(path: Path, backend: str, *, sample: bool, limit: float) -> dict:
    """Run a lesson in a process of its own; where that ends badly, say how."""
    with tempfile.TemporaryDirectory() as folder:
        own = {"KERAS_BACKEND": backend, "MPLBACKEND": "agg", "TF_CPP_MIN_LOG_LEVEL": "3"}
        where = os.pathsep.join(filter(None, [str(REPO), os.environ.get("PYTHONPATH")]))
        own |= {"WORKSHOP_PROGRESS": f"{folder}/progress.json", "PYTHONPATH": where}
        own |= {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_FORCE_GPU_ALLOW_GROWTH": "true"}
        if sample:
            own |= {"WORKSHOP_DATA": "", "WORKSHOP_CACHE": folder, "KERAS_HOME": folder}
        try:
            return child(run_here, path, folder=folder, limit=limit, variables=own)
        except subprocess.TimeoutExpired:
            return {"failed": f"longer than {limit:g} s"}
        except subprocess.CalledProcessError as error:
            said = error.stderr.strip().splitlines()
            return {"failed": f"status {error.returncode}: {(said or ['-'])[-1][:200]}"}


def show(name: str, columns: dict[str, dict]) -> None:
    """Print what became of a lesson, a column a back end."""
    good = {where: came for where, came in columns.items() if "failed" not in came}
    print(f"\n{name:34}" + "".join(f"{where:>20}" for where in good))
    rows = {
        "on": lambda c: c["device"][-18:],
        "cells that ran": lambda c: len(c["ran"]),
        "seconds": lambda c: f"{c['seconds']:.1f}",
    }
    for row, value in rows.items():
        print(f"  {row:32}" + "".join(f"{value(came):>20}" for came in good.values()))
    for what in dict.fromkeys(w for came in good.values() for w in came["results"]):
        line, bounds = f"  {what[:32]:32}", None
        for came in good.values():
            value, *found = came["results"].get(what, [None])
            bounds = found or bounds
            sign = "" if value is None or found[0] <= value <= found[1] else " !"
            line += f"{'-' if value is None else f'{value:.4f}{sign}':>20}"
        print(f"{line}   {bounds[0]:g}-{bounds[1]:g}")
    reasons = {}
    for where, came in good.items():
        for number, why in came["not_run"].items():
            reasons.setdefault((number, why), []).append(where)
    grouped = {}
    for (number, why), where in reasons.items():
        who = "" if len(where) == len(good) else ", ".join(where) + ": "
        grouped.setdefault(who + why, []).append(number)
    for why, numbers in grouped.items():
        print(f"  not run: {' '.join(numbers)}: {why}")
    for where, came in columns.items():
        if "failed" in came:
            print(f"  {where}: {came['failed']}")


def main(
    lessons: Annotated[list[str] | None, Argument()] = None,
    backend: list[Backend] | None = None,
    sample: Annotated[bool, Option("--sample")] = False,
    limit: float = 900,
    to: Path | None = None,
    beside: Path | None = None,
) -> None:
    """Run the lessons and print a table for each."""
    chosen = backend or [name for name in Backend if importlib.util.find_spec(name)]
    paths = sorted((REPO / "notebooks").glob("[0-9][0-9]*_*.ipynb"))
    paths = [p for p in paths if not lessons or p.name.split("_")[0] in lessons]
    others = json.loads(beside.read_text(encoding="utf-8")) if beside else {}
    results = {}
    for path in paths:
        results[path.stem] = {str(n): run(path, n, sample=sample, limit=limit) for n in chosen}
        there = {f"{n}, there": found for n, found in others.get(path.stem, {}).items()}
        show(path.stem, there | results[path.stem])
        sys.stdout.flush()
    if to:
        to.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    command(main)
