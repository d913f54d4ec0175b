"""What a learner's code raised, in words: the exception, and the line of the cell."""

import linecache
import re
import sysconfig
import traceback
from pathlib import Path
from typing import Any

from workshop.messages import say

# What TensorFlow says and nobody reads: colours of a terminal, the file that a kernel makes, and
# names of its own.
NOT_SAID = re.compile(
    r'\x1b\[[0-9;]*m|File "[^"]*ipykernel_[^"]*", (?=line)'
    r"|\{\{function_node [^}]*\}\} ?|\{\{node [^}]*\}\} ?| \[Op:\w+\]( name: *)?"
)
# Frames of a traceback in these places are not the learner's.
NOT_THEIRS = (
    str(Path(__file__).parent),
    sysconfig.get_path("stdlib"),
    sysconfig.get_path("purelib"),
    sysconfig.get_path("platlib"),
    "<frozen",
)


def explain(error: Exception, judge: Any, answers: tuple) -> str:
    """Say what the learner's code raised, and at which of its lines.

    Args:
        error: the exception.
        judge: the function of the check, whose own lines are not the learner's.
        answers: what the learner gave.

    Returns:
        A message for the outcome "not yet".
    """
    said = NOT_SAID.sub("", f"{type(error).__name__}: {str(error).strip()}")[:800]
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        code = frame.f_code
        if code is judge.__code__ or code.co_filename.startswith(NOT_THEIRS):
            continue
        if "__autograph_generated" in code.co_filename:  # the message has the learner's lines
            return say("Your code raised {error}", error=said)
        line = linecache.getline(code.co_filename, number).strip()
        return say(
            "Your code raised {error}\nat line {number} of its cell: {line}",
            **{"error": said, "number": number, "line": line},
        )
    if "Toutput_types" in said:  # what TensorFlow says of a step of `fit` that gave None
        return say("Your `train_step` gave None. Expected a dict with the loss.")
    if "inhomogeneous" in said:  # what NumPy says of it is about arrays
        return say(
            "Your code gave rows of different lengths. Expected an array, whose rows are equal."
        )
    kinds = ", ".join(type(answer).__name__ for answer in answers)
    return say("The check could not use what it got ({kinds}).\n{error}", kinds=kinds, error=said)
