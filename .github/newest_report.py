"""Write what newest.yml says in its issue: which tests fail, and which versions are new.

`.venv-newest/bin/python .github/newest_report.py newest.xml newest.log` prints it as Markdown,
after `python3 start.py --newest test --junitxml=newest.xml | tee newest.log`. Where the results
name no test (the installation failed, or the run ended early) it shows the last lines of the log.
"""

import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

MOST_TESTS = 40
MOST_LETTERS = 300  # of a test's message; an issue may have 65,536
LAST_LINES = 40
COMMAND = "python3 start.py --newest test"


def failures(results: Path) -> tuple[int, list[tuple[str, str]]]:
    """Read pytest's results: how many tests there were; of those that failed name and reason."""
    cases = list(ElementTree.parse(results).iter("testcase"))
    failed = []
    for case in cases:
        for problem in [*case.findall("failure"), *case.findall("error")]:
            reason = (problem.get("message") or problem.text or "").strip()
            failed.append((f"{case.get('classname')}::{case.get('name')}", reason[:MOST_LETTERS]))
    return len(cases), failed


def differences() -> Iterator[tuple[str, str, str]]:
    """Give name, version of constraints.txt and version here, where the two differ."""
    from packaging.utils import canonicalize_name

    from workshop.doctor.packages import pins

    pinned = {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin in pins(Path(__file__).parent.parent / "constraints.txt")
    }
    here = {canonicalize_name(one.name): one.version for one in metadata.distributions()}
    for name in sorted(here.keys() - {"pip", "tensorflow-workshop"}):
        if here[name] != pinned.get(name):
            yield name, pinned.get(name, "none"), here[name]


def fenced(text: str) -> str:
    """Show a text as it is: nothing in it is a link, a name to call, or Markdown."""
    return "````text\n" + text.replace("````", "'''") + "\n````"


def report(results: Path, log: Path) -> str:
    """Write the whole text."""
    parts = [
        "The tests don't pass on the newest versions that `pyproject.toml` allows. To see it: "
        f"`{COMMAND}`. Seen on Python {platform.python_version()}, {platform.platform(terse=True)}."
    ]
    count, failed = failures(results) if results.is_file() else (0, [])
    if failed:
        parts.append(f"## {len(failed)} of {count:,} tests fail")
        parts += [f"- `{test}`\n{fenced(reason)}" for test, reason in failed[:MOST_TESTS]]
        if len(failed) > MOST_TESTS:
            parts.append(f"and {len(failed) - MOST_TESTS} more")
    else:
        said = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
        last = [line[:MOST_LETTERS] for line in said.splitlines()[-LAST_LINES:]]
        parts.append("## No test is known to fail; the run ended with these lines")
        parts.append(fenced("\n".join(last)))
    try:
        rows = [f"| {name} | {old} | {new} |" for name, old, new in differences()]
    except ImportError:  # nothing was installed
        rows = []
    if rows:
        head = "| package | constraints.txt | here |\n| --- | --- | --- |\n"
        parts.append(f"## {len(rows)} versions are others than in constraints.txt")
        parts.append(head + "\n".join(rows))
    return "\n\n".join(parts)


if __name__ == "__main__":
    print(report(Path(sys.argv[1]), Path(sys.argv[2])))
