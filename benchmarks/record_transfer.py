"""Record what lesson 10b computes with its network, for those who do not have it.

    python benchmarks/record_transfer.py

Runs the lesson's cells with EfficientNet-Lite0 (`start.py --with recognition`), its exercises left
out, and writes workshop/recognition/transfer.npz: the features of the drawings and the results of
sections 8 and 9. Run it again when those change; a test says so.
"""

import numpy as np
from measure import command, machine

from workshop.course import lessons
from workshop.recognition.transfer import FILE, STEP


def main() -> None:
    """Run the lesson and write."""
    import matplotlib as mpl

    mpl.use("Agg")
    names: dict = {}
    for cell in lessons.read(lessons.find("10b")).cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code" and not tags:
            exec(compile(cell.source, cell.id, "exec"), names)
    np.savez_compressed(
        FILE,
        features=np.rint(names["features"] / STEP).astype(np.uint16),
        apart=np.array(names["distances"]),
        moved=np.array(names["rows"], dtype=float),
        change=names["change"],
    )
    print(f"{FILE.stat().st_size / 1000:.0f} kB: {FILE}\non {machine()}")


if __name__ == "__main__":
    command(main)
