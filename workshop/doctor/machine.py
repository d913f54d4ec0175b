"""The machine: its system, memory and ports."""

import platform
import socket

from workshop import machine
from workshop.doctor.finding import Finding
from workshop.messages import say

PORTS = range(8888, 8939)  # JupyterLab's first, and those that it tries next
MEMORY_GB = 2
GB = 1e9


def system() -> Finding:
    """Name the operating system and count the cores this program may use."""
    value = say(
        "{system}, {machine}, CPU cores: {cores}",
        **{"system": platform.platform(terse=True), "machine": platform.machine()},
        cores=machine.cores(),
    )
    return Finding(say("System"), value)


def memory() -> Finding:
    """Measure the memory: the machine's, or less where a container has a limit."""
    total, free = machine.memory()
    value = say(
        "{total:.1f} GB, {free:.1f} GB of it free", **{"total": total / GB, "free": free / GB}
    )
    if free >= MEMORY_GB * GB:
        return Finding(say("Memory"), value)
    remedy = say("A lesson takes up to 1.5 GB. Close other programs and notebooks you don't need.")
    return Finding(say("Memory"), value, remedy)


def port() -> Finding:
    """Look for a port that JupyterLab can listen on."""
    for number in PORTS:
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", number))
            except OSError:
                continue
            return Finding(say("Port"), say("{port} is free for JupyterLab", port=number))
    value = say("none free from {first} to {last}", first=PORTS[0], last=PORTS[-1])
    remedy = say("Close other JupyterLabs, or choose one: workshop lab --port 9999")
    return Finding(say("Port"), value, remedy)
