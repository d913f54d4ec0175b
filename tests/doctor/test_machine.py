"""Too little memory, no port."""

import socket

from workshop.doctor import machine


def test_too_little_memory_is_found(monkeypatch):
    monkeypatch.setattr(machine.machine, "memory", lambda: (8e9, 1e9))
    assert machine.memory().value == "8.0 GB, 1.0 GB of it free"
    assert "Close other programs" in machine.memory().remedy


def test_ports_that_are_taken_are_found(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number = taken.getsockname()[1]
        monkeypatch.setattr(machine, "PORTS", [number])
        assert machine.port().value == f"none free from {number} to {number}"
        assert "--port 9999" in machine.port().remedy
