"""The whole test suite of two commits in turn: how much longer or shorter it has become.

    python benchmarks/suite.py OLD [NEW] [--repeats 1] [--pytest "-k notebooks"]

Each commit gets a clone and an environment of its own in a temporary folder (2 GB each, not
timed). Then the README's test command runs in both, as in a fresh clone, in each round in a random
order. NEW is HEAD unless named. What stands behind `--pytest` goes to pytest in both, such as
`-k notebooks` for the lessons alone. Set WORKSHOP_DATA to have the full data in both.

Prints pytest's last line and the minutes of each run, then the medians and the ratio of each pair.
Leave the machine alone meanwhile; a pair of whole suites takes about an hour on two cores.
"""

import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

from measure import REPO, command, in_turns
from typer import Argument


def prepare(commit: str, folder: Path) -> Path:
    """Clone a commit and make its environment; return its folder."""
    git = ["git", "-c", "advice.detachedHead=false"]
    subprocess.run([*git, "clone", "-q", str(REPO), str(folder)], check=True)
    subprocess.run([*git, "checkout", "-q", commit], cwd=folder, check=True)
    install = [sys.executable, "start.py", "test", "--collect-only", "-q"]
    subprocess.run(install, cwd=folder, check=True, capture_output=True)
    return folder


def minutes(folder: Path, arguments: list[str]) -> float:
    """Run the test command of a clone, print how it ended, and return what it took."""
    shutil.rmtree(folder / ".pytest_cache", ignore_errors=True)  # as in a fresh clone
    tests = [sys.executable, "start.py", "test", "-q", *arguments]
    start = time.monotonic()
    done = subprocess.run(tests, cwd=folder, check=False, capture_output=True, text=True)
    took = (time.monotonic() - start) / 60
    last = (done.stdout.strip().splitlines() or ["it printed nothing"])[-1]
    print(f"{folder.name:4} {took:6.1f} min  {last}", flush=True)
    return took


def hash_of(commit: str) -> str:
    """The full hash of what is called so in this checkout."""
    ask = ["git", "rev-parse", "--verify", f"{commit}^{{commit}}"]
    return subprocess.run(ask, cwd=REPO, check=True, capture_output=True, text=True).stdout.strip()


def main(
    old: str, new: Annotated[str, Argument()] = "HEAD", repeats: int = 1, pytest: str = ""
) -> None:
    """Print a line for each run, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        clones = [
            prepare(hash_of(commit), Path(folder) / name)
            for name, commit in (("old", old), ("new", new))
        ]
        took = in_turns(lambda clone: minutes(clone, shlex.split(pytest)), clones, repeats)
    old, new = (statistics.median(times) for times in took.values())
    ratios = [new / old for old, new in zip(*took.values(), strict=True)]
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(
        f"medians {old:.1f} and {new:.1f} min; new / old {statistics.median(ratios):.2f} ({each})"
    )


if __name__ == "__main__":
    command(main)
