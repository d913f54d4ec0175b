"""The machine: its system, memory and ports."""

import platform
import socket
import sys

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


def cluster() -> Finding:
    """Find out whether others on the network reach the tasks of a cluster while they run."""
    from workshop.cluster import own_network

    with own_network() as network:
        if network:
            return Finding(say("Clusters"), say("no one on your network can reach their tasks"))
    value = say("anyone on your network may reach their tasks while lessons 08 to 08c run")
    if sys.platform == "darwin":
        remedy = say(
            "They don't ask for a password. Switch the firewall on (System Settings, Network), "
            'and when it asks whether "python" may accept incoming connections, answer Deny: the '
            "lessons need none."
        )
    elif sys.platform == "win32":
        remedy = say(
            "They don't ask for a password. When Windows asks whether networks may access Python, "
            "answer Cancel: the lessons don't need that."
        )
    else:
        remedy = say(
            "They don't ask for a password. Run these lessons on a network that you trust, or "
            "with a firewall (on Ubuntu: sudo ufw enable)."
        )
    return Finding(say("Clusters"), value, remedy)
