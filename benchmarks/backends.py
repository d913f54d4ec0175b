"""The lessons on other back ends: which cells of pure Keras run, and what comes of them.

`python benchmarks/backends.py` runs the cells of each lesson that use Keras and NumPy and no
TensorFlow, in a process of its own, on every back end that is installed: TensorFlow, JAX, PyTorch.
What uses TensorFlow or starts scripts is left out, and so is what needs that: statement by
statement, so a cell may run in part. JAX and PyTorch take a GPU where they find one; its name is
printed.

For each lesson it prints the seconds, the results that the lesson expects to lie in a range, and
why a cell did not run. TensorFlow need not be there: `--to FILE` keeps the results of a machine,
`--beside FILE` shows them beside those of another. `--sample` takes the packaged digits.
"""

import argparse
import ast
import contextlib
import importlib
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
from pathlib import Path

from pure_cells import Part, statements

REPO = Path(__file__).resolve().parent.parent
BACKENDS = ("tensorflow", "jax", "torch")
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

    def expect(self, name, value, *, full, sample, trained_on):
        """Take the place of `workshop.checks.expect`: keep the result with its range."""
        self.results[name] = [float(value), *(full if trained_on >= FULL else sample)]

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


def child(path: Path) -> None:
    """Run a lesson in this process and print what came, as JSON in the last line."""
    warnings.simplefilter("ignore")
    lesson, start = Lesson(), time.perf_counter()
    on = device()
    started = time.perf_counter() - start
    for number, source in cells(path):
        lesson.run(number, source)
        if plt := sys.modules.get("matplotlib.pyplot"):
            plt.close("all")
    came = {"device": on, "started": started, "seconds": sum(s for _, s in lesson.ran)}
    came |= {"ran": lesson.ran, "not_run": lesson.not_run, "results": lesson.results}
    print(json.dumps(came))


def run(path: Path, backend: str, *, sample: bool, limit: float) -> dict:
    """Run a lesson in a process of its own; where that ends badly, say how."""
    with tempfile.TemporaryDirectory() as folder:
        own = {"KERAS_BACKEND": backend, "MPLBACKEND": "agg", "TF_CPP_MIN_LOG_LEVEL": "3"}
        where = os.pathsep.join(filter(None, [str(REPO), os.environ.get("PYTHONPATH")]))
        own |= {"WORKSHOP_PROGRESS": f"{folder}/progress.json", "PYTHONPATH": where}
        own |= {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_FORCE_GPU_ALLOW_GROWTH": "true"}
        if sample:
            own |= {"WORKSHOP_DATA": "", "WORKSHOP_CACHE": folder, "KERAS_HOME": folder}
        command = [sys.executable, str(Path(__file__).resolve()), "--child", str(path)]
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=os.environ | own,
                capture_output=True,
                timeout=limit,
                check=False,
            )
            return json.loads(done.stdout.decode("utf-8").splitlines()[-1])
        except subprocess.TimeoutExpired:
            return {"failed": f"longer than {limit:g} s"}
        except (IndexError, ValueError):
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            return {"failed": f"status {done.returncode}: {(said or ['-'])[-1][:200]}"}


def show(name: str, columns: dict[str, dict]) -> None:
    """Print what came of a lesson, a column a back end."""
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


def main() -> None:
    """Run the lessons and print a table for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="numbers such as 02 04b; all by default")
    parser.add_argument("--backend", action="append", choices=BACKENDS, help="default: all here")
    parser.add_argument("--sample", action="store_true", help="the packaged digits")
    parser.add_argument("--limit", type=float, default=900, help="seconds for one lesson")
    parser.add_argument("--to", type=Path, help="keep the results in this file")
    parser.add_argument("--beside", type=Path, help="show these results, too")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child)
        return
    chosen = given.backend or [name for name in BACKENDS if importlib.util.find_spec(name)]
    paths = sorted((REPO / "notebooks").glob("[0-9][0-9]*_*.ipynb"))
    paths = [p for p in paths if not given.lessons or p.name.split("_")[0] in given.lessons]
    beside = json.loads(given.beside.read_text(encoding="utf-8")) if given.beside else {}
    all_results = {}
    for path in paths:
        came = {n: run(path, n, sample=given.sample, limit=given.limit) for n in chosen}
        all_results[path.stem] = came
        there = beside.get(path.stem, {})
        show(path.stem, {f"{name}, there": result for name, result in there.items()} | came)
        sys.stdout.flush()
    if given.to:
        given.to.write_text(json.dumps(all_results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
