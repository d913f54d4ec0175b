"""Sees whether a check takes a solution: looks for its file, compiles its text, passes it on."""

import ast
import contextlib
import os
from collections.abc import Iterator
from pathlib import PurePath

from strength.learner import DECOY

FILES = {"open", "os.listdir", "os.scandir"}
TEXTS = {"compile", "subprocess.Popen"}


class Spy:
    """Listens to Python's audit events; hooked in for as long as the process lives.

    Attributes:
        seen: what the last check did with a solution, in words.
    """

    def __init__(self):
        """Hook in; nothing is watched for yet."""
        import sys

        self.seen, self._texts = [], []
        sys.addaudithook(self._hear)

    @contextlib.contextmanager
    def watching(self, solution: str) -> Iterator[None]:
        """Watch for a solution, or for nothing where its text is ""."""
        self.seen, texts = [], []
        if solution:
            texts = [squeezed(text) for text in (solution, plain(ast.parse(solution)), DECOY)]
        self._texts = texts
        try:
            yield
        finally:
            self._texts = []

    def _hear(self, event: str, given: tuple) -> None:
        if not self._texts:
            return
        if event in FILES and isinstance(given[0], str | bytes | os.PathLike):
            path = os.fsdecode(given[0])
            if "solutions" in PurePath(path).parts[-2:]:
                self.seen.append(f"{event}: {path}")
        elif event in TEXTS:
            text = squeezed(given[:2])
            if any(one in text for one in self._texts):
                self.seen.append(f"{event}: the solution's text")


def squeezed(text: object) -> str:
    """Give a text, or that of bytes, a syntax tree or a list, without white space."""
    if isinstance(text, tuple | list):
        return "".join(map(squeezed, text))
    if isinstance(text, ast.AST):
        text = plain(text)
    elif isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return "".join(str(text).split())


def plain(tree: ast.AST) -> str:
    """Write a syntax tree as text; one that can't be written is no solution."""
    try:
        return ast.unparse(tree)
    except Exception:  # noqa: BLE001 - it runs inside the check's own calls
        return ""
