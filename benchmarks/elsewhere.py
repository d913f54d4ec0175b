"""One softmax in seven libraries: seconds, memory, and how far their losses are apart.

`python benchmarks/elsewhere.py` runs the cells of lesson 14 that measure. It ends with status 1
where a loss of the modest start is 1e-5 or more from that of NumPy with 64 bits. `--keep FILE`
writes the rows of the libraries that a learner may not have, as JSON:

    python benchmarks/elsewhere.py --keep workshop/data/recorded/files/elsewhere.json

Takes one to two minutes on a quiet machine, and needs PyTensor and MLX (`python3 start.py --with
elsewhere`), PyTorch (see lesson 14), and the full MNIST (`workshop data`).
"""

import contextlib
import json
import sys
import tempfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from measure import command, machine

from workshop.course.cells import run_cells, write_scripts
from workshop.data import mnist

COMMAND = "python benchmarks/elsewhere.py"
EXTRA = {"PyTensor": "pytensor", "PyTorch": "torch", "MLX": "mlx"}
KEPT = ("start s", "first ms", "step ms", "MB", "apart", "accuracy", "first loss", "last loss")


def lesson() -> dict:
    """Run the cells of lesson 14 that measure; gives their names."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        names = run_cells("14", ["recorded"], {})
        write_scripts("14", names["runs"])
        return run_cells("14", ["recorded-too"], names)


def main(keep: Path | None = None) -> None:
    """Print the rows, and keep those of the libraries that may be missing."""
    missing = [one for one in EXTRA.values() if find_spec(one) is None]
    if missing or mnist.status()[0] == "sample":
        sys.exit(f"needs {', '.join(missing) or 'the full MNIST (workshop data)'}")
    keep = keep and keep.absolute()
    about = machine()
    print(about)
    results = lesson()["results"]
    if keep:
        tables = {
            start: {
                name: {k: rounded(rows[name][k]) for k in KEPT if k in rows[name]} for name in EXTRA
            }
            for start, rows in results.items()
        }
        also = [f"{one} {metadata.version(one)}" for one in EXTRA.values() if one not in about]
        about = ", ".join([about.replace(" at start\n", ", "), *also])
        found = {"command": COMMAND, "machine": about, **tables}
        keep.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if apart := [name for name, row in results["zeros"].items() if not row["apart"] < 1e-5]:
        sys.exit(f"1e-5 or more from NumPy: {', '.join(apart)}")


def rounded(value: float) -> float:
    """Keep four digits."""
    return float(f"{value:.4g}")


if __name__ == "__main__":
    command(main)
