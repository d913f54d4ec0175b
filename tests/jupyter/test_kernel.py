"""The kernel of the environment: its settings, and that it answers every request."""

import queue
import random
import time
from pathlib import Path

import pytest
from jupyter_client import KernelManager

from workshop.jupyter import kernel

REQUESTS = 700  # ipykernel 7.3 without workshop.jupyter.kernel stopped after 6 to 643, in 8 of 8


def test_a_gpu_has_the_same_settings_in_a_kernel_as_from_start_py():
    text = (Path(__file__).parent.parent.parent / "start.py").read_text(encoding="utf-8")
    assert f"\nCARD = {str(kernel.CARD).replace(chr(39), chr(34))}\n" in text


@pytest.fixture
def client(monkeypatch):
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_it_has_onednn_switched_on(client):
    asked = client.execute(
        "import os", user_expressions={"on": "os.environ['TF_ENABLE_ONEDNN_OPTS']"}
    )
    while (reply := client.get_shell_msg(timeout=30))["parent_header"]["msg_id"] != asked:
        pass
    assert reply["content"]["user_expressions"]["on"]["data"]["text/plain"] == "'1'"


def test_every_request_is_answered_when_others_are_on_their_way(client):
    sent, waiting = 0, set()
    while sent < REQUESTS:
        while len(waiting) < 2:
            waiting.add(client.kernel_info())
            sent += 1
        try:
            reply = client.get_shell_msg(timeout=30)
        except queue.Empty:
            raise AssertionError(f"no answer after {sent} requests") from None
        waiting.discard(reply["parent_header"]["msg_id"])
        time.sleep(random.uniform(0, 0.003))
