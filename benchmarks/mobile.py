"""One digit on LiteRT beside a SavedModel, and all that lesson 11b measures.

`python benchmarks/mobile.py` runs the cells of lesson 11b that measure (they train for a moment,
convert, and read the test digits with each file), then times one digit: the SavedModel's call
beside each file, input and output included, the least of many calls. It ends with status 1 where
LiteRT's float takes more than a fifth of the SavedModel's time, or its int8 more than a tenth.
`--keep FILE` writes the tables as JSON, for those who don't have LiteRT:

    python benchmarks/mobile.py --keep workshop/data/recorded/files/mobile.json

Takes about two minutes, and needs `python3 start.py --with mobile --with recognition`, and the
full MNIST (`workshop data`).
"""

import contextlib
import json
import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from measure import best, command, machine

from workshop.course.cells import run_cells, write_scripts
from workshop.data import mnist

COMMAND = "python benchmarks/mobile.py"
TABLES = ("digits", "ranges", "loops", "pictures")
MOST = {"float": 1 / 5, "int8": 1 / 10}  # of a SavedModel's time
CALLS = 3000


def lesson() -> dict:
    """Run the cells of lesson 11b that measure; gives their names."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        names = run_cells("11b", ["recorded"], {})
        write_scripts("11b", names["runs"])
        return run_cells("11b", ["recorded-too"], names)


def seconds_of(file: bytes, digit: np.ndarray) -> float:
    """Time one digit on LiteRT, put in and taken out."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    (pixels,), (scores,) = interpreter.get_input_details(), interpreter.get_output_details()
    digit = digit.astype(pixels["dtype"])

    def call() -> np.ndarray:
        interpreter.set_tensor(pixels["index"], digit)
        interpreter.invoke()
        return interpreter.get_tensor(scores["index"])

    call()
    return best(call, CALLS)


def rounded(table: object) -> object:
    """Keep four digits after the point, and of a time four in all."""
    if isinstance(table, dict):
        return {name: rounded(value) for name, value in table.items()}
    return table if isinstance(table, int) else float(f"{table:.4g}")


def main(keep: Path | None = None) -> None:
    """Print the tables, and keep them."""
    missing = [one for one in ("ai_edge_litert", "ai_edge_quantizer") if find_spec(one) is None]
    if missing or mnist.status()[0] == "sample":
        sys.exit("needs LiteRT (python3 start.py --with mobile) and the full MNIST (workshop data)")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    keep = keep and keep.absolute()
    about = machine()
    print(about)
    names = lesson()
    one, saved = names["one"], names["saved"]
    times = {name: seconds_of(file, one) for name, file in names["files"].items()}
    whole = best(lambda: saved.serve(one), CALLS)
    print(f"one digit, the least of {CALLS:,} calls: SavedModel {1e6 * whole:.0f} µs")
    for name, each in times.items():
        print(f"{name:8} {1e6 * each:6.0f} µs  {each / whole:.3f} of the SavedModel's")
    if keep:
        tables = {"one digit": names["times"]} | {name: names[name] for name in TABLES}
        about = about.replace(" at start\n", ", ")
        found = {"command": COMMAND, "machine": about, **rounded(tables)}
        keep.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if late := [name for name, most in MOST.items() if times[name] > most * whole]:
        sys.exit(f"too slow beside the SavedModel: {', '.join(late)}")


if __name__ == "__main__":
    command(main)
