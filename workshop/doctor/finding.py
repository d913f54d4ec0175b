"""One line of the page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line of the page.

    Args:
        name: what was looked at.
        value: what is here.
        remedy: what to do about it; empty where all is well.
        fatal: whether the course cannot run like this.
    """

    name: str
    value: str
    remedy: str = ""
    fatal: bool = False
