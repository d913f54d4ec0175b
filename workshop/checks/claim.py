"""A claim of the learner: a sentence that has to do with the subject of its exercise."""

import re

from workshop.checks.engine import not_yet, reason

# A number, or a script other than the Latin one: a sentence that we can't look into.
ANYTHING_ELSE = r"\d|[^\x00-\u024f]"
# Beginnings of words for evidence and for what computes: in place in a claim about any subject.
ANYWHERE = (
    r"\b(accelerator|afford|algorithm|architect|arithmetic|bandwidth|baseline|bottleneck|budget"
    "|chip|cluster|comput|converge|evidence|experiment|flop|generali|hardware|host|interconnect"
    "|laptop|measur|neighbour|neighbor|node|outlier|overfit|overhead|parameter|precision|preempt"
    "|process|ram\\b|random|regulari|repeat|repetition|replica|score|straggl|synchron|throughput"
    "|trial|unseen)"
)


def claim(text: object, asked: str, about: str, *, least: int = 8) -> None:
    """Ask for a sentence in which the subject is named, in any language.

    Args:
        text: what the learner wrote.
        asked: what is to be said, a sentence that is shown with each "not yet".
        about: beginnings of words of the subject, as a regular expression, in English and in
            the languages nearby. A number does as well, and so does another script, and so does
            a word that fits every subject, such as "baseline".
        least: how many words at least.

    Raises:
        Exception: one that `exercise` turns into "not yet", where it is no text, too short, or
            about something else.

    Example:
        >>> claim("I would choose depth if it won over three seeds.", "Say why.", "depth|width")
        >>> claim("如果更深的网络三次都更好,我就会改变主意。", "Say why.", "depth|width")
    """
    reason(text, "{asked}", least=least, asked=asked)
    if not re.search(f"{about}|{ANYWHERE}|{ANYTHING_ELSE}", str(text), re.IGNORECASE):
        not_yet(
            "{asked} Got {text}: what has that to do with it?",
            **{"asked": asked, "text": f"{text!r:.80}"},
        )
