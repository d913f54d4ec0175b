"""Settings of this machine and of other programs that reach into the course."""

import os

from workshop.doctor.finding import Finding
from workshop.messages import say


def settings() -> list[Finding]:
    """Find variables of the environment that make TensorFlow slow."""
    found = []
    if os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0":
        remedy = say("Convolutions take 2 to 3 times as long. Unset it.")
        found.append(Finding("TF_ENABLE_ONEDNN_OPTS", "0", remedy))
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        remedy = say("TensorFlow takes 2 to 3 times as long to start. Unset it.")
        found.append(Finding("PYTHONDONTWRITEBYTECODE", say("set"), remedy))
    return found
