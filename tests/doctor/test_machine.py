"""Too little memory, no port, tasks that others reach."""

import contextlib
import socket

import pytest

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


def test_tasks_that_nobody_reaches_need_no_remedy(monkeypatch):
    monkeypatch.setattr("workshop.cluster.own_network", lambda: contextlib.nullcontext(True))
    assert machine.cluster().value == "no one on your network can reach their tasks"
    assert not machine.cluster().remedy


@pytest.mark.parametrize(
    ("system", "says"),
    [
        ("darwin", "answer Deny: the lessons need none"),
        ("win32", "answer Cancel"),
        ("linux", "sudo ufw enable"),
    ],
)
def test_tasks_that_others_reach_are_told(monkeypatch, system, says):
    monkeypatch.setattr("workshop.cluster.own_network", contextlib.nullcontext)
    monkeypatch.setattr(machine.sys, "platform", system)
    assert "may reach their tasks while lessons 08 to 08c run" in machine.cluster().value
    assert says in machine.cluster().remedy
    assert "don't ask for a password" in machine.cluster().remedy
    assert not machine.cluster().fatal
