"""Record what lesson 08 shows in lanes: a cluster trains, a worker is killed and comes back.

`python benchmarks/lanes.py` writes the scripts of lesson 08, starts a chief, two workers and a
parameter server, kills a worker while they train, starts it again, and says what each did and how
long the others trained without it. `--keep FILE` writes what was seen as JSON, for those who have
no room for two workers:

    python benchmarks/lanes.py --keep workshop/data/recorded/files/lanes.json

Takes about a minute.
"""

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measure import command, machine

from workshop.cluster import Cluster, start_cluster
from workshop.course.cells import write_scripts
from workshop.widgets.lanes.follow import Follower, sentence_of

COMMAND = "python benchmarks/lanes.py"
TASKS = {"chief": 1, "worker": 2, "ps": 1}
LAST = "worker 1"
BEFORE_S, WITHOUT_S, AFTER_S = 3, 2, 4
PATIENCE_S = 120


def follow(follower: Follower, until: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Look at a cluster until something holds, or for so many seconds."""
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        follower.look()
        time.sleep(0.05)


def never() -> bool:
    """What nobody waits for."""
    return False


def story(cluster: Cluster) -> dict:
    """Kill the last worker of a cluster that trains, and start it again."""
    chief = cluster["chief 0"]
    starting = Follower(cluster)
    follow(starting, lambda: len(chief.results) >= 4)  # all is traced
    follower = Follower(cluster)
    follow(follower, never, BEFORE_S)
    cluster.kill(LAST)
    follow(follower, never, WITHOUT_S)
    cluster.restart(LAST)
    follow(follower, lambda: chief.results[-1]["by"][-1] > 5)
    follow(follower, never, AFTER_S)
    return follower.state()


def main(keep: Path | None = None) -> None:
    """Print what each process did, and keep the picture."""
    about = machine()
    print(about)
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder)
        write_scripts("08", runs)
        with start_cluster(runs / "servers.py", TASKS, runs / "end") as cluster:
            state = story(cluster)
    print(*map(sentence_of, state["lanes"]), sep="\n")
    cut, back = (at for lane in state["lanes"] for at, _ in lane["marks"])
    print(f"{LAST} was away for {back - cut:.1f} s")
    if keep:
        found = {"command": COMMAND, "machine": about.replace(" at start\n", ", "), **state}
        keep.write_text(json.dumps(found, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    command(main)
