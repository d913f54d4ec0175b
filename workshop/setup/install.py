"""Installing with pip: patiently, from a stick where there is one, in words where it fails."""

import re
from collections.abc import Callable
from pathlib import Path

from workshop.messages import say
from workshop.setup import reasons

# Both a pip that does not know one of them and the pip that it starts for hatchling take these.
# In rooms with poor Wi-Fi nothing may arrive for longer than pip's 15 seconds.
PATIENCE = {"timeout": "60", "retries": "6", "resume-retries": "20"}
RESUMES = (25, 2)  # older pips lose a file when its connection breaks, and don't try again
ROUNDS = 3  # times that pip is started where connections break


class Pip:
    """The pip of an environment.

    Args:
        python: of the environment.
        log: the file for all that pip says.
        run: runs a command, with variables, and gives its exit status.
        output: gives what a command prints, or None where it fails.
    """

    def __init__(self, python: str, log: Path, *, run: Callable, output: Callable):
        """Ask pip what the user has told it: that stays as it is."""
        self.command = [python, "-m", "pip"]
        self.run, self.output = run, output
        own = output([*self.command, "config", "list"]) or ""
        theirs = re.search(r"\.log='(.+)'", own)
        self.log = Path(theirs[1]) if theirs else log
        self.variables = {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        for name, value in PATIENCE.items():
            if not re.search(rf"\.(default-)?{name}=", own):
                self.variables["PIP_" + name.replace("-", "_").upper()] = value

    def do(self, *words: str) -> reasons.Reason | None:
        """Run a command of pip, while the terminal shows its progress.

        Returns:
            Why it failed, or None.
        """
        seen = self.log.stat().st_size if self.log.exists() else 0
        status = self.run(
            [*self.command, words[0], "--log", str(self.log), *words[1:]], **self.variables
        )
        if not status:
            return None
        try:
            text = self.log.read_bytes()[seen:].decode("utf-8", "replace")
        except OSError:
            text = ""
        return reasons.reason(text, status)

    def resumes(self) -> bool:
        """Find out whether this pip goes on with a file whose connection broke."""
        version = re.match(r"pip (\d+)\.(\d+)", self.output([*self.command, "--version"]) or "")
        return not version or tuple(map(int, version.groups())) >= RESUMES

    def keeps(self) -> bool:
        """Find out whether files that arrived whole are kept for the next time."""
        return bool(self.output([*self.command, "cache", "dir"]))


def install(pip: Pip, options: list[str], wheels: Path | None) -> str:
    """Install the course, from a folder of wheels alone if that has all of it.

    Args:
        pip: of the environment.
        options: what to install, for pip.
        wheels: that folder, or None.

    Returns:
        Words that say why it was not installed; empty where it was.
    """
    if wheels:
        print(
            say("Everything is taken from {folder}, without the network.", folder=wheels),
            flush=True,
        )
        failed = pip.do("install", "--no-index", "--find-links", str(wheels), *options)
        if not failed or not failed.lacking:
            return _in_words(pip, failed)
        print(
            say(
                "\n{folder} does not have everything for this machine: what is missing comes from "
                "the network.",
                folder=wheels,
            ),
            flush=True,
        )
        options = ["--find-links", str(wheels), *options]
    if not pip.resumes():
        # It fetches 2 MB, and then the 300 MB of TensorFlow go on where a connection broke.
        failed = pip.do("install", "--upgrade", "pip>={}.{}".format(*RESUMES))
        if failed and not failed.lacking:
            return _in_words(pip, failed)
    failed = None
    for turn in range(ROUNDS):
        if turn:
            print(
                say(
                    "\nThe connection broke. Once more ({turn} of {turns}):",
                    **{"turn": turn + 1, "turns": ROUNDS},
                ),
                flush=True,
            )
        failed = pip.do("install", *options)
        if not failed or not failed.broken:
            break
    return _in_words(pip, failed)


def _in_words(pip: Pip, failed: reasons.Reason | None) -> str:
    if not failed:
        return ""
    if pip.keeps():
        kept = say(
            "Then start again: files that had arrived whole are in pip's cache, and only the "
            "others are fetched."
        )
    else:
        kept = say("Then start again, from the beginning: pip's cache is switched off.")
    return say(
        "\nThe course is not installed. {why}\n{kept}", **{"why": failed.words, "kept": kept}
    )
