"""The whole test suite of two commits in turn: how much longer or shorter it has become.

    python benchmarks/suite.py OLD [NEW] [--repeats 1] [-- PYTEST ARGUMENTS]

Each commit gets a clone and an environment of its own in a temporary folder (2 GB each, not
timed). Then the README's test command runs in both alternately, as in a fresh clone: OLD, NEW, OLD,
NEW ... NEW is HEAD unless named. What follows `--` goes to pytest in both, such as `-k notebooks`
for the lessons alone. Set WORKSHOP_DATA to have the full data in both.

Prints pytest's last line and the minutes of each run, then the medians and the ratio of each pair.
Leave the machine alone meanwhile; a pair of whole suites takes about an hour on two cores.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPO = Path(__file__).parent.parent


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
    command = [sys.executable, "start.py", "test", "-q", *arguments]
    start = time.monotonic()
    came = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    took = (time.monotonic() - start) / 60
    last = (came.stdout.strip().splitlines() or ["it printed nothing"])[-1]
    print(f"{folder.name:4} {took:6.1f} min  {last}", flush=True)
    return took


def hash_of(commit: str) -> str:
    """The full hash of what is called so in this checkout."""
    command = ["git", "rev-parse", "--verify", f"{commit}^{{commit}}"]
    return subprocess.run(command, cwd=REPO, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Print a line for each run, and the ratio."""
    here = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old")
    parser.add_argument("new", nargs="?", default="HEAD")
    parser.add_argument("--repeats", type=int, default=1)
    asked, arguments = parser.parse_args(sys.argv[1:here]), sys.argv[here + 1 :]
    took = {"old": [], "new": []}
    with tempfile.TemporaryDirectory() as temporary:
        for name in took:
            prepare(hash_of(getattr(asked, name)).strip(), Path(temporary) / name)
        for _ in range(asked.repeats):
            for name, times in took.items():
                times.append(minutes(Path(temporary) / name, arguments))
    old, new = (statistics.median(times) for times in took.values())
    ratios = [new / old for old, new in zip(took["old"], took["new"], strict=True)]
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(
        f"medians {old:.1f} and {new:.1f} min; new / old {statistics.median(ratios):.2f} ({each})"
    )


if __name__ == "__main__":
    main()
