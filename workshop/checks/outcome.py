"""What a check answers, for a notebook and for a terminal."""

import html
import re
from dataclasses import dataclass
from typing import Literal

from workshop.messages import say

Status = Literal["passed", "not yet", "not attempted", "recorded"]

# A sign and a word beside the colour, for those who can't tell the colours apart.
SIGNS: dict[Status, str] = {"passed": "✓", "not yet": "✗", "not attempted": "○", "recorded": "…"}
# The line at the left; the words, and the paper under them. No colour of words can be read on white
# and on a dark page as well, so these bring their paper with them. The words are the darker of the
# two: a printer leaves the paper out.
COLOURS: dict[Status, tuple[str, str, str]] = {
    "passed": ("#2f9e44", "#14591d", "#d9f2dc"),
    "not yet": ("#ea5a5e", "#a01212", "#fde0de"),
    "not attempted": ("#8a8a8a", "#4a4a4a", "#e6e6e6"),
    "recorded": ("#8a8a8a", "#4a4a4a", "#e6e6e6"),
}
# Two spaces in a line: its columns stand below those of the next line, or it is code.
ALIGNED = re.compile(r"^.*  .*$", re.MULTILINE)
LETTERS = "font-family: var(--jp-code-font-family, monospace); font-size: 0.93em"


@dataclass(frozen=True)
class Outcome:
    """The answer of a check.

    As the last line of a cell it shows itself: a coloured box in a notebook, plain text in a
    terminal.

    Args:
        exercise: lesson and number, such as `"2-1"`.
        status: `"passed"`, `"not yet"`, `"not attempted"`, or `"recorded"` where a class that the
            learner joined opens its verdicts together.
        message: what the learner reads; lines are kept, and columns stay below each other.

    Example:
        >>> Outcome("2-1", "not yet", "Expected rows that sum to 1, got 3.0.")
        ✗ exercise 2-1: not yet
          Expected rows that sum to 1, got 3.0.
    """

    exercise: str
    status: Status
    message: str

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.status == "passed"

    def __repr__(self) -> str:
        fields = {"sign": SIGNS[self.status], "number": self.exercise, "status": self._word()}
        head = say("{sign} exercise {number}: {status}", **fields)
        return "\n  ".join([head, *self.message.splitlines()])

    def _repr_html_(self) -> str:
        (line, ink, paper), sign = COLOURS[self.status], SIGNS[self.status]
        exercise = say("(exercise {number})", number=self.exercise)
        message = ALIGNED.sub(
            rf'<span style="{LETTERS}">\g<0></span>',
            re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(self.message)),
        )
        return (
            f'<div style="border-left: 5px solid {line}; padding: 6px 12px; '
            f'white-space: pre-wrap; overflow-wrap: anywhere">'
            f'<strong style="color: {ink}; background: {paper}; padding: 1px 6px; '
            f'border-radius: 3px">{sign} {html.escape(self._word())}</strong>'
            f"  {html.escape(exercise)}\n{message}</div>"
        )

    def _word(self) -> str:
        """Give the status as the learner reads it; `status` itself is the same in each language."""
        words = {
            "passed": say("passed"),
            "not yet": say("not yet"),
            "not attempted": say("not attempted"),
            "recorded": say("recorded"),
        }
        return words[self.status]
